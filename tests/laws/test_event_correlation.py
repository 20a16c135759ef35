"""Losses that cluster: one Gaussian factor behind many customers (Vasicek), each with its own probability."""

from statistics import NormalDist

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import binom, multivariate_normal

from tests.laws.support import equal, mean_agrees, sample, share_agrees, values

pytestmark = pytest.mark.jit

PROBABILITY, RHO = 0.08, 0.2
FACTORS = np.linspace(-8.5, 8.5, 1701)
WEIGHTS = np.exp(-(FACTORS**2) / 2) / np.exp(-(FACTORS**2) / 2).sum()
LARGE_PORTFOLIO = {0.5: 0.0581008762428, 0.9: 0.176148789257, 0.95: 0.227082041634, 0.99: 0.341730879903}
RISK_WEIGHTS = {
    0.0003: 14.44, 0.0005: 19.65, 0.001: 29.65, 0.0025: 49.47, 0.004: 62.72, 0.005: 69.61, 0.0075: 82.78,
    0.01: 92.32, 0.013: 100.95, 0.015: 105.59, 0.02: 114.86, 0.025: 122.16, 0.03: 128.44,
}  # fmt: skip


def crowd(number, probability=PROBABILITY, rho=RHO, factor="market"):
    """Equal customers over one year."""
    names = ", ".join(f"C{place:03}: {{}}" for place in range(number))
    risk = (
        f"churn: {{hazard: {-np.log1p(-probability)}}}, event_correlation: {{rho: {rho}, factor: {factor}}}"
    )
    lines = "lines: {goods: {wallet: 1, share: 100%}}"
    return f"{{time: {{years: 1}}, customer_defaults: {{{lines}, {risk}}}, customers: {{A: null, {names}}}}}"


def lost(scenario, paths, at_once=50_000):
    """Whether each customer is lost [customer, path]."""
    return sample(scenario, paths, lambda result: result["end_cause"].values > 0, at_once=at_once)


def conditional(probability, rho, factor):
    """P(loss | factor) (eq. 4.5)."""
    return ndtr((NormalDist().inv_cdf(probability) - np.sqrt(rho) * np.asarray(factor)) / np.sqrt(1 - rho))


def both(probability, rho):
    """P(two customers are lost) = Phi_2 of the thresholds."""
    threshold = [NormalDist().inv_cdf(probability)] * 2
    return multivariate_normal.cdf(threshold, cov=[[1, rho], [rho, 1]], abseps=1e-12, releps=1e-12)


def mixture(number, losses):
    """P(as many losses or fewer among so many customers): the binomial mixture over the factor."""
    return WEIGHTS @ binom.cdf(losses, number, conditional(PROBABILITY, RHO, FACTORS))


def test_loss_distribution_of_five_customers(law, paths):
    """The exact binomial mixture for few customers."""
    losses = lost(law(crowd(5)), paths).sum(axis=0)
    cumulative = np.array([mixture(5, count) for count in range(6)])

    assert share_agrees(
        np.diff(cumulative, prepend=0), losses == np.arange(6)[:, None], "number of losses of five"
    )


def test_each_customer_keeps_its_own_probability(law, paths):
    scenario = law(
        crowd(3), "customers: {C001: {churn: {hazard: 0.3}}, C002: {event_correlation: {rho: 0.9}}}"
    )

    assert share_agrees([0.08, 1 - np.exp(-0.3), 0.08], lost(scenario, paths), "probability of each")


