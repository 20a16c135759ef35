"""The runs behind marginal values: moves of the spend, whole programmes, and spend without effect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from crcsim.decisions.marginal.steps import TANGENT, Step
from crcsim.decisions.marginal.tangents import along_plan, along_tangents, tangents, without_effect
from crcsim.decisions.trials import Totals, Trials, with_plan
from crcsim.scenario.strategies import Strategy

__all__ = ["Runs", "run_steps"]

#: Paths on which whole programmes and the present value of the spend are simulated.
FEWER_PATHS = 10_000


@dataclass(frozen=True)
class Runs:
    """Totals of the plan [1, path], of both moves of every lever [lever, path], and on fewer paths of the
    plan with the whole programme of a lever, without it, and with one more stated spend that has no effect.
    """

    plan: Totals
    moves: tuple[Totals, Totals]
    whole: Totals
    without: Totals
    spent: Totals


def run_steps(trials: Trials, strategy: Strategy, steps: Sequence[Step]) -> Runs:
    """Simulate everything that the steps need, all on the same draws."""
    fewer = min(FEWER_PATHS, trials.paths)
    trials.expect(1 + 2 * len(steps))
    trials.expect(3 * len(steps), fewer)
    plan = trials.run([strategy])
    first, second = (_moves(trials, strategy, steps, move) for move in (0, 1))
    whole, without = _programmes(trials, strategy, steps, plan, fewer)
    more = [with_plan(strategy, replace(each.programme, spend=each.now + 1.0), each.lever) for each in steps]
    spent = trials.run(more, paths=fewer, change=without_effect(steps), beside=[strategy])
    return Runs(plan, (first, second), whole, without, spent)


def _moves(trials: Trials, strategy: Strategy, steps: Sequence[Step], move: int) -> Totals:
    """Totals [lever, path] of one move of every lever; zero where the move has no weight."""
    values, risks = np.zeros((2, len(steps), trials.paths))
    for straight in (True, False):
        places = [
            place
            for place, each in enumerate(steps)
            if (each.method == TANGENT) == straight and each.weights[move] != 0.0
        ]
        if not places:
            continue
        chosen = [steps[place] for place in places]
        moved = [with_plan(strategy, each.plan(move), each.lever) for each in chosen]
        if straight:
            adjust, change = tangents(trials.scenario, chosen, move), along_tangents(chosen, move)
            found = trials.run(moved, adjust=adjust, change=change)
        else:
            found = trials.run(moved, change=along_plan(chosen, move))
        values[places], risks[places] = found.value, found.risk
    return Totals(values, risks)


def _programmes(
    trials: Trials, strategy: Strategy, steps: Sequence[Step], plan: Totals, paths: int
) -> tuple[Totals, Totals]:
    """The plan with the programme of every lever, and without it: [lever, path] each."""
    others = [with_plan(strategy, None if each.now > 0.0 else each.programme, each.lever) for each in steps]
    found = trials.run(others, paths=paths)
    inside = np.array([[each.now > 0.0] for each in steps])
    value, risk = plan.value[:, :paths], plan.risk[:, :paths]
    whole = Totals(np.where(inside, value, found.value), np.where(inside, risk, found.risk))
    return whole, Totals(np.where(inside, found.value, value), np.where(inside, found.risk, risk))
