"""The best use of a budget on simulated levers: closed forms, brute force, limits, risk."""

import numpy as np
import pytest

from crcsim.decisions import allocate
from crcsim.decisions.allocate import Budget, Objective, require_plan
from crcsim.decisions.allocate.floor import searches
from crcsim.decisions.allocate.plans import Told
from crcsim.decisions.allocation import Box, starts
from crcsim.decisions.trials import Trials, stated_strategy, with_plan
from crcsim.errors import InfeasibleError
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


@pytest.mark.jit
def test_nothing_is_no_spend_where_bounds_forbid_it_and_the_price_looks_up_only(quiet):
    """Lower bounds that take 96 % of the budget: no plan has a twentieth less."""
    scenario = quiet(levers(one=lever("40%", 3), two=lever("30%", 6)))
    found = allocate(scenario, Budget(8.0, least={"one": 3.84, "two": 3.84}), **FAST)
    best, nothing = found.sel(plan="best"), found.sel(plan="nothing")

    assert [0.0, 0.0] == nothing["plan_spend"].values.tolist()
    assert not bool(nothing["allowed"])
    assert [3.84, 3.84] == found["plan_spend"].sel(plan="least allowed").values.tolist()
    assert "least allowed" == found["start"].values[0]
    spends = best["plan_spend"].values
    worth = gain(0.4, 3.0, spends[0]) + gain(0.3, 6.0, spends[1])
    assert worth == pytest.approx(float(best["gain"]), rel=1e-9)
    assert worth == pytest.approx(float(found["fresh_gain"]), rel=1e-9)
    assert worth == pytest.approx(float(found["search_gain"]), rel=1e-9)
    assert "up" == found.attrs["shadow_price_sides"]
    price = (gain(0.4, 3.0, 4.56) - gain(0.4, 3.0, 4.16)) / 0.4  # the first one brings more there
    assert price == pytest.approx(float(found["shadow_price"]), rel=0.05)


@pytest.mark.jit
def test_the_price_of_a_budget_that_one_lever_takes_counts_what_more_would_bring(quiet):
    scenario = quiet(levers(one=lever("40%", 3)))
    found = allocate(scenario, Budget(4.0), **FAST)

    assert 4.0 == pytest.approx(float(found["spend"].sel(lever="one")))
    price = (gain(0.4, 3.0, 4.2) - gain(0.4, 3.0, 3.8)) / 0.4
    assert price == pytest.approx(float(found["shadow_price"]), rel=0.05)


@pytest.mark.jit
def test_a_range_is_wide_where_the_objective_is_flat(quiet):
    """Two equal levers, a third without worth: the split between the two is worth almost the same."""
    scenario = quiet(levers(one=lever("30%", 4), two=lever("30%", 4), vain=lever("1%", 4)))
    found = allocate(scenario, Budget(6.0), **FAST)
    low, high = found["spend_low"].values, found["spend_high"].values
    reached = 2.0 * gain(0.3, 4.0, 3.0)

    for end in (low[0], high[0]):  # within the part of the gain at which the search ends
        behind = reached - gain(0.3, 4.0, end) - gain(0.3, 4.0, 6.0 - end)
        assert behind == pytest.approx(2e-3 * reached, rel=0.5)
    assert 0.2 < high[0] - low[0] < 2.0
    assert (low <= found["spend"].values).all()
    assert (found["spend"].values <= high).all()
    assert 0.1 > high[2]
    assert 3 == found["rank"].sel(lever="vain")
    assert 0.0 == found["funded"].sel(lever="vain")
    assert 1.0 == found["rank_held"].sel(lever="vain")
    assert np.isnan(found["ahead_share"].sel(plan="best"))
    assert 1.0 == found["ahead_share"].sel(plan="all on vain")


def test_progress_promises_an_end_only_where_it_is_known():
    told = []
    progress = Told(lambda done, expected: told.append((done, expected)))
    progress.searching(500, 500)
    progress.searching(900, 900)
    progress.judging(100, 400)

    assert [(500, 0), (900, 0), (1_000, 1_300)] == told


def amplified(plans):
    """Two levers that are worth something together only."""
    values = np.array([plan[0] * plan[1] for plan in plans])
    return values, values[:, None]


def test_a_floor_that_a_start_cannot_reach_is_reached_from_the_highest_mean():
    box = Box(np.zeros(2), np.ones(2), 2.0, (), np.zeros(2))
    careful = Objective("cvar", floor=0.5, level=1.0)
    found = searches(amplified, box, careful, starts(box, 2), "EUR")

    assert [1.0, 1.0] == pytest.approx(found[0].spend)
    assert all(each.value >= 0.5 for each in found)
    with pytest.raises(InfeasibleError, match=r"has a mean NPV of 1\.5 EUR: the highest .* is 1 EUR"):
        searches(amplified, box, Objective("cvar", floor=1.5, level=1.0), starts(box, 2), "EUR")


def test_bounds_that_leave_no_plan_are_refused(quiet):
    scenario = quiet(levers(one=lever("40%", 3), two=lever("30%", 6)))

    with pytest.raises(ValueError, match="no lever is called three; known: one, two"):
        require_plan(scenario, Budget(5.0, most={"three": 1.0}), None)
    with pytest.raises(ValueError, match="the bounds of one leave nothing: at least 3 EUR, at most 2 EUR"):
        require_plan(scenario, Budget(5.0, most={"one": 2.0}, least={"one": 3.0}), None)
    with pytest.raises(ValueError, match=r"the least spends add up to 6 EUR, more than the budget of 5 EUR"):
        require_plan(scenario, Budget(5.0, least={"one": 3.0, "two": 3.0}), None)
    with pytest.raises(ValueError, match="a budget must be above 0"):
        require_plan(scenario, Budget(0.0), None)
    limited = Budget(7e6, least={"one": 3e6, "two": 3e6}, together={"one, two": 5.5e6})
    with pytest.raises(ValueError, match=r"one, two add up to 6 M EUR, more than their limit of 5\.5 M EUR"):
        require_plan(scenario, limited, None)
    with pytest.raises(
        ValueError, match="one is bought as whole programmes of 4 EUR: none is at least 5 EUR"
    ):
        require_plan(scenario, Budget(7.0, least={"one": 5.0}, whole=("one",)), None)
    require_plan(scenario, Budget(0.3, least={"one": 0.1, "two": 0.2}), None)  # the same but for rounding
