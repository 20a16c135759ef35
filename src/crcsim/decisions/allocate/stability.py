"""How far the best plan hangs on the sample: solved again on resampled paths (Efron, 1979), and the plans
that the sample does not tell from it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from crcsim.decisions import differences
from crcsim.decisions.allocate.plans import Plans
from crcsim.decisions.allocate.searched import Searched, estimate
from crcsim.decisions.allocation import Objective, Problem, solve
from crcsim.decisions.allocation.problem import tail_mean
from crcsim.decisions.allocation.search import IMPROVEMENT
from crcsim.decisions.trials import Totals
from crcsim.errors import InfeasibleError, NumericError
from crcsim.kernels.arrays import Floats
from crcsim.measures.estimates import INTERVAL

__all__ = ["Surface", "ahead_shares", "alike", "ranks", "resampled"]

RESAMPLES = 40

#: Of fresh paths, where no plan is solved again.
FRESH_RESAMPLES = 100

#: The end of a range is found to this part of the way between two nodes: 1 / 2^4.
_HALVINGS = 4

_SEED = 20260101  # the same scenario and draws give the same resamples


@dataclass(frozen=True)
class Surface:
    """What levers bring around a plan, with the values by path: [node, path] of every lever, [path] of the
    plan.
    """

    problem: Problem
    values: tuple[Floats, ...]
    base: Floats

    @classmethod
    def around(cls, plans: Plans, centre: Floats, problem: Problem) -> Surface:
        """The changes of the value when each lever alone is moved from a plan."""
        base = plans.totals(centre[np.newaxis]).value[0]
        rows = []
        for lever, spends in enumerate(problem.spend):
            moved = np.repeat(centre[np.newaxis], spends.size, axis=0)
            moved[:, lever] = spends
            rows.append(plans.totals(moved).value - base)
        return cls(problem, tuple(rows), base)

    def fixed(self, lever: int, spend: float) -> Surface:
        """The same with one lever held at a spend, read along straight lines between its nodes."""
        nodes = self.problem.spend[lever]
        right = int(np.clip(np.searchsorted(nodes, spend), min(1, nodes.size - 1), nodes.size - 1))
        left = max(right - 1, 0)
        part = (spend - nodes[left]) / (nodes[right] - nodes[left]) if right > left else 0.0

        def held(rows: tuple[Floats, ...]) -> tuple[Floats, ...]:
            row = rows[lever]
            one = (row[left] * (1.0 - part) + row[right] * part)[np.newaxis]
            return (*rows[:lever], np.asarray(one), *rows[lever + 1 :])

        problem = replace(
            self.problem,
            spend=(*self.problem.spend[:lever], np.array([spend]), *self.problem.spend[lever + 1 :]),
            value=held(self.problem.value),
            risk=held(self.problem.risk),
        )
        return Surface(problem, held(self.values), self.base)

    def value_of(self, weights: Floats) -> Floats:
        """The value [path] of a plan given by weights of all nodes."""
        found, first = self.base.copy(), 0
        for row in self.values:
            for place in np.flatnonzero(weights[first : first + len(row)]):
                found += weights[first + place] * row[place]
            first += len(row)
        return found


def resampled(surface: Surface, objective: Objective) -> Floats:
    """Best plans [resample, lever] of resampled paths."""
    generator = np.random.default_rng(_SEED)
    around, paths, spends = surface.problem, surface.base.size, []
    for _ in range(RESAMPLES):
        drawn = generator.integers(paths, size=paths)
        problem = replace(
            around,
            value=tuple(row[:, drawn].mean(axis=1) for row in surface.values),
            risk=tuple(row[:, drawn] for row in around.risk),
            base_value=float(surface.base[drawn].mean()),
            base_risk=around.base_risk[drawn],
        )
        try:
            spends.append(solve(problem, objective).spend)
        except NumericError:  # the floor is out of reach in this sample
            continue
    return np.array(spends).reshape(-1, around.levers)


def ranks(spends: Floats, least: float) -> NDArray[np.int64]:
    """Ranks [..., lever] by spend, 1 for the most; levers with no more than `least` share the last one."""
    given = np.where(spends > least, spends, 0.0)
    return np.asarray(1 + (given[..., np.newaxis, :] > given[..., :, np.newaxis]).sum(axis=-1))


def ahead_shares(objective: Objective, judged: Totals) -> Floats:
    """Share of resamples of the fresh paths in which the first plan is ahead of each, [plan]."""
    generator = np.random.default_rng(_SEED)
    paths = judged.value.shape[1]
    ahead = np.zeros(len(judged.value))
    for _ in range(FRESH_RESAMPLES):
        drawn = generator.integers(paths, size=paths)
        reached = _objectives(objective, judged.value[:, drawn], judged.risk[:, drawn])
        ahead += reached[0] > reached
    return np.asarray(ahead / FRESH_RESAMPLES)


def _objectives(objective: Objective, value: Floats, risk: Floats) -> Floats:
    """The objective [plan] without its influences."""
    if objective.kind == "mean":
        return np.asarray(value.mean(axis=1))
    tails = np.array([tail_mean(row, objective.level)[0] for row in risk])
    return tails if objective.kind == "cvar" else np.asarray(risk.mean(axis=1) + objective.weight * tails)


def alike(searched: Searched, surface: Surface, gain: float) -> Floats:
    """Least and most spend [lever, 2] on each lever of plans that the paths of the search do not tell from
    the best: the others as good as they can be, the objective behind that of the best by no more than 1.96
    paired standard errors, or than the part of the gain at which a search ends. NaN where the error is not
    known.

    For an objective that is smooth in the spend, with slope s per path and curvature h,
    h x²/2 = 1.96 x sd(s)/√n at x = 3.92 sd(s)/(h√n): twice the 95 % interval of the best spend. Where levers
    move events, the objective jumps path by path and the best plan stands on a peak of these jumps, which
    needs that width.
    """
    objective, problem = searched.objective, surface.problem
    reference = estimate(objective, surface.base, problem.base_risk)
    tolerance = IMPROVEMENT * abs(gain)
    if not np.isfinite(reference[1]).all():
        return np.full((problem.levers, 2), np.nan)

    def reach(lever: int, spend: float) -> float:
        """How far towards this spend plans are as good if the objective is smooth; 1 and more: up to it."""
        held = surface.fixed(lever, spend)
        try:
            found = solve(held.problem, objective)
        except InfeasibleError:
            return 0.0
        risk = held.problem.risk_of(found.weights)
        one = estimate(objective, held.value_of(found.weights), risk)
        behind, error = differences.difference(one, reference, paired=True)
        if behind <= max(INTERVAL * error, tolerance):
            return 1.0
        return max(INTERVAL * error / behind, float(np.sqrt(tolerance / behind)))

    least = np.array([row[0] for row in problem.spend])
    ends = np.empty((problem.levers, 2))
    for lever, nodes in enumerate(problem.spend):
        here, top = float(searched.best.spend[lever]), problem.budget - least.sum() + least[lever]
        tried, smooth = np.unique(np.minimum(nodes, max(top, here))), not problem.all_whole[lever]
        towards = partial(reach, lever)
        ends[lever, 0] = _end(towards, here, tried[tried < here], smooth=smooth)
        ends[lever, 1] = _end(towards, here, tried[tried > here][::-1], smooth=smooth)
    return ends


def _end(reach: Callable[[float], float], here: float, far_to_near: Floats, *, smooth: bool) -> float:
    """The farthest spend that is as good, between that of the plan and these nodes.

    Between two nodes it is found by halving. Nearer than the nearest one a straight line does not bend, and
    what falls behind with the square of the distance would be told from the plan at any: there `reach` says.
    """
    outside, part = None, 0.0
    for node in far_to_near:
        part = reach(float(node))
        if part >= 1.0:
            return _halved(reach, float(node), outside) if smooth and outside is not None else float(node)
        outside = float(node)
    return here + part * (outside - here) if smooth and outside is not None else here


def _halved(reach: Callable[[float], float], inside: float, outside: float) -> float:
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2.0
        inside, outside = (middle, outside) if reach(middle) >= 1.0 else (inside, middle)
    return inside
