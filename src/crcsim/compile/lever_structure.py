"""What never differs between paths of levers, their effects, and products with a capacity."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crcsim.compile.cascade import Layout
from crcsim.compile.levers import LeverPlan, Shift, lever_level
from crcsim.compile.lines import line_owners
from crcsim.compile.ranges import bounds, words
from crcsim.kernels import rows
from crcsim.kernels.arrays import Integers
from crcsim.scenario.scenario import Scenario

__all__ = [
    "creation_words",
    "effect_facts",
    "lever_bounds",
    "lever_facts",
    "limited",
    "limited_products",
    "product_bounds",
]


def limited_products(scenario: Scenario) -> list[str]:
    """Products with a capacity, by name: the members of the product table."""
    return sorted(name for name, product in scenario.products.items() if product.capacity is not None)


def limited(scenario: Scenario, names: Sequence[str]) -> list[str]:
    """Products with a capacity that the customers of a group buy."""
    bought = {line.product for c in scenario.customers if c.name in names for line in c.lines}
    return [name for name in limited_products(scenario) if name in bought]


def product_bounds(scenario: Scenario, groups: Sequence[Sequence[str]]) -> list[Integers]:
    return bounds([len(limited(scenario, names)) for names in groups])


def lever_bounds(levers: LeverPlan) -> list[Integers]:
    """First and last + 1 slot of a lever, and effect, of every group."""
    slots, effects = [len(each) for each in levers.levers], [len(each) for each in levers.shifts]
    return [*bounds(slots), *bounds(effects)]


def lever_facts(scenario: Scenario, plan: LeverPlan, levels: list[str], layout: Layout) -> Integers:
    """Rows LEVER_FACT_ROWS of all levers."""
    names = [customer.name for customer in scenario.customers]
    rows_of = []
    for place, lever in enumerate(scenario.levers):
        level = lever_level(lever)
        customer = names.index(lever.target.names[0]) if level is None else -1
        rows_of.append(
            [
                customer,
                -1 if level is None else levels.index(level),
                int(lever.booked_as == "investment"),
                layout.lever_series.get(place, -1),
                plan.group_of(place),
            ]
        )
    return np.array(rows_of, dtype=np.int64).reshape(-1, len(rows.LEVER_FACT_ROWS)).T.copy()


def effect_facts(scenario: Scenario, plan: LeverPlan, groups: Sequence[Sequence[str]]) -> Integers:
    """Rows EFFECT_FACT_ROWS of all effects, targets by their place within the group."""
    found = []
    for names, levers, shifts in zip(groups, plan.levers, plan.shifts, strict=True):
        customers = [place for place, c in enumerate(scenario.customers) if c.name in names]
        lines = [place for place, (c, _) in enumerate(line_owners(scenario)) if c.name in names]
        products = limited(scenario, names)
        for shift in shifts:
            if shift.other >= 0:
                target = levers.index(shift.other)
            elif shift.line >= 0:
                target = lines.index(shift.line)
            elif shift.customer >= 0:
                target = customers.index(shift.customer)
            else:
                target = products.index(shift.product)
            found.append((rows.EFFECT_KINDS.index(shift.kind), levers.index(shift.lever), target))
    return np.array(found, dtype=np.int64).reshape(-1, len(rows.EFFECT_FACT_ROWS)).T.copy()


def creation_words(scenario: Scenario, levers: LeverPlan) -> np.ndarray[tuple[int, int], np.dtype[np.uint64]]:
    """Stream words of every effect; only those that create wallet draw anything, each from an entity of
    its own.
    """
    shifts = levers.all_shifts
    drawing = [place for place, shift in enumerate(shifts) if shift.kind == "creation"]
    found = np.zeros((len(shifts), 2), dtype=np.uint64)
    found[drawing] = words([_creation(scenario, shifts[place]) for place in drawing])
    return found


def _creation(scenario: Scenario, shift: Shift) -> str:
    """Name of an effect that creates wallet, as an entity that draws."""
    lever, (customer, line) = scenario.levers[shift.lever].name, line_owners(scenario)[shift.line]
    return f"lever:{lever}:{shift.kind}:{customer.id}:{line.product}:{shift.effect.kind}:{shift.effect.line}"
