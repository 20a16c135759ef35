"""The same scenario and seed give the same bits, however the work is divided and whoever else is there."""

import dataclasses
from dataclasses import dataclass

import numpy as np
import pytest

import crcsim.engine.run
from crcsim import simulate
from crcsim.compile.groups import coupling_groups
from crcsim.compile.values import quantities
from crcsim.results import content_hash
from tests.engine.runs import WITHOUT_COMPILER, compiled, run_kernel
from tests.naive.choices import Choices
from tests.naive.edits import beyond_reach, random_edit
from tests.naive.random_scenarios import load, random_document

#: Scenarios with mergers and a value after the horizon, one of each flow timing, with regimes and prospects.
SEEDS = (14, 23, 27)
PATHS = 5000

EDIT_PATHS, EDIT_LANES = (8, 8) if WITHOUT_COMPILER else (16, 16)


@pytest.fixture(scope="module", params=SEEDS)
def scenario(request, tmp_path_factory):
    return load(random_document(request.param, PATHS), tmp_path_factory.mktemp("scenario"))


@pytest.fixture(scope="module")
def result(scenario):
    return simulate(scenario, threads=1)


@pytest.mark.jit
@pytest.mark.parametrize("threads", [2, 3, 4])
def test_threads_change_no_bit(scenario, result, threads):
    assert content_hash(result) == content_hash(simulate(scenario, threads=threads))


@pytest.mark.jit
@pytest.mark.parametrize("lanes", [16, 32, 128])
def test_lanes_change_no_bit(scenario, result, lanes):
    assert content_hash(result) == content_hash(simulate(scenario, threads=2, lanes=lanes))


@pytest.mark.jit
@pytest.mark.parametrize("groups", [1, 2])
def test_the_memory_for_bands_changes_no_bit(scenario, result, groups, monkeypatch):
    customer = 4 * scenario.time.periods * PATHS * 8
    monkeypatch.setattr(crcsim.engine.run, "BAND_MEMORY", groups * customer)

    assert content_hash(result) == content_hash(simulate(scenario, threads=2))


@pytest.mark.jit
@pytest.mark.parametrize("paths", [1, 2048, 3000])
def test_more_paths_leave_the_first_as_they_are(scenario, result, paths):
    fewer = simulate(scenario, paths=paths, threads=2)

    assert set() == {
        name
        for name, values in fewer.data_vars.items()
        if "path" in values.dims and not np.array_equal(values, result[name].isel(path=slice(paths)))
    }


@pytest.mark.jit
def test_another_seed_changes_every_path(scenario, result):
    other = simulate(scenario, seed=scenario.simulation.seed + 1, threads=2)

    assert not np.any((result.market_index == other.market_index).all("period"))


@dataclass
class Bits:
    """A short run as bytes, and who is linked with whom."""

    results: dict  # by customer
    draws: dict  # by customer: address of its path draws, values of its parameters
    others: bytes  # economy and segments; the company bears costs that customers leave behind
    groups: tuple  # customers whose results depend on each other
    drawn_together: tuple  # customers with correlated parameters


def run(document, folder):
    """The bits of a document on few paths."""
    scenario = load(document, folder)
    program = compiled(scenario, EDIT_PATHS)
    strategies = [outputs for outputs, _ in run_kernel(program, EDIT_PATHS, EDIT_LANES)]
    levels = [place for place, level in enumerate(program.levels) if level != "company"]
    economy = strategies[0].market_index, strategies[0].deflator, strategies[0].inflation_index
    others = *economy, *(outputs.level_npv[:, levels] for outputs in strategies)
    return Bits(
        results={
            name: b"".join(bits(results(outputs, place)) for outputs in strategies)
            for place, name in enumerate(program.customers)
        },
        draws={name: bits(draws) for name, draws in customer_draws(program)},
        others=bits(others),
        groups=coupling_groups(scenario),
        drawn_together=coupling_groups(dataclasses.replace(scenario, mergers=())),
    )


def bits(arrays):
    """The bytes of some arrays."""
    return b"".join(np.ascontiguousarray(array).tobytes() for array in arrays)


def results(outputs, place):
    """All results of one customer."""
    ends = outputs.end_cause[place], outputs.end_period[place]
    return outputs.npv[:, place], outputs.horizon_value[:, place], *ends


def customer_draws(program):
    """(name, draws) of every customer: address of its path draws, parameters on all paths."""
    s, values = program.structure, program.sampler.draw(0, EDIT_PATHS)
    words = s.words[1 + s.industry_count :]
    for customer, address in zip(program.scenario.customers, words, strict=True):
        yield customer.name, [address, *(values.of(quantity) for quantity in quantities(customer))]


def with_a_strategy(seed):
    """A random document whose capacity and strategy name no customer, so that any customer may be edited."""
    document = random_document(seed, customers=4, lines=2, periods=6, levers=False)
    document["products"]["coatings"]["capacity"] = 40.0
    effects = {"wallet_growth": 0.1, "churn_hazard_ratio": 0.5, "price_premium": 0.05, "coupling": 0.2}
    creation = {"rate": 1.0, "median": 1.2, "log_sd": 0.2}
    response = {"decay": {"uniform": {"low": 0.2, "high": 0.6}}, "half_effect_spend": 5.0}
    start = {"when": {"market_below": 1.1}}
    return {
        **document,
        "levers": {
            "care": {
                "target": "all",
                "spend": {"amount": 5.0},
                "response": response,
                "effects": {**effects, "wallet_creation": creation},
            }
        },
        "strategies": {
            "act": {"levers": {"care": {"start": "now"}}},
            "wait": {"levers": {"care": {"start": start}}},
        },
    }


