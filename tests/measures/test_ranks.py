"""Ranks, their bounds and Kendall's tau, counted by hand and held against SciPy."""

import numpy as np
import pytest

from crcsim.measures.ranks import kendall_tau, rank_bounds, ranks, threshold


def test_ranks_start_at_the_largest_and_ties_share_the_better_one():
    assert [2, 1, 2, 4] == ranks(np.array([5.0, 9.0, 5.0, -1.0])).tolist()


def test_without_errors_the_bounds_are_the_ranks():
    amounts = np.array([3.0, 1.0, 2.0])
    best, worst = rank_bounds(amounts, np.zeros((3, 3)), 2.0)

    assert [1, 3, 2] == best.tolist() == worst.tolist()


def test_bounds_count_what_is_sure():
    """10 and 9 cannot be told apart at 2 errors of 0.6; 5 can be from both."""
    best, worst = rank_bounds(np.array([10.0, 9.0, 5.0]), np.full((3, 3), 0.6), 2.0)

    assert [1, 1, 3] == best.tolist()
    assert [2, 2, 3] == worst.tolist()


def test_nothing_is_sure_with_unknown_errors():
    best, worst = rank_bounds(np.array([10.0, 9.0, 5.0]), np.full((3, 3), np.nan), 2.0)

    assert [1, 1, 1] == best.tolist()
    assert [3, 3, 3] == worst.tolist()


def test_threshold_is_that_of_bonferroni():
    assert 1.959963984540054 == pytest.approx(threshold(2))
    assert 2.638257273476751 == pytest.approx(threshold(4))  # six pairs


def test_bounds_hold_together_as_often_as_they_claim(generator):
    """Four equal customers: any rank is possible, and bounds exclude one in 5 % of the cases at most."""
    held = 0
    for _ in range(400):
        amounts = generator.normal(0.0, 1.0, 4)
        best, worst = rank_bounds(amounts, np.full((4, 4), np.sqrt(2.0)), threshold(4))
        held += bool((best == 1).all() and (worst == 4).all())

    assert held >= 363  # 380 expected at least, four standard deviations of 4.4


def test_kendalls_tau():
    assert 1.0 == kendall_tau(np.array([1.0, 2.0, 3.0]), np.array([10.0, 20.0, 30.0]))
    assert -1.0 == kendall_tau(np.array([1.0, 2.0, 3.0]), np.array([3.0, 2.0, 1.0]))
    assert 1 / 3 == pytest.approx(kendall_tau(np.array([1.0, 2.0, 3.0]), np.array([2.0, 1.0, 3.0])))
    assert np.isnan(kendall_tau(np.array([1.0, 1.0]), np.array([1.0, 2.0])))


def test_kendalls_tau_with_ties_is_that_of_scipy(generator):
    stats = pytest.importorskip("scipy.stats")
    first, second = generator.integers(0, 5, (2, 30)).astype(float)

    assert stats.kendalltau(first, second).statistic == pytest.approx(kendall_tau(first, second))
