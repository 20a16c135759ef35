"""All tables of a ledger, in the order in which cost becomes value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crcsim.compile.ledger import compiled_ledger
from crcsim.costing.journal import Booking, journal
from crcsim.costing.ledger import Ledger
from crcsim.measures.ledger_value import ledger_value, rate_build_up
from crcsim.report.costing.comparison import Effects, comparison, effects_of
from crcsim.report.costing.hierarchy import cost_hierarchy, reducible_costs
from crcsim.report.costing.processes import bearers, cost_centres, main_processes
from crcsim.report.costing.sheet import Sheet
from crcsim.report.costing.statements import (
    of_company,
    of_customer,
    of_portfolio,
    phases_of,
    stacked,
)
from crcsim.report.costing.value import value_sheets
from crcsim.scenario.ledger import LedgerDocument

__all__ = ["CUSTOMERS", "CostingTables", "costing_tables"]

CUSTOMERS = "Each customer"  # the section of single customers


@dataclass(frozen=True)
class CostingTables:
    """What is made of a ledger: sheets by section, and the statements of every customer (`customers`).

    `each` holds the latter stacked in one sheet per statement. Pictures are drawn from `ledger`, `bookings`
    and `effects`.
    """

    name: str
    sections: dict[str, tuple[Sheet, ...]]
    customers: dict[str, tuple[Sheet, ...]]
    each: tuple[Sheet, ...]
    ledger: Ledger
    bookings: tuple[Booking, ...]
    effects: Effects | None

    @property
    def portfolio(self) -> tuple[Sheet, ...]:
        """The sheets of all sections."""
        return tuple(sheet for sheets in self.sections.values() for sheet in sheets)


def costing_tables(document: LedgerDocument) -> CostingTables:
    """Calculate everything that a ledger holds.

    Raises NumericError where something has no value, such as a perpetuity that grows faster than its rate.
    """
    ledger = compiled_ledger(document)
    bookings = journal(ledger)
    own: dict[str | None, list[Booking]] = defaultdict(list)
    for booking in bookings:
        own[booking.customer].append(booking)
    phases = phases_of(ledger)
    customers = {name: tuple(of_customer(ledger, own[name], name, phases)) for name in ledger.customers}
    effects = effects_of(ledger)
    sections = {title: sheets for title, sheets in _sections(document, ledger, bookings, effects) if sheets}
    each = tuple(stacked(ledger, customers))
    return CostingTables(document.name, sections, customers, each, ledger, bookings, effects)


def _sections(
    document: LedgerDocument, ledger: Ledger, bookings: Sequence[Booking], effects: Effects | None
) -> Iterator[tuple[str, tuple[Sheet, ...]]]:
    if ledger.sub_processes:
        yield "Processes", (cost_centres(ledger), main_processes(ledger), bearers(ledger))
    if ledger.customers:
        yield "Statements", (*of_portfolio(ledger, bookings), of_company(ledger, bookings))
    own = (reducible_costs(ledger, bookings),) if ledger.customers else ()
    yield "Hierarchy", (cost_hierarchy(ledger, bookings), *own)
    yield "Two methods", tuple(comparison(ledger, effects))
    if document.valuation is not None:
        yield "Value", tuple(_value(document, ledger, bookings))


def _value(document: LedgerDocument, ledger: Ledger, bookings: Sequence[Booking]) -> Iterator[Sheet]:
    assert document.valuation is not None
    rate = rate_build_up(document.valuation)
    years = [row["years"] for row in document.tables["periods"]]
    stated = {row["name"]: row["beta"] for row in document.tables["customers"] if row["beta"] is not None}
    found = ledger_value(ledger, bookings, years, rate, stated, document.shareholder_value)
    yield from value_sheets(ledger, found)
