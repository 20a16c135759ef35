"""Strategies in the deterministic limit: numbers by pocket calculator, and laws of spend and effect."""

import numpy as np
import pytest
import yaml

from crcsim.compile.program import Program
from crcsim.report.expectation import expectations, levels
from crcsim.scenario import load_scenario

BASE = """
crcsim: 1
time: {valuation_date: 2026-01-01, years: 4, periods_per_year: 1}
money: {currency: EUR}
economy: {real_rate: 2%, expected_inflation: 0%, market: {expected_return: 7%, volatility: 10%}}
capital: {rate: 10%, tax_rate: 25%}
products: {paint: {variable_costs: {material: 60%}}, service: {variable_costs: {material: 90%}}}
customer_defaults: {beta: 1, growth: 0%, volatility: 0%, churn: {hazard: 0}}
customers:
  Nordwerk:
    segment: steel
    lines: {paint: {wallet: 1000 EUR per year, share: 50%}, service: {wallet: 400 EUR per year, share: 50%}}
  Fjordline: {lines: {paint: {wallet: 100 EUR per year, share: 100%}}}
segments: {steel: {}}
levers:
  campaign:
    target: {customer: Nordwerk}
    spend: {once: 1000 EUR}
    response: {lag: 1 year, decay: 50% per year, half_effect_spend: 500 EUR per year}
    effects: {price_premium: 10%}
strategies:
  act_now: {levers: {campaign: {start: now}}}
"""
#: Responses at the ends of four years: stock 0, 1000, 500, 250 with half the effect at 1000.
RESPONSES = np.array([0.0, 1.0 / 2.0, 1.0 / 3.0, 1.0 / 5.0])


def merged(below, above):
    if not isinstance(below, dict) or not isinstance(above, dict):
        return above
    return {**below, **{key: merged(below.get(key), value) for key, value in above.items()}}


def program_of(tmp_path, *texts):
    stated = {}
    for text in (BASE, *texts):
        stated = merged(stated, yaml.safe_load(text))
    path = tmp_path / "scenario.yaml"
    path.write_text(yaml.safe_dump(stated), encoding="utf-8")
    return Program(load_scenario(path), 1)


def expected_of(program, name="Nordwerk", strategy="act_now"):
    """One customer in the baseline and in a strategy."""
    chosen = {each.name: each for each in program.scenario.strategies}[strategy]
    (before,) = expectations(program, None, {name})
    (after,) = expectations(program, chosen, {name})
    return before, after


def difference(program, name="Nordwerk", strategy="act_now"):
    before, after = expected_of(program, name, strategy)
    return after.cash - before.cash


def lever(text):
    return f"levers: {{campaign: {{{text}}}}}"


def effects(text):
    """Another effect in place of the price premium."""
    return lever(f"effects: {{price_premium: 0%, {text}}}")


SPEND = np.array([-750.0, 0.0, 0.0, 0.0])  # after tax


def test_a_price_premium_comes_after_the_lag_and_decays(tmp_path):
    sales = 500.0 + 200.0

    np.testing.assert_allclose(
        difference(program_of(tmp_path)), SPEND + 0.75 * 0.1 * sales * RESPONSES, atol=1e-9
    )


def test_an_investment_is_out_of_cash_and_no_cost(tmp_path):
    found = difference(program_of(tmp_path, lever("booked_as: investment")))

    assert -1000.0 == pytest.approx(found[0])


def test_variable_cost_falls_on_its_logarithm(tmp_path):
    found = difference(program_of(tmp_path, effects("variable_cost_ratio: 0.81")))
    saved = 1.0 - 0.81**RESPONSES

    np.testing.assert_allclose(found, SPEND + 0.75 * saved * (0.6 * 500.0 + 0.9 * 200.0), atol=1e-9)


def test_wallet_growth_adds_up_over_the_years(tmp_path):
    found = difference(program_of(tmp_path, effects("wallet_growth: {rate: 4% per year, line: paint}")))
    grown = 1.04 ** np.cumsum(RESPONSES) - 1.0

    np.testing.assert_allclose(found, SPEND + 0.75 * 0.4 * 500.0 * grown, atol=1e-9)


