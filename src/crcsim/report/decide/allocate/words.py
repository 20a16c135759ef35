"""Words that the sentence and the tables of `decide allocate` share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from crcsim.report.numbers import MoneyScale, fixed, money_scale

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["amount", "beside", "listed", "spent", "wanted"]

_OBJECTIVES = {
    "mean": "the mean NPV",
    "mean-cvar": "the mean NPV less {weight:g} times CVaR",
    "cvar": "the mean of the worst 5% of the paths with a mean NPV of at least {floor}",
}


def wanted(found: xr.Dataset) -> str:
    """What was maximised."""
    floor = float(found.attrs.get("floor", 0.0))
    scale = money_scale(floor, str(found.attrs["currency"]))
    return _OBJECTIVES[str(found.attrs["objective"])].format(
        weight=float(found.attrs["risk_weight"]), floor=f"{scale.text(floor, 0.0)} {scale.unit}"
    )


def beside(found: xr.Dataset) -> str:
    """The strategy beside which the budget is spent; empty for the baseline."""
    plan = str(found.attrs["strategy"])
    return f"beside strategy {plan}" if plan != "baseline" else ""


def amount(money: MoneyScale, value: float) -> str:
    """A spend in the unit of the budget."""
    return fixed(value / money.factor, 2)


def listed(names: Sequence[str]) -> str:
    """a, b and c."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def spent(found: xr.Dataset, spends: xr.DataArray, money: MoneyScale) -> list[str]:
    """What every lever gets, the most first; levers that get nothing are left out."""
    order = np.argsort(-spends.values, kind="stable")
    return [
        f"{amount(money, float(spends.values[place]))} {money.unit} to {found['lever'].values[place]}"
        for place in order
        if float(spends.values[place]) > 1e-3 * float(found.attrs["budget"])
    ]
