"""Tables of activity-based costing against overhead surcharges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from crcsim.costing.cents import NOTHING
from crcsim.costing.comparison import (
    AllocationEffect,
    ComplexityEffect,
    allocation_effect,
    break_even_size,
    complexity_effect,
    degression_effect,
)
from crcsim.costing.ledger import Ledger
from crcsim.costing.surcharges import surcharges
from crcsim.report.costing.sheet import Cell, Sheet

__all__ = ["Effects", "comparison", "effects_of"]


@dataclass(frozen=True)
class Effects:
    """Both methods beside each other, by customer and by product."""

    allocation: tuple[AllocationEffect, ...]
    complexity: tuple[ComplexityEffect, ...]


def effects_of(ledger: Ledger) -> Effects | None:
    """The effects of a ledger; None without processes and orders."""
    if not (ledger.sub_processes and ledger.orders):
        return None
    return Effects(allocation_effect(ledger), complexity_effect(ledger))


def comparison(ledger: Ledger, effects: Effects | None) -> Iterator[Sheet]:
    """Surcharge rates, then the three effects; nothing without processes and orders."""
    if effects is None:
        return
    yield _rates(ledger)
    yield _allocation(ledger, effects.allocation)
    yield _complexity(ledger, effects.complexity)
    yield _degression(ledger, effects.complexity)


def _rates(ledger: Ledger) -> Sheet:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (each.period, each.cost_centre, each.cost, each.base_name.replace("_", " "), each.base,
         None if each.rate is None else 100 * each.rate)
        for each in surcharges(ledger)
    )  # fmt: skip
    columns = ("Period", "Cost centre", "Overhead", "Base", "Amount of the base", "Surcharge %")
    return Sheet("surcharges", f"Overhead surcharges ({ledger.currency})", columns, rows)


def _allocation(ledger: Ledger, effects: Sequence[AllocationEffect]) -> Sheet:
    rows: list[tuple[Cell, ...]] = [
        (each.customer, each.by_surcharge, each.by_process, each.difference) for each in effects
    ]
    sums: list[Decimal] = [
        sum((getattr(each, name) for each in effects), NOTHING)
        for name in ("by_surcharge", "by_process", "difference")
    ]
    columns = ("Customer", "By surcharges", "By processes", "Difference")
    note = (
        "Difference above 0: surcharges make the customer look better than it is. "
        "Both methods spread the same cost."
    )
    title = f"Allocation effect ({ledger.currency})"
    return Sheet("allocation-effect", title, columns, (*rows, ("Total", *sums)), (note,), 1, rank=3, kept=2)


def _complexity(ledger: Ledger, effects: Sequence[ComplexityEffect]) -> Sheet:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (each.product, Fraction(each.units), Fraction(each.orders), each.processes_per_unit,
         each.by_surcharge, each.by_process, each.difference)
        for each in effects
    )  # fmt: skip
    columns = (
        "Product", "Units", "Orders", "Product processes per unit", "Per unit by surcharges",
        "Per unit by processes", "Difference",
    )  # fmt: skip
    note = "Processes done for products and orders; those done for customers depend on neither."
    title = f"Complexity effect ({ledger.currency} per unit)"
    return Sheet("complexity-effect", title, columns, rows, (note,))


def _degression(ledger: Ledger, effects: Sequence[ComplexityEffect]) -> Sheet:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (each.product, Fraction(each.size), each.by_surcharge, each.by_process)
        for each in degression_effect(ledger, effects)
    )
    meets = ((each.product, break_even_size(each)) for each in effects)
    notes = tuple(
        f"{product}: both methods meet at an order of {float(size):.4g} units; smaller ones cost more."
        for product, size in meets
        if size is not None
    )
    columns = ("Product", "Order size", "Per unit by surcharges", "Per unit by processes")
    title = f"Degression effect ({ledger.currency} per unit)"
    return Sheet("degression-effect", title, columns, rows, notes)
