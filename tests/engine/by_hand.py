"""Scenarios without chance, run by the kernel or by its NumPy twin, for tests with a pocket calculator.

Volatility is 0, and a hazard of 1000 a year is an event in the next period. With `begin` the flow of a period
comes before its events, so an event of period 1 is seen in the flow of period 2.
"""

import numpy as np
import pytest
import yaml

from crcsim import load_scenario, simulate
from crcsim.compile.program import Program
from tests.naive.block import ITEM, Simulation

PATHS = 8

#: One customer that buys for 1000 a year, all of it here; flows are discounted at 10 %, taxed at 25 %.
BASE = """
crcsim: 1
time: {valuation_date: 2026-01-01, years: 4, periods_per_year: 1, flow_timing: begin}
money: {currency: EUR}
economy: {real_rate: 0%, expected_inflation: 25%, market: {expected_return: 30%, volatility: 20%}}
capital: {rate: 10%, tax_rate: 25%}
products: {goods: {}}
customer_defaults: {beta: 0, growth: 0%, volatility: 0%, churn: {hazard: 0}, coupling: 0}
customers: {Alder: {lines: {goods: {wallet: 1000, share: 100%}}}}
record: [cascade]
"""


def merged(document, change):
    """`document` with `change` laid over it: maps merge, all else replaces."""
    if not isinstance(document, dict) or not isinstance(change, dict):
        return change
    return {**document, **{key: merged(document.get(key), value) for key, value in change.items()}}


def named(rows):
    """{item: [period]} of the items that are booked, from rows [item][period]."""
    return {key: values for key, values in rows.items() if np.any(np.abs(values) > 1e-9)}


def kernel(scenario):
    """Items of customers and levels by period, and their present values, as the engine gives them."""
    result = simulate(scenario, paths=PATHS, threads=1).isel(strategy=0)
    keys = result["item"].values.tolist()
    flows, values = {}, {}
    for bearer in ("customer", "level"):
        for name in result[bearer].values.tolist():
            mean = result[f"{bearer}_item_mean"].sel({bearer: name})
            flows[name] = named({key: mean.sel(item=key).values for key in keys})
            value = result[f"{bearer}_item_npv"].sel({bearer: name}).isel(recorded_path=0)
            values[name] = named({key: value.sel(item=key).values for key in keys})
    return flows, values


def twin(scenario):
    """The same from the twin."""
    simulation = Simulation(Program(scenario, scenario.simulation.seed), PATHS)
    r = simulation.run()
    names = [customer.name for customer in scenario.customers]
    flows, values = {}, {}
    for labels, items, npv in (
        (names, r.customer_items, r.customer_item_npv),
        (simulation.levels, r.level_items, r.level_item_npv),
    ):
        for name, by_item, value in zip(labels, items, npv, strict=True):
            flows[name] = named({key: by_item[place].mean(axis=-1) for key, place in ITEM.items()})
            values[name] = named({key: value[place, 0] for key, place in ITEM.items()})
    return flows, values


def same(expected, actual):
    """Whether the same items are booked, each as expected."""
    assert sorted(expected) == sorted(actual)
    return all(np.allclose(expected[key], actual[key], rtol=1e-9, atol=1e-9) for key in expected)


#: Both ways to run a scenario, for a fixture.
ENGINES = {
    "params": [twin, pytest.param(kernel, marks=pytest.mark.jit)],
    "ids": ["twin", "kernel"],
}


def calculator(engine, folder):
    """A function: (flows, present values) by bearer and item of the base scenario with changes."""

    def calculate(*changes):
        document = yaml.safe_load(BASE)
        for change in changes:
            document = merged(document, yaml.safe_load(change))
        file = folder / "scenario.yaml"
        file.write_text(yaml.safe_dump(document), encoding="utf-8")
        return engine(load_scenario(file))

    return calculate
