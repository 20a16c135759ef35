"""Levers as the kernel reads them (MODEL 5): where each acts, what it shifts there, and its response."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from crcsim.compile.lines import line_owners
from crcsim.compile.responses import curve
from crcsim.compile.values import Floats, Values
from crcsim.errors import NumericError
from crcsim.kernels.rows import EFFECT_KINDS
from crcsim.scenario.levers import Effect, Lever
from crcsim.scenario.quantity import Quantity
from crcsim.scenario.scenario import Scenario
from crcsim.scenario.strategy_building import targeted
from crcsim.valuation.share import logit

__all__ = [
    "LeverPlan",
    "Shift",
    "effect_rows",
    "lever_customers",
    "lever_level",
    "lever_rows",
    "plan_levers",
]

#: The kernel's kind of every kind of effect.
_KINDS = {
    "share_logit": "share",
    "share_points": "share",
    "wallet_growth": "growth",
    "wallet_creation": "creation",
    "price_premium": "price",
    "variable_cost_ratio": "variable_cost",
    "churn_hazard_ratio": "churn",
    "takeover_retention": "retention",
    "coupling": "coupling",
    "process_cost_ratio": "process_cost",
    "capacity": "capacity",
    "effectiveness": "effectiveness",
}
_OF_LINES = ("share", "growth", "creation", "price", "variable_cost")
_ONE = Quantity(1.0, "one")
_NONE = Quantity(0.0, "none")


@dataclass(frozen=True)
class Shift:
    """One effect of a lever on one target: a customer, one of its lines (in canonical order), a product, or
    another lever; positions in the scenario.
    """

    lever: int
    kind: str
    effect: Effect
    customer: int = -1
    line: int = -1
    product: str = ""
    other: int = -1


@dataclass(frozen=True)
class LeverPlan:
    """Where levers act: by group the levers and their shifts; shifts in the order of the kernel's effects."""

    levers: tuple[tuple[int, ...], ...]  # [group]
    shifts: tuple[tuple[Shift, ...], ...]  # [group]

    @property
    def all_shifts(self) -> tuple[Shift, ...]:
        """The shifts of all groups, one after the other."""
        return tuple(shift for shifts in self.shifts for shift in shifts)

    def group_of(self, lever: int) -> int:
        """The first group in which a lever acts, -1 where it acts nowhere."""
        return next((group for group, levers in enumerate(self.levers) if lever in levers), -1)


def lever_customers(scenario: Scenario, lever: Lever) -> list[int]:
    """Positions of the customers on which a lever acts."""
    reached = targeted(lever.target, scenario.customers)
    return [place for place, customer in enumerate(scenario.customers) if customer in reached]


def lever_level(lever: Lever) -> str | None:
    """The level whose cost the spend on a lever is; None: that of its one customer."""
    if lever.target.kind == "customers" and len(lever.target.names) == 1:
        return None
    return f"segment:{lever.target.names[0]}" if lever.target.kind == "segment" else "company"


def plan_levers(scenario: Scenario, groups: Sequence[Sequence[str]]) -> LeverPlan:
    """Where every lever of a scenario acts, group by group."""
    position = {customer.name: place for place, customer in enumerate(scenario.customers)}
    group_of = {position[name]: group for group, names in enumerate(groups) for name in names}
    shifts: list[list[Shift]] = [[] for _ in groups]
    acting: list[set[int]] = [set() for _ in groups]
    for place, lever in enumerate(scenario.levers):
        reached = lever_customers(scenario, lever)
        for customer in reached:
            acting[group_of[customer]].add(place)
        for shift in _shifts(scenario, place, reached):
            owner = shift.customer if shift.customer >= 0 else reached[0]  # all buyers are in one group
            shifts[group_of[owner]].append(shift)
    _amplify(scenario, shifts, acting)
    order = EFFECT_KINDS.index
    sorted_shifts = [
        sorted(each, key=lambda s: (order(s.kind), s.lever, s.line, s.customer, s.other)) for each in shifts
    ]
    return LeverPlan(tuple(tuple(sorted(each)) for each in acting), tuple(map(tuple, sorted_shifts)))


