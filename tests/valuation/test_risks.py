"""Hazards and competing risks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crcsim.valuation.risks import (
    event_probability,
    hazard_from_yearly_probability,
    hazards_observed_together,
    incidence,
    weibull_period_hazard,
)

CHURN, TAKEOVER = 0.06, 0.05  # hazards per year


@given(st.floats(0.0, 0.999))
def test_a_year_at_a_hazard_gives_the_yearly_probability_back(probability: float) -> None:
    back = event_probability(hazard_from_yearly_probability(probability), 1.0)

    assert probability == pytest.approx(back, rel=1e-13, abs=1e-300)


@given(hazard=st.floats(0.0, 5.0), periods=st.sampled_from([1, 2, 4, 12]))
def test_survival_of_a_year_does_not_depend_on_the_grid(hazard: float, periods: int) -> None:
    survival = (1.0 - event_probability(hazard, 1.0 / periods)) ** periods

    assert np.exp(-hazard) == pytest.approx(survival, rel=1e-12)


@pytest.mark.parametrize("probability", [1.0, -0.1, 1.5])
def test_a_certain_or_impossible_probability_has_no_hazard(probability: float) -> None:
    with pytest.raises(ValueError, match="at least 0 and below 1"):
        hazard_from_yearly_probability([0.1, probability])


def test_probabilities_of_a_year_under_two_causes() -> None:
    # p_k = h_k / h (1 - e^-h), competing risks with constant hazards
    assert 0.104165864703 == pytest.approx(event_probability(CHURN + TAKEOVER, 1.0), rel=1e-10)
    np.testing.assert_allclose(
        [0.0568177443837, 0.0473481203198], incidence([CHURN, TAKEOVER], 1.0), rtol=1e-10
    )


def test_incidence_of_ten_years_is_below_the_single_cause_formula() -> None:
    by_cause = incidence([CHURN, TAKEOVER], 10.0)

    np.testing.assert_allclose([0.363888499801, 0.303240416501], by_cause, rtol=1e-10)
    assert 0.332871083698 == pytest.approx(1.0 - by_cause.sum(), rel=1e-10)
    assert 0.451188363906 == pytest.approx(event_probability(CHURN, 10.0), rel=1e-10)


def test_incidence_without_hazards_is_zero_and_keeps_its_shape() -> None:
    hazards = np.zeros((3, 5))

    np.testing.assert_array_equal(hazards, incidence(hazards, np.arange(5.0)))


@given(st.lists(st.floats(0.0, 0.2), min_size=1, max_size=4))
def test_hazards_observed_together_give_their_probabilities_back(probabilities: list[float]) -> None:
    back = incidence(hazards_observed_together(probabilities), 1.0)

    np.testing.assert_allclose(probabilities, back, rtol=1e-12, atol=1e-300)


def test_one_cause_observed_alone_is_the_plain_hazard() -> None:
    assert hazard_from_yearly_probability(0.07) == pytest.approx(
        hazards_observed_together([0.07])[0], rel=1e-14
    )


def test_hazards_observed_together_broadcast_and_meet_zero() -> None:
    churn, takeover = hazards_observed_together([np.array([0.0, 0.1]), 0.0])

    np.testing.assert_allclose([0.0, -np.log(0.9)], churn, rtol=1e-14)
    np.testing.assert_array_equal([0.0, 0.0], takeover)


def test_causes_cannot_be_more_than_certain_together() -> None:
    with pytest.raises(ValueError, match="add up to less than 1"):
        hazards_observed_together([0.6, 0.4])


def test_weibull_hazard_of_shape_one_is_constant() -> None:
    assert 0.05 * 0.25 == pytest.approx(weibull_period_hazard(0.05, 1.0, 5.0, 7.0, 0.25), rel=1e-13)


def test_weibull_hazard_is_finite_at_the_start_and_stated_at_the_reference() -> None:
    # integral of base (a / reference)^(shape - 1) over the period
    start = weibull_period_hazard(0.05, 0.5, 4.0, 0.0, 1.0)
    at_reference = weibull_period_hazard(0.05, 0.5, 4.0, 4.0, 1e-6) / 1e-6

    assert 0.05 * 2.0 / 0.5 == pytest.approx(start, rel=1e-14)
    assert 0.05 == pytest.approx(at_reference, rel=1e-6)


@given(shape=st.floats(0.3, 3.0), age=st.floats(0.0, 30.0))
def test_weibull_hazards_of_quarters_add_up_to_the_year(shape: float, age: float) -> None:
    quarters = weibull_period_hazard(0.05, shape, 5.0, age + np.arange(4) / 4.0, 0.25).sum()

    assert weibull_period_hazard(0.05, shape, 5.0, age, 1.0) == pytest.approx(quarters, rel=1e-10)
