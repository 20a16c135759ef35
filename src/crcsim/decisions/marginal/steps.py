"""How the spend of each lever is moved to see what the next unit of it brings.

Along the tangent of its response, at today's stock or at the stocks of the plan, in both directions, so that
a large step has no bias from the curve of the response: far more paths than with a small step have another
fate, and the standard error falls. Where the plan's own responses depend on the path, by a part of the spend.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from crcsim.compile.responses import courses, curve, uncertain_response
from crcsim.compile.values import Sampler, Values
from crcsim.decisions.trials import side_of
from crcsim.kernels.arrays import Floats
from crcsim.scenario.levers import Lever
from crcsim.scenario.quantity import Distribution
from crcsim.scenario.scenario import Scenario
from crcsim.scenario.strategies import Plan, Strategy

__all__ = ["ALONG_PLAN", "CENTRAL", "FIRST_TENTH", "TANGENT", "Step", "plan_steps", "slope_today"]

TANGENT, ALONG_PLAN, CENTRAL, FIRST_TENTH = "tangent", "tangent of the plan", "quarter", "first tenth"

#: Largest response along a tangent; jumps of the wallet, which are rare, need a longer step.
REACH, REACH_OF_JUMPS = 0.3, 0.5

#: Largest effect along a tangent, on the scale on which it acts (logit, log, sum of log jumps).
LARGEST_EFFECT = 0.25

#: Part of its own spend by which a lever of the plan is moved up and down.
MOVED = 0.25

#: Where the response has no slope at an empty stock: the first part of the stated spend.
FIRST_PART = 0.1

#: Change of the spend by which the slope of a response that is certain is taken.
_SMALL = 1e-5


@dataclass(frozen=True)
class Step:
    """The moves of one lever: dE/dε ≈ Σ weight E[move - plan] / step, ε in stated spends.

    `moves` are factors on `step`; `programme` is the plan with the stated spend, or that of the strategy.
    """

    lever: str
    side: str  # customer or product
    method: str
    programme: Plan
    now: float  # factor on the stated spend in the plan
    step: float
    moves: tuple[float, float]
    weights: tuple[float, float]
    responses: tuple[Floats, Floats] | None = None  # [period] of both moves along the plan

    @property
    def halves(self) -> bool:
        """Whether one half of the paths is moved up, the other one down."""
        return self.weights == (0.5, -0.5)

    def plan(self, move: int) -> Plan:
        """The plan of a move; along a tangent its spend is that of the step alone, without its sign."""
        size = self.step * (abs(self.moves[move]) if self.method == TANGENT else self.moves[move])
        return replace(self.programme, spend=self.now + size)


def plan_steps(scenario: Scenario, strategy: Strategy, levers: Sequence[str]) -> list[Step]:
    """A step for every named lever, at the plan of a strategy."""
    plans = {plan.lever: plan for plan in strategy.plans}
    central = Sampler(scenario, 0).central()
    stated = {lever.name: lever for lever in scenario.levers}
    found = []
    for name in levers:
        plan = plans.get(name)
        if plan is not None and plan.spend > 0.0:
            found.append(_inside(scenario, stated[name], plan, strategy, central))
        elif plan is not None or not _has_slope(stated[name], central):
            begun = plan or Plan(name, 0.0, None)
            side = side_of(stated[name])
            moves, weights = (1.0, 2.0), (1.0, 0.0)
            found.append(Step(name, side, FIRST_TENTH, begun, 0.0, FIRST_PART, moves, weights))
        else:
            found.append(_from_nothing(scenario, stated[name], central))
    return found


def _from_nothing(scenario: Scenario, lever: Lever, central: Values) -> Step:
    """Along the tangent at today's stock."""
    programme = Plan(lever.name, 0.0, None)
    (course,) = courses([lever], [programme], scenario.time, central)
    bent = curve(lever, central, central, 1.0 / scenario.time.periods_per_year)
    risen = float(np.max(course.stock - bent.stock_now[0]))
    slope = float(slope_today(bent.half, bent.steepness, bent.stock_now)[0])
    step = _length(scenario, lever, central, risen * slope)
    if _creates(lever):  # a rate of jumps cannot fall below none: f' ≈ (4 f(h) - f(2h) - 3 f(0)) / 2h
        moves, weights = (1.0, 2.0), (2.0, -0.5)
        return Step(lever.name, side_of(lever), TANGENT, programme, 0.0, step, moves, weights)
    return Step(lever.name, side_of(lever), TANGENT, programme, 0.0, step, (1.0, -1.0), (0.5, -0.5))


