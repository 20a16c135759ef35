"""Spend, stock and response of the levers of a strategy, before any path is drawn."""

import datetime
import math
from dataclasses import replace

import numpy as np
import pytest

from crcsim.compile.responses import Course, Programme, courses, curve, programme, uncertain_response
from crcsim.compile.values import Values
from crcsim.scenario.levers import Effect, Judgements, Lever, Response, Spend, Target
from crcsim.scenario.quantity import Distribution, Quantity
from crcsim.scenario.strategies import Plan, Trigger
from crcsim.scenario.time import Time
from crcsim.valuation.levers import hill

VALUES = Values({}, 1)
CONSTANT = Spend(amount=400.0, duration=2.0, payments=(), once=0.0)


def number(value: float) -> Quantity:
    return Quantity(value, "somewhere")


def lever(name: str = "team", **changes: object) -> Lever:
    """A lever with a constant spend, no lag and no maintenance."""
    response = Response(
        lag=0.0,
        decay=number(0.25),
        half_effect_spend=number(500.0),
        steepness=number(1.0),
        effectiveness=number(1.0),
        judgements=None,
    )
    stated = Lever(name, Target("all", ()), CONSTANT, "expense", 0.0, response, (), number(1.0), None)
    own = {key: value for key, value in changes.items() if hasattr(stated, key)}
    rest = {key: value for key, value in changes.items() if key not in own}
    return replace(stated, **own, response=replace(response, **rest))  # type: ignore[arg-type]


def grid(years: float = 4.0, per_year: int = 4) -> Time:
    return Time(datetime.date(2026, 1, 1), years, per_year, "end")


def plan(name: str = "team", start: float = 0.0, **changes: object) -> Plan:
    return replace(Plan(name, start, None), **changes)  # type: ignore[arg-type]


def money(stated: Lever, how: Plan | None = None, time: Time | None = None) -> Programme:
    return programme(stated, how or plan(), time or grid())


def course(stated: Lever, how: Plan, time: Time | None = None) -> Course:
    return courses([stated], [how], time or grid(), VALUES)[0]


# --- money ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("spend", "expected"),
    [
        (CONSTANT, [100.0, 100.0, 100.0, 100.0, 0.0]),
        (Spend(0.0, math.inf, (30.0, 10.0), 0.0), [15.0, 15.0, 5.0, 5.0, 0.0]),
        (Spend(0.0, math.inf, (), 70.0), [70.0, 0.0, 0.0, 0.0, 0.0]),
    ],
)
def test_forms_of_spend(spend: Spend, expected: list[float]) -> None:
    found = money(lever(spend=replace(spend, amount=spend.amount / 2.0)), time=grid(2.5, 2))

    np.testing.assert_array_equal(expected, found.own)


def test_a_plan_changes_spend_and_maintenance_by_factors() -> None:
    found = money(lever(maintenance=200.0), plan(spend=0.5, maintenance=0.4))

    assert (50.0, 20.0) == (found.before, found.upkeep)
    np.testing.assert_array_equal([50.0] * 8 + [0.0] * 8, found.own)
    np.testing.assert_array_equal(found.own + 20.0, found.spend)


def test_a_plan_starts_in_the_period_of_its_date() -> None:
    assert [0, 1, 5, 6] == [money(lever(), plan(start=start)).start for start in (0.0, 0.25, 1.49, 1.5)]
    assert money(lever(), plan(trigger=Trigger("bad_years", 2.0, None, "Nordwerk"))).start is None


def test_money_takes_effect_after_the_lag() -> None:
    found = money(lever(lag=15.0 / 12.0))

    np.testing.assert_array_equal([0.0] * 5 + [100.0] * 8 + [0.0] * 3, found.arriving)


def test_maintenance_that_was_paid_still_takes_effect_after_a_cut() -> None:
    found = money(lever(maintenance=200.0, lag=0.5), plan(spend=0.0, maintenance=0.4))

    np.testing.assert_allclose(found.arriving, [50.0, 50.0] + [20.0] * 14, rtol=1e-14)
    np.testing.assert_allclose(found.spend, [20.0] * 16, rtol=1e-14)


# --- curve ---------------------------------------------------------------------------------------------
def test_half_of_the_effect_at_the_steady_state_of_its_spend() -> None:
    stated = lever(spend=Spend(500.0, math.inf, (), 0.0), effectiveness=number(3.0))
    found = course(stated, plan(), grid(60.0))

    assert 0.5 == pytest.approx(found.response[-1], rel=1e-6)
    assert 6000.0 == pytest.approx(found.stock[-1], rel=1e-6)


def test_judgements_state_the_curve() -> None:
    judged = lever(maintenance=300.0, half_effect_spend=None, judgements=Judgements(0.2, 0.3, 0.36, 0.55))
    found = curve(judged, VALUES, VALUES, 0.25)
    levels = 0.2 + 0.35 * hill(np.array([1.0, 1.5]) * found.stock_now, found.half, found.steepness)

    np.testing.assert_allclose(levels, [0.3, 0.36], rtol=1e-12)
    assert (1,) == found.half.shape == found.steepness.shape


