"""The sentence of `decide marginal` never says more than the intervals support."""

import numpy as np

from crcsim.decisions.marginal.measure import measured
from crcsim.decisions.marginal.runs import Move, Runs
from crcsim.decisions.marginal.steps import TANGENT, Step
from crcsim.decisions.trials import Totals
from crcsim.report.decide.marginal import answer
from crcsim.scenario.strategies import Plan, Strategy


class Trials:
    """What `measured` asks of the runs: attributes only."""

    paths = 20_000

    class scenario:
        class money:
            currency = "EUR"

    def attributes(self, verb, options):
        return {"decision": verb, "currency": "EUR", "headline": "wacc", "paths": self.paths, "title": "made"}


def totals(rows):
    return Totals(rows, rows)


def told(*levers):
    """The answer on levers (name, side, marginal value, spread of a path) of a spend of 2 EUR."""
    draws = np.random.default_rng(11).normal(size=(len(levers), Trials.paths))
    plan = 100.0 + np.zeros((1, Trials.paths))
    gains = np.array(
        [2.0 * (value + spread * row) for (_, _, value, spread), row in zip(levers, draws, strict=True)]
    )
    nothing = Strategy("baseline", (), (), (), False, None)
    steps = [
        Step(name, side, TANGENT, Plan(name, 0.0, None), 0.0, 1.0, (1.0, -1.0), (0.5, -0.5))
        for name, side, _, _ in levers
    ]
    half = Trials.paths // 2
    windows = (slice(half), slice(half, Trials.paths))
    same = np.repeat(plan, len(levers), axis=0)
    up, spent = Totals(plan + gains, plan + gains), totals(same - 2.0)
    moves = [
        [
            Move(weight, window, totals(100.0 + 2.0 * weight * row[None, window]), totals(plan[:, window]))
            for weight, window in zip((0.5, -0.5), windows, strict=True)
        ]
        for row in gains
    ]
    runs = Runs(totals(plan), tuple(map(tuple, moves)), up, totals(same), spent)
    return answer(measured(Trials(), nothing, steps, runs, {}))


def test_the_first_lever_is_named_when_it_is_sure():
    finding = told(("relation", "customer", 3.0, 1.0), ("premium", "product", 1.0, 1.0)).finding

    assert finding.startswith("The next EUR goes first to relation (3.00")
    assert "; customer before product: relation brings 2.0" in finding


def test_equal_levers_are_not_distinguished():
    finding = told(("relation", "customer", 2.0, 9.0), ("premium", "product", 2.0, 9.0)).finding

    assert "Which lever comes first is not distinguishable" in finding
    assert "customer or product is not distinguishable" in finding


def test_nothing_is_recommended_that_does_not_pay():
    finding = told(("relation", "customer", 0.0, 9.0), ("capacity", "product", -1.0, 1.0)).finding

    assert finding.startswith("No lever is worth its next EUR beyond the sampling error")


def test_sure_losses_are_told_as_such_and_no_side_is_ahead():
    finding = told(("relation", "customer", -0.2, 1.0), ("capacity", "product", -1.0, 1.0)).finding

    assert finding.startswith("Every lever loses money on its next EUR; relation (-0.198")
    assert "before" not in finding


def test_numbers_of_the_tables():
    found = told(("relation", "customer", 3.0, 1.0), ("premium", "product", 1.0, 0.0))
    table, risk = found.parts[0].tables

    assert ["relation", "premium"] == [row[0] for row in table.rows]
    assert 3.0 == round(float(found.found["marginal"][0]), 1)
    assert 1.0 == round(float(found.found["average"][1]), 6)
    assert "1" == table.rows[1][2]
    assert ">99.98" == risk.rows[1][3]
    assert 1 == len(list(found.parts[0].charts()))
