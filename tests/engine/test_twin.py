"""The compiled kernel and the plain NumPy twin give the same numbers on random scenarios.

Agreement is relative to the sum over periods of a path's absolute discounted cash; the end of every relation
is the same on every path. An event uniform within rounding of its threshold would be an honest disagreement:
fewer than one in a million scenarios has one.
"""

from collections import Counter
from types import SimpleNamespace

import numpy as np
import pytest

from crcsim import simulate
from crcsim.compile.responses import uncertain_response
from crcsim.compile.values import FRESH_PATH_STREAM
from crcsim.costing.items import COMPANY_LEVELS, ITEMS
from crcsim.engine.run import QUANTILES
from crcsim.kernels.rows import CHUNK_PATHS, LINE_FACT_ROWS
from crcsim.scenario.executives import MIX, ROLES
from crcsim.scenario.levers import EFFECTS
from crcsim.scenario.strategies import TRIGGERS
from tests.engine.runs import (
    PATHS,
    TOLERANCE,
    WITHOUT_COMPILER,
    compiled,
    difference,
    disagreements,
    run_kernel,
    whole,
)
from tests.naive.block import ITEM, Simulation
from tests.naive.random_scenarios import load, random_document

FEW = range(12)
MANY = range(40 if WITHOUT_COMPILER else 200)

#: Seeds with mergers and a value after the horizon, one of each flow timing, with regimes and prospects.
RICH = (14, 23, 27)

OPTIONS = {
    *("end", "mid", "begin", "regimes", "market jumps", "neither", "horizon value", "levels", "mergers"),
    *("prospect", "tenure", "success", "working_capital", "no events", "market factor", "industry factor"),
    *("share_moves", "fixed share", "wallet_jumps", "premium", "four lines", "industry", "correlations"),
    *("own rate", "real growth", "observed_with_other_causes", "acquisition ends", "uncertain parameters"),
    *(f"effect {kind}" for kind in EFFECTS),
    *(f"target {kind}" for kind in ("one customer", "several", "segment", "product", "all")),
    *(f"spend {form}" for form in ("amount", "duration", "payments", "once")),
    *("expense", "investment", "maintenance", "lag", "judgements", "half-effect spend", "uncertain response"),
    *("limited effect", "causal share", "capacity", "full service", "date", "part of the spend", "cut"),
    *("extends", "drop", *TRIGGERS, *(f"role {role}" for role in (*ROLES, MIX)), "limited role"),
    *("sponsor programme", "last term", "receptiveness"),
}
EVENTS = {
    *("capacity binds", "line dropped", *(f"started by {kind}" for kind in TRIGGERS)),
    *("advanced", "converted", "returned", "churned", "retained", "taken over", "insolvent", "merged"),
    *("role changed", "role full", "damage", "concession", "deal"),
    *("merged with what it had bought", "merged with what the buyer is part of", "merger with its own part"),
}


def options(program, s):
    """Names of the options that a program with the layout `s` uses."""
    scenario, customers, facts = program.scenario, program.scenario.customers, s.facts
    used = {
        scenario.time.flow_timing: True,
        "regimes": s.regimes,
        "market jumps": s.market_jumps,
        "neither": not s.regimes and not s.market_jumps,
        "horizon value": s.horizon,
        "levels": program.levels,
        "mergers": s.mergers,
        **{
            name: any(f[name] for f in facts) for name in ("prospect", "tenure", "success", "working_capital")
        },
        "no events": not all(f["events"] for f in facts),
        "market factor": any(f["event_factor"] == 0 for f in facts),
        "industry factor": any(f["event_factor"] > 0 for f in facts),
        **{name: any(line[name] for line in s.line_facts) for name in LINE_FACT_ROWS},
        "fixed share": not all(line["share_moves"] for line in s.line_facts),
        "four lines": any(len(customer.lines) == 4 for customer in customers),
        "industry": any(customer.industry for customer in customers),
        "correlations": scenario.correlations,
        "own rate": any(customer.rate == "own" for customer in customers),
        "real growth": any(customer.growth_basis == "real" for customer in customers),
        "observed_with_other_causes": any(customer.observed_with_other_causes for customer in customers),
        "acquisition ends": any(f["prospect"] and f["acquisition_periods"] <= s.periods for f in facts),
        "uncertain parameters": program.sampler.fitted,
    }
    return {name for name, on in used.items() if on} | options_of_levers(scenario)


