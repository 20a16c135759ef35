"""Costs in the deterministic limit: what each adds to a simulated value, and numbers by pocket calculator.

With the same draws a simulation with a cost and one without differ by the cost alone, so that its mean is
known far better than the value itself.
"""

import numpy as np
import pytest
import yaml

from crcsim.compile.program import Program
from crcsim.report.expectation import expectations, level_value
from crcsim.scenario import load_scenario

BASE = """
crcsim: 1
time: {valuation_date: 2026-01-01, years: 5, periods_per_year: 4}
money: {currency: EUR}
economy: {real_rate: 1%, expected_inflation: 3%, market: {expected_return: 8%, volatility: 15%}}
capital: {rate: 8%, tax_rate: 25%, horizon_value: {perpetuity: {growth: 1%}}}
products: {paint: {variable_costs: {material: 55%}, sales_deductions: 3%, premium: 10%}}
customers:
  Nordwerk:
    beta: 1
    growth: 3%
    volatility: 15%
    phase: growth
    phases:
      growth: {duration: 2 years, growth: 3%, direct_cost_factor: 1.5, process_factor: 1.3, churn_factor: 1.4}
      maturity: {direct_cost_factor: 0.8, process_factor: 0.9}
    churn: {yearly_probability: 12%}
    win_back: {hazard: 0.4}
    takeover: {yearly_probability: 4%, retained: 55%, wallet_multiplier: {median: 0.9, log_sd: 0.3}}
    insolvency: {yearly_probability: 3%, loss_given_default: 60%}
    receivable_days: 40
    lines: {paint: {wallet: 12 M EUR per year, share: 30%}}
"""
PROCESS = """
processes:
  handling:
    level: order
    cost_rate: 120
    parts:
      - {line: indirect_personnel, share: 50%, notice: 9 months}
      - {line: indirect_administration, share: 50%, cash_share: 80%}
"""


def customer(text):
    return f"customers: {{Nordwerk: {{{text}}}}}\n"


ADDED = {
    "direct cost of orders": "products: {paint: {order_value: 40 k EUR, direct_order_cost: 900}}",
    "variable costs that are no payment": "products: {paint: {cash_share: 90%}}",
    "process per order": "products: {paint: {order_value: 40 k EUR}}"
    + PROCESS
    + customer("processes: {handling: {per_order: 2}}"),
    "process per volume": PROCESS + customer("processes: {handling: {per_volume: 3 per k EUR}}"),
    "fixed number of processes": PROCESS + customer("processes: {handling: {fixed: 2000}}"),
    "idle capacity": PROCESS
    + customer("processes: {handling: {fixed: 500, per_volume: 0.5 per k EUR, reserved: 100000}}"),
    "cost that follows nothing": customer("costs: {manager: {amount: 90 k EUR per year}}"),
    "cost that follows the phase": customer("costs: {manager: {amount: 90 k EUR per year, follows: phase}}"),
    "cost that follows the volume": customer(
        "costs: {freight: {amount: 90 k EUR per year, follows: volume}}"
    ),
    "depreciation": customer("costs: {tools: {amount: 90 k EUR per year, line: depreciation}}"),
    "notice of a fixed cost": customer(
        "costs: {team: {amount: 90 k EUR per year, follows: phase, cash_share: 70%, notice: 15 months}}"
    ),
    "notice of a cost of the volume": customer(
        "costs: {freight: {amount: 90 k EUR per year, follows: volume, cash_share: 70%, notice: 13 months}}"
    ),
    "fixed cost that never ends": customer(
        "costs: {plant: {amount: 90 k EUR per year, cash_share: 70%, notice: inf}}"
    ),
    "cost of the volume that never ends": customer(
        "costs: {plant: {amount: 90 k EUR per year, follows: volume, notice: inf}}"
    ),
    "prepayments received": customer("prepayment_received_days: 30"),
    "prepayments made": customer("prepayment_made_days: 30"),
    "investments": customer(
        "investments: {tool: {amount: 300 k EUR, at: 18 months}, robot: {amount: 200 k EUR}}"
    ),
    "cost of the company": "costs: [{name: house, amount: 90 k EUR per year, cash_share: 40%}]",
}


def merged(document, change):
    """`document` with `change` laid over it, map by map."""
    if not isinstance(document, dict) or not isinstance(change, dict):
        return change
    return {**document, **{key: merged(document.get(key), value) for key, value in change.items()}}


@pytest.fixture
def program(tmp_path):
    """A function: the program of the base scenario with changes."""

    def build(*changes):
        document = yaml.safe_load(BASE)
        for change in changes:
            document = merged(document, yaml.safe_load(change))
        path = tmp_path / "scenario.yaml"
        path.write_text(yaml.safe_dump(document), encoding="utf-8")
        return Program(load_scenario(path), 1)

    return build


def limit(program):
    """Value of (the customer, the levels) in the deterministic limit."""
    expected = list(expectations(program))
    return np.array([sum(each.value for each in expected), level_value(program, expected)])


def simulated(program):
    """The same on 20,000 paths, [customer or levels, path]."""
    from crcsim.engine import simulate

    result = simulate(program.scenario, paths=20_000, seed=11, bands=False).isel(strategy=0)
    values = result[["npv", "level_npv"]].sel(discounting="wacc")
    return np.stack([values["npv"].sum("customer").values, values["level_npv"].sum("level").values])