def test_wallet_creation_grows_the_expected_wallet(tmp_path):
    text = "wallet_creation: {rate: 0.2 per year, median: 2, log_sd: 0.3, line: paint}"
    found = difference(program_of(tmp_path, effects(text)))
    grown = np.expm1(0.2 * (2.0 * np.exp(0.3**2 / 2.0) - 1.0) * np.cumsum(RESPONSES))

    np.testing.assert_allclose(found, SPEND + 0.75 * 0.4 * 500.0 * grown, atol=1e-9)


def test_coupling_carries_more_of_the_growth_of_the_customer(tmp_path):
    growing = "customer_defaults: {growth: 5%}"
    before, after = expected_of(program_of(tmp_path, effects("coupling: 0.5"), growing))
    ratio = 1.05 ** (0.5 * np.cumsum(RESPONSES))

    np.testing.assert_allclose(after.cash - SPEND, before.cash * ratio, rtol=1e-12)


def test_a_lower_churn_hazard_keeps_customers(tmp_path):
    churning = "customer_defaults: {churn: {hazard: 0.2}}"
    before, after = expected_of(program_of(tmp_path, effects("churn_hazard_ratio: 0.5"), churning))
    hazards = 0.2 * 0.5**RESPONSES
    alive = np.exp(-np.cumsum(hazards))
    spend = np.array([-750.0 * alive[0], 0.0, 0.0, 0.0])

    np.testing.assert_allclose(before.cash, 0.75 * 220.0 * np.exp(-0.2 * np.arange(1, 5)), rtol=1e-12)
    np.testing.assert_allclose(after.cash, spend + 0.75 * 220.0 * alive, rtol=1e-12)


def test_retention_in_a_takeover_moves_on_its_logit(tmp_path):
    taken = "customer_defaults: {takeover: {hazard: 0.2, retained: 50%}}"
    _, after = expected_of(program_of(tmp_path, effects("takeover_retention: {logit: 1.5}"), taken))
    retained = 1.0 / (1.0 + np.exp(-1.5 * RESPONSES))
    alive = np.cumprod(1.0 - (1.0 - np.exp(-0.2)) * (1.0 - retained))

    assert alive[-1] == pytest.approx(after.active_at_end, rel=1e-12)


def test_a_share_target_moves_by_logit_points_or_by_points_at_the_share_of_today(tmp_path):
    moving = (
        "customers: {Nordwerk: {lines: {paint: {share: "
        "{now: 50%, target: 50%, reversion: 50, volatility: 0%, stated_as: median}}}}}"
    )
    logit = np.log(0.6 / 0.4)
    by_logit = difference(program_of(tmp_path, effects(f"share_target: {{logit: {logit}}}"), moving))
    by_points = difference(program_of(tmp_path, effects("share_target: {points: 10%}"), moving))
    share = 1.0 / (1.0 + np.exp(-logit * RESPONSES))  # so much reversion reaches its target in a year

    np.testing.assert_allclose(by_logit, SPEND + 0.75 * 0.4 * 1000.0 * (share - 0.5), atol=1e-9)
    np.testing.assert_allclose(by_points, by_logit, atol=1e-9)


def test_process_costs_fall_with_their_rates(tmp_path):
    processes = """
processes: {handling: {level: order, cost_rate: 2 EUR, parts: [{line: indirect_personnel, share: 100%}]}}
customers: {Nordwerk: {processes: {handling: {fixed: 20, per_volume: 0.1 per EUR}}}}
"""
    found = difference(program_of(tmp_path, effects("process_cost_ratio: 0.64"), processes))

    np.testing.assert_allclose(found, SPEND + 0.75 * 2.0 * (20.0 + 70.0) * (1.0 - 0.64**RESPONSES), atol=1e-9)


def test_only_the_causal_share_of_an_effect_counts(tmp_path):
    whole = difference(program_of(tmp_path)) - SPEND
    part = difference(program_of(tmp_path, lever("causal_share: 30%"))) - SPEND

    np.testing.assert_allclose(part, 0.3 * whole, atol=1e-9)


