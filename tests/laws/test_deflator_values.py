"""Risk is charged once: a flow is worth the same by the deflator and at the rate of its beta."""

import numpy as np
import pytest

from crcsim.measures import discount
from tests.laws.support import agrees, equal, expected_value, mean_agrees, run, sample, values

pytestmark = pytest.mark.jit

#: Log growth 5 %, risk-free 3 %, log premium 5 %, beta 1.2 of the firm and of the customer.
RISKY = f"""
record: [economy]
economy:
  real_rate: {np.expm1(0.03)}
  market: {{expected_return: null, premium: 5%, volatility: 20%}}
capital: {{rate: null, form: log, beta: 1.2}}
customers: {{A: {{beta: 1.2, growth: {np.expm1(0.05)}, volatility: 15%, lines: {{goods: {{wallet: 10}}}}}}}}
"""
YEARS = np.array([1, 3, 5, 10])
CORRECT = np.array([9.60789439152, 8.86920436717, 8.18730753078, 6.70320046036])
RISK_IGNORED = np.array([10.2020134003, 10.6183654655, 11.0517091808, 12.2140275816])


def priced(result):
    """Flows of each year at the cost of capital, by the deflator, at the riskless rate [3, year, path]."""
    sales, years = result["sales"].values, np.arange(1, 11)[:, None]
    rates = (result[name].values for name in ("cost_of_capital", "risk_free_rate"))
    risky, safe = (sales * (1 + rate) ** -years for rate in rates)
    return np.stack([risky, sales * result["deflator"].values, safe])[:, YEARS - 1]


def test_no_double_counting(law, paths):
    """Oracle C25: risk-adjusted discounting of real-world means is pricing by the deflator."""
    risky, by_deflator, safe = sample(law(RISKY), paths, priced)

    assert mean_agrees(CORRECT, risky, "C25 at the log CAPM rate")
    assert mean_agrees(CORRECT, by_deflator, "C25 by the deflator")
    assert mean_agrees(RISK_IGNORED, safe, "C25 risk ignored")


@pytest.mark.parametrize("discounting", ["wacc", "deflator"])
def test_both_values_are_the_same(law, paths, discounting):
    """A lognormal flow with loading beta and no debt is worth the same either way (MODEL 2)."""
    expected = (10 * np.exp(-0.04 * np.arange(1, 11))).sum()

    assert mean_agrees(expected, values(law(RISKY), paths, discounting), f"value, {discounting}")


def test_at_the_log_capm_rate_without_simulation(law):
    assert equal((10 * np.exp(-0.04 * np.arange(1, 11))).sum(), expected_value(law(RISKY)), "C25 explained")


def test_implied_beta(law, paths):
    """The deflator's value implies the beta that the customer has."""
    found = discount(run(law(RISKY), paths, bands=True)).sel(item="A")

    assert equal(1.2, found["assumed_beta"], "assumed beta")
    assert agrees(1.2, found["implied_beta"], found["implied_beta_standard_error"], "implied beta")


def test_gap_of_the_capm_in_effective_rates(law, paths):
    """Effective rates compound beta x premium differently; the gap to the deflator is theirs alone."""
    scenario = law(
        RISKY,
        "capital: {form: effective}",
        "economy: {market: {expected_return: 8.328706767495864%, premium: null}}",
    )
    rate = np.expm1(0.03) + 1.2 * (np.expm1(0.08) - np.expm1(0.03))
    years = np.arange(1, 11)

    assert mean_agrees(
        (10 * np.exp(0.05 * years) * (1 + rate) ** -years).sum(), values(scenario, paths), "effective CAPM"
    )
    assert mean_agrees(
        (10 * np.exp(-0.04 * years)).sum(), values(scenario, paths, "deflator"), "deflator beside it"
    )


def test_coupling_scales_the_price_of_risk(law, paths):
    """A wallet with coupling chi grows at (1+g)^chi and loads chi beta on the market."""
    scenario = law(RISKY, "customers: {A: {coupling: 1.5}}")
    years = np.arange(1, 11)
    expected = (10 * np.exp((1.5 * 0.05 - 0.03 - 1.5 * 1.2 * 0.05) * years)).sum()

    assert mean_agrees(expected, values(scenario, paths, "deflator"), "coupled flow")


def test_flows_apart_from_the_market_carry_no_price(law, paths):
    """Own and industry risk are not priced: by the deflator such a flow is worth its riskless value."""
    scenario = law(
        RISKY,
        "economy: {industries: {shipping: {volatility: 25%}}}",
        "customers: {A: {beta: 0, industry: {shipping: 0.8}}}",
    )
    expected = (10 * np.exp(0.02 * np.arange(1, 11))).sum()

    assert mean_agrees(expected, values(scenario, paths, "deflator"), "deflator")
    assert mean_agrees(expected, values(scenario, paths, "risk_free"), "riskless")
