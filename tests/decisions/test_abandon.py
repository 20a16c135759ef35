"""Ending a relation: by pocket calculator where nothing is uncertain, in the limit of a perpetual option, and
what early losses, notice and costs that stay do to it.
"""

import math

import numpy as np
import pytest

from crcsim.compile.program import Program
from crcsim.decisions import abandon
from crcsim.decisions.stopping.relations import relation_problem
from crcsim.engine.relations import relation_paths
from tests.laws.support import write_scenario

#: A wallet of 100 a year that shrinks by a quarter a year, at a cost of 50 a year, for four years.
SHRINKING = """
time: {years: 4}
customer_defaults: {growth: -25%}
customers: {A: {direct_cost: 50}}
"""
FLOWS = [75.0 - 50, 56.25 - 50, 42.1875 - 50, 31.640625 - 50]
PATHS = 40


def present(flows, rate=0.1):
    return sum(flow / (1.0 + rate) ** (place + 1) for place, flow in enumerate(flows))


@pytest.fixture
def scenario(tmp_path):
    return lambda *changes: write_scenario(tmp_path, 5, *changes)


def told(scenario, **options):
    return abandon(scenario, **{"paths": PATHS, "threads": 1, **options})


def value(found, choice):
    return float(found["value"].sel(customer="A", choice=choice))


def test_without_chance_it_ends_when_the_rest_is_a_loss(scenario):
    found = told(scenario(SHRINKING))

    assert value(found, "going on") == pytest.approx(present(FLOWS))
    assert value(found, "ending today") == 0.0
    assert value(found, "policy") == pytest.approx(present(FLOWS[:2]))
    assert float(found["gap"].item()) == pytest.approx(0.0, abs=1e-9)
    assert [0, 0, 1, 1] == list(found["ended"].values[0])
    assert value(found, "when negative") == pytest.approx(present(FLOWS[:3]))


def test_notice_is_paid_and_working_capital_comes_back(scenario):
    """Costs of 50 with a notice of 18 months, 73 days of receivables: 20 % of the sales of a year."""
    change = """
customer_defaults: {receivable_days: 73}
customers: {A: {direct_cost: 0, costs: {team: {amount: 50, notice: 18 months}}}}
"""
    problem = relation_problem(relation_paths(Program(scenario(SHRINKING, change), 5), "A", PATHS, 1))
    sales = [100.0, 75.0, 56.25, 42.1875]

    for date in range(4):
        back = 0.2 * sales[date] / 1.1 ** (date + 1)
        notice = 50 / 1.1 ** (date + 1) + (25 / 1.1 ** (date + 2) if date < 3 else 0.0)
        assert problem.exit_value[:, date] == pytest.approx(back - notice)
    collected = [
        0.2 * (before - now) for before, now in zip(sales, [75.0, 56.25, 42.1875, 31.640625], strict=True)
    ]
    flows = [one + other for one, other in zip(FLOWS, collected, strict=True)]
    assert problem.going_on() == pytest.approx(present(flows) + 0.2 * 31.640625 / 1.1**4)


@pytest.mark.parametrize("amount", [0, 10, 1000])
def test_costs_that_stay_do_not_matter(scenario, amount):
    stays = f"customers: {{A: {{costs: {{hall: {{amount: {amount}, notice: inf}}}}}}}}"

    found = told(scenario(SHRINKING, stays))

    assert value(found, "policy") == pytest.approx(present(FLOWS[:2]))
    assert value(found, "going on") == pytest.approx(present(FLOWS))
    if amount == 1000:  # whoever ends at a negative contribution leaves what pays for itself
        assert value(found, "when negative") == pytest.approx(present(FLOWS[:1]))
        assert float(found["gain"].sel(choice="when negative").item()) < float(
            found["gain"].sel(choice="policy").item()
        )


def test_early_losses_do_not_end_a_relation(scenario):
    """A wallet that doubles every year begins below its costs (C8)."""
    found = told(
        scenario(
            "time: {years: 4}", "customer_defaults: {growth: 100%}", "customers: {A: {direct_cost: 300}}"
        )
    )
    flows = [200.0 - 300, 400.0 - 300, 800.0 - 300, 1600.0 - 300]

    assert value(found, "policy") == pytest.approx(present(flows))
    assert value(found, "when negative") == pytest.approx(present(flows[:1]))
    assert math.isnan(float(found["captured"].item()))
    assert -100.0 == pytest.approx(float(found["first_contribution"].item()))


