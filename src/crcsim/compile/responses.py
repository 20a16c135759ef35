"""What the levers of a strategy spend and how they respond, where nothing of it depends on a path (MODEL 5).

The money of a plan is certain (`programme`), the curve of its response may be uncertain (`curve`). Where it
is not, and a date starts the plan, stock and response are known before a run (`courses`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from crcsim.compile.ranges import period_of
from crcsim.compile.values import Floats, Values, quantities
from crcsim.scenario.levers import Effect, Lever, Spend
from crcsim.scenario.quantity import Distribution
from crcsim.scenario.strategies import Plan
from crcsim.scenario.time import Time
from crcsim.valuation.levers import (
    amplifier,
    calibrate_judgements,
    constant_spend,
    half_effect_spend,
    lagged,
    response,
    single_payment,
    steady_stock,
    stock_gain,
    stock_kept,
    yearly_payments,
)

__all__ = ["Course", "Curve", "Programme", "courses", "curve", "programme", "schedule", "uncertain_response"]


@dataclass(frozen=True)
class Programme:
    """The money of a lever by a plan: currency per period at prices of the valuation date.

    Arrays [period] count from the start of the plan; before it `before` is spent in every period and takes
    effect in every period.
    """

    lever: str
    start: int | None  # period in which the plan starts, from 0; None where a trigger decides
    before: float  # maintenance before the plan
    upkeep: float  # what the plan leaves of the maintenance
    own: Floats  # spend of the plan beside the maintenance
    endless: bool  # whether the plan's own spend, beside the maintenance, never ends
    arriving: Floats  # all spend at the time when it takes effect, that of before the start included

    @property
    def spend(self) -> Floats:
        """All that is paid from the start on."""
        return self.own + self.upkeep

    @property
    def lasting(self) -> float:
        """What of it is paid for ever."""
        return float(self.spend[0]) if self.endless else self.upkeep


@dataclass(frozen=True)
class Curve:
    """How the stock of a lever moves and what it brings about, [1 or path] (eq. 5.1, 5.2, 5.5)."""

    keep: Floats  # part of the stock that is left after a period
    gain: Floats  # stock that a unit of spend adds in the period in which it takes effect
    stock_now: Floats  # K_0, what the maintenance keeps
    half: Floats  # K_half
    steepness: Floats

    def respond(self, stock: Floats) -> Floats:
        """Part of the stated effects that a stock brings about."""
        return response(stock, self.stock_now, self.half, self.steepness)


@dataclass(frozen=True)
class Course:
    """One lever in a strategy, [period] from the valuation date on, on one path."""

    programme: Programme
    spend: Floats  # maintenance included
    stock: Floats  # at the end of the period
    response: Floats  # part of the stated effects, all the period
    boost: Floats  # what amplifiers make of a unit spent

    @property
    def ending(self) -> Floats:
        """What of the spend is not paid for ever, [period] from the valuation date on."""
        start = self.spend.size if self.programme.start is None else self.programme.start
        begun = np.arange(self.spend.size) >= start
        return np.where(begun, self.spend - self.programme.lasting, 0.0)


def schedule(spend: Spend, time: Time) -> Floats:
    """Currency per period [period] of a stated spend, counted from its start."""
    if spend.payments:
        return yearly_payments(spend.payments, time.periods_per_year, time.periods)
    if spend.once:
        return single_payment(spend.once, time.periods)
    return constant_spend(spend.amount, spend.duration, time.periods_per_year, time.periods)


def programme(lever: Lever, plan: Plan, time: Time) -> Programme:
    """The money of one lever in a strategy.

    A plan starts in the period in which its date lies. Maintenance that was paid before it goes on taking
    effect for the lag; what the plan changes of it takes effect after the lag as its own spend does.
    """
    before = lever.maintenance / time.periods_per_year
    upkeep = before * plan.maintenance
    own = schedule(lever.spend, time) * plan.spend
    arriving = before + lagged(own + upkeep - before, lever.response.lag * time.periods_per_year)
    start = None if plan.trigger is not None else period_of(plan.start, time.periods_per_year)
    return Programme(lever.name, start, before, upkeep, own, lever.spend.endless, arriving)


def curve(lever: Lever, values: Values, central: Values, step: float) -> Curve:
    """The response of one lever on the paths of `values`.

    The half-effect spend holds at the effectiveness as stated, its mean at `central` values: effectiveness
    that is drawn above it builds a stock faster.
    """
    stated = lever.response
    decay, effectiveness = values.of(stated.decay), values.of(stated.effectiveness)
    half_spend, steepness = _half_effect(lever, values)
    return Curve(
        keep=stock_kept(decay, step),
        gain=effectiveness * stock_gain(decay, step),
        stock_now=steady_stock(effectiveness, lever.maintenance, decay),
        half=steady_stock(central.of(stated.effectiveness), half_spend, decay),
        steepness=steepness,
    )


def _half_effect(lever: Lever, values: Values) -> tuple[Floats, Floats]:
    """Yearly spend of half the effect, and the steepness: stated, or by the four judgements (eq. 5.6)."""
    stated = lever.response
    if stated.half_effect_spend is not None:
        return values.of(stated.half_effect_spend), values.of(stated.steepness)
    if stated.judgements is None:
        raise TypeError(f"levers.{lever.name} has neither a half-effect spend nor judgements")
    scale, steepness = calibrate_judgements(*dataclasses.astuple(stated.judgements))
    return half_effect_spend(lever.maintenance, scale, steepness)[None], steepness[None]


def uncertain_response(lever: Lever) -> bool:
    """Whether the stock of a lever differs between paths though a date starts it."""
    return any(isinstance(each.value, Distribution) for each in quantities(lever.response))


def courses(levers: Sequence[Lever], plans: Sequence[Plan], time: Time, values: Values) -> tuple[Course, ...]:
    """The levers of a strategy on the one path of `values`, period by period (eq. 5.1, 5.2, 5.7).

    What a lever spends in a period is amplified by the responses of the others at the end of the period
    before, so that levers may amplify each other. A plan that waits for a trigger does not start.
    """
    step = 1.0 / time.periods_per_year
    stated = {lever.name: lever for lever in levers}
    money = [programme(stated[plan.lever], plan, time) for plan in plans]
    curves = [curve(stated[plan.lever], values, values, step) for plan in plans]
    arriving = np.array([_from_today(each, each.arriving) for each in money]).reshape(-1, time.periods)
    amplifiers = list(_amplifiers([stated[plan.lever] for plan in plans], values))
    stock, responses, boosts = (np.zeros((len(plans), time.periods)) for _ in range(3))
    level, reached = np.array([float(each.stock_now[0]) for each in curves]), np.zeros(len(plans))
    for t in range(time.periods):
        boosts[:, t] = 1.0
        for source, target, ratio, causal_share in amplifiers:
            boosts[target, t] *= amplifier(ratio, causal_share, reached[source])
        for place, each in enumerate(curves):
            level[place] = each.keep[0] * level[place] + each.gain[0] * boosts[place, t] * arriving[place, t]
            reached[place] = each.respond(level[place])[0]
        stock[:, t], responses[:, t] = level, reached
    return tuple(
        Course(each, _from_today(each, each.spend), *rows)
        for each, *rows in zip(money, stock, responses, boosts, strict=True)
    )


def _from_today(money: Programme, amounts: Floats) -> Floats:
    """Amounts [period] that are counted from the start of a plan, counted from the valuation date."""
    found = np.full_like(amounts, money.before)
    if money.start is not None and money.start < found.size:
        found[money.start :] = amounts[: found.size - money.start]
    return found


def _amplifiers(levers: Sequence[Lever], values: Values) -> Iterator[tuple[int, int, float, float]]:
    """(lever, the one that it amplifies, ratio at saturation, causal share) within a strategy."""
    places = {lever.name: place for place, lever in enumerate(levers)}
    for source, lever in enumerate(levers):
        causal_share = float(values.of(lever.causal_share)[0])
        for effect in lever.effects:
            for name in _amplified(effect):
                if name in places:
                    yield source, places[name], float(values.of(effect.size)[0]), causal_share


def _amplified(effect: Effect) -> tuple[str, ...]:
    return effect.levers if effect.kind == "effectiveness" else ()
