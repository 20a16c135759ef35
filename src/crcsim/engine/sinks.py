"""Where finished chunks go. A sink owns the arrays that the kernel writes; other sinks may stream,
checkpoint or gather from machines.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from crcsim.kernels.arrays import Floats, Outputs, Structure, Sums
from crcsim.kernels.rows import CHUNK_PATHS, DISCOUNTINGS, PHASES, QUANTITIES, SUM_LANES


class Sink(Protocol):
    """Takes finished chunks; `outputs` are the arrays the kernel writes into."""

    outputs: Outputs

    def take(self, chunk: int, sums: Sums) -> None:
        """One chunk is complete in `outputs`; its sums are handed over once."""


@dataclass
class MemorySink:
    """Keeps everything in memory and adds up the chunks' sums in their order."""

    outputs: Outputs
    customers: int
    periods: int
    _sums: dict[int, Floats] = field(default_factory=dict)
    _series: dict[int, tuple[Floats, ...]] = field(default_factory=dict)
    horizon_margin: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.horizon_margin = np.full(self.customers, np.inf)

    def take(self, chunk: int, sums: Sums) -> None:
        """Reduce the lanes of a chunk by a fixed tree and keep one number per quantity, customer and
        period.
        """
        reduced = halve(sums.lanes)
        self._sums[chunk] = self._sums[chunk] + reduced if chunk in self._sums else reduced
        parts = (sums.series_values, sums.series_flows, sums.series_phases)
        values = tuple(halve(part) for part in parts)
        before = self._series.get(chunk)
        if before is not None:
            values = tuple(one + other for one, other in zip(before, values, strict=True))
        self._series[chunk] = values
        self.horizon_margin = np.minimum(self.horizon_margin, sums.horizon_margin)

    def totals(self) -> Floats:
        """Sums over all paths, [quantity, customer, period], by a fixed tree over the chunks in their
        order.
        """
        return pairwise([self._sums[chunk] for chunk in sorted(self._sums)])

    def series_totals(self) -> tuple[Floats, ...]:
        """Sums over all paths of the series: present values [series], flows [series, period], present values
        by phase [phase, series].
        """
        in_order = [self._series[chunk] for chunk in sorted(self._series)]
        return tuple(pairwise(list(parts)) for parts in zip(*in_order, strict=True))


def halve(lanes: Floats) -> Floats:
    """Sum of the last axis by halves; its length is a power of two."""
    while lanes.shape[-1] > 1:
        half = lanes.shape[-1] // 2
        lanes = lanes[..., :half] + lanes[..., half:]
    return np.ascontiguousarray(lanes[..., 0])


def pairwise(parts: list[Floats]) -> Floats:
    """Sum of equal-shaped arrays by a fixed tree of neighbours."""
    while len(parts) > 1:
        paired = [parts[i] + parts[i + 1] for i in range(0, len(parts) - 1, 2)]
        parts = paired + parts[len(parts) - len(parts) % 2 :]
    return parts[0]


def empty_sums(structure: Structure, series: int) -> Sums:
    """Sums of one chunk before it starts."""
    customers = structure.customers.shape[1]
    return Sums(
        np.zeros((len(QUANTITIES), customers, structure.periods, SUM_LANES)),
        np.zeros((series, SUM_LANES)),
        np.zeros((series, structure.periods, SUM_LANES)),
        np.zeros((len(PHASES), series, SUM_LANES)),
        np.full(customers, np.inf),
    )


def memory_outputs(structure: Structure, levels: int, paths: int, economy: bool) -> Outputs:
    """Arrays for all paths of a run; the bands are attached batch by batch."""
    customers, periods, values = structure.customers.shape[1], structure.periods, len(DISCOUNTINGS)
    recorded = paths if economy else 0
    return Outputs(
        npv=np.empty((values, customers, paths)),
        horizon_value=np.empty((values, customers, paths if structure.horizon else 0)),
        level_npv=np.zeros((values, levels, paths)),
        cash_flow=np.zeros((periods, paths)),
        sales=np.zeros((periods, paths)),
        end_cause=np.empty((customers, paths), dtype=np.int8),
        end_period=np.empty((customers, paths), dtype=np.int16),
        market_index=np.empty((periods, recorded)),
        deflator=np.empty((periods, recorded)),
        inflation_index=np.empty((periods, recorded)),
        band_totals=np.zeros((3, periods, 0)),
        bands=np.zeros((4, 0, periods, 0)),
    )


def chunks(paths: int) -> list[tuple[int, int, int]]:
    """(number, first path, paths) of every chunk."""
    return [
        (n, start, min(CHUNK_PATHS, paths - start)) for n, start in enumerate(range(0, paths, CHUNK_PATHS))
    ]
