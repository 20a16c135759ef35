"""All strategies beside the baseline, with known answers."""

import math
from statistics import NormalDist

import numpy as np
import pytest

from crcsim.decisions import compare, compare_strategies
from tests.decisions.results import result_of

PATHS = 4_000


@pytest.fixture
def values():
    return np.random.default_rng(20260101).normal(10.0, 2.0, PATHS)


def number(found, name, strategy, **place):
    return float(found[name].sel(strategy=strategy, **place))


def test_differences_that_are_known_exactly(values):
    """A constant of 3 more: sure, on every path, in mean and tail; nothing more: the same on every path."""
    found = compare_strategies(result_of({"N": np.stack([values, values + 3.0, values])}))

    assert 3.0 == pytest.approx(number(found, "value_mean_difference", "act now"))
    assert 3.0 == pytest.approx(number(found, "risk_conditional_value_at_risk_difference", "act now"))
    assert (1.0, 0.0) == tuple(number(found, name, "act now") for name in ("worth_more", "equally_worth"))
    assert (0.0, 1.0) == tuple(number(found, name, "wait") for name in ("worth_more", "equally_worth"))
    assert 0.0 == number(found, "value_mean_difference", "wait")
    assert [False, True, False] == found["established"].values.tolist()
    assert [1, 0, 1] == found["untouched"].values.tolist()


def test_the_baseline_has_no_difference(values):
    found = compare_strategies(result_of({"N": np.stack([values, values + 3.0])}))

    for name in ("value_mean_difference", "worth_more", "difference_percentile", "variance_reduction"):
        assert found[name].sel(strategy="baseline").isnull().all()
        assert found[name].sel(strategy="act now").notnull().all()


def test_the_same_as_two_strategies_compared_alone(values):
    other = 1.2 * values - 1.0
    result = result_of({"N": np.stack([values, other]), "O": np.stack([values, values])})
    found = compare_strategies(result).sel(strategy="act now")
    pair = compare(result, strategies=("baseline", "act now")).sel(item="total")
    same = {
        "value_mean_difference": "value_mean_difference",
        "risk_conditional_value_at_risk_difference": "risk_conditional_value_at_risk_difference",
        "risk_loss_probability_difference": "risk_loss_probability_difference",
        "worth_more": "second_worth_more",
        "equally_worth": "equally_worth",
        "difference_percentile": "difference_percentile",
    }
    for mine, theirs in same.items():
        for ending in ("", "_standard_error"):
            assert np.allclose(pair[theirs + ending], found[mine + ending])

    assert float(pair["variance_reduction"]) == pytest.approx(float(found["variance_reduction"]))
    assert 1 == int(found["untouched"])


@pytest.mark.parametrize("count", [2, 3])
def test_confidence_holds_for_all_strategies_together(values, count):
    found = compare_strategies(result_of({"N": np.stack([values] * count)}))

    assert NormalDist().inv_cdf(1 - 0.05 / (2 * (count - 1))) == found.attrs["critical"]


def test_a_difference_within_its_error_is_not_established():
    """Differences N(0, 1) on 4,000 paths, 40 times: about one in twenty is called established by chance.

    More than 7 of 40 at 5 % happen with probability 0.1 %: the rate of false alarms of this test.
    """
    generator = np.random.default_rng(5)
    wrong = 0
    for _ in range(40):
        base = generator.normal(10.0, 2.0, PATHS)
        found = compare_strategies(result_of({"N": np.stack([base, base + generator.normal(0, 1, PATHS)])}))
        wrong += bool(found["established"].sel(strategy="act now"))

    assert wrong <= 7


def test_one_strategy_has_nothing_beside_it(values):
    found = compare_strategies(result_of({"N": values}))

    assert 1 == found.sizes["strategy"]
    assert math.isnan(number(found, "value_mean_difference", "baseline"))