def _amplify(scenario: Scenario, shifts: list[list[Shift]], acting: list[set[int]]) -> None:
    """An amplifier acts wherever a lever does that it makes more effective, itself or by way of others."""
    names = [lever.name for lever in scenario.levers]
    pairs = [
        Shift(place, "effectiveness", effect, other=names.index(name))
        for place, lever in enumerate(scenario.levers)
        for effect in lever.effects
        if effect.kind == "effectiveness"
        for name in effect.levers
    ]
    for own, levers in zip(shifts, acting, strict=True):
        for _ in names:  # a chain of amplifiers is no longer than that
            levers.update(pair.lever for pair in pairs if pair.other in levers)
        own.extend(pair for pair in pairs if pair.other in levers)


def _shifts(scenario: Scenario, place: int, reached: Sequence[int]) -> Iterator[Shift]:
    """What a lever shifts of customers, lines and products."""
    lever, owners = scenario.levers[place], line_owners(scenario)
    names = [customer.name for customer in scenario.customers]
    for effect in lever.effects:
        kind = _KINDS[effect.kind]
        if kind == "capacity":
            for product in lever.target.names if reached else ():
                yield Shift(place, kind, effect, product=product)
        elif kind in _OF_LINES:
            for number, (buyer, line) in enumerate(owners):
                owner = names.index(buyer.name)
                moves = kind != "share" or line.share.kind == "moving"
                if owner in reached and moves and _limited(lever, effect, line.product):
                    yield Shift(place, kind, effect, owner, number)
        elif kind != "effectiveness":
            for customer in reached:
                yield Shift(place, kind, effect, customer)


def _limited(lever: Lever, effect: Effect, product: str) -> bool:
    """Whether an effect reaches the lines of a product."""
    if effect.line is not None:
        return effect.line == product
    return lever.target.kind != "product" or product in lever.target.names


def effect_rows(scenario: Scenario, plan: LeverPlan, values: Values, step: float) -> dict[str, Floats]:
    """Rows of the effect table, [effect, 1 or path] (eq. 5.3): shifts at saturation on their own scale."""
    found = [(_shift(scenario, shift, values, step), shift.effect) for shift in plan.all_shifts]
    return {
        "shift": _stack([size for size, _ in found]),
        "jump_log_mean": _stack([np.log(values.of(effect.median or _ONE)) for _, effect in found]),
        "jump_log_sd": _stack([values.of(effect.log_sd or _NONE) for _, effect in found]),
    }


def _shift(scenario: Scenario, shift: Shift, values: Values, step: float) -> Floats:
    """The shift of one effect at saturation, causal share included."""
    size = values.of(shift.effect.size)
    causal = values.of(scenario.levers[shift.lever].causal_share)
    if shift.effect.kind == "share_points":
        return np.asarray(_points(scenario, shift, values, size) * causal)
    if shift.kind in ("share", "retention", "coupling", "price"):
        return np.asarray(size * causal)
    if shift.kind == "growth":
        return np.asarray(np.log1p(size) * step * causal)
    if shift.kind in ("creation", "capacity"):
        return np.asarray(size * step * causal)
    return np.asarray(np.log(size) * causal)


def _points(scenario: Scenario, shift: Shift, values: Values, points: Floats) -> Floats:
    """Percentage points at today's share as logit points."""
    customer, line = line_owners(scenario)[shift.line]
    now = values.of(line.share.now)
    wanted = now + points
    if np.any((wanted <= 0.0) | (wanted >= 1.0)):
        name = scenario.levers[shift.lever].name
        raise NumericError(
            f"levers.{name}.effects.share_target: today's share of {customer.name} in {line.product} with "
            "these points must lie strictly between 0 % and 100 %; it does not on every path"
        )
    return np.asarray(logit(wanted) - logit(now))


def lever_rows(scenario: Scenario, values: Values, central: Values, step: float) -> dict[str, Floats]:
    """Rows of the lever table, [lever, 1 or path] (eq. 5.1 to 5.6)."""
    curves = [curve(lever, values, central, step) for lever in scenario.levers]
    rows = {
        "keep": [each.keep for each in curves],
        "gain": [each.gain for each in curves],
        "half": [each.half for each in curves],
        "steepness": [each.steepness for each in curves],
        "stock": [each.stock_now for each in curves],
        "base": [np.power(each.stock_now / each.half, each.steepness) for each in curves],
    }
    return {name: _stack([np.atleast_1d(row) for row in found]) for name, found in rows.items()}


def _stack(rows: Sequence[Floats]) -> Floats:
    """Members as one matrix [member, 1 or path]."""
    width = max((row.shape[0] for row in rows), default=1)
    if not rows:
        return np.zeros((0, 1))
    return np.stack([np.broadcast_to(row, (width,)) for row in rows])
