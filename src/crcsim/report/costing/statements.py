"""The statements as tables: per customer, phase and period, the company, and the cost hierarchy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from crcsim.costing.cents import NOTHING
from crcsim.costing.hierarchy import LevelCosts, hierarchy
from crcsim.costing.journal import Booking
from crcsim.costing.ledger import Ledger
from crcsim.costing.reconciliation import reconcile
from crcsim.costing.statements import (
    ColumnOf,
    Statement,
    company_result,
    customer_cash_flow,
    customer_contribution,
    customer_costing,
    product_costing,
)
from crcsim.report.costing.sheet import Cell, Sheet

__all__ = ["NO_PHASE", "cost_hierarchy", "of_company", "of_customer", "of_portfolio", "stacked"]

NO_PHASE = "(no phase)"
_PHASES = ("prospect", "build_up", "growth", "maturity", "decline", NO_PHASE)
Make = Callable[[Iterable[Booking], Sequence[str], ColumnOf], Statement]

_DIAGRAMS: tuple[tuple[str, str, Make], ...] = (
    ("customer-costing", "Customer costing", customer_costing),
    ("customer-contribution", "Customer contribution", customer_contribution),
    ("customer-cash-flow", "Customer cash flow", customer_cash_flow),
)


def of_portfolio(ledger: Ledger, bookings: Sequence[Booking]) -> Iterator[Sheet]:
    """Product costing, and the three statements of customers by customer, by period and by phase."""
    products = tuple(dict.fromkeys(line.product for line in ledger.orders))
    products = tuple(dict.fromkeys([*products, *(each.product for each in bookings if each.product)]))
    money = f"({ledger.currency})"
    yield _sheet("product-costing", f"Product costing {money}", product_costing(bookings, products))
    for by, columns, column_of in _columns(ledger):
        found = _reconciled(bookings, columns, column_of)
        for (name, title, _), statement in zip(_DIAGRAMS, found, strict=True):
            yield _sheet(f"{name}-by-{by}", f"{title} by {by} {money}", statement)


def of_customer(ledger: Ledger, own: Sequence[Booking], customer: str) -> Iterator[Sheet]:
    """The three statements of one customer's own bookings by period, and by phase where phases are stated."""
    for by, columns, column_of in _columns(ledger, customer):
        if by != "customer":
            found = _reconciled(own, columns, column_of)
            for (name, title, _), statement in zip(_DIAGRAMS, found, strict=True):
                heading = f"{title} of {customer} by {by} ({ledger.currency})"
                yield _sheet(f"{name}-by-{by}", heading, statement)


def stacked(ledger: Ledger, customers: Mapping[str, Iterable[Sheet]]) -> Iterator[Sheet]:
    """The statements of all customers below each other, one sheet per statement and kind of column."""
    found: dict[str, list[tuple[str, Sheet]]] = {}
    for customer, own in customers.items():
        for sheet in own:
            found.setdefault(sheet.name, []).append((customer, sheet))
    for name, sheets in found.items():
        columns = tuple(dict.fromkeys(column for _, sheet in sheets for column in sheet.columns))
        rows = tuple(
            (customer, *_placed(sheet.columns, row, columns))
            for customer, sheet in sheets
            for row in sheet.rows
        )
        title = f"{name.replace('-', ' ').capitalize()}, each customer ({ledger.currency})"
        yield Sheet(f"each-{name}", title, ("Customer", *columns), rows)


def _placed(own: tuple[str, ...], row: tuple[Cell, ...], columns: tuple[str, ...]) -> tuple[Cell, ...]:
    """A row under the columns of all customers: not every customer has every phase."""
    by_name = dict(zip(own, row, strict=True))
    return tuple(by_name.get(column) for column in columns)


def of_company(ledger: Ledger, bookings: Sequence[Booking]) -> Sheet:
    """From contribution II to the result, by period."""
    title = f"From the customers to the company ({ledger.currency})"
    return _sheet("company-result", title, company_result(bookings, ledger.periods))


def _columns(ledger: Ledger, customer: str | None = None) -> Iterator[tuple[str, tuple[str, ...], ColumnOf]]:
    """Ways to cut the bookings of customers into columns."""
    phases = {(each.customer, each.period): each.phase for each in ledger.relations if each.phase is not None}
    yield "customer", ledger.customers, lambda booking: booking.customer
    yield "period", ledger.periods, lambda booking: booking.period
    names = ledger.customers if customer is None else (customer,)
    own = {phases.get((name, period), NO_PHASE) for name in names for period in ledger.periods}
    if own != {NO_PHASE}:
        columns = tuple(phase for phase in _PHASES if phase in own)
        yield (
            "phase",
            columns,
            lambda booking: phases.get((booking.customer or "", booking.period), NO_PHASE),
        )


def _reconciled(
    bookings: Sequence[Booking], columns: Sequence[str], column_of: ColumnOf
) -> tuple[Statement, ...]:
    found = tuple(make(bookings, columns, column_of) for _, _, make in _DIAGRAMS)
    reconcile(*found)
    return found


def _sheet(name: str, title: str, statement: Statement) -> Sheet:
    signs = {1: "+", -1: "-", 0: "="}
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (signs[line.sign], line.label, *statement.amounts[line.key]) for line in statement.form
    )
    return Sheet(name, title, ("", "Line", *statement.columns), rows)


def cost_hierarchy(ledger: Ledger, bookings: Iterable[Booking]) -> Sheet:
    """All costs by the level that causes them: paid or not, and reducible when."""
    levels = hierarchy(bookings)
    notices = sorted({notice for level in levels for notice, _ in level.after_notice})
    rows = [_amounts(level, notices) for level in levels]
    total = [sum(column, NOTHING) for column in zip(*rows, strict=True)]
    named: list[tuple[Cell, ...]] = [(level.level, *row) for level, row in zip(levels, rows, strict=True)]
    after = tuple(f"After {float(12 * Fraction(notice)):g} months" for notice in notices)
    columns = ("Level", "Cost", "Paid", "Not paid", "Reducible in the period", *after, "Not reducible")
    title = f"Cost hierarchy ({ledger.currency})"
    return Sheet("cost-hierarchy", title, columns, (*named, ("Total", *total)), (), 1)


def _amounts(level: LevelCosts, notices: Sequence[float]) -> list[Decimal]:
    after = dict(level.after_notice)
    later = [after.get(notice, NOTHING) for notice in notices]
    unpaid = level.amount - level.cash
    return [level.amount, level.cash, unpaid, level.in_period, *later, level.not_reducible]
