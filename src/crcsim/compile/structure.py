"""What never differs between paths: counts, flags, groups and series, from scenario and parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from crcsim.compile.cascade import Layout, SharedOut, Source, build_cascade
from crcsim.compile.costs import CustomerCosts, noncash_share, share_in_notice
from crcsim.compile.executives import (
    concession_ring,
    executive_costs,
    level_costs,
    role_places,
    sponsor_item,
)
from crcsim.compile.groups import merger_groups, simulation_groups
from crcsim.compile.lever_structure import (
    creation_words,
    effect_facts,
    lever_bounds,
    lever_facts,
    limited,
    limited_products,
    product_bounds,
)
from crcsim.compile.levers import LeverPlan, lever_level
from crcsim.compile.lines import line_owners
from crcsim.compile.ranges import bounds, flags, period_of, starts, words
from crcsim.compile.tables import cells
from crcsim.compile.values import Floats
from crcsim.kernels import arrays, rows
from crcsim.kernels.arrays import Cascade, Parameters, Structure
from crcsim.kernels.rows import FLOW
from crcsim.scenario.costs import LevelCost
from crcsim.scenario.customers import Customer
from crcsim.scenario.mergers import Merger
from crcsim.scenario.scenario import Scenario

__all__ = ["Plan", "build_structure", "level_names", "ordered_mergers"]

TIMINGS = {"end": rows.END, "mid": rows.MID, "begin": rows.BEGIN}


#: By customer and line, how a saving of variable costs and one of process costs are shared out:
#: (part, share) each.
Savings = Sequence[Sequence[tuple[SharedOut, SharedOut]]]


@dataclass(frozen=True)
class Plan:
    """A structure and the names of its items."""

    structure: Structure
    cascade: Cascade
    items: tuple[str, ...]
    products: tuple[str, ...]


def ordered_mergers(scenario: Scenario) -> list[Merger]:
    """Mergers sorted by group, target and buyer."""
    group = {name: place for place, names in enumerate(simulation_groups(scenario)) for name in names}
    return sorted(scenario.mergers, key=lambda merger: (group[merger.target], merger.target, merger.buyer))


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


def _used(
    parameters: Parameters, table: int, rows: tuple[str, ...], names: list[str], unused: float = 0.0
) -> arrays.Integers:
    """1 for members in which any of the named rows differs from `unused` on any path."""
    used = np.zeros(int(parameters.members[table]), dtype=np.int64)
    for name in names:
        used |= np.any(cells(parameters, table, rows.index(name)) != unused, axis=1).astype(np.int64)
    return used


def build_structure(
    scenario: Scenario,
    costs: Sequence[CustomerCosts],
    parameters: Parameters,
    levels: list[str],
    levers: LeverPlan,
    savings: Savings,
) -> Plan:
    """Everything that is the same on every path; a feature that no path uses is switched off.

    `savings` share what levers save of variable and process costs out to items.
    """
    industries = sorted(scenario.economy.industries)
    entities = [
        "economy",
        *(f"industry:{name}" for name in industries),
        *(f"customer:{c.id}" for c in scenario.customers),
    ]
    groups = simulation_groups(scenario)
    member = {name: position for names in groups for position, name in enumerate(names)}
    place = {customer.name: position for position, customer in enumerate(scenario.customers)}
    mergers = ordered_mergers(scenario)
    merger_counts = [sum(merger.target in names for merger in mergers) for names in groups]
    loadings = [industry for customer in scenario.customers for industry in sorted(customer.industry)]
    facts = _customer_facts(scenario, costs, parameters, groups, levers)
    tax = _certain_tax(parameters)
    products = tuple(sorted(scenario.products))
    merging = {name for merger in scenario.mergers for name in (merger.target, merger.buyer)}
    timing = _timing_flows(parameters, flags([c.name in merging for c in scenario.customers]))
    sources = [
        [
            _source(scenario, costs, facts, timing, tax is None, place[name], products, savings)
            for name in names
        ]
        for names in groups
    ]
    level = [levels.index(level_of(cost)) for cost in level_costs(scenario)]
    horizon = scenario.capital.horizon_value is not None
    merged = {place[name]: names for names in merger_groups(scenario) for name in names}

    def may_own(owner: int, source: int) -> bool:
        return scenario.customers[owner].name in merged[source]

    layout = build_cascade(scenario, sources, levels, level, tax=tax, horizon=horizon, may_own=may_own)
    for customer, series in layout.company_series.items():
        facts[rows.FACT.company_series, customer] = series
    of_groups = [*bounds([len(names) for names in groups]), *bounds(merger_counts)]
    structure = Structure(
        periods=scenario.time.periods,
        step=1.0 / scenario.time.periods_per_year,
        timing=TIMINGS[scenario.time.flow_timing],
        regimes=int(scenario.economy.market.regimes is not None),
        market_jumps=int(scenario.economy.market.jumps is not None),
        horizon=int(horizon),
        industry_count=len(industries),
        words=words(entities),
        customers=facts,
        lines=_line_facts(scenario, parameters, groups),
        loading_industry=np.array([industries.index(name) for name in loadings], dtype=np.int64),
        groups=np.stack(
            [*of_groups, *_slots(layout), *lever_bounds(levers), *product_bounds(scenario, groups)]
        ),
        group_customer=np.array([place[name] for names in groups for name in names], dtype=np.int64),
        mergers=np.array([[member[m.target], member[m.buyer]] for m in mergers], dtype=np.int64)
        .reshape(-1, 2)
        .T.copy(),
        level=np.array(level, dtype=np.int64),
        company=levels.index("company") if "company" in levels else -1,
        headline=rows.DISCOUNTINGS.index(scenario.capital.discounting),
        taxed=int(tax is None),
        **_costs(scenario, costs),
        slot_series=np.array(layout.slots, dtype=np.int64),
        series_row=np.array(layout.rows, dtype=np.int64),
        levers=lever_facts(scenario, levers, levels, layout),
        group_lever=np.array([lever for each in levers.levers for lever in each], dtype=np.int64),
        effects=effect_facts(scenario, levers, groups),
        creation_words=creation_words(scenario, levers),
        group_product=np.array(
            [limited_products(scenario).index(name) for names in groups for name in limited(scenario, names)],
            dtype=np.int64,
        ),
        sponsor_item=sponsor_item(scenario),
        concession_ring=concession_ring(scenario),
    )
    return Plan(structure, layout.cascade, layout.items, products)


def _slots(layout: Layout) -> list[arrays.Integers]:
    rows = (layout.slot_start, layout.series_start, layout.series_end)
    return [np.array(row, dtype=np.int64) for row in rows]


def _certain_tax(parameters: Parameters) -> float | None:
    """The tax rate, None where it differs between paths."""
    keep = cells(parameters, rows.ECONOMY_TABLE, rows.ECONOMY.keep)
    return None if keep.shape[1] > 1 else 1.0 - float(keep[0, 0])


def _source(
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
        "relationship_spend": "expense" in _spending(scenario, customer),
        "programme_investment": "investment" in _spending(scenario, customer),
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


def _spending(scenario: Scenario, customer: int) -> set[str]:
    """How the spend on levers is booked that is the customer's cost."""
    name = scenario.customers[customer].name
    own = [lever for lever in scenario.levers if lever_level(lever) is None and name in lever.target.names]
    return {lever.booked_as for lever in own}


