"""crcsim's exact percentiles: a histogram of every distribution, then only the bins that are hit."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.peers.distributions import PROBABILITIES, answer, npv_and_cash_flow
from benchmarks.reference_workload import Floats
from crcsim.kernels.percentiles import percentiles


def prepare(case: str, paths: int, threads: int) -> Callable[[int], dict[str, Floats]]:
    """Percentiles of the named case; the seed changes nothing."""
    rows = npv_and_cash_flow(case, paths, threads)
    return lambda seed: answer(rows, percentiles(rows, PROBABILITIES, threads=threads)[0])
