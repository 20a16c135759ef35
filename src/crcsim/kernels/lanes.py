"""From parameter tables to lane arrays: the lanes of a block are consecutive paths, innermost and
contiguous.
"""

from crcsim.kernels.accelerate import part, stage, sum_of_leaf
from crcsim.kernels.arrays import Floats, Parameters
from crcsim.kernels.rows import SUM_LANES


@stage
def read_row(p: Parameters, table: int, row: int, member: int, lo: int, out: Floats) -> None:
    """out[lane] = value of one parameter on the block's paths; `lo` is the block's first path within the
    chunk.
    """
    cell = p.start[table] + row * p.members[table] + member
    column = p.column[cell]
    if column < 0:
        value = p.constant[cell]
        for i in range(out.shape[0]):
            out[i] = value
    else:
        for i in range(out.shape[0]):
            out[i] = p.uncertain[column, lo + i]


@stage
def read_member(p: Parameters, table: int, member: int, lo: int, out: Floats) -> None:
    """All rows of one member: out [row, lane]."""
    for row in range(out.shape[0]):
        read_row(p, table, row, member, lo, out[row])


@stage
def fill(out: Floats, value: float) -> None:
    """out[:] = value."""
    for i in range(out.shape[0]):
        out[i] = value


@stage
def copy(source: Floats, out: Floats) -> None:
    """out[lane] = source[lane], for the lanes of the shorter of the two."""
    for i in range(min(source.shape[0], out.shape[0])):
        out[i] = source[i]


@stage
def sum_lanes(values: Floats, valid: int, total: float) -> float:
    """total + the lanes before `valid`: leaf after leaf of SUM_LANES paths, so that the sum does not depend
    on the number of lanes; a leaf that is not full lane after lane.
    """
    whole = valid - valid % SUM_LANES
    for start in range(0, whole, SUM_LANES):
        total += sum_of_leaf(values, start)
    for i in range(whole, valid):
        total += values[i]
    return total


@part
def add_lanes(total: Floats, values: Floats) -> None:
    """total += values."""
    for i in range(values.shape[0]):
        total[i] += values[i]
