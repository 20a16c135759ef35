"""Correlated parameters: a Gaussian copula per connected block of rank correlations.

Ranks are what an analyst can judge and what survives any choice of distribution; they become correlations of
normal scores, are repaired to the nearest correlation matrix where they contradict each other, and are
applied to independent normals row by row, so that a path's values never depend on how many other paths are
drawn.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from crcsim.valuation.arrays import Floats

StatedCorrelation: TypeAlias = tuple[Sequence[str], Sequence[Sequence[float]]]

_INDEFINITE = 1e-12  # how far below zero rounding alone may put the smallest eigenvalue, per row
_MOST_PROJECTIONS = 1000
_SETTLED = 1e-12


@dataclass(frozen=True, eq=False)
class Block:
    """Names drawn together: `factor` [k, k], lower, turns independent normals [k, n] into correlated ones.

    `change` is the largest change of a correlation of normal scores by the repair, 0 where none was needed.
    """

    names: tuple[str, ...]
    factor: Floats
    repaired: bool
    change: float


def gaussian_correlation(rank_correlation: ArrayLike) -> Floats:
    """Correlation of normal scores with a given rank correlation: 2 sin(π r / 6) (eq. 1.5)."""
    return np.asarray(2.0 * np.sin(np.pi / 6.0 * np.asarray(rank_correlation, dtype=np.float64)))


def rank_correlation(gaussian_correlation: ArrayLike) -> Floats:
    """Spearman's rank correlation of jointly normal scores: 6/π asin(ρ / 2)."""
    return np.asarray(6.0 / np.pi * np.arcsin(np.asarray(gaussian_correlation, dtype=np.float64) / 2.0))


def nearest_correlation(matrix: ArrayLike, kept: int = 0) -> tuple[Floats, bool]:
    """The correlation matrix nearest to a symmetric one [k, k] of unit diagonal, and whether it was repaired.

    Alternating projections on the positive semidefinite matrices and on those with unit diagonal, with
    Dykstra's correction (Higham 2002). A matrix that is a correlation matrix comes back as it is. The
    correlations among the first `kept` rows, which must be sound, are left alone to the last bit.
    """
    given = np.array(matrix, dtype=np.float64)
    if np.linalg.eigvalsh(given)[0] >= -_INDEFINITE * len(given):
        return given, False
    current, correction = given, np.zeros_like(given)
    for _ in range(_MOST_PROJECTIONS):
        shifted = current - correction
        definite = _positive_part(shifted)
        correction = definite - shifted
        previous, current = current, definite.copy()
        np.fill_diagonal(current, 1.0)
        current[:kept, :kept] = given[:kept, :kept]
        if np.max(np.abs(current - previous)) < _SETTLED:
            break
    repaired = _unit_diagonal(_positive_part(current))
    repaired[:kept, :kept] = given[:kept, :kept]
    return repaired, True


def _positive_part(matrix: Floats) -> Floats:
    """Nearest positive semidefinite matrix: negative eigenvalues set to 0."""
    values, vectors = np.linalg.eigh(matrix)
    part = (vectors * np.maximum(values, 0.0)) @ vectors.T
    return np.asarray((part + part.T) / 2.0)


def _unit_diagonal(matrix: Floats) -> Floats:
    scale = 1.0 / np.sqrt(np.diag(matrix))
    scaled = matrix * scale[:, np.newaxis] * scale
    np.fill_diagonal(scaled, 1.0)
    return scaled


def connected_blocks(matrix: ArrayLike) -> tuple[tuple[int, ...], ...]:
    """Rows linked by correlations other than 0, directly or through others, in rising order."""
    linked = np.asarray(matrix) != 0.0
    blocks, placed = [], set[int]()
    for first in range(len(linked)):
        if first in placed:
            continue
        block, waiting = {first}, [first]
        while waiting:
            fresh = set(np.flatnonzero(linked[waiting.pop()]).tolist()) - block
            block |= fresh
            waiting.extend(fresh)
        placed |= block
        blocks.append(tuple(sorted(block)))
    return tuple(blocks)


def cholesky(matrix: ArrayLike) -> Floats:
    """Lower factor L with L Lᵀ = a positive semidefinite matrix [k, k], in the order given.

    Plain loops: the same bits on every machine, and rows of matrices without full rank (a correlation of 1)
    are met by a pivot of 0. The first rows do not depend on what is appended behind them.
    """
    given = np.asarray(matrix, dtype=np.float64)
    size = len(given)
    factor = np.zeros((size, size))
    for row in range(size):
        for column in range(row):
            rest = given[row, column] - sum(factor[row, k] * factor[column, k] for k in range(column))
            pivot = factor[column, column]
            factor[row, column] = rest / pivot if pivot > 0.0 else 0.0
        remaining = given[row, row] - sum(factor[row, k] ** 2 for k in range(row))
        factor[row, row] = np.sqrt(remaining) if remaining > _INDEFINITE * size else 0.0
    return factor


def correlate(factor: Floats, normals: Floats) -> Floats:
    """Correlated normals [k, n] from independent ones [k, n]: L z, summed in one order for every n."""
    correlated = np.zeros_like(normals)
    for row in range(len(factor)):
        for column in range(row + 1):
            if factor[row, column] != 0.0:
                correlated[row] += factor[row, column] * normals[column]
    return correlated


def blocks(
    correlations: Iterable[StatedCorrelation],
    order: Sequence[str] | None = None,
    leading: Collection[str] = (),
) -> tuple[Block, ...]:
    """Blocks of names that are correlated, out of stated rank correlations (names, matrix).

    Names stand in `order` (alphabetical by default), which fixes who follows whom in the factor; pairs not
    stated are taken as uncorrelated before the repair. The names in `leading` must stand first; a repair
    settles their correlations before, and without, those of the others. Raises ValueError where a pair is
    stated twice, differently.
    """
    stated = _stated_pairs(correlations)
    names = sorted({name for pair in stated for name in pair})
    if order is not None:
        rank_in_order = {name: rank for rank, name in enumerate(order)}
        names.sort(key=rank_in_order.__getitem__)
    place = {name: index for index, name in enumerate(names)}
    ranks = np.eye(len(names))
    for (one, other), rank in stated.items():
        ranks[place[one], place[other]] = ranks[place[other], place[one]] = rank
    return tuple(_block(names, ranks, rows, leading) for rows in connected_blocks(ranks) if len(rows) > 1)


def _stated_pairs(correlations: Iterable[StatedCorrelation]) -> dict[tuple[str, str], float]:
    pairs: dict[tuple[str, str], float] = {}
    for names, matrix in correlations:
        for row, one in enumerate(names):
            for column, other in enumerate(names[:row]):
                pair = (one, other) if one < other else (other, one)
                rank = float(matrix[row][column])
                if pairs.setdefault(pair, rank) != rank:
                    raise ValueError(
                        f"the correlation of {pair[0]} and {pair[1]} is stated twice, differently"
                    )
    return pairs


def _block(names: Sequence[str], ranks: Floats, rows: tuple[int, ...], leading: Collection[str]) -> Block:
    wanted = gaussian_correlation(ranks[np.ix_(rows, rows)])
    np.fill_diagonal(wanted, 1.0)
    kept = sum(names[row] in leading for row in rows)
    first, first_repaired = nearest_correlation(wanted[:kept, :kept]) if kept else (wanted[:0, :0], False)
    settled = wanted.copy()
    settled[:kept, :kept] = first
    matrix, repaired = nearest_correlation(settled, kept)
    change = float(np.max(np.abs(matrix - wanted)))
    return Block(tuple(names[row] for row in rows), cholesky(matrix), repaired or first_repaired, change)
