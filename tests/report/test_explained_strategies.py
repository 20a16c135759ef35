"""What strategies do, told before a simulation."""

import json

import numpy as np
import pytest

from crcsim.compile.program import Program
from crcsim.engine.strategies import described
from crcsim.report.expectation import expectations
from crcsim.report.explain import explain
from crcsim.report.explained_strategies import KnownStrategies
from crcsim.report.explained_strategies.paid import Paid
from crcsim.scenario import load_scenario
from crcsim.scenario.strategies import TRIGGERS, Plan, Strategy, Trigger
from crcsim.valuation.executives import CAVEAT

TEXT = """
crcsim: 1
time: {valuation_date: 2026-01-01, years: 8, periods_per_year: 4}
money: {currency: EUR}
economy: {real_rate: 1%, expected_inflation: 0%, market: {expected_return: 8%, volatility: 15%}}
capital: {rate: 8%, tax_rate: 25%}
products:
  coatings: {variable_costs: {material: 55%}, premium: 8%, capacity: 80 M EUR per year}
  service: {variable_costs: {production: 90%}}
customer_defaults:
  growth: 2%
  beta: 1
  volatility: 10%
  churn: {hazard: 8%}
  full_service: {churn_hazard_ratio: 1.5, share_target: {logit: -0.4}}
customers:
  Nordwerk:
    lines:
      coatings:
        wallet: 30 M EUR per year
        share: {now: 25%, target: 25%, stated_as: median, reversion: 0.5}
      service: {wallet: 4 M EUR per year, share: 40%}
  Fjordline:
    receptiveness: 50%
    lines: {coatings: {wallet: 10 M EUR per year, share: 20%}}
levers:
  embedded_team:
    target: {customer: Nordwerk}
    spend: {amount: 400 k EUR per year, duration: 3 years}
    maintenance: 100 k EUR per year
    response: {lag: 15 months, decay: 25% per year, half_effect_spend: 500 k EUR per year}
    effects:
      share_target: {logit: 0.5}
      churn_hazard_ratio: 0.6
      takeover_retention: {logit: 0.8}
      wallet_growth: 2% per year
      wallet_creation: {rate: 0.1 per year, median: 2, log_sd: 0.2, line: coatings}
      coupling: 0.2
    causal_share: {pert: {low: 30%, mode: 60%, high: 90%}}
  functionality:
    target: {product: coatings}
    spend: {payments: [300 k EUR, 100 k EUR]}
    booked_as: investment
    response: {lag: 1 year, decay: 20% per year, half_effect_spend: 200 k EUR per year}
    effects: {price_premium: 10%, variable_cost_ratio: 0.9, capacity: 10 M EUR per year}
  organisation:
    target: all
    spend: {once: 300 k EUR}
    response: {lag: 0 months, decay: 30% per year, half_effect_spend: 200 k EUR per year}
    effects: {effectiveness: {ratio: 1.3, levers: [embedded_team]}, process_cost_ratio: 0.9}
executives: {causal_share: 10%, sponsor_programme: {cost: 500 k EUR per year}}
strategies:
  act_now: {levers: {embedded_team: {start: now}}}
  wait: {levers: {embedded_team: {start: {when: {share_below: 20%, line: coatings}}}}}
  together:
    levers: {embedded_team: {start: 6 months}, functionality: {start: now}, organisation: {start: now}}
  cut: {cost_programmes: {less_team: {lever: embedded_team, maintenance: 40%, start: 6 months}}}
  drop: {product_mix: {service: {drop: 1 year}}}
  champions: {roles: {Nordwerk: growth_champion, Fjordline: mix}, sponsor_programme: true}
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    path = tmp_path_factory.mktemp("strategies") / "scenario.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return Program(load_scenario(path), 1)


@pytest.fixture(scope="module")
def explanation(program):
    return explain(program.scenario)


@pytest.fixture(scope="module")
def facts(explanation):
    return {each["strategy"]: each for each in explanation.facts["strategies"]}


def rows(explanation, title):
    (found,) = [table for table in explanation.tables if table.title.startswith(title)]
    return found.rows


def named(explanation, title, *names):
    return [row for row in rows(explanation, title) if row[: len(names)] == names]


def test_money_goes_out_before_it_takes_effect(explanation):
    (row,) = named(explanation, "Spend on levers", "act_now")

    assert ("embedded_team", "Nordwerk", "expense", "2026-01", "2027-04") == row[1:6]
    assert ("500.000", "500.000", "500.000", "100.000", "100.000", "100.000") == row[6:]


def test_a_trigger_is_told_in_words(explanation):
    (row,) = named(explanation, "Spend on levers", "wait")

    assert ("when share below 20%", "15 months later") == row[4:6]


WORDS = {
    "share_below": ("share below 20%", "once the share of A in goods is below 20 %"),
    "share_above": ("share above 20%", "once the share of A in goods is above 20 %"),
    "churn_hazard_above": ("churn hazard above 20%", "once the churn hazard of A is above 20 % a year"),
    "bad_years": ("2 bad years", "once A has bought less than the year before for 2 years in a row"),
    "good_years": ("2 good years", "once A has bought more than the year before for 2 years in a row"),
    "market_below": ("market below 20%", "once the market index is below 20 % of today's"),
    "market_above": ("market above 20%", "once the market index is above 20 % of today's"),
}


@pytest.mark.parametrize("kind", TRIGGERS)
def test_every_trigger_has_its_words(program, kind):
    short, long = WORDS[kind]
    plan = Plan("team", 0.0, Trigger(kind, 2.0 if "years" in kind else 0.2, "goods", "A"))
    strategy = Strategy("wait", (plan,), (), (), False, None)

    assert f"when {short}" == KnownStrategies(program, expectations(program)).start(plan)
    assert [f"team: {long}"] == described(strategy)["levers"]


def test_a_cost_programme_has_its_name(explanation):
    (row,) = named(explanation, "Spend on levers", "cut")

    assert "embedded_team (less_team)" == row[1]
    assert "40.000" == row[-1]


def test_years_of_a_table_end_with_the_last_one(explanation):
    (table,) = [table for table in explanation.tables if table.title.startswith("Spend on levers")]

    assert tuple(f"year {year}" for year in (1, 2, 3, 5, 7, 8)) == table.columns[6:]


def test_stocks_and_responses_by_year(explanation, facts):
    stock, response = rows(explanation, "Stocks")[:2]
    (lever,) = facts["act_now"]["levers"]

    assert "0.400" == stock[4] == stock[5]
    assert 400e3 == pytest.approx(lever["stock_now"])
    assert 2000e3 == pytest.approx(lever["half_effect_stock"])
    assert f"{100 * lever['response'][1]:.1f}" == response[6]
    assert 8 == len(lever["stock"]) == len(lever["spend"]) == len(lever["amplified"])


def test_an_amplifier_is_seen_in_what_it_amplifies(facts):
    team = next(each for each in facts["together"]["levers"] if each["lever"] == "embedded_team")

    assert 1.0 < max(team["amplified"]) < 1.3


def test_effects_are_told_on_their_own_scale(explanation):
    found = {row[2]: row for row in rows(explanation, "Effects") if row[0] in ("act_now", "together")}

    assert ("25.00%", "31.03%") == (found["share target"][4], found["share target"][-1])
    assert "Nordwerk, coatings" == found["share target"][3]
    assert ("8.00%", "5.89%") == (found["churn hazard a year"][4], found["churn hazard a year"][-1])
    assert ("0.00%", "1.20%") == (found["wallet trend a year"][4], found["wallet trend a year"][-1])
    assert "Nordwerk, coatings and 1 more" == found["wallet trend a year"][3]
    assert ("0.000", "0.060") == (found["wallets created a year"][4], found["wallets created a year"][-1])
    assert ("8.00%", "18.00%") == (found["premium"][4], found["premium"][-1])
    assert ("55.00%", "49.50%") == (found["variable cost"][4], found["variable cost"][-1])
    assert ("80 M EUR", "90 M EUR") == (found["capacity a year"][4], found["capacity a year"][-1])
    assert ("embedded_team", "1.300") == (found["effectiveness"][3], found["effectiveness"][-1])
    assert "0.900" == found["process cost rates"][-1]


def test_facts_hold_every_number_that_moves(facts):
    (lever,) = facts["act_now"]["levers"]
    churn = next(each for each in lever["effects"] if each["effect"] == "churn_hazard_ratio")
    trends = [each["of"] for each in lever["effects"] if each["effect"] == "wallet_growth"]

    assert ["Nordwerk, coatings", "Nordwerk, service"] == trends
    np.testing.assert_allclose(churn["by_year"], 0.08 * 0.6 ** (0.6 * np.array(lever["response"])), rtol=1e-9)


def test_extra_cash_flow_less_spend_is_the_difference_of_cash(program, facts):
    strategy = program.scenario.strategies[0]
    assert "act_now" == strategy.name
    before, after = ({e.name: e for e in expectations(program, each)} for each in (None, strategy))
    difference = sum(after[name].cash - before[name].cash for name in before).reshape(8, 4).sum(axis=1)
    (paid,) = facts["act_now"]["pay_back"]

    np.testing.assert_allclose(
        np.subtract(paid["extra_cash_flow"], paid["spend"]), difference, rtol=1e-9, atol=1e-6
    )
    discounted = sum(
        ((after[name].cash - before[name].cash) * before[name].discount_factors).sum() for name in before
    )
    assert discounted == pytest.approx(paid["cumulative_discounted"][-1], rel=1e-9)


def test_several_levers_are_told_together_and_alone(explanation, facts):
    labels = [row[0] for row in rows(explanation, "Pay-back") if row[0]]

    assert [None, "embedded_team", "functionality", "organisation"] == [
        each["lever"] for each in facts["together"]["pay_back"]
    ]
    assert "  functionality alone" in labels
    assert "champions" not in labels


def test_a_lever_that_saves_more_than_it_costs_pays_back_within_the_horizon(explanation, facts):
    alone = next(each for each in facts["together"]["pay_back"] if each["lever"] == "functionality")
    cumulative, years = np.array(alone["cumulative_discounted"]), alone["paid_back_after"]

    assert cumulative[int(years) - 1] < 0.0 < cumulative[int(np.ceil(years))]
    assert 0.0 > facts["drop"]["pay_back"][0]["cumulative_discounted"][-1]
    assert facts["drop"]["pay_back"][0]["paid_back_after"] is None
    assert "not within the horizon" in {row[-1] for row in rows(explanation, "Pay-back")}


@pytest.mark.parametrize(
    ("cumulative", "years"),
    [
        ([-3.0, -1.0, 1.0, 2.0], 1.5),
        ([-3.0, 1.0, -1.0, 2.0], 2.0),
        ([1.0, 2.0, 1.0, 0.0], 0.0),
        ([1.0, 2.0, 1.0, -1.0], None),
        ([0.0, 0.0, 0.0, -1e-12], 0.0),
    ],
)
def test_pay_back_is_for_good(cumulative, years):
    paid = Paid(np.ones(4), np.ones(4), np.array(cumulative))

    assert years == paid.year_paid_back(2)


def test_only_customers_that_a_strategy_touches_are_computed_again(program):
    known = KnownStrategies(program, list(expectations(program)))
    touched = {case.name: case.touched(program.scenario) for case, _ in known.cases if case.lever is None}

    assert {"Nordwerk"} == touched["act_now"] == touched["drop"] == touched["cut"]
    assert {"Nordwerk", "Fjordline"} == touched["together"]


def test_what_is_dropped_and_what_it_costs(explanation, facts):
    (row,) = rows(explanation, "Products that strategies drop")
    (drop,) = facts["drop"]["drops"]
    share = 1.6 / 9.1

    assert ("drop", "Nordwerk", "service", "2027-01", "1.600", "0.160") == row[:6]
    assert share == pytest.approx(drop["share"], rel=1e-9)
    assert 0.08 * 1.5**share == pytest.approx(drop["hazard_after"], rel=1e-9)
    assert -0.4 * share == pytest.approx(drop["logit"], rel=1e-9)


def test_roles_are_told_with_their_caveat(explanation, facts):
    (table,) = [table for table in explanation.tables if table.title.startswith("Executive roles")]
    mixed, champion = facts["champions"]["roles"]["assigned"]

    assert table.notes[0].startswith(CAVEAT)
    assert "26% growth champions instead of 4%" in table.notes[1]
    assert "500 k EUR a year" in table.notes[1]
    assert ("mix", "growth_champion") == (mixed["role"], champion["role"])
    assert champion["sales"] * 0.1 == pytest.approx(champion["counted_growth"])
    assert mixed["sales"] * 0.1 * 0.5 == pytest.approx(mixed["counted_growth"])
    assert 0.0 < mixed["sales"] < champion["sales"]
    assert 5.0 == champion["years"]
    assert facts["act_now"]["roles"] is None


def test_a_scenario_without_strategies_has_no_tables_of_them(repository):
    explanation = explain(load_scenario(repository / "scenarios" / "minimal.yaml"))
    titles = [table.title for table in explanation.tables]

    assert [] == explanation.facts["strategies"]
    assert not any("trateg" in title or "lever" in title for title in titles)


def test_facts_are_for_machines(explanation):
    assert explanation.facts["strategies"] == json.loads(
        json.dumps(explanation.facts["strategies"], allow_nan=False)
    )