def test_loss_distribution_of_a_large_portfolio(law, paths):
    """Oracle C23: variance and percentiles, the latter as limit of the mixture for a hundred customers."""
    number = 100
    losses = lost(law(crowd(number)), paths // 4).sum(axis=0)
    levels, quantiles = np.array(list(LARGE_PORTFOLIO)), np.array(list(LARGE_PORTFOLIO.values()))
    expected = np.array([mixture(number, count) for count in np.floor(number * quantiles)])
    pairs = losses * (losses - 1) / (number * (number - 1))

    assert equal(
        quantiles,
        conditional(PROBABILITY, RHO, [-NormalDist().inv_cdf(q) for q in levels]),
        "C23 percentiles",
    )
    assert equal(0.00532551065618, both(PROBABILITY, RHO) - PROBABILITY**2, "C23 variance", 1e-6)
    assert mean_agrees(PROBABILITY, losses / number, "C23 mean")
    assert mean_agrees(0.00532551065618 + PROBABILITY**2, pairs, "C23 variance simulated")
    assert share_agrees(expected, losses <= number * quantiles[:, None], "C23 percentiles simulated")
    assert np.all(np.abs(expected - levels) < 2 / number)


def basel_correlation(probability):
    weight = (1 - np.exp(-50 * probability)) / (1 - np.exp(-50))
    return 0.12 * weight + 0.24 * (1 - weight)


def test_basel_risk_weights():
    """Oracle C22: risk weights (Basel II, annex 5, illustrative) from the loss probability at 99.9 %."""
    probability = np.array(list(RISK_WEIGHTS))
    rho, slope = basel_correlation(probability), (0.11852 - 0.05478 * np.log(probability)) ** 2
    worst = np.array(
        [conditional(p, r, -NormalDist().inv_cdf(0.999)) for p, r in zip(probability, rho, strict=True)]
    )
    weights = 1250 * 0.45 * (worst - probability) / (1 - 1.5 * slope)

    assert np.all(np.abs(np.array(list(RISK_WEIGHTS.values())) - weights) <= 0.006)


def test_losses_at_basel_correlations(law, paths):
    """Oracle C22: losses in the worst hundredth of markets, for every probability of the table from 0.1 % on.

    P(loss, factor <= f) = Phi_2(Phi^-1(p), f; sqrt(rho)), of which the table holds the conditional limit.
    """
    probability = np.array([p for p in RISK_WEIGHTS if p >= 0.001])
    rho = basel_correlation(probability)
    worst = NormalDist().inv_cdf(0.01)
    customers = ", ".join(
        f"C{place:03}: {{churn: {{hazard: {-np.log1p(-p)}}}, event_correlation: {{rho: {r}}}}}"
        for place, (p, r) in enumerate(zip(probability, rho, strict=True))
    )
    scenario = law(crowd(len(probability)), f"{{customers: {{{customers}}}, record: [economy]}}")

    def lost_when_bad(result):
        factor = (np.log(result["market_index"].values[0]) - np.log(1.05) + 0.02) / 0.2
        return (result["end_cause"].values > 0) & (factor <= worst)

    found = sample(scenario, paths, lost_when_bad)
    expected = [
        multivariate_normal.cdf([NormalDist().inv_cdf(p), worst], cov=[[1, np.sqrt(r)], [np.sqrt(r), 1]])
        for p, r in zip(probability, rho, strict=True)
    ]

    assert share_agrees(expected, found, "C22 loss and bad market")


@pytest.mark.parametrize(
    "market",
    [
        "jumps: {rate: 0.5 per year, log_mean: -30%, log_sd: 10%}",
        """expected_return: null, volatility: null, regimes: {
            good: {expected_return: 12%, volatility: 13%, leave: {yearly_probability: 15%}},
            bad: {expected_return: -20%, volatility: 28%, leave: {yearly_probability: 45%}}}""",
    ],
    ids=["jumps", "regimes"],
)
def test_neither_jumps_nor_regimes_move_probabilities(law, paths, market):
    """The factor is the Gaussian draw of the market only."""
    losses = lost(law(crowd(2), f"economy: {{market: {{{market}}}}}"), paths)

    assert share_agrees(PROBABILITY, losses, "probability of each")
    assert share_agrees(both(PROBABILITY, RHO), losses.all(axis=0), "both lost")


def test_losses_cluster_within_an_industry(law, paths):
    """Two customers of one industry load on one factor, those of two industries on two."""
    scenario = law(
        crowd(3, factor="shipping"),
        "economy: {industries: {shipping: {volatility: 10%}, steel: {volatility: 10%}}}",
        "customers: {C002: {event_correlation: {factor: steel}}}",
    )
    losses = lost(scenario, paths)

    assert share_agrees(both(PROBABILITY, RHO), losses[:2].all(axis=0), "same industry")
    assert share_agrees(PROBABILITY**2, losses[1:].all(axis=0), "two industries")


def test_years_are_independent(law, paths):
    """The factor is drawn anew every period: both survive t periods with the t-th power of the chance."""
    scenario = law(crowd(2), "time: {years: 5}")
    ended = sample(scenario, paths, lambda result: result["end_period"].values)
    years = np.arange(1, 6)[:, None]
    survive = ((ended[:, None] == 0) | (ended[:, None] > years)).all(axis=0)
    one = 1 - 2 * PROBABILITY + both(PROBABILITY, RHO)

    assert share_agrees(one ** years[:, 0], survive, "both survive")


RISKY = """
economy: {real_rate: 3%, market: {expected_return: 8%}}
customers:
  A:
    beta: 1.2
    coupling: 0.8
    volatility: 15%
    growth: 4%
    churn: {hazard: 0.15}
    event_correlation: {rho: 0.4}
"""


@pytest.mark.parametrize("discounting", ["wacc", "deflator"])
def test_losses_come_in_bad_markets(law, paths, discounting):
    """Who loads on the factor of its losses is kept in good markets: worth more than growth x survival.

    With F the factor, E[e^(sF - s^2/2); kept] = Phi(sqrt(rho) s - c) in a period, c the threshold of a loss.
    The wallet has s = chi beta sigma_m, wallet x deflator s = (chi beta - a) sigma_m: the risk has its price.
    """
    years, loading, a = np.arange(1, 11), 0.8 * 1.2 * 0.2, np.log(1.08 / 1.03) / 0.2
    threshold = NormalDist().inv_cdf(-np.expm1(-0.15))
    growth, factor = (
        0.8 * np.log(1.04),
        {"wacc": -np.log(1.1), "deflator": -np.log(1.03) - a * loading}[discounting],
    )
    shift = loading - (a if discounting == "deflator" else 0.0)
    kept = ndtr(np.sqrt(0.4) * shift - threshold)
    expected = (100 * (np.exp(growth + factor) * kept) ** years).sum()

    assert mean_agrees(expected, values(law(RISKY), paths, discounting), f"value, {discounting}")


def test_value_spreads_with_correlation(law, paths):
    """Mean value stays, its variance grows by the covariance of the losses."""
    number = 20
    worth = number - lost(law(crowd(number)), paths // 4).sum(axis=0)
    variance = number * PROBABILITY * (1 - PROBABILITY) + number * (number - 1) * (
        both(PROBABILITY, RHO) - PROBABILITY**2
    )
    mean = number * (1 - PROBABILITY)

    assert mean_agrees(mean, worth, "mean number kept")
    assert mean_agrees(variance, (worth - mean) ** 2, "variance of the number kept")
