"""Packing of row values into the parameter tables of the kernel."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from crcsim.compile.values import Floats
from crcsim.kernels.arrays import Integers, Parameters
from crcsim.kernels.rows import TABLES

#: Rows of one table: name -> [member, 1] or [member, path], in the order of the table's rows.
Rows = Mapping[str, Floats]


def pack(tables: Mapping[str, tuple[tuple[str, ...], Rows, int]], paths: int) -> Parameters:
    """All tables as cells; tables[name] = (row names, values, members). A row drawn for one member only
    costs one column.
    """
    constants, columns, uncertain, starts, counts = [], [], [], [], []
    cell = drawn = 0
    for table in TABLES:
        names, values, members = tables[table]
        starts.append(cell)
        counts.append(members)
        for name in names:
            value = np.broadcast_to(values[name], (members, values[name].shape[-1]))
            column, rows = _columns(value, drawn)
            constants.append(np.where(column < 0, value[:, 0], 0.0) if members else np.zeros(0))
            columns.append(column)
            uncertain.extend(rows)
            drawn += len(rows)
            cell += members
    stacked = np.stack(uncertain) if uncertain else np.zeros((0, paths))
    return Parameters(
        np.concatenate(constants),
        np.concatenate(columns),
        np.ascontiguousarray(stacked),
        np.array(starts, dtype=np.int64),
        np.array(counts, dtype=np.int64),
    )


def _columns(value: Floats, first: int) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], list[Floats]]:
    """Column of each member (-1 where its value is the same on every path), and the values of the drawn
    ones.
    """
    column = np.full(value.shape[0], -1, dtype=np.int64)
    if value.shape[1] == 1:
        return column, []
    moving = np.flatnonzero(np.any(value != value[:, :1], axis=1))
    column[moving] = first + np.arange(moving.size)
    return column, [value[member] for member in moving]


def cells(parameters: Parameters, table: int, row: int) -> Floats:
    """Values of one row, [member, 1] or [member, path]."""
    members = int(parameters.members[table])
    start = int(parameters.start[table]) + row * members
    column = parameters.column[start : start + members]
    constant = parameters.constant[start : start + members, np.newaxis]
    if not np.any(column >= 0):
        return constant
    drawn = parameters.uncertain[np.maximum(column, 0)]
    return np.where(column[:, np.newaxis] >= 0, drawn, constant)


def ever_used(
    parameters: Parameters, table: int, rows: tuple[str, ...], names: list[str], unused: float = 0.0
) -> Integers:
    """1 for members in which any of the named rows differs from `unused` on any path."""
    used = np.zeros(int(parameters.members[table]), dtype=np.int64)
    for name in names:
        used |= np.any(cells(parameters, table, rows.index(name)) != unused, axis=1).astype(np.int64)
    return used
