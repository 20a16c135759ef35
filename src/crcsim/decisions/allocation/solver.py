"""The best plan of a budget problem: linear programmes with cutting planes for CVaR, and branches where a
straight mix of distant nodes is no plan.

CVaR of a sum is the least of many linear functions (Rockafellar and Uryasev, 2000); only those of the tails
that were met are stated, one more after every solution (Künzi-Bay and Mayer, 2006), until the tail of the
solution is known. Where what a lever brings is not concave, or programmes are bought whole, its nodes are
divided into two parts (Beale and Tomlin, 1970) until each stands between neighbours. The optimum is that of
the stated problem, from no start.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from itertools import count, pairwise
from typing import Any

import numpy as np

from crcsim.decisions.allocation.problem import Floats, Objective, Problem, Solution, tail_mean
from crcsim.errors import ArgumentError, InfeasibleError, NumericError

__all__ = ["solve"]

Ranges = tuple[tuple[int, int], ...]  # first and last node that each lever may use

#: Of the tail, and of the objective between branches, relative to the spread of the values.
_TOLERANCE = 1e-8
_MOST_CUTS = 500
_MOST_BRANCHES = 5_000
_TIGHT = 1e-7

_INFEASIBLE = 2  # status of scipy.optimize.linprog
_NO_PLAN = "no plan meets the budget, its limits and the floor"


def solve(problem: Problem, objective: Objective) -> Solution:
    """The plan with the highest objective.

    Raises ArgumentError for an unknown kind, InfeasibleError where no plan meets the limits and the floor.
    """
    if objective.kind not in ("mean", "mean-cvar", "cvar"):
        raise ArgumentError(f"an objective is mean, mean-cvar or cvar, not {objective.kind}")
    model = _Model(problem, objective)
    weights, ranges = _best(model)
    return _solution(model, weights, model.price(ranges))


def _best(model: _Model) -> tuple[Floats, Ranges]:
    """Weights of the best plan and the nodes among which it is: best bound first, branch by branch."""
    number, whole = count(), tuple((0, row.size - 1) for row in model.problem.spend)
    bound, weights = model.relaxed(whole)
    waiting = [(-bound, next(number), whole, weights)]
    found: tuple[float, Floats, Ranges] | None = None
    for _ in range(_MOST_BRANCHES):
        if not waiting:
            break
        above, _, ranges, weights = heapq.heappop(waiting)
        if found is not None and -above <= found[0] + _TOLERANCE * model.scale:
            break
        lever = _astride(model.problem, weights)
        if lever is None:
            if found is None or -above > found[0]:
                found = -above, weights, ranges
            continue
        for part in _parts(model.problem, lever, ranges, weights):
            try:
                bound, weights = model.relaxed(part)
            except InfeasibleError:
                continue
            heapq.heappush(waiting, (-bound, next(number), part, weights))
    if found is None:
        raise InfeasibleError(_NO_PLAN)
    return found[1], found[2]


def _of_lever(problem: Problem, weights: Floats, lever: int) -> Floats:
    first = sum(row.size for row in problem.spend[:lever])
    return weights[first : first + problem.spend[lever].size]


def _astride(problem: Problem, weights: Floats) -> int | None:
    """The lever that stands farthest astride nodes that are no neighbours (whole ones: any two)."""
    widest, found = 0, None
    for lever, whole in enumerate(problem.all_whole):
        used = np.flatnonzero(_of_lever(problem, weights, lever) > _TIGHT)
        width = int(used[-1] - used[0]) - (0 if whole else 1)
        if width > widest:
            widest, found = width, lever
    return found


def _parts(problem: Problem, lever: int, ranges: Ranges, weights: Floats) -> tuple[Ranges, Ranges]:
    """The nodes of a lever below and above where it stands; whole levers have no node in both parts."""
    own, (low, high) = _of_lever(problem, weights, lever), ranges[lever]
    used = np.flatnonzero(own > _TIGHT)
    middle = int(np.floor(float(own @ np.arange(own.size)) / own.sum() + 1e-9))
    if problem.all_whole[lever]:
        middle = int(np.clip(middle, used[0], used[-1] - 1))
        parts = (low, middle), (middle + 1, high)
    else:
        middle = int(np.clip(middle, used[0] + 1, used[-1] - 1))
        parts = (low, middle), (middle, high)
    below, above = ((*ranges[:lever], part, *ranges[lever + 1 :]) for part in parts)
    return below, above


@dataclass
class _Cuts:
    """η ≤ constant + slope · weights, one row for each tail."""

    slopes: list[Floats] = field(default_factory=list)
    constants: list[float] = field(default_factory=list)

    def add(self, problem: Problem, tail: Floats) -> None:
        """The linear function of a tail, given by the weights of its paths."""
        self.slopes.append(np.concatenate([risk @ tail for risk in problem.risk]))
        self.constants.append(float(problem.base_risk @ tail))


class _Model:
    """Matrices of one problem; variables are the weights of all nodes, and η, the mean of the tail."""

    def __init__(self, problem: Problem, objective: Objective) -> None:
        self.problem, self.objective, self.cuts = problem, objective, _Cuts()
        self.sizes = [row.size for row in problem.spend]
        self.nodes = sum(self.sizes)
        self.scale = max(float(np.std(problem.base_risk)), abs(problem.base_value), 1e-300)
        self._cost = np.zeros(self.nodes + 1)
        if objective.kind == "mean":
            self._cost[:-1] = -problem.flat(problem.value)
        elif objective.kind == "mean-cvar":
            self._cost[:-1] = -np.concatenate([row.mean(axis=1) for row in problem.risk])
            self._cost[-1] = -objective.weight
        else:
            self._cost[-1] = -1.0
        self._less, self._most = self._limits()
        self._equal = np.zeros((problem.levers, self.nodes + 1))
        for lever, part in enumerate(self._slices()):
            self._equal[lever, part] = 1.0

    def _slices(self) -> list[slice]:
        edges = np.concatenate([[0], np.cumsum(self.sizes)]).astype(int)
        return [slice(low, high) for low, high in pairwise(edges)]

    def _limits(self) -> tuple[list[Floats], list[float]]:
        """Budget, limits of groups, and the floor; the budget first."""
        spend, slices = np.append(self.problem.flat(self.problem.spend), 0.0), self._slices()
        rows, most = [spend], [self.problem.budget]
        for limit in self.problem.limits:
            row = np.zeros_like(spend)
            for lever in limit.members:
                row[slices[lever]] = spend[slices[lever]]
            rows.append(row)
            most.append(limit.most)
        if self.objective.kind == "cvar" and np.isfinite(self.objective.floor):
            rows.append(np.append(-self.problem.flat(self.problem.value), 0.0))
            most.append(self.problem.base_value - self.objective.floor)
        return rows, most

    def relaxed(self, ranges: Ranges) -> tuple[float, Floats]:
        """Objective and weights of the best mix of allowed nodes, its tail known."""
        problem, objective = self.problem, self.objective
        if objective.needs_tail and not self.cuts.slopes:
            self.cuts.add(problem, tail_mean(problem.base_risk, objective.level)[1])
        for _ in range(_MOST_CUTS):
            found = self._solved(ranges)
            weights = np.clip(found.x[:-1], 0.0, 1.0)
            if not objective.needs_tail:
                return -float(found.fun), weights
            reached, tail = tail_mean(problem.risk_of(weights), objective.level)
            if float(found.x[-1]) - reached <= _TOLERANCE * self.scale:
                return -float(found.fun), weights
            self.cuts.add(problem, tail)
        raise NumericError(f"the tail of the best plan was not found with {_MOST_CUTS} cutting planes")

    def price(self, ranges: Ranges) -> float:
        """What one more unit of budget adds to the objective, with weight on the allowed nodes only."""
        return abs(float(self._solved(ranges).ineqlin.marginals[0]))

    def _solved(self, ranges: Ranges) -> Any:
        from scipy.optimize import linprog

        lower, upper = np.zeros(self.nodes + 1), np.zeros(self.nodes + 1)
        for part, (first, last) in zip(self._slices(), ranges, strict=True):
            upper[part.start + first : part.start + last + 1] = 1.0
        if self.cuts.slopes:
            lower[-1], upper[-1] = -np.inf, np.inf
        rows = [*self._less, *(np.append(-slope, 1.0) for slope in self.cuts.slopes)]
        most = [*self._most, *self.cuts.constants]
        ones, bounds = np.ones(self.problem.levers), np.stack([lower, upper], axis=1)
        found = linprog(self._cost, np.array(rows), most, self._equal, ones, bounds, method="highs")
        if found.status == _INFEASIBLE:
            raise InfeasibleError(_NO_PLAN)
        if found.status != 0:
            raise NumericError(f"the linear programme of the best plan was not solved: {found.message}")
        return found


def _solution(model: _Model, weights: Floats, price: float) -> Solution:
    problem, objective = model.problem, model.objective
    parts = [_of_lever(problem, weights, lever) for lever in range(problem.levers)]
    spend = np.array([part @ row / part.sum() for part, row in zip(parts, problem.spend, strict=True)])
    value, tail, risks = problem.value_of(weights), np.nan, problem.risk_of(weights)
    if objective.needs_tail:
        tail = tail_mean(risks, objective.level)[0]
    if objective.kind == "mean":
        reached = value
    elif objective.kind == "mean-cvar":
        reached = float(risks.mean()) + (objective.weight * tail if objective.weight else 0.0)
    else:
        reached = tail
    found = _binding(problem, spend)
    return Solution(spend, weights, reached, value, tail, price, found, len(model.cuts.slopes))


def _binding(problem: Problem, spend: Floats) -> tuple[str, ...]:
    """Which limits hold the plan back: budget, groups; bounds of levers are seen beside their spends."""
    reach = 1e-6 * max(problem.budget, 1e-300)
    found = ["budget"] if problem.budget - spend.sum() <= reach else []
    for limit in problem.limits:
        if limit.most - spend[list(limit.members)].sum() <= reach:
            found.append(limit.name)
    return tuple(found)
