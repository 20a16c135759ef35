"""The lines of the statements, and the three diagrams of the source as cascades of them.

A form is data: `cascade` runs it over exact amounts as well as over arrays of simulated paths.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

__all__ = [
    "COMPANY_RESULT",
    "CUSTOMER_CASH_FLOW",
    "CUSTOMER_CONTRIBUTION",
    "CUSTOMER_COSTING",
    "DIRECT_LINES",
    "INDIRECT_LINES",
    "PRODUCT_COSTING",
    "TIMING_LINES",
    "VARIABLE_LINES",
    "Form",
    "Line",
    "cascade",
    "cost_class",
]

Amount = TypeVar("Amount", bound=Any)

VARIABLE_LINES = ("material", "production", "distribution")
DIRECT_LINES = ("depreciation", "marketing", "other_direct")
INDIRECT_LINES = (
    "indirect_material",
    "indirect_production",
    "indirect_personnel",
    "indirect_administration",
    "indirect_distribution",
    "product_advertising",
)
TIMING_LINES = ("receivables", "prepayments_received", "prepayments_made", "payables")


def cost_class(line: str) -> str:
    """Whether a line is `variable`, `direct` or `indirect` cost; KeyError for what is no cost."""
    return _CLASSES[line]


_CLASSES = {
    **dict.fromkeys(VARIABLE_LINES, "variable"),
    **dict.fromkeys(DIRECT_LINES, "direct"),
    **dict.fromkeys(INDIRECT_LINES, "indirect"),
}


@dataclass(frozen=True)
class Line:
    """A line of a statement: sign 1 is added, -1 subtracted, 0 is the sum of all lines above it."""

    key: str
    sign: int
    label: str


Form = tuple[Line, ...]

_NET_REVENUE = (
    Line("sales", 1, "sales"),
    Line("sales_deductions", -1, "sales deductions"),
    Line("net_revenue", 0, "net revenue"),
)
_VARIABLE_COSTS = (
    Line("material", -1, "material"),
    Line("production", -1, "variable production"),
    Line("distribution", -1, "variable distribution"),
)

#: Product costing (Schmeisser, diagram 1).
PRODUCT_COSTING: Form = (
    *_NET_REVENUE,
    *_VARIABLE_COSTS,
    Line("product_contribution_1", 0, "product contribution I"),
)

#: Customer costing (Schmeisser, diagram 1).
CUSTOMER_COSTING: Form = (
    *_NET_REVENUE,
    Line("variable_costs", -1, "variable costs of the products bought"),
    Line("product_contribution_1", 0, "product contribution I"),
    Line("direct_customer_costs", -1, "direct customer costs"),
    Line("customer_contribution_1", 0, "customer contribution I"),
    Line("indirect_customer_costs", -1, "indirect customer costs"),
    Line("customer_contribution_2", 0, "customer contribution II"),
)

#: Customer contribution with process costs (Schmeisser, diagram 3).
CUSTOMER_CONTRIBUTION: Form = (
    *_NET_REVENUE,
    Line("direct_product_costs", -1, "direct product costs"),
    Line("direct_order_costs", -1, "direct order costs"),
    Line("direct_customer_costs", -1, "direct customer costs"),
    Line("customer_contribution_1", 0, "customer contribution I"),
    Line("product_processing_costs", -1, "product processing costs"),
    Line("order_processing_costs", -1, "order processing costs"),
    Line("customer_processing_costs", -1, "customer processing costs"),
    Line("non_required_capacity", -1, "cost of non-required capacity"),
    Line("customer_contribution_2", 0, "customer contribution II"),
)

#: Customer cash flow (Schmeisser, diagram 4), and the timing of payments that the text adds to it.
CUSTOMER_CASH_FLOW: Form = (
    *_NET_REVENUE,
    *_VARIABLE_COSTS,
    Line("variable_add_back", 1, "payment-ineffective variable costs"),
    Line("payment_effective_product_contribution", 0, "payment-effective product contribution"),
    Line("depreciation", -1, "depreciation on tangible assets"),
    Line("marketing", -1, "ongoing marketing"),
    Line("other_direct", -1, "other direct customer costs"),
    Line("direct_add_back", 1, "payment-ineffective direct customer costs"),
    Line("payment_effective_contribution_1", 0, "payment-effective customer contribution I"),
    Line("indirect_material", -1, "indirect material"),
    Line("indirect_production", -1, "indirect production"),
    Line("indirect_personnel", -1, "indirect personnel"),
    Line("indirect_administration", -1, "indirect administration"),
    Line("indirect_distribution", -1, "indirect distribution"),
    Line("product_advertising", -1, "product advertising"),
    Line("indirect_add_back", 1, "payment-ineffective indirect customer costs"),
    Line("payment_effective_contribution_2", 0, "payment-effective customer contribution II"),
    Line("receivables", -1, "increase of receivables (sales on credit)"),
    Line("prepayments_received", 1, "increase of prepayments received"),
    Line("prepayments_made", -1, "increase of prepayments made"),
    Line("payables", 1, "increase of payables (purchases on credit)"),
    Line("payment_effective_contribution", 0, "payment-effective customer contribution after timing"),
    Line("investment", -1, "investment payments"),
    Line("cash_flow", 0, "customer cash flow"),
)

#: From the customers to the company: what no customer causes stays where it arises.
COMPANY_RESULT: Form = (
    Line("customer_contribution_2", 1, "customer contribution II of all customers"),
    Line("product", -1, "product costs that no customer causes"),
    Line("segment", -1, "segment costs"),
    Line("segment_contribution", 0, "contribution of products and segments"),
    Line("company", -1, "company costs"),
    Line("other_objects", -1, "processes done for others"),
    Line("idle_capacity", -1, "idle capacity that no customer causes"),
    Line("unassigned", -1, "costs of no main process"),
    Line("result", 0, "result before taxes and interest"),
)


def cascade(form: Form, amounts: Mapping[str, Amount], nothing: Amount) -> dict[str, Amount]:
    """All lines of a form: the stated amounts, `nothing` where none is, and running sums as subtotals."""
    found: dict[str, Amount] = {}
    running = nothing
    for line in form:
        if line.sign == 0:
            found[line.key] = running
        else:
            found[line.key] = amounts.get(line.key, nothing)
            running = running + found[line.key] if line.sign > 0 else running - found[line.key]
    return found
