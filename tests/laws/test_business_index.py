"""Business index and wallet: means grow as stated whatever moves them, the spread follows coupling."""

from statistics import NormalDist

import numpy as np
import pytest

from tests.laws.support import agrees, equal, mean_agrees, run, sales, sample, share_agrees

pytestmark = pytest.mark.jit

MOVED = """
time: {years: 5, periods_per_year: 4}
economy: {industries: {shipping: {volatility: 25%}, steel: {volatility: 10%}}}
customers: {A: {growth: 4%, beta: 1.1, volatility: 20%, industry: {shipping: 0.8, steel: -0.5}}}
"""
JUMPS = "economy: {market: {jumps: {rate: 0.4 per year, log_mean: -15%, log_sd: 10%}}}"
REGIMES = """economy: {market: {expected_return: null, volatility: null, regimes: {
    good: {expected_return: 12%, volatility: 13%, leave: {yearly_probability: 15%}},
    bad: {expected_return: -5%, volatility: 28%, leave: {yearly_probability: 45%}}}}}"""
CASES = {
    "market, industries and own": "{}",
    "jumps": JUMPS,
    "regimes": REGIMES,
    "uncertain beta": "customers: {A: {beta: {normal: {mean: 1.1, sd: 0.4}}}}",
    "uncertain beta in regimes": "{" + REGIMES + ", customers: {A: {beta: {normal: {mean: 1.1, sd: 0.4}}}}}",
    "uncertain volatilities": """{economy: {market: {volatility: {uniform: {low: 10%, high: 30%}}}},
        customers: {A: {volatility: {uniform: {low: 5%, high: 35%}}}}}""",
}
YEARS = np.arange(1, 21) / 4
WATCHED = [0, 7, 19]  # periods
VARIANCE = 1.1**2 * 0.2**2 + 0.2**2 + 0.8**2 * 0.25**2 + 0.5**2 * 0.1**2  # of the log index per year


@pytest.mark.parametrize("case", CASES)
def test_the_business_index_grows_as_stated(law, paths, case):
    """E[B_t] = (1+g)^tau (eq. 3.1); a fully captured wallet with coupling 1 is 25 B_t a quarter."""
    index = sales(law(MOVED, CASES[case]), paths) / 25

    assert mean_agrees(1.04 ** YEARS[WATCHED], index[WATCHED], f"index, {case}")


@pytest.mark.parametrize("coupling", [0.0, 0.5, 1.6])
@pytest.mark.parametrize("case", ["market, industries and own", "jumps", "regimes"])
def test_a_coupled_wallet_has_no_free_mean(law, paths, case, coupling):
    """E[W_t] = W_0 (1+g)^(chi tau) (eq. 3.2)."""
    wallet = sales(law(MOVED, CASES[case], f"customers: {{A: {{coupling: {coupling}}}}}"), paths) / 25
    expected = 1.04 ** (coupling * YEARS[WATCHED])

    if coupling == 0.0:
        assert equal(expected[:, None], wallet[WATCHED], "wallet without coupling")
    else:
        assert mean_agrees(expected, wallet[WATCHED], f"wallet, {case}, coupling {coupling}")


@pytest.mark.parametrize("coupling", [0.5, 1.0, 1.6])
def test_coupling_means_more_upside_and_more_downside(law, paths, coupling):
    """Var ln W_t = chi^2 (beta^2 sigma_m^2 + sum of loading^2 sigma_j^2 + sigma^2) tau."""
    log_wallet = np.log(sales(law(MOVED, f"customers: {{A: {{coupling: {coupling}}}}}"), paths)[WATCHED] / 25)
    variance = coupling**2 * VARIANCE * YEARS[WATCHED, None]
    drift = coupling * np.log(1.04) * YEARS[WATCHED, None] - variance / 2

    assert mean_agrees(variance[:, 0], (log_wallet - drift) ** 2, f"log variance, coupling {coupling}")


def test_wallet_percentiles(law, paths):
    """Oracle C19: percentiles and mean of a lognormal wallet after five years."""
    wallet = sales(
        law(f"{{time: {{years: 5}}, customers: {{A: {{growth: {np.expm1(0.05)}, volatility: 20%}}}}}}"), paths
    )[-1]
    probabilities = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
    expected = np.array([55.677119491, 85.9296724655, 116.183424273, 157.088787708, 242.444081144])
    density = np.array([NormalDist().pdf(NormalDist().inv_cdf(p)) for p in probabilities]) / (
        expected * 0.2 * np.sqrt(5)
    )
    error = np.sqrt(probabilities * (1 - probabilities) / wallet.size) / density

    assert mean_agrees(128.402541669, wallet, "C19 mean")
    assert share_agrees(probabilities, wallet <= expected[:, None], "C19 probability below the percentiles")
    assert agrees(expected, np.quantile(wallet, probabilities), error, "C19 percentiles")


def test_a_pure_market_customer_path_by_path(law):
    """With beta alone: ln W_t = chi ln(1+g) tau + chi beta x the market's shock - half its variance."""
    change = "{record: [economy], customers: {A: {growth: 4%, beta: 1.3, coupling: 1.5}}}"
    result = run(law(change), 500)
    tau = np.arange(1, 11)[:, None]
    shock = np.log(result["market_index"].values) - (np.log(1.05) - 0.02) * tau
    loading = 1.5 * 1.3
    expected = 100 * np.exp(1.5 * np.log(1.04) * tau + loading * shock - loading**2 * 0.04 / 2 * tau)

    assert equal(expected, result["sales"], "wallet of a path")


def test_two_customers_share_market_and_industry_only(law, paths):
    """Covariance of two log wallets = beta_1 beta_2 sigma_m^2 + loading_1 loading_2 sigma_j^2 per year."""
    scenario = law(
        MOVED,
        "time: {years: 1, periods_per_year: 1}",
        """customers: {B: {beta: 0.7, volatility: 30%, industry: {shipping: 0.5},
            lines: {goods: {wallet: 1, share: 100%}}}}""",
    )
    log_a, log_b = np.log(
        sample(scenario, paths, lambda result: result["npv"].sel(discounting="risk_free").values)
    )
    covariance = 1.1 * 0.7 * 0.04 + 0.8 * 0.5 * 0.25**2

    assert mean_agrees(
        covariance, (log_a - log_a.mean()) * (log_b - log_b.mean()), "covariance of log wallets"
    )


def test_line_trend_and_phase_growth_enter_the_wallet(law):
    """Trend and phase add-on compound with the customer's growth, per year, on every grid."""
    change = """{time: {years: 3, periods_per_year: 4}, customers: {A: {
        growth: 2%, phase: growth, phases: {growth: {growth: 5%}}, lines: {goods: {trend: 1%}}}}}"""
    expected = 25 * (1.02 * 1.05 * 1.01) ** (np.arange(1, 13)[:, None] / 4)

    assert equal(expected, sales(law(change), 100), "trend and phase growth")


def test_uncertain_growth_is_one_draw_per_path(law, paths):
    """A growth drawn once and held: E[(1+g)^tau] over the stated uniform distribution."""
    scenario = law("{time: {years: 4}, customers: {A: {growth: {uniform: {low: 0%, high: 20%}}}}}")
    found = sales(scenario, paths)[[0, 3]] / 100
    expected = [(1.2 ** (n + 1) - 1) / ((n + 1) * 0.2) for n in (1, 4)]

    assert mean_agrees(expected, found, "uncertain growth")
    assert equal(found[0] ** 4, found[1], "the same growth in every year")
