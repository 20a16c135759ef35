"""The runs behind marginal values: moves of the spend, whole programmes, and spend without effect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from crcsim.decisions.marginal.steps import TANGENT, Step
from crcsim.decisions.marginal.tangents import along_plan, along_tangents, tangents, without_effect
from crcsim.decisions.trials import Totals, Trials, with_plan
from crcsim.scenario.strategies import Strategy

__all__ = ["Move", "Runs", "run_steps"]

#: Paths on which whole programmes and the present value of the spend are simulated.
FEWER_PATHS = 2_500


@dataclass(frozen=True)
class Move:
    """One move of a lever: its weight, and totals of the portfolio [1, path] on a window of the paths."""

    weight: float
    window: slice
    moved: Totals
    plan: Totals


@dataclass(frozen=True)
class Runs:
    """Totals of the plan [1, path], the moves of every lever, and on fewer paths totals [lever, path] of the
    plan with the whole programme of a lever, without it, and with one more stated spend that has no effect.
    """

    plan: Totals
    moves: tuple[tuple[Move, ...], ...]
    whole: Totals
    without: Totals
    spent: Totals


def run_steps(trials: Trials, strategy: Strategy, steps: Sequence[Step]) -> Runs:
    """Simulate everything that the steps need, all on the same draws."""
    fewer = min(FEWER_PATHS, trials.paths)
    runs = sum(1.0 if each.halves else np.count_nonzero(each.weights) for each in steps)
    trials.expect(1.0 + runs + 3 * len(steps) * fewer / trials.paths)
    plan = trials.run([strategy])
    moves = _moves(trials, strategy, steps, plan)
    whole, without = _programmes(trials, strategy, steps, plan, fewer)
    more = [with_plan(strategy, replace(each.programme, spend=each.now + 1.0), each.lever) for each in steps]
    spent = trials.run(more, window=slice(fewer), change=without_effect(steps), beside=[strategy])
    return Runs(plan, moves, whole, without, spent)


def _moves(
    trials: Trials, strategy: Strategy, steps: Sequence[Step], plan: Totals
) -> tuple[tuple[Move, ...], ...]:
    """Both moves of every lever; those of one kind on one window in one run."""
    found: list[list[Move]] = [[] for _ in steps]
    middle, paths = trials.paths // 2, trials.paths
    for straight in (True, False):
        alike = [place for place, each in enumerate(steps) if (each.method == TANGENT) == straight]
        halves = [place for place in alike if steps[place].halves]
        both = [
            (place, move)
            for move in (0, 1)
            for place in alike
            if not steps[place].halves
            if steps[place].weights[move]
        ]
        for moved, window in (
            ([(place, 0) for place in halves], slice(middle)),
            ([(place, 1) for place in halves], slice(middle, paths)),
            (both, slice(paths)),
        ):
            if moved:
                moves = [(steps[place], move) for place, move in moved]
                totals = _moved(trials, strategy, moves, window)
                here = Totals(plan.value[:, window], plan.risk[:, window])
                for row, (place, move) in enumerate(moved):
                    weight = steps[place].weights[move]
                    found[place].append(Move(weight, window, totals[row : row + 1], here))
    return tuple(map(tuple, found))


def _moved(trials: Trials, strategy: Strategy, moves: Sequence[tuple[Step, int]], window: slice) -> Totals:
    """Totals [move, path] of moves of one kind."""
    moved = [with_plan(strategy, step.plan(move), step.lever) for step, move in moves]
    if moves[0][0].method != TANGENT:
        return trials.run(moved, window=window, change=along_plan(moves))
    adjust, change = tangents(trials.scenario, moves), along_tangents(moves)
    return trials.run(moved, window=window, adjust=adjust, change=change)


def _programmes(
    trials: Trials, strategy: Strategy, steps: Sequence[Step], plan: Totals, paths: int
) -> tuple[Totals, Totals]:
    """The plan with the programme of every lever, and without it: [lever, path] each."""
    others = [with_plan(strategy, None if each.now > 0.0 else each.programme, each.lever) for each in steps]
    found = trials.run(others, window=slice(paths))
    inside = np.array([[each.now > 0.0] for each in steps])
    value, risk = plan.value[:, :paths], plan.risk[:, :paths]
    whole = Totals(np.where(inside, value, found.value), np.where(inside, risk, found.risk))
    return whole, Totals(np.where(inside, found.value, value), np.where(inside, found.risk, risk))