def felt(before, after, touched):
    """(number of comparisons, what an edit of the touched customers changed elsewhere)."""
    apart = beyond_reach(before.groups, after.groups, touched)
    own_draws = beyond_reach(before.drawn_together, after.drawn_together, touched)
    found = [f"results of {name}" for name in apart if before.results[name] != after.results[name]]
    found += [f"draws of {name}" for name in own_draws if before.draws[name] != after.draws[name]]
    return len(apart), found + (["economy or segments"] if before.others != after.others else [])


@pytest.mark.parametrize("first", [0, 2] if WITHOUT_COMPILER else range(0, 50, 10))
def test_edits_of_customers_reach_only_their_coupling_group(first, tmp_path):
    """A thousand edits of fifty scenarios, ten scenarios at a time, each against the scenario before it."""
    seeds, edits = (range(first, first + 2), 4) if WITHOUT_COMPILER else (range(first, first + 10), 20)
    compared, wrong = 0, {}
    for seed in seeds:
        r, document = Choices(1000 + seed), with_a_strategy(seed)
        before = run(document, tmp_path)
        for edit in range(edits):
            document, touched = random_edit(r, document)
            after = run(document, tmp_path)
            number, found = felt(before, after, touched)
            compared += number
            wrong |= {(seed, edit): found} if found else {}
            before = after

    assert {} == wrong
    assert compared > len(seeds) * edits


def small(customers, correlations):
    """A document with three uncertain quantities: real rate, inflation, and the growth of each customer."""
    uncertain = {"uniform": {"low": 0.0, "high": 0.02}}
    line = {"wallet": 100.0, "share": 0.3}
    return {
        "crcsim": 1,
        "time": {"valuation_date": "2026-01-01", "years": 3, "periods_per_year": 1},
        "money": {"currency": "EUR"},
        "economy": {
            "real_rate": uncertain,
            "expected_inflation": uncertain,
            "market": {"expected_return": 0.08, "volatility": 0.15},
        },
        "capital": {"beta": 1.0},
        "products": {"coatings": {}},
        "customer_defaults": {
            "beta": 1.0,
            "volatility": 0.2,
            "churn": {"hazard": 0.1},
            "lines": {"coatings": line},
        },
        "customers": {name: {"growth": uncertain} for name in customers},
        "correlations": [{"rank": rank, "between": list(pair)} for pair, rank in correlations.items()],
    }


def test_a_customer_whose_name_holds_a_dot_is_coupled_by_its_correlations(tmp_path):
    pair = ("customers.Almgren.growth", 'customers."Corvid Inc.".growth')
    scenario = load(small(["Almgren", "Brightwater", "Corvid Inc."], {pair: 0.5}), tmp_path)

    assert (("Almgren", "Corvid Inc."), ("Brightwater",)) == coupling_groups(scenario)


def test_correlations_that_need_repair_leave_the_draws_of_other_customers(tmp_path):
    """The rates rise together, Almgren with one and against the other: the repair may move only Almgren."""
    rates = ("economy.real_rate", "economy.expected_inflation")
    growth = "customers.Almgren.growth"
    contradiction = {(rates[0], growth): 0.9, (rates[1], growth): -0.9}
    before = run(small(["Almgren", "Brightwater"], {rates: 0.5, **contradiction}), tmp_path)
    after = run(small(["Brightwater"], {rates: 0.5}), tmp_path)

    assert after.results["Brightwater"] == before.results["Brightwater"]


def two_groups(names):
    """Two groups of four customers linked by mergers; E has four lines, D soon merges into B."""
    share = {"now": 0.3, "target": 0.3, "volatility": 0.2}
    lines = {
        name: {"wallet": 100.0, "share": share} for name in ("coatings", "equipment", "service", "training")
    }
    customers = {
        name: {
            "phase": "growth" if name == "F" else "maturity",
            "phases": {"growth": {"share_factor": 1.5}},
            "lines": lines if name == "E" else {"coatings": lines["coatings"]},
        }
        for name in names
    }
    linked = [("D", "B", 5.0), *((*pair, 0.01) for pair in ("AC", "AB", "HF", "EG", "EF"))]
    return {
        **small([], {}),
        "products": {name: {} for name in lines},
        "customer_defaults": {"beta": 1.0, "growth": 0.0, "volatility": 0.1, "churn": {"hazard": 0.05}},
        "customers": customers,
        "mergers": [
            {"target": t, "buyer": b, "hazard": h} for t, b, h in linked if t in names and b in names
        ],
    }


def test_a_group_leaves_no_trace_in_the_next(tmp_path):
    """Both groups use the same lane arrays one after the other."""
    both, alone = run(two_groups("ABCDEFGH"), tmp_path), run(two_groups("EFGH"), tmp_path)

    assert alone.results == {name: both.results[name] for name in "EFGH"}
