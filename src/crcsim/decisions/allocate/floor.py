"""Searches under a floor of the mean: from a start that cannot reach it, by way of the highest mean."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from crcsim.decisions.allocate.budget import money
from crcsim.decisions.allocation import Box, Evaluate, Found, Objective, search
from crcsim.errors import InfeasibleError
from crcsim.kernels.arrays import Floats

__all__ = ["searches"]


def searches(
    evaluate: Evaluate, box: Box, objective: Objective, starts: Sequence[Floats], currency: str
) -> list[Found]:
    """The ends of the searches from these starts, each with a plan that keeps the floor.

    Raises InfeasibleError where not even the plan with the highest mean reaches the floor.
    """

    @cache
    def richest() -> Found:
        ends = [search(evaluate, box, Objective("mean", level=objective.level), start) for start in starts]
        found = max(ends, key=lambda each: each.value)
        if found.value < objective.floor:
            raise InfeasibleError(
                f"no plan within the budget and its limits has a mean NPV of "
                f"{money(objective.floor, currency)}: the highest found on the paths of the search is "
                f"{money(found.value, currency)}"
            )
        return found

    def end(start: Floats) -> Found:
        try:
            found = search(evaluate, box, objective, start)
        except InfeasibleError:
            found = None
        if found is None or not np.isfinite(found.objective):
            return search(evaluate, box, objective, richest().spend)
        return found

    return [end(start) for start in starts]
