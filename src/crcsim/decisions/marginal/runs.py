"""The runs behind marginal values: moves of the spend, whole programmes, and spend without effect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from crcsim.decisions.marginal.steps import TANGENT, Step, tangents
from crcsim.decisions.trials import Change, Totals, Trials, with_plan
from crcsim.kernels.arrays import Strategies
from crcsim.kernels.rows import NOT_RUN, ON_PATH, TABULATED
from crcsim.scenario.scenario import Scenario
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
    spent = trials.run(more, paths=fewer, change=_without_effect(steps), beside=[strategy])
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
        adjust = tangents(trials.scenario, chosen, move) if straight else None
        change = _on_tangents(chosen, move) if straight else None
        found = trials.run(moved, adjust=adjust, change=change)
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


def _on_tangents(steps: Sequence[Step], move: int) -> Change:
    """Responses path by path, where the rows of the tangents are; money back where the move goes down."""

    def change(scenario: Scenario, decisions: Strategies, first: int) -> Strategies:
        names = [lever.name for lever in scenario.levers]
        run, spend = decisions.run.copy(), decisions.spend.copy()
        run[run == TABULATED] = ON_PATH
        for row in range(1, run.shape[0]):
            step = steps[first + row - 1]
            if step.moves[move] < 0.0:
                lever = names.index(step.lever)
                spend[row, lever] = 2.0 * decisions.maintenance[lever] - spend[row, lever]
        return decisions._replace(run=run, spend=spend)

    return change


def _without_effect(steps: Sequence[Step]) -> Change:
    """Money that is spent and does nothing: stocks and responses are those of the plan, in row 1."""

    def change(scenario: Scenario, decisions: Strategies, first: int) -> Strategies:
        names = [lever.name for lever in scenario.levers]
        run, response, arriving = decisions.run.copy(), decisions.response.copy(), decisions.arriving.copy()
        run[2:], response[2:], arriving[2:] = run[1], response[1], arriving[1]
        for row in range(2, run.shape[0]):
            lever = names.index(steps[first + row - 2].lever)
            if run[1, lever] == NOT_RUN:
                run[row, lever] = TABULATED
        return decisions._replace(run=run, response=response, arriving=arriving)

    return change
