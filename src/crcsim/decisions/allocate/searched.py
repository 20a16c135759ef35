"""What a search found, and the plans that are judged beside the best one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from crcsim.decisions import differences
from crcsim.decisions.allocate.plans import Plans
from crcsim.decisions.allocation import Box, Found, Objective, Problem, solve, starts, surroundings
from crcsim.decisions.allocation.search import reached
from crcsim.decisions.differences import Estimate
from crcsim.errors import InfeasibleError
from crcsim.kernels.arrays import Floats

__all__ = ["NEXT", "Searched", "estimate", "frontier", "nearby", "plans_beside"]

#: Plans of the efficient frontier.
POINTS = 6

#: Part of the budget over which its shadow price is taken.
NEXT = 0.05


@dataclass(frozen=True)
class Searched:
    """A problem and the ends of the searches, one for every start.

    `most` [lever]: upper bounds as stated, infinite where none is; those of `box` end at the budget.
    """

    levers: list[str]
    stated: Floats
    box: Box
    most: Floats
    objective: Objective
    plans: Plans
    ends: list[Found]

    @property
    def best(self) -> Found:
        """The end with the highest objective."""
        return max(self.ends, key=lambda each: each.objective)

    @cached_property
    def around(self) -> Problem:
        """What every lever brings around the best plan, as far as a slightly larger budget goes."""
        upper = np.minimum(self.most, (1.0 + NEXT) * self.box.budget)
        return surroundings(self.plans.evaluate, replace(self.box, upper=upper), self.best)

    def allowed(self, spends: Floats) -> NDArray[np.bool_]:
        """Whether plans [plan, lever] keep the lower bounds, and the floor on the paths of the search."""
        kept = np.asarray((spends >= self.box.lower * (1.0 - 1e-9)).all(axis=1), dtype=np.bool_)
        if self.objective.kind != "cvar" or not np.isfinite(self.objective.floor):
            return kept
        values, risks = self.plans.evaluate(spends)
        floor = [
            np.isfinite(reached(self.objective, float(value), risk))
            for value, risk in zip(values, risks, strict=True)
        ]
        return np.asarray(kept & np.array(floor), dtype=np.bool_)


def estimate(objective: Objective, value: Floats, risk: Floats) -> Estimate:
    """The objective on paths, with its influences."""
    if objective.kind == "mean":
        return differences.mean(value)
    tail = differences.cvar(risk)
    if objective.kind == "cvar":
        return tail
    mean = differences.mean(risk)
    return mean[0] + objective.weight * tail[0], mean[1] + objective.weight * tail[1]


def plans_beside(searched: Searched) -> dict[str, Floats]:
    """The best plan, nothing at all, and other plain plans within the limits."""
    low, even, *alone = starts(searched.box, 2 + len(searched.levers))
    return {
        "best": searched.best.spend,
        "nothing": np.zeros(len(searched.levers)),
        **({"least allowed": low} if low.any() else {}),
        "even split": even,
        **{f"all on {name}": plan for name, plan in zip(searched.levers, alone, strict=True)},
    }


def frontier(problem: Problem, level: float) -> Floats:
    """Plans [point, lever] with the best tails at growing floors of the mean value."""
    safest = solve(problem, Objective("cvar", level=level))
    richest = solve(problem, Objective("mean", level=level))
    found = [safest.spend]
    for floor in np.linspace(safest.value, richest.value, POINTS)[1:-1]:
        try:
            found.append(solve(problem, Objective("cvar", floor=float(floor), level=level)).spend)
        except InfeasibleError:  # the floor is met by rounding only
            continue
    return np.array([*found, richest.spend])


def nearby(searched: Searched) -> tuple[Floats, float]:
    """The best plans [below, above; lever] with a twentieth of the budget less and more, and the money
    between them; the lower is at the budget itself where no plan meets the limits with less.
    """
    around, objective = searched.around, searched.objective
    budget = around.budget

    def at(factor: float) -> Floats:
        return solve(replace(around, budget=budget * factor), objective).spend

    least = sum(float(row[0]) for row in around.spend)
    if least <= budget * (1.0 - NEXT):
        try:
            return np.array([at(1.0 - NEXT), at(1.0 + NEXT)]), 2.0 * NEXT * budget
        except InfeasibleError:  # the floor is out of reach with less
            pass
    return np.array([at(1.0), at(1.0 + NEXT)]), NEXT * budget
