"""What percentiles are taken of: the distributions that the reference workload ends with."""

from __future__ import annotations

import numpy as np

from benchmarks.agreement import PERCENTS
from benchmarks.peers import numpy_chunked
from benchmarks.reference_workload import Floats

PROBABILITIES = np.array(PERCENTS) / 100


def npv_and_cash_flow(case: str, paths: int, threads: int) -> Floats:
    """NPV of every customer and portfolio cash flow of every period [row, path]."""
    answer = numpy_chunked.prepare(case, paths, threads)(1)
    return np.vstack([answer["npv"], answer["cash_flow"]])


def answer(rows: Floats, percentiles: Floats) -> dict[str, Floats]:
    """Percentiles [probability, row], and of how many numbers."""
    return {"percentiles": percentiles, "values": np.array(float(rows.size))}
