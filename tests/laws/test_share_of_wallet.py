"""Share of wallet: logistic-normal in the long run, an exact Ornstein-Uhlenbeck process on the way."""

import numpy as np
import pytest

from crcsim.report.explain import explain
from crcsim.valuation.share import mean_share
from tests.laws.support import equal, gaussian, mean_agrees, sales

pytestmark = pytest.mark.jit

#: mean and standard deviation of the logit: mean of the share
LOGISTIC_NORMAL = {
    (0.0, 1.0): 0.5,
    (-1.0, 1.0): 0.303265329856,
    (0.5, 0.8): 0.607948937919,
    (np.log(0.3 / 0.7), 0.6): 0.313347929898,
    (np.log(0.3 / 0.7), 1.5): 0.353936278994,
    (-2.0, 2.0): 0.224799754603,
}
KAPPA = 4.0  # reversion per year: after three years the start is forgotten to 1e-10


def expit(x):
    return 1 / (1 + np.exp(-x))


def logit(share):
    return np.log(share / (1 - share))


def line(**share):
    inside = ", ".join(f"{key}: {value}" for key, value in share.items())
    return f"customers: {{A: {{lines: {{goods: {{wallet: 1, share: {{{inside}}}}}}}}}}}"


def shares(scenario, paths, per_year=1):
    """Share of wallet [period, path] of a wallet of 1 a year."""
    return sales(scenario, paths) * per_year


@pytest.mark.parametrize(("logit_mean", "logit_sd"), LOGISTIC_NORMAL)
def test_mean_of_a_logistic_normal_share(logit_mean, logit_sd):
    """Oracle C16, and Gauss-Hermite beside it."""
    z, weight = gaussian()
    expected = LOGISTIC_NORMAL[logit_mean, logit_sd]

    assert equal(expected, mean_share(logit_mean, logit_sd), "C16")
    assert equal(expected, weight @ expit(logit_mean + logit_sd * z), "C16 by Gauss-Hermite", 1e-6)


@pytest.mark.parametrize(("logit_mean", "logit_sd"), LOGISTIC_NORMAL)
def test_a_median_share_has_another_mean(law, paths, logit_mean, logit_sd):
    """Oracle C16: stated as median, the long-run mean share is that of the logistic-normal (eq. 3.5)."""
    median, volatility = expit(logit_mean), logit_sd * np.sqrt(2 * KAPPA)
    scenario = law(
        "time: {years: 3}", line(now=median, stated_as="median", reversion=KAPPA, volatility=volatility)
    )
    share = shares(scenario, paths)[-1]
    long_run = explain(scenario).facts["deterministic_limit"]["customers"][0]["share_in_long_run"]

    assert mean_agrees(LOGISTIC_NORMAL[logit_mean, logit_sd], share, "C16 simulated")
    assert mean_agrees(0.5, share <= median, "C16 median")
    assert equal(LOGISTIC_NORMAL[logit_mean, logit_sd], long_run, "C16 explained")


@pytest.mark.parametrize("stated", [0.08, 0.3, 0.75])
def test_a_mean_share_is_the_mean(law, paths, stated):
    scenario = law("time: {years: 3}", line(now=stated, stated_as="mean", reversion=KAPPA, volatility=3))
    long_run = explain(scenario).facts["deterministic_limit"]["customers"][0]["share_in_long_run"]

    assert mean_agrees(stated, shares(scenario, paths)[-1], f"mean share {stated}")
    assert equal(stated, long_run, f"mean share {stated} explained")


@pytest.mark.parametrize("periods_per_year", [1, 4])
def test_the_way_to_the_target(law, paths, periods_per_year):
    """Mean and variance of the logit at every time, exact on every grid (eq. 3.5)."""
    start, target, kappa, volatility = logit(0.2), logit(0.5), 0.6, 0.5
    scenario = law(
        f"time: {{years: 5, periods_per_year: {periods_per_year}}}",
        line(now=0.2, target=0.5, stated_as="median", reversion=kappa, volatility=volatility),
    )
    x = logit(shares(scenario, paths, periods_per_year))[periods_per_year - 1 :: periods_per_year]
    years = np.arange(1, 6)
    mean = target + (start - target) * np.exp(-kappa * years)
    variance = volatility**2 / (2 * kappa) * (1 - np.exp(-2 * kappa * years))

    assert mean_agrees(mean, x, f"mean of the logit, {periods_per_year} a year")
    assert mean_agrees(
        variance, (x - mean[:, None]) ** 2, f"variance of the logit, {periods_per_year} a year"
    )


def test_shares_of_today_and_of_later_move_together(law, paths):
    """Autocovariance of the stationary logit over a year: s^2 / (2 kappa) e^-kappa."""
    kappa, volatility = 0.6, 0.5
    scenario = law(
        "time: {years: 12}", line(now=0.4, stated_as="median", reversion=kappa, volatility=volatility)
    )
    x = logit(shares(scenario, paths)[-2:]) - logit(0.4)

    assert mean_agrees(
        volatility**2 / (2 * kappa) * np.exp(-kappa), x[0] * x[1], "autocovariance of the logit"
    )


def test_value_advantage_shifts_the_odds(law):
    """x* = logit(target) + advantage: without noise the share goes straight there."""
    scenario = law("time: {years: 12}", line(now=0.3, reversion=KAPPA, value_advantage=0.5))

    assert equal(expit(logit(0.3) + 0.5), shares(scenario, 100)[-1], "share with an advantage")


def test_share_factor_of_a_phase(law):
    scenario = law(
        "time: {years: 12}",
        line(now=0.3, reversion=KAPPA),
        "customers: {A: {phase: decline, phases: {decline: {share_factor: 0.5}}}}",
    )

    assert equal(0.15, shares(scenario, 100)[-1], "share in decline")


def test_a_fixed_share_stays(law):
    assert equal(
        0.37, shares(law("customers: {A: {lines: {goods: {wallet: 1, share: 37%}}}}"), 100), "fixed share"
    )


def test_wallet_follows_from_sales(law):
    """W_0 = today's sales / (share x initial price factor) (eq. 3.6)."""
    scenario = law("""{
        products: {goods: {premium: 20%}},
        customers: {A: {discount: 10%, lines: {goods: {wallet: null, sales: 108, share: 40%}}}}}""")
    result = sales(scenario, 100)

    assert equal(108, result, "sales as stated")


def test_lines_have_their_own_noise(law, paths):
    """Logits of three lines of one customer are independent of each other."""
    share = "{wallet: 1, share: {now: 40%, stated_as: median, reversion: 0.6, volatility: 0.5}}"
    moved = {"time": "time: {years: 1}", "products": "products: {a: {}, b: {}, c: {}, goods: null}"}
    products = ("a", "b", "c")

    def only(chosen):
        lines = ", ".join(
            f"{name}: {share if name == chosen else '{wallet: 1, share: 40%}'}" for name in products
        )
        text = f"customers: {{A: {{lines: {{goods: null, {lines}}}}}}}"
        return logit(sales(law(*moved.values(), text), paths)[0] - 0.8) - logit(0.4)

    a, b, c = (only(name) for name in products)
    pairs = np.stack([a * b, a * c, b * c])

    assert mean_agrees(0.0, pairs, "covariance of lines")
    assert mean_agrees(0.5**2 / 1.2 * (1 - np.exp(-1.2)), np.stack([a, b, c]) ** 2, "variance of every line")
