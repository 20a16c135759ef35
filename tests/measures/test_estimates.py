"""Estimates meet closed forms, and their standard errors are as large as the estimates scatter."""

import math

import numpy as np
import pytest
from scipy import stats

from crcsim.measures import estimates
from tests.measures.conftest import calibrated

REPETITIONS = 400
PROBABILITIES = (0.05, 0.25, 0.5, 0.75, 0.95)
FLOW, RATE, HAZARD = 10.0, 0.1, 0.08  # a level cash flow with an exponential lifetime


def lifetime_values(generator, paths):
    """NPV of a level cash flow that ends after an exponential lifetime."""
    return FLOW * (1.0 - np.exp(-RATE * generator.exponential(1.0 / HAZARD, paths))) / RATE


def pairs(samples, estimate):
    """Estimates and their errors from samples [repetition, path]."""
    return np.array([estimate(sample) for sample in samples]).T


def test_mean_and_standard_deviation_by_hand():
    sample = np.array([1.0, 2.0, 3.0, 6.0])
    variance, fourth = 14.0 / 3.0, (16.0 + 1.0 + 0.0 + 81.0) / 4.0

    assert (3.0, pytest.approx(math.sqrt(variance / 4.0))) == estimates.mean(sample)
    value, error = estimates.standard_deviation(sample)
    assert math.sqrt(variance) == pytest.approx(value)
    assert math.sqrt((fourth - variance**2 / 3.0) / 4.0) / (2.0 * value) == pytest.approx(error)


def test_one_path_has_no_standard_error():
    one = np.array([5.0])

    assert estimates.mean(one)[0] == 5.0
    assert np.isnan([estimates.mean(one)[1], *estimates.standard_deviation(one)]).all()
    assert np.isnan(estimates.quantiles(one, [0.5])[1]).all()


def test_a_constant_has_no_spread():
    assert estimates.standard_deviation(np.full(10, 3.0)) == (0.0, 0.0)


def test_mean_of_a_lifetime_within_four_standard_errors(generator):
    value, error = estimates.mean(lifetime_values(generator, 100_000))

    assert abs(value - 55.5555555556) <= 4 * error  # false alarms: 6e-5
    assert math.sqrt(881.834215168 / 100_000) == pytest.approx(error, rel=0.01)


@pytest.mark.parametrize("paths", [200, 2000])
def test_mean_and_standard_deviation_cover_the_truth(generator, paths):
    samples = generator.normal(100.0, 40.0, (REPETITIONS, paths))

    assert calibrated(*pairs(samples, estimates.mean), 100.0)
    assert calibrated(*pairs(samples, estimates.standard_deviation), 40.0)


def test_a_ratio_covers_the_truth(generator):
    samples = generator.normal(100.0, 40.0, (REPETITIONS, 500, 2)) + np.array([0.0, 100.0])

    assert calibrated(*pairs(samples, lambda pair: estimates.ratio(pair[:, 0], pair[:, 1])), 0.5)


def test_a_ratio_to_nothing_is_not_a_number():
    assert np.isnan(estimates.ratio(np.ones(3), np.zeros(3))).all()


@pytest.mark.parametrize("probability", [0.01, 0.05, 0.5])
def test_a_proportion_covers_the_truth(generator, probability):
    counts = generator.binomial(2000, probability, REPETITIONS)

    assert calibrated(*estimates.proportion(counts, 2000), probability)


def test_a_proportion_never_seen_is_not_certain():
    found, errors = estimates.proportion([0, 100], 100)

    assert [0.0, 1.0] == list(found)
    assert [math.sqrt(2 / 104 * 102 / 104 / 104)] * 2 == pytest.approx(errors)


def test_quantiles_are_those_of_numpy(generator):
    sample = generator.normal(size=997)

    assert (
        np.quantile(sample, PROBABILITIES).tolist() == estimates.quantiles(sample, PROBABILITIES)[0].tolist()
    )


def test_quantiles_of_a_lifetime_meet_the_exact_ones_and_the_asymptotic_errors(generator):
    exact = [6.21043823436, 30.2046355673, 57.9551792373, 82.3223304703, 97.6356459775]
    asymptotic = [
        0.268960014273,
        0.503704655542,
        0.525560259534,
        0.38273277231,
        0.128824753136,
    ]  # 10,000 paths
    samples = [estimates.quantiles(lifetime_values(generator, 10_000), PROBABILITIES) for _ in range(100)]
    found, errors = np.array(samples).mean(axis=0)

    assert np.all(np.abs(found - exact) <= 4 * np.array(asymptotic) / 10 + 0.01)  # false alarms: 3e-4
    # a single error scatters by 11 % (85 paths in the interval of P5), the mean of 100 by 1.1 %
    assert asymptotic == pytest.approx(errors, rel=0.05)


def test_errors_of_quantiles_agree_with_a_long_bootstrap(generator):
    sample = lifetime_values(generator, 4000)
    again = [np.quantile(generator.choice(sample, sample.size), PROBABILITIES) for _ in range(1000)]

    # both use the same sample; the width scatters by up to 14 % (P5), the bootstrap by 2 %
    assert np.std(again, axis=0) == pytest.approx(estimates.quantiles(sample, PROBABILITIES)[1], rel=0.4)


@pytest.mark.parametrize("probability", PROBABILITIES)
def test_a_quantile_covers_the_truth(generator, probability):
    samples = generator.normal(100.0, 40.0, (REPETITIONS, 2000))

    def one(sample):
        (value,), (error,) = estimates.quantiles(sample, [probability])
        return value, error

    assert calibrated(*pairs(samples, one), stats.norm.ppf(probability, 100.0, 40.0))


def test_a_quantile_too_far_out_for_the_sample_has_no_error(generator):
    errors = estimates.quantiles(generator.normal(size=72), PROBABILITIES)[1]

    assert [True, False, False, False, True] == np.isnan(errors).tolist()
    assert np.isfinite(estimates.quantiles(generator.normal(size=73), PROBABILITIES)[1]).all()


def test_a_quantile_among_tied_values_is_exact():
    assert [0.0, 0.0] == np.ravel(estimates.quantiles(np.zeros(1000), [0.05])).tolist()
