"""`np.quantile`, which partitions every distribution."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.peers.distributions import PROBABILITIES, answer, npv_and_cash_flow
from benchmarks.reference_workload import Floats


def prepare(case: str, paths: int, threads: int) -> Callable[[int], dict[str, Floats]]:
    """Percentiles of the named case; the seed changes nothing."""
    rows = npv_and_cash_flow(case, paths, threads)
    return lambda seed: answer(rows, np.quantile(rows, PROBABILITIES, axis=1))
