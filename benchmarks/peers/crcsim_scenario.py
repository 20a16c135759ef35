"""crcsim on one of its own cases, a folder below scenarios/, as `crcsim run` simulates it."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.environment import REPOSITORY
from benchmarks.reference_workload import Floats
from crcsim import load_scenario, simulate


def prepare(case: str, paths: int, threads: int) -> Callable[[int], dict[str, Floats]]:
    """The named case as a function of the seed; reading the scenario is not timed."""
    scenario = load_scenario(REPOSITORY / "scenarios" / case / f"{case}.yaml")

    def run(seed: int) -> dict[str, Floats]:
        result = simulate(scenario, paths=paths, seed=seed, threads=threads)
        return {
            "npv": result["npv"].sel(strategy="baseline", discounting="wacc").to_numpy(),
            "cash_flow": result["cash_flow"].sel(strategy="baseline").to_numpy(),
        }

    return run
