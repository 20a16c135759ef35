"""Present values and sales by path of a program, without labels: what decisions are made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crcsim.compile.program import Program
from crcsim.compile.values import PATH_STREAM
from crcsim.engine.run import BAND_MEMORY, BAND_PATHS, Progress, Run, band_batches, split_work
from crcsim.engine.simulate import check_horizon
from crcsim.engine.sinks import MemorySink, memory_outputs
from crcsim.kernels.arrays import Floats
from crcsim.kernels.rows import DISCOUNTINGS, GROUP, QUANTITIES

__all__ = [
    "DiscountedValues",
    "PathSales",
    "PresentValues",
    "discounted_values",
    "path_sales",
    "path_wallets",
    "present_values",
]


@dataclass(frozen=True)
class PresentValues:
    """Present values at the scenario's headline discounting, in its currency."""

    customers: Floats  # [customer, path], with the value after the horizon
    levels: Floats  # [level, path]
    horizon: Floats  # [customer, path], the part after the horizon, 0 where there is none


@dataclass(frozen=True)
class PathSales:
    """Sales of chosen periods, currency per period."""

    total: Floats  # [chosen period, path]
    customers: Floats  # [chosen period, customer, path of the first 10,000]


def present_values(
    program: Program, paths: int, threads: int, progress: Progress | None = None
) -> PresentValues:
    """Simulate a program, adjusted or not, and keep its present values.

    Raises NumericError where a path has no finite value after the horizon.
    """
    run, sink = _run(program, paths, threads, progress)
    run.all_paths(split_work(paths, bands=False)[1])
    check_horizon(program, sink)
    headline = DISCOUNTINGS.index(program.scenario.capital.discounting)
    outputs = sink.of(0)
    customers = outputs.npv[headline]
    horizon = outputs.horizon_value[headline] if program.structure.horizon else np.zeros_like(customers)
    return PresentValues(customers, outputs.level_npv[headline], horizon)


@dataclass(frozen=True)
class DiscountedValues:
    """Present values of one strategy by discounting, in the scenario's currency."""

    customers: Floats  # [discounting, customer, path], with the value after the horizon
    levels: Floats  # [discounting, level, path]

    def at(self, discounting: str) -> Floats:
        """Customers, then levels, under one discounting: [item, path]."""
        place = DISCOUNTINGS.index(discounting)
        return np.concatenate([self.customers[place], self.levels[place]])


def discounted_values(
    program: Program,
    paths: int,
    threads: int,
    progress: Progress | None = None,
    stream: int = PATH_STREAM,
) -> list[DiscountedValues]:
    """Simulate a program, adjusted or not, and keep the present values of each of its strategies.

    `stream`: that of the path draws; FRESH_PATH_STREAM gives others with the same parameters.
    Raises NumericError where a path has no finite value after the horizon.
    """
    strategies = range(len(program.strategies))
    outputs = memory_outputs(
        program.structure, len(program.levels), paths, economy=False, strategies=len(program.strategies)
    )
    sink = MemorySink(outputs)
    run = Run(program, sink, paths, threads, detail=False, stream=stream, progress=progress)
    run.all_paths(split_work(paths, bands=False)[1])
    check_horizon(program, sink)
    return [DiscountedValues(outputs.npv[place], outputs.level_npv[place]) for place in strategies]


def path_sales(
    program: Program,
    paths: int,
    threads: int,
    periods: tuple[int, ...],
    progress: Progress | None = None,
) -> PathSales:
    """Simulate a program and keep the sales of the chosen periods (counted from 0).

    The total on all paths, those of customers on the first 10,000.
    """
    run, sink = _run(program, paths, threads, progress)
    s, recorded, chosen = program.structure, min(paths, BAND_PATHS), list(periods)
    first_paths, rest = split_work(paths, bands=True)
    customers = np.empty((len(chosen), s.customers.shape[1], recorded))
    totals = np.zeros((1, 3, s.periods, recorded))
    for first, last in band_batches(s, recorded, BAND_MEMORY):
        members = s.group_customer[s.groups[GROUP.member_start, first] : s.groups[GROUP.member_end, last - 1]]
        kept = np.empty((1, 4, len(members), s.periods, recorded))
        run.record(first_paths, kept, totals, first, last)
        customers[:, members] = kept[0, QUANTITIES.index("sales")][:, chosen].swapaxes(0, 1)
        del kept  # before the next batch is allocated
    if rest:
        run.all_paths(rest)
    return PathSales(sink.of(0).sales[chosen], customers)


def path_wallets(program: Program, paths: int, threads: int) -> tuple[Floats, Floats]:
    """Wallet of all active customers, currency per period, and the share of it that is won, [period, path].

    Of the last strategy of the program, on the first 10,000 paths at most; the share is 0 where nobody is
    active.
    """
    s, recorded, strategies = program.structure, min(paths, BAND_PATHS), len(program.strategies)
    outputs = memory_outputs(s, len(program.levels), recorded, economy=False, strategies=strategies)
    run = Run(program, MemorySink(outputs), recorded, threads, detail=False)
    totals = np.zeros((strategies, 3, s.periods, recorded))
    for first, last in band_batches(s, recorded * strategies, BAND_MEMORY):
        members = int(s.groups[GROUP.member_end, last - 1] - s.groups[GROUP.member_start, first])
        kept = np.empty((strategies, 4, members, s.periods, recorded))
        run.record(split_work(recorded, bands=True)[0], kept, totals, first, last)
        del kept  # before the next batch is allocated
    wallet, volume, _ = totals[-1]
    return wallet, np.divide(volume, wallet, out=np.zeros_like(wallet), where=wallet > 0.0)


def _run(program: Program, paths: int, threads: int, progress: Progress | None) -> tuple[Run, MemorySink]:
    outputs = memory_outputs(program.structure, len(program.levels), paths, economy=False)
    sink = MemorySink(outputs)
    return Run(program, sink, paths, threads, detail=False, progress=progress), sink
