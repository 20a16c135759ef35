"""Cost of capital: textbook numbers, leverage, and uncertain rates."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crcsim.valuation.capital import (
    certainty_equivalent_rate,
    cost_of_equity,
    expected_discount_factor_log_capm,
    log_cost_of_equity,
    log_rate_around,
    log_wacc,
    relever_beta,
    unlever_beta,
    wacc,
)

YEARS = np.array([1.0, 5.0, 10.0, 20.0, 30.0])


def test_cost_of_equity_and_wacc_of_the_textbook() -> None:
    # CAPM and WACC as in Schmeisser: r_f 4 %, beta 1.2, market 9 %, 70 % equity, debt at 5 % before 30 % tax
    equity = cost_of_equity(0.04, 1.2, 0.09)

    assert 0.1 == pytest.approx(equity, rel=1e-12)
    assert 0.0805 == pytest.approx(wacc(equity, 0.05, 0.7, 0.3), rel=1e-12)


def test_exact_risk_free_rate_moves_cost_of_equity_by_one_minus_beta() -> None:
    moved = cost_of_equity(0.0404, 1.2, 0.09) - cost_of_equity(0.04, 1.2, 0.09)

    assert (1.0 - 1.2) * 0.0004 == pytest.approx(moved, rel=1e-10)


def test_market_itself_earns_its_return_in_both_forms() -> None:
    premium = np.log(1.09 / 1.04)

    assert 0.09 == pytest.approx(cost_of_equity(0.04, 1.0, 0.09), rel=1e-14)
    assert np.log(1.09) == pytest.approx(log_cost_of_equity(0.04, 1.0, premium), rel=1e-14)


def test_log_wacc_without_debt_is_the_cost_of_equity() -> None:
    assert 0.08 == log_wacc(0.08, 0.05, 1.0, 0.3)
    assert np.log1p(0.05 * 0.7) == pytest.approx(log_wacc(0.08, 0.05, 0.0, 0.3), rel=1e-14)


@given(beta=st.floats(0.1, 3.0), equity_share=st.floats(0.05, 1.0), tax_rate=st.floats(0.0, 0.6))
def test_relevering_undoes_unlevering(beta: float, equity_share: float, tax_rate: float) -> None:
    unlevered = unlever_beta(beta, equity_share, tax_rate)

    assert unlevered <= beta
    assert beta == pytest.approx(relever_beta(unlevered, equity_share, tax_rate), rel=1e-13)


def test_levered_beta_of_hamada() -> None:
    assert 0.8 * (1.0 + 0.75 * 0.5) == pytest.approx(relever_beta(0.8, 2.0 / 3.0, 0.25), rel=1e-13)


def test_uncertain_rate_is_exact_at_the_centre_and_never_reaches_minus_one() -> None:
    central = 0.08

    assert np.log1p(central) == log_rate_around(central, central)
    assert np.log1p(0.081) == pytest.approx(log_rate_around(0.081, central), abs=1e-6)
    assert np.exp(log_rate_around(-5.0, central)) > 0.0


def test_mean_discount_factor_with_uncertain_beta_and_premium() -> None:
    # moment generating function of a product of independent normals
    factor = expected_discount_factor_log_capm(YEARS, 1.1, 0.2, 0.055, 0.02, intercept=0.032, slope=0.7)

    np.testing.assert_allclose(
        [0.92848766249, 0.692126075392, 0.482581239281, 0.239639979842, 0.122256085901], factor, rtol=1e-9
    )


def test_mean_discount_factor_without_uncertainty_is_the_one_at_the_means() -> None:
    factor = expected_discount_factor_log_capm(YEARS, 1.1, 0.0, 0.055, 0.0, intercept=0.032, slope=0.7)

    np.testing.assert_allclose(
        [0.928346715623, 0.689526602629, 0.475446935733, 0.226049788698, 0.10747467936], factor, rtol=1e-9
    )


def test_mean_discount_factor_and_certainty_equivalent_of_a_normal_rate() -> None:
    # E[e^(-RT)] = e^(-μT + s²T²/2) for a normal continuous rate; certainty-equivalent rate μ - s²T/2
    factor = expected_discount_factor_log_capm(YEARS, 1.0, 0.0, 0.1, 0.02, intercept=0.0)

    np.testing.assert_allclose(
        [0.905018403618, 0.609570907296, 0.375311098851, 0.14660696213, 0.0596059427089], factor, rtol=1e-10
    )
    np.testing.assert_allclose(
        [0.0998, 0.099, 0.098, 0.096, 0.094], np.log1p(certainty_equivalent_rate(factor, YEARS)), rtol=1e-10
    )


def test_mean_discount_factor_of_a_lognormal_gross_rate() -> None:
    factor = expected_discount_factor_log_capm(YEARS[:4], 1.0, 0.0, 0.0951481798043, 0.018, intercept=0.0)

    np.testing.assert_allclose(
        [0.909385502267, 0.62394634554, 0.392475251189, 0.15910934701], factor, rtol=1e-10
    )


def test_standard_error_of_an_industry_cost_of_equity_raises_long_values() -> None:
    # e^(s²T²/2) at s = 3 % a year (Fama and French 1997)
    years = np.array([5.0, 10.0, 15.0, 20.0, 30.0])
    certain = expected_discount_factor_log_capm(years, 1.0, 0.0, 0.08, 0.0, intercept=0.02)
    uncertain = expected_discount_factor_log_capm(years, 1.0, 0.0, 0.08, 0.03, intercept=0.02)

    np.testing.assert_allclose(
        [1.01131351922, 1.04602785991, 1.1065532455, 1.19721736312, 1.49930250006],
        uncertain / certain,
        rtol=1e-10,
    )


def test_mean_discount_factor_agrees_with_simulation() -> None:
    """200,000 draws; the bound is four standard errors, so that one run in 16,000 would fail by chance."""
    rng = np.random.default_rng(11)
    beta, premium = rng.normal(1.1, 0.2, 200_000), rng.normal(0.055, 0.02, 200_000)
    sampled = np.exp(-10.0 * log_cost_of_equity(0.03, beta, premium))
    expected = expected_discount_factor_log_capm(10.0, 1.1, 0.2, 0.055, 0.02, intercept=np.log(1.03))

    assert abs(sampled.mean() - expected) < 4.0 * sampled.std() / np.sqrt(sampled.size)


def test_mean_discount_factor_may_be_infinite() -> None:
    with pytest.raises(ValueError, match="infinite mean discount factor"):
        expected_discount_factor_log_capm(100.0, 1.0, 0.5, 0.05, 0.02, intercept=0.0)
