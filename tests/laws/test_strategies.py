"""Strategies: the same draws for all, each as if alone, and starts by date and by trigger."""

import numpy as np
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crcsim import simulate
from crcsim.compile.groups import coupling_groups
from tests.laws.support import equal, run, total_value
from tests.laws.test_levers import LIVELY, certain, costs, lever, strategy

#: A and B share a capacity, C and D may merge, E and F are alone.
PORTFOLIO = """
products: {service: {variable_costs: {material: 30%}}}
customer_defaults: {win_back: {hazard: 0.2}}
segments: {key: {}}
customers:
  C: {segment: key, lines: {service: {wallet: 80, share: 50%}}}
  D: {lines: {service: {wallet: 60, share: {now: 30%, target: 50%, reversion: 1, volatility: 0.3}}}}
  E: {segment: key, costs: {team: {amount: 5, notice: inf}}, lines: {service: {wallet: 90, share: 60%}}}
  F: {phase: growth, lines: {service: {wallet: 70, share: 60%}}}
mergers: [{target: C, buyer: D, hazard: 0.1}]
costs: [{name: office, amount: 3}]
levers:
  care:
    target: {customer: C}
    spend: {amount: 5}
    response: {decay: {uniform: {low: 20%, high: 50%}}, half_effect_spend: 5}
    maintenance: 2
    effects: {churn_hazard_ratio: 0.3, wallet_creation: {rate: 0.5, median: 1.2, log_sd: 0.1}}
  key:
    target: {segment: key}
    spend: {amount: 5}
    response: {decay: 30%, half_effect_spend: 5}
    effects: {price_premium: 5%, effectiveness: {ratio: 1.5, levers: [care]}}
strategies:
  care: {levers: {care: {start: {when: {share_below: 99%, line: service, customer: D}}}}}
  drop: {product_mix: {goods: {drop: 2 years, customers: [B]}}}
  key: {levers: {key: {start: 1}}}
  wait: {levers: {care: {start: 2}, key: {start: {when: {market_below: 95%}}}}}
"""
#: Customers in whose coupling group a strategy changes something.
TOUCHED = {"baseline": "", "care": "CD", "drop": "AB", "key": "CDE", "wait": "CDE"}
GROUPS = (("A", "B"), ("C", "D"), ("E",), ("F",))
PATHS = 5000


@pytest.fixture
def portfolio(law):
    changed = yaml.safe_load(PORTFOLIO)
    changed["strategies"]["care"]["levers"]["care"]["start"]["when"].pop("customer")
    changed["strategies"]["care"]["levers"]["care"]["start"] = {"when": {"bad_years": 1}}
    return law("time: {periods_per_year: 2}", LIVELY, yaml.safe_dump(changed))


@pytest.mark.jit
@pytest.mark.parametrize("record", [["economy"], ["cascade"]])
def test_a_customer_that_a_strategy_does_not_reach_is_the_same_to_the_bit(portfolio, record):
    result = simulate(portfolio, paths=PATHS, record=record)
    base = result.sel(strategy="baseline")
    changed = dict.fromkeys(TOUCHED, "")
    for name in TOUCHED:
        for customer in "ABCDEF":
            pairs = [
                (base[key].sel(customer=customer), result[key].sel(strategy=name, customer=customer))
                for key in result
                if {"strategy", "customer"} <= set(result[key].dims)
            ]
            same = all(np.array_equal(*pair, equal_nan=True) for pair in pairs)
            changed[name] += "" if same else customer

    assert GROUPS == coupling_groups(portfolio)
    assert TOUCHED == changed


@pytest.mark.jit
@pytest.mark.parametrize("record", [["economy"], ["cascade"]])
def test_a_strategy_alone_gives_the_bits_that_it_has_among_others(portfolio, record):
    together = simulate(portfolio, paths=PATHS, record=record, layers=True)

    for name in TOUCHED:
        alone = simulate(portfolio, strategies=[name], paths=PATHS, record=record, layers=True, threads=1)
        chosen = together.sel(strategy=alone["strategy"])
        differing = [key for key in alone if not np.array_equal(alone[key], chosen[key], equal_nan=True)]

        assert [] == differing
        assert {"baseline", name} == set(alone["strategy"].values.tolist())


@pytest.mark.jit
def test_what_is_recorded_changes_no_bit_of_a_strategy(portfolio):
    """Where every path is recorded all groups are simulated again; else those of the baseline are
    repeated.
    """
    few, all_paths = (simulate(portfolio, paths=PATHS, record=record) for record in ([], ["cascade"]))
    bare = simulate(portfolio, paths=PATHS, record=[], bands=False)

    assert [] == [key for key in few if not np.array_equal(few[key], all_paths[key], equal_nan=True)]
    assert [] == [key for key in bare if not np.array_equal(few[key], bare[key], equal_nan=True)]