def test_a_lever_without_any_curve_is_refused() -> None:
    with pytest.raises(TypeError, match=r"levers\.team"):
        curve(lever(half_effect_spend=None), VALUES, VALUES, 0.25)


def test_effectiveness_drawn_above_the_stated_one_builds_a_larger_stock() -> None:
    uncertain = Quantity(Distribution("uniform", {"low": 0.5, "high": 1.5}, (), (0.0, math.inf)), "effect")
    stated = lever(effectiveness=uncertain, maintenance=100.0)
    drawn, central = Values({"effect": np.array([0.5, 1.0, 1.5])}, 3), Values({"effect": np.array([1.0])}, 1)
    found = curve(stated, drawn, central, 1.0)

    np.testing.assert_allclose(found.gain, [0.5, 1.0, 1.5])
    np.testing.assert_allclose(found.stock_now, [200.0, 400.0, 600.0])
    np.testing.assert_allclose(found.half, [2000.0])
    assert uncertain_response(stated)
    assert not uncertain_response(lever())


# --- course --------------------------------------------------------------------------------------------
def test_maintenance_keeps_the_stock_until_the_plan_starts() -> None:
    found = course(lever(maintenance=200.0, lag=0.3), plan(start=1.0))

    np.testing.assert_allclose(found.stock[:5], 800.0, rtol=1e-12)
    np.testing.assert_allclose(found.response[:5], 0.0, atol=1e-12)
    assert found.response[5] > 0.0
    np.testing.assert_array_equal([50.0] * 4 + [150.0] * 8 + [50.0] * 4, found.spend)


def test_a_maintenance_cut_erodes_the_response_after_the_lag() -> None:
    found = course(lever(maintenance=200.0, lag=1.0), plan(spend=0.0, maintenance=0.0, start=1.0))

    np.testing.assert_allclose(found.response[:8], 0.0, atol=1e-12)
    assert np.all(np.diff(found.response[7:]) < 0.0)
    np.testing.assert_allclose(found.stock[8:], 800.0 * 0.75 ** (np.arange(1, 9) / 4.0), rtol=1e-12)


@pytest.mark.parametrize("per_year", [1, 2, 4, 12])
def test_every_grid_reaches_the_same_stock_at_the_end_of_a_year(per_year: int) -> None:
    found = course(lever(), plan(start=1.0), grid(3.0, per_year))

    # two years of 400 at a decay of a quarter: 400 + 0.75 × 400
    assert 700.0 == pytest.approx(found.stock[-1], rel=1e-12)


def test_a_plan_that_starts_after_the_horizon_does_nothing() -> None:
    found = course(lever(), plan(start=40.0))

    np.testing.assert_array_equal(0.0, found.response)
    np.testing.assert_array_equal(0.0, found.spend)


def test_a_trigger_is_left_to_the_paths() -> None:
    waiting = course(lever(maintenance=8.0), plan(trigger=Trigger("market_below", 0.8, None, None)))

    np.testing.assert_allclose(waiting.response, 0.0, atol=1e-12)
    np.testing.assert_array_equal(2.0, waiting.spend)


def test_an_amplifier_acts_with_its_response_of_the_period_before() -> None:
    boost = Effect("effectiveness", number(1.5), None, ("team",))
    stated = [lever("organisation", effects=(boost,), causal_share=number(0.5)), lever("team")]
    amplifying, amplified = courses(stated, [plan("organisation"), plan("team")], grid(1.0), VALUES)

    alone = course(lever("team"), plan("team"), grid(1.0))
    before = np.concatenate([[0.0], amplifying.response[:-1]])
    np.testing.assert_allclose(amplified.boost, 1.5 ** (0.5 * before), rtol=1e-12)
    assert amplified.stock[0] == alone.stock[0]
    assert np.all(amplified.stock[1:] > alone.stock[1:])
    np.testing.assert_array_equal(1.0, amplifying.boost)


def test_levers_may_amplify_each_other_in_any_order() -> None:
    def stated(name: str, other: str) -> Lever:
        return lever(name, effects=(Effect("effectiveness", number(1.2), None, (other,)),))

    pair = [stated("a", "b"), stated("b", "a")]
    first = courses(pair, [plan("a"), plan("b", 0.5)], grid(), VALUES)
    second = courses(pair[::-1], [plan("b", 0.5), plan("a")], grid(), VALUES)

    np.testing.assert_array_equal(first[0].stock, second[1].stock)
    np.testing.assert_array_equal(first[1].stock, second[0].stock)


def test_an_amplifier_of_a_lever_that_is_not_in_the_strategy_is_idle() -> None:
    boost = Effect("effectiveness", number(1.5), None, ("team",))

    assert 1 == len(courses([lever("a", effects=(boost,)), lever("team")], [plan("a")], grid(), VALUES))


def test_a_strategy_without_plans_has_no_courses() -> None:
    assert () == courses([lever()], [], grid(), VALUES)
