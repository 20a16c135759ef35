"""The run of a program: chunks over a pool of threads, bands of the first paths batch by batch."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

import numpy as np

from crcsim.compile.economy import CAPITAL_INPUTS
from crcsim.compile.program import Program, Rates
from crcsim.compile.values import PATH_STREAM
from crcsim.engine.items import item_store
from crcsim.engine.sinks import Sink, chunks, empty_sums, outputs_of, repeat_untouched
from crcsim.kernels.arrays import Floats, Integers, Items, Notes, Outputs, Structure
from crcsim.kernels.block.chunk import simulate_chunk
from crcsim.kernels.block.workspace import allocate_executives, allocate_group, allocate_levers
from crcsim.kernels.percentiles import percentiles
from crcsim.kernels.rows import CHUNK_PATHS, GROUP

Progress = Callable[[int, int], None]
Chunk = tuple[int, int, int]

#: Bands are taken over so many paths at most.
BAND_PATHS = 10_000

#: Memory for the recorded paths of one batch of coupling groups, bytes; or as much as the present values of
#: all paths will take, because these are filled afterwards.
BAND_MEMORY = 256 * 2**20

#: Levels of the percentile bands.
QUANTILES = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)

#: Lane arrays of the largest group should stay within this many bytes: few lanes cost more than memory that
#: lies beyond the second-level cache.
LANE_MEMORY = 4 * 1024 * 1024


def default_threads() -> int:
    """All cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def choose_lanes(program: Program) -> int:
    """Lanes of a block, by the size of the largest group and of the economy; never changes a result."""
    s = program.structure
    largest = int(np.max(s.groups[GROUP.member_end] - s.groups[GROUP.member_start]))
    per_lane = 8 * (largest * 180 + s.periods * (7 + 2 * s.industry_count))
    lanes = 128
    while lanes > 16 and lanes * per_lane > LANE_MEMORY:
        lanes //= 2
    return lanes


def workspace_memory(program: Program) -> int:
    """Bytes of the lane arrays of one thread."""
    s = program.structure
    group, series = allocate_group(s, 1), s.periods * (5 + 2 * len(program.strategies) + 2 * s.industry_count)
    own = (*allocate_levers(s, 1), *allocate_executives(s, program.decisions, 1)[2:])
    arrays = (*group.books, *(each for each in group if isinstance(each, np.ndarray)), *own)
    return choose_lanes(program) * (sum(each.nbytes for each in arrays) + 8 * series)


def result_items(program: Program, paths: int, record: Collection[str]) -> Items:
    """Items of a run that becomes a result: of customers on the paths of the bands, or on all paths and by
    period where the cascade is recorded.
    """
    everything = "cascade" in record
    return item_store(program, paths, paths if everything else min(paths, BAND_PATHS), by_period=everything)


@dataclass
class Bands:
    """Percentiles over the first paths, of customers and of the totals."""

    paths: int
    customers: Floats  # [strategy][cash flow, sales, wallet, share][quantile, customer, period]
    active: Floats  # [strategy, customer, period] active paths among them
    totals: Floats = field(default_factory=lambda: np.zeros((1, 5, len(QUANTILES), 0)))


