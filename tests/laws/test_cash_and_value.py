"""Cash and value without chance, and what holds on every path: parts add up to the whole."""

import numpy as np
import pytest

from crcsim.valuation.discounting import customer_value, customer_value_from_contributions, present_value
from tests.laws.support import certain_value, equal, expected_value, mean_agrees, run, total_value, values

pytestmark = pytest.mark.jit

#: Everything that needs no chance: prices, deductions, costs, tax, inflation, real growth, levels.
CERTAIN = """
time: {years: 6}
economy: {real_rate: 1%, expected_inflation: 2%, fisher: exact}
capital: {rate: 8%, tax_rate: 25%}
products:
  goods:
    premium: 20%
    premium_half_life: 3 years
    sales_deductions: 4%
    variable_costs: {material: 30%, production: 15%, distribution: 5%}
segments: {key: {}}
customers:
  A:
    segment: key
    growth: {value: 3%, basis: real}
    discount: 5%
    direct_cost: 12
    lines: {goods: {wallet: 200, share: 40%}}
costs: [{name: office, level: company, amount: 4}, {name: team, level: segment, segment: key, amount: 3}]
"""
#: Everything that moves: two customers, levels, working capital, uncertain rates.
MOVING = """
time: {years: 8, periods_per_year: 4}
record: [economy]
economy: {real_rate: {normal: {mean: 1%, sd: 0.2%}}, expected_inflation: 2%}
capital: {rate: {normal: {mean: 9%, sd: 1%}}, tax_rate: 25%}
products: {goods: {sales_deductions: 3%, variable_costs: {material: 50%}}}
segments: {key: {}}
customers:
  A:
    segment: key
    beta: 1.1
    volatility: 20%
    churn: {hazard: 0.1}
    insolvency: {hazard: 0.05, loss_given_default: 60%}
    receivable_days: 60
  B:
    beta: 0.7
    growth: 5%
    volatility: 30%
    direct_cost: 9
    takeover: {hazard: 0.1, retained: 50%, wallet_multiplier: {median: 0.8, log_sd: 0.3}}
    payable_days: 30
    lines: {goods: {wallet: 300, share: {now: 30%, volatility: 0.3}}}
costs: [{name: office, level: company, amount: 4}, {name: team, level: segment, segment: key, amount: 3}]
"""


def test_customer_value_in_both_forms():
    """Oracle B04: receipts less expenses, and contributions less investment, at 10 %."""
    receipts, expenses = [0, 120, 130, 140], [50, 70, 75, 80]
    invested = customer_value_from_contributions([50, 0, 0, 0], [0, 50, 55, 60], 0.1)

    assert equal(85.9879789632, customer_value(receipts, expenses, 0.1), "B04")
    assert equal(85.9879789632, invested, "B04, second form")


@pytest.mark.parametrize(("timing", "shift"), [("end", 0.0), ("mid", 0.5), ("begin", 1.0)])
@pytest.mark.parametrize("periods_per_year", [1, 4])
def test_value_without_volatility(law, timing, shift, periods_per_year):
    """Zero volatility is the deterministic NPV: eroding prices, costs indexed with inflation, tax, levels."""
    step = 1 / periods_per_year
    periods = np.arange(1, 6 * periods_per_year + 1)
    dates = (periods - shift) * step
    grown = (periods - (timing == "begin")) * step  # at mid-period the flow already holds the period's growth
    volume = 80 * (1.03 * 1.02) ** grown
    price = 0.95 * (1 + 0.2 * 0.5 ** (grown / 3))
    customer = 0.75 * (volume * (price * 0.96 - 0.5) - 12 * 1.02**grown) * step
    levels = -0.75 * 7 * 1.02**grown * step
    scenario = law(CERTAIN, f"time: {{periods_per_year: {periods_per_year}, flow_timing: {timing}}}")
    result = run(scenario, 50)

    assert equal(present_value(customer, 0.08, dates), result["npv"].sel(discounting="wacc"), "customer")
    assert equal(
        present_value(levels, 0.08, dates), result["level_npv"].sel(discounting="wacc").sum("level"), "levels"
    )
    assert equal(present_value(customer + levels, 0.08, dates), expected_value(scenario), "explained")
    assert equal((customer + levels)[:, None], result["cash_flow"], "cash flow")
    assert equal(
        present_value(customer, 1.01 * 1.02 - 1, dates),
        result["npv"].sel(discounting="risk_free"),
        "riskless",
    )


def test_sales_cannot_be_lost_between_lines(law):
    """A customer with two products is worth the two customers with one."""
    products = """products: {goods: {variable_costs: {material: 30%}},
        spares: {premium: 10%, premium_half_life: 2 years}}"""
    line = {"goods": "{wallet: 100, share: 40%}", "spares": "{wallet: 50, share: 80%}"}

    def worth(*names):
        lines = ", ".join(f"{name}: {line[name]}" for name in names)
        return certain_value(
            law(products, "customers: {A: null}", f"customers: {{B: {{lines: {{{lines}}}}}}}")
        )

    assert equal(worth("goods") + worth("spares"), worth("goods", "spares"), "two lines")


