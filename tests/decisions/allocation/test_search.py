"""The search where levers work on each other: a published case, and plans that no start can miss."""

import numpy as np
import pytest

from crcsim.decisions.allocation import Box, Limit, Objective, search, starts

MEAN = Objective("mean")


def certain(function):
    """Plans evaluated by a function of the spends, without chance."""

    def evaluate(plans):
        values = np.array([function(*plan) for plan in plans])
        return values, values[:, None]

    return evaluate


def box(upper, budget=np.inf, lower=0.0, limits=(), unit=0.0):
    upper = np.asarray(upper, dtype=float)
    return Box(np.full(upper.size, lower), upper, budget, limits, np.full(upper.size, unit))


def customer_equity(acquisition, retention):
    """Blattberg and Deighton (1996): value of a prospect by what is spent to win and to keep it."""
    won = 0.45 * (1.0 - np.exp(-0.135155036036 * acquisition))
    kept = 0.8 * (1.0 - np.exp(-0.0980829253012 * retention))
    return won * 60.0 - acquisition + won * (60.0 - retention / kept) * kept / (1.1 - kept)


@pytest.mark.parametrize("start", [(6.0, 10.0), (1.0, 1.0), (40.0, 40.0), (1.0, 40.0)])
def test_acquisition_and_retention_are_those_of_the_published_case(start):
    found = search(certain(customer_equity), box([40.0, 40.0], 100.0, lower=1.0), MEAN, np.array(start))

    assert [14.2036840794, 22.1695501525] == pytest.approx(found.spend, abs=0.6)
    assert 28.8498987697 == pytest.approx(found.objective, rel=1e-3)
    assert found.converged


def test_levers_that_amplify_each_other_are_found_by_one_of_the_starts():
    """Two levers that are worth little alone beside a safe one: the best plan of a fine grid.

    From some starts the search ends where only a move of both would help; the best of the starts does not.
    """

    def value(one, two, safe):
        return np.sqrt(one + 0.2) * np.sqrt(two + 0.2) * 2.0 + 0.8 * np.sqrt(max(safe, 0.0))

    grid = np.linspace(0.0, 3.0, 61)
    best = max(value(a, b, 3.0 - a - b) for a in grid for b in grid if a + b <= 3.0)
    limited = box([3.0, 3.0, 3.0], 3.0)
    ends = [search(certain(value), limited, MEAN, start) for start in starts(limited, 5)]

    assert best == pytest.approx(max(each.objective for each in ends), rel=5e-3)


def test_starts_keep_all_limits():
    limited = box([4.0, 4.0, 1.0], 3.0, limits=(Limit("relations", (0, 1), 1.5),))
    found = starts(limited, 5)

    assert 5 == len({tuple(each) for each in found})
    for each in found:
        assert each.sum() <= 3.0 + 1e-9
        assert each[:2].sum() <= 1.5 + 1e-9
        assert (each <= limited.upper).all()


def test_limits_and_whole_programmes_are_kept():
    limits = (Limit("relations", (0, 1), 2.0),)
    found = search(
        certain(lambda a, b, c: 3.0 * a + 2.0 * b + c),
        box([4.0] * 3, 3.5, limits=limits, unit=1.0),
        MEAN,
        np.zeros(3),
    )

    assert [2.0, 0.0, 1.0] == found.spend.tolist()


def test_risk_is_weighed_on_the_paths():
    """Two equal levers, one of which pays where the rest does badly: the second is preferred with CVaR."""
    generator = np.random.default_rng(4)
    base = generator.normal(10.0, 3.0, 2_000)

    def evaluate(plans):
        gains = [1.0 + 0.3 * (base - 10.0), 1.0 - 0.3 * (base - 10.0)]
        risks = np.array([base + np.sqrt(a) * gains[0] + np.sqrt(b) * gains[1] for a, b in plans])
        return risks.mean(axis=1), risks

    careful = search(evaluate, box([2.0, 2.0], 2.0), Objective("mean-cvar", weight=1.0), np.zeros(2))
    neutral = search(evaluate, box([2.0, 2.0], 2.0), MEAN, np.zeros(2))

    assert [1.0, 1.0] == pytest.approx(neutral.spend, abs=0.15)
    assert careful.spend[1] > 1.9
    assert careful.converged
    assert neutral.converged