def test_the_value_after_the_horizon_counts_without_costs_that_stay(scenario):
    horizon = "{economy: {real_rate: 5%}, capital: {horizon_value: {perpetuity: {growth: 0%}}}}"
    stays = "customers: {A: {costs: {hall: {amount: 10, notice: inf}}}}"
    plain, loaded = (
        told(scenario("customers: {A: {direct_cost: 20}}", horizon, more)) for more in ("{}", stays)
    )

    assert value(plain, "going on") == pytest.approx(80 / 0.1)
    assert value(loaded, "going on") == pytest.approx(80 / 0.1)


@pytest.mark.parametrize("timing", ["end", "mid", "begin"])
@pytest.mark.parametrize("discounting", ["wacc", "risk_free", "deflator"])
def test_flows_and_discount_factors_are_those_of_the_run(scenario, timing, discounting):
    busy = f"""
time: {{years: 3, periods_per_year: 2, flow_timing: {timing}}}
economy: {{real_rate: 1%, expected_inflation: 2%}}
capital: {{tax_rate: 25%}}
customer_defaults: {{beta: 1, volatility: 20%, churn: {{hazard: 0.2}}, receivable_days: 60}}
customers: {{A: {{direct_cost: 20, costs: {{team: {{amount: 10, notice: 6 months}}}}}}}}
"""
    one = relation_paths(Program(scenario(busy), 5), "A", PATHS, 1, discounting=discounting)

    assert (one.row("cash_flow")[1:] * one.discount).sum(axis=0) == pytest.approx(one.npv)


@pytest.mark.jit
@pytest.mark.parametrize(
    "market", ["", "jumps: {rate: 0.3, log_mean: -0.2, log_sd: 0.1}"], ids=["plain", "jumps"]
)
def test_innovations_have_mean_zero(scenario, market):
    """Each within 4 standard errors of 0, over 20 periods of 4,096 paths; missed in 6e-5 of comparisons."""
    busy = f"""
time: {{years: 5, periods_per_year: 4}}
economy: {{real_rate: 1%, expected_inflation: 2%, market: {{{market}}}}}
customer_defaults:
  beta: 1
  volatility: 20%
  churn: {{hazard: 0.2}}
  win_back: {{hazard: 0.2}}
  event_correlation: {{rho: 0.3, factor: market}}
"""
    problem = relation_problem(relation_paths(Program(scenario(busy), 5), "A", 4096, 2))
    drawn = problem.innovations.reshape(-1, problem.innovations.shape[2])
    errors = drawn.std(axis=0) / np.sqrt(len(drawn))

    assert (np.abs(drawn.mean(axis=0)) < 4.0 * errors).all()


@pytest.mark.jit
def test_the_perpetual_option_is_the_limit(scenario):
    """Dixit and Pindyck 1994, chapter 7: x/(r-m) - c/r + A x^b, ended below x* = c/r (r-m) b/(b-1).

    Quarters instead of continuous time and 25 years instead of ever cost below 3 % of the option.
    """
    rate, volatility, cost, sales = math.log(1.2), 0.3, 100.0, 100.0
    b = 0.5 - math.sqrt(0.25 + 2.0 * rate / volatility**2)
    border = cost * b / (b - 1.0)
    option = (cost - border) / rate * (sales / border) ** b
    change = """
time: {years: 25, periods_per_year: 4, flow_timing: mid}
capital: {rate: 20%}
customer_defaults: {volatility: 30%}
customers: {A: {direct_cost: 100}}
"""
    found = told(scenario(change), paths=4096, threads=2)
    gain, error = (float(found[name].sel(choice="policy").item()) for name in ("gain", "gain_standard_error"))
    gap, gap_error = (float(found[name].item()) for name in ("gap", "gap_standard_error"))
    print(
        "option",
        option,
        "gain",
        gain,
        error,
        "gap",
        gap,
        gap_error,
        found["rule_level"].item() * 4,
        border - cost,
    )

    assert gain == pytest.approx(option, abs=3.0 * error + 0.03 * option)
    assert -3.0 * gap_error < gap < 0.2 * option
    assert float(found["captured"].item()) > 0.9


def test_names_are_checked(scenario):
    with pytest.raises(ValueError, match="no customer is called B; known: A"):
        told(scenario(), customers=["B"])
    with pytest.raises(ValueError, match="at least 2"):
        told(scenario(), paths=1)


def test_who_may_merge_is_left_out(scenario):
    small = "{lines: {goods: {wallet: 10, share: 100%}}}"
    two = scenario(
        f"customers: {{A: {{}}, B: {small}, C: {small}}}",
        "mergers: [{target: A, buyer: B, hazard: 0.1}]",
    )

    found = told(two)

    assert ["C"] == list(found["customer"].values)
    assert "A, B" in found.attrs["warnings"]
    with pytest.raises(ValueError, match="A cannot be ended on its own"):
        told(two, customers=["A"])
