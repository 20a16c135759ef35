"""Customers as sources of flows: which of them they have, and how savings are shared out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crcsim.compile.cascade import SharedOut, Source
from crcsim.compile.costs.parts import CustomerCosts
from crcsim.compile.executives import executive_costs
from crcsim.compile.levers import lever_level
from crcsim.compile.tables import ever_used
from crcsim.kernels import arrays, rows
from crcsim.kernels.arrays import Parameters
from crcsim.kernels.rows import FLOW
from crcsim.scenario.scenario import Scenario

__all__ = ["Savings", "source_of", "spending_of", "timing_flows"]

#: By customer and line, how a saving of variable costs and one of process costs are shared out:
#: (part, share) each.
Savings = Sequence[Sequence[tuple[SharedOut, SharedOut]]]


def source_of(
    scenario: Scenario,
    costs: Sequence[CustomerCosts],
    facts: arrays.Integers,
    timing: dict[str, arrays.Integers],
    taxed: bool,
    customer: int,
    products: tuple[str, ...],
    savings: Savings,
) -> Source:
    """A customer as a source of flows."""
    fact, own = rows.FACT, costs[customer]
    has = {
        "acquisition": facts[fact.prospect, customer] == 1,
        "notice": bool(own.notices),
        "notice_noncash": bool(own.notices),
        **{name: used[customer] == 1 for name, used in timing.items()},
        "tax": taxed,
        "investment": bool(scenario.customers[customer].investments),
        "relationship_spend": "expense" in spending_of(scenario, customer),
        "programme_investment": "investment" in spending_of(scenario, customer),
        "executive_cost": scenario.customers[customer].name in executive_costs(scenario),
    }
    return Source(
        customer=customer,
        costs=own,
        products=tuple(products.index(line.product) for line in scenario.customers[customer].lines),
        flows=tuple(name for name in FLOW._fields if has.get(name, False)),
        concedes=bool(facts[fact.concessions, customer] == 1),
        to_company=any(np.isinf(years) for _, years in own.notices),
        row=int(facts[fact.flow_row, customer]),
        savings=savings[customer] if facts[fact.saves, customer] + facts[fact.executive, customer] else (),
    )


def spending_of(scenario: Scenario, customer: int) -> set[str]:
    """How the spend on levers is booked that is the customer's cost."""
    name = scenario.customers[customer].name
    own = [lever for lever in scenario.levers if lever_level(lever) is None and name in lever.target.names]
    return {lever.booked_as for lever in own}


def timing_flows(parameters: Parameters, merging: arrays.Integers) -> dict[str, arrays.Integers]:
    """Which customers have receivables, prepayments, payables and write-offs at all; after a merger another
    customer's insolvency writes them off.
    """

    def used(row: str) -> arrays.Integers:
        return ever_used(parameters, rows.CUSTOMER_TABLE, rows.CUSTOMER_ROWS, [row])

    return {
        "receivables": used("receivable"),
        "prepayments_received": used("prepayment_received"),
        "prepayments_made": used("prepayment_made"),
        "payables": used("payable"),
        "write_off": used("receivable") & (used("insolvency") & used("loss_given_default") | merging),
    }