def _timing_flows(parameters: Parameters, merging: arrays.Integers) -> dict[str, arrays.Integers]:
    """Which customers have receivables, prepayments, payables and write-offs at all; after a merger another
    customer's insolvency writes them off.
    """

    def used(row: str) -> arrays.Integers:
        return _used(parameters, rows.CUSTOMER_TABLE, rows.CUSTOMER_ROWS, [row])

    return {
        "receivables": used("receivable"),
        "prepayments_received": used("prepayment_received"),
        "prepayments_made": used("prepayment_made"),
        "payables": used("payable"),
        "write_off": used("receivable") & (used("insolvency") & used("loss_given_default") | merging),
    }


def _costs(scenario: Scenario, costs: Sequence[CustomerCosts]) -> dict[str, Any]:
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


def _customer_facts(
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
        return _used(parameters, rows.CUSTOMER_TABLE, rows.CUSTOMER_ROWS, list(names), unused)

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
    spends = flags([bool(_spending(scenario, place)) for place in range(len(customers))])
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
        **_cost_facts(scenario, costs, groups),
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


def _cost_facts(
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


def _line_facts(
    scenario: Scenario, parameters: Parameters, groups: Sequence[Sequence[str]]
) -> arrays.Integers:
    """Rows LINE_FACT_ROWS of all lines."""
    rationed_of = {name: limited(scenario, names) for names in groups for name in names}
    rationed = [
        1 + rationed_of[customer.name].index(line.product)
        if line.product in rationed_of[customer.name]
        else 0
        for customer, line in line_owners(scenario)
    ]
    facts = {
        "rationed": np.array(rationed, dtype=np.int64),
        "share_moves": flags([line.share.kind == "moving" for _, line in line_owners(scenario)]),
        "wallet_jumps": _used(parameters, rows.LINE_TABLE, rows.LINE_ROWS, ["jump_mean"]),
        "premium": _used(parameters, rows.LINE_TABLE, rows.LINE_ROWS, ["premium"]),
        "volume_cost": _used(parameters, rows.LINE_TABLE, rows.LINE_ROWS, ["volume_cost"]),
    }
    return np.stack([facts[name] for name in rows.LINE_FACT_ROWS])


def _acquisition_periods(scenario: Scenario, customer: Customer) -> int:
    """Periods of acquisition spending, at least one; beyond the horizon where it has no end."""
    if customer.acquisition is None or not np.isfinite(customer.acquisition.duration):
        return scenario.time.periods + 1
    return max(1, round(customer.acquisition.duration * scenario.time.periods_per_year))
