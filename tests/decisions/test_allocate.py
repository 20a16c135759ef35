"""The best use of a budget on simulated levers: closed forms, brute force, limits, risk."""

import numpy as np
import pytest

from crcsim.decisions import allocate
from crcsim.decisions.allocate import Budget, Objective, require_plan
from crcsim.decisions.trials import Trials, stated_strategy, with_plan
from crcsim.scenario.strategies import Plan

FAST = {"paths": 300, "search_paths": 200}


def lever(size, half, rest=""):
    """A price premium from a response without lag that decays at once: a sure gain of one period."""
    return (
        "{target: {customer: A}, spend: {once: 4}, "
        f"response: {{decay: 100%, half_effect_spend: {half}}}, effects: {{price_premium: {size}}}{rest}}}"
    )


def levers(**stated):
    return "levers: {" + ", ".join(f"{name}: {text}" for name, text in stated.items()) + "}"


def gain(size, half, spend):
    """NPV of a spend in the first period: sales of 100 with a premium, less the spend, discounted a year."""
    return (100.0 * size * spend / (spend + half) - spend) / 1.1


@pytest.mark.jit
def test_sure_levers_are_those_of_water_filling(quiet):
    """a x / (x + b) at equal marginal values, and the price of the budget is the common one less its cost."""
    sizes, halves, budget = np.array([0.4, 0.3]), np.array([3.0, 6.0]), 8.0
    scenario = quiet(levers(one=lever("40%", 3), two=lever("30%", 6)))
    found = allocate(scenario, Budget(budget), **FAST)
    roots = np.sqrt(100.0 * sizes * halves)
    price = (roots.sum() / (budget + halves.sum())) ** 2
    spends = roots / np.sqrt(price) - halves

    assert spends == pytest.approx(found["spend"].values, abs=0.15)
    best = sum(gain(*each) for each in zip(sizes, halves, spends, strict=True))
    assert best == pytest.approx(float(found["gain"].sel(plan="best")), rel=2e-3)
    assert (price - 1.0) / 1.1 == pytest.approx(float(found["shadow_price"]), rel=0.05)
    assert "the budget is spent" == found.attrs["binding"]
    assert found["converged"].values.all()
    assert np.ptp(found["start_objective"].values) < 2e-3 * best
    assert 0.0 == pytest.approx(float(found["optimism"]), abs=1e-9)
    assert bool(found["behind_established"].sel(plan="even split"))


@pytest.mark.jit
def test_three_levers_with_customers_that_leave_are_those_of_brute_force(quiet):
    """All plans of a grid, simulated; levers on churn work on what the others bring."""
    stay = (
        "{target: {customer: A}, spend: {once: 4}, response: {decay: 20%, half_effect_spend: 1}, "
        "effects: {churn_hazard_ratio: 0.5}}"
    )
    scenario = quiet(
        "customer_defaults: {churn: {hazard: 0.1}}",
        levers(one=lever("15%", 3), stay=stay, two=lever("8%", 1)),
    )
    trials, nothing = Trials(scenario, paths=2_000), stated_strategy(scenario, "baseline")
    grid, best = np.linspace(0.0, 8.0, 9), -np.inf
    strategies = []
    for one in grid:
        for stay_spend in grid:
            two = 8.0 - one - stay_spend
            if two >= 0.0:
                made = nothing
                for name, spend in (("one", one), ("stay", stay_spend), ("two", two)):
                    made = with_plan(made, Plan(name, 0.0, None, spend / 4.0) if spend else None, name)
                strategies.append(made)
    best = trials.run(strategies).value.mean(axis=1).max()
    found = allocate(scenario, Budget(8.0), paths=2_000, search_paths=2_000)
    reached = float(found["start_objective"].max())

    gained = best - trials.run([nothing]).value.mean()

    assert best - 2e-3 * gained < reached < best + 0.1 * gained


@pytest.mark.jit
def test_limits_hold_and_are_told(quiet):
    scenario = quiet(levers(one=lever("40%", 3), three=lever("30%", 3), two=lever("30%", 6)))
    budget = Budget(12.0, most={"one": 2.0}, least={"two": 1.0}, together={"one, two": 4.0}, whole=("three",))
    found = allocate(scenario, budget, **FAST)
    spend = dict(zip(found["lever"].values.tolist(), found["spend"].values.tolist(), strict=True))

    assert {"one": 2.0, "two": 2.0} == pytest.approx({name: spend[name] for name in ("one", "two")}, abs=0.02)
    assert spend["three"] in (4.0, 8.0)
    assert "one, two together are at their limit" in found.attrs["binding"]
    assert "one is at its upper bound" in found.attrs["binding"]


@pytest.mark.jit
def test_a_careful_firm_avoids_the_lever_that_pays_on_good_paths(quiet):
    """A wallet that jumps now and then beside a sure premium of a little less worth."""
    jump = (
        "{target: {customer: A}, spend: {once: 4}, response: {decay: 20%, half_effect_spend: 2}, "
        "effects: {wallet_creation: {rate: 0.2, median: 1.5, log_sd: 0.2}}}"
    )
    scenario = quiet("customer_defaults: {volatility: 10%}", levers(sure=lever("20%", 2), jump=jump))
    careful = allocate(scenario, Budget(4.0), Objective("cvar", floor=0.0), paths=1_000, search_paths=400)
    neutral = allocate(scenario, Budget(4.0), paths=1_000, search_paths=400)

    assert neutral["spend"].sel(lever="jump") > careful["spend"].sel(lever="jump")
    assert neutral["value"].sel(plan="best") > careful["value"].sel(plan="best")
    assert neutral["tail_mean"].sel(plan="best") < careful["tail_mean"].sel(plan="best")
    assert np.diff(neutral["frontier_value"].values).min() > -0.5


def test_bounds_that_leave_no_plan_are_refused(quiet):
    scenario = quiet(levers(one=lever("40%", 3), two=lever("30%", 6)))

    with pytest.raises(ValueError, match="no lever is called three; known: one, two"):
        require_plan(scenario, Budget(5.0, most={"three": 1.0}), None)
    with pytest.raises(ValueError, match="the bounds of one leave nothing: at least 3, at most 2"):
        require_plan(scenario, Budget(5.0, most={"one": 2.0}, least={"one": 3.0}), None)
    with pytest.raises(ValueError, match="the least spends add up to 6, more than the budget"):
        require_plan(scenario, Budget(5.0, least={"one": 3.0, "two": 3.0}), None)
    with pytest.raises(ValueError, match="a budget must be above 0"):
        require_plan(scenario, Budget(0.0), None)
