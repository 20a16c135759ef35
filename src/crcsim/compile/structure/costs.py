"""Costs of all customers, one customer after the other, and where each one's stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from crcsim.compile.costs.parts import CustomerCosts, noncash_share, share_in_notice
from crcsim.compile.executives import level_costs
from crcsim.compile.ranges import bounds, period_of, starts
from crcsim.compile.values import Floats
from crcsim.kernels import arrays, rows
from crcsim.kernels.rows import FLOW
from crcsim.scenario.scenario import Scenario

__all__ = ["cost_arrays", "cost_facts"]


def cost_arrays(scenario: Scenario, costs: Sequence[CustomerCosts]) -> dict[str, Any]:
    """Costs of all customers, one customer after the other."""
    per_year = scenario.time.periods_per_year
    charges = [(own, charge) for own in costs for charge in own.charges]
    reserves = [(own, reserve) for own in costs for reserve in own.reserves]
    notices = [(own, of_volume, years) for own in costs for of_volume, years in own.notices]
    notice_lines = starts([len(own.lines) if of_volume else 0 for own, of_volume, _ in notices])
    use_starts = starts([len(reserve.use) for _, reserve in reserves])
    fixed = [*((own, each.parts) for own, each in charges), *((own, each.parts) for own, each in reserves)]
    share_starts = starts([len(own.notices) for own, _ in fixed])
    shares = [
        (0.0, 0.0) if of_volume else share_in_notice(parts, years)
        for own, parts in fixed
        for of_volume, years in own.notices
    ]
    finite = [years * per_year for _, _, years in notices if np.isfinite(years)]
    payments = [each for customer in scenario.customers for each in customer.investments]
    return {
        "charges": _columns(
            len(rows.CHARGE_FACT_ROWS),
            [
                (each.factor, noncash_share(each.parts), share)
                for (_, each), share in zip(charges, share_starts, strict=False)
            ],
        ),
        "reserves": _columns(
            len(rows.RESERVE_FACT_ROWS),
            [
                (each.reserved / per_year, each.fixed / per_year, noncash_share(each.parts), use, share)
                for (_, each), use, share in zip(
                    reserves, use_starts, share_starts[len(charges) :], strict=False
                )
            ],
        ),
        "reserve_use": np.array([use for _, each in reserves for use in each.use], dtype=np.float64),
        "notice_shares": _columns(2, shares),
        "notice_ring": min(scenario.time.periods + 1, int(np.ceil(max([*finite, 1.0])))),
        "ratios": _columns(
            len(rows.RATIO_FACT_ROWS),
            [(line, rate.of_sales) for own in costs for line, rate in own.ratios()],
        ),
        "notices": _columns(
            len(rows.NOTICE_FACT_ROWS),
            [
                *(
                    (of_volume, min(years * per_year, rows.ENDLESS), start)
                    for (_, of_volume, years), start in zip(notices, notice_lines, strict=False)
                ),
                (0, 0.0, notice_lines[-1]),
            ],
        ),
        "investment_period": np.array([period_of(each.at, per_year) for each in payments], dtype=np.int64),
        "level_noncash": np.array(
            [1.0 - cost.cash_share for cost in level_costs(scenario)], dtype=np.float64
        ),
    }


def _columns(rows: int, members: Sequence[Sequence[float]]) -> Floats:
    """Members as columns of a matrix."""
    return np.array(members, dtype=np.float64).reshape(-1, rows).T.copy()


def _group_places(
    costs: Sequence[CustomerCosts], groups: Sequence[Sequence[int]], counts: Sequence[Sequence[int]]
) -> list[arrays.Integers]:
    """By kind of thing, the place of a customer's first one within its group; counts [kind][customer]."""
    found = [np.zeros(len(costs), dtype=np.int64) for _ in counts]
    for members in groups:
        for kind, count in enumerate(counts):
            places = starts([count[member] for member in members])
            found[kind][list(members)] = places[:-1]
    return found


def cost_facts(
    scenario: Scenario, costs: Sequence[CustomerCosts], groups: Sequence[Sequence[str]]
) -> dict[str, arrays.Integers]:
    """Ranges of the cost tables and places within the group."""
    counts = {
        "charge": [len(own.charges) for own in costs],
        "reserve": [len(own.reserves) for own in costs],
        "ratio": [len(own.ratios()) for own in costs],
        "notice": [len(own.notices) for own in costs],
        "investment": [len(customer.investments) for customer in scenario.customers],
    }
    ranges = {
        f"{name}_{end}": bound
        for name, count in counts.items()
        for end, bound in zip(("start", "end"), bounds(count), strict=True)
    }
    lines = [len(own.lines) for own in costs]
    own_rows = (counts["ratio"], counts["charge"], counts["reserve"])
    rows = [5 * lines[c] + sum(count[c] for count in own_rows) + len(FLOW) for c in range(len(costs))]
    notice_lines = [sum(of_volume for of_volume, _ in own.notices) * len(own.lines) for own in costs]
    position = {customer.name: place for place, customer in enumerate(scenario.customers)}
    members = [[position[name] for name in names] for names in groups]
    kinds = (rows, notice_lines, counts["investment"])
    places = _group_places(costs, members, kinds)
    names = ("flow_row", "group_notice_line", "group_investment")
    none = np.full(len(costs), -1, dtype=np.int64)
    return {**ranges, **dict(zip(names, places, strict=True)), "company_series": none}
