"""Where finished chunks go. A sink owns the arrays that the kernel writes; other sinks may stream,
checkpoint or gather from machines.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from crcsim.kernels.arrays import Floats, Outputs, Strategies, Structure, Sums
from crcsim.kernels.rows import CHUNK_PATHS, DISCOUNTINGS, GROUP, PHASES, QUANTITIES, SUM_LANES


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
        self.horizon_margin = np.minimum(self.horizon_margin, sums.horizon_margin.min(axis=0))

    def totals(self) -> Floats:
        """Sums over all paths, [strategy, quantity, customer, period], by a fixed tree over the chunks in
        their order.
        """
        return pairwise([self._sums[chunk] for chunk in sorted(self._sums)])

    def of(self, strategy: int) -> Outputs:
        """The outputs of one strategy."""
        return outputs_of(self.outputs, strategy)

    def series_totals(self) -> tuple[Floats, ...]:
        """Sums over all paths of the series: present values [strategy, series], flows [strategy, series,
        period], present values by phase [strategy, phase, series].
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


def empty_sums(structure: Structure, series: int, strategies: int = 1) -> Sums:
    """Sums of one chunk before it starts, all with a leading axis of strategies."""
    customers = structure.customers.shape[1]
    return Sums(
        np.zeros((strategies, len(QUANTITIES), customers, structure.periods, SUM_LANES)),
        np.zeros((strategies, series, SUM_LANES)),
        np.zeros((strategies, series, structure.periods, SUM_LANES)),
        np.zeros((strategies, len(PHASES), series, SUM_LANES)),
        np.full((strategies, customers), np.inf),
    )


#: Outputs that all strategies share.
_SHARED = ("market_index", "deflator", "inflation_index", "relation_place")


def outputs_of(outputs: Outputs, strategy: int) -> Outputs:
    """Views of the outputs of one strategy."""
    return Outputs(
        *(
            getattr(outputs, name) if name in _SHARED else getattr(outputs, name)[strategy]
            for name in Outputs._fields
        )
    )


def repeat_untouched(s: Structure, decisions: Strategies, sums: Sums, first: int, last: int) -> None:
    """Sums of the groups first..last-1 that a strategy does not touch are those of the baseline."""
    for strategy in range(1, decisions.touched.shape[0]):
        for group in range(first, last):
            if decisions.touched[strategy, group]:
                continue
            members = s.group_customer[
                s.groups[GROUP.member_start, group] : s.groups[GROUP.member_end, group]
            ]
            series = slice(s.groups[GROUP.series_start, group], s.groups[GROUP.series_end, group])
            sums.lanes[strategy][:, members] = sums.lanes[0][:, members]
            sums.horizon_margin[strategy, members] = sums.horizon_margin[0, members]
            for part in (sums.series_values, sums.series_flows):
                part[strategy, series] = part[0, series]
            sums.series_phases[strategy, :, series] = sums.series_phases[0, :, series]


def memory_outputs(
    structure: Structure, levels: int, paths: int, economy: bool, strategies: int = 1
) -> Outputs:
    """Arrays for all paths of a run, each with a leading axis of strategies but for the economy; the bands
    are attached batch by batch.
    """
    customers, periods, values = structure.customers.shape[1], structure.periods, len(DISCOUNTINGS)
    recorded = paths if economy else 0
    return Outputs(
        npv=np.empty((strategies, values, customers, paths)),
        horizon_value=np.empty((strategies, values, customers, paths if structure.horizon else 0)),
        level_npv=np.zeros((strategies, values, levels, paths)),
        cash_flow=np.zeros((strategies, periods, paths)),
        sales=np.zeros((strategies, periods, paths)),
        end_cause=np.empty((strategies, customers, paths), dtype=np.int8),
        end_period=np.empty((strategies, customers, paths), dtype=np.int16),
        market_index=np.empty((periods, recorded)),
        deflator=np.empty((periods, recorded)),
        inflation_index=np.empty((periods, recorded)),
        band_totals=np.zeros((strategies, 3, periods, 0)),
        bands=np.zeros((strategies, 4, 0, periods, 0)),
        relations=np.zeros((strategies, 0, 0, 0, 0)),
        relation_place=np.full(customers, -1, dtype=np.int64),
    )


def chunks(paths: int) -> list[tuple[int, int, int]]:
    """(number, first path, paths) of every chunk."""
    return [
        (n, start, min(CHUNK_PATHS, paths - start)) for n, start in enumerate(range(0, paths, CHUNK_PATHS))
    ]
