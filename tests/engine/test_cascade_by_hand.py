"""Small cascades that a pocket calculator gives, from the kernel and from its NumPy twin.

Nothing is left to chance: volatility is 0, and a hazard of 1000 a year is an event in the next period. With
`begin` the flow of a period comes before its events, so an event of period 1 is seen in the flow of period 2.
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


@pytest.fixture(params=[twin, pytest.param(kernel, marks=pytest.mark.jit)], ids=["twin", "kernel"])
def items(request, tmp_path):
    """A function: (flows, present values) by bearer and item of the base scenario with changes."""

    def calculate(*changes):
        document = yaml.safe_load(BASE)
        for change in changes:
            document = merged(document, yaml.safe_load(change))
        file = tmp_path / "scenario.yaml"
        file.write_text(yaml.safe_dump(document), encoding="utf-8")
        return request.param(load_scenario(file))

    return calculate


def same(expected, actual):
    """Whether the same items are booked, each as expected."""
    assert sorted(expected) == sorted(actual)
    return all(np.allclose(expected[key], actual[key], rtol=1e-9, atol=1e-9) for key in expected)


EVERY_ITEM = """
time: {years: 2, flow_timing: end}
customer_defaults: {growth: 50%, coupling: 1}
products:
  goods:
    sales_deductions: 5%
    variable_costs: {material: 30%, production: 10%}
    cash_share: 90%
    order_value: 50
    direct_order_cost: 2
processes:
  handling: {level: order, cost_rate: 10, line: indirect_administration, cash_share: 80%}
customers:
  Alder:
    processes: {handling: {per_order: 1, fixed: 5 per year, reserved: 30 per year}}
    costs:
      account manager: {amount: 100, line: other_direct}
      machines: {amount: 50, line: depreciation}
      fairs: {amount: 20, line: marketing, follows: volume}
    investments: {tools: {amount: 40, at: 1 year}}
    receivable_days: 36.5
    payable_days: 73
    prepayment_received_days: 18.25
    prepayment_made_days: 7.3
costs: [{name: office, level: company, amount: 8, cash_share: 50%}]
"""


def test_every_item_of_two_years(items):
    """Prices grow by 25 % a year, index 1.25 and 1.5625; volume by 50 %, 1500 and 2250.

    At today's prices that is 1200 and 1440: 24 and 28.8 orders of 50, each of which costs 2 and takes one
    handling at 10. With 5 fixed ones these are 29 and 33.8 handlings; 30 are reserved, so 1 and none is idle.
    Balances stand at 10 and 5 % of net revenue (950, 1425, 2137.5), 2 and 20 % of variable cost (400, 600, 900).
    """
    flows, values = items(EVERY_ITEM)
    expected = {
        "gross_sales": [1500, 2250],
        "sales_deductions": [-75, -112.5],
        "material": [-450, -675],
        "production": [-150, -225],
        "variable_add_back": [60, 90],  # 10 % of 600 and of 900
        "depreciation": [-62.5, -78.125],  # 50 x index
        "marketing": [-30, -45],  # 20 / 1000 of volume
        "other_direct": [-125, -156.25],  # 100 x index
        "other_direct:order": [-60, -90],  # 24 x 2 x 1.25, 28.8 x 2 x 1.5625
        "direct_add_back": [62.5, 78.125],  # depreciation is no payment
        "indirect_administration:order": [-362.5, -528.125],  # 29 x 12.5, 33.8 x 15.625
        "indirect_administration:idle": [-12.5, 0],  # 1 x 12.5
        "indirect_add_back": [75, 105.625],  # 20 % of 375 and of 528.125
        "receivables": [-47.5, -71.25],  # 95, 142.5, 213.75
        "prepayments_received": [23.75, 35.625],  # 47.5, 71.25, 106.875
        "prepayments_made": [-4, -6],  # 8, 12, 18
        "payables": [40, 60],  # 80, 120, 180
        # 1425 - 600 - 62.5 - 30 - 125 - 60 - 375 = 172.5; 2137.5 - 900 - 78.125 - 45 - 156.25 - 90 - 528.125 = 340
        "tax": [-43.125, -85],
        "investment": [0, -62.5],  # 40 x 1.5625 in the second year
    }

    assert same(expected, flows["Alder"])
    assert same({key: a / 1.1 + b / 1.21 for key, (a, b) in expected.items()}, values["Alder"])


def test_company_costs_are_taxed_and_partly_no_payment(items):
    """8 a year at prices 1.25 and 1.5625, half of it paid; tax at 25 % falls by a quarter of all of it."""
    flows, _ = items(EVERY_ITEM)

    assert same(
        {
            "indirect_administration:company": [-10, -12.5],
            "company_add_back": [5, 6.25],
            "tax": [2.5, 3.125],
        },
        flows["company"],
    )


NOTICE = """
processes:
  storage:
    level: product
    cost_rate: 5
    parts:
      - {line: indirect_material, share: 60%}
      - {line: indirect_administration, share: 40%, cash_share: 75%, notice: inf}
