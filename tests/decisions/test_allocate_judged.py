"""What is said of other plans on fresh draws is said of paired differences, and beyond their errors."""

import numpy as np
import pytest

from crcsim.decisions.allocate.judged import judged_points
from crcsim.decisions.allocate.stability import Surface, ahead_shares, alike, ranks
from crcsim.decisions.allocation import Box, Objective, search, surroundings
from crcsim.decisions.trials import Totals
from crcsim.measures.estimates import INTERVAL

MEAN = Objective("mean")


def totals(*rows):
    values = np.array(rows)
    return Totals(values, values)


def test_a_point_is_beaten_beyond_the_error_only():
    """All points and the best plan share the noise of the levels, 100 times the differences between them."""
    generator = np.random.default_rng(11)
    level, own = generator.normal(0.0, 100.0, 4_000), generator.normal(0.0, 1.0, (2, 4_000))
    best = level + 0.0
    found = judged_points(
        totals(level - 1.0, level + own[0], level - 0.001 + own[1]), totals(best), np.zeros((3, 1)), "EUR"
    )

    assert [True, False, False] == found["frontier_beaten"][1].tolist()


def test_better_in_one_of_the_two_is_not_beaten():
    generator = np.random.default_rng(12)
    level = generator.normal(0.0, 10.0, 4_000)
    wide, narrow = 1.2 * level + 0.5, level
    found = judged_points(totals(wide, narrow), totals(wide), np.zeros((2, 1)), "EUR")

    assert [False, False] == found["frontier_beaten"][1].tolist()


def test_share_of_resamples_ahead_is_that_of_the_normal_limit():
    """A difference of two standard errors: ahead in 97.7 % of resamples, here within 3.5 errors of 100 of
    them; half a percent of the seeds are beyond.
    """
    paths = 10_000
    noise = np.random.default_rng(13).normal(0.0, 1.0, paths)
    noise = (noise - noise.mean()) / noise.std(ddof=1)
    found = ahead_shares(MEAN, totals(np.zeros(paths), noise - 2.0 / np.sqrt(paths), noise + 1.0))

    assert 0.977 == pytest.approx(found[1], abs=3.5 * np.sqrt(0.977 * 0.023 / 100))
    assert 0.0 == found[2]


def test_ranks_by_spend():
    assert [[2, 1, 3, 3], [1, 2, 3, 4]] == ranks(
        np.array([[1.0, 2.0, 0.0, 1e-9], [4.0, 3.0, 2.0, 1.0]]), 1e-3
    ).tolist()


class Made:
    """What `alike` needs of a search: the plan found and the objective."""

    def __init__(self, spend):
        self.objective, self.best = MEAN, self
        self.spend = spend


@pytest.mark.parametrize("paths", [500, 2_000, 60_000])
def test_the_range_of_a_smooth_objective_is_twice_the_interval_of_its_best_spend(paths):
    """Value s x - h x² / 2 about the best spend, the slope s [path] of mean 0: h x² / 2 = 1.96 x sd / √n.

    Read along straight lines between the spends that a search leaves, so within a part of them.
    """
    curvature, top, best = 1.0, 2.0, 1.0
    slope = np.random.default_rng(14).normal(0.0, 1.0, paths)
    slope = (slope - slope.mean()) / slope.std(ddof=1)

    def evaluate(plans):
        moved = plans - best
        rows = moved * slope - curvature / 2.0 * moved**2
        return rows.mean(axis=1), rows

    box = Box(np.zeros(1), np.array([top]), 5.0, (), np.zeros(1))
    end = search(evaluate, box, MEAN, np.array([best]))
    problem = surroundings(evaluate, box, end)
    found = alike(Made(end.spend), Surface(problem, problem.risk, end.risk), 0.0)
    reach = 2.0 * INTERVAL / (curvature * np.sqrt(paths))

    assert [-1.0, 1.0] == pytest.approx((found[0] - best) / reach, abs=0.3)
