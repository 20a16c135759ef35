"""The two sides of a comparison: whether they may be compared at all, and whether path by path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from crcsim.errors import ComparisonError
from crcsim.measures.values import Floats, path_values

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Item", "chosen_strategies", "common_discounting", "items_of", "unpaired_reason"]

#: What must agree for the same draws to mean the same events, and its name for people.
_SAME_DRAWS = {
    "seed": "seeds",
    "stream_version": "versions of the random streams",
    "periods_per_year": "periods per year",
}


@dataclass(frozen=True)
class Item:
    """A customer, a level or the total: values [path] on either side, None where the side lacks it."""

    name: str
    kind: str
    first: Floats | None
    second: Floats | None

    @property
    def presence(self) -> str:
        """`both`, `first` or `second`."""
        if self.first is None:
            return "second"
        return "both" if self.second is not None else "first"


def chosen_strategies(
    first: xr.Dataset, second: xr.Dataset | None, wanted: tuple[str, str] | None
) -> tuple[xr.Dataset, xr.Dataset]:
    """The two sides as results of one strategy each.

    `second` None compares strategies of one result. Raises ComparisonError for a strategy that a result does
    not have, and when there is nothing to choose from.
    """
    right = first if second is None else second
    if wanted is None:
        names = [str(name) for name in first["strategy"].values]
        if second is not None:
            wanted = (names[0], str(right["strategy"].values[0]))
        elif len(names) == 2:
            wanted = (names[0], names[1])
        elif len(names) < 2:
            raise ComparisonError(
                f"The result holds one strategy only ({names[0]}): name a second result to compare with."
            )
        else:
            raise ComparisonError(f"Name two of the strategies: {', '.join(names)}.")
    return _one_strategy(first, wanted[0]), _one_strategy(right, wanted[1])


def _one_strategy(result: xr.Dataset, name: str) -> xr.Dataset:
    names = [str(label) for label in result["strategy"].values]
    if name not in names:
        raise ComparisonError(f"No strategy {name} in the result; known: {', '.join(names)}.")
    return result.isel(strategy=[names.index(name)])


def common_discounting(first: xr.Dataset, second: xr.Dataset, wanted: str | None) -> str:
    """The discounting of the values: `wanted`, else the headline of both results.

    Raises ComparisonError, with everything that stands against a comparison at once, when currency, valuation
    date or headline differ: a difference of such values would mean nothing.
    """
    problems = [
        *_differing(first, second, "currency", "Currencies", "Convert one scenario, and run it again")
    ]
    problems += _differing(
        first, second, "valuation_date", "Valuation dates", "State the same date in both, and run again"
    )
    if wanted is None:
        cure = "Choose one of wacc, risk_free and deflator for both (--discounting)"
        problems += _differing(first, second, "headline", "Discountings of the headline", cure)
    else:
        for side, result in (("first", first), ("second", second)):
            known = [str(name) for name in result["discounting"].values]
            if wanted not in known:
                problems.append(f"No discounting {wanted} in the {side} result; known: {', '.join(known)}.")
    if problems:
        raise ComparisonError(" ".join(problems))
    return wanted or str(first.attrs["headline"])


def _differing(first: xr.Dataset, second: xr.Dataset, name: str, words: str, cure: str) -> Iterator[str]:
    one, two = (str(result.attrs.get(name, "not stated")) for result in (first, second))
    if one != two:
        yield f"{words} differ ({one} and {two}). {cure}."


def unpaired_reason(first: xr.Dataset, second: xr.Dataset) -> str:
    """Why the paths of two results do not belong together; empty when they do.

    They do when seed, stream version, periods per year and the paths themselves agree: then path n of both is
    the same future under two plans.
    """
    reasons = []
    for name, words in _SAME_DRAWS.items():
        one, two = (result.attrs.get(name) for result in (first, second))
        if one is None or two is None:
            reasons.append(f"not both results state their {words}")
        elif str(one) != str(two):
            reasons.append(f"their {words} differ ({one} and {two})")
    one, two = first.sizes["path"], second.sizes["path"]
    if one != two:
        reasons.append(f"their numbers of paths differ ({one:,} and {two:,})")
    elif not np.array_equal(first["path"].values, second["path"].values):
        reasons.append("the numbers of their paths differ")
    return "; ".join(reasons)


def items_of(first: xr.Dataset, second: xr.Dataset, discounting: str) -> list[Item]:
    """Customers, levels and the total of two results of one strategy: those of the first, then those added.

    Raises NumericError when a value is not finite, CrcsimError when a name stands for two things.
    """
    found = [path_values(result, discounting) for result in (first, second)]
    rows = [
        {(kind, name): row for kind, name, row in zip(each.kinds, each.names, each.rows(0), strict=True)}
        for each in found
    ]
    keys = sorted({**rows[0], **rows[1]}, key=lambda key: ("customer", "level", "total").index(key[0]))
    return [Item(name, kind, rows[0].get((kind, name)), rows[1].get((kind, name))) for kind, name in keys]
