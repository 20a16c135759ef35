"""A budget as stated: what may be spent on which lever, in money over the horizon at prices of today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from crcsim.compile.responses import schedule
from crcsim.decisions.allocation import Box, Limit
from crcsim.errors import ArgumentError, no_such
from crcsim.kernels.arrays import Floats
from crcsim.scenario.scenario import Scenario

__all__ = ["Budget", "box_of", "money", "stated_spends"]

#: Sums of bounds may be above the budget by rounding.
_ROUNDING = 1e-12


def money(amount: float, currency: str) -> str:
    """An amount for a message, such as `1.5 M EUR`."""
    for factor, scale in ((1e9, "bn "), (1e6, "M "), (1e3, "k ")):
        if abs(amount) >= factor:
            return f"{amount / factor:.6g} {scale}{currency}"
    return f"{amount:.6g} {currency}"


@dataclass(frozen=True)
class Budget:
    """What may be spent over the horizon, in the currency of the scenario at prices of the valuation date.

    `most` and `least` bound single levers (0 and the budget unless stated), `together` groups of levers by
    their names with commas between; `whole` levers are bought as stated programmes, once, twice, ...
    """

    amount: float
    most: Mapping[str, float] = field(default_factory=dict)
    least: Mapping[str, float] = field(default_factory=dict)
    together: Mapping[str, float] = field(default_factory=dict)
    whole: tuple[str, ...] = ()

    def options(self) -> dict[str, Any]:
        """The budget as arguments that a decision depends on."""
        return {
            name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()
        }


def stated_spends(scenario: Scenario, levers: Sequence[str]) -> Floats:
    """What the stated programme of every lever costs over the horizon, [lever].

    Raises ArgumentError for a programme that costs nothing.
    """
    stated = {lever.name: lever for lever in scenario.levers}
    found = np.array([float(schedule(stated[name].spend, scenario.time).sum()) for name in levers])
    for name, spend in zip(levers, found, strict=True):
        if spend <= 0.0:
            raise ArgumentError(f"the programme of {name} costs nothing within the horizon")
    return found


def box_of(budget: Budget, levers: Sequence[str], stated: Floats, currency: str) -> Box:
    """The bounds of a search; raises ArgumentError for names that are none and bounds that leave no plan.

    The least of a lever that is bought whole is that of its programmes.
    """
    if not budget.amount > 0.0:
        raise ArgumentError(f"a budget must be above 0, not {money(budget.amount, currency)}")
    groups = {
        text: tuple(dict.fromkeys(part.strip() for part in text.split(","))) for text in budget.together
    }
    named = [
        *budget.most,
        *budget.least,
        *budget.whole,
        *(name for group in groups.values() for name in group),
    ]
    for name in named:
        if name not in levers:
            raise no_such("lever", name, levers)
    upper = np.array([min(budget.most.get(name, budget.amount), budget.amount) for name in levers])
    lower = np.array([budget.least.get(name, 0.0) for name in levers])
    unit = np.where([name in budget.whole for name in levers], stated, 0.0)
    for place, name in enumerate(levers):
        low, high, whole = lower[place], upper[place], unit[place]
        if not 0.0 <= low <= high:
            raise ArgumentError(
                f"the bounds of {name} leave nothing: at least {money(low, currency)}, "
                f"at most {money(high, currency)}"
            )
        if whole > 0.0:
            lower[place] = np.ceil(low / whole - 1e-9) * whole
        if lower[place] > high * (1.0 + 1e-9):
            raise ArgumentError(
                f"{name} is bought as whole programmes of {money(whole, currency)}: none is at least "
                f"{money(low, currency)} and at most {money(high, currency)}"
            )
    if lower.sum() > budget.amount * (1.0 + _ROUNDING):
        raise ArgumentError(
            f"the least spends add up to {money(lower.sum(), currency)}, more than the budget of "
            f"{money(budget.amount, currency)}"
        )
    limits = tuple(
        Limit(text, tuple(levers.index(name) for name in group), budget.together[text])
        for text, group in groups.items()
    )
    for limit in limits:
        least = float(lower[list(limit.members)].sum())
        if least > limit.most * (1.0 + _ROUNDING):
            raise ArgumentError(
                f"the least spends on {limit.name} add up to {money(least, currency)}, more than their "
                f"limit of {money(limit.most, currency)}"
            )
    return Box(lower, upper, budget.amount, limits, unit)
