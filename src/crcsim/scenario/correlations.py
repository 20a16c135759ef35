"""Rank correlations between uncertain quantities (MODEL 1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crcsim.scenario.containers import ListOf
from crcsim.scenario.kinds import FixedNumber, Text
from crcsim.scenario.nodes import MapNode
from crcsim.scenario.positive_definite import is_positive_definite
from crcsim.scenario.reading import Address, Reading
from crcsim.scenario.sections import Alternatives, Key, Section
from crcsim.scenario.values import Interval, Number

__all__ = ["CORRELATIONS", "Correlation", "Matrix"]

Matrix = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Correlation:
    """Rank correlations of the draws at the places `names`; `matrix` is symmetric, ones on its diagonal."""

    names: tuple[str, ...]
    matrix: Matrix


def _correlation(values: dict[str, Any], at: Address) -> Correlation:
    """Return the stated matrix, or the one in which every pair has the stated rank."""
    names: tuple[str, ...] = values["between"]
    if values["matrix"]:
        return Correlation(names, values["matrix"])
    size = range(len(names))
    return Correlation(names, tuple(tuple(1.0 if i == j else values["rank"] for j in size) for i in size))


def _check(values: dict[str, Any], node: MapNode, reading: Reading) -> bool:
    """List names that are too few or repeated, and a matrix that is not a correlation matrix."""
    names: tuple[str, ...] = values["between"]
    stated = node.entries["between"]
    if len(names) < 2 or len(set(names)) < len(names):
        reading.report(
            "wrong_names",
            stated.position,
            stated.path,
            value=", ".join(names),
            allowed="two or more different places",
        )
        return False
    return "matrix" not in node.entries or _check_matrix(values["matrix"], len(names), node, reading)


def _check_matrix(matrix: Matrix, size: int, node: MapNode, reading: Reading) -> bool:
    at = node.entries["matrix"]
    if len(matrix) != size or any(len(row) != size for row in matrix):
        allowed = f"{size} rows of {size} numbers, one per name in `between`"
        reading.report("not_square", at.position, at.path, value=f"{len(matrix)} rows", allowed=allowed)
        return False
    for i in range(size):
        for j in range(i + 1):
            wanted = 1.0 if i == j else matrix[j][i]
            if matrix[i][j] != wanted:
                code = "diagonal_not_one" if i == j else "not_symmetric"
                allowed = f"{wanted:g} in row {i + 1}, column {j + 1}"
                reading.report(code, at.position, at.path, value=matrix[i][j], allowed=allowed)
                return False
    if not is_positive_definite(matrix):
        hint = "these correlations cannot hold together; move them towards 0"
        reading.report("not_positive_definite", at.position, at.path, hint=hint)
        return False
    return True


_RANK = FixedNumber(Number(), Interval(-1.0, 1.0, low_open=True, high_open=True))
_ROW = ListOf(FixedNumber(Number(), Interval(-1.0, 1.0)), "number")
CORRELATION = Section(
    _correlation,
    (
        Key("rank", _RANK, "The rank correlation of every pair in `between`.", default=None),
        Key("matrix", ListOf(_ROW, "row"), "All rank correlations, in the order of `between`.", default=None),
        Key("between", ListOf(Text(), "place"), "The places of the uncertain quantities."),
    ),
    (Alternatives((("rank",), ("matrix",))),),
    check=_check,
)
CORRELATIONS = ListOf(CORRELATION, "correlation")
