"""Small cascades that a pocket calculator gives, from the kernel and from its NumPy twin."""

import numpy as np
import pytest

from tests.engine.by_hand import ENGINES, calculator, same


@pytest.fixture(**ENGINES)
def items(request, tmp_path):
    """Flows and present values of the base scenario with changes, by bearer and item."""
    return calculator(request.param, tmp_path)


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
    Balances are 10 and 5 % of net revenue (950, 1425, 2137.5), 2 and 20 % of variable cost (400, 600, 900).
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
        # 25 % of 1425 - 600 - 62.5 - 30 - 125 - 60 - 375 = 172.5,
        # and of 2137.5 - 900 - 78.125 - 45 - 156.25 - 90 - 528.125 = 340
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


def test_the_failure_of_a_buyer_writes_off_what_is_owed_for_its_targets(items):
    """Alder merges into Birch, which fails in the same period: 60 % of the 100 owed by Alder is lost."""
    flows, _ = items(
        """
        customers:
          Alder: {receivable_days: 36.5}
          Birch:
            insolvency: {hazard: 1000, hazard_cap: 2000, loss_given_default: 60%}
            lines: {goods: {wallet: 400, share: 50%}}
        mergers: [{target: Alder, buyer: Birch, hazard: 1000}]
        time: {years: 2}
        """
    )

    assert same({"gross_sales": [1000, 0], "tax": [-250, 0]}, flows["Alder"])
    assert same(
        {"gross_sales": [200, 0], "receivables": [0, 100], "write_off": [0, -60], "tax": [-50, 15]},
        flows["Birch"],
    )


def test_the_value_after_the_horizon_holds_add_backs_and_no_investment(items):
    """Normal cash: (1000 - 200) x 0.75 + 200 of depreciation = 800; q / (1 - q) = 10 at 10 %, no growth."""
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
