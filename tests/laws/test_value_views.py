"""Views of value on simulated results: the ledger's numbers, every check on random paths, rates of betas."""

import numpy as np
import pytest

from crcsim import load_scenario, simulate
from crcsim.compile.ledger import compiled_ledger
from crcsim.costing.journal import journal
from crcsim.measures import (
    customer_rates,
    customer_value,
    rate_build_up,
    shareholder_value,
    three_horizons,
)
from crcsim.measures.ledger_value import RateBuildUp, ledger_value
from crcsim.scenario.ledger import load_ledger

HALF_A_CENT = 0.005

#: Two accounts with all that moves cash: horizon value, investments, working capital, exits, own rate.
MOVING = """
time: {years: 6, periods_per_year: 2, flow_timing: mid}
economy:
  real_rate: {normal: {mean: 1%, sd: 0.3%}}
  expected_inflation: 2%
  market: {premium: {normal: {mean: 5%, sd: 0.5%}}, expected_return: null}
capital:
  rate: null
  beta: {normal: {mean: 1.2, sd: 0.1}}
  equity_share: 60%
  cost_of_debt: 4%
  tax_rate: 25%
  horizon_value: {perpetuity: {growth: 0%}}
products: {goods: {variable_costs: {material: 40%}, sales_deductions: 2%}}
customer_defaults: {volatility: 20%, beta: 0.8, coupling: 1.1, churn: {hazard: 8%}, receivable_days: 40}
segments: {key: {}}
customers:
  A: {lines: {goods: {wallet: 100, share: 100%}}, investments: {tools: {amount: 12, at: 1 year}}}
  B: {segment: key, lines: {goods: {wallet: 300, share: {now: 30%, volatility: 0.3}}}, direct_cost: 9}
costs: [{name: office, level: company, amount: 4}, {name: team, level: segment, segment: key, amount: 3}]
shareholder_value: {securities: 10, debt: 250}
"""


def number(found, name, item, dim="item"):
    return float(found[name].isel(strategy=0).sel({dim: item}))


def test_worked_example_is_worth_what_its_ledger_says(repository):
    """Both forms, what no customer causes and shareholder value, against the exact ledger at 8.05 %."""
    folder = repository / "scenarios" / "costing-example"
    ledger = compiled_ledger(load_ledger(folder / "ledger.yaml"))
    claims = {"securities": 25_000, "debt": 600_000, "residual": None}
    exact = ledger_value(ledger, journal(ledger), (0.0, 1.0, 2.0), RateBuildUp(0.0805), {}, claims)
    result = simulate(load_scenario(folder / "scenario.yaml"), paths=8, threads=1)
    found, bridge = customer_value(result), shareholder_value(result)
    customer = exact.customers[0]
    factors = customer.discount_factors

    def ledgers(flows):
        return pytest.approx(float((flows * factors).sum()), abs=HALF_A_CENT)

    assert ledgers(customer.receipts) == number(found, "receipts", "Halvorsund")
    assert ledgers(customer.expenses) == number(found, "payments", "Halvorsund")
    assert ledgers(customer.contributions) == number(found, "contributions", "Halvorsund")
    assert ledgers(customer.investments) == number(found, "investments", "Halvorsund")
    for name in ("value_of_flows", "value_of_contributions", "value"):
        assert customer.value == pytest.approx(number(found, name, "Halvorsund"), abs=HALF_A_CENT)
    assert float(exact.shareholder.company_value) == pytest.approx(
        number(bridge, "mean", "company value", "line"), abs=HALF_A_CENT
    )
    assert float(exact.shareholder.shareholder_value) == pytest.approx(
        number(bridge, "mean", "shareholder value", "line"), abs=HALF_A_CENT
    )


@pytest.mark.jit
@pytest.mark.parametrize("timing", ["begin", "mid", "end"])
@pytest.mark.parametrize("rate", ["firm", "own"])
def test_every_check_holds_on_random_paths(law, timing, rate):
    """The checks of the views compare what the simulation adds up in different places."""
    scenario = law(MOVING, f"time: {{flow_timing: {timing}}}", f"customers: {{B: {{rate: {rate}}}}}")
    result = simulate(scenario, paths=300, threads=1)
    found, bridge = customer_value(result), shareholder_value(result)

    assert float(found["difference"].max()) < 1e-12
    assert float(bridge["reconciliation"]) < 1e-12
    assert 0.0 < number(found, "investments", "A")
    assert 0.0 < float(bridge["residual_share"].isel(strategy=0)) < 1.0
    assert 2 == three_horizons(result).sizes["customer"]


def test_rates_of_a_run_follow_from_their_inputs(law):
    """Business beta 1.1 x 0.8 relevered with 40 % debt at 25 % tax, by the CAPM and the WACC."""
    result = simulate(law(MOVING), paths=300, threads=1)
    firm, customers = rate_build_up(result), customer_rates(result)
    inputs = {
        str(key): result["capital_inputs"].sel(capital_input=key).values
        for key in result["capital_input"].values
    }

    assert 0.08 == pytest.approx(float(firm["central"].sel(rate="expected_market_return")))
    assert 0.6 * (0.03 + 1.2 * 0.05) + 0.4 * 0.04 * 0.75 == pytest.approx(
        float(firm["central"].sel(rate="wacc"))
    )
    beta = 0.88 * (1.0 + 0.75 * 0.4 / 0.6)
    assert beta == pytest.approx(float(customers["equity_beta"].sel(customer="A")))
    assert 0.6 * (0.03 + beta * 0.05) + 0.012 == pytest.approx(float(customers["central"].sel(customer="A")))
    np.testing.assert_allclose(inputs["real_rate"] + 0.02, result["risk_free_rate"], rtol=1e-12)
    assert 0.05 < inputs["beta"].std() < 0.15


def test_a_customer_at_its_own_rate_is_discounted_at_the_rate_shown(law):
    """With certain inputs the value of a customer is its mean cash flow at the rate of the table."""
    certain = """
economy: {real_rate: 1%, market: {premium: 5%}}
capital: {beta: 1.2, horizon_value: none}
customers: {B: {rate: own}}
"""
    result = simulate(law(MOVING, certain), paths=300, threads=1)
    rates = customer_rates(result)
    for name, rate in (
        ("A", float(result["cost_of_capital"][0])),
        ("B", float(rates["mean"].sel(customer="B"))),
    ):
        flows = result["customer_cash_flow_mean"].isel(strategy=0).sel(customer=name).values
        worth = float((flows * (1.0 + rate) ** -result["years"].values).sum())
        value = float(result["npv"].isel(strategy=0).sel(discounting="wacc", customer=name).mean())

        assert worth == pytest.approx(value, rel=1e-9)
    assert [0, 1] == rates["own_rate"].values.tolist()
