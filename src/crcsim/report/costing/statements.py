"""The statements as tables: per customer, phase and period, and the company."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from crcsim.costing.journal import COST_KINDS, Booking
from crcsim.costing.ledger import Ledger
from crcsim.costing.lines import VARIABLE_LINES
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

__all__ = ["NO_CUSTOMER", "NO_PHASE", "of_company", "of_customer", "of_portfolio", "phases_of", "stacked"]

NO_PHASE = "(no phase)"
NO_CUSTOMER = "(no customer)"
_PHASES = ("prospect", "build_up", "growth", "maturity", "decline", NO_PHASE)
Phases = Mapping[tuple[str, str], str]
Make = Callable[[Iterable[Booking], Sequence[str], ColumnOf], Statement]

_DIAGRAMS: tuple[tuple[str, str, Make], ...] = (
    ("product-costing", "Product costing", product_costing),
    ("customer-costing", "Customer costing", customer_costing),
    ("customer-contribution", "Customer contribution", customer_contribution),
    ("customer-cash-flow", "Customer cash flow", customer_cash_flow),
)


def of_portfolio(ledger: Ledger, bookings: Sequence[Booking]) -> Iterator[Sheet]:
    """Product costing by product; all four statements by customer, by period and by phase."""
    money = f"({ledger.currency})"
    first = _sheet("product-costing", f"Product costing {money}", _by_product(bookings))
    yield replace(first, parts="products")
    for by, columns, column_of in _columns(ledger, phases_of(ledger)):
        found = _reconciled(bookings, columns, column_of)
        for (name, title, _), statement in zip(_DIAGRAMS, found, strict=True):
            notes = (_NOT_OF_CUSTOMERS,) if NO_CUSTOMER in statement.columns else ()
            sheet = _sheet(f"{name}-by-{by}", f"{title} by {by} {money}", statement, notes)
            yield replace(sheet, parts="customers") if by == "customer" else sheet


_NOT_OF_CUSTOMERS = f"{NO_CUSTOMER}: variable costs of products that no customer causes."


def of_customer(ledger: Ledger, own: Sequence[Booking], customer: str, phases: Phases) -> Iterator[Sheet]:
    """The statements of one customer's own bookings by period, and by phase where phases are stated.

    Product costing also by product.
    """
    heading = f"Product costing of {customer} by product ({ledger.currency})"
    yield _sheet("product-costing-by-product", heading, _by_product(own))
    for by, columns, column_of in _columns(ledger, phases, customer):
        if by != "customer":
            found = _reconciled(own, columns, column_of)
            for (name, title, _), statement in zip(_DIAGRAMS, found, strict=True):
                heading = f"{title} of {customer} by {by} ({ledger.currency})"
                yield _sheet(f"{name}-by-{by}", heading, statement)


def _by_product(bookings: Sequence[Booking]) -> Statement:
    """Product costing by the products of the bookings in their order, which begins with the orders."""
    return product_costing(bookings, tuple(dict.fromkeys(each.product for each in bookings if each.product)))


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


def phases_of(ledger: Ledger) -> Phases:
    """The stated phases of the relations by customer and period."""
    return {(each.customer, each.period): each.phase for each in ledger.relations if each.phase is not None}


def _columns(
    ledger: Ledger, phases: Phases, customer: str | None = None
) -> Iterator[tuple[str, tuple[str, ...], ColumnOf]]:
    """Ways to cut the bookings of customers into columns."""
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
    """The four statements; product costing with a column for variable costs that no customer causes."""
    products, *customers = (make for _, _, make in _DIAGRAMS)
    rest = any(_of_products_alone(booking) for booking in bookings)

    def with_rest(booking: Booking) -> str | None:
        return NO_CUSTOMER if booking.customer is None else column_of(booking)

    first = products(bookings, (*columns, NO_CUSTOMER) if rest else columns, with_rest if rest else column_of)
    costing, contribution, cash_flow = (make(bookings, columns, column_of) for make in customers)
    reconcile(costing, contribution, cash_flow, first)
    return (first, costing, contribution, cash_flow)


def _of_products_alone(booking: Booking) -> bool:
    return booking.customer is None and booking.line in VARIABLE_LINES and booking.kind in COST_KINDS


def _sheet(name: str, title: str, statement: Statement, notes: tuple[str, ...] = ()) -> Sheet:
    signs = {1: "+", -1: "-", 0: "="}
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (signs[line.sign], line.label, *statement.amounts[line.key]) for line in statement.form
    )
    return Sheet(name, title, ("", "Line", *statement.columns), rows, notes)
