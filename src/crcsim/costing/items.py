"""The items of a simulated cash flow: every amount that a path books, by its line and its level.

Items are the lowest level of the cascade on a path: they are signed as they enter the cash flow, and add up
to it. The statements of `lines` are sums of them: diagram 4 by line, diagram 3 by level.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from crcsim.costing.lines import (
    CUSTOMER_CASH_FLOW,
    CUSTOMER_CONTRIBUTION,
    CUSTOMER_COSTING,
    DIRECT_LINES,
    INDIRECT_LINES,
    TIMING_LINES,
    VARIABLE_LINES,
    Form,
    Line,
    cascade,
    cost_class,
)

__all__ = [
    "INVESTMENT_LINES",
    "ITEMS",
    "PROGRAMME_EXPENSES",
    "SIMULATED_CASH_FLOW",
    "SIMULATED_CONTRIBUTION",
    "SIMULATED_COSTING",
    "Item",
    "item_key",
    "statement_amounts",
]

Amount = TypeVar("Amount", bound=Any)

#: Levels at which a process is done; `idle` is capacity that a customer keeps ready and does not use.
PROCESS_LEVELS = ("product", "order", "customer", "idle")
#: Levels that bear costs of no customer.
COMPANY_LEVELS = ("segment", "company")
#: What strategies spend on relationships: direct costs of a customer, or costs of a segment or the company.
PROGRAMME_EXPENSES = ("relationship_spend", "executive_cost")
#: Payments that are no costs of their period.
INVESTMENT_LINES = ("investment", "programme_investment")


@dataclass(frozen=True)
class Item:
    """An item: its line in the cash-flow statement, the level that causes it, its sign in the cash flow."""

    key: str
    line: str
    level: str
    sign: int


def item_key(line: str, level: str) -> str:
    """The key of an item: the line, with the level where the line alone does not say it."""
    told = line in _COSTS or line in _PROGRAMMES
    return f"{line}:{level}" if told and level != _NATURAL.get(line) else line


_PROGRAMMES = (*PROGRAMME_EXPENSES, "programme_investment")
_COSTS = (*VARIABLE_LINES, *DIRECT_LINES, *INDIRECT_LINES)
_NATURAL: Mapping[str, str] = {
    **dict.fromkeys(VARIABLE_LINES, "product"),
    **dict.fromkeys(DIRECT_LINES, "customer"),
    **dict.fromkeys(_PROGRAMMES, "customer"),
}
_CASH_FLOW_SIGNS = {line.key: line.sign for line in CUSTOMER_CASH_FLOW if line.sign}


def _items() -> dict[str, Item]:
    """All items in the order of the statement; a result holds those that its scenario can book."""

    def item(line: str, level: str, sign: int | None = None) -> Item:
        return Item(item_key(line, level), line, level, _CASH_FLOW_SIGNS[line] if sign is None else sign)

    found = [
        item("gross_sales", "product", 1),
        item("price_concessions", "customer", -1),
        item("sales_deductions", "product"),
        *(item(line, "product") for line in VARIABLE_LINES),
        item("variable_add_back", "product"),
        *(item(line, level) for line in DIRECT_LINES for level in ("order", "customer")),
        item("acquisition", "customer", -1),
        *(item(line, "customer", -1) for line in PROGRAMME_EXPENSES),
        item("direct_add_back", "customer"),
        *(item(line, level) for line in INDIRECT_LINES for level in PROCESS_LEVELS),
        item("indirect_add_back", "customer"),
        item("notice_costs", "customer", -1),
        item("notice_add_back", "customer", 1),
        *(item(line, "customer") for line in TIMING_LINES),
        item("write_off", "customer", -1),
        item("tax", "customer", -1),
        item("investment", "customer"),
        item("programme_investment", "customer", -1),
        *(item(line, level, -1) for level in COMPANY_LEVELS for line in (*DIRECT_LINES, *INDIRECT_LINES)),
        item("relationship_spend", "segment", -1),
        *(item(line, "company", -1) for line in PROGRAMME_EXPENSES),
        *(item("programme_investment", level, -1) for level in COMPANY_LEVELS),
        item("unavoidable", "company", -1),
        item("company_add_back", "company", 1),
        item("horizon_value", "customer", 1),
    ]
    return {each.key: each for each in found}


#: Every item a simulation can book, by key, in the order of the statement.
ITEMS: Mapping[str, Item] = _items()

_SALES = (
    Line("gross_sales", 1, "sales before price concessions"),
    Line("price_concessions", -1, "price concessions (takeovers, mergers)"),
    Line("sales", 0, "sales"),
)
_DIRECT = (
    Line("acquisition", -1, "acquisition spending"),
    Line("relationship_spend", -1, "relationship programmes"),
    Line("executive_cost", -1, "executives who deal with the customer"),
)
_AFTER_CONTRIBUTION = (
    Line("notice_costs", -1, "costs in notice after the end of the relation"),
    Line("notice_add_back", 1, "payment-ineffective costs in notice"),
)
_TIMING = (
    Line("write_off", -1, "write-off of receivables"),
    Line("tax", -1, "tax"),
)


def _extended(form: Form) -> Form:
    """The form with what only a simulation can book: sales before concessions, programmes, notice, tax ..."""
    lines: list[Line] = []
    for line in form:
        if line.key == "sales":
            lines += _SALES
        elif line.key == "direct_add_back":
            lines += [*_DIRECT, line]
        elif line.key == "payment_effective_contribution_2":
            lines += [*_AFTER_CONTRIBUTION, line]
        elif line.key == "payment_effective_contribution":
            lines += [*_TIMING, line]
        elif line.key == "investment":
            lines += [line, Line("programme_investment", -1, "investment in relationship programmes")]
        else:
            lines.append(line)
    return tuple(lines)


#: Customer cash flow (Schmeisser, diagram 4) of a simulation.
SIMULATED_CASH_FLOW: Form = _extended(CUSTOMER_CASH_FLOW)
#: Customer contribution (Schmeisser, diagram 3) of a simulation.
SIMULATED_CONTRIBUTION: Form = _extended(CUSTOMER_CONTRIBUTION)
#: Customer costing (Schmeisser, diagram 1) of a simulation.
SIMULATED_COSTING: Form = _extended(CUSTOMER_COSTING)

_COSTING_LINES = {
    "variable": "variable_costs",
    "direct": "direct_customer_costs",
    "indirect": "indirect_customer_costs",
}
_PROCESSING = {
    "product": "product_processing_costs",
    "order": "order_processing_costs",
    "customer": "customer_processing_costs",
    "idle": "non_required_capacity",
}


def _place(form: Form, item: Item) -> str | None:
    """The line of a form in which an item stands; None where the form leaves it out."""
    keys = {line.key for line in form}
    if item.line in keys:
        return item.line
    if item.line in ("acquisition", *PROGRAMME_EXPENSES) and item.level == "customer":
        return "direct_customer_costs"
    if item.line not in _COSTS or item.level in COMPANY_LEVELS:
        return None
    kind = cost_class(item.line)
    if form is SIMULATED_COSTING:
        return _COSTING_LINES[kind]
    if kind == "indirect":
        return _PROCESSING[item.level]
    return {"product": "direct_product_costs", "order": "direct_order_costs"}.get(
        item.level, "direct_customer_costs"
    )


def statement_amounts(form: Form, signed: Mapping[str, Amount], nothing: Amount) -> dict[str, Amount]:
    """All lines of a form from signed items by key: amounts as the form adds or subtracts them."""
    sums: dict[str, Amount] = {}
    for key, amount in signed.items():
        item = ITEMS[key]
        place = _place(form, item)
        if place is not None and item.level not in COMPANY_LEVELS:
            sums[place] = sums.get(place, nothing) + (amount if item.sign > 0 else -amount)
    return cascade(form, sums, nothing)