# --- starts ---------------------------------------------------------------------------------------
CRISIS = """
time: {years: 5}
economy: {expected_inflation: 2%}
customers: {A: {growth: -3%, lines: {goods: {share: {now: 40%, target: 50%, reversion: 1, volatility: 30%}}}}}
customer_defaults: {beta: 1, churn: {hazard: 0.1}, takeover: {hazard: 0.1, retained: 30%}}
"""
EFFECTS = (
    "{share_target: {logit: 1}, churn_hazard_ratio: 0.3, wallet_growth: 4%, coupling: 0.3, "
    "price_premium: 5%, wallet_creation: {rate: 0.5, median: 1.2, log_sd: 0.2}, "
    "takeover_retention: {logit: 1}}"
)
CARE = (
    "spend: {payments: [10, 4]}, maintenance: 2, response: {decay: 30%, lag: 5 months, half_effect_spend: 8}"
)
AT_ONCE = (
    *("market_below: 1000%", "share_below: 99.9%", "churn_hazard_above: 0.001%"),
    *("market_above: 0.1%", "share_above: 0.1%"),
)


@pytest.mark.jit
@pytest.mark.parametrize("timing", ["begin", "mid", "end"])
@pytest.mark.parametrize("periods_per_year", [1, 4])
@pytest.mark.parametrize("when", AT_ONCE)
def test_a_trigger_that_fires_at_once_is_a_start_in_the_second_period(law, when, periods_per_year, timing):
    grid = f"time: {{periods_per_year: {periods_per_year}, flow_timing: {timing}}}"
    plans = f"""
    strategies:
      act: {{levers: {{care: {{start: {1 / periods_per_year}}}}}}}
      wait: {{levers: {{care: {{start: {{when: {{{when}}}}}}}}}}}
    """
    result = run(law(grid, CRISIS, lever(EFFECTS, CARE), plans), 2000, cascade=True)
    act, wait = result.sel(strategy="act"), result.sel(strategy="wait")

    assert np.array_equal(act["end_cause"], wait["end_cause"])
    for name in ("npv", "cash_flow", "sales", "item_npv"):
        assert equal(1.0, 1.0 + (act[name] - wait[name]) / np.abs(act[name]).max(), name)
    assert not np.array_equal(act["sales"], result["sales"].sel(strategy="baseline"))


@pytest.mark.parametrize("timing", ["begin", "mid", "end"])
@pytest.mark.parametrize("years", [1, 3])
@pytest.mark.parametrize(("kind", "growth"), [("bad_years", "-3%"), ("good_years", "3%")])
def test_years_in_a_row_start_a_lever_when_the_last_one_has_ended(law, years, timing, kind, growth):
    grid = f"time: {{periods_per_year: 4, flow_timing: {timing}}}"
    start = f"{{when: {{{kind}: {years}}}}}"
    plans = strategy(f"{{care: {{start: {start}}}}}", f"}}, dated: {{levers: {{care: {{start: {years}}}}}")
    changes = (lever("{price_premium: 10%}", CARE), plans)
    scenario = law(grid, f"customers: {{A: {{growth: {growth}}}}}", *changes)

    assert equal(certain(scenario, "cash_flow", "dated"), certain(scenario, "cash_flow"), "cash")
    other = {"-3%": "3%", "3%": "-3%"}[growth]
    turned = law(grid, f"customers: {{A: {{growth: {other}}}}}", *changes)
    assert equal(certain(turned, "sales", "baseline"), certain(turned, "sales"), "sales the other way")


@pytest.mark.parametrize("kind", ["bad_years", "good_years"])
def test_a_year_like_the_one_before_is_neither_bad_nor_good(law, kind):
    """Though the rounding of twelve equal months makes their sum now larger, now smaller."""
    plans = strategy(f"{{care: {{start: {{when: {{{kind}: 1}}}}}}}}")
    wallet = "customers: {A: {lines: {goods: {wallet: 123.4567}}}}"
    scenario = law("time: {periods_per_year: 12}", wallet, lever("{price_premium: 10%}", CARE), plans)

    assert equal(certain(scenario, "sales", "baseline"), certain(scenario, "sales"), "sales")


