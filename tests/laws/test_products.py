"""Capacity that customers share, and lines that are no longer offered."""

import numpy as np
import pytest
from scipy.special import expit

from crcsim import simulate
from tests.laws.support import equal, mean_agrees, run
from tests.laws.test_levers import HALF, LIVELY, certain, lever, strategy

TWO = """
customers:
  A: {growth: 2%, volatility: 20%, beta: 1}
  B: {volatility: 30%, lines: {goods: {wallet: 50, share: 100%}}}
economy: {expected_inflation: 3%}
"""


@pytest.mark.jit
@pytest.mark.parametrize("timing", ["begin", "end"])
def test_what_is_delivered_is_the_smaller_of_capacity_and_demand(law, timing):
    """The capacity grows with inflation; what a lever adds to it is half of what it would be at
    saturation.
    """
    grid = f"time: {{periods_per_year: 4, flow_timing: {timing}}}"
    more = lever("{capacity: 60}", target="{product: goods}"), strategy("{care: {start: 5 years}}")
    free = run(law(grid, TWO), 5000, record=["economy"])
    limited = run(law(grid, TWO, "products: {goods: {capacity: 140}}", *more), 5000)
    demand = free["sales"].sel(strategy="baseline").values
    index = free["inflation_index"].values
    first = 20 + (timing == "begin")  # under `begin` the response stands from the next flow on
    extra = np.where(np.arange(40) >= first, 30.0, 0.0)[:, np.newaxis]

    assert equal(np.minimum(140 / 4 * index, demand), limited["sales"].sel(strategy="baseline"), "as it is")
    assert equal(np.minimum((140 + extra) / 4 * index, demand), limited["sales"].sel(strategy="act"), "built")


@pytest.mark.jit
def test_all_customers_get_the_same_part(law):
    free, limited = (
        run(law("time: {years: 1}", TWO, change), 5000)["npv"].sel(strategy="baseline", discounting="wacc")
        for change in ("{}", "products: {goods: {capacity: 140}}")
    )
    rates = (limited / free).values

    assert equal(rates[0], rates[1], "fill rates of both customers")
    assert 0.5 < np.mean(rates == 1.0) + np.mean(rates < 1.0 - 1e-9) <= 1.0
    assert 0.1 < np.mean(rates < 1.0 - 1e-9) < 0.9


@pytest.mark.jit
def test_capacity_that_never_binds_changes_no_bit(law):
    one = "products: {goods: {capacity: null}}"
    changes = lever("{wallet_growth: 5%}"), strategy()
    free = simulate(law(LIVELY, one, *changes), paths=5000, record=["economy", "cascade"])
    wide = simulate(
        law(LIVELY, one, "products: {goods: {capacity: 1000000}}", *changes),
        paths=5000,
        record=["economy", "cascade"],
    )

    assert [] == [name for name in free if not np.array_equal(free[name], wide[name], equal_nan=True)]


THREE = """
products: {goods: {}, service: {}, spares: {}}
customer_defaults: {full_service: {churn_hazard_ratio: 8, share_target: {logit: -3}}}
customers:
  A:
    lines:
      goods: {wallet: 100, share: {now: 50%, target: 50%, reversion: 60, volatility: 0}}
      service: {wallet: 100, share: {now: 50%, target: 50%, reversion: 60, volatility: 0}}
      spares: {wallet: 100, share: {now: 50%, target: 50%, reversion: 60, volatility: 0}}
"""
DROPS = """
strategies:
  together: {product_mix: {service: {drop: 3 years}, spares: {drop: 3 years}}}
  apart: {product_mix: {service: {drop: 3 years}, spares: {drop: 5 years}}}
"""


def test_dropped_lines_cost_the_rest_in_proportion(law):
    """A third of full service, then two thirds, of three logit points; in the end it does not matter when."""
    scenario = law(THREE, DROPS)
    shares = np.array([0.5 * 3] * 3 + [2 * expit(-1)] * 2 + [expit(-2)] * 5)

    assert equal(100 * shares, certain(scenario, "sales", "apart"), "sales, dropped apart")
    assert equal(100 * expit(-2), certain(scenario, "sales", "together")[3:], "sales, dropped together")
    assert equal(150, certain(scenario, "sales", "baseline"), "sales of full service")


@pytest.mark.jit
def test_dropped_lines_raise_churn_in_proportion(law, paths):
    """The hazard doubles with each third of full service that is dropped, as 8 is 2 to the third."""
    scenario = law(THREE, DROPS, "customer_defaults: {churn: {hazard: 0.1}}")
    stays = run(scenario, paths)["end_cause"].isel(customer=0) == 0

    for name, hazard in (("baseline", 1.0), ("apart", 0.3 + 2 * 0.2 + 5 * 0.4), ("together", 0.3 + 7 * 0.4)):
        assert mean_agrees(np.exp(-hazard), stays.sel(strategy=name).values, f"staying, {name}")


def test_without_a_penalty_dropping_costs_the_contribution(law):
    none = "customer_defaults: {full_service: null}"
    scenario = law(THREE, none, "strategies: {less: {product_mix: {spares: {drop: now}}}}")

    assert equal(100, certain(scenario, "sales", "less"), "sales of two lines")


def test_a_price_that_a_lever_adds_does_not_erode(law):
    goods = "products: {goods: {premium: 20%, premium_half_life: 1}}"
    scenario = law(goods, lever("{price_premium: 10%}", HALF, "{product: goods}"), strategy())

    assert equal(
        100 * (1.05 + 0.2 * 0.5 ** np.arange(1, 11)), certain(scenario, "sales"), "sales with both premiums"
    )
