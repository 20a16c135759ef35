"""Switches: what is off is off to the last bit, what is left keeps its mean, and no draw changes."""

import numpy as np
import pytest

from crcsim.compile.program import Program
from crcsim.decisions.switches import FEATURES, present_features, switched_off
from crcsim.engine.run import Run, split_work
from crcsim.engine.sinks import MemorySink, memory_outputs, outputs_of

MARKETS = {
    "plain": "{expected_return: 5%, volatility: 20%}",
    "jumps": "{expected_return: 5%, volatility: 15%, jumps: {rate: 0.5, log_mean: -0.1, log_sd: 0.1}}",
    "regimes": (
        "{expected_return: null, volatility: null, "
        "regimes: {good: {expected_return: 9%, volatility: 12%, leave: {hazard: 0.3}}, "
        "bad: {expected_return: -5%, volatility: 25%, leave: {hazard: 0.6}}}}"
    ),
}


def outputs(scenario, off, paths=200):
    """What the kernel writes with these features off."""
    program = Program(scenario, 3, switched_off(scenario, off))
    found = memory_outputs(program.structure, len(program.levels), paths, economy=False)
    sink = MemorySink(found)
    Run(program, sink, paths, 1, detail=False).all_paths(split_work(paths, bands=False)[1])
    return outputs_of(found, 0)


@pytest.mark.parametrize("market", MARKETS.values(), ids=MARKETS)
def test_without_market_and_industries_only_stated_growth_is_left(quiet, market):
    scenario = quiet(
        f"economy: {{market: {market}}}",
        "economy: {industries: {steel: {volatility: 20%}, paper: {volatility: 10%}}}",
        "customers: {A: {beta: 1.3, coupling: 0.8, growth: 4%, industry: {steel: 0.5, paper: -1}}}",
    )
    found = outputs(scenario, ["market growth", "industry growth"])
    expected = 100 * 1.04 ** (0.8 * np.arange(1, 11))

    assert found.sales == pytest.approx(np.repeat(expected[:, None], 200, axis=1), rel=1e-12)


@pytest.mark.jit
@pytest.mark.parametrize("market", MARKETS.values(), ids=MARKETS)
def test_without_own_growth_the_wallet_keeps_its_mean(quiet, market):
    text = f"economy: {{market: {market}, industries: {{steel: {{volatility: 10%}}}}}}"
    customer = "{beta: 0.6, growth: 4%, volatility: 30%, phase: growth, industry: {steel: 1}}"
    phases = "phases: {growth: {growth: 7%}}"
    scenario = quiet(text, f"customers: {{A: {customer}}}", f"customer_defaults: {{{phases}}}")
    last = outputs(scenario, ["own growth"], 8000).sales[-1]

    assert abs(last.mean() - 100) <= 4 * last.std() / 8000**0.5
    assert last.std() > 10


@pytest.mark.parametrize("market", MARKETS.values(), ids=MARKETS)
def test_insolvency_without_any_shock_keeps_its_stated_hazard(quiet, market):
    text = f"{{economy: {{market: {market}}}, customer_defaults: {{beta: 1, volatility: 20%}}}}"
    following = "customer_defaults: {insolvency: {hazard: 0.1, success_exponent: 2, hazard_cap: 5}}"
    alone = "customer_defaults: {insolvency: {hazard: 0.1}}"
    calm = outputs(quiet(text, following), ["market growth", "own growth"])
    plain = outputs(quiet(text, alone), [])
    moved = outputs(quiet(text, following), [])

    assert np.array_equal(plain.end_period, calm.end_period)
    assert not np.array_equal(plain.end_period, moved.end_period)


def test_events_of_other_causes_stay_where_the_market_goes(quiet):
    clustered = "event_correlation: {rho: 40%, factor: market}, churn: {hazard: 0.2}, beta: 1"
    scenario = quiet(f"customer_defaults: {{{clustered}}}")

    assert np.array_equal(outputs(scenario, []).end_period, outputs(scenario, ["market growth"]).end_period)


def test_a_quiet_customer_has_no_feature(quiet):
    found = []
    Program(quiet(), 1, lambda tables: found.append(present_features(quiet(), tables)))

    assert [] == found[0]


#: What brings a feature into the quiet customer's scenario.
TEXTS = {
    "share change": (
        "customers: {A: {lines: {goods: "
        "{share: {now: 20%, target: 30%, reversion: 1, volatility: 0, stated_as: mean}}}}}"
    ),
    "market growth": "customers: {A: {beta: 1}}",
    "industry growth": (
        "{economy: {industries: {steel: {volatility: 1%}}}, customers: {A: {industry: {steel: 1}}}}"
    ),
    "own growth": "customers: {A: {growth: 1%}}",
    "wallet created": (
        "customers: {A: {lines: {goods: {wallet_creation: {rate: 1, median: 2, log_sd: 0}}}}}"
    ),
    "churn": "customers: {A: {churn: {hazard: 0.1}}}",
    "takeover": "customers: {A: {takeover: {hazard: 0.1}}}",
    "insolvency": "customers: {A: {insolvency: {hazard: 0.1}}}",
    "listed mergers": (
        "{customers: {B: {lines: {goods: {wallet: 1, share: 100%}}}}, "
        "mergers: [{target: B, buyer: A, hazard: 0.1}]}"
    ),
    "price erosion": "products: {goods: {premium: 10%, premium_half_life: 5}}",
    "direct costs": "customers: {A: {direct_cost: 1}}",
    "level costs": "costs: [{name: office, level: company, amount: 7}]",
    "working capital": "customers: {A: {payable_days: 10}}",
    "tax": "capital: {tax_rate: 10%}",
    "investments": "customers: {A: {investments: {tools: {amount: 5}}}}",
}


def test_each_feature_is_found_where_it_is(quiet):
    for name, text in TEXTS.items():
        found, scenario = [], quiet(text)
        Program(scenario, 1, lambda tables, f=found, s=scenario: f.append(present_features(s, tables)))

        assert [name] == found[0]
    assert set(FEATURES) - set(TEXTS) == {
        "prospects won",
        "acquisition",
        "fixed process costs",
        "idle capacity",
        "volume-driven costs",
        "write-offs",
    }


def test_an_unknown_feature_is_refused(quiet):
    with pytest.raises(KeyError, match="luck"):
        switched_off(quiet(), ["luck"])
