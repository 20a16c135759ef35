"""What the moves of levers change: rows of the tables, and responses and spend of the strategies."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crcsim.compile.groups import simulation_groups
from crcsim.compile.levers import plan_levers
from crcsim.compile.program import Adjust, Tables
from crcsim.decisions.marginal.steps import Step, slope_today
from crcsim.decisions.trials import Change
from crcsim.kernels.arrays import Strategies
from crcsim.kernels.rows import NOT_RUN, ON_PATH, TABULATED
from crcsim.scenario.scenario import Scenario

__all__ = ["along_plan", "along_tangents", "tangents", "without_effect"]

#: Steps with the number of their move, in the order of the strategies that make them.
Moves = Sequence[tuple[Step, int]]

#: Half-effect stocks from today's at which the straight response has half of its effect.
_FAR = 1e8


def tangents(scenario: Scenario, moves: Moves) -> Adjust:
    """The change of tables that makes the response of the levers of some steps a straight line.

    The half-effect stock moves far away and the effects grow as much, so that a response of the kernel, very
    small, has the slope of today; effects are reversed where a move goes down. All moves of a lever go the
    same way.
    """
    names = [lever.name for lever in scenario.levers]
    signs = {names.index(step.lever): np.sign(step.moves[move]) for step, move in moves}
    owners = [shift.lever for shift in plan_levers(scenario, simulation_groups(scenario)).all_shifts]

    def adjust(tables: Tables) -> None:
        _, levers, _ = tables["levers"]
        _, effects, _ = tables["effects"]
        half, steepness, stock = levers["half"], levers["steepness"], levers["stock"]
        straight = np.array([[place in signs] for place in range(len(names))])
        scale = np.where(straight, _FAR * half * slope_today(half, steepness, stock), 1.0)
        sign = np.array([[signs.get(place, 1.0)] for place in range(len(names))])
        if owners:
            effects["shift"] = effects["shift"] * (scale * sign)[owners]
        levers["base"] = np.where(straight, stock / (_FAR * half), levers["base"])
        levers["half"] = np.where(straight, _FAR * half, half)
        levers["steepness"] = np.where(straight, 1.0, steepness)

    return adjust


def along_tangents(moves: Moves) -> Change:
    """Responses path by path, where the rows of the tangents are; money back where the move goes down."""

    def change(scenario: Scenario, decisions: Strategies, first: int) -> Strategies:
        names = [lever.name for lever in scenario.levers]
        run, spend = decisions.run.copy(), decisions.spend.copy()
        run[run == TABULATED] = ON_PATH
        for row in range(1, run.shape[0]):
            step, move = moves[first + row - 1]
            if step.moves[move] < 0.0:
                lever = names.index(step.lever)
                spend[row, lever] = 2.0 * decisions.maintenance[lever] - spend[row, lever]
        return decisions._replace(run=run, spend=spend)

    return change


def without_effect(steps: Sequence[Step]) -> Change:
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


def along_plan(moves: Moves) -> Change:
    """Responses of moves along the tangent of the plan."""

    def change(scenario: Scenario, decisions: Strategies, first: int) -> Strategies:
        names = [lever.name for lever in scenario.levers]
        response = decisions.response.copy()
        for row in range(1, response.shape[0]):
            step, move = moves[first + row - 1]
            if step.responses is not None:
                response[row, names.index(step.lever)] = step.responses[move]
        return decisions._replace(response=response)

    return change
