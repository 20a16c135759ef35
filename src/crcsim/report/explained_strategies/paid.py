"""What a strategy is expected to bring beyond the baseline, against what it spends, period by period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from crcsim.report.expectation import Expectation, Levels
from crcsim.report.expectation.rows import Floats
from crcsim.report.expectation.shifts import affects
from crcsim.scenario.scenario import Scenario
from crcsim.scenario.strategies import Strategy

__all__ = ["Case", "Paid", "compare"]

_NOTHING = 1e-9  # of all that is moved: rounding of the computer


@dataclass(frozen=True)
class Case:
    """A strategy as a whole, or one of its levers alone."""

    strategy: Strategy  # what is done
    name: str  # of the strategy that it comes from
    lever: str | None

    def touched(self, scenario: Scenario) -> set[str]:
        """Names of the customers for whom anything changes."""
        used = {plan.lever for plan in self.strategy.plans}
        targets = [lever.target for lever in scenario.levers if lever.name in used]
        dropped = {name for drop in self.strategy.drops for name in drop.customers}
        return dropped | {
            customer.name
            for customer in scenario.customers
            if any(affects(target, customer) for target in targets)
        }


@dataclass(frozen=True)
class Paid:
    """Differences to the baseline, expected, currency per period [period], after tax."""

    extra: Floats  # cash flow before the spend on levers
    spend: Floats
    cumulative: Floats  # extra less spend, discounted and added up

    def year_paid_back(self, per_year: int) -> float | None:
        """Years after which discounted extra cash flows have made up for the spend and do so until the
        horizon; None: not within the horizon.
        """
        moved = np.abs(self.extra).sum() + np.abs(self.spend).sum()
        short = np.flatnonzero(self.cumulative < -_NOTHING * moved)
        if short.size == 0:
            return 0.0
        return None if short[-1] == self.cumulative.size - 1 else float(short[-1] + 2) / per_year


def compare(
    pairs: Sequence[tuple[Expectation, Expectation]], before: Levels, after: Levels, keep: float
) -> Paid:
    """Customers (baseline, strategy) and levels of both; `keep` is what tax leaves of a cost."""

    def after_tax(expense: Floats, investment: Floats) -> Floats:
        return expense * keep + investment

    cash = after.cash - before.cash
    spend = after_tax(
        after.lever_expense - before.lever_expense, after.lever_investment - before.lever_investment
    )
    discounted = cash * before.discount_factors
    for old, new in pairs:
        difference = new.cash - old.cash
        cash = cash + difference
        discounted = discounted + difference * old.discount_factors
        spend = spend + after_tax(
            new.lever_expense - old.lever_expense, new.lever_investment - old.lever_investment
        )
    return Paid(cash + spend, spend, np.cumsum(discounted))
