"""From the customers to the company in a simulation: costs of no customer, tax, cash flow, value.

The statement for the company below those of its customers (Schmeisser, SOURCES C6 to C8): what no customer
causes stays with the segment or the company, and enters here for the first time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from crcsim.costing.items import COMPANY_LEVELS, INVESTMENT_LINES, ITEMS, Item
from crcsim.costing.lines import TIMING_LINES, Form, Line, cascade

__all__ = ["COMPANY_CASH_FLOW", "COMPANY_VALUE", "SHAREHOLDER_VALUE", "company_amounts"]

Amount = TypeVar("Amount", bound=Any)

#: From contribution II of all customers to the cash flow of the portfolio.
COMPANY_CASH_FLOW: Form = (
    Line("customer_contribution_2", 1, "customer contribution II of all customers"),
    Line("segment", -1, "segment costs"),
    Line("segment_contribution", 0, "contribution of segments"),
    Line("company", -1, "company costs"),
    Line("unavoidable", -1, "costs that stay after the end of relations"),
    Line("notice_costs", -1, "costs in notice after the end of relations"),
    Line("write_off", -1, "write-off of receivables"),
    Line("result_before_tax", 0, "result before tax and interest"),
    Line("tax", -1, "tax"),
    Line("result", 0, "result after tax"),
    Line("add_back", 1, "payment-ineffective costs"),
    Line("working_capital", -1, "increase of working capital"),
    Line("investment", -1, "investment payments"),
    Line("programme_investment", -1, "investment in relationship programmes"),
    Line("portfolio_cash_flow", 0, "cash flow of the portfolio"),
)

#: The same for present values: the value after the last period comes to it.
COMPANY_VALUE: Form = (
    *COMPANY_CASH_FLOW,
    Line("horizon_value", 1, "value after the last period"),
    Line("portfolio_value", 0, "value of the portfolio"),
)

#: Shareholder value (Rappaport; SOURCES C13) with the portfolio as the operating part.
SHAREHOLDER_VALUE: Form = (
    *COMPANY_VALUE,
    Line("securities", 1, "marketable securities"),
    Line("company_value", 0, "company value"),
    Line("debt", -1, "market value of debt"),
    Line("shareholder_value", 0, "shareholder value"),
)

_SIGNS = {line.key: line.sign for line in SHAREHOLDER_VALUE}
_ALONE = ("unavoidable", "write_off", "tax", *INVESTMENT_LINES, "horizon_value")


def company_amounts(
    form: Form,
    customers: Mapping[str, Amount],
    levels: Iterable[tuple[str, Mapping[str, Amount]]],
    nothing: Amount,
    stated: Mapping[str, Amount] | None = None,
) -> dict[str, Amount]:
    """All lines of a company form: amounts as the form adds or subtracts them.

    `customers`: signed items of all customers together; `levels`: of each level, with its name ("company" or
    "segment:<name>"); `stated`: further lines as they stand in the form (securities, debt).
    """
    sums: dict[str, Amount] = dict(stated or {})
    for bearer, signed in (("", customers), *levels):
        for key, amount in signed.items():
            place = _place(ITEMS[key], bearer)
            sums[place] = sums.get(place, nothing) + (amount if _SIGNS[place] > 0 else -amount)
    keys = {line.key for line in form}
    return cascade(form, {key: amount for key, amount in sums.items() if key in keys}, nothing)


def _place(item: Item, bearer: str) -> str:
    """The line in which an item of a bearer stands; `bearer` is empty for customers."""
    if item.line.endswith("add_back"):
        return "add_back"
    if item.line in _ALONE:
        return item.line
    if item.line in TIMING_LINES:
        return "working_capital"
    if bearer or item.level in COMPANY_LEVELS:
        return "segment" if bearer.startswith("segment:") else "company"
    return "notice_costs" if item.line == "notice_costs" else "customer_contribution_2"