customers:
  Alder:
    churn: {hazard: 1000}
    processes: {storage: {per_volume: 0.02, reserved: 28}}
    costs: {account manager: {amount: 100, notice: 18 months, cash_share: 90%}}
"""


def test_costs_go_on_in_notice_after_the_end(items):
    """20 storages of 28 reserved cost 100 and 40, 40 % of it for ever; the end comes after the first flow.

    Notice of 18 months: all of the second year (100 x 1.25), half of the third (100 x 1.5625 / 2).
    """
    flows, _ = items(NOTICE)
    expected = {
        "gross_sales": [1000, 0, 0, 0],
        "other_direct": [-100, 0, 0, 0],
        "direct_add_back": [10, 0, 0, 0],
        "indirect_material:product": [-60, 0, 0, 0],
        "indirect_administration:product": [-40, 0, 0, 0],
        "indirect_material:idle": [-24, 0, 0, 0],
        "indirect_administration:idle": [-16, 0, 0, 0],
        "indirect_add_back": [14, 0, 0, 0],  # a quarter of 56
        "notice_costs": [0, -125, -78.125, 0],
        "notice_add_back": [0, 12.5, 7.8125, 0],
        "tax": [-190, 31.25, 19.53125, 0],  # 25 % of 1000 - 240, and of the notice
    }

    assert same(expected, flows["Alder"])


def test_what_never_ends_stays_with_the_company(items):
    """56 a year at prices of the valuation date, a quarter of it no payment; discounted at the firm's rate."""
    flows, values = items(NOTICE)
    unavoidable = [0, 70, 87.5, 109.375]
    expected = {
        "unavoidable": [-cost for cost in unavoidable],
        "company_add_back": [cost / 4 for cost in unavoidable],
        "tax": [cost / 4 for cost in unavoidable],
    }

    assert same(expected, flows["company"])
    assert np.isclose(
        -(70 / 1.1 + 87.5 / 1.21 + 109.375 / 1.331), values["company"]["unavoidable"], rtol=1e-12
    )


def test_a_return_ends_the_notice_and_a_new_end_starts_it_anew(items):
    """Lost after the first and the third flow, back for the third: one full year of notice each time."""
    flows, _ = items(NOTICE, "customers: {Alder: {win_back: {hazard: 1000}}}")

    assert np.allclose([0, -125, 0, -195.3125], flows["Alder"]["notice_costs"])
    assert np.allclose([-100, 0, -156.25, 0], flows["Alder"]["other_direct"])
    # 40 of usage follow the volume of 1000, which is worth 640 in the third year: 12.8 storages x 2 at 1.5625;
    # 15.2 storages are idle then and go on as 30.4 x 1.953125 beside 25.6 x 1.953125
    assert np.allclose([0, -70, 0, -109.375], flows["company"]["unavoidable"])


def test_a_customer_that_ends_before_its_first_flow_is_in_notice_too(items):
    """With `end` the event of period 1 comes before the first flow; the base is that of the valuation date."""
    flows, _ = items(NOTICE, "time: {flow_timing: end}")

    assert np.allclose([-125, -78.125, 0, 0], flows["Alder"]["notice_costs"])
    assert np.allclose([-70, -87.5, -109.375, -136.71875], flows["company"]["unavoidable"])


MERGER = """
customer_defaults: {rate: firm}
processes: {handling: {level: customer, cost_rate: 10, line: indirect_personnel, notice: 1 year}}
customers:
  Alder:
    processes: {handling: {fixed: 4, per_volume: 0.01}}
    costs: {account manager: {amount: 100, notice: 6 months}}
  Birch:
    phase: build_up
    phases: {build_up: {duration: 1 year, churn_factor: 0}, growth: {churn_factor: 1}}
    churn: {hazard: 1000}
    direct_cost: 8
    lines: {goods: {wallet: 400, share: 50%}}
mergers: [{target: Alder, buyer: Birch, hazard: 1000}]
"""


