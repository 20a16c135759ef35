"""Runs behind the option to drop a product line: values path by path, and innovations of mean zero."""

import numpy as np
import pytest

from crcsim import simulate
from crcsim.decisions.stopping.lines import LineOption, LineRuns
from crcsim.decisions.trials import stated_strategy
from tests.laws.support import total_value, write_scenario

PATHS = 2048

#: Three customers, two products with a capacity, notice, penalties, takeovers, value after the horizon.
BUSY = """
time: {years: 3, periods_per_year: 2, flow_timing: %s}
economy: {real_rate: 1%%, expected_inflation: 2%%}
capital: {tax_rate: 25%%, horizon_value: {perpetuity: {growth: 0%%}}}
products:
  goods: {variable_costs: {material: 60%%}, order_value: 5, capacity: 150}
  volume: {premium: 3%%, variable_costs: {material: 97%%}, order_value: 5, capacity: 120}
processes: {orders: {level: order, line: indirect_personnel, cost_rate: 0.1, notice: 9 months}}
customer_defaults:
  beta: 0.8
  volatility: 25%%
  churn: {hazard: 0.15}
  takeover: {hazard: 0.1, retained: 50%%}
  receivable_days: 40
  processes: {orders: {per_order: 1}}
  full_service: {churn_hazard_ratio: 2, share_target: {logit: -0.5}}
  lines:
    goods: {share: {now: 40%%, target: 40%%, stated_as: mean, reversion: 0.5, volatility: 0.4}}
    volume: {share: {now: 40%%, target: 40%%, stated_as: mean, reversion: 0.5, volatility: 0.4}}
customers:
  A: {direct_cost: 5, lines: {goods: {wallet: 150}, volume: {wallet: 200}}}
  B: {lines: {goods: {wallet: 150}, volume: {wallet: 150}}}
  C: {lines: {goods: {wallet: 100}}}
strategies:
  two: {product_mix: {volume: {drop: 1 year, customers: [A]}}}
"""


@pytest.fixture(scope="module", params=["end", "begin"])
def runs(request, tmp_path_factory):
    """Going on, the line dropped for A after two periods, and the same by a plain run of strategies."""
    stated = write_scenario(tmp_path_factory.mktemp("lines"), 5, BUSY % request.param)
    option = LineOption("volume", ("A",), stated_strategy(stated, "baseline"), "wacc")
    made = LineRuns(stated, option, 5, PATHS, 2, lambda strategies: None)
    return made, dict(made.dropped([0, 2])), simulate(stated, paths=PATHS, bands=False)


@pytest.mark.jit
def test_values_are_those_of_a_plain_run_on_every_path(runs):
    made, dropped, plain = runs
    going, two = (total_value(plain.sel(strategy=name)) for name in ("baseline", "two"))

    assert made.going_on.value + made.others() == pytest.approx(going, rel=1e-9)
    assert dropped[2].value - made.going_on.value == pytest.approx(two - going, rel=1e-9, abs=1e-8)


@pytest.mark.jit
def test_innovations_have_mean_zero(runs):
    """Sums over all periods, each within 4 standard errors of 0; missed in 6e-5 of the comparisons."""
    made, dropped, _ = runs
    drawn = [*made.going_on.innovations, *(each for one in dropped.values() for each in one.innovations)]
    sums = np.array([each.sum(axis=0) for each in drawn])

    assert (np.abs(sums.mean(axis=1)) <= 4.0 * sums.std(axis=1) / np.sqrt(PATHS)).all()
    assert 9 < np.count_nonzero(sums.std(axis=1))
