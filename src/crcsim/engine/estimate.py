"""Time and memory of a run, before it starts; and compiling ahead."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from crcsim.compile.economy import CAPITAL_INPUTS
from crcsim.compile.program import Program
from crcsim.engine.run import (
    BAND_MEMORY,
    BAND_PATHS,
    Run,
    band_batches,
    default_threads,
    result_items,
    split_work,
    workspace_memory,
)
from crcsim.engine.sinks import MemorySink, memory_outputs
from crcsim.kernels.percentiles import percentiles
from crcsim.kernels.rows import CHUNK_PATHS, DISCOUNTINGS, GROUP, QUANTITIES
from crcsim.scenario.scenario import Scenario

#: Memory of the interpreter and its libraries in a small run, bytes (measured on Linux with Python 3.11).
BASE_MEMORY = 330 * 10**6


#: Time to record and sort one value of the bands, seconds (measured).
SECONDS_PER_BAND_VALUE = 6e-9


@dataclass(frozen=True)
class Estimate:
    """Wall time and peak memory of a run."""

    seconds: float
    memory_bytes: int


def estimate(
    scenario: Scenario,
    paths: int | None = None,
    threads: int | None = None,
    *,
    layers: bool = False,
    strategies: Iterable[str] | None = None,
) -> Estimate:
    """Time from one chunk run on this machine, memory from the sizes of the arrays."""
    program = Program(scenario, 1, strategies=None if strategies is None else tuple(strategies))
    wanted, threads = paths or scenario.simulation.paths, threads or default_threads()
    return Estimate(_seconds(program, wanted, threads, layers), _memory(program, wanted, threads, layers))


def _seconds(program: Program, paths: int, threads: int, layers: bool) -> float:
    """Time of one chunk (the second of two, so that compiling does not count), and of the bands."""
    s, trial = program.structure, min(paths, CHUNK_PATHS)
    strategies = len(program.strategies)
    outputs = memory_outputs(s, len(program.levels), trial, economy=False, strategies=strategies)
    items = result_items(program, trial, program.scenario.record)
    simulated = drawn = 0.0
    for _ in range(2):
        run = Run(program, MemorySink(outputs), trial, 1, items=items)
        start = time.perf_counter()
        program.parameters(0)
        drawn = time.perf_counter() - start
        run.all_paths(split_work(trial, bands=False)[1])
        simulated = time.perf_counter() - start - drawn
    kept = min(paths, BAND_PATHS)
    again = (len(_batches(program, paths)) - 1) * drawn * kept / CHUNK_PATHS
    values = 4 * strategies * s.customers.shape[1] * s.periods * kept * SECONDS_PER_BAND_VALUE
    return float((simulated * paths / trial * (2 if layers else 1) + again + values) / threads)


def _batches(program: Program, paths: int) -> list[tuple[int, int]]:
    """Batches of groups whose paths are recorded together."""
    strategies = len(program.strategies)
    present_values = strategies * program.structure.customers.shape[1] * 8 * len(DISCOUNTINGS) * paths
    kept = strategies * min(paths, BAND_PATHS)
    return band_batches(program.structure, kept, max(BAND_MEMORY, present_values))


def _memory(program: Program, paths: int, threads: int, layers: bool) -> int:
    """Bytes of outputs, parameters in flight, sums and recorded bands, beside the interpreter."""
    s = program.structure
    customers, periods = s.customers.shape[1], s.periods
    strategies = len(program.strategies)
    sums = strategies * customers * periods * len(QUANTITIES) * 8
    drawn = program.parameters(0)[0].uncertain.nbytes
    series = strategies * program.cascade.bearer.shape[0] * 8
    per_chunk = sums + series * (6 + periods)
    in_flight = threads * (drawn * 2 + per_chunk + workspace_memory(program))
    filled = paths * _bytes_per_path(program, layers) + per_chunk * -(-paths // CHUNK_PATHS)
    items = _item_bytes(program, paths)
    kept = min(paths, BAND_PATHS)
    bands = (
        4
        * strategies
        * periods
        * kept
        * 8
        * max(_customers(program, batch) for batch in _batches(program, paths))
    )
    totals = 5 * strategies * kept * periods * 8
    # the bands' paths are given back before most of the present values are written
    return int(BASE_MEMORY + in_flight + totals + items + max(filled, bands + filled * kept / paths))


def _item_bytes(program: Program, paths: int) -> int:
    """Bytes of the items of customers, levels and products, and by period where that is recorded."""
    s, recorded = program.structure, "cascade" in program.scenario.record
    bearers = s.customers.shape[1] + len(program.levels) + len(program.products)
    kept = paths if recorded else min(paths, BAND_PATHS)
    of_strategy = 8 * len(program.items) * kept * (bearers + (s.periods if recorded else 0))
    return int(len(program.strategies) * of_strategy)


def _bytes_per_path(program: Program, layers: bool) -> int:
    """Bytes that the result keeps of one path."""
    s, values = program.structure, len(DISCOUNTINGS)
    customers, flows = s.customers.shape[1], 8 * 2 * s.periods
    present = 8 * values * (customers * (1 + s.horizon) + len(program.levels))
    recorded = 8 * 3 * s.periods if "economy" in program.scenario.record else 0
    recorded += 8 * (2 + len(CAPITAL_INPUTS))
    of_strategy = present + flows + 8 * len(program.items) + 3 * customers
    of_strategy += present + flows if layers else 0
    return int(recorded + len(program.strategies) * of_strategy)


def _customers(program: Program, groups: tuple[int, int]) -> int:
    """Customers in a range of groups."""
    rows = program.structure.groups
    return int(rows[GROUP.member_end, groups[1] - 1] - rows[GROUP.member_start, groups[0]])


def warmup(scenario: Scenario) -> float:
    """Compile all kernels ahead by running a few paths; returns the seconds it took."""
    start = time.perf_counter()
    program = Program(scenario, 1)
    outputs = memory_outputs(program.structure, len(program.levels), 16, economy=False)
    sink = MemorySink(outputs)
    run = Run(program, sink, 16, 1, items=result_items(program, 16, ()))
    run.bands(split_work(16, bands=True)[0])
    percentiles(np.zeros((1, 2)), [0.5])
    return time.perf_counter() - start
