"""Longstaff and Schwartz 2001, table 1: American puts, strike 40, rate 6 %, 50 dates a year.

Cited because every least-squares engine is measured by it. The finite-difference values are the paper's; a
binomial tree with the same dates of exercise agrees with them. Bounds hold within 3 standard errors: with
another seed a true one is missed in 3e-3 of the comparisons.
"""

import numpy as np
import pytest

from tests.decisions.stopping.problems import bounds, put

STRIKE, RATE = 40.0, 0.06

#: (spot, volatility, years): value by finite differences in the paper.
TABLE = {
    (36.0, 0.2, 1): 4.478,
    (38.0, 0.2, 1): 3.250,
    (40.0, 0.2, 1): 2.314,
    (42.0, 0.4, 1): 4.582,
    (44.0, 0.4, 1): 3.948,
    (36.0, 0.4, 2): 8.508,
    (44.0, 0.2, 2): 1.690,
}


def by_tree(spot, volatility, years, steps_per_date=20):
    """The same put by a binomial tree (Cox, Ross and Rubinstein 1979)."""
    steps = 50 * years * steps_per_date
    step = years / steps
    up = np.exp(volatility * np.sqrt(step))
    chance = (np.exp(RATE * step) - 1.0 / up) / (up - 1.0 / up)
    factor = np.exp(-RATE * step)
    value = np.maximum(STRIKE - spot * up ** np.arange(steps, -steps - 1, -2.0), 0.0)
    for k in range(steps - 1, -1, -1):
        value = factor * (chance * value[:-1] + (1.0 - chance) * value[1:])
        if k % steps_per_date == 0 and k > 0:
            value = np.maximum(value, STRIKE - spot * up ** np.arange(k, -k - 1, -2.0))
    return float(value[0])


@pytest.mark.parametrize("case", TABLE)
def test_the_table_is_the_trees(case):
    assert by_tree(*case) == pytest.approx(TABLE[case], abs=0.005)


def check(case, paths):
    spot, volatility, years = case
    fitting, fresh = (put(spot, STRIKE, RATE, volatility, years, 50 * years, paths, seed) for seed in (1, 2))
    lower, upper, _ = bounds(fitting, fresh, 3, 3, antithetic=True)
    print(case, TABLE[case], "lower", lower, "upper", upper)
    assert lower[0] == pytest.approx(TABLE[case], abs=3.0 * lower[1])
    assert upper[0] > TABLE[case] - 3.0 * upper[1]
    assert upper[0] - TABLE[case] < 0.03 * TABLE[case]


@pytest.mark.parametrize("case", list(TABLE)[:5])
def test_policy_and_upper_bound_enclose_the_value(case):
    check(case, 10_000)


@pytest.mark.heavy
@pytest.mark.parametrize("case", TABLE)
def test_policy_and_upper_bound_enclose_the_value_on_many_paths(case):
    check(case, 100_000)