@pytest.mark.parametrize("timing", ["end", "mid", "begin"])
def test_cash_flow_discounted_is_value(law, timing):
    """Path by path: discounted portfolio cash flow is the sum of customers and levels, however discounted."""
    result = run(law(MOVING, f"time: {{flow_timing: {timing}}}"), 1_000)
    flows, years = result["cash_flow"].values[0], result["years"].values[:, None]
    for discounting, rate in (("wacc", "cost_of_capital"), ("risk_free", "risk_free_rate")):
        worth = (flows * (1 + result[rate].values) ** -years).sum(axis=0)

        assert equal(
            worth, total_value(result.isel(strategy=0), discounting), f"cash flow at {rate}, {timing}"
        )
    by_deflator = (flows * result["deflator"].values).sum(axis=0)

    assert equal(
        by_deflator, total_value(result.isel(strategy=0), "deflator"), f"cash flow by deflator, {timing}"
    )


def test_portfolio_is_the_sum_of_its_customers(law):
    """Each customer alone is worth the same, on every path, as beside the others."""
    together = run(law(MOVING), 1_000)
    for name, other in (("A", "B"), ("B", "A")):
        change = "{costs: null, segments: {key: {}}, " + f"customers: {{{other}: null}}}}"
        alone = run(law(MOVING, change), 1_000)

        assert equal(alone["npv"].sel(customer=name), together["npv"].sel(customer=name), f"{name} alone")


@pytest.mark.parametrize("timing", ["end", "begin"])
def test_working_capital_only_moves_cash(law, timing):
    """Undiscounted cash = contribution - change of working capital (eq. 8.4, 8.5), path by path."""
    moving = f"""{{
        time: {{years: 5, periods_per_year: 4, flow_timing: {timing}}}, capital: {{rate: 0%, tax_rate: 25%}},
        products: {{goods: {{premium: 10%, sales_deductions: 3%, variable_costs: {{material: 50%}}}}}},
        customers: {{A: {{growth: 4%, volatility: 20%, churn: {{hazard: 0.1}}}}}}}}"""
    days = "customers: {A: {receivable_days: 60, payable_days: 25}}"
    contribution, result = run(law(moving), 1_000)["cash_flow"], run(law(moving, days), 1_000)
    tied = (1.1 * 0.97 * 60 - 0.5 * 25) / 365 / 1.1  # per unit of yearly sales
    change = (result["sales"].values[0, -1] * 4 - 110) * tied

    assert equal(
        contribution.sum("period"), result["cash_flow"].sum("period") + change, f"working capital, {timing}"
    )


def test_customer_that_ends_releases_its_working_capital(law):
    """A certain end in the first period earns nothing but the receivables of today."""
    change = "{capital: {rate: 0%}, customers: {A: {churn: {hazard: 50}, receivable_days: 73}}}"

    assert equal(20.0, values(law(change), 100), "receivables of today")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("economy: {fisher: exact}", 70.2358154093),
        ("{economy: {fisher: exact}, customers: {A: {growth: {value: 0%, basis: nominal}}}}", 62.3130072833),
        ("economy: {fisher: additive}", 70.7934884779),
    ],
    ids=["nominal at a nominal rate", "real at a nominal rate", "rates added"],
)
def test_real_and_nominal(law, change, expected):
    """Oracle C31: ten real flows of 10, raised with inflation 2.5 %, at a real rate of 7 %."""
    real = """{economy: {real_rate: 7%, expected_inflation: 2.5%}, capital: {rate: null, beta: 0},
        customers: {A: {growth: {value: 0%, basis: real}, lines: {goods: {wallet: 10}}}}}"""
    scenario = law(real, change)

    assert equal(expected, certain_value(scenario), "C31")
    assert equal(expected, expected_value(scenario), "C31 explained")


def test_a_real_scenario_and_its_nominal_twin(law):
    """`basis: real` for all growth is the same as stating nominal growth by hand."""
    rates = "economy: {real_rate: 1%, expected_inflation: 2%}"
    real = law(rates, "{money: {basis: real}, customers: {A: {growth: 3%}}}")
    nominal = law(rates, f"customers: {{A: {{growth: {1.03 * 1.02 - 1}}}}}")

    assert equal(certain_value(nominal), certain_value(real), "real and nominal")


def test_simulated_mean_is_the_deterministic_limit(law, paths):
    """With fixed parameters the mean of a rich scenario is what `explain` states without simulating."""
    scenario = law(MOVING, "{economy: {real_rate: 1%}, capital: {rate: 9%}}")

    assert mean_agrees(expected_value(scenario), values(scenario, paths), "rich scenario")
