"""A finite Markov chain by dynamic programming, a perpetual option, and decisions without chance."""

import numpy as np
import pytest

from crcsim.decisions.stopping import (
    StoppingPaths,
    ThresholdRule,
    fit_martingale,
    fit_policy,
    fit_threshold,
    present,
    upper_bounds,
)
from tests.decisions.stopping.problems import bounds, estimate, put

# --- a chain of four states: what is earned in each, what ending brings, how it moves
EARNED = np.array([3.0, 1.0, -1.0, -4.0])
ENDING = np.array([0.5, 0.5, 0.5, 0.5])
MOVES = np.array([[0.8, 0.2, 0, 0], [0.2, 0.5, 0.3, 0], [0, 0.3, 0.4, 0.3], [0, 0, 0.4, 0.6]])
FACTOR, DATES = 0.95, 12


def by_dynamic_programming():
    """Value of each state at date 0."""
    value = np.zeros(4)
    for _ in range(DATES):
        value = np.maximum(ENDING, FACTOR * MOVES @ (EARNED + value))
    return value


def chain(paths, seed):
    """Paths from state 1; the state is the feature, its jumps less their probabilities the innovations."""
    draws = np.random.default_rng(seed).random((paths, DATES))
    state = np.ones((paths, DATES + 1), dtype=int)
    for date in range(DATES):
        state[:, date + 1] = (draws[:, date, None] > np.cumsum(MOVES, axis=1)[state[:, date]]).sum(axis=1)
    one = np.eye(4)
    flows = EARNED[state[:, 1:]]
    times = np.arange(DATES + 1)
    return present(
        one[state[:, :-1]],
        flows,
        FACTOR ** times[1:],
        ENDING[state[:, :-1]],
        FACTOR ** times[:-1],
        innovations=one[state[:, 1:]] - MOVES[state[:, :-1]],
    )


def test_a_chain_is_worth_what_dynamic_programming_says():
    exact = by_dynamic_programming()[1]

    lower, upper, _ = bounds(chain(20_000, 1), chain(20_000, 2), 1, 1)

    assert lower[0] == pytest.approx(exact, abs=3.0 * lower[1])
    assert upper[0] == pytest.approx(exact, abs=3.0 * upper[1] + 0.002 * exact)
    assert upper[0] > exact - 3.0 * upper[1]


def test_the_martingale_takes_out_variance_and_no_mean():
    fitting, fresh = chain(20_000, 1), chain(20_000, 2)
    policy = fit_policy(fitting, degree=1)
    values = fit_martingale(fitting, policy, degree=1)(fresh)
    dates = policy.dates(fresh)
    everyone = np.arange(dates.size)

    mean, error = estimate(values[everyone, dates])
    plain, less = (
        estimate(each) for each in (fresh.stopped(dates), fresh.stopped(dates) - values[everyone, dates])
    )

    assert abs(mean) < 3.0 * error
    assert less[1] < 0.1 * plain[1]


def test_a_bad_policy_leaves_a_gap_and_no_wrong_bound():
    fitting, fresh = chain(20_000, 1), chain(20_000, 2)
    never = fit_policy(fitting, degree=1, dates=())
    upper = estimate(upper_bounds(fresh, fit_martingale(fitting, never, degree=1)(fresh)))

    assert (never.dates(fresh) == DATES).all()
    assert upper[0] > by_dynamic_programming()[1] - 3.0 * upper[1]


def test_the_perpetual_put_is_the_limit():
    """Merton 1973: V = (K - S*) (S/S*)^-g, g = 2r/s^2, S* = K g/(1+g); 20 dates a year for 15 years, of which
    the exercise dates cost below 1 % and the horizon below 1 %.
    """
    rate, volatility, strike = 0.2, 0.4, 40.0
    power = 2.0 * rate / volatility**2
    border = strike * power / (1.0 + power)
    exact = (strike - border) * (40.0 / border) ** -power

    fitting, fresh = (put(40.0, strike, rate, volatility, 15, 300, 6_000, seed) for seed in (1, 2))
    lower, upper, _ = bounds(fitting, fresh, 3, 2, antithetic=True)

    assert lower[0] == pytest.approx(0.99 * exact, abs=3.0 * lower[1] + 0.01 * exact)
    assert upper[0] > 0.98 * exact - 3.0 * upper[1]


def certain(flows, ending):
    """The same flows and values of ending on 50 paths."""
    flows, ending = (np.tile(np.asarray(each, dtype=float), (50, 1)) for each in (flows, ending))
    return StoppingPaths(np.zeros((*flows.shape, 1)), flows, ending, np.ones(flows.shape, dtype=bool))


def test_without_chance_it_stops_where_the_sum_is_largest():
    problem = certain([5.0, 2.0, -1.0, -3.0], [1.0, 1.0, 1.5, 1.0])

    assert (fit_policy(problem).dates(problem) == 2).all()
    assert problem.stopped(fit_policy(problem).dates(problem)) == pytest.approx(8.5)


def test_early_losses_are_borne():
    problem = certain([-3.0, -1.0, 2.0, 6.0], [0.0, 0.0, 0.0, 0.0])

    assert (fit_policy(problem).dates(problem) == 4).all()


def test_an_upper_bound_needs_innovations():
    problem = certain([1.0], [0.0])

    with pytest.raises(ValueError, match="innovations"):
        fit_martingale(problem, fit_policy(problem))


def test_shapes_must_agree():
    with pytest.raises(ValueError, match="exit_value must have 2 paths and 3 dates"):
        StoppingPaths(np.zeros((2, 3, 1)), np.zeros((2, 3)), np.zeros((2, 4)), np.ones((2, 3), dtype=bool))


# --- rules in words
def test_a_rule_waits_for_its_periods_and_its_first_date():
    signal = np.array([[np.nan, -1.0, 1.0, -1.0, -1.0, -1.0]])
    problem = StoppingPaths(
        np.zeros((1, 6, 1)), np.zeros((1, 6)), np.zeros((1, 6)), np.ones((1, 6), dtype=bool)
    )

    assert [1] == list(ThresholdRule(0.0, 1, 0).dates(problem, signal))
    assert [4] == list(ThresholdRule(0.0, 2, 0).dates(problem, signal))
    assert [3] == list(ThresholdRule(0.0, 1, 2).dates(problem, signal))
    assert [6] == list(ThresholdRule(-np.inf, 1, 0).dates(problem, signal))


def test_the_best_rule_of_the_chain_ends_in_the_worst_states():
    fitting, fresh = chain(5_000, 1), chain(5_000, 2)
    earned = [np.argmax(each.features, axis=-1) for each in (fitting, fresh)]
    signals = [EARNED[state] for state in earned]
    rule = fit_threshold(fitting, signals[0], periods=(1, 2))
    gain, error = estimate(fresh.stopped(rule.dates(fresh, signals[1])) - fresh.going_on())

    assert rule.periods == 1
    assert -4.0 < rule.level <= 1.0
    assert gain > 3.0 * error


def test_no_rule_where_going_on_is_best():
    problem = certain([1.0, 1.0], [0.0, 0.0])

    assert -np.inf == fit_threshold(problem, np.ones((50, 2))).level
