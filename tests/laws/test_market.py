"""The market and its state prices: the index earns what is stated, the deflator prices it."""

import json

import numpy as np
import pytest

from crcsim.report.explain import explain
from crcsim.valuation.deflator import Regime, expected_regime_exponential, regime_log_mean
from tests.laws.support import equal, mean_agrees, run, sample

pytestmark = pytest.mark.jit

GRID = "{time: {years: 5, periods_per_year: 4}, record: [economy]}"
RATES = "economy: {real_rate: 1%, expected_inflation: 2%}"
JUMPS = "jumps: {rate: 0.4 per year, log_mean: -15%, log_sd: 10%}"
REGIMES = """regimes: {
    good: {expected_return: 12%, volatility: 13%, leave: {yearly_probability: 15%}},
    bad: {expected_return: -5%, volatility: 28%, leave: {yearly_probability: 45%}}}"""
SWITCHING = f"expected_return: null, volatility: null, {REGIMES}"
MARKETS = {
    "plain": "expected_return: 8%, volatility: 17%",
    "jumps": f"expected_return: 8%, volatility: 17%, {JUMPS}",
    "regimes": SWITCHING,
    "regimes and jumps": f"{SWITCHING}, {JUMPS}",
}
YEARS = np.arange(1, 21) / 4
WATCHED = [0, 3, 11, 19]  # periods


def market(name):
    return f"economy: {{market: {{{MARKETS[name]}}}}}"


def economy(scenario, paths):
    """Market index and deflator, [2, period, path]."""
    return sample(scenario, paths, lambda r: np.stack([r["market_index"].values, r["deflator"].values]))


def switching_index():
    """Mean index of the regimes at the ends of the quarters: the two-state matrix product."""
    leave = 1 - np.array([0.85, 0.55]) ** 0.25
    stay = np.array([[1 - leave[0], leave[0]], [leave[1], 1 - leave[1]]])
    growth = np.diag(np.array([1.12, 0.95]) ** 0.25)
    weights = np.array([leave[1], leave[0]]) / leave.sum()
    means = []
    for _ in YEARS:
        weights = weights @ stay @ growth
        means.append(weights.sum())
    return np.array(means)


@pytest.mark.parametrize("name", MARKETS)
def test_the_index_earns_what_is_stated(law, paths, name):
    """E[exp of the sum of m] = (1 + E[r_m])^tau (eq. 2.2); with regimes by the matrix product (eq. 3.3)."""
    expected = switching_index() if "regimes" in name else 1.08**YEARS
    index, _ = economy(law(GRID, RATES, market(name)), paths)

    assert mean_agrees(expected[WATCHED], index[WATCHED], f"index, {name}")


def test_the_matrix_product_in_valuation():
    good = Regime(regime_log_mean(0.12, 0.13), 0.13, -np.log(0.85))
    bad = Regime(regime_log_mean(-0.05, 0.28), 0.28, -np.log(0.55))

    assert equal(switching_index(), expected_regime_exponential(1.0, 20, good, bad, 0.25), "matrix product")


def test_the_implied_market_return_is_reported(law):
    found = explain(law(GRID, RATES, market("regimes"))).facts["rates"]["expected market return"]

    assert equal(switching_index()[-1] ** 0.2 - 1, found, "implied return")


@pytest.mark.parametrize("name", MARKETS)
def test_the_deflator_prices_the_riskless_asset(law, paths, name):
    """E[D_t] = (1 + r_f)^-tau (eq. 2.6)."""
    _, deflator = economy(law(GRID, RATES, market(name)), paths)

    assert mean_agrees(1.03 ** -YEARS[WATCHED], deflator[WATCHED], f"deflator, {name}")


@pytest.mark.parametrize("name", MARKETS)
def test_the_deflator_prices_the_market(law, paths, name):
    """E[D_t x index] = 1 (eq. 2.6)."""
    index, deflator = economy(law(GRID, RATES, market(name)), paths)

    assert mean_agrees(1.0, (deflator * index)[WATCHED], f"deflator x index, {name}")


def test_the_plain_deflator_path_by_path(law):
    """Without jumps a = pi / sigma^2, and ln D falls by a for every log point of the market."""
    result = run(law(GRID, RATES, market("plain")), 500)
    risk_free, premium = np.log(1.03), np.log(1.08 / 1.03)
    a = premium / 0.17**2
    tau = YEARS[:, None]
    shock = np.log(result["market_index"].values) - (np.log(1.08) - 0.17**2 / 2) * tau
    expected = np.exp(-risk_free * tau - a * shock - (a * 0.17) ** 2 / 2 * tau)

    assert equal(expected, result["deflator"].values, "deflator of a path")


@pytest.mark.parametrize(("timing", "earlier"), [("mid", 0.125), ("begin", 0.25)])
def test_the_deflator_stands_at_the_date_of_the_flow(law, paths, timing, earlier):
    scenario = law(GRID, RATES, market("plain"), f"time: {{flow_timing: {timing}}}")
    _, deflator = economy(scenario, paths)
    expected = 1.03 ** (earlier - YEARS)

    assert mean_agrees(expected[WATCHED[1:]], deflator[WATCHED[1:]], f"deflator, {timing}")


def test_uncertain_rates_are_priced_too(law, paths):
    """With an uncertain real rate and premium E[D_t] is the mean of e^(-r tau) and E[D x index] stays 1."""
    uncertain = """economy: {real_rate: {uniform: {low: 0%, high: 2%}},
        market: {expected_return: null, volatility: 17%, premium: {normal: {mean: 5%, sd: 1%}}}}"""
    index, deflator = economy(law(GRID, RATES, uncertain), paths)
    low, high = 1.02, 1.04
    tau = YEARS[WATCHED]
    with np.errstate(divide="ignore", invalid="ignore"):
        mean_factor = np.where(
            tau == 1,
            np.log(high / low),
            (high ** (1 - tau) - low ** (1 - tau)) / np.where(tau == 1, 1, 1 - tau),
        ) / (high - low)

    assert mean_agrees(mean_factor, deflator[WATCHED], "deflator at an uncertain rate")
    assert mean_agrees(1.0, (deflator * index)[WATCHED], "index at an uncertain premium")


def test_prices_rise_with_expected_inflation(law):
    result = run(law(GRID, RATES), 100)

    assert equal(1.02 ** YEARS[:, None], result["inflation_index"], "price index")


def test_a_market_below_the_riskless_rate_is_warned_of(law):
    warnings = json.loads(run(law(RATES, "economy: {market: {expected_return: 2%}}"), 10).attrs["warnings"])

    assert any("negative" in text for text in warnings)