def test_a_later_start_does_the_same_later(tmp_path):
    later = "strategies: {later: {levers: {campaign: {start: 1 year}}}}"
    program = program_of(tmp_path, later)

    np.testing.assert_allclose(difference(program, strategy="later")[1:], difference(program)[:-1], atol=1e-9)


def test_a_waiting_plan_counts_as_if_its_trigger_had_come(tmp_path):
    waiting = "strategies: {crisis: {levers: {campaign: {start: {when: {market_below: 80%}}}}}}"
    program = program_of(tmp_path, waiting)

    np.testing.assert_array_equal(difference(program), difference(program, strategy="crisis"))


def test_others_are_not_touched(tmp_path):
    np.testing.assert_array_equal(0.0, difference(program_of(tmp_path), "Fjordline"))


def test_maintenance_is_paid_in_the_baseline_and_can_be_cut(tmp_path):
    cut = "strategies: {cut: {cost_programmes: {less: {lever: campaign, maintenance: 0%, start: now}}}}"
    program = program_of(tmp_path, lever("maintenance: 500 EUR per year"), cut)
    before, after = expected_of(program, strategy="cut")
    (without,) = expectations(program_of(tmp_path), None, {"Nordwerk"})
    # K_0 = 1000 = K_half; after the lag 500, 250, 125: response K / (K + 1000) less one half, over one half
    lost = np.array([0.0, -1.0 / 3.0, -3.0 / 5.0, -7.0 / 9.0])

    np.testing.assert_allclose(before.cash, without.cash - 375.0, rtol=1e-12)
    np.testing.assert_allclose(after.cash - before.cash, 375.0 + 0.75 * 0.1 * 700.0 * lost, rtol=1e-12)


@pytest.mark.parametrize(
    ("target", "affected"),
    [
        ("{segment: steel}", [700.0, 0.0]),
        ("{product: paint}", [500.0, 100.0]),
        ("all", [700.0, 100.0]),
        ("{customers: [Nordwerk, Fjordline]}", [700.0, 100.0]),
    ],
)
def test_spend_on_several_customers_is_a_cost_of_a_level(tmp_path, target, affected):
    # a lever may be stated once for whom it acts on, so the target is replaced and not merged
    text = BASE.replace("target: {customer: Nordwerk}", f"target: {target}")
    path = tmp_path / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    program = Program(load_scenario(path), 1)
    (strategy,) = program.scenario.strategies
    gains = {name: difference(program, name) for name in ("Nordwerk", "Fjordline")}
    level = levels(program, list(expectations(program, strategy)), strategy)

    for name, sales in zip(gains, affected, strict=True):
        np.testing.assert_allclose(gains[name], 0.75 * 0.1 * sales * RESPONSES, atol=1e-9)
    np.testing.assert_allclose(level.cash, SPEND, atol=1e-9)
    assert -750.0 / 1.1 == pytest.approx(level.value)


def test_a_dropped_line_ends_its_contribution(tmp_path):
    drop = "strategies: {drop: {product_mix: {service: {drop: 2 years}}}}"
    found = difference(program_of(tmp_path, drop), strategy="drop")

    np.testing.assert_allclose(found, [0.0, 0.0, -0.75 * 20.0, -0.75 * 20.0], atol=1e-9)


def test_dropping_a_line_costs_the_relation_in_proportion(tmp_path):
    terms = """
strategies: {drop: {product_mix: {service: {drop: 2 years}}}}
customer_defaults: {churn: {hazard: 0.1}, full_service: {churn_hazard_ratio: 3}}
"""
    _, after = expected_of(program_of(tmp_path, terms), strategy="drop")
    hazards = 0.1 * 3.0 ** (np.array([0.0, 0.0, 1.0, 1.0]) * 200.0 / 700.0)

    assert np.exp(-hazards.sum()) == pytest.approx(after.active_at_end, rel=1e-12)


def test_the_flow_at_the_beginning_of_a_period_knows_what_is_dropped(tmp_path):
    early = """
time: {flow_timing: begin}
strategies: {drop: {product_mix: {service: {drop: 2 years}}}}
"""
    found = difference(program_of(tmp_path, early), strategy="drop")

    np.testing.assert_allclose(found, [0.0, 0.0, -0.75 * 20.0, -0.75 * 20.0], atol=1e-9)
