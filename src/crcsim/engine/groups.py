"""Coupling groups in several strategies on every path: what a decision sees of all who buy a product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from crcsim.compile.program import Program
from crcsim.compile.values import PATH_STREAM
from crcsim.engine.run import Run
from crcsim.engine.simulate import check_horizon
from crcsim.engine.sinks import MemorySink, chunks, memory_outputs
from crcsim.kernels.arrays import Floats, Integers
from crcsim.kernels.rng import counter_word, fill_normals
from crcsim.kernels.rows import DISCOUNTINGS, FACT, GROUP, RELATION_ROWS
from crcsim.kernels.share import SHARE_SLOT

__all__ = ["EconomyPaths", "GroupPaths", "economy_paths", "group_paths", "members_of", "share_normals"]


@dataclass(frozen=True)
class GroupPaths:
    """Chosen members of a group in the strategies of a program."""

    rows: Floats  # [strategy, RELATION row, chosen member, date, path] as in `RelationPaths`
    npv: Floats  # [strategy, path] present value of the whole group, what it leaves to the company included

    def row(self, name: str, strategy: int, member: int) -> Floats:
        """One row of RELATION_ROWS, [date, path]."""
        return np.asarray(self.rows[strategy, RELATION_ROWS.index(name), member])


@dataclass(frozen=True)
class EconomyPaths:
    """The market of every path, [period, path]."""

    market_index: Floats
    deflator: Floats


def members_of(program: Program, group: int) -> list[int]:
    """Places of the customers that a group simulates together."""
    s = program.structure
    return [int(place) for place in s.group_customer[slice(*_places(program, group))]]


def _places(program: Program, group: int) -> tuple[int, int]:
    groups = program.structure.groups
    return int(groups[GROUP.member_start, group]), int(groups[GROUP.member_end, group])


def group_paths(
    program: Program, group: int, members: Sequence[int], paths: int, threads: int, discounting: str
) -> GroupPaths:
    """Simulate a group in all strategies of the program's decisions, each of which must touch it, and keep
    the periods of some of its members (places of customers) in this order.

    Raises NumericError where a path has no finite value after the horizon.
    """
    s, value = program.structure, DISCOUNTINGS.index(discounting)
    strategies = program.decisions.touched.shape[0]
    starts, ends = (s.customers[row] for row in (FACT.notice_start, FACT.notice_end))
    notices = max((int(ends[place] - starts[place]) for place in members), default=0)
    shape = (strategies, len(RELATION_ROWS) + notices, len(members), s.periods + 1, paths)
    recorded = np.zeros(shape)
    chosen: Integers = np.full(s.customers.shape[1], -1, dtype=np.int64)
    chosen[list(members)] = np.arange(len(members))
    outputs = memory_outputs(s, len(program.levels), paths, economy=False, strategies=strategies)
    sink = MemorySink(outputs._replace(relations=recorded, relation_place=chosen))
    _record(program, sink, paths, threads, group)
    check_horizon(program, sink)
    customers = outputs.npv[:, value, members_of(program, group)].sum(axis=1)
    return GroupPaths(recorded[:, : len(RELATION_ROWS)], customers + outputs.level_npv[:, value].sum(axis=1))


def economy_paths(program: Program, paths: int, threads: int) -> EconomyPaths:
    """The market of every path."""
    strategies = program.decisions.touched.shape[0]
    outputs = memory_outputs(program.structure, len(program.levels), paths, True, strategies)
    _record(program, MemorySink(outputs), paths, threads, 0)
    return EconomyPaths(np.asarray(outputs.market_index), np.asarray(outputs.deflator))


def _record(program: Program, sink: MemorySink, paths: int, threads: int, group: int) -> None:
    strategies, periods = program.decisions.touched.shape[0], program.structure.periods
    no_bands = np.empty((strategies, 4, 0, periods, 0)), np.zeros((strategies, 3, periods, 0))
    run = Run(program, sink, paths, threads, detail=False)
    run.record(chunks(paths), *no_bands, group, group + 1)


def share_normals(program: Program, customer: int, line: int, paths: int) -> Floats:
    """Normals behind the share noise of one line of a customer (places), [period, path] (eq. 3.5)."""
    s = program.structure
    low, high = s.words[1 + s.industry_count + customer]
    slot = 0 if line == 0 else SHARE_SLOT + (line - 1) // 2
    second = line == 0 or line % 2 == 0
    drawn = np.empty((2, s.periods, paths))
    for period in range(s.periods):
        word = counter_word(period + 1, slot, PATH_STREAM)
        fill_normals(np.uint64(0), low, high, word, *program.key, drawn[0, period], drawn[1, period])
    return np.asarray(drawn[1 if second else 0])