@pytest.mark.jit
@pytest.mark.parametrize("timing", ["begin", "end"])
@pytest.mark.parametrize(("kind", "level"), [("market_below", 0.9), ("market_above", 1.2)])
def test_a_crash_or_a_boom_starts_a_lever_in_the_period_after_it(law, timing, kind, level):
    """In the first year after the end of one at which the index stood below or above a part of today's."""
    grid = f"time: {{flow_timing: {timing}}}"
    plans = strategy(f"{{care: {{start: {{when: {{{kind}: {level}}}}}}}}}")
    half = "spend: {amount: 10}, response: {decay: 100%, half_effect_spend: 10}"
    growth = lever("{wallet_growth: 21%}", half)
    result = run(law(grid, *growth.splitlines(), plans), 3000, record=["economy"])
    index = result["market_index"].values
    at_end = index[1:] if timing == "begin" else index[:-1]  # of the periods but the last one
    fires = at_end < level if kind == "market_below" else at_end > level
    started = np.maximum.accumulate(np.vstack([np.zeros(3000, dtype=bool), fires]), axis=0)
    grown = 100 * 1.1 ** np.cumsum(started, axis=0)
    expected = np.vstack([np.full(3000, 100.0), grown[:-1]]) if timing == "begin" else grown

    assert equal(expected, result["sales"].sel(strategy="act"), "sales")
    assert 0.1 < started[-1].mean() < 0.9


@pytest.mark.jit
def test_a_share_that_has_risen_starts_a_lever_in_the_year_after(law):
    """Share and wallet of the baseline say where; the lever lets the price rise by a half at once."""
    share = (
        "customers: {A: {lines: {goods: {share: {now: 40%, target: 50%, reversion: 1, volatility: 50%}}}}}"
    )
    plans = strategy("{care: {start: {when: {share_above: 55%}}}}")
    half = "spend: {amount: 10}, response: {decay: 100%, half_effect_spend: 10}"
    rise = lever("{price_premium: 100%}", half)
    result = run(law(share, rise, plans), 3000)
    sales, after = (result["sales"].sel(strategy=name).values for name in ("baseline", "act"))
    above = sales[:-1] > 55.0  # the wallet is 100 in every year
    started = np.maximum.accumulate(np.vstack([np.zeros(3000, dtype=bool), above]), axis=0)

    assert equal(np.where(started, 1.5 * sales, sales), after, "sales")
    assert 0.1 < started[-1].mean() < 0.99


# --- more is not less -----------------------------------------------------------------------------
def effects():
    """Effects in favour of the customer, of any size; none of them changes what else can happen to it."""
    part = st.floats(0.0, 1.0)
    return st.fixed_dictionaries(
        {},
        optional={
            "share_target": st.fixed_dictionaries({"logit": st.floats(0.0, 2.0)}),
            "churn_hazard_ratio": st.floats(0.05, 1.0),
            "wallet_growth": st.floats(0.0, 0.2),
            "wallet_creation": st.fixed_dictionaries(
                {"rate": part, "median": st.floats(1.0, 1.5), "log_sd": st.just(0.0)}
            ),
            "variable_cost_ratio": st.floats(0.3, 1.0),
            "price_premium": st.floats(0.0, 0.3),
        },
    ).filter(bool)


RESPONSES = st.fixed_dictionaries(
    {
        "decay": st.floats(0.05, 1.0),
        "half_effect_spend": st.floats(1.0, 50.0),
        "steepness": st.floats(0.3, 3.0),
        "lag": st.floats(0.0, 2.0),
    }
)
LINE = "{goods: {share: {now: 40%, target: 50%, reversion: 1, volatility: 40%}}}"
GAINING = f"""
time: {{years: 5}}
products: {{goods: {{variable_costs: {{material: 40%}}}}}}
customers: {{A: {{volatility: 30%, beta: 1, churn: {{hazard: 0.2}}, lines: {LINE}}}}}
"""


@pytest.mark.jit
@given(
    effects(),
    RESPONSES,
    st.floats(0.5, 40.0),
    st.floats(0.0, 1.0),
    st.floats(0.1, 2.0),
    st.sampled_from([1, 4]),
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_more_spend_or_less_lag_never_lowers_value_before_its_cost(
    law, found, response, amount, part, later, periods_per_year
):
    """Path by path, as all draws are the same: whoever stays longer, buys more or costs less brings more."""

    def value(lag):
        care = {"target": "all", "spend": {"amount": amount}, "effects": found}
        plans = {"full": {"start": "now"}, "half": {"start": "now", "spend": part}}
        strategies = {name: {"levers": {"care": plan}} for name, plan in plans.items()}
        document = {
            "levers": {"care": {**care, "response": {**response, "lag": lag}}},
            "strategies": strategies,
        }
        scenario = law(GAINING, f"time: {{periods_per_year: {periods_per_year}}}", yaml.safe_dump(document))
        result = run(scenario, 16, lanes=8, cascade=True)
        return [total_value(result.isel(strategy=place)) - costs(result)[place] for place in range(3)]

    baseline, full, half = value(response["lag"])
    _, late, _ = value(response["lag"] + later)

    for less, more in ((baseline, half), (half, full), (baseline, late), (late, full)):
        assert np.all(more >= less - 1e-9 * np.abs(less))
