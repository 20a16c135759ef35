"""Plans of spends evaluated by simulation, each one once, all on the same draws."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from crcsim.decisions.trials import Totals, Trials, with_plan
from crcsim.kernels.arrays import Floats
from crcsim.scenario.strategies import Plan, Strategy

__all__ = ["Plans", "Told"]


class Told:
    """Progress over a search and what is judged after it, as one count of paths."""

    def __init__(self, progress: Callable[[int, int], None] | None) -> None:
        self._progress, self._searched = progress, 0

    def searching(self, done: int, expected: int) -> None:
        """How many plans a search takes shows at its end: told is only what is done."""
        self._searched = done
        if self._progress is not None:
            self._progress(done, 0)

    def judging(self, done: int, expected: int) -> None:
        """The plans that are judged are known."""
        if self._progress is not None:
            self._progress(self._searched + done, self._searched + expected)


class Plans:
    """Totals of the portfolio [plan, path] under spends [plan, lever] on some levers, beside a strategy."""

    def __init__(self, trials: Trials, strategy: Strategy, levers: Sequence[str], stated: Floats) -> None:
        self.trials, self._strategy, self._levers, self._stated = trials, strategy, tuple(levers), stated
        self._known: dict[tuple[float, ...], tuple[Floats, Floats]] = {}

    def strategy(self, spend: Floats) -> Strategy:
        """The strategy with these spends [lever]; nothing is spent on what gets none."""
        found = self._strategy
        begun = {plan.lever: plan for plan in found.plans}
        for name, money, whole in zip(self._levers, spend, self._stated, strict=True):
            plan = replace(begun.get(name, Plan(name, 0.0, None)), spend=float(money / whole))
            found = with_plan(found, plan if money > 1e-9 * whole else None, name)
        return found

    def totals(self, spends: Floats) -> Totals:
        """Totals of plans [plan, lever]; simulated where they are not known yet."""
        keys = [self._key(each) for each in spends]
        new = {key: row for key, row in zip(keys, spends, strict=True) if key not in self._known}
        if new:
            self.trials.expect(len(new))
            found = self.trials.run([self.strategy(row) for row in new.values()])
            for place, key in enumerate(new):
                self._known[key] = found.value[place].copy(), found.risk[place].copy()
        rows = [self._known[key] for key in keys]
        return Totals(np.array([value for value, _ in rows]), np.array([risk for _, risk in rows]))

    def evaluate(self, spends: Floats) -> tuple[Floats, Floats]:
        """Mean values [plan] and values at the risk-free rate [plan, path], as a search asks for them."""
        found = self.totals(spends)
        return found.value.mean(axis=1), found.risk

    def _key(self, spend: Floats) -> tuple[float, ...]:
        return tuple(np.round(spend / self._stated, 9).tolist())
