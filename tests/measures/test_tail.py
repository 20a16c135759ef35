"""VaR, CVaR and Euler contributions against closed forms; additivity, ties and few paths."""

import numpy as np
import pytest
from scipy import stats

from crcsim.measures import tail
from crcsim.measures.tail import tail_weights
from tests.measures.conftest import calibrated, result_of, values


def within_four_errors(measure, name, exact, **place):
    value, error = values(measure, name, **place), values(measure, f"{name}_standard_error", **place)
    return error > 0.0 and abs(value - exact) <= 4 * error  # false alarms: 6e-5


def test_normal_and_lognormal_tails(generator):
    normal, lognormal = generator.normal(100.0, 40.0, 200_000), generator.lognormal(4.5, 0.5, 200_000)
    found = tail(result_of([normal, lognormal]))
    first, second = {"item": "customer 0"}, {"item": "customer 1"}

    assert within_four_errors(found, "value_at_risk", 34.2058549219, **first)
    assert within_four_errors(found, "conditional_value_at_risk", 17.4914876997, **first)
    assert within_four_errors(found, "loss_probability", stats.norm.cdf(-2.5), **first)
    assert within_four_errors(found, "value_at_risk", 39.550296322, **second)
    assert within_four_errors(found, "conditional_value_at_risk", 32.6047293794, **second)
    assert values(found, "loss_probability", **second) == 0.0
    assert values(found, "loss_probability_standard_error", **second) > 0.0


def test_tail_of_a_level_flow_with_exponential_lifetime(generator):
    found = tail(result_of(10.0 * (1.0 - np.exp(-0.1 * generator.exponential(12.5, 200_000))) / 0.1))

    assert within_four_errors(found, "value_at_risk", 6.21043823436, item="total")
    assert within_four_errors(found, "conditional_value_at_risk", 3.11185490982, item="total")


def test_losses_of_many_customers_with_a_common_factor(generator):
    """The share of customers lost with a common Gaussian factor, in the limit of many customers (Vasicek)."""
    factor = generator.standard_normal(200_000)
    lost = stats.norm.cdf((stats.norm.ppf(0.08) + np.sqrt(0.2) * factor) / np.sqrt(0.8))
    found = tail(result_of(1.0 - lost))

    assert within_four_errors(found, "value_at_risk", 1.0 - 0.227082041634, item="total")


def normal_portfolio(generator, paths):
    """Three jointly normal customers, their means and covariance."""
    means = np.array([50.0, 30.0, 20.0])
    covariance = np.array([[400.0, 120.0, -40.0], [120.0, 225.0, 0.0], [-40.0, 0.0, 100.0]])
    return generator.multivariate_normal(means, covariance, paths).T, means, covariance


def exact_contributions(means, covariance):
    """E[X_i | total in its worst 5 %] = mean_i - Cov(X_i, total) / sd(total) x φ(z) / 5 %."""
    together = covariance.sum(axis=1)
    return means - together / np.sqrt(together.sum()) * stats.norm.pdf(stats.norm.ppf(0.05)) / 0.05


def test_contributions_of_jointly_normal_customers(generator):
    paths, means, covariance = normal_portfolio(generator, 100_000)
    found = tail(result_of(paths, np.full(100_000, -10.0)))

    for place, exact in enumerate(exact_contributions(means, covariance)):
        assert within_four_errors(found, "cvar_contribution", exact, item=f"customer {place}")
    assert values(found, "cvar_contribution", item="company") == pytest.approx(-10.0)


@pytest.mark.parametrize("paths", [7, 100, 1001, 5000])
def test_contributions_add_up_to_the_totals_cvar(generator, paths):
    found = tail(result_of(normal_portfolio(generator, paths)[0], np.full((2, paths), -10.0)))
    contributions = values(found, "cvar_contribution")

    assert sum(contributions[:-1]) == pytest.approx(contributions[-1], rel=1e-12)
    assert values(found, "conditional_value_at_risk", item="total") == contributions[-1]


def test_errors_of_tail_measures_cover_the_truth(generator):
    samples = [normal_portfolio(generator, 2000) for _ in range(400)]
    _, means, covariance = samples[0]
    cvar = [100.0 - np.sqrt(covariance.sum()) * stats.norm.pdf(stats.norm.ppf(0.05)) / 0.05]
    truth = np.array([*exact_contributions(means, covariance), *cvar])
    measured = [tail(result_of(paths)) for paths, _, _ in samples]
    found = np.array([values(measure, "cvar_contribution") for measure in measured])
    errors = np.array([values(measure, "cvar_contribution_standard_error") for measure in measured])

    assert calibrated(found, errors, truth)


def test_cvar_lies_below_var_and_both_are_seen_by_hand():
    sample = np.arange(1.0, 101.0)[::-1]
    found = tail(result_of(sample))

    assert values(found, "conditional_value_at_risk", item="total") == pytest.approx(3.0)  # 1, 2, 3, 4, 5
    assert values(found, "value_at_risk", item="total") == pytest.approx(5.95)


def test_the_last_path_counts_in_part():
    found = tail(result_of(np.arange(1.0, 31.0)))  # 5 % of 30 paths: 1.5 paths

    assert values(found, "conditional_value_at_risk", item="total") == pytest.approx((1.0 + 0.5 * 2.0) / 1.5)


def test_tied_paths_count_equally():
    total = np.repeat([0.0, 1.0], [2, 98])  # the tail holds 2 paths at 0 and 3 of the 98 at 1
    weights = tail_weights(total, 0.05)

    assert weights == pytest.approx(np.repeat([0.2, 0.6 / 98], [2, 98]))


def test_contributions_do_not_depend_on_the_order_of_tied_paths(generator):
    customers = np.stack([generator.permutation(np.arange(100.0)), np.zeros(100)])
    customers[1] = -customers[0]  # the total is 0 on every path
    found = tail(result_of(customers))

    assert values(found, "cvar_contribution") == pytest.approx([49.5, -49.5, 0.0])


@pytest.mark.parametrize("paths", [1, 2, 19])
def test_few_paths_give_the_worst_one_and_no_error(paths):
    found = tail(result_of(np.arange(5.0, 5.0 + paths)))

    assert values(found, "conditional_value_at_risk", item="total") == pytest.approx(5.0)
    assert np.isnan(values(found, "conditional_value_at_risk_standard_error", item="total"))
    assert np.isnan(values(found, "value_at_risk_standard_error", item="total"))


def test_another_level(generator):
    found = tail(result_of(generator.normal(100.0, 40.0, 100_000)), level=0.01)
    exact = 100.0 - 40.0 * stats.norm.pdf(stats.norm.ppf(0.01)) / 0.01

    assert within_four_errors(found, "conditional_value_at_risk", exact, item="total")
    assert found.attrs["level"] == 0.01


@pytest.mark.parametrize("level", [0.0, 1.0, 5.0])
def test_a_level_that_is_no_share_is_an_error(level):
    with pytest.raises(ValueError, match="level"):
        tail(result_of(np.ones(10)), level=level)
