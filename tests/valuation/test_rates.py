"""Effective rates: parts of a period, logarithms and the risk-free rate."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crcsim.valuation.rates import log_growth, nominal_rate, per_period, risk_free_rate


@given(rate=st.floats(-0.9, 3.0), periods=st.sampled_from([1, 2, 4, 12]))
def test_periods_of_a_year_compound_to_the_year(rate: float, periods: int) -> None:
    compounded = (1.0 + per_period(rate, 1.0 / periods)) ** periods - 1.0

    assert rate == pytest.approx(compounded, rel=1e-13, abs=1e-14)


def test_rate_of_a_quarter() -> None:
    assert 1.1**0.25 - 1.0 == pytest.approx(per_period(0.1, 0.25), rel=1e-13)


def test_log_growth_is_the_continuous_rate() -> None:
    np.testing.assert_allclose([0.0, np.log(1.05)], log_growth([0.0, 0.05]), rtol=1e-14)


def test_risk_free_rate_adds_or_compounds() -> None:
    # Schmeisser adds real rate and expected inflation; Fisher compounds them
    assert 0.04 == risk_free_rate(0.02, 0.02)
    assert 0.0404 == pytest.approx(risk_free_rate(0.02, 0.02, "exact"), rel=1e-14)
    assert risk_free_rate(0.07, 0.025, "exact") == nominal_rate(0.07, 0.025)


def test_risk_free_rate_refuses_another_way_of_adding() -> None:
    with pytest.raises(ValueError, match="'additive' or 'exact', not 'sum'"):
        risk_free_rate(0.02, 0.02, "sum")


def test_rates_broadcast_over_paths_and_steps() -> None:
    assert (3, 2) == per_period(np.full((3, 1), 0.1), np.array([0.5, 1.0])).shape
