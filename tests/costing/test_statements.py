"""Statements: lines by hand, and the same contribution whichever way it is cut."""

from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from crcsim.costing.journal import Booking, journal
from crcsim.costing.ledger import Ledger
from crcsim.costing.lines import (
    CUSTOMER_CASH_FLOW,
    CUSTOMER_CONTRIBUTION,
    PRODUCT_COSTING,
    cascade,
)
from crcsim.costing.reconciliation import reconcile
from crcsim.costing.statements import (
    TOTAL,
    Statement,
    company_result,
    customer_cash_flow,
    customer_contribution,
    customer_costing,
    product_costing,
)
from crcsim.errors import NumericError
from tests.costing.ledgers import CUSTOMERS, PRODUCTS, example, ledgers


def by_period(booking: Booking) -> str:
    return booking.period


def by_customer(booking: Booking) -> str | None:
    return booking.customer


def test_order_and_signs_of_the_cash_flow_statement() -> None:
    signs = {1: "+", -1: "-", 0: "="}
    shown = [(signs[line.sign], line.key) for line in CUSTOMER_CASH_FLOW]

    assert [
        ("+", "sales"),
        ("-", "sales_deductions"),
        ("=", "net_revenue"),
        ("-", "material"),
        ("-", "production"),
        ("-", "distribution"),
        ("+", "variable_add_back"),
        ("=", "payment_effective_product_contribution"),
        ("-", "depreciation"),
        ("-", "marketing"),
        ("-", "other_direct"),
        ("+", "direct_add_back"),
        ("=", "payment_effective_contribution_1"),
        ("-", "indirect_material"),
        ("-", "indirect_production"),
        ("-", "indirect_personnel"),
        ("-", "indirect_administration"),
        ("-", "indirect_distribution"),
        ("-", "product_advertising"),
        ("+", "indirect_add_back"),
        ("=", "payment_effective_contribution_2"),
        ("-", "receivables"),
        ("+", "prepayments_received"),
        ("-", "prepayments_made"),
        ("+", "payables"),
        ("=", "payment_effective_contribution"),
        ("-", "investment"),
        ("=", "cash_flow"),
    ] == shown


def test_contribution_of_the_example_by_hand(repository: Path) -> None:
    ledger = example(repository)
    found = customer_contribution(journal(ledger), ledger.periods, by_period).column("2027")

    assert Decimal(2 * 52_000 + 2 * 12_000) == found["sales"]
    assert Decimal(2 * 30_000 + 2 * 5_500) == found["direct_product_costs"]
    assert Decimal(2 * 300) == found["direct_order_costs"]
    assert Decimal(9_000 + 1_500 + 4_000) == found["direct_customer_costs"]
    assert Decimal(36_700) == found["customer_contribution_1"]
    assert Decimal("11.70") * 300 == found["product_processing_costs"]
    assert Decimal(375) * 4 == found["order_processing_costs"]
    assert Decimal(50) * 16 == found["customer_processing_costs"]
    assert Decimal("11.70") * 340 + 4 * 375 + 8 * 50 == found["non_required_capacity"]
    assert Decimal("25012.00") == found["customer_contribution_2"]


def test_cash_flow_of_the_example_by_hand(repository: Path) -> None:
    ledger = example(repository)
    statement = customer_cash_flow(journal(ledger), ledger.periods, by_period)
    found, later = statement.column("2026"), statement.column("2027")
    timing = ("receivables", "prepayments_received", "prepayments_made", "payables")

    assert Decimal("0.10") * 30_000 == found["variable_add_back"]
    assert Decimal(4_000) == found["depreciation"] == found["direct_add_back"]
    assert Decimal("4.36") * 640 == found["indirect_material"]
    assert Decimal("1.09") * 640 == found["indirect_add_back"]
    assert (0, 0, 0, 0) == tuple(found[key] for key in timing)
    assert (24_560 - 12_660, 2_456 - 1_266, 1_420 - 710, 7_100 - 3_550) == tuple(later[key] for key in timing)
    assert Decimal("-4490.40") == found["cash_flow"]


@given(ledgers())
def test_statements_agree_for_random_ledgers(ledger: Ledger) -> None:
    found = journal(ledger)
    for columns, column_of in ((CUSTOMERS, by_customer), (ledger.periods, by_period)):
        costing = customer_costing(found, columns, column_of)
        contribution = customer_contribution(found, columns, column_of)
        reconcile(costing, contribution, customer_cash_flow(found, columns, column_of))

    company = company_result(found, ledger.periods)
    assert contribution.total["customer_contribution_2"] == company.total["customer_contribution_2"]


@given(ledgers())
def test_product_costing_and_customer_costing_start_from_the_same_contribution(ledger: Ledger) -> None:
    found = journal(ledger)
    products = product_costing(found, PRODUCTS).total
    customers = customer_costing(found, CUSTOMERS, by_customer).total

    assert products["product_contribution_1"] == customers["product_contribution_1"]


@given(ledgers())
def test_the_result_is_revenue_less_all_costs(ledger: Ledger) -> None:
    revenue = sum(line.net_revenue - line.variable_costs for line in ledger.orders)
    costs = sum(item.amount for item in ledger.costs) + sum(sub.cost for sub in ledger.sub_processes)

    assert revenue - costs == company_result(journal(ledger), ledger.periods).total["result"]


def one_product(whole: dict[str, Decimal], part: dict[str, Decimal]) -> Statement:
    amounts = {key: (part[key], whole[key]) for key in whole}
    return Statement(PRODUCT_COSTING, ("plain", TOTAL), amounts)


def test_what_does_not_add_up_is_refused() -> None:
    one = cascade(PRODUCT_COSTING, {"sales": Decimal(1)}, Decimal(0))
    two = cascade(PRODUCT_COSTING, {"sales": Decimal(2)}, Decimal(0))

    assert one == one_product(one, one).total
    with pytest.raises(NumericError, match="subtotals of column plain"):
        one_product(one, one | {"net_revenue": Decimal(3)})
    with pytest.raises(NumericError, match="columns of line sales"):
        one_product(two, one)


def test_statements_that_disagree_are_found(repository: Path) -> None:
    ledger = example(repository)
    found = journal(ledger)
    fewer = [booking for booking in found if booking.line != "marketing"]
    costing, contribution, cash_flow = (
        make(bookings, ledger.periods, by_period)
        for make, bookings in (
            (customer_costing, found),
            (customer_contribution, fewer),
            (customer_cash_flow, found),
        )
    )

    with pytest.raises(NumericError, match=r"contribution I of 2026 is 11500\.00 .* 14500\.00"):
        reconcile(costing, contribution, cash_flow)


def test_a_form_runs_over_arrays_as_over_decimals() -> None:
    paths = np.array([1.0, 2.0])
    found = cascade(CUSTOMER_CONTRIBUTION, {"sales": 10 * paths, "direct_order_costs": paths}, np.zeros(2))

    assert [9.0, 18.0] == list(found["customer_contribution_2"])
