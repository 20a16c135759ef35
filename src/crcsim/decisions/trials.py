"""Totals of strategies that nobody stated, on the draws of the scenario: what decisions about levers run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from crcsim.compile.program import Adjust, Program
from crcsim.decisions.provenance import of_scenario
from crcsim.engine.run import Run, default_threads
from crcsim.engine.simulate import check_horizon
from crcsim.engine.sinks import MemorySink, chunks, memory_outputs
from crcsim.errors import ArgumentError, NumericError, no_such
from crcsim.kernels.arrays import Floats, Strategies
from crcsim.kernels.rows import DISCOUNTINGS
from crcsim.scenario.levers import Lever
from crcsim.scenario.scenario import Scenario
from crcsim.scenario.strategies import BASELINE, Plan, Strategy

__all__ = [
    "Change",
    "Totals",
    "Trials",
    "chosen_levers",
    "side_of",
    "stated_strategy",
    "with_plan",
    "without_first",
]

Progress = Callable[[int, int], None]

#: Changes what compiled strategies decide: (scenario, decisions, place of the first one); row 0 of the
#: decisions is the baseline, then come those beside, then strategies from that place on.
Change = Callable[[Scenario, Strategies, int], Strategies]

_NOTHING = Strategy("", (), (), (), False, None)  # what the baseline does

#: The results of the strategies of one run should stay within this memory, bytes.
MEMORY = 2**31


@dataclass(frozen=True)
class Totals:
    """NPV of the portfolio [strategy, path], at the discounting of the trials and at the risk-free rate."""

    value: Floats
    risk: Floats

    def __getitem__(self, place: int | slice) -> Totals:
        return Totals(self.value[place], self.risk[place])


class Trials:
    """Runs strategies batch by batch, all on the same draws, and keeps the totals of every path only.

    paths, seed: as the scenario says unless given. threads: all cores unless given; never changes a bit.
    discounting: of `Totals.value`, the headline unless given. progress: called with (paths done, paths
    expected). Raises ArgumentError for arguments out of range.
    """

    def __init__(
        self,
        scenario: Scenario,
        *,
        paths: int | None = None,
        seed: int | None = None,
        threads: int | None = None,
        discounting: str | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.scenario = scenario
        self.discounting = discounting or scenario.capital.discounting
        self.paths = scenario.simulation.paths if paths is None else paths
        self.seed = scenario.simulation.seed if seed is None else seed
        self._threads = threads or default_threads()
        self._progress, self._done, self._expected = progress, 0, 0
        if self.discounting not in DISCOUNTINGS:
            raise no_such("discounting", self.discounting, DISCOUNTINGS)
        if self.paths < 2:
            raise ArgumentError(f"paths must be at least 2, not {self.paths}")

    def attributes(self, verb: str, options: dict[str, Any]) -> dict[str, Any]:
        """What a decision made of these runs says of itself."""
        return of_scenario(verb, self.scenario, self.seed, self.paths, options)

    def expect(self, strategies: float) -> None:
        """Say how many strategies are still to be simulated on all paths, for the progress."""
        self._expected += round(strategies * self.paths)

    def run(
        self,
        strategies: Sequence[Strategy],
        *,
        window: slice | None = None,
        adjust: Adjust | None = None,
        change: Change | None = None,
        beside: Sequence[Strategy] = (),
    ) -> Totals:
        """Totals [strategy, path] of these strategies on a window of the paths, all unless given.

        adjust: changes compiled rows, as in `compile.program`. change: changes what the strategies decide.
        beside: strategies that `change` reads; they are compiled with each batch, before the others, and
        simulated too. Raises NumericError where a path has no finite value.
        """
        begin, end, _ = (window or slice(self.paths)).indices(self.paths)
        values, risks = np.empty((2, len(strategies), end - begin))
        first = 0
        while first < len(strategies):
            last = first + self._fitting(end, len(beside))
            batch = [*beside, *strategies[first:last]]
            npv = self._batch(batch, (begin, end), adjust, change, first)[:, len(beside) :]
            values[first:last], risks[first:last] = npv
            first = last
        return Totals(values, risks)

    def _batch(
        self,
        strategies: Sequence[Strategy],
        window: tuple[int, int],
        adjust: Adjust | None,
        change: Change | None,
        first: int,
    ) -> Floats:
        """NPV [headline and risk-free, strategy, path] of one run."""
        rows, trials = [], list[Strategy]()
        for each in strategies:
            simulated = replace(each, name="", extends=None) != _NOTHING or change is not None
            if simulated:
                trials.append(replace(each, name=f"trial {len(trials):04d}"))
            rows.append(len(trials) if simulated else 0)
        names = [each.name for each in trials]
        scenario = replace(self.scenario, strategies=(*self.scenario.strategies, *trials))
        program = Program(scenario, self.seed, adjust, names)
        if change is not None:
            program.decisions = change(program.scenario, program.decisions, first)
        begin, end = window
        if trials and 0 not in rows and program.decisions.touched[1:].all():  # nothing repeats the baseline
            program.decisions = without_first(program.decisions)
            rows = [row - 1 for row in rows]
        count = program.decisions.touched.shape[0]
        outputs = memory_outputs(program.structure, len(program.levels), end, False, count)
        sink = MemorySink(outputs)
        told = self._told(len(rows), end - begin)
        run = Run(program, sink, end, self._threads, detail=False, progress=told)
        run.all_paths([(number, begin + start, size) for number, start, size in chunks(end - begin)])
        check_horizon(program, sink)
        found = np.empty((2, len(rows), end - begin))
        for kind, name in enumerate((self.discounting, "risk_free")):
            at = DISCOUNTINGS.index(name)
            for place, row in enumerate(rows):
                customers = outputs.npv[row, at, :, begin:]
                levels = outputs.level_npv[row, at, :, begin:]
                found[kind, place] = customers.sum(axis=0) + levels.sum(axis=0)
        if not np.isfinite(found).all():
            raise NumericError("the present value of the portfolio is not finite on every path")
        return found

    def _fitting(self, paths: int, beside: int) -> int:
        """Strategies of one run that fit into the memory, at least one."""
        customers, periods = len(self.scenario.customers), self.scenario.time.periods
        values = 2 * len(DISCOUNTINGS) * customers + len(DISCOUNTINGS) * 8 + 2 * periods + 2 * customers
        return max(1, int(MEMORY // (8 * values * paths)) - beside - 1)

    def _told(self, strategies: int, paths: int) -> Progress | None:
        """Progress of one run within all that is expected."""
        before = self._done
        self._done += strategies * paths
        if self._progress is None:
            return None
        report, expected = self._progress, max(self._expected, self._done)
        return lambda done, of: report(before + min(done, paths) * strategies, expected)


def without_first(decisions: Strategies) -> Strategies:
    """The decisions of all strategies but the first one; levers share their maintenance."""
    rows = {name: getattr(decisions, name)[1:] for name in decisions._fields if name != "maintenance"}
    return decisions._replace(**rows)


def stated_strategy(scenario: Scenario, name: str) -> Strategy:
    """A strategy of a scenario by name, or its baseline.

    Raises ArgumentError for a name that no strategy has.
    """
    if name == BASELINE:
        return Strategy(BASELINE, (), (), (), False, None)
    for strategy in scenario.strategies:
        if strategy.name == name:
            return strategy
    raise no_such("strategy", name, [BASELINE, *(each.name for each in scenario.strategies)])


def with_plan(strategy: Strategy, plan: Plan | None, lever: str) -> Strategy:
    """A strategy with another plan for one lever, or without one."""
    plans = [each for each in strategy.plans if each.lever != lever]
    if plan is not None:
        plans.append(plan)
    return replace(strategy, plans=tuple(sorted(plans, key=lambda each: each.lever)))


def chosen_levers(scenario: Scenario, names: Iterable[str] | None) -> list[str]:
    """Levers by name in the order of the scenario, all unless named.

    Raises ArgumentError for a name that no lever has, or where there is no lever.
    """
    known = [lever.name for lever in scenario.levers]
    if not known:
        raise ArgumentError("the scenario has no levers; state at least one under `levers`")
    wanted = set(known if names is None else names)
    for name in sorted(wanted - set(known)):
        raise no_such("lever", name, known)
    return [name for name in known if name in wanted]


def side_of(lever: Lever) -> str:
    """`product` for a lever on a product, else `customer`."""
    return "product" if lever.target.kind == "product" else "customer"
