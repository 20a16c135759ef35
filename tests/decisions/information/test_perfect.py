"""Value of perfect information against closed forms and enumeration."""

import math

import numpy as np
import pytest
from scipy.stats import norm

from crcsim.decisions.information.perfect import (
    surely_worth,
    value_of_all,
    value_of_everything,
    value_of_knowing,
)
from crcsim.measures import estimates

PATHS = 20_000


def known(values, parameter):
    """EVPPI with its error, and the share of changed choices."""
    gains, changed = value_of_knowing(values, parameter)
    return estimates.mean(gains), changed.mean()


def linear_normal(generator, mean=-0.3, slope=1.0, noise=2.0):
    """Two alternatives that share a noise; the second is `mean` + `slope` φ ahead, and has its own."""
    phi, common, own = generator.normal(size=(3, PATHS))
    return phi, np.stack([5.0 * common, 5.0 * common + mean + slope * phi + noise * own])


def unit_normal_loss(mean, slope):
    """E[max(0, μ + b φ)] - max(0, μ) = b n(μ/b) + μ N(μ/b) - max(0, μ)."""
    return slope * norm.pdf(mean / slope) + mean * norm.cdf(mean / slope) - max(0.0, mean)


@pytest.mark.parametrize("mean", [-0.3, 0.3, -1.5])
def test_linear_normal_problem_has_its_closed_form(mean):
    """Within 3 standard errors, 1 in 370 for each; the seed is fixed."""
    phi, values = linear_normal(np.random.default_rng(1), mean)
    (found, error), changes = known(values, phi)
    print(f"EVPPI at {mean:g}: {found:.4f} ± {error:.4f} against {unit_normal_loss(mean, 1.0):.4f}")

    assert abs(found - unit_normal_loss(mean, 1.0)) < 3 * error
    assert abs(changes - norm.cdf(-abs(mean))) < 0.05


def test_estimate_and_error_hold_over_repetitions():
    """The mean of 60 scores is within 4/√60 of 0, their spread within 40 % of 1 (1 in 10,000)."""
    truth, scores = unit_normal_loss(-0.3, 1.0), []
    for seed in range(60):
        phi, values = linear_normal(np.random.default_rng(seed))
        (found, error), _ = known(values[:, :4000], phi[:4000])
        scores.append((found - truth) / error)

    assert abs(np.mean(scores)) < 4 / math.sqrt(60)
    assert abs(np.std(scores) - 1.0) < 0.4


def test_two_states_are_enumerated():
    """φ is 0 or 1: a choice after knowing it takes the better of two means each time."""
    generator = np.random.default_rng(2)
    state = (generator.random(PATHS) < 0.3).astype(float)
    values = np.stack([np.zeros(PATHS), np.where(state > 0, 5.0, -3.0)])
    (found, error), changes = known(values, state)

    assert found == pytest.approx(5.0 * state.mean())  # the best without knowing is 0
    assert changes == pytest.approx(state.mean())
    assert abs(found - 1.5) < 4 * error


def test_what_has_nothing_to_do_with_the_choice_is_worth_nothing():
    generator = np.random.default_rng(3)
    _, values = linear_normal(generator, mean=-1.0)
    (found, error), changes = known(values, generator.normal(size=PATHS))

    assert abs(found) <= 3 * error + 1e-12
    assert changes < 0.01


def test_a_monotone_change_of_the_parameter_changes_nothing():
    phi, values = linear_normal(np.random.default_rng(4))

    assert known(values, phi) == known(values, np.exp(phi))


def test_knowing_all_adds_up_what_each_says():
    """D = -0.3 + 0.6 φ + 0.8 ψ: knowing both is the unit normal loss of spread 1, chance none."""
    generator = np.random.default_rng(5)
    one, two, own = generator.normal(size=(3, PATHS))
    values = np.stack([np.zeros(PATHS), -0.3 + 0.6 * one + 0.8 * two + 0.5 * own])
    found, error = value_of_all(values, [one, two])

    assert abs(found - unit_normal_loss(-0.3, 1.0)) < 3 * error
    assert (0.0, 0.0) == value_of_all(values, [])


def test_everything_is_worth_more_than_any_question():
    phi, values = linear_normal(np.random.default_rng(6))
    found, error = value_of_everything(values)

    assert abs(found - unit_normal_loss(-0.3, math.sqrt(5.0))) < 3 * error
    assert found > known(values, phi)[0][0]


def test_sure_is_sure_for_all_together():
    """One-sided 5 %: 1.645 errors for one parameter, 2.326 for five."""
    assert [0] == surely_worth(np.array([[1.7, 1.0]]))
    assert [4] == surely_worth(np.array([[1.7, 1.0], [0.0, 0.0], [-3.0, 1.0], [0.1, 1.0], [2.4, 1.0]]))
    assert [] == surely_worth(np.empty((0, 2)))
