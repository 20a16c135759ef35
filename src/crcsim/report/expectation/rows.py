"""Parameter tables of a program at central values, by the names of their rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from crcsim.compile.tables import cells
from crcsim.kernels.arrays import Parameters
from crcsim.kernels.rows import CUSTOMER_ROWS, ECONOMY_ROWS, INVESTMENT_ROWS, LEVEL_ROWS, LINE_ROWS, TABLES

__all__ = ["Floats", "Rows", "central_rows"]

Floats = NDArray[np.float64]
#: Central values of a table by row, [member].
Rows = dict[str, Floats]

_ROWS = {
    "economy": ECONOMY_ROWS,
    "customers": CUSTOMER_ROWS,
    "lines": LINE_ROWS,
    "levels": LEVEL_ROWS,
    "investments": INVESTMENT_ROWS,
}


def central_rows(tables: Parameters, table: str) -> Rows:
    """One of the tables that customers, lines and levels need, on the one path of central values."""
    place = TABLES.index(table)
    return {name: cells(tables, place, row)[:, 0] for row, name in enumerate(_ROWS[table])}
