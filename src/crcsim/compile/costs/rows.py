"""Rows of the cost tables."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crcsim.compile.costs.parts import CustomerCosts
from crcsim.compile.values import Floats, Values
from crcsim.scenario.scenario import Scenario

__all__ = ["cost_rows", "stacked"]


def cost_rows(
    scenario: Scenario, costs: Sequence[CustomerCosts], values: Values, central: Values
) -> dict[str, list[Floats]]:
    """Rows of the cost tables by `table.row`, one array [1 or path] per member. What of a saving is not paid
    stands at `central` values, as the shares of the items do to which it goes.
    """
    step = 1.0 / scenario.time.periods_per_year
    rows: dict[str, list[Floats]] = {
        name: []
        for name in (
            "lines.volume_cost",
            "lines.noncash",
            "lines.process_cost",
            "lines.process_unpaid",
            "lines.variable_unpaid",
            "charges.amount",
            "reserves.rate",
            "ratios.ratio",
            "notices.full",
            "notices.noncash",
            "notices.saved",
            "notices.saved_noncash",
        )
    }
    for each in costs:
        for line in each.lines:
            rows["lines.volume_cost"].append(line.total(values, line.other, "full"))
            rows["lines.noncash"].append(line.total(values, (*line.variable, *line.other), "noncash"))
            rows["lines.process_cost"].append(line.total(values, line.processes, "full"))
            rows["lines.process_unpaid"].append(line.unpaid(central, line.processes))
            rows["lines.variable_unpaid"].append(line.unpaid(central, line.variable))
        rows["charges.amount"] += [
            values.of(charge.amount) * (charge.multiplier * step) for charge in each.charges
        ]
        rows["reserves.rate"] += [values.of(reserve.rate) for reserve in each.reserves]
        rows["ratios.ratio"] += [rate.on(values) for _, rate in each.ratios()]
        for of_volume, years in each.notices:
            for line in each.lines if of_volume else ():
                rows["notices.full"].append(line.total(values, line.in_notice(years), "full"))
                rows["notices.noncash"].append(line.total(values, line.in_notice(years), "noncash"))
                rows["notices.saved"].append(line.process_share(values, years, "full"))
                rows["notices.saved_noncash"].append(line.process_share(values, years, "noncash"))
    rows["investments.amount"] = [
        values.of(investment.amount) for customer in scenario.customers for investment in customer.investments
    ]
    return rows


def stacked(rows: Sequence[Floats]) -> Floats:
    """Members as one matrix [member, 1 or path]."""
    width = max((row.shape[0] for row in rows), default=1)
    if not rows:
        return np.zeros((0, 1))
    return np.stack([np.broadcast_to(row, (width,)) for row in rows])
