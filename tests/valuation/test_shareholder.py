"""Shareholder value and betas of customers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crcsim.valuation.betas import customer_rate, value_weighted_beta
from crcsim.valuation.capital import unlever_beta
from crcsim.valuation.discounting import (
    flow_times,
    horizon_multiple,
    horizon_ratio,
    present_value,
)
from crcsim.valuation.shareholder import shareholder_value


def test_flows_residual_and_securities_less_debt() -> None:
    times = flow_times(3, 1)
    flows = present_value([100.0, 110.0, 120.0], 0.1, times)
    going_on = 120.0 * horizon_multiple(horizon_ratio(0.02, 0.1, 0.0))
    found = shareholder_value(flows, present_value([going_on], 0.1, times[-1:]), 25.0, 300.0)

    assert 271.975957926 == pytest.approx(found.cash_flows, rel=1e-10)
    assert 1149.51164538 == pytest.approx(found.residual, rel=1e-10)
    assert 1446.48760331 == pytest.approx(found.company_value, rel=1e-10)
    assert 1146.48760331 == pytest.approx(found.shareholder_value, rel=1e-10)
    assert 0.80866807611 == pytest.approx(found.residual_share, rel=1e-10)


def test_shareholder_value_of_paths_is_an_array() -> None:
    found = shareholder_value([10.0, 20.0], [0.0, 5.0], debt=4.0)

    np.testing.assert_array_equal([6.0, 21.0], found.shareholder_value)


@given(st.floats(0.2, 3.0), st.floats(0.1, 1.0), st.floats(0.0, 0.5))
def test_a_customer_like_the_firm_has_the_rate_of_the_firm(beta: float, share: float, tax: float) -> None:
    business = unlever_beta(beta, share, tax)
    firm = share * (0.04 + beta * 0.05) + (1.0 - share) * 0.05 * (1.0 - tax)

    assert firm == pytest.approx(customer_rate(business, 0.04, 0.09, share, 0.05, tax), rel=1e-12)


def test_value_weighted_beta() -> None:
    assert 1.25 == value_weighted_beta([1.0, 2.0], [3.0, 1.0])
    assert np.isnan(value_weighted_beta([1.0, 2.0], [1.0, -1.0]))