def options_of_levers(scenario):
    """Names of the options of levers and strategies that a scenario uses."""
    levers, strategies = scenario.levers, scenario.strategies
    plans = [plan for strategy in strategies for plan in strategy.plans]
    effects, spends = (
        [effect for lever in levers for effect in lever.effects],
        [lever.spend for lever in levers],
    )
    one = [lever.target.kind == "customers" and len(lever.target.names) == 1 for lever in levers]
    return {
        *(f"effect {effect.kind}" for effect in effects),
        *(plan.trigger.kind if plan.trigger else "date" for plan in plans),
        *("target one customer" for each in one if each),
        *(
            f"target {lever.target.kind}".replace("customers", "several")
            for lever, each in zip(levers, one, strict=True)
            if not each
        ),
        *("spend amount" for spend in spends if spend.amount),
        *("spend duration" for spend in spends if np.isfinite(spend.duration)),
        *("spend payments" for spend in spends if spend.payments),
        *("spend once" for spend in spends if spend.once),
        *(lever.booked_as for lever in levers),
        *("maintenance" for lever in levers if lever.maintenance),
        *("lag" for lever in levers if lever.response.lag),
        *("judgements" if lever.response.judgements else "half-effect spend" for lever in levers),
        *("uncertain response" for lever in levers if uncertain_response(lever)),
        *("limited effect" for effect in effects if effect.line is not None),
        *("causal share" for lever in levers if lever.causal_share.value != 1.0),
        *("capacity" for product in scenario.products.values() if product.capacity is not None),
        *("full service" for customer in scenario.customers if customer.full_service.share_logit.value),
        *("part of the spend" for plan in plans if 0.0 < plan.spend < 1.0),
        *("cut" for plan in plans if plan.maintenance < 1.0),
        *("extends" for strategy in strategies if strategy.extends),
        *("drop" for strategy in strategies if strategy.drops),
        *options_of_roles(scenario),
    }


def options_of_roles(scenario):
    """Names of the options of executives that a scenario uses."""
    executives, strategies = scenario.executives, scenario.strategies
    if executives is None:
        return set()
    return {
        *(f"role {role}" for strategy in strategies for _, role in strategy.roles),
        *("limited role" for limit in executives.limit if limit is not None),
        *("sponsor programme" for strategy in strategies if strategy.sponsor_programme),
        *("receptiveness" for customer in scenario.customers if customer.receptiveness.value != 1.0),
        *(() if executives.renewed else ("last term",)),
    }


def booked(result):
    """Items of customers that the twin has booked."""
    return {item for item, place in ITEM.items() if np.any(result.customer_item_npv[:, place])}


def agreement(seed, folder):
    """({strategy: what disagrees}, options used, events) of one random scenario."""
    scenario = load(random_document(seed, PATHS), folder)
    program = compiled(scenario, PATHS) if WITHOUT_COMPILER else whole(scenario)
    results, wrong, events = run_kernel(program), {}, Counter()
    for name in program.strategies:
        twin = Simulation(program, PATHS, strategy=name)
        twin.run()
        events += twin.events
        found = disagreements(twin, results)
        wrong |= {name: found} if found else {}
    return wrong, options(program, twin.s), events


@pytest.mark.parametrize("seed", FEW)
def test_kernel_and_twin_agree(seed, tmp_path):
    wrong, _, _ = agreement(seed, tmp_path)

    assert {} == wrong


@pytest.mark.heavy
def test_kernel_and_twin_agree_wherever_an_option_is_used(tmp_path):
    wrong, used, events = {}, set(), Counter()
    for seed in MANY:
        found, by_seed, happened = agreement(seed, tmp_path)
        wrong |= {seed: found} if found else {}
        used |= by_seed
        events += happened

    assert {} == wrong
    if not WITHOUT_COMPILER:
        assert set() == OPTIONS - used
        assert set() == EVENTS - set(events)


@pytest.mark.jit
def test_the_random_scenarios_use_every_option_and_meet_every_event(tmp_path):
    used, events, items = set(), Counter(), set()
    for seed in range(40):
        scenario = load(random_document(seed), tmp_path)
        program = compiled(scenario, 64)
        for name in program.strategies:
            twin = Simulation(program, 64, strategy=name)
            items |= booked(twin.run())
            used |= options(program, twin.s)
            events += twin.events

    assert set() == OPTIONS - used
    assert set() == EVENTS - set(events)
    assert items == {key for key, item in ITEMS.items() if item.level not in COMPANY_LEVELS}


