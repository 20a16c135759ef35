"""Discounting: timing, customer value in both forms, and horizon value."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crcsim.valuation.discounting import (
    customer_value,
    customer_value_from_contributions,
    discount_exponent_shift,
    flow_times,
    horizon_multiple,
    horizon_ratio,
    present_value,
    yearly_margin,
)
from crcsim.valuation.rates import nominal_rate, risk_free_rate

RECEIPTS, EXPENSES = np.array([0.0, 120.0, 130.0, 140.0]), np.array([50.0, 70.0, 75.0, 80.0])


@pytest.mark.parametrize(
    ("flow_timing", "expected"), [("end", 61.445671057), ("mid", 64.4447634864), ("begin", 67.5902381628)]
)
def test_annuity_of_ten_years_at_ten_per_cent(flow_timing: str, expected: float) -> None:
    value = present_value(np.full(10, 10.0), 0.1, flow_times(10, 1, flow_timing))

    assert expected == pytest.approx(value, rel=1e-11)


def test_times_of_quarterly_flows() -> None:
    np.testing.assert_array_equal([0.25, 0.5, 0.75], flow_times(3, 4))
    np.testing.assert_array_equal([0.125, 0.375, 0.625], flow_times(3, 4, "mid"))
    np.testing.assert_array_equal([0.0, 0.25, 0.5], flow_times(3, 4, "begin"))


def test_unknown_timing_is_refused() -> None:
    with pytest.raises(ValueError, match="one of end, mid, begin, not 'late'"):
        discount_exponent_shift("late")


def test_flow_at_the_valuation_date_is_not_discounted() -> None:
    assert 5.0 == present_value([5.0], 0.3, [0.0])


def test_present_value_broadcasts_rates_over_flows() -> None:
    flows, times = np.ones((2, 3)), flow_times(3, 1)
    by_path = present_value(flows, np.array([0.0, 0.1]), times)

    np.testing.assert_allclose([3.0, present_value(flows[0], 0.1, times)], by_path, rtol=1e-15)


def test_real_flows_at_the_real_rate_are_nominal_flows_at_the_nominal_rate() -> None:
    times, real, inflation = flow_times(10, 1), 0.07, 0.025
    flows = np.full(10, 10.0)
    grown = flows * (1.0 + inflation) ** times

    assert 70.2358154093 == pytest.approx(present_value(flows, real, times), rel=1e-11)
    assert 70.2358154093 == pytest.approx(
        present_value(grown, nominal_rate(real, inflation), times), rel=1e-11
    )
    assert 62.3130072833 == pytest.approx(
        present_value(flows, nominal_rate(real, inflation), times), rel=1e-11
    )
    assert 70.7934884779 == pytest.approx(
        present_value(grown, risk_free_rate(real, inflation), times), rel=1e-11
    )


def test_customer_value_of_receipts_and_expenses() -> None:
    # CV = e_0 - a_0 + Σ (e_t - a_t)(1 + i)^-t (Schmeisser)
    assert 85.9879789632 == pytest.approx(customer_value(RECEIPTS, EXPENSES, 0.1), rel=1e-11)


def test_both_forms_of_customer_value_agree() -> None:
    investments = np.array([60.0, 5.0, 0.0, 12.0])
    contributions = RECEIPTS - EXPENSES + investments

    first = customer_value(RECEIPTS, EXPENSES, [0.05, 0.1])
    second = customer_value_from_contributions(investments, contributions, [0.05, 0.1])

    np.testing.assert_allclose(first, second, rtol=1e-13)


def test_customer_value_of_quarters() -> None:
    assert 100.0 * 1.1**-0.25 == pytest.approx(customer_value([0.0, 100.0], [0.0, 0.0], 0.1, step=0.25))


def test_horizon_ratio_of_a_year_and_of_its_quarters() -> None:
    year, quarter = horizon_ratio(0.02, 0.1, 0.08), horizon_ratio(0.02, 0.1, 0.08, 0.25)

    assert 1.02 / 1.1 * np.exp(-0.08) == pytest.approx(year, rel=1e-14)
    assert year == pytest.approx(quarter**4, rel=1e-14)


def test_horizon_multiple_is_the_sum_of_all_later_flows() -> None:
    ratio = horizon_ratio(0.02, 0.1, 0.08)

    assert np.sum(ratio ** np.arange(1, 2000)) == pytest.approx(horizon_multiple(ratio), rel=1e-12)


def test_perpetuity_of_gordon() -> None:
    # (1 + g) / (k - g)
    assert 1.02 / 0.08 == pytest.approx(horizon_multiple(horizon_ratio(0.02, 0.1, 0.0)), rel=1e-12)


def test_residual_value_of_rappaport() -> None:
    # last flow 120 growing at 2 % at a WACC of 10 %, discounted over three years
    residual = 120.0 * horizon_multiple(horizon_ratio(0.02, 0.1, 0.0)) * 1.1**-3

    assert 1149.51164538 == pytest.approx(residual, rel=1e-10)
    assert 271.975957926 == pytest.approx(
        present_value([100.0, 110.0, 120.0], 0.1, flow_times(3, 1)), rel=1e-10
    )


@given(growth=st.floats(-0.1, 0.2), rate=st.floats(0.0, 0.3), hazard=st.floats(0.0, 0.5))
def test_yearly_margin_is_the_inverse_ratio(growth: float, rate: float, hazard: float) -> None:
    margin = yearly_margin(growth, rate, hazard)

    assert margin == pytest.approx(1.0 / horizon_ratio(growth, rate, hazard) - 1.0, rel=1e-10, abs=1e-14)


def test_a_perpetuity_that_outgrows_its_rate_has_no_value() -> None:
    assert yearly_margin(0.1, 0.1, 0.0) <= 0.0
    with pytest.raises(ValueError, match="growth below the discount rate"):
        horizon_multiple([0.9, horizon_ratio(0.12, 0.1, 0.01)])
