"""How the spend of each lever is moved to see what the next unit of it brings.

A lever that the plan does not use is moved along the tangent of its response at today's stock, in both
directions, so that a large step has no bias from the curve of the response: far more paths than with a small
step have another fate, and the standard error falls. A lever that the plan uses is moved by a part of its own
spend, up and down.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from crcsim.compile.groups import simulation_groups
from crcsim.compile.levers import plan_levers
from crcsim.compile.program import Adjust, Tables
from crcsim.compile.responses import courses, curve
from crcsim.compile.values import Sampler, Values
from crcsim.kernels.arrays import Floats
from crcsim.scenario.levers import Lever
from crcsim.scenario.quantity import Distribution
from crcsim.scenario.scenario import Scenario
from crcsim.scenario.strategies import Plan, Strategy

__all__ = ["CENTRAL", "FIRST_TENTH", "TANGENT", "Step", "plan_steps", "tangents"]

TANGENT, CENTRAL, FIRST_TENTH = "tangent", "central difference", "first tenth"

#: Largest response along a tangent; jumps of the wallet, which are rare, need a longer step.
REACH, REACH_OF_JUMPS = 0.3, 0.5

#: Largest effect along a tangent, on the scale on which it acts (logit, log, sum of log jumps).
LARGEST_EFFECT = 0.25

#: Part of its own spend by which a lever of the plan is moved up and down.
MOVED = 0.25

#: Where the response has no slope at an empty stock: the first part of the stated spend.
FIRST_PART = 0.1

#: Half-effect stocks from today's at which the straight response has half of its effect.
_FAR = 1e8


@dataclass(frozen=True)
class Step:
    """The moves of one lever: dE/dε ≈ (base_weight E[plan] + Σ weight E[move]) / step, ε in stated spends.

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
    base_weight: float

    def plan(self, move: int) -> Plan:
        """The plan of a move; along a tangent its spend is that of the step alone, without its sign."""
        size = self.step * (abs(self.moves[move]) if self.method == TANGENT else self.moves[move])
        return replace(self.programme, spend=self.now + size)


def plan_steps(scenario: Scenario, strategy: Strategy, levers: Sequence[str]) -> list[Step]:
    """A step for every named lever, at the plan of a strategy."""
    plans = {plan.lever: plan for plan in strategy.plans}
    central = Sampler(scenario, 0).central()
    stated = {lever.name: lever for lever in scenario.levers}
    return [_step(scenario, stated[name], plans.get(name), central) for name in levers]


def _step(scenario: Scenario, lever: Lever, plan: Plan | None, central: Values) -> Step:
    side = "product" if lever.target.kind == "product" else "customer"
    if plan is not None and plan.spend > 0.0:
        step = MOVED * plan.spend
        return Step(lever.name, side, CENTRAL, plan, plan.spend, step, (1.0, -1.0), (0.5, -0.5), 0.0)
    programme = plan or Plan(lever.name, 0.0, None)
    if plan is not None or not _has_slope(lever, central):
        return Step(lever.name, side, FIRST_TENTH, programme, 0.0, FIRST_PART, (1.0, 2.0), (1.0, 0.0), -1.0)
    jumps = any(effect.kind == "wallet_creation" for effect in lever.effects)
    (course,) = courses([lever], [programme], scenario.time, central)
    bent = curve(lever, central, central, 1.0 / scenario.time.periods_per_year)
    risen = float(np.max(course.stock - bent.stock_now[0]))
    slope = float(_slope(bent.half, bent.steepness, bent.stock_now)[0])
    size = _effect_size(lever, central, scenario.time.years)
    reach = min(REACH_OF_JUMPS if jumps else REACH, LARGEST_EFFECT / max(size, 1e-12))
    step = reach / max(risen * slope, 1e-12)
    if jumps:  # a rate of jumps cannot fall below none: f' ≈ (4 f(h) - f(2h) - 3 f(0)) / 2h
        return Step(lever.name, side, TANGENT, programme, 0.0, step, (1.0, 2.0), (2.0, -0.5), -1.5)
    return Step(lever.name, side, TANGENT, programme, 0.0, step, (1.0, -1.0), (0.5, -0.5), 0.0)


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


def _slope(half: Floats, steepness: Floats, stock: Floats) -> Floats:
    """dr/dK at today's stock K_0 (eq. 5.2): n q / (K_0 (1 + q)), q = (K_0 / K_half)^n, or 1 / K_half at 0."""
    held = np.where(stock > 0.0, stock, half)
    ratio = np.power(held / half, steepness)
    return np.where(stock > 0.0, steepness * ratio / (held * (1.0 + ratio)), 1.0 / half)


def tangents(scenario: Scenario, steps: Sequence[Step], move: int) -> Adjust:
    """The change of tables that makes the response of the levers of some steps a straight line.

    The half-effect stock moves far away and the effects grow as much, so that a response of the kernel, very
    small, has the slope of today; effects are reversed where the move goes down.
    """
    names = [lever.name for lever in scenario.levers]
    signs = {names.index(each.lever): np.sign(each.moves[move]) for each in steps}
    owners = [shift.lever for shift in plan_levers(scenario, simulation_groups(scenario)).all_shifts]

    def adjust(tables: Tables) -> None:
        _, levers, _ = tables["levers"]
        _, effects, _ = tables["effects"]
        half, steepness, stock = levers["half"], levers["steepness"], levers["stock"]
        straight = np.array([[place in signs] for place in range(len(names))])
        scale = np.where(straight, _FAR * half * _slope(half, steepness, stock), 1.0)
        sign = np.array([[signs.get(place, 1.0)] for place in range(len(names))])
        if owners:
            effects["shift"] = effects["shift"] * (scale * sign)[owners]
        levers["base"] = np.where(straight, stock / (_FAR * half), levers["base"])
        levers["half"] = np.where(straight, _FAR * half, half)
        levers["steepness"] = np.where(straight, 1.0, steepness)

    return adjust
