"""What a comparison says, in sentences."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from crcsim.decisions.compare import SIDES
from crcsim.report.compare.comparison import Comparison
from crcsim.report.numbers import MoneyScale, money_scale, number, probability
from crcsim.report.tables import DISCOUNTINGS

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["dominance", "headline", "pairing", "sentences", "total_scale"]

_CERTAIN = 1.959963984540054  # standard errors from which a difference counts as established (95 %)


def sentences(comparison: Comparison) -> tuple[str, ...]:
    """The finding first, then how sure it is, how it is spread, and what dominates."""
    same = float(comparison.found["equally_worth"].sel(item="total")) == 1.0
    spread = (_spread(comparison),) if comparison.paired and not same else ()
    return (
        headline(comparison),
        pairing(comparison),
        *spread,
        dominance(comparison),
        *_untouched(comparison),
    )


def total_scale(found: xr.Dataset) -> MoneyScale:
    """The unit of money in which both totals are shown."""
    values = found["value_mean"].sel(item="total").values
    return money_scale(float(np.nanmax(np.abs(values))), str(found.attrs["currency"]))


def headline(comparison: Comparison) -> str:
    """Which of the two is worth more, by how much, and whether that is established."""
    found = comparison.found
    total = found.sel(item="total")
    value, error = _pair(total, "value_mean_difference")
    at = DISCOUNTINGS[found.attrs["discounting"]]
    if value == 0.0 and not error > 0.0:
        return f"{_both(comparison)} are worth the same at {at}."
    scale = money_scale(max(abs(value), error if math.isfinite(error) else 0.0), str(found.attrs["currency"]))
    amount = f"{scale.with_error(abs(value), error)} {scale.unit}"
    if not abs(value) > _CERTAIN * error:
        signed = f"{scale.with_error(value, error)} {scale.unit}"
        return f"No difference in value is established: {comparison.apart} is {signed} at {at}."
    first, second = comparison.words
    return f"{_begun(second)} is worth {amount} {'more' if value > 0 else 'less'} than {first} at {at}."


def _begun(words: str) -> str:
    """What a side is called at the head of a sentence; the name of a strategy stays as it is."""
    return f"The{words[3:]}" if words in ("the first", "the second") else words


def _both(comparison: Comparison) -> str:
    return " and ".join(comparison.labels) if comparison.one_result else "The two"


def _untouched(comparison: Comparison) -> tuple[str, ...]:
    """Which customers nothing changes; nothing to say where that holds for all or none."""
    names = comparison.untouched()
    count = int((comparison.found["kind"] == "customer").sum())
    if not names or len(names) == count:
        return ()
    listed = ", ".join(names[:_MOST_NAMES])
    if len(names) > _MOST_NAMES:
        listed += f" and {len(names) - _MOST_NAMES} more"
    return (f"Untouched, with the same value on every path and so left out of tables: {listed}.",)


_MOST_NAMES = 12


def pairing(comparison: Comparison) -> str:
    """Whether paths were paired, and what that brought or why they were not."""
    found = comparison.found
    if not comparison.paired:
        return (
            f"Unpaired: {found.attrs['unpaired_reason']}. Standard errors are those of independent samples, "
            "and nothing is said path by path. Run both with the same seed and number of paths for more."
        )
    text = f"Paired: the same {found.attrs['first_paths']:,} futures on both sides."
    factor = float(found["variance_reduction"].sel(item="total"))
    if math.isinf(factor):
        return f"{text} The difference is the same on all of them."
    if not math.isfinite(factor):
        return text
    times = f"{factor:,.0f}" if factor >= 10.0 else f"{factor:.1f}"
    together, apart = (float(found[f"{name}_sd"].sel(item="total")) for name in ("difference", "independent"))
    scale = money_scale(apart, str(found.attrs["currency"]))
    spread = f"{number(together / scale.factor)} {scale.unit} instead of {number(apart / scale.factor)}"
    return (
        f"{text} The difference has a standard deviation of {spread} with independent draws: "
        f"worth {times} times as many paths."
    )


def _spread(comparison: Comparison) -> str:
    """How often the second is worth more, and between which differences nine paths in ten lie."""
    total = comparison.found.sel(item="total")
    paths = int(comparison.found.attrs["first_paths"])
    percentiles = [_pair(total.sel(quantile=level), "difference_percentile") for level in (0.05, 0.95)]
    largest = max(abs(value) for value, _ in percentiles)
    scale = money_scale(largest, str(comparison.found.attrs["currency"]))
    low, high = (scale.text(*pair) for pair in percentiles)
    equal = float(total["equally_worth"])
    same = f", the same on {_in_words(equal, paths)}" if equal > 0.0 else ""
    more = _in_words(float(total["second_worth_more"]), paths)
    return (
        f"At the risk-free rate {comparison.words[1]} is worth more on {more} of the paths{same}; "
        f"nine differences in ten lie between {low} and {high} {scale.unit}."
    )


def _in_words(share: float, paths: int) -> str:
    return probability(share, paths).replace("<", "less than ").replace(">", "more than ")


_PREFERRED = {
    "first_order_dominance": "whoever prefers more to less prefers it",
    "second_order_dominance": "whoever also dislikes risk prefers it",
}


def dominance(comparison: Comparison) -> str:
    """Which of the two dominates stochastically, or why neither is said to."""
    total, words = comparison.found.sel(item="total"), dict(zip(SIDES, comparison.words, strict=True))
    orders = {name: str(total[name].values) for name in _PREFERRED}
    for (name, decided), order in zip(orders.items(), ("first", "second"), strict=True):
        if decided in words:
            who = _begun(words[decided])
            return f"{who} dominates stochastically in the {order} order: {_PREFERRED[name]}."
    first, second = orders.values()
    if first == second == "equal":
        return "The two distributions do not differ beyond the tolerance of the test."
    if second == "neither":
        return "Neither dominates stochastically: which is better depends on the attitude to risk."
    said = {
        "neither": "neither dominates",
        "equal": "no difference beyond the tolerance",
        "undecided": "undecided, the sampling error leaves it open",
    }
    return f"Stochastic dominance: first order {said[first]}; second order {said[second]}."


def _pair(item: xr.Dataset, name: str) -> tuple[float, float]:
    return float(item[name]), float(item[f"{name}_standard_error"])
