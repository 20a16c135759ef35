"""Mean and tail together, with an error that repetition shows."""

import math

import numpy as np
import pytest
from scipy.stats import norm

from crcsim.decisions.risk_adjusted import RiskAdjusted


def drawn(generator, paths=2000):
    """An effect that is small where the portfolio is: X = 1 + T / 2 + noise, T standard normal."""
    total = generator.normal(size=paths)
    return total, 1.0 + 0.5 * total + generator.normal(0.0, 0.3, paths)


def test_normal_effect_has_its_closed_form():
    """E[X] + λ E[X | T ≤ q] = 1 + λ (1 - φ(z) / (2 α)); bound of 4 errors, false alarms 1 in 15,000."""
    total, effect = drawn(np.random.default_rng(2), 200_000)
    value, error = RiskAdjusted.of(2.0, total).estimate(effect)

    expected = 1.0 + 2.0 * (1.0 - 0.5 * norm.pdf(norm.ppf(0.05)) / 0.05)
    assert abs(value - expected) < 4 * error
    assert value == pytest.approx(float(RiskAdjusted.of(2.0, total).worth(effect)))


def test_standard_error_is_that_of_repetition():
    """The spread of 300 repetitions; its error is 4 %, bound of 4.5 errors."""
    generator, found = np.random.default_rng(3), []
    for _ in range(300):
        total, effect = drawn(generator)
        found.append(RiskAdjusted.of(2.0, total).estimate(effect))
    values, errors = np.array(found).T

    assert 1.0 == pytest.approx(errors.mean() / values.std(ddof=1), abs=0.18)


def test_without_aversion_it_is_the_mean():
    total, effect = drawn(np.random.default_rng(4), 50)

    assert effect.mean() == RiskAdjusted.of(0.0, total).estimate(effect)[0]
    assert math.isfinite(RiskAdjusted.of(0.0, total).estimate(effect)[1])
    assert math.isnan(RiskAdjusted.of(1.0, total).estimate(effect)[1])  # two or three paths in the tail
