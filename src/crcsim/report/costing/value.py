"""Tables of value: the rate, customers in both forms, shareholder value line by line."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from crcsim.costing.cents import in_cents
from crcsim.costing.ledger import Ledger
from crcsim.measures.ledger_value import CustomerValue, LedgerValue, RateBuildUp
from crcsim.report.costing.sheet import Cell, Sheet

__all__ = ["value_sheets"]


def value_sheets(ledger: Ledger, found: LedgerValue) -> Iterator[Sheet]:
    """Rate, cash flows of every customer with their discount factors, values, shareholder value."""
    yield _rate(found.rate)
    yield _flows(ledger, found)
    yield _values(ledger, found)
    if found.shareholder is not None:
        yield _shareholder(ledger, found)


def _money(value: float) -> Decimal:
    return in_cents(Fraction(value))


def _number(value: float | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def _percent(value: float | None) -> Fraction | None:
    return None if value is None else Fraction(value) * 100


def _rate(rate: RateBuildUp) -> Sheet:
    lines: list[tuple[str, Fraction | None]] = [
        ("risk-free rate %", _percent(rate.risk_free)),
        ("expected market return %", _percent(rate.market_return)),
        ("beta of the equity", _number(rate.beta)),
        ("beta of the business", _number(rate.business_beta)),
        ("cost of equity %", _percent(rate.cost_of_equity)),
        ("equity share %", _percent(rate.equity_share)),
        ("cost of debt %", _percent(rate.cost_of_debt)),
        ("tax rate of the shield %", _percent(rate.tax_rate)),
    ]
    shown = lines if rate.risk_free is not None else []
    rows: tuple[tuple[Cell, ...], ...] = (*shown, ("cost of capital %", _percent(rate.rate)))
    return Sheet("cost-of-capital", "Cost of capital", ("", "Value"), rows, (), 1)


def _flows(ledger: Ledger, found: LedgerValue) -> Sheet:
    rows: list[tuple[Cell, ...]] = []
    for each in found.customers:
        for place, period in enumerate(ledger.periods):
            flow = each.receipts[place] - each.expenses[place]
            amounts = (each.receipts[place], each.expenses[place], flow, each.contributions[place],
                       each.investments[place])  # fmt: skip
            factor = Fraction(float(each.discount_factors[place]))
            value = _money(float(flow * each.discount_factors[place]))
            rows.append((each.customer, period, *(_money(float(a)) for a in amounts), factor, value))
    columns = (
        "Customer", "Period", "Receipts", "Expenses", "Cash flow", "Payment-effective contribution",
        "Investment", "Discount factor", "Present value",
    )  # fmt: skip
    return Sheet("customer-flows", f"Flows and their present value ({ledger.currency})", columns, tuple(rows))


def _values(ledger: Ledger, found: LedgerValue) -> Sheet:
    rows: list[tuple[Cell, ...]] = [_value(each) for each in found.customers]
    one = _money(sum(each.value for each in found.customers))
    two = _money(sum(each.value_from_contributions for each in found.customers))
    rows.append(("Total", None, None, one, two))
    columns = (
        "Customer",
        "Business beta",
        "Rate %",
        "Receipts less expenses",
        "Contributions less investment",
    )
    notes = ["Customer value in both forms of the source; a customer with a beta has a rate of its own."]
    if found.weighted_beta is not None and found.rate.business_beta is not None:
        gap = found.weighted_beta - found.rate.business_beta
        notes.append(
            f"Value-weighted business beta of the customers {found.weighted_beta:.4f}, of the firm "
            f"{found.rate.business_beta:.4f}, difference {gap:+.4f}."
        )
    title = f"Customer value ({ledger.currency})"
    return Sheet("customer-value", title, columns, tuple(rows), tuple(notes), 1, rank=3)


def _value(each: CustomerValue) -> tuple[Cell, ...]:
    values = (_money(each.value), _money(each.value_from_contributions))
    return (each.customer, _number(each.business_beta), _percent(each.rate), *values)


def _shareholder(ledger: Ledger, found: LedgerValue) -> Sheet:
    build_up = found.shareholder
    assert build_up is not None
    customers: list[tuple[Cell, ...]] = [("+", each.customer, _money(each.value)) for each in found.customers]
    rows: tuple[tuple[Cell, ...], ...] = (
        *customers,
        ("+", "flows of no customer", _money(found.unallocated_value)),
        ("=", "present value of cash flows", _money(float(build_up.cash_flows))),
        ("+", "present value of the residual value", _money(float(build_up.residual))),
        ("+", "marketable securities", _money(float(build_up.securities))),
        ("=", "company value", _money(float(build_up.company_value))),
        ("-", "market value of debt", _money(float(build_up.debt))),
        ("=", "shareholder value", _money(float(build_up.shareholder_value))),
    )
    share = 100 * float(build_up.residual_share)
    note = f"Residual value: {share:.1f}% of the present value of cash flows and residual."
    title = f"Shareholder value ({ledger.currency})"
    lines = len(rows) - len(customers)
    return Sheet("shareholder-value", title, ("", "Line", "Value"), rows, (note,), 1, rank=2, kept=lines)