def both(scenario, paths=PATHS, **options):
    """(result of the kernel, twin before its run) of every strategy; the variables of a result as plain
    arrays.
    """
    result, program = simulate(scenario, **options), whole(scenario)
    assert program.strategies == result["strategy"].values.tolist()
    for name in program.strategies:
        chosen = result.sel(strategy=name)
        yield arrays(chosen), Simulation(program, paths, strategy=name)


def arrays(result):
    """The variables of a result of one strategy as plain arrays."""
    return SimpleNamespace(**{str(name): values.to_numpy() for name, values in result.items()})


@pytest.mark.jit
@pytest.mark.parametrize("seed", RICH)
def test_a_result_holds_the_numbers_of_the_twin(seed, tmp_path):
    scenario = load(random_document(seed, PATHS), tmp_path)
    for result, twin in both(scenario, threads=2):
        assert_the_same_values(result, twin.run())


def assert_the_same_values(result, expected):
    """Values, means and ends of one strategy."""
    cash, sales, wallet, share, active = expected.by_customer
    number = active.sum(axis=-1)

    assert difference(expected.npv, result.npv, expected.npv_scale) <= TOLERANCE
    assert difference(cash.mean(axis=-1), result.customer_cash_flow_mean, np.abs(cash).max()) <= TOLERANCE
    assert difference(sales.mean(axis=-1), result.customer_sales_mean, sales.max()) <= TOLERANCE
    assert np.array_equal(active.mean(axis=-1), result.customer_active_mean)
    assert np.array_equal(number, result.customer_active_count)
    for stated, values in ((result.customer_wallet_mean, wallet), (result.customer_share_mean, share)):
        mean = np.divide(values.sum(axis=-1), number, out=np.full(number.shape, np.nan), where=number > 0)
        np.testing.assert_allclose(stated, mean, rtol=TOLERANCE)


@pytest.mark.jit
@pytest.mark.parametrize("seed", RICH)
def test_bands_are_percentiles_of_the_twins_paths(seed, tmp_path):
    scenario = load(random_document(seed, PATHS), tmp_path)
    for result, twin in both(scenario, threads=1):
        assert_the_same_bands(result, twin.run())


def assert_the_same_bands(result, expected):
    """Bands of customers and totals of one strategy."""
    cash, sales, wallet, share, active = expected.by_customer
    volume = np.where(active > 0, wallet * share, 0.0).sum(axis=0)
    total_wallet = wallet.sum(axis=0)
    total_share = np.divide(volume, total_wallet, out=np.full(volume.shape, np.nan), where=total_wallet > 0)
    paths = {
        "customer_cash_flow": cash,
        "customer_sales": sales,
        "customer_wallet": np.where(active > 0, wallet, np.nan),
        "customer_share": np.where(active > 0, share, np.nan),
        "total_cash_flow": expected.cash_flow,
        "total_sales": expected.sales,
        "total_wallet": total_wallet,
        "total_share": total_share,
        "total_active": active.sum(axis=0),
    }

    for name, values in paths.items():
        known = np.where(np.isnan(values).all(axis=-1, keepdims=True), 0.0, values)
        band = np.nanquantile(known, QUANTILES, axis=-1)
        band[:, np.isnan(values).all(axis=-1)] = np.nan
        scale = np.nanmax(np.abs(values))
        np.testing.assert_allclose(
            getattr(result, f"{name}_band"), band, rtol=0, atol=TOLERANCE * scale, err_msg=name
        )


@pytest.mark.jit
def test_later_chunks_and_fresh_draws_are_those_of_the_twin(tmp_path):
    scenario = load(random_document(RICH[0], CHUNK_PATHS + PATHS), tmp_path)
    results = simulate(scenario, threads=2, layers=True, bands=False).isel(path=slice(-PATHS, None))
    program, later = whole(scenario), {"first_path": CHUNK_PATHS}
    for name in program.strategies:
        result = arrays(results.sel(strategy=name))
        again = Simulation(program, PATHS, strategy=name, **later).run()
        fresh = Simulation(program, PATHS, FRESH_PATH_STREAM, strategy=name, **later).run()

        assert difference(again.npv, result.npv, again.npv_scale) <= TOLERANCE
        assert difference(fresh.npv, result.npv_fresh, fresh.npv_scale) <= TOLERANCE
        assert np.array_equal(again.end_period, result.end_period)
