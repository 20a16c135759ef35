"""Segments and the company, where they carry costs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crcsim.compile.costs.parts import CustomerCosts
from crcsim.compile.executives import level_costs
from crcsim.compile.levers import lever_level
from crcsim.scenario.costs import LevelCost
from crcsim.scenario.scenario import Scenario

__all__ = ["level_names", "level_of"]


def level_of(cost: LevelCost) -> str:
    """'company' or 'segment:<name>'."""
    return cost.level if cost.segment is None else f"segment:{cost.segment}"


def level_names(scenario: Scenario, costs: Sequence[CustomerCosts]) -> list[str]:
    """Names of the levels that carry costs, spend on levers included; the company has those that outlast a
    customer too.
    """
    staying = any(np.isinf(years) for each in costs for _, years in each.notices)
    spending = {level for lever in scenario.levers if (level := lever_level(lever)) is not None}
    stated = {level_of(cost) for cost in level_costs(scenario)}
    return sorted(stated | spending | ({"company"} if staying else set()))
