"""Facts of all customers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crcsim.compile.costs.parts import CustomerCosts
from crcsim.compile.executives import role_places
from crcsim.compile.levers import LeverPlan
from crcsim.compile.ranges import bounds, flags
from crcsim.compile.structure.costs import cost_facts
from crcsim.compile.structure.flows import spending_of
from crcsim.compile.tables import cells, ever_used
from crcsim.compile.values import Floats
from crcsim.kernels import arrays, rows
from crcsim.kernels.arrays import Parameters
from crcsim.scenario.customers import Customer
from crcsim.scenario.scenario import Scenario

__all__ = ["customer_facts"]


def customer_facts(
    scenario: Scenario,
    costs: Sequence[CustomerCosts],
    parameters: Parameters,
    groups: Sequence[Sequence[str]],
    levers: LeverPlan,
) -> arrays.Integers:
    """Rows FACT_ROWS of all customers."""
    customers = scenario.customers
    industries = sorted(scenario.economy.industries)
    factors = {"market": 0, **{name: 1 + j for j, name in enumerate(industries)}}
    targets = {merger.target for merger in scenario.mergers}
    merging = targets | {merger.buyer for merger in scenario.mergers}

    def used(*names: str, unused: float = 0.0) -> arrays.Integers:
        return ever_used(parameters, rows.CUSTOMER_TABLE, rows.CUSTOMER_ROWS, list(names), unused)

    def shifted(*kinds: str) -> arrays.Integers:
        owners = {shift.customer for shift in levers.all_shifts if shift.kind in kinds}
        return flags([place in owners for place in range(len(customers))])

    def row(name: str) -> Floats:
        return cells(parameters, rows.CUSTOMER_TABLE, rows.CUSTOMER_ROWS.index(name))

    tenure, target = (
        used("tenure_shape", unused=1.0),
        flags([customer.name in targets for customer in customers]),
    )
    capped = np.any(row("insolvency") > row("insolvency_cap"), axis=1).astype(np.int64)
    success = (used("success_exponent") & used("insolvency")) | capped
    happening = used(*(f"churn_{phase}" for phase in rows.PHASES), "takeover", "insolvency", "conversion")
    happening |= used("advance_build_up", "advance_growth", "advance_maturity")
    factor = [factors[c.event_correlation.factor] if c.event_correlation else -1 for c in customers]
    served = role_places(scenario)
    saves = shifted("variable_cost", "process_cost")
    spends = flags([bool(spending_of(scenario, place)) for place in range(len(customers))])
    facts = {
        **dict(zip(("line_start", "line_end"), bounds([len(c.lines) for c in customers]), strict=True)),
        **dict(
            zip(("loading_start", "loading_end"), bounds([len(c.industry) for c in customers]), strict=True)
        ),
        "prospect": flags([customer.phase == "prospect" for customer in customers]),
        "phase": np.array([rows.PHASES.index(customer.phase) for customer in customers], dtype=np.int64),
        "acquisition_periods": np.array(
            [_acquisition_periods(scenario, c) for c in customers], dtype=np.int64
        ),
        "hazards_move": tenure | success | target,
        "event_factor": np.array(factor, dtype=np.int64),
        "tenure": tenure,
        "success": success,
        "events": happening | target,
        "working_capital": used("receivable", "payable", "prepayment_received", "prepayment_made"),
        "noncash": flags([_some_unpaid(own) for own in costs]),
        "concessions": used("price_concession") | flags([c.name in merging for c in customers]),
        **cost_facts(scenario, costs, groups),
        "saves": saves,
        "executive": np.array(
            [1 + served.index(place) if place in served else 0 for place in range(len(customers))],
            dtype=np.int64,
        ),
        "couples": shifted("coupling"),
        "volume_cost": flags([any(line.other for line in own.lines) for own in costs]),
        "plain": flags([_plain(own, customer) for own, customer in zip(costs, customers, strict=True)])
        & (saves == 0)
        & (spends == 0),
        "spends": spends,
    }
    return np.stack([facts[name] for name in rows.FACT_ROWS])


def _plain(own: CustomerCosts, customer: Customer) -> bool:
    """Whether a customer has no costs but variable and fixed ones, all of them paid while it lasts."""
    others = own.notices or own.reserves or customer.investments or any(line.other for line in own.lines)
    return not others and customer.phase != "prospect" and not _some_unpaid(own)


def _some_unpaid(own: CustomerCosts) -> bool:
    """Whether any cost of a customer is not paid."""
    rates = (rate.part for line in own.lines for rate in line.rates)
    fixed = (part for parts in own.fixed_parts for part in parts)
    return any(part.cash_share < 1.0 for part in (*rates, *fixed))


def _acquisition_periods(scenario: Scenario, customer: Customer) -> int:
    """Periods of acquisition spending, at least one; beyond the horizon where it has no end."""
    if customer.acquisition is None or not np.isfinite(customer.acquisition.duration):
        return scenario.time.periods + 1
    return max(1, round(customer.acquisition.duration * scenario.time.periods_per_year))
