"""Tables of the cost hierarchy: what is paid, and what can be given up when, by level and by customer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from crcsim.costing.cents import NOTHING
from crcsim.costing.hierarchy import LevelCosts, customer_hierarchy, hierarchy
from crcsim.costing.journal import Booking
from crcsim.costing.ledger import Ledger
from crcsim.report.costing.sheet import Cell, Sheet

__all__ = ["cost_hierarchy", "reducible_costs"]


def cost_hierarchy(ledger: Ledger, bookings: Iterable[Booking]) -> Sheet:
    """All costs by the level that causes them: paid or not, and reducible when."""
    title = f"Cost hierarchy ({ledger.currency})"
    return _sheet("cost-hierarchy", title, "Level", hierarchy(bookings))


def reducible_costs(ledger: Ledger, bookings: Iterable[Booking]) -> Sheet:
    """The costs of every customer, direct and by processes: paid or not, and reducible when."""
    title = f"Costs of customers by when they can be reduced ({ledger.currency})"
    note = "Costs between net revenue and contribution II, and when they could be given up with the customer."
    found = customer_hierarchy(bookings, ledger.customers)
    return _sheet("reducible-costs", title, "Customer", found, (note,), rank=1)


def _sheet(
    name: str,
    title: str,
    heading: str,
    found: Sequence[LevelCosts],
    notes: tuple[str, ...] = (),
    rank: int | None = None,
) -> Sheet:
    notices = sorted({notice for level in found for notice, _ in level.after_notice})
    rows = [_amounts(level, notices) for level in found]
    total = [sum(column, NOTHING) for column in zip(*rows, strict=True)]
    named: list[tuple[Cell, ...]] = [(level.level, *row) for level, row in zip(found, rows, strict=True)]
    after = tuple(f"After {float(12 * Fraction(notice)):g} months" for notice in notices)
    columns = (heading, "Cost", "Paid", "Not paid", "Reducible in the period", *after, "Not reducible")
    return Sheet(name, title, columns, (*named, ("Total", *total)), notes, 1, rank=rank)


def _amounts(level: LevelCosts, notices: Sequence[float]) -> list[Decimal]:
    after = dict(level.after_notice)
    later = [after.get(notice, NOTHING) for notice in notices]
    unpaid = level.amount - level.cash
    return [level.amount, level.cash, unpaid, level.in_period, *later, level.not_reducible]
