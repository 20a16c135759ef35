"""crcsim through its public API, on the workload written as a scenario file; without bands by quantile.

The engine computes more than the other peers: NPV under three discountings, sales beside cash flow, means
by customer and period, and the end of every relation.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.reference_workload import Floats, write_scenario
from crcsim import load_scenario, simulate


def prepare(case: str, paths: int, threads: int, bands: bool = False) -> Callable[[int], dict[str, Floats]]:
    """The named case as a function of the seed; reading the scenario is not timed."""
    with tempfile.TemporaryDirectory() as folder:
        scenario = load_scenario(write_scenario(case, Path(folder)))

    def run(seed: int) -> dict[str, Floats]:
        result = simulate(scenario, paths=paths, seed=seed, threads=threads, bands=bands)
        return {
            "npv": result["npv"].sel(strategy="baseline", discounting="wacc").to_numpy(),
            "cash_flow": result["cash_flow"].sel(strategy="baseline").to_numpy(),
        }

    return run
