"""Cost of capital: CAPM and WACC, rates that are uncertain, and what they do to the mean discount factor."""

import numpy as np
import pytest

from crcsim.measures import discount
from crcsim.report.explain import explain
from crcsim.valuation.capital import certainty_equivalent_rate, expected_discount_factor_log_capm
from tests.laws.support import agrees, certain_value, equal, expected_value, mean_agrees, run, sample, values

pytestmark = pytest.mark.jit

SCHMEISSER = """
economy: {real_rate: 2%, expected_inflation: 2%, market: {expected_return: 9%}}
capital: {rate: null, beta: 1.2, equity_share: 70%, cost_of_debt: 5%, tax_rate: 30%}
"""
NORMAL_RATE = f"capital: {{rate: {{normal: {{mean: {np.expm1(0.1)}, sd: {0.02 * np.exp(0.1)}}}}}}}"
DEBT = np.expm1(
    0.032
)  # cost of debt after tax, equal to the risk-free rate: the intercept of the log WACC is 0.032
LOG_CAPM = f"""
economy: {{real_rate: {DEBT}, market: {{expected_return: null, premium: {{normal: {{mean: 5.5%, sd: 2%}}}}}}}}
capital:
  rate: null
  form: log
  beta: {{normal: {{mean: 1.1, sd: 0.2}}}}
  equity_share: 70%
  cost_of_debt: {DEBT / 0.75}
  tax_rate: 25%
"""


def rates(scenario, paths):
    return sample(scenario, paths, lambda result: result["cost_of_capital"].values)


def test_capm_and_wacc(law):
    """Oracle B05: cost of equity 10 % and WACC 8.05 %, the risk-free rate added up as Schmeisser does."""
    scenario = law(SCHMEISSER)
    found, result = explain(scenario).facts["rates"], run(scenario, 100)

    assert equal(
        [0.04, 0.1, 0.0805], [found[k] for k in ("risk-free rate", "cost of equity", "WACC")], "B05 explained"
    )
    assert equal(0.04, result["risk_free_rate"], "B05 risk-free rate")
    assert equal(0.0805, result["cost_of_capital"], "B05 WACC")


def test_exact_risk_free_rate(law):
    """Oracle B05: compounded, the risk-free rate is 4.04 %; the cost of equity moves by 1 - beta of that."""
    scenario = law(SCHMEISSER, "economy: {fisher: exact}")
    found, result = explain(scenario).facts["rates"], run(scenario, 100)

    assert equal(0.0404, result["risk_free_rate"], "B05 exact")
    assert equal(0.1 + (1 - 1.2) * 0.0004, found["cost of equity"], "B05 exact cost of equity")


def test_cost_of_debt_is_averaged(law):
    scenario = law(SCHMEISSER, "capital: {cost_of_debt: [3%, 5%, 7%]}")

    assert equal(0.0805, run(scenario, 100)["cost_of_capital"], "average cost of debt")


def test_own_rate_is_relevered(law, paths):
    """`rate: own` takes the customer's business beta, levered with the firm's debt (Hamada 1972)."""
    scenario = law(SCHMEISSER, "customers: {A: {beta: 0.6, rate: own}}", "time: {years: 1}")
    equity = 0.04 + 0.6 * (1 + 0.7 * 0.3 / 0.7) * 0.05
    rate = 0.7 * equity + 0.3 * 0.05 * 0.7

    assert equal(70 / (1 + rate), expected_value(scenario), "relevered beta explained")
    assert mean_agrees(70 / (1 + rate), values(scenario, paths), "relevered beta")


def test_mean_discount_factor_of_a_normal_rate(law, paths):
    """Oracle C10: E[e^(-RT)] = e^(-mu T + s^2 T^2 / 2) and the certainty-equivalent rate mu - s^2 T / 2."""
    years = np.array([1, 5, 10, 20, 30])
    expected = [0.905018403618, 0.609570907296, 0.375311098851, 0.14660696213, 0.0596059427089]
    rate = rates(law(NORMAL_RATE), paths)
    factors = (1 + rate) ** -years[:, None]
    mean = factors.mean(axis=1)
    slope = factors.std(axis=1) / np.sqrt(rate.size) / mean / years

    assert mean_agrees(expected, factors, "C10")
    equivalent = np.log1p(certainty_equivalent_rate(mean, years))
    assert agrees([0.0998, 0.099, 0.098, 0.096, 0.094], equivalent, slope, "C10 rate")


def test_three_ways_to_discount_at_an_uncertain_rate(law, paths):
    """Certain flows at the central rate, over all rates, and at the certainty-equivalent rate."""
    years = np.arange(1, 11)
    found = discount(run(law(NORMAL_RATE), paths, bands=True)).sel(item="total")
    mean_over_rates = 100 * np.exp(-0.1 * years + 0.02**2 * years**2 / 2).sum()
    equivalent = found["certainty_equivalent_rate"].item()

    assert equal(100 * np.exp(-0.1 * years).sum(), found["value_at_central_rate"], "at the central rate")
    assert agrees(mean_over_rates, found["value"], found["value_standard_error"], "mean over rates")
    assert equal(found["value"], found["value_mean_over_rates"], "value is the mean over rates")
    assert equal(found["value"], (100 * (1 + equivalent) ** -years).sum(), "certainty-equivalent rate")


def test_mean_discount_factor_of_uncertain_beta_and_premium(law, paths):
    """Oracle C14: beta and log premium normal, equity share 70 %; the same closed form in `valuation`."""
    years = np.array([1, 5, 10, 20, 30])
    expected = [0.92848766249, 0.692126075392, 0.482581239281, 0.239639979842, 0.122256085901]
    closed = expected_discount_factor_log_capm(years, 1.1, 0.2, 0.055, 0.02, 0.032, 0.7)
    rate = rates(law(LOG_CAPM), paths)

    assert equal(expected, closed, "C14 closed form")
    assert mean_agrees(expected, (1 + rate) ** -years[:, None], "C14")


def test_mean_discount_factor_of_uncertain_equity_cost(law, paths):
    """MODEL 2: ln(1+k) = ln(1+r_f) + beta pi with independent normals."""
    years = np.array([1, 10, 20])
    expected = expected_discount_factor_log_capm(years, 1.1, 0.2, 0.055, 0.02, 0.032)
    rate = rates(law(LOG_CAPM, "capital: {equity_share: 100%}"), paths)

    assert mean_agrees(expected, (1 + rate) ** -years[:, None], "equity alone")


def test_effective_capm_with_uncertain_beta(law, paths):
    """In effective rates ln(1+k) is linear in k around its central value: normal when beta is."""
    scenario = law(SCHMEISSER, "capital: {beta: {normal: {mean: 1.2, sd: 0.3}}}")
    log_rate = np.log1p(rates(scenario, paths))
    sd = 0.7 * 0.3 * 0.05 / 1.0805

    assert mean_agrees(np.log(1.0805), log_rate, "mean of ln(1+k)")
    assert mean_agrees(sd**2, (log_rate - np.log(1.0805)) ** 2, "variance of ln(1+k)")


def test_value_is_discounted_at_the_rate_of_its_path(law):
    """NPV of certain flows on every path is the annuity at that path's cost of capital."""
    result = run(law(LOG_CAPM), 2_000)
    annuity = sum(75 * (1 + result["cost_of_capital"].values) ** -year for year in range(1, 11))

    assert equal(annuity, result["npv"].sel(discounting="wacc", customer="A"), "annuity of the path")


def test_stated_rate_without_volatility(law):
    assert equal(100 * (1 - 1.1**-10) / 0.1, certain_value(law()), "annuity at a stated rate")
