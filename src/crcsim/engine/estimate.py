"""Time and memory of a run, before it starts; and compiling ahead."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from crcsim.compile.program import Program
from crcsim.engine.run import BAND_MEMORY, BAND_PATHS, Run, default_threads, split_work
from crcsim.engine.sinks import MemorySink, memory_outputs
from crcsim.kernels.arrays import CHUNK_PATHS, DISCOUNTINGS, QUANTITIES, SUM_LANES
from crcsim.kernels.percentiles import percentiles
from crcsim.scenario.scenario import Scenario

#: Memory of the interpreter and its libraries after a small run, bytes (measured on Linux with Python 3.11).
BASE_MEMORY = 272 * 10**6


@dataclass(frozen=True)
class Estimate:
    """Wall time and peak memory of a run."""

    seconds: float
    memory_bytes: int


def estimate(scenario: Scenario, paths: int | None = None, threads: int | None = None) -> Estimate:
    """Time from one chunk run on this machine, memory from the sizes of the arrays."""
    program = Program(scenario, 1)
    wanted, threads = paths or scenario.simulation.paths, threads or default_threads()
    return Estimate(_seconds(program, wanted, threads), _memory(program, wanted, threads))


def _seconds(program: Program, paths: int, threads: int) -> float:
    """Chunks of the run / threads x time of one chunk (the second of two, so that compiling does not
    count).
    """
    trial = min(paths, CHUNK_PATHS)
    outputs = memory_outputs(program.structure, len(program.levels), trial, economy=False)
    took = 0.0
    for _ in range(2):
        run = Run(program, MemorySink(outputs, len(program.customers), program.structure.periods), trial, 1)
        start = time.perf_counter()
        run.all_paths(split_work(trial, bands=False)[1])
        took = time.perf_counter() - start
    return took * paths / trial / threads


def _memory(program: Program, paths: int, threads: int) -> int:
    """Bytes of outputs, parameters in flight, sums and recorded bands, beside the interpreter."""
    s = program.structure
    customers, periods, values = s.customers.shape[1], s.periods, len(DISCOUNTINGS)
    per_path = customers * (8 * values * (1 + s.horizon) + 3) + 8 * (
        values * len(program.levels) + 2 * periods + 2
    )
    drawn = program.parameters(0)[0].uncertain.nbytes
    sums = customers * periods * len(QUANTITIES) * 8
    in_flight = threads * (drawn * 2 + sums * SUM_LANES)
    chunks = -(-paths // CHUNK_PATHS)
    recorded = min(paths, BAND_PATHS) * periods * 8
    bands = min(BAND_MEMORY, 4 * customers * recorded) + 5 * recorded
    return int(BASE_MEMORY + paths * per_path + in_flight + sums * chunks + bands)


def warmup(scenario: Scenario) -> float:
    """Compile all kernels ahead by running a few paths; returns the seconds it took."""
    start = time.perf_counter()
    program = Program(scenario, 1)
    outputs = memory_outputs(program.structure, len(program.levels), 16, economy=False)
    run = Run(program, MemorySink(outputs, len(program.customers), program.structure.periods), 16, 1)
    run.bands(split_work(16, bands=True)[0])
    percentiles(np.zeros((1, 2)), [0.5])
    return time.perf_counter() - start
