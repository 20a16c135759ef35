"""Stochastic dominance on samples whose answer is known.

A wrong decision between two equal distributions has a probability below 5 % (Bonferroni over all thresholds);
the seeds are fixed.
"""

import numpy as np
import pytest

from crcsim.decisions import Dominance, dominance

PATHS = 5_000


@pytest.fixture
def normal():
    return np.random.default_rng(20260101).standard_normal(PATHS)


@pytest.mark.parametrize("paired", [True, False])
def test_a_higher_distribution_dominates_in_both_orders(normal, paired):
    other = normal if paired else np.random.default_rng(2).standard_normal(PATHS)

    assert Dominance("second", "second") == dominance(normal, other + 0.5, paired=paired)
    assert Dominance("first", "first") == dominance(other + 0.5, normal, paired=paired)


def test_a_mean_preserving_spread_is_dominated_in_the_second_order_only():
    # X ± 1/2: concave utilities prefer X (Rothschild and Stiglitz, 1970), and the curves F cross at 0
    generator = np.random.default_rng(20260104)
    plain = generator.standard_normal(20_000)
    spread = plain + generator.permutation(np.repeat([-0.5, 0.5], 10_000))

    assert Dominance("neither", "first") == dominance(plain, spread, paired=True)
    assert Dominance("neither", "second") == dominance(spread, plain, paired=True)


def test_a_spread_of_too_few_paths_is_not_decided(normal):
    spread = normal + np.random.default_rng(3).permutation(np.repeat([-1.0, 1.0], PATHS // 2))

    assert "undecided" == dominance(normal, spread, paired=True).second_order


def test_a_rarely_worse_tail_keeps_the_better_from_dominating(normal):
    worse = normal + 0.5
    worse[:50] = -20.0  # on 1 % of the paths

    assert "neither" == dominance(normal, worse, paired=True).second_order
    assert dominance(normal, worse, paired=True).first_order in ("neither", "undecided")


def test_certain_values_are_told_apart():
    assert Dominance("second", "second") == dominance(np.full(1_000, 10.0), np.full(1_000, 12.0), paired=True)


def test_the_same_paths_are_equal(normal):
    assert Dominance("equal", "equal") == dominance(normal, normal.copy(), paired=True)


def test_too_few_paths_leave_it_undecided(normal):
    few = normal[:200]

    assert Dominance("undecided", "undecided") == dominance(few[:100], few[100:] + 0.1, paired=False)


def test_a_trifle_on_every_path_is_no_difference_beyond_the_tolerance(normal):
    found = dominance(normal, normal + 1e-4, paired=True)

    assert "equal" == found.second_order
    assert "equal" == found.first_order


def test_equal_distributions_are_hardly_ever_told_apart():
    """60 pairs of independent samples; each is decided wrongly with a probability below 5 %.

    More than 10 wrong ones have a probability below 1e-3.
    """
    generator = np.random.default_rng(20260102)
    decided = [dominance(*generator.standard_normal((2, 800)), paired=False).first_order for _ in range(60)]

    assert sum(decision in ("first", "second", "neither") for decision in decided) <= 10


def test_scale_and_place_change_no_decision(normal):
    other = 0.3 + 1.4 * np.random.default_rng(5).standard_normal(PATHS)
    plain = dominance(normal, other, paired=False)

    assert plain == dominance(1e6 * normal + 3e6, 1e6 * other + 3e6, paired=False)


def test_paired_samples_have_the_same_size(normal):
    with pytest.raises(ValueError, match="same number of paths"):
        dominance(normal, normal[:-1], paired=True)
