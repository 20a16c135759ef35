"""The deterministic limit: closed forms, and the mean of a simulation where parameters are fixed."""

import numpy as np
import pytest

from crcsim.compile.program import Program
from crcsim.report.expectation import expectations, level_value
from crcsim.scenario import load_scenario

TEXT = """
crcsim: 1
time: {valuation_date: 2026-01-01, years: 5, periods_per_year: 4, flow_timing: TIMING}
money: {currency: EUR}
economy:
  real_rate: 1%
  expected_inflation: 2%
  market: {expected_return: 8%, volatility: 15%}
  industries: {steel: {volatility: 12%}}
capital:
  {beta: 1.1, equity_share: 70%, cost_of_debt: 5%, tax_rate: 25%, horizon_value: {perpetuity: {growth: 1%}}}
products:
  paint: {premium: 12%, premium_half_life: 6 years, sales_deductions: 3%, variable_costs: {material: 55%}}
  service: {variable_costs: {production: 45%}}
customer_defaults:
  beta: 1
  growth: 3%
  volatility: 15%
  churn: {yearly_probability: 6%}
  takeover:
    yearly_probability: 4%
    retained: 55%
    wallet_multiplier: {median: 0.9, log_sd: 0.3}
    price_concession: 5%
  insolvency: {yearly_probability: 2%, loss_given_default: 60%}
  receivable_days: 60
  payable_days: 20
  direct_cost: 350 k EUR per year
customers:
  Moving:
    industry: {steel: 0.7}
    lines:
      paint:
        wallet: 12 M EUR per year
        share: {now: 20%, target: 30%, stated_as: mean, reversion: 0.6, volatility: 0.4}
      service:
        sales: 2 M EUR per year
        share: {now: 10%, target: 15%, stated_as: median, reversion: 0.3, volatility: 0.2}
  Coupled:
    coupling: 1.3
    lines:
      paint:
        wallet: 12 M EUR per year
        share: 30%
        trend: 1%
        wallet_creation: {rate: 0.1 per year, median: 1.5, log_sd: 0.3}
  Phased:
    phase: build_up
    phases:
      build_up: {duration: 2 years, growth: 4%, direct_cost_factor: 1.5, churn_factor: 1.4}
      growth: {duration: 3 years, growth: 2%}
      decline: {growth: -5%}
    lines: {paint: {wallet: 12 M EUR per year, share: 30%}}
  Tenured:
    tenure: 2 years
    churn: {yearly_probability: 6%, tenure_shape: 0.7, tenure_reference: 5 years}
    lines: {paint: {wallet: 12 M EUR per year, share: 30%}}
  Returning: {win_back: {hazard: 0.3}, lines: {paint: {wallet: 12 M EUR per year, share: 30%}}}
  Prospect:
    phase: prospect
    acquisition: {spend: 400 k EUR per year, conversion: {yearly_probability: 40%}}
    lines: {paint: {wallet: 12 M EUR per year, share: 30%}}
costs: [{name: headquarters, level: company, amount: 1 M EUR per year}]
"""


def program_of(tmp_path, text):
    path = tmp_path / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    return Program(load_scenario(path), 1)


@pytest.mark.jit
@pytest.mark.parametrize("timing", ["end", "mid", "begin"])
def test_a_simulation_with_fixed_parameters_agrees_within_its_standard_error(tmp_path, timing):
    from crcsim.engine import simulate

    program = program_of(tmp_path, TEXT.replace("TIMING", timing))
    values = simulate(program.scenario, paths=40_000, seed=11, bands=False)["npv"].sel(
        strategy="baseline", discounting="wacc"
    )
    for expected in expectations(program):
        paths = values.sel(customer=expected.name).values
        distance = (paths.mean() - expected.value) / (paths.std() / np.sqrt(paths.size))

        assert abs(distance) < 4.5, (
            expected.name
        )  # 18 comparisons: false alarm in 1 of 8,000 runs of a new seed


@pytest.mark.jit
def test_costs_of_the_company_agree_with_a_simulation(tmp_path):
    from crcsim.engine import simulate

    program = program_of(tmp_path, TEXT.replace("TIMING", "end"))
    simulated = simulate(program.scenario, paths=16, bands=False)["level_npv"].sel(discounting="wacc").mean()

    assert float(simulated) == pytest.approx(level_value(program, expectations(program)))


PLAIN = """
crcsim: 1
time: {valuation_date: 2026-01-01, years: 10, periods_per_year: 1}
money: {currency: EUR}
economy: {real_rate: 3%, expected_inflation: 0%, market: {expected_return: 8%, volatility: 15%}}
capital: {rate: 7%, beta: 1, equity_share: 100%, cost_of_debt: 5%, tax_rate: 0%}
products: {paint: {variable_costs: {material: 60%}}}
customers:
  Nordwerk:
    beta: 1
    growth: 2%
    volatility: 0%
    churn: {hazard: 0.1}
    takeover: {hazard: 0, retained: 0%}
    insolvency: {hazard: 0, loss_given_default: 0%}
    direct_cost: 0 EUR per year
    lines: {paint: {wallet: 10 M EUR per year, share: 40%}}
"""


def test_constant_growth_and_hazard_give_a_growing_annuity(tmp_path):
    (expected,) = expectations(program_of(tmp_path, PLAIN))

    ratio = 1.02 * np.exp(-0.1) / 1.07
    assert 4e6 * 0.4 * ratio * (1 - ratio**10) / (1 - ratio) == pytest.approx(expected.value)
    assert 10.0 == pytest.approx(expected.expected_life)
    assert np.exp(-1.0) == pytest.approx(expected.active_at_end)
    assert 4e6 == pytest.approx(expected.sales_now)
    assert 0.4 == expected.share_now == expected.share_in_long_run


def test_without_risks_a_customer_lives_for_ever(tmp_path):
    (expected,) = expectations(program_of(tmp_path, PLAIN.replace("hazard: 0.1", "hazard: 0")))

    assert np.isinf(expected.expected_life)
    assert 1.0 == expected.active_at_end


def test_a_stated_mean_share_is_the_share_of_the_long_run(tmp_path):
    moving = "share: {now: 20%, target: 30%, stated_as: mean, reversion: 0.6, volatility: 0.4}"
    (expected,) = expectations(program_of(tmp_path, PLAIN.replace("share: 40%", moving)))

    assert 0.2 == pytest.approx(expected.share_now)
    assert 0.3 == pytest.approx(expected.share_in_long_run)
