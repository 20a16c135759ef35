"""Statements held against each other: the same contribution, whichever way it is cut."""

from __future__ import annotations

from decimal import Decimal

from crcsim.costing.statements import Statement
from crcsim.errors import NumericError

__all__ = ["reconcile"]


def reconcile(
    costing: Statement, contribution: Statement, cash_flow: Statement, products: Statement | None = None
) -> None:
    """Check diagrams 1, 3 and 4 of the same bookings and columns against each other, column by column.

    Contribution I and II of diagrams 1 and 3 are equal; the payment-effective ones of diagram 4 are those
    plus what was added back. With `products`, product costing (diagram 1) ends where customer costing goes
    on; its total may hold a column more, of what no customer causes. Raises NumericError where they are not.
    """
    if products is not None:
        for column in costing.columns[:-1]:
            ends = (each.column(column)["product_contribution_1"] for each in (products, costing))
            _same(f"product contribution I of {column}", *ends)
    for column in costing.columns:
        one, three, four = (each.column(column) for each in (costing, contribution, cash_flow))
        added = four["variable_add_back"] + four["direct_add_back"]
        steps = {
            "contribution I": (one["customer_contribution_1"], three["customer_contribution_1"]),
            "contribution II": (one["customer_contribution_2"], three["customer_contribution_2"]),
            "payment-effective contribution I": (
                four["payment_effective_contribution_1"],
                three["customer_contribution_1"] + added,
            ),
            "payment-effective contribution II": (
                four["payment_effective_contribution_2"],
                three["customer_contribution_2"] + added + four["indirect_add_back"],
            ),
        }
        for name, pair in steps.items():
            _same(f"{name} of {column}", *pair)


def _same(name: str, first: Decimal, second: Decimal) -> None:
    if first != second:
        raise NumericError(f"{name} is {first} in one statement and {second} in another")
