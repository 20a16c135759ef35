"""The journal: every amount of a ledger as one booking, at the lowest level that causes it.

All statements are sums over bookings; what no customer causes has no customer and stays at its level.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from crcsim.costing.allocation import Part, allocate
from crcsim.costing.cents import NOTHING, cash_part
from crcsim.costing.charges import Charge, charge, consumers
from crcsim.costing.ledger import Balance, CostItem, Investment, Ledger, OrderLine
from crcsim.costing.lines import TIMING_LINES, VARIABLE_LINES
from crcsim.errors import NumericError

__all__ = ["COST_KINDS", "Booking", "journal"]

#: Kinds of bookings that are costs; the others are `revenue`, `timing` and `investment`.
COST_KINDS = (
    "order",
    "cost",
    "process",
    "non_required_capacity",
    "other_objects",
    "idle_capacity",
    "unassigned",
)


@dataclass(frozen=True)
class Booking:
    """An amount of one kind, in one line, for one object; `cash` is what of it is paid in the period.

    Costs are positive, `timing` is the increase of a balance.
    """

    period: str
    kind: str
    line: str
    amount: Decimal
    cash: Decimal
    notice: float
    level: str
    object: str | None
    customer: str | None
    product: str | None
    name: str


def journal(ledger: Ledger) -> tuple[Booking, ...]:
    """All bookings of a ledger.

    Raises NumericError where booked costs are not the stated ones, which would be a mistake of ours.
    """
    found = [booking for line in ledger.orders for booking in _order(line)]
    found += _costs(ledger)
    for period in ledger.periods:
        found += _processes(ledger, period)
    found += [_investment(item) for item in ledger.investments]
    for customer in ledger.customers:
        found += _timing(ledger, customer)
    _check_conserved(ledger, found)
    return tuple(found)


def _order(line: OrderLine) -> Iterator[Booking]:
    """Revenue and variable costs of one product of an order."""
    at = ("product", line.product, line.customer, line.product, line.order)
    for name in ("sales", "sales_deductions", *VARIABLE_LINES):
        amount: Decimal = getattr(line, name)
        cost = name in VARIABLE_LINES
        cash = cash_part(amount, line.cash_share) if cost else amount
        yield Booking(line.period, "order" if cost else "revenue", name, amount, cash, 0.0, *at)


def _costs(ledger: Ledger) -> Iterator[Booking]:
    """Cost items at their own level."""
    customers = {line.order: line.customer for line in ledger.orders}
    for item in ledger.costs:
        by_level = {"order": customers.get(item.object or ""), "customer": item.object}
        customer = by_level.get(item.level, item.customer)
        product = item.object if item.level == "product" else None
        yield _cost(item, customer, product)


def _cost(item: CostItem, customer: str | None, product: str | None) -> Booking:
    cash = cash_part(item.amount, item.cash_share)
    at = (item.level, item.object, customer, product, item.name)
    return Booking(item.period, "cost", item.line, item.amount, cash, item.notice, *at)


def _processes(ledger: Ledger, period: str) -> Iterator[Booking]:
    """Process costs at the objects that cause them, the rest at the company."""
    customers = {line.order: line.customer for line in ledger.orders}
    allocation = allocate(ledger, period)
    for costed in allocation.processes:
        for part in charge(costed, consumers(ledger, costed.process), ledger.process_rates):
            yield _charge(part, period, customers)
    for left in allocation.unassigned:
        if left.amount:
            yield _at_company(left, period, "unassigned", left.origin.name)


def _charge(found: Charge, period: str, customers: dict[str, str]) -> Booking:
    consumer, level = found.consumer, found.process.level
    if consumer is None:
        return _at_company(found.part, period, found.kind, found.process.name)
    by_level = {"order": customers.get(consumer.object), "customer": consumer.object}
    product = consumer.object if level == "product" else None
    customer = by_level.get(level, consumer.customer)
    at = (level, consumer.object, customer, product, found.process.name)
    line, amount, cash, notice = _nature(found.part)
    return Booking(period, found.kind, line, amount, cash, notice, *at)


def _at_company(part: Part, period: str, kind: str, name: str) -> Booking:
    return Booking(period, kind, *_nature(part), "company", None, None, None, name)


def _nature(part: Part) -> tuple[str, Decimal, Decimal, float]:
    """Line, amount, cash and notice."""
    origin = part.origin
    return origin.line, part.amount, cash_part(part.amount, origin.cash_share), origin.notice


def _investment(item: Investment) -> Booking:
    customer = item.object if item.level == "customer" else None
    at = (item.level, item.object, customer, None, item.name)
    return Booking(item.period, "investment", "investment", item.amount, item.amount, math.inf, *at)


def _timing(ledger: Ledger, customer: str) -> Iterator[Booking]:
    """Increases of the balances of a customer; a period without a row has nothing open."""
    stated = {row.period: row for row in ledger.balances if row.customer == customer}
    before = stated.get(None)
    for period in ledger.periods:
        after = stated.get(period)
        for line in TIMING_LINES:
            increase = _open(after, line) - _open(before, line)
            at = ("customer", customer, customer, None, line)
            yield Booking(period, "timing", line, increase, increase, 0.0, *at)
        before = after


def _open(balance: Balance | None, line: str) -> Decimal:
    amount: Decimal = getattr(balance, line, NOTHING)
    return amount


def _check_conserved(ledger: Ledger, bookings: Iterable[Booking]) -> None:
    """Σ booked = Σ stated, to the cent."""
    booked = sum((each.amount for each in bookings if each.kind in COST_KINDS), NOTHING)
    stated = sum((line.variable_costs for line in ledger.orders), NOTHING)
    stated += sum((item.amount for item in ledger.costs), NOTHING)
    stated += sum((sub.cost for sub in ledger.sub_processes), NOTHING)
    if booked != stated:
        raise NumericError(f"costs of {booked} were booked, but {stated} were stated")
