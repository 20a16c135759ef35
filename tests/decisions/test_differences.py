"""Differences of estimates and their standard errors against closed forms and repetitions."""

import math

import numpy as np
import pytest

from crcsim.decisions import differences


@pytest.mark.parametrize("paired", [True, False])
def test_standard_errors_of_risk_measures_are_calibrated(paired):
    """400 repetitions of X₂ = 1.2 X₁ + Z / 2, or of independent samples with these distributions.

    The standardised errors have a standard deviation within 18 % of 1 (four standard deviations of 3.5 % and
    4 % for bias and noise of the errors), and a mean within 0.4 of 0.
    """
    generator = np.random.default_rng(20260103)
    spread = math.hypot(1.2, 0.5)
    rows = []
    for _ in range(400):
        one, other, noise = generator.standard_normal((3, 1_000))
        two = 1.2 * (one if paired else other) + 0.5 * noise
        rows.append(
            [
                differences.difference(measure(one), measure(two), paired=paired)
                for measure in (differences.sd, differences.cvar)
            ]
        )
    estimates, errors = np.moveaxis(np.array(rows), 2, 0)
    truth = np.array([spread - 1.0, -2.0627128 * (spread - 1.0)])  # E[Z | worst 5 %] = -2.0627128
    standardised = (estimates - truth) / errors

    assert np.all(np.abs(standardised.std(axis=0) - 1.0) < 0.18)
    assert np.all(np.abs(standardised.mean(axis=0)) < 0.4)


def test_errors_of_frequencies_are_those_of_matched_or_independent_pairs():
    """n = 1,000: 300 gain the event, 100 lose it; McNemar: √((a + b)/n - ((a - b)/n)²) / √n."""
    first = np.arange(1_000) < 500
    second = (np.arange(1_000) < 400) | (np.arange(1_000) >= 700)
    value, error = differences.frequency_difference(first, second, paired=True)
    _, independent = differences.frequency_difference(first, second, paired=False)

    assert 0.2 == pytest.approx(value)
    assert math.sqrt((0.4 - 0.04) / 1_000) == pytest.approx(error, rel=0.01)
    assert math.sqrt((0.25 + 0.21) / 1_000) == pytest.approx(independent, rel=0.01)


@pytest.mark.parametrize("paired", [True, False])
def test_an_event_never_seen_has_an_error(paired):
    never = np.zeros(100, dtype=bool)
    value, error = differences.frequency_difference(never, never, paired=paired)

    assert 0.0 == value
    assert 0.005 < error < 0.02


def test_too_thin_a_tail_has_no_error():
    values = np.arange(100.0)
    value, error = differences.difference(differences.cvar(values), differences.cvar(values + 1), paired=True)

    assert 1.0 == pytest.approx(value)
    assert math.isnan(error)


def test_reduction_without_anything_that_varies_is_not_defined():
    assert all(map(math.isnan, differences.reduction(np.full(10, 1.0), np.full(10, 2.0))))


def test_one_side_that_does_not_vary_saves_nothing():
    factor, correlation = differences.reduction(np.full(10, 1.0), np.arange(10.0))

    assert 1.0 == pytest.approx(factor)
    assert math.isnan(correlation)