class Run:
    """One pass of a program over its paths."""

    def __init__(
        self,
        program: Program,
        sink: Sink,
        paths: int,
        threads: int,
        *,
        lanes: int | None = None,
        stream: int = PATH_STREAM,
        detail: bool = True,
        items: Items | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.detail, self.booked = int(detail), items is not None
        self.items = item_store(program, 0, 0, by_period=False) if items is None else items
        self.program, self.sink, self.paths, self.threads = program, sink, paths, threads
        self.lanes, self.stream = lanes or choose_lanes(program), stream
        self._progress, self._done = progress, 0.0
        self._stop = np.zeros(1, dtype=np.int64)
        self._lock = threading.Lock()
        self.cost_of_capital, self.risk_free = np.empty(paths), np.empty(paths)
        self.capital_inputs = np.empty((len(CAPITAL_INPUTS), paths))

    @property
    def groups(self) -> int:
        """Number of groups that are simulated together."""
        return int(self.program.structure.groups.shape[1])

    def all_paths(self, work: Sequence[Chunk]) -> None:
        """Simulate all groups on the given chunks."""
        self._spread(work, self.sink.outputs, 0, self.groups, self.detail)

    def bands(self, work: Sequence[Chunk]) -> Bands:
        """Simulate the given chunks batch of groups by batch of groups, keeping paths for the percentile
        bands.
        """
        s, paths = self.program.structure, min(self.paths, BAND_PATHS)
        strategies, customers = len(self.program.strategies), s.customers.shape[1]
        totals = np.zeros((strategies, 3, s.periods, paths))
        result = Bands(
            paths,
            np.full((strategies, 4, len(QUANTILES), customers, s.periods), np.nan),
            np.zeros((strategies, customers, s.periods)),
        )
        for first, last in band_batches(
            s, paths * strategies, max(BAND_MEMORY, self.sink.outputs.npv.nbytes)
        ):
            members = s.group_customer[
                s.groups[GROUP.member_start, first] : s.groups[GROUP.member_end, last - 1]
            ]
            kept = np.empty((strategies, 4, len(members), s.periods, paths))
            self.record(work, kept, totals, first, last)
            self._summarise(kept, members, result)
            del kept  # before the next batch is allocated
        result.totals = self._total_bands(totals, paths)
        return result

    def record(self, work: Sequence[Chunk], kept: Floats, totals: Floats, first: int, last: int) -> None:
        """Simulate groups first..last-1 on the given chunks and keep their first paths.

        kept [strategy][cash flow, sales, wallet, share][customer of these groups, period, path]; totals
        [strategy][wallet, volume, active customers][period, path] are carried on from batch to batch.
        """
        self._spread(work, self.sink.outputs._replace(bands=kept, band_totals=totals), first, last, 2)

    def _summarise(self, kept: Floats, members: Integers, result: Bands) -> None:
        for strategy, quantity in np.ndindex(*kept.shape[:2]):
            rows = kept[strategy, quantity].reshape(-1, kept.shape[4])
            values, counts = percentiles(rows, QUANTILES, threads=self.threads)
            by_customer = values.reshape(len(QUANTILES), *kept.shape[2:4])
            result.customers[strategy, quantity][:, members] = by_customer
            if quantity == 2:
                result.active[strategy, members] = counts.reshape(kept.shape[2:4])

    def _total_bands(self, totals: Floats, paths: int) -> Floats:
        """Bands of portfolio cash flow, sales, wallet, share and number of active customers."""
        found = []
        for strategy, (wallet, volume, active) in enumerate(totals):
            share = np.divide(volume, wallet, out=np.full_like(wallet, np.nan), where=wallet > 0)
            outputs = outputs_of(self.sink.outputs, strategy)
            rows = [outputs.cash_flow[:, :paths], outputs.sales[:, :paths], wallet, share, active]
            found.append(
                [percentiles(np.ascontiguousarray(row), QUANTILES, threads=self.threads)[0] for row in rows]
            )
        return np.array(found)

    def _spread(self, work: Sequence[Chunk], outputs: Outputs, first: int, last: int, detail: int) -> None:
        """Run chunks on the pool; an interruption or an error stops the running ones at their next block."""
        share = self._weight(first, last)

        def task(chunk: Chunk) -> None:
            self._chunk(chunk, outputs, first, last, detail)
            with self._lock:
                self._done += chunk[2] * share

        with ThreadPoolExecutor(self.threads) as pool:
            waiting: set[Future[None]] = {pool.submit(task, chunk) for chunk in work}
            try:
                while waiting:
                    done, waiting = wait(waiting, timeout=0.1, return_when=FIRST_COMPLETED)
                    for future in done:
                        future.result()
                    if self._progress is not None:
                        self._progress(min(self.paths, round(self._done)), self.paths)
            except BaseException:
                self._stop[0] = 1
                pool.shutdown(wait=True, cancel_futures=True)
                raise

    def _weight(self, first: int, last: int) -> float:
        """Part of the customers that these groups hold, for progress."""
        s = self.program.structure
        members = int(s.groups[GROUP.member_end, last - 1] - s.groups[GROUP.member_start, first])
        return float(members / s.customers.shape[1])

    def _chunk(self, chunk: Chunk, outputs: Outputs, first: int, last: int, detail: int) -> None:
        """Parameters and paths of one chunk; always drawn for whole chunks, so that results do not depend
        on the number of paths.
        """
        number, start, paths = chunk
        if self._stop[0]:
            return
        parameters, rates = self.program.parameters(start, CHUNK_PATHS)
        self._keep_rates(rates, start, paths)
        program = self.program
        series = program.cascade.bearer.shape[0] if self.booked else 0
        sums = empty_sums(program.structure, series, len(program.strategies))
        notes = Notes(program.cascade, self.items)
        k0, k1 = self.program.key
        simulate_chunk(
            self.program.structure,
            program.decisions,
            parameters,
            outputs,
            notes,
            sums,
            start,
            paths,
            self.lanes,
            first,
            last,
            detail,
            int(self.booked),
            self.stream,
            k0,
            k1,
            self._stop,
        )
        repeat_untouched(program.structure, program.decisions, sums, first, last)
        with self._lock:
            self.sink.take(number, sums)

    def _keep_rates(self, rates: Rates, start: int, paths: int) -> None:
        self.cost_of_capital[start : start + paths] = np.broadcast_to(rates.cost_of_capital, CHUNK_PATHS)[
            :paths
        ]
        self.risk_free[start : start + paths] = np.broadcast_to(rates.risk_free, CHUNK_PATHS)[:paths]
        whole = (len(CAPITAL_INPUTS), CHUNK_PATHS)
        self.capital_inputs[:, start : start + paths] = np.broadcast_to(rates.inputs, whole)[:, :paths]


def band_batches(s: Structure, paths: int, memory: int) -> list[tuple[int, int]]:
    """Ranges of groups whose recorded paths fit into the memory; at least one group each."""
    per_customer = 4 * s.periods * paths * 8
    batches, first = [], 0
    groups = s.groups.shape[1]
    for group in range(groups):
        size = int(s.groups[GROUP.member_end, group] - s.groups[GROUP.member_start, first])
        if size * per_customer > memory and group > first:
            batches.append((first, group))
            first = group
    return [*batches, (first, groups)]


def split_work(paths: int, bands: bool) -> tuple[list[Chunk], list[Chunk]]:
    """(chunks whose paths are kept for bands, the rest)."""
    work = chunks(paths)
    if not bands:
        return [], work
    kept = [chunk for chunk in work if chunk[1] < BAND_PATHS]
    return kept, work[len(kept) :]
