"""Closed forms with no uncertainty but the customer's end."""

import numpy as np
import pytest

from crcsim.valuation.annuities import annuity_multiple, expected_lifetime, expected_years_active
from crcsim.valuation.discounting import horizon_ratio

RETENTIONS, RATES = np.array([0.6, 0.7, 0.8, 0.9]), np.array([0.1, 0.12, 0.14, 0.16])


def test_margin_multiples_of_gupta_and_lehmann() -> None:
    # r / (1 + i - r), customer lifetime value over margin (Gupta and Lehmann 2003)
    multiples = annuity_multiple(RETENTIONS[:, np.newaxis] / (1.0 + RATES), np.inf)

    np.testing.assert_allclose(
        [
            [1.2, 1.15384615385, 1.11111111111, 1.07142857143],
            [1.75, 1.66666666667, 1.59090909091, 1.52173913043],
            [2.66666666667, 2.5, 2.35294117647, 2.22222222222],
            [4.5, 4.09090909091, 3.75, 3.46153846154],
        ],
        multiples,
        rtol=1e-11,
    )


def test_margin_multiple_with_growing_margins() -> None:
    # flows m (1+g)^t at t = 1, 2, ..., and the same with the first flow not yet grown
    multiple = annuity_multiple(horizon_ratio(0.03, 0.12, -np.log(0.9)), np.inf)

    assert 4.80310880829 == pytest.approx(multiple, rel=1e-10)
    assert 4.66321243523 == pytest.approx(multiple / 1.03, rel=1e-10)


def test_margin_multiple_of_five_years() -> None:
    assert 285.008475576 == pytest.approx(100.0 * annuity_multiple(0.9 / 1.1, 5), rel=1e-11)


def test_mean_value_of_a_growing_wallet_at_a_constant_hazard() -> None:
    # c q (1 - q^n) / (1 - q), q = e^(mu - h) / (1 + d)
    ratio = horizon_ratio(np.expm1(0.04), 0.1, 0.08)

    assert 51.1804215511 == pytest.approx(10.0 * annuity_multiple(ratio, 10), rel=1e-10)


def test_annuity_at_no_discounting_is_the_number_of_flows() -> None:
    np.testing.assert_array_equal([7.0, 12.0], annuity_multiple(1.0, [7, 12]))


def test_annuity_is_the_sum_of_its_powers() -> None:
    assert sum(0.97**t for t in range(1, 41)) == pytest.approx(annuity_multiple(0.97, 40), rel=1e-12)


def test_lifetime_at_a_constant_hazard() -> None:
    np.testing.assert_array_equal([12.5, np.inf], expected_lifetime([0.08, 0.0]))


def test_years_active_grow_from_the_horizon_to_the_lifetime() -> None:
    assert 10.0 == expected_years_active(0.0, 10.0)
    assert 12.5 == pytest.approx(expected_years_active(0.08, 1000.0), rel=1e-12)
    assert 10.0 * (1.0 - 0.08 * 10.0 / 2.0) < expected_years_active(0.08, 10.0) < 10.0


def test_value_of_a_level_flow_under_two_causes() -> None:
    # (c + Σ h_k R_k)(1 - e^-(ρ+h)T) / (ρ+h): 10 a year, 25 when taken over
    value = (10.0 + 0.05 * 25.0) * expected_years_active(0.1 + 0.06 + 0.05, 10.0)

    assert 47.0112627722 == pytest.approx(value, rel=1e-10)


def test_a_hazard_counted_twice_takes_away_value() -> None:
    # continuous level flow of 10 at 10 %, hazard 8 %, against the same hazard as a premium in the rate too
    once, twice = 10.0 * expected_lifetime(0.1 + 0.08), 10.0 * expected_lifetime(0.18 + 0.08)

    assert 55.5555555556 == pytest.approx(once, rel=1e-11)
    assert 38.4615384615 == pytest.approx(twice, rel=1e-11)
    assert 71.4285714286 == pytest.approx(10.0 * expected_lifetime(0.1 + 0.08 - 0.04), rel=1e-11)
