"""State prices: what the deflator must price right, with jumps and with regimes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crcsim.valuation.deflator import (
    Regime,
    advance_regimes,
    expected_regime_exponential,
    implied_market_return,
    jump_cumulant,
    normal_cumulant,
    price_of_risk,
    regime_compensator,
    regime_log_mean,
    stationary_regime_probabilities,
)
from crcsim.valuation.risks import event_probability

RISK_FREE, MARKET, VOLATILITY = np.log(1.03), np.log(1.08), 0.17
JUMPS = (0.2, -0.15, 0.1)  # per year, mean and sd of the log size
GOOD = Regime(regime_log_mean(0.12, 0.13), 0.13, 0.15)
BAD = Regime(regime_log_mean(-0.08, 0.28), 0.28, 0.6)
QUARTER = 0.25


def pricing_gap(a: float, premium: float, volatility: float, jumps: tuple[float, float, float]) -> float:
    def cumulant(u: float) -> float:
        return float(normal_cumulant(u, volatility) + jump_cumulant(u, *jumps))

    return cumulant(1.0 - a) - cumulant(-a) - cumulant(1.0) + premium


def test_price_of_risk_without_jumps_is_premium_over_variance() -> None:
    assert (MARKET - RISK_FREE) / VOLATILITY**2 == price_of_risk(RISK_FREE, MARKET, VOLATILITY)


def test_price_of_risk_of_jumps_that_never_come() -> None:
    assert price_of_risk(RISK_FREE, MARKET, VOLATILITY) == price_of_risk(
        RISK_FREE, MARKET, VOLATILITY, 0.0, -0.15, 0.1
    )


def test_crashes_are_paid_for_so_that_the_price_of_risk_falls() -> None:
    plain, crashes = price_of_risk(0.03, 0.08, 0.17), price_of_risk(0.03, 0.08, 0.17, *JUMPS)

    assert 0.0 < crashes < plain


@given(
    premium=st.floats(-0.1, 0.2),
    volatility=st.floats(0.02, 0.5),
    rate=st.floats(0.01, 3.0),
    log_mean=st.floats(-0.5, 0.3),
    log_sd=st.floats(0.0, 0.3),
)
def test_price_of_risk_prices_the_market(
    premium: float, volatility: float, rate: float, log_mean: float, log_sd: float
) -> None:
    a = float(price_of_risk(0.03, 0.03 + premium, volatility, rate, log_mean, log_sd))
    jumps = (rate, log_mean, log_sd)
    scale = float(rate + jump_cumulant(-a, *jumps)) + 1.0

    assert abs(pricing_gap(a, premium, volatility, jumps)) < 1e-13 * scale
    assert 0.0 <= a * np.sign(premium) <= abs(premium) / volatility**2 * (1.0 + 1e-12) + 1e-13


def test_price_of_risk_survives_a_bracket_that_overflows() -> None:
    a = float(price_of_risk(0.03, 0.10, 0.001, *JUMPS))

    assert abs(pricing_gap(a, 0.07, 0.001, JUMPS)) < 1e-14


def test_price_of_risk_does_not_depend_on_its_neighbours() -> None:
    rng = np.random.default_rng(3)
    market, volatility = rng.normal(0.08, 0.04, 257), rng.uniform(0.05, 0.4, 257)
    together = price_of_risk(0.03, market, volatility, *JUMPS)
    alone = [price_of_risk(0.03, m, v, *JUMPS) for m, v in zip(market, volatility, strict=True)]

    np.testing.assert_array_equal(alone, together)
    np.testing.assert_array_equal(
        together[100:163], price_of_risk(0.03, market[100:163], volatility[100:163], *JUMPS)
    )


def test_a_market_that_stands_still_has_no_price_of_risk() -> None:
    assert 0.0 == price_of_risk(0.03, 0.08, 0.0)
    with pytest.raises(ValueError, match="volatility above 0"):
        price_of_risk(0.03, 0.08, 0.0, *JUMPS)


def test_deflator_agrees_with_the_log_capm_on_a_lognormal_flow() -> None:
    # E[D e^(βζ)] / E[e^(βζ)] = (1+r_f)^-Δ e^(-βπΔ) without jumps
    a, beta, premium = price_of_risk(RISK_FREE, MARKET, VOLATILITY), 1.3, MARKET - RISK_FREE

    def cumulant(u: float) -> float:
        return float(normal_cumulant(u, VOLATILITY))

    log_value = -RISK_FREE + cumulant(beta - a) - cumulant(-a) - cumulant(beta)

    assert -(RISK_FREE + beta * premium) == pytest.approx(log_value, rel=1e-13)


def test_risk_neutral_and_risk_adjusted_values_agree() -> None:
    # c e^(μT) e^-(r_f + β MRP)T, continuous CAPM: c = 10, μ = 5 %, β = 1.2, MRP = 5 %, r_f = 3 %
    years = np.array([1.0, 3.0, 5.0, 10.0])
    a = price_of_risk(0.03, 0.08, 0.2)
    covariance = a * 1.2 * 0.2**2  # what the deflator takes off the drift of a flow with beta 1.2

    np.testing.assert_allclose(
        [9.60789439152, 8.86920436717, 8.18730753078, 6.70320046036],
        10.0 * np.exp((0.05 - covariance - 0.03) * years),
        rtol=1e-11,
    )


def test_stationary_probabilities_are_kept_by_the_switch() -> None:
    leave_good, leave_bad = 0.03, 0.14
    good, bad = stationary_regime_probabilities(leave_good, leave_bad)

    assert 1.0 == pytest.approx(good + bad, rel=1e-15)
    assert good == pytest.approx(good * (1.0 - leave_good) + bad * leave_bad, rel=1e-15)


def test_regimes_that_are_never_left_have_no_stationary_start() -> None:
    with pytest.raises(ValueError, match="never left"):
        stationary_regime_probabilities(0.0, 0.0)


def test_two_equal_regimes_are_one_market() -> None:
    only = Regime(0.05, 0.2, 0.4)
    expected = np.exp((0.7 * 0.05 + 0.7**2 * 0.2**2 / 2.0) * QUARTER * np.arange(1, 9))

    np.testing.assert_allclose(
        expected,
        expected_regime_exponential(0.7, 8, only, only._replace(leave_hazard=0.1), QUARTER),
        rtol=1e-13,
    )


def test_recursion_is_the_matrix_product() -> None:
    u, steps = 1.4, 12
    leave = [float(event_probability(regime.leave_hazard, QUARTER)) for regime in (GOOD, BAD)]
    switch = np.array([[1.0 - leave[0], leave[0]], [leave[1], 1.0 - leave[1]]])
    emission = np.diag(
        [np.exp((u * r.log_mean + u**2 * r.volatility**2 / 2.0) * QUARTER) for r in (GOOD, BAD)]
    )
    start = np.array(stationary_regime_probabilities(*leave))
    products = [(start @ np.linalg.matrix_power(switch @ emission, t)).sum() for t in range(1, steps + 1)]

    np.testing.assert_allclose(
        products, expected_regime_exponential(u, steps, GOOD, BAD, QUARTER), rtol=1e-13
    )


def test_recursion_agrees_with_simulated_regimes() -> None:
    """100,000 paths of 20 quarters; bound of four standard errors: one run in 16,000 would fail by chance."""
    rng = np.random.default_rng(5)
    paths, steps = 100_000, 20
    leave = [float(event_probability(regime.leave_hazard, QUARTER)) for regime in (GOOD, BAD)]
    bad = rng.random(paths) >= stationary_regime_probabilities(*leave)[0]
    total = np.zeros(paths)
    for _ in range(steps):
        bad ^= rng.random(paths) < np.where(bad, leave[1], leave[0])
        drift, volatility = (
            np.where(bad, BAD.log_mean, GOOD.log_mean),
            np.where(bad, BAD.volatility, GOOD.volatility),
        )
        total += drift * QUARTER + volatility * np.sqrt(QUARTER) * rng.standard_normal(paths)
    growth = np.exp(total)
    expected = expected_regime_exponential(1.0, steps, GOOD, BAD, QUARTER)[-1]

    assert abs(growth.mean() - expected) < 4.0 * growth.std() / np.sqrt(paths)


def test_compensators_add_up_to_the_log_of_the_mean() -> None:
    compensators = regime_compensator(np.array([0.5, 1.2]), 10, GOOD, BAD, QUARTER)

    assert (10, 2) == compensators.shape
    np.testing.assert_allclose(
        np.log(expected_regime_exponential(np.array([0.5, 1.2]), 10, GOOD, BAD, QUARTER)),
        np.cumsum(compensators, axis=0),
        rtol=1e-12,
    )


def test_one_step_starts_the_recursion() -> None:
    leave = [float(event_probability(regime.leave_hazard, QUARTER)) for regime in (GOOD, BAD)]
    weights = advance_regimes(stationary_regime_probabilities(*leave), 1.0, GOOD, BAD, QUARTER)

    assert expected_regime_exponential(1.0, 1, GOOD, BAD, QUARTER)[0] == sum(weights)


def test_implied_market_return_lies_between_the_regimes() -> None:
    assert -0.08 < implied_market_return(40, GOOD, BAD, QUARTER) < 0.12


def test_implied_market_return_of_one_period_is_the_mean_over_the_start() -> None:
    good, bad = stationary_regime_probabilities(
        event_probability(GOOD.leave_hazard, 1.0), event_probability(BAD.leave_hazard, 1.0)
    )

    assert good * 0.12 - bad * 0.08 == pytest.approx(implied_market_return(1, GOOD, BAD, 1.0), rel=1e-12)