@pytest.mark.jit
@pytest.mark.parametrize("timing", ["end", "mid", "begin"])
@pytest.mark.parametrize("name", ADDED)
def test_what_a_cost_adds_agrees_with_a_simulation(program, name, timing):
    grid = f"time: {{flow_timing: {timing}}}"
    without, added = program(grid), program(grid, ADDED[name])
    expected, paths = limit(added) - limit(without), simulated(added) - simulated(without)
    error = paths.std(axis=1) / np.sqrt(paths.shape[1])

    assert np.abs(expected).max() > 1e4
    # 4.5 standard errors, 66 comparisons: false alarm in 1 of 2,000 runs of a new seed
    assert np.all(np.abs(paths.mean(axis=1) - expected) <= 4.5 * error + 1e-6), (expected, error)


@pytest.mark.jit
def test_idle_capacity_at_the_expected_volume_is_less_than_that_of_volumes_that_scatter(program):
    """As many processes are reserved as the expected volume needs: half of all paths need fewer."""
    steady = customer(
        "phase: maturity, phases: {maturity: {growth: 0%}}, growth: 0%, beta: 0, volatility: 40%"
    )
    use = "processes: {handling: {per_volume: 3 per k EUR, reserved: %g}}"
    without, added = (program(steady, PROCESS, customer(use % reserved)) for reserved in (0, 10_800))
    expected, paths = limit(added) - limit(without), simulated(added) - simulated(without)

    assert paths[0].mean() < 2.0 * expected[0] < 0.0


#: Buys for 1000 a year and is lost at once; prices rise by 25 % a year. 20 storages of 28 reserved at 5 each,
#: 40 % of it for ever; a manager with notice.
LOST = """
crcsim: 1
time: {valuation_date: 2026-01-01, years: 4, periods_per_year: 1, flow_timing: begin}
money: {currency: EUR}
economy: {real_rate: 0%, expected_inflation: 25%, market: {expected_return: 30%, volatility: 20%}}
capital: {rate: 10%, tax_rate: 25%}
products: {goods: {}}
processes:
  storage:
    level: product
    cost_rate: 5
    parts:
      - {line: indirect_material, share: 60%}
      - {line: indirect_administration, share: 40%, cash_share: 75%, notice: inf}
customers:
  Alder:
    beta: 0
    growth: 0%
    volatility: 0%
    coupling: 0
    churn: {hazard: 1000}
    processes: {storage: {per_volume: 0.02, reserved: 28}}
    costs: {account manager: {amount: 100, notice: 18 months, cash_share: 90%}}
    lines: {goods: {wallet: 1000, share: 100%}}
"""
BACK = "customers: {Alder: {win_back: {hazard: 1000}}}"


@pytest.fixture
def alder(tmp_path):
    """A function: the limit of Alder with changes, and the value of the levels."""

    def build(*changes):
        document = yaml.safe_load(LOST)
        for change in changes:
            document = merged(document, yaml.safe_load(change))
        path = tmp_path / "scenario.yaml"
        path.write_text(yaml.safe_dump(document), encoding="utf-8")
        program = Program(load_scenario(path), 1)
        (expected,) = expectations(program)
        return expected, level_value(program, [expected])

    return build


def test_notice_after_the_first_flow(alder):
    """Sales 1000, costs 240, 24 of them no payment. Then all of 100 x 1.25, half of 100 x 1.5625."""
    expected, levels = alder()

    assert np.allclose([0.75 * 760 + 24, -125 * 0.65, -78.125 * 0.65, 0], expected.cash)
    # 40 % of 28 x 5 for ever, a quarter of it no payment and a quarter saved as tax
    left = np.array([0, 70, 87.5, 109.375]) / 2
    assert np.allclose(-left, expected.left_to_company)
    assert -(left / 1.1 ** np.arange(4)).sum() == pytest.approx(levels)


def test_before_the_first_flow_what_goes_on_is_the_cost_of_today(alder):
    expected, _ = alder("time: {flow_timing: end}")

    assert np.allclose(-0.65 * np.array([125, 78.125, 0, 0]), expected.cash)
    assert np.allclose(-np.array([70, 87.5, 109.375, 136.71875]) / 2, expected.left_to_company)


def test_a_return_ends_the_notice(alder):
    """Back for the third flow: 12.8 of 28 storages are used then, as the volume is worth 640 of today."""
    expected, _ = alder(BACK)
    third = 0.75 * (1000 - 156.25 - 28 * 5 * 1.5625) + 15.625 + 0.25 * 0.4 * 28 * 5 * 1.5625

    assert np.allclose([594, -81.25, third, -195.3125 * 0.65], expected.cash)
    assert np.allclose([0, -35, 0, -109.375 / 2], expected.left_to_company)


def test_costs_of_today(alder):
    expected, _ = alder("products: {goods: {variable_costs: {material: 30%}}}")
    now = expected.costs_now

    assert (300, 100, 100, 40) == pytest.approx((now.variable, now.of_volume, now.fixed, now.idle))
    assert (100, 56) == pytest.approx((now.in_notice, now.never_ends))
    assert [1000] == expected.volume_now.tolist()


def test_a_prospect_costs_nothing_today(alder):
    prospect = "phase: prospect, acquisition: {spend: 10, conversion: {yearly_probability: 20%}}"
    expected, _ = alder(f"customers: {{Alder: {{{prospect}}}}}")

    assert 0.0 == expected.costs_now.fixed == expected.costs_now.idle == expected.volume_now.sum()
