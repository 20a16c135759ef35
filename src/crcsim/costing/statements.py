"""Statements: the journal summed up by the lines of a form, in columns for periods, phases, customers ..."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from crcsim.costing.cents import NOTHING
from crcsim.costing.journal import COST_KINDS, Booking
from crcsim.costing.lines import (
    COMPANY_RESULT,
    CUSTOMER_CASH_FLOW,
    CUSTOMER_CONTRIBUTION,
    CUSTOMER_COSTING,
    PRODUCT_COSTING,
    VARIABLE_LINES,
    Form,
    cascade,
    cost_class,
)
from crcsim.errors import NumericError

__all__ = [
    "TOTAL",
    "Statement",
    "company_result",
    "customer_cash_flow",
    "customer_contribution",
    "customer_costing",
    "product_costing",
]

TOTAL = "Total"
_Sums = defaultdict[str, Decimal]
ColumnOf = Callable[[Booking], str | None]
LinesOf = Callable[[Booking], Iterable[tuple[str, Decimal]]]


@dataclass(frozen=True)
class Statement:
    """Amounts by line and column, in cents; the last column is the total.

    Raises NumericError where a subtotal is not the sum of the lines above it, or a total not that of its
    columns.
    """

    form: Form
    columns: tuple[str, ...]
    amounts: Mapping[str, tuple[Decimal, ...]]

    def __post_init__(self) -> None:
        for place, column in enumerate(self.columns):
            own = {key: values[place] for key, values in self.amounts.items()}
            if cascade(self.form, own, NOTHING) != own:
                raise NumericError(f"the subtotals of column {column} do not add up")
        for line in self.form:
            *parts, whole = self.amounts[line.key]
            if sum(parts, NOTHING) != whole:
                raise NumericError(f"the columns of line {line.label} do not add up to their total")

    def column(self, name: str) -> dict[str, Decimal]:
        """The amounts of one column by line."""
        place = self.columns.index(name)
        return {key: values[place] for key, values in self.amounts.items()}

    @property
    def total(self) -> dict[str, Decimal]:
        """The amounts of the last column by line."""
        return self.column(TOTAL)


def _statement(
    form: Form, bookings: Iterable[Booking], columns: Sequence[str], column_of: ColumnOf, lines_of: LinesOf
) -> Statement:
    """Sum up; the total is summed up on its own, so that a booking without a column is found."""
    sums = {column: _Sums(Decimal) for column in (*columns, TOTAL)}
    for booking in bookings:
        if (column := column_of(booking)) is not None:
            for key, amount in lines_of(booking):
                sums[column][key] += amount
                sums[TOTAL][key] += amount
    found = [cascade(form, amounts, NOTHING) for amounts in sums.values()]
    amounts = {line.key: tuple(column[line.key] for column in found) for line in form}
    return Statement(form, (*columns, TOTAL), amounts)


def _product_of(booking: Booking) -> str | None:
    return booking.product


def product_costing(
    bookings: Iterable[Booking], columns: Sequence[str], column_of: ColumnOf = _product_of
) -> Statement:
    """Product costing (diagram 1), by product unless `column_of` says otherwise."""
    return _statement(PRODUCT_COSTING, bookings, columns, column_of, _product_lines)


def _product_lines(booking: Booking) -> Iterable[tuple[str, Decimal]]:
    if booking.kind == "revenue" or (booking.kind in COST_KINDS and booking.line in VARIABLE_LINES):
        yield booking.line, booking.amount


def customer_costing(bookings: Iterable[Booking], columns: Sequence[str], column_of: ColumnOf) -> Statement:
    """Customer costing (diagram 1): variable, direct and indirect costs of customers."""
    return _statement(CUSTOMER_COSTING, _of_customers(bookings), columns, column_of, _costing_lines)


def _costing_lines(booking: Booking) -> Iterable[tuple[str, Decimal]]:
    names = {
        "variable": "variable_costs",
        "direct": "direct_customer_costs",
        "indirect": "indirect_customer_costs",
    }
    if booking.kind == "revenue":
        yield booking.line, booking.amount
    elif booking.kind in COST_KINDS:
        yield names[cost_class(booking.line)], booking.amount


def customer_contribution(
    bookings: Iterable[Booking], columns: Sequence[str], column_of: ColumnOf
) -> Statement:
    """Customer contribution I and II (diagram 3): costs by the level that causes them."""
    return _statement(CUSTOMER_CONTRIBUTION, _of_customers(bookings), columns, column_of, _contribution_lines)


def _contribution_lines(booking: Booking) -> Iterable[tuple[str, Decimal]]:
    if booking.kind == "revenue":
        yield booking.line, booking.amount
    elif booking.kind == "non_required_capacity":
        yield booking.kind, booking.amount
    elif booking.kind in COST_KINDS:
        indirect = cost_class(booking.line) == "indirect"
        name = f"{booking.level}_processing_costs" if indirect else f"direct_{booking.level}_costs"
        yield name, booking.amount


def customer_cash_flow(bookings: Iterable[Booking], columns: Sequence[str], column_of: ColumnOf) -> Statement:
    """Customer cash flow (diagram 4): kinds of cost, what of them is no payment, timing and investments."""
    return _statement(CUSTOMER_CASH_FLOW, _of_customers(bookings), columns, column_of, _cash_flow_lines)


def _cash_flow_lines(booking: Booking) -> Iterable[tuple[str, Decimal]]:
    yield booking.line, booking.amount
    if booking.kind in COST_KINDS:
        yield f"{cost_class(booking.line)}_add_back", booking.amount - booking.cash


def _of_customers(bookings: Iterable[Booking]) -> list[Booking]:
    return [booking for booking in bookings if booking.customer is not None]


def company_result(bookings: Iterable[Booking], periods: Sequence[str]) -> Statement:
    """From contribution II of all customers to the result, by period; costs of no customer at their level."""
    return _statement(COMPANY_RESULT, bookings, periods, lambda booking: booking.period, _result_lines)


def _result_lines(booking: Booking) -> Iterable[tuple[str, Decimal]]:
    if booking.customer is None:
        if booking.kind in COST_KINDS:
            at_level = booking.kind in ("cost", "process", "non_required_capacity")
            yield booking.level if at_level else booking.kind, booking.amount
    elif booking.kind == "revenue":
        yield "customer_contribution_2", -booking.amount if booking.line != "sales" else booking.amount
    elif booking.kind in COST_KINDS:
        yield "customer_contribution_2", -booking.amount
