"""Whether correlations can hold together: a Cholesky factorisation in plain Python."""

from __future__ import annotations

import math
from collections.abc import Sequence

__all__ = ["is_positive_definite", "normal_correlation"]

_SMALLEST_PIVOT = 1e-10


def is_positive_definite(matrix: Sequence[Sequence[float]]) -> bool:
    """Return whether every pivot of the Cholesky factorisation of a symmetric matrix is positive."""
    rows: list[list[float]] = []
    for i, stated in enumerate(matrix):
        row: list[float] = []
        for j in range(i):
            known = sum(a * b for a, b in zip(row, rows[j], strict=False))
            row.append((stated[j] - known) / rows[j][j])
        pivot = stated[i] - sum(a * a for a in row)
        if pivot < _SMALLEST_PIVOT:
            return False
        rows.append([*row, math.sqrt(pivot)])
    return True


def normal_correlation(rank: float) -> float:
    """Return 2 sin(pi rank / 6), the correlation of normals with this (Spearman) rank correlation."""
    return 2.0 * math.sin(math.pi * rank / 6.0)
