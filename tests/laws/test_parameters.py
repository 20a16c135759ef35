"""Uncertain parameters: distributions as stated, drawn once per path, correlated as stated."""

import numpy as np
import pytest
from scipy import stats

from tests.laws.support import mean_agrees, sales, sample, share_agrees

pytestmark = pytest.mark.jit

PROBABILITIES = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
SPREAD = np.sqrt(np.log1p(0.4**2))  # of a lognormal whose sd is 0.4 of its mean
Z95 = stats.norm.ppf(0.95)
FAMILIES = {
    "normal: {mean: 5%, sd: 3%}": stats.norm(0.05, 0.03),
    "truncated_normal: {mean: 5%, sd: 10%, low: 0%, high: 12%}": stats.truncnorm(-0.5, 0.7, 0.05, 0.10),
    "lognormal: {median: 5%, log_sd: 0.4}": stats.lognorm(0.4, scale=0.05),
    "lognormal: {mean: 5%, sd: 2%}": stats.lognorm(SPREAD, scale=0.05 * np.exp(-(SPREAD**2) / 2)),
    "beta: {alpha: 2, beta: 5}": stats.beta(2, 5),
    "beta: {mean: 5%, sd: 3%}": stats.beta(0.05 * (0.0475 / 0.0009 - 1), 0.95 * (0.0475 / 0.0009 - 1)),
    "pert: {low: -2%, mode: 3%, high: 12%}": stats.beta(1 + 4 * 5 / 14, 1 + 4 * 9 / 14, -0.02, 0.14),
    "triangular: {low: -2%, mode: 3%, high: 12%}": stats.triang(5 / 14, -0.02, 0.14),
    "uniform: {low: -2%, high: 12%}": stats.uniform(-0.02, 0.14),
    "normal: {quantiles: {5%: 1%, 95%: 9%}}": stats.norm(0.05, 0.04 / Z95),
    "lognormal: {quantiles: {5%: 2%, 95%: 8%}}": stats.lognorm(np.log(2) / Z95, scale=0.04),
}


def drawn(law, paths, text):
    """Growth of the customer, drawn per path."""
    return sales(law("time: {years: 1}", f"customers: {{A: {{growth: {{{text}}}}}}}"), paths)[0] / 100 - 1


@pytest.mark.parametrize("text", FAMILIES)
def test_distributions_are_as_stated(law, paths, text):
    growth, expected = drawn(law, paths, text), FAMILIES[text]

    assert share_agrees(
        PROBABILITIES, growth <= expected.ppf(PROBABILITIES)[:, None], f"percentiles of {text}"
    )
    assert mean_agrees(expected.mean(), growth, f"mean of {text}")
    assert mean_agrees(expected.var(), (growth - expected.mean()) ** 2, f"variance of {text}")


def test_elicited_quantiles_are_met(law, paths):
    """Three quantiles without a family."""
    growth = drawn(law, paths, "quantiles: {5%: 1%, 50%: 4%, 95%: 11%}")

    assert share_agrees([0.05, 0.5, 0.95], growth <= np.array([[0.01], [0.04], [0.11]]), "elicited quantiles")


@pytest.mark.parametrize("rank", [-0.6, 0.3, 0.9])
def test_rank_correlation_is_as_stated(law, paths, rank):
    """Spearman's correlation of a customer's growth with the cost of capital: 12 E[(U - 1/2)(V - 1/2)]."""
    scenario = law(
        "{time: {years: 1}, capital: {rate: {uniform: {low: 5%, high: 15%}}}}",
        "customers: {A: {growth: {normal: {mean: 5%, sd: 3%}}}}",
        f"correlations: [{{rank: {rank}, between: [customers.A.growth, capital.rate]}}]",
    )
    growth, rate = sample(
        scenario, paths, lambda r: np.stack([r["sales"].values[0] / 100 - 1, r["cost_of_capital"].values])
    )
    u = stats.norm.cdf((growth - 0.05) / 0.03)
    log_rate = (np.log1p(rate) - np.log(1.1)) * 1.1 + 0.10  # ln(1+k) is taken linearly in k around its mean
    v = (log_rate - 0.05) / 0.10

    assert mean_agrees(rank, 12 * (u - 0.5) * (v - 0.5), f"rank correlation {rank}")


def test_shared_and_separate_draws(law, paths):
    """A distribution in the defaults is one number for all customers; `each: true` makes it one for each."""
    others = "customers: {B: {lines: {goods: {wallet: 100, share: 100%}}}}"
    for each, correlation in (("false", 1.0), ("true", 0.0)):
        growth = f"customer_defaults: {{growth: {{normal: {{mean: 5%, sd: 3%}}, each: {each}}}}}"
        scenario = law("time: {years: 1}", growth, others)
        a, b = sample(scenario, paths, lambda r: r["npv"].sel(discounting="risk_free").values / 100 - 1.05)

        assert mean_agrees(correlation * 0.03**2, a * b, f"covariance, each: {each}")
