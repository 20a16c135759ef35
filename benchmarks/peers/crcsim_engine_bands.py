"""crcsim as `crcsim run` calls it: with bands by customer and period over the first paths."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.peers import crcsim_engine
from benchmarks.reference_workload import Floats


def prepare(case: str, paths: int, threads: int) -> Callable[[int], dict[str, Floats]]:
    """As `crcsim_engine`, with the bands."""
    return crcsim_engine.prepare(case, paths, threads, bands=True)
