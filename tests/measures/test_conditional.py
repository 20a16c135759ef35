"""Means near a percentile: which paths count, and standard errors that are as large as the scatter."""

import numpy as np
import pytest
from scipy.stats import norm

from crcsim.measures.conditional import window
from tests.measures.conftest import calibrated


def test_the_window_holds_the_ranks_around_the_percentile():
    root = np.random.default_rng(1).permutation(100_000).astype(float)
    found = window(root, 0.05)

    assert 2_000 == found.count
    assert (4_000, 5_999) == (found.root[found.first], found.root[found.last - 1])
    assert (0.04, 0.06) == found.ranks
    assert set(root[found.band]) == set(range(10_000))


def test_a_small_sample_keeps_two_hundred_paths_and_moves_them_inside():
    root = np.arange(1_000.0)[::-1]

    assert (0.4, 0.6) == window(root, 0.5).ranks
    assert (0.0, 0.2) == window(root, 0.05).ranks
    assert (0.8, 1.0) == window(root, 0.95).ranks
    assert 50 == window(root[:50], 0.5).count


def test_the_mean_is_that_of_the_paths_of_the_window():
    generator = np.random.default_rng(2)
    root, line = generator.standard_normal((2, 3_000))
    found = window(root, 0.3)
    inside = np.sort(root)[800:1_000]

    mean, _ = found.mean(line[found.band])
    assert mean == pytest.approx(line[np.isin(root, inside)].mean())
    assert found.mean(found.root)[0] == pytest.approx(inside.mean())


def test_what_is_certain_has_no_error():
    found = window(np.full(500, 3.0), 0.5)

    assert found.mean(found.root) == pytest.approx((3.0, 0.0), abs=1e-15)
    assert np.isnan(window(np.array([1.0]), 0.5).mean(np.array([1.0]))[1])


@pytest.mark.parametrize("probability", [0.0, 1.0, -0.05, np.nan])
def test_a_percentile_lies_inside(probability):
    with pytest.raises(ValueError, match="a percentile lies between 0 and 100"):
        window(np.arange(10.0), probability)


def test_standard_errors_are_as_large_as_the_scatter():
    """Lines jointly normal with the root: E[X | root near its percentile] is known, window included."""
    generator, repetitions, paths = np.random.default_rng(3), 400, 2_000
    loadings = np.array([1.0, 0.7, 0.0])
    estimates, errors, truths = [], [], []
    for probability in (0.1, 0.5):
        low, high = norm.ppf(probability - 0.05), norm.ppf(probability + 0.05)
        truths.append(loadings * (norm.pdf(low) - norm.pdf(high)) / 0.1)
    for _ in range(repetitions):
        root, noise = generator.standard_normal((2, paths))
        rows = [(each.mean(values[each.band])) for each in (window(root, 0.1), window(root, 0.5))
                for values in (root, 0.7 * root + noise, noise)]  # fmt: skip
        estimates.append([mean for mean, _ in rows])
        errors.append([error for _, error in rows])

    assert calibrated(estimates, errors, np.concatenate(truths))