def test_after_a_merger_use_goes_on_and_fixed_costs_end(items):
    """Alder merges into Birch after the first flow; Birch ends after the second.

    Fixed costs of Alder (100, and 4 x 10) are in notice from the second year; its use of 10 handlings goes on
    with its volume of 1000, worth 800 at today's prices, and is in notice from the third: 8 x 10 x 1.5625.
    """
    flows, _ = items(MERGER)

    assert same(
        {
            "gross_sales": [1000, 0, 0, 0],
            "other_direct": [-100, 0, 0, 0],
            "indirect_personnel:customer": [-140, 0, 0, 0],
            "tax": [-190, 0, 0, 0],
        },
        flows["Alder"],
    )
    assert same(
        {
            "gross_sales": [200, 1200, 0, 0],
            "other_direct": [-8, -10, 0, 0],
            "indirect_personnel:customer": [0, -100, 0, 0],
            "notice_costs": [0, -112.5, -125, 0],  # 62.5 + 50, then 125
            "tax": [-48, -244.375, 31.25, 0],  # 25 % of 1200 - 10 - 100 - 112.5
        },
        flows["Birch"],
    )


def test_a_prospect_costs_its_acquisition_and_no_investment(items):
    """Won after the first flow: the investment of the first day is never made, that of the second year is."""
    flows, _ = items(
        """
        customers:
          Alder:
            phase: prospect
            acquisition: {spend: 12, conversion: {hazard: 1000}}
            phases: {build_up: {process_factor: 2, direct_cost_factor: 3}}
            processes: {visits: {fixed: 6}}
            costs: {service: {amount: 7, follows: phase}}
            investments: {tools: {amount: 40}, system: {amount: 16, at: 18 months}}
        processes: {visits: {level: customer, cost_rate: 4, line: indirect_distribution}}
        time: {years: 2}
        """
    )

    assert same(
        {
            "gross_sales": [0, 1000],
            "acquisition": [-12, 0],
            "other_direct": [0, -26.25],  # 7 x 3 x 1.25
            "indirect_distribution:customer": [0, -60],  # 6 x 2 x 4 x 1.25
            "tax": [3, -228.4375],
            "investment": [0, -20],
        },
        flows["Alder"],
    )


def test_concessions_of_a_takeover_are_shown_beside_sales(items):
    """Price terms 0.8 at the valuation date; every year a takeover costs a tenth of the price."""
    flows, _ = items(
        """
        customers:
          Alder: {discount: 20%, takeover: {hazard: 1000, retained: 100%, price_concession: 10%}}
        time: {years: 3}
        """
    )

    assert same(
        {
            "gross_sales": [800, 800, 800],
            "price_concessions": [0, -80, -152],
            "tax": [-200, -180, -162],
        },
        flows["Alder"],
    )


def test_an_insolvency_writes_off_receivables(items):
    """A tenth of 1000 is owed; 60 % of it is lost, the rest collected; the loss lowers tax."""
    flows, _ = items(
        """
        customers:
          Alder:
            receivable_days: 36.5
            insolvency: {hazard: 1000, hazard_cap: 2000, loss_given_default: 60%}
        time: {years: 2}
        """
    )

    assert same(
        {"gross_sales": [1000, 0], "receivables": [0, 100], "write_off": [0, -60], "tax": [-250, 15]},
        flows["Alder"],
    )


def test_the_value_after_the_horizon_holds_add_backs_and_no_investment(items):
    """Normal cash: (1000 - 200) x 0.75 + 200 of depreciation = 800; q / (1 - q) = 10 at 10 % without growth."""
    _, values = items(
        """
        economy: {real_rate: 10%, expected_inflation: 0%}
        capital: {horizon_value: perpetuity}
        customers:
          Alder:
            costs: {machines: {amount: 200, line: depreciation, notice: inf}}
            investments: {tools: {amount: 50, at: 1 year}}
        time: {years: 2, flow_timing: end}
        """
    )

    assert np.isclose(8000 / 1.21, values["Alder"]["horizon_value"], rtol=1e-12)
