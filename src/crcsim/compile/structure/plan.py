"""The whole structure, with the series of flows and the items that these make up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from crcsim.compile.cascade import Layout, build_cascade
from crcsim.compile.costs.parts import CustomerCosts
from crcsim.compile.executives import concession_ring, level_costs, sponsor_item
from crcsim.compile.groups import merger_groups, ordered_mergers, simulation_groups
from crcsim.compile.lever_structure import (
    creation_words,
    effect_facts,
    lever_bounds,
    lever_facts,
    limited,
    limited_products,
    product_bounds,
)
from crcsim.compile.levers import LeverPlan
from crcsim.compile.ranges import bounds, flags, words
from crcsim.compile.structure.costs import cost_arrays
from crcsim.compile.structure.customers import customer_facts
from crcsim.compile.structure.flows import Savings, source_of, timing_flows
from crcsim.compile.structure.levels import level_of
from crcsim.compile.structure.lines import line_facts
from crcsim.compile.tables import cells
from crcsim.kernels import arrays, rows
from crcsim.kernels.arrays import Cascade, Parameters, Structure
from crcsim.scenario.scenario import Scenario

__all__ = ["Plan", "build_structure"]

TIMINGS = {"end": rows.END, "mid": rows.MID, "begin": rows.BEGIN}


@dataclass(frozen=True)
class Plan:
    """A structure and the names of its items."""

    structure: Structure
    cascade: Cascade
    items: tuple[str, ...]
    products: tuple[str, ...]


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
    facts = customer_facts(scenario, costs, parameters, groups, levers)
    tax = _certain_tax(parameters)
    products = tuple(sorted(scenario.products))
    merging = {name for merger in scenario.mergers for name in (merger.target, merger.buyer)}
    timing = timing_flows(parameters, flags([c.name in merging for c in scenario.customers]))
    sources = [
        [
            source_of(scenario, costs, facts, timing, tax is None, place[name], products, savings)
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
        lines=line_facts(scenario, parameters, groups),
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
        **cost_arrays(scenario, costs),
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
