"""Costing: activity-based costing and the accounting statements of customers (Schmeisser), useful on its own.

A `Ledger` goes this way: `allocation` (cost centres to main processes) -> `charges` (main processes to
who causes them) -> `journal` (every amount as a booking at its level) -> `statements` and `hierarchy`,
which are sums of bookings; `comparison` puts overhead surcharges beside it. Amounts are exact decimals in
whole cents, so that everything adds up to the cent; rates are exact fractions.
"""

from crcsim.costing.allocation import Allocation, allocate
from crcsim.costing.comparison import allocation_effect, complexity_effect, degression_effect
from crcsim.costing.hierarchy import hierarchy
from crcsim.costing.journal import Booking, journal
from crcsim.costing.ledger import Ledger
from crcsim.costing.statements import (
    Statement,
    company_result,
    customer_cash_flow,
    customer_contribution,
    customer_costing,
    product_costing,
)

__all__ = [
    "Allocation",
    "Booking",
    "Ledger",
    "Statement",
    "allocate",
    "allocation_effect",
    "company_result",
    "complexity_effect",
    "customer_cash_flow",
    "customer_contribution",
    "customer_costing",
    "degression_effect",
    "hierarchy",
    "journal",
    "product_costing",
]