def _inside(scenario: Scenario, lever: Lever, plan: Plan, strategy: Strategy, central: Values) -> Step:
    """Along the tangent at the stocks of the plan, or by a quarter where these are not known beforehand."""
    now, side = plan.spend, side_of(lever)
    if not _known(scenario, lever, strategy):
        return Step(lever.name, side, CENTRAL, plan, now, MOVED * now, (1.0, -1.0), (0.5, -0.5))
    low, here, high = (
        courses([lever], [replace(plan, spend=now * factor)], scenario.time, central)[0].response
        for factor in (1.0 - _SMALL, 1.0, 1.0 + _SMALL)
    )
    slope = (high - low) / (2.0 * _SMALL * now)
    step = _length(scenario, lever, central, float(np.max(np.abs(slope))))
    if _creates(lever):
        step = min(step, now)
    responses = (here + step * slope, here - step * slope)
    return Step(lever.name, side, ALONG_PLAN, plan, now, step, (1.0, -1.0), (0.5, -0.5), responses)


def _known(scenario: Scenario, lever: Lever, strategy: Strategy) -> bool:
    """Whether the response of a lever in a strategy is known before the run, and moves no other lever's."""
    running = {plan.lever: plan for plan in strategy.plans}
    amplified = any(
        effect.kind == "effectiveness"
        for each in scenario.levers
        if each.name in running
        for effect in each.effects
    )
    return not amplified and not uncertain_response(lever) and running[lever.name].trigger is None


def _creates(lever: Lever) -> bool:
    return any(effect.kind == "wallet_creation" for effect in lever.effects)


def _length(scenario: Scenario, lever: Lever, central: Values, response: float) -> float:
    """Stated spends of a step; `response` is the largest one that a stated spend has along the tangent."""
    size = _effect_size(lever, central, scenario.time.years)
    reach = REACH_OF_JUMPS if _creates(lever) else REACH
    if size > 0.0:
        reach = min(reach, LARGEST_EFFECT / size)
    return reach / response if response > 0.0 else 1.0


def _effect_size(lever: Lever, central: Values, years: float) -> float:
    """The largest effect of a lever at saturation on the scale on which it acts, over the horizon."""
    largest = 0.0
    for effect in lever.effects:
        size = float(central.of(effect.size)[0])
        if effect.kind.endswith("_ratio") or effect.kind == "effectiveness":
            size = math.log(size)
        elif effect.kind == "share_points":
            size *= 4.0  # logit points at a share of one half
        elif effect.kind == "wallet_growth":
            size = math.log1p(size) * years
        elif effect.kind == "wallet_creation" and effect.median and effect.log_sd:
            median, log_sd = (float(central.of(each)[0]) for each in (effect.median, effect.log_sd))
            size *= years * (median * math.exp(log_sd**2 / 2.0) - 1.0)
        elif effect.kind == "capacity":
            size = 0.0
        largest = max(largest, abs(size))
    return largest * float(central.of(lever.causal_share)[0])


def _has_slope(lever: Lever, central: Values) -> bool:
    """Whether the response has a finite slope above 0 at today's stock, on every path."""
    if lever.maintenance > 0.0:
        return True
    steepness = lever.response.steepness
    return not isinstance(steepness.value, Distribution) and float(central.of(steepness)[0]) == 1.0


def slope_today(half: Floats, steepness: Floats, stock: Floats) -> Floats:
    """dr/dK at today's stock K_0 (eq. 5.2): n q / (K_0 (1 + q)), q = (K_0 / K_half)^n, or 1 / K_half at 0."""
    held = np.where(stock > 0.0, stock, half)
    ratio = np.power(held / half, steepness)
    return np.where(stock > 0.0, steepness * ratio / (held * (1.0 + ratio)), 1.0 / half)
