"""Where finished chunks go. A sink owns the arrays that the kernel writes; other sinks may stream,
checkpoint or gather from machines.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from crcsim.engine.memory import zeroed
from crcsim.kernels.arrays import Outputs, Strategies, Structure, Sums
from crcsim.kernels.rows import CHUNK_PATHS, DISCOUNTINGS, GROUP, PHASES, QUANTITIES


class Sink(Protocol):
    """Takes finished chunks; `outputs` are the arrays the kernel writes into."""

    outputs: Outputs

    def take(self, chunk: int, sums: Sums) -> None:
        """One chunk is complete in `outputs`; its sums are handed over once."""


@dataclass
class MemorySink:
    """Keeps everything in memory and adds up the chunks' sums in their order."""

    outputs: Outputs
    _sums: dict[int, Sums] = field(default_factory=dict)

    def take(self, chunk: int, sums: Sums) -> None:
        """Join the sums of some groups of a chunk with those of the groups that came before: every sum is 0
        but for one of them.
        """
        before = self._sums.get(chunk)
        self._sums[chunk] = sums if before is None else joined(before, sums)

    def totals(self) -> Sums:
        """Sums over all paths with a leading axis of strategies, by a fixed tree over the chunks in their
        order.
        """
        return pairwise([self._sums[chunk] for chunk in sorted(self._sums)])

    def of(self, strategy: int) -> Outputs:
        """The outputs of one strategy."""
        return outputs_of(self.outputs, strategy)


def joined(one: Sums, other: Sums) -> Sums:
    """Sums over the paths of both."""
    return Sums(
        one.quantities + other.quantities,
        one.series_values + other.series_values,
        one.series_flows + other.series_flows,
        one.series_phases + other.series_phases,
        np.minimum(one.horizon_margin, other.horizon_margin),
    )


def pairwise(parts: list[Sums]) -> Sums:
    """Sums over the paths of all parts by a fixed tree of neighbours."""
    while len(parts) > 1:
        paired = [joined(parts[i], parts[i + 1]) for i in range(0, len(parts) - 1, 2)]
        parts = paired + parts[len(parts) - len(parts) % 2 :]
    return parts[0]


def empty_sums(structure: Structure, series: int, strategies: int = 1) -> Sums:
    """Sums of one chunk before it starts, all with a leading axis of strategies."""
    customers = structure.customers.shape[1]
    return Sums(
        np.zeros((strategies, customers, structure.periods, len(QUANTITIES))),
        np.zeros((strategies, series)),
        np.zeros((strategies, structure.periods, series)),
        np.zeros((strategies, len(PHASES), series)),
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
            for part in (sums.quantities, sums.horizon_margin):
                part[strategy, members] = part[0, members]
            for part in (sums.series_values, sums.series_flows, sums.series_phases):
                part[strategy, ..., series] = part[0, ..., series]


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
        level_npv=zeroed(strategies, values, levels, paths),
        cash_flow=zeroed(strategies, periods, paths),
        sales=zeroed(strategies, periods, paths),
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
