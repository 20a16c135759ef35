"""A plan that no further move improves, where what levers bring depends on each other.

Around a plan every lever is moved alone, near and far; the best sum of such moves is the next plan, if it is
better when it is evaluated whole, else the moves become shorter. With the same draws for all plans the
objective is a function without noise, so that the search ends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from crcsim.decisions.allocation.problem import Floats, Limit, Objective, Problem, tail_mean
from crcsim.decisions.allocation.solver import solve

__all__ = ["Box", "Evaluate", "Found", "reached", "search", "starts", "surroundings"]

#: Mean values [plan] and values of the risk [plan, path] of plans given by spends [plan, lever].
Evaluate = Callable[[Floats], tuple[Floats, Floats]]

#: Spends over the whole range of a lever at which it is tried beside those near the plan.
FAR_NODES = 5

#: A move must improve the objective by this part of what has been gained over the start.
IMPROVEMENT = 2e-3

#: Shortest move, as a part of the range of a lever.
SHORT = 1.0 / 64.0

MOST_ROUNDS = 16

#: Near moves of the search, as parts of their longest.
NEAR = (1.0, 0.5)

#: Near moves around a plan that was found, as parts of the range: each half of the one before, so that what
#: is read along straight lines between them bends as the objective does, near the plan too.
AROUND = (1.0 / 8.0, 1.0 / 16.0, 1.0 / 32.0, 1.0 / 64.0)


@dataclass(frozen=True)
class Box:
    """What may be spent: bounds [lever], budget, limits of groups, and units [lever] of programmes that are
    bought whole (0: any amount).
    """

    lower: Floats
    upper: Floats
    budget: float
    limits: tuple[Limit, ...]
    unit: Floats

    @property
    def span(self) -> Floats:
        """Upper less lower bound [lever]."""
        return np.asarray(self.upper - self.lower)

    def nodes(self, lever: int, here: float, widths: Floats, *, far: bool) -> Floats:
        """Spends at which a lever is tried from `here`: so far below and above, and over its whole range."""
        low, high, unit = self.lower[lever], self.upper[lever], self.unit[lever]
        if unit > 0.0:
            return np.asarray(np.arange(np.ceil(low / unit - 1e-9), high / unit + 1e-9) * unit)
        near = np.concatenate([[here], here - widths, here + widths])
        wide = np.linspace(low, high, FAR_NODES) if far else np.empty(0)
        found = np.unique(np.clip(np.concatenate([near, wide]), low, high))
        close = 1e-9 * max(high - low, 1e-300)
        return np.asarray(found[np.concatenate([[True], np.diff(found) > close])])


@dataclass(frozen=True)
class Found:
    """The end of a search: the plan [lever], its objective, mean value and risk [path] as evaluated; whether
    no move was left that improves it.
    """

    spend: Floats
    objective: float
    value: float
    risk: Floats
    converged: bool
    rounds: int


def reached(objective: Objective, value: float, risk: Floats) -> float:
    """The objective of an evaluated plan; -inf where its mean is below the floor by more than rounding."""
    if objective.kind == "mean":
        return value
    tail = tail_mean(risk, objective.level)[0]
    if objective.kind == "mean-cvar":
        return float(risk.mean()) + objective.weight * tail
    return tail if value >= objective.floor - 1e-6 * abs(objective.floor) else -np.inf


def search(evaluate: Evaluate, box: Box, objective: Objective, start: Floats) -> Found:
    """Improve a plan until no move is left that does.

    Its objective is -inf where no plan was met that keeps the floor. Raises InfeasibleError where what levers
    bring around the start leaves no such plan.
    """
    values, risks = evaluate(start[np.newaxis])
    here, value, risk = start, float(values[0]), risks[0]
    first = now = reached(objective, value, risk)
    part, far = 0.25, True  # length of the moves as a part of the range, and whether far ones are tried
    rounds, converged = 0, False
    while rounds < MOST_ROUNDS and not converged:
        rounds += 1
        solution = solve(_around(evaluate, box, here, value, risk, part * np.array(NEAR), far), objective)
        gained = max(abs(now - first), abs(solution.objective - now)) if np.isfinite(now) else np.inf
        promises = solution.objective - now > IMPROVEMENT * gained or not np.isfinite(now)
        better = False
        if promises:
            values, risks = evaluate(solution.spend[np.newaxis])
            then = reached(objective, float(values[0]), risks[0])
            better = then > now
        if better:
            here, value, risk, now, far = solution.spend, float(values[0]), risks[0], then, False
        elif part > SHORT:
            part, far = max(part * (0.5 if promises else 0.25), SHORT), False
        else:
            converged, far = far, True  # far moves at the beginning and at the end
    return Found(here, now, value, risk, converged, rounds)


def surroundings(evaluate: Evaluate, box: Box, found: Found) -> Problem:
    """What every lever brings when it alone is moved from the plan found, near it and far."""
    return _around(evaluate, box, found.spend, found.value, found.risk, np.array(AROUND), far=True)


def starts(box: Box, count: int) -> list[Floats]:
    """So many plans to start from: as little as allowed, the budget shared out, then all of it on one lever
    after the other; every one within all limits.
    """
    levers = box.lower.size
    shares = [np.zeros(levers), np.ones(levers), *np.eye(levers)]
    return [_within(box, share) for share in shares[:count]]


def _within(box: Box, share: Floats) -> Floats:
    """The lower bounds, and what is left of the budget in these shares, as far as all limits allow."""
    plan = box.lower.copy()
    for _ in range(plan.size if share.any() else 0):  # what one lever cannot take goes to the others
        left = np.minimum(box.budget - plan.sum(), box.span.sum())
        for limit in box.limits:
            members = list(limit.members)
            if limit.most - plan[members].sum() <= 1e-12 * limit.most:
                share = share.copy()
                share[members] = 0.0
        open_ = np.where(plan < box.upper, share, 0.0)
        if left <= 0.0 or not open_.any():
            break
        more = np.minimum(left * open_ / open_.sum(), box.upper - plan)
        for limit in box.limits:
            members = list(limit.members)
            asked, room = more[members].sum(), limit.most - plan[members].sum()
            if asked > room:
                more[members] *= room / asked
        plan = plan + more
    whole = box.unit > 0.0
    units = np.where(whole, box.unit, 1.0)
    rounded = np.maximum(np.floor(plan / units + 1e-9), np.ceil(box.lower / units - 1e-9)) * units
    return np.where(whole, rounded, plan)


def _around(
    evaluate: Evaluate, box: Box, here: Floats, value: float, risk: Floats, parts: Floats, far: bool
) -> Problem:
    """What every lever brings when it alone is moved from a plan, by these parts of its range."""
    nodes = [box.nodes(lever, here[lever], parts * box.span[lever], far=far) for lever in range(here.size)]
    moved = []
    for lever, row in enumerate(nodes):
        for spend in row:
            if not np.isclose(spend, here[lever], rtol=0.0, atol=1e-9 * max(box.span[lever], 1e-300)):
                plan = here.copy()
                plan[lever] = spend
                moved.append(plan)
    found = evaluate(np.array(moved)) if moved else (np.zeros(0), np.zeros((0, risk.size)))
    values, risks, place = [], [], 0
    for lever, row in enumerate(nodes):
        change, changes = np.zeros(row.size), np.zeros((row.size, risk.size))
        for node, spend in enumerate(row):
            if not np.isclose(spend, here[lever], rtol=0.0, atol=1e-9 * max(box.span[lever], 1e-300)):
                change[node], changes[node] = found[0][place] - value, found[1][place] - risk
                place += 1
        values.append(change)
        risks.append(changes)
    whole = tuple(bool(unit > 0.0) for unit in box.unit)
    return Problem(tuple(nodes), tuple(values), tuple(risks), value, risk, box.budget, box.limits, whole)
