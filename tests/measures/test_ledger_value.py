"""Value of a ledger: both forms of customer value, rates of customers, shareholder value."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from crcsim.costing.journal import journal
from crcsim.costing.ledger import Ledger
from crcsim.errors import NumericError
from crcsim.measures.ledger_value import RateBuildUp, ledger_value, rate_build_up
from tests.costing.ledgers import example, ledgers

BUILT_UP: dict[str, Any] = {
    "rate": None,
    "real_rate": 0.02,
    "expected_inflation": 0.02,
    "fisher": "additive",
    "expected_market_return": 0.09,
    "beta": 1.2,
    "equity_share": 0.7,
    "cost_of_debt": (0.04, 0.05, 0.06),
    "tax_rate": 0.3,
}
RESIDUAL = {
    "securities": Decimal(2500),
    "debt": Decimal(60000),
    "residual": {"growth": 0.01, "cash_flow": None},
}


def test_rate_is_built_up_as_in_the_textbook() -> None:
    found = rate_build_up(BUILT_UP)

    assert pytest.approx((0.04, 0.10, 0.05, 0.0805), rel=1e-12) == (
        found.risk_free, found.cost_of_equity, found.cost_of_debt, found.rate,
    )  # fmt: skip


def test_a_stated_rate_is_taken_as_it_is() -> None:
    assert RateBuildUp(0.08) == rate_build_up({"rate": 0.08})


def test_customer_value_of_the_example_by_hand(repository: Path) -> None:
    ledger = example(repository)
    found = ledger_value(ledger, journal(ledger), [0.0, 1.0, 2.0], RateBuildUp(0.0805), {}, None)
    (customer,) = found.customers

    np.testing.assert_allclose([-4490.40, 27839.60, 73369.60], customer.receipts - customer.expenses)
    assert -4490.40 + 27839.60 / 1.0805 + 73369.60 / 1.0805**2 == pytest.approx(customer.value, rel=1e-12)
    assert customer.value == pytest.approx(customer.value_from_contributions, rel=1e-12)
    assert found.shareholder is None


@given(ledgers())
def test_both_forms_of_customer_value_are_equal(ledger: Ledger) -> None:
    found = ledger_value(ledger, journal(ledger), [0.5, 1.5], RateBuildUp(0.1), {}, None)

    for customer in found.customers:
        scale = np.abs(customer.receipts).sum() + np.abs(customer.expenses).sum() + 1.0
        assert customer.value == pytest.approx(customer.value_from_contributions, abs=1e-9 * scale)


def test_shareholder_value_is_reconciled_with_the_customers(repository: Path) -> None:
    ledger = example(repository)
    found = ledger_value(ledger, journal(ledger), [0.0, 1.0, 2.0], rate_build_up(BUILT_UP), {}, RESIDUAL)
    build_up = found.shareholder
    assert build_up is not None

    flows = sum(customer.value for customer in found.customers) + found.unallocated_value
    lasting = 89_109.60 - 800.00 - 1_000.00 - 1_350.00 - (967.00 - 10.90)
    assert flows == pytest.approx(build_up.cash_flows, rel=1e-12)
    assert lasting * 1.01 / (0.0805 - 0.01) / 1.0805**2 == pytest.approx(build_up.residual, rel=1e-12)
    assert flows + build_up.residual + 2500 - 60000 == pytest.approx(build_up.shareholder_value, rel=1e-12)


def test_a_stated_residual_flow_and_quarters(repository: Path) -> None:
    ledger = example(repository)
    stated = RESIDUAL | {"residual": {"growth": 0.0, "cash_flow": Decimal(100)}}
    found = ledger_value(ledger, journal(ledger), [0.25, 0.5, 0.75], RateBuildUp(0.08), {}, stated)

    assert found.shareholder is not None
    quarter = 1.08**0.25 - 1.0
    assert 100 / quarter / 1.08**0.75 == pytest.approx(found.shareholder.residual, rel=1e-12)


def test_a_perpetuity_without_limit_is_refused(repository: Path) -> None:
    ledger = example(repository)
    stated = RESIDUAL | {"residual": {"growth": 0.09, "cash_flow": None}}

    with pytest.raises(NumericError, match=r"growth of 0\.09 is not below the rate of 0\.0805"):
        ledger_value(ledger, journal(ledger), [0.0, 1.0, 2.0], rate_build_up(BUILT_UP), {}, stated)


def test_customers_with_a_beta_have_a_rate_of_their_own(repository: Path) -> None:
    ledger = example(repository)
    firm = rate_build_up(BUILT_UP)
    assert firm.business_beta is not None
    like_the_firm = {"Halvorsund": firm.business_beta}
    found = ledger_value(ledger, journal(ledger), [0.0, 1.0, 2.0], firm, like_the_firm, None)

    assert firm.rate == pytest.approx(found.customers[0].rate, rel=1e-12)
    assert firm.business_beta == pytest.approx(found.weighted_beta, rel=1e-12)
    with pytest.raises(NumericError, match="Halvorsund has a beta"):
        ledger_value(ledger, journal(ledger), [0.0, 1.0, 2.0], RateBuildUp(0.08), like_the_firm, None)


def test_flows_without_a_customer_are_unallocated(repository: Path) -> None:
    ledger = replace(example(repository), costs=(), sub_processes=())
    found = ledger_value(ledger, journal(ledger), [0.0, 1.0, 2.0], RateBuildUp(0.08), {}, None)

    assert [0.0, 0.0, 0.0] == list(found.unallocated)
