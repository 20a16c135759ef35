"""A program with its strategies, and how their names, dates and years are written."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from crcsim.report.assumptions import number_text
from crcsim.report.expectation import Expectation, expectations, levels
from crcsim.report.expectation.rows import Floats, central_rows
from crcsim.report.expectation.shifts import Acting, acting
from crcsim.report.explained_costs.known import Known
from crcsim.report.explained_strategies.paid import Case, Paid, compare
from crcsim.report.numbers import MoneyScale, fixed
from crcsim.scenario.strategies import Plan, Strategy

if TYPE_CHECKING:
    from crcsim.compile.program import Program
    from crcsim.scenario.levers import Lever, Target

__all__ = ["KnownStrategies", "amount"]

_SHOWN = (1, 2, 3, 5, 7, 10, 15, 20, 30, 50)
_MOST_YEARS = 6  # columns of a table by year


class KnownStrategies(Known):
    """A program, what is expected of its customers in the baseline, and the levers of its strategies."""

    def __init__(self, program: Program, expected: Sequence[Expectation]) -> None:
        super().__init__(program, expected)
        self.per_year = self.scenario.time.periods_per_year
        self.acting: dict[str, tuple[Acting, ...]] = {
            strategy.name: acting(self.scenario, strategy, self.values)
            for strategy in self.scenario.strategies
        }

    @cached_property
    def customer_rows(self) -> dict[str, Floats]:
        """Central values of the customers, [customer]."""
        return central_rows(self.program.central()[0], "customers")

    @cached_property
    def line_rows(self) -> dict[str, Floats]:
        """Central values of the lines, [line] of all customers in their order."""
        return central_rows(self.program.central()[0], "lines")

    # --- years -----------------------------------------------------------------------------------------
    @property
    def last_year(self) -> int:
        """Number of the last year, which may be one in part."""
        return -(-self.scenario.time.periods // self.per_year)

    @property
    def shown_years(self) -> tuple[int, ...]:
        """Years that a table shows; the last one among them."""
        inside = [year for year in _SHOWN if year < self.last_year]
        return (*inside[: _MOST_YEARS - 1], self.last_year)

    def by_year(self, amounts: Floats) -> Floats:
        """Sums [year] of amounts per period [period]."""
        return np.asarray(np.add.reduceat(amounts, np.arange(0, amounts.size, self.per_year)))

    def year_ends(self, states: Floats) -> Floats:
        """States [year] at the end of every year, of those at the end of every period."""
        ends = np.arange(1, self.last_year + 1) * self.per_year
        return np.asarray(states[np.minimum(ends, states.size) - 1])

    # --- names -----------------------------------------------------------------------------------------
    def target(self, target: Target) -> str:
        """On what a lever acts."""
        if target.kind == "all":
            return "all customers"
        return ", ".join(target.names) if target.kind == "customers" else f"{target.kind} {target.names[0]}"

    def start(self, plan: Plan) -> str:
        """When a plan starts: its month, or what it waits for."""
        if plan.trigger is None:
            return self.date(plan.start)
        trigger = plan.trigger
        level = {
            "share_below": f"share below {100 * trigger.level:g}%",
            "share_above": f"share above {100 * trigger.level:g}%",
            "churn_hazard_above": f"churn hazard above {100 * trigger.level:g}%",
            "bad_years": f"{trigger.level:g} bad years",
            "good_years": f"{trigger.level:g} good years",
            "market_below": f"market below {100 * trigger.level:g}%",
            "market_above": f"market above {100 * trigger.level:g}%",
        }[trigger.kind]
        return f"when {level}"

    def takes_effect(self, plan: Plan, lever: Lever) -> str:
        """When the money of a plan begins to take effect."""
        lag = lever.response.lag
        if plan.trigger is None:
            return self.date(plan.start + lag)
        return f"{12 * lag:.3g} months later" if lag else "at once"

    def money(self, value: float) -> str:
        """An amount in its own unit."""
        return number_text("amount", value, self.currency)

    # --- pay-back --------------------------------------------------------------------------------------
    @cached_property
    def cases(self) -> list[tuple[Case, Paid]]:
        """What every strategy, and each lever of it alone, is expected to bring and to cost."""
        before = levels(self.program, self.expected)
        found = []
        for strategy in self.scenario.strategies:
            for case in _cases(strategy):
                names = case.touched(self.scenario)
                after = {each.name: each for each in expectations(self.program, case.strategy, names)}
                pairs = [(each, after.get(each.name, each)) for each in self.expected]
                level = levels(self.program, [each for _, each in pairs], case.strategy)
                keep = 1.0 - float(self.values.of(self.scenario.capital.tax_rate)[0])
                found.append((case, compare(pairs, before, level, keep)))
        return found


def amount(value: float, scale: MoneyScale) -> str:
    """An amount among others in one unit, with the same decimals in all of them."""
    return fixed(value / scale.factor, 3)


def _cases(strategy: Strategy) -> list[Case]:
    """The strategy as a whole where anything of it can pay back, and each of several levers alone."""
    if not strategy.plans and not strategy.drops:
        return []
    whole = Case(strategy, strategy.name, None)
    if len(strategy.plans) + len(strategy.drops) == 1:
        return [whole]
    alone = [dataclasses.replace(strategy, plans=(plan,), drops=()) for plan in strategy.plans]
    return [whole, *(Case(each, strategy.name, each.plans[0].lever) for each in alone)]
