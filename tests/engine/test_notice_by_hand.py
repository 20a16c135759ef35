"""What goes on after an end, by pocket calculator: notice, costs that never end, returns, mergers."""

import numpy as np
import pytest

from tests.engine.by_hand import ENGINES, calculator, same


@pytest.fixture(**ENGINES)
def items(request, tmp_path):
    """Flows and present values of the base scenario with changes, by bearer and item."""
    return calculator(request.param, tmp_path)


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
    """56 a year at prices of the valuation date, a quarter of it no payment, at the firm's rate."""
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
    # The volume of 1000 is worth 640 in the third year: 12.8 storages are used then and 15.2 are idle, which
    # go on at 2 x 1.953125 each.
    assert np.allclose([0, -70, 0, -109.375], flows["company"]["unavoidable"])


def test_a_customer_that_ends_before_its_first_flow_is_in_notice_too(items):
    """With `end` the event of period 1 comes before the first flow; what goes on is the cost of today."""
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
