"""Lever by lever in one table what several answers say: the next unit, the budget, the best start."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from crcsim.report.decide.answer import Answer, estimate
from crcsim.report.numbers import MoneyScale, fixed, money_scale
from crcsim.report.table import Table
from crcsim.results.strategies import BASELINE

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["overview"]

_PLAIN = MoneyScale(1.0, "")


@dataclass(frozen=True)
class _Columns:
    """What one answer says of each lever: headings, cells of a lever, and what they mean."""

    headings: tuple[str, ...]
    cells: Callable[[xr.Dataset], tuple[str, ...]]
    note: str


def overview(answers: Iterable[Answer]) -> Table | None:
    """A row for each lever, the best next unit first; columns for each answer that there is.

    Of each verb the first answer beside the baseline; None unless two of them speak of levers, because one
    has a table of its own.
    """
    found: dict[str, xr.Dataset] = {}
    for answer in answers:
        verb = str(answer.found.attrs["decision"])
        if verb in _ABOUT_LEVERS and answer.found.attrs.get("strategy", BASELINE) == BASELINE:
            found.setdefault(verb, answer.found)
    if len(found) < 2:
        return None
    made = {verb: _ABOUT_LEVERS[verb](each) for verb, each in found.items()}
    rows = []
    for name in _levers(found):
        cells = [name]
        for verb, columns in made.items():
            known = name in found[verb]["lever"].values
            cells += columns.cells(found[verb].sel(lever=name)) if known else [""] * len(columns.headings)
        rows.append(tuple(cells))
    headings = ("Lever", *(heading for columns in made.values() for heading in columns.headings))
    notes = tuple(columns.note for columns in made.values())
    return Table("Levers", headings, "l" * len(headings), tuple(rows), notes)


def _levers(found: dict[str, xr.Dataset]) -> list[str]:
    """All levers, by the value of the next unit, or in the order in which they are met."""
    met = list(dict.fromkeys(str(name) for each in found.values() for name in each["lever"].values))
    if "marginal" not in found:
        return met
    marginal = found["marginal"]["marginal"]
    known = {str(name): float(marginal.sel(lever=name)) for name in marginal["lever"].values}
    return sorted(met, key=lambda name: -known.get(name, -np.inf))


def _marginal(found: xr.Dataset) -> _Columns:
    currency, first = str(found.attrs["currency"]), str(found.attrs["first"])
    sure = bool(found.attrs["first_distinguishable"])

    def cells(one: xr.Dataset) -> tuple[str, ...]:
        name, value = str(one["lever"].values), estimate(one, "marginal")
        if bool(one["sign_established"]) and value[0] < 0.0:
            place = "loses money"
        elif name == first:
            place = "first" if sure else "not distinguishable"
        else:
            place = "behind" if bool(one["behind_established"]) else "not distinguishable"
        return str(one["side"].values), _PLAIN.with_error(*value), place

    note = f"Next {currency}: what it adds to the value beyond itself, ± one standard error; at 95% of all."
    return _Columns(("Side", f"Next {currency} brings", "Surely"), cells, note)


def _allocate(found: xr.Dataset) -> _Columns:
    money = money_scale(float(found.attrs["budget"]), str(found.attrs["currency"]))

    def cells(one: xr.Dataset) -> tuple[str, ...]:
        spend, low, high = (float(one[name]) / money.factor for name in ("spend", "spend_low", "spend_high"))
        reach = f" ({fixed(low, 2)} to {fixed(high, 2)})" if np.isfinite(low) else ""
        return (f"{fixed(spend, 2)}{reach}",)

    budget = f"{fixed(float(found.attrs['budget']) / money.factor, 2)} {money.unit}"
    return _Columns((f"Of {budget}",), cells, "Of the budget: the best plan (spends that are as good).")


def _timing(found: xr.Dataset) -> _Columns:
    scale = money_scale(float(np.nanmax(np.abs(found["value"].values))), str(found.attrs["currency"]))

    def cells(one: xr.Dataset) -> tuple[str, ...]:
        value = scale.with_error(*estimate(one.sel(start=str(one["best"].values)), "value"))
        if not bool(one["pays_established"]):
            return "does not surely pay", value
        sure = "" if bool(one["best_established"]) else ", not surely"
        return f"{one['best'].values}{sure}", value

    note = "Best start: ahead of all other dates and triggers of the lever at 95%, unless said; NPV then."
    return _Columns(("Best start", f"Worth then ({scale.unit})"), cells, note)


#: Answers that speak of levers, in the order of their columns.
_ABOUT_LEVERS: dict[str, Callable[[xr.Dataset], _Columns]] = {
    "marginal": _marginal,
    "allocate": _allocate,
    "timing": _timing,
}
