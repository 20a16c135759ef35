"""What of the spend on levers goes on after the horizon: only what never ends, by pocket calculator.

A customer earns 100 a year, is worth ten times its last contribution after ten years at 10 %, and no lever
has an effect.
"""

import numpy as np
import pytest

from crcsim.compile.program import Program
from crcsim.report.expectation import expectations
from tests.laws.support import equal, run

PERPETUITY = "{economy: {real_rate: 2%}, capital: {horizon_value: perpetuity, tax_rate: 30%}}"
LATER = 10.0 * 1.1**-10 * 0.7  # of what goes on of a year, before tax

#: Spend, start in years, paid in the last year, and what of that goes on.
SPENDS = {
    "once, in the last year": ("{once: 50}", 9, 50.0, 0.0),
    "once, before it": ("{once: 50}", 3, 0.0, 0.0),
    "the last payment": ("{payments: [20, 30]}", 8, 30.0, 0.0),
    "a payment before others": ("{payments: [20, 30, 40]}", 9, 20.0, 0.0),
    "the last year of four": ("{amount: 5, duration: 4 years}", 6, 5.0, 0.0),
    "the second year of four": ("{amount: 5, duration: 4 years}", 8, 5.0, 0.0),
    "an amount without end": ("{amount: 5}", 3, 5.0, 5.0),
    "an amount without end, from the last year on": ("{amount: 5}", 9, 5.0, 5.0),
}


def care(spend, rest="", target="{customer: A}"):
    """A lever without effect."""
    response = "response: {decay: 50%, half_effect_spend: 10}, effects: {price_premium: 0%}"
    return f"levers: {{care: {{target: {target}, spend: {spend}, {response}{rest}}}}}"


def act(start, rest=""):
    return f"strategies: {{act: {{levers: {{care: {{start: {start}}}}}{rest}}}}}"


def horizon_value(result, strategy="act"):
    """Value after the horizon [discounting, path] of the one customer."""
    return result["horizon_value"].sel(strategy=strategy, customer="A").values


def paid(result):
    """Cash that a strategy pays in the last year on top of the baseline, before tax."""
    last = result["cash_flow"].isel(period=-1)
    return (last.sel(strategy="baseline") - last.sel(strategy="act")).values / 0.7


@pytest.mark.parametrize("timing", ["end", "begin"])
@pytest.mark.parametrize(("spend", "start", "last", "lasting"), SPENDS.values(), ids=SPENDS)
def test_only_spend_without_end_goes_on(law, spend, start, last, lasting, timing):
    grid, later = f"time: {{flow_timing: {timing}}}", LATER * (1.1 if timing == "begin" else 1.0)
    scenario = law(PERPETUITY, grid, care(spend), act(f"{start} years"))
    result = run(scenario, 8, lanes=8).sel(discounting=["wacc"])
    (explained,) = expectations(Program(scenario, 1), scenario.strategies[0], {"A"})

    assert equal(last, paid(result), "paid in the last year")
    assert equal((100 - lasting) * later, horizon_value(result), "value after the horizon")
    assert equal((100 - lasting) * later, explained.horizon_value, "value after the horizon, explained")


@pytest.mark.parametrize(("spend", "lasting"), [("{once: 50}", 0.0), ("{amount: 5}", 5.0)])
def test_a_trigger_fires_for_the_last_year(law, spend, lasting):
    """All nine years before it are bad ones."""
    shrinking = "customers: {A: {growth: -1%}}"
    scenario = law(PERPETUITY, shrinking, care(spend), act("{when: {bad_years: 9, customer: A}}"))
    result = run(scenario, 8, lanes=8).sel(discounting=["wacc"])
    later = 0.7 * 1.1**-10 * (0.99 / 1.1) / (1 - 0.99 / 1.1)

    assert equal(float(spend.strip("{}").split()[1]), paid(result), "paid in the last year")
    assert equal((100 * 0.99**10 - lasting) * later, horizon_value(result), "value after the horizon")


@pytest.mark.parametrize(("spend", "lasting"), [("{once: 50}", 0.0), ("{amount: 5}", 5.0)])
@pytest.mark.parametrize(("kept", "maintenance"), [("75%", 3.0), ("0%", 0.0)])
def test_maintenance_goes_on_as_the_plan_leaves_it(law, spend, lasting, kept, maintenance):
    cut = f"{{lever: care, maintenance: {kept}, start: 9 years}}"
    maintained = care(spend, ", maintenance: 4")
    result = run(law(PERPETUITY, maintained, act("9 years")), 8, lanes=8).sel(discounting=["wacc"])
    saved = run(
        law(PERPETUITY, maintained, f"strategies: {{act: {{cost_programmes: {{cut: {cut}}}}}}}"), 8, lanes=8
    )

    assert equal(96 * LATER, horizon_value(result, "baseline"), "maintenance alone")
    assert equal((96 - lasting) * LATER, horizon_value(result), "with the plan")
    assert equal((100 - maintenance) * LATER, horizon_value(saved.sel(discounting=["wacc"])), "after a cut")


@pytest.mark.parametrize("spend", ["{once: 50}", "{payments: [50, 50]}", "{amount: 50}"])
@pytest.mark.parametrize("booked", ["expense", "investment"])
def test_what_the_company_spends_ends_with_the_horizon(law, spend, booked):
    """As all its costs do; and an investment in a customer is no part of what goes on."""
    company = law(PERPETUITY, care(spend, f", booked_as: {booked}", "all"), act("9 years"))
    customer = law(PERPETUITY, care(spend, ", booked_as: investment"), act("9 years"))
    for scenario in (company, customer):
        result = run(scenario, 8, lanes=8).sel(discounting=["wacc"])

        assert equal(100 * LATER, horizon_value(result), "value after the horizon")


def test_the_item_after_the_horizon_adds_up(law):
    """Items sum to the present value, of which the spend of the last year is one, paid once."""
    scenario = law(PERPETUITY, care("{once: 50}"), act("9 years"))
    result = run(scenario, 8, lanes=8, cascade=True).sel(strategy="act", discounting="wacc")
    items = result["item_npv"]

    assert equal(result["npv"].sum("customer"), items.sum("item"), "sum of items")
    assert equal(-50 * 1.1**-10, items.sel(item="relationship_spend"), "spend")
    assert equal(100 * LATER, items.sel(item="horizon_value"), "value after the horizon")
    assert np.array_equal(
        items.sel(item="horizon_value").values,
        horizon_value(run(scenario, 8, lanes=8).sel(discounting="wacc")),
    )
