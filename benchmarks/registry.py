"""The one list of what is measured: subjects, and for each the peers that do the same work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from benchmarks.agreement import Agreement, same_bits, same_distribution, same_numbers
from benchmarks.reference_workload import DETERMINISTIC_CASES

Answer = Mapping[str, NDArray[np.float64]]
"""The named arrays that a peer returns."""

Compare = Callable[[Answer, Answer], Agreement]


@dataclass(frozen=True)
class Peer:
    """One way of doing a subject's work."""

    name: str
    title: str
    module: str
    """Below benchmarks.peers; offers `prepare(case, paths, threads)`."""
    threaded: bool = True
    needs: tuple[str, ...] = ()
    """Packages without which the peer is left out."""

    @property
    def available(self) -> bool:
        return all(find_spec(package) for package in self.needs)

    def prepare(self, case: str, paths: int, threads: int) -> Callable[[int], Answer]:
        """A function of the seed that does the work once; see `benchmarks.peers`."""
        module = import_module(f"benchmarks.peers.{self.module}")
        run: Callable[[int], Answer] = module.prepare(case, paths, threads)
        return run


@dataclass(frozen=True)
class Subject:
    """Some work, the peers that do it, and how their answers are compared before anything is timed."""

    name: str
    title: str
    case: str
    """What is timed."""
    unit: str
    work: Callable[[Answer], int]
    """Units of work in an answer; speed is this per second."""
    compare: Compare
    """Of the timed case, at full size."""
    baseline: str
    """The peer that answers and speeds are compared with."""
    peers: tuple[Peer, ...]
    exact_cases: tuple[str, ...] = ()
    """Further cases, on which the answers must be the same up to rounding."""

    def peer(self, name: str) -> Peer:
        return next(peer for peer in self.peers if peer.name == name)


def _cells(answer: Answer) -> int:
    """Customers x paths x periods of an answer with `npv` and `cash_flow`."""
    return answer["npv"].size * len(answer["cash_flow"])


def _values(answer: Answer) -> int:
    """Numbers that the percentiles of an answer were taken of."""
    return int(answer["values"])


REFERENCE = Subject(
    name="reference",
    title="CRC-ref: 50 customers x 40 quarters",
    case="crc_ref",
    unit="cell",
    work=_cells,
    compare=same_distribution,
    baseline="numpy_chunked",
    peers=(
        Peer("numpy_plain", "NumPy, plain", "numpy_plain", threaded=False),
        Peer("numpy_chunked", "NumPy, chunked", "numpy_chunked"),
        Peer("numba_obvious", "Numba, obvious", "numba_obvious", needs=("numba",)),
        Peer("jax", "JAX, jitted", "jax_peer", needs=("jax",)),
        Peer("crcsim", "crcsim", "crcsim_engine", needs=("crcsim",)),
        Peer("crcsim_bands", "crcsim, with bands", "crcsim_engine_bands", needs=("crcsim",)),
    ),
    exact_cases=DETERMINISTIC_CASES,
)

PERCENTILES = Subject(
    name="percentiles",
    title="Five percentiles of the 50 NPV and 40 cash flow distributions of CRC-ref",
    case="crc_ref",
    unit="value",
    work=_values,
    compare=same_numbers,
    baseline="numpy_quantile",
    peers=(
        Peer("numpy_quantile", "np.quantile", "numpy_quantile", threaded=False),
        Peer("crcsim_percentiles", "crcsim.kernels.percentiles", "crcsim_percentiles", needs=("crcsim",)),
    ),
)

COATINGS = Subject(
    name="coatings",
    title="The coatings case, as `crcsim run` simulates it",
    case="coatings",
    unit="cell",
    work=_cells,
    compare=same_bits,
    baseline="crcsim",
    peers=(Peer("crcsim", "crcsim", "crcsim_scenario", needs=("crcsim",)),),
)

SUBJECTS = {subject.name: subject for subject in (REFERENCE, PERCENTILES, COATINGS)}
