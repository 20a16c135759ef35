"""Connected blocks of correlated draws, and whether each can hold together (MODEL 1)."""

from __future__ import annotations

from collections.abc import Iterable

from crcsim.scenario.correlations import Correlation
from crcsim.scenario.positive_definite import is_positive_definite, normal_correlation

__all__ = ["blocks_to_repair"]


def blocks_to_repair(correlations: Iterable[Correlation]) -> list[tuple[str, ...]]:
    """Return the places of each connected block whose normal correlations are not positive definite."""
    ranks: dict[tuple[str, str], float] = {}
    for correlation in correlations:
        for i, first in enumerate(correlation.names):
            for j, second in enumerate(correlation.names):
                if correlation.matrix[i][j] != 0.0:
                    ranks[first, second] = correlation.matrix[i][j]
    return [block for block in _blocks(ranks) if not _holds(block, ranks)]


def _blocks(ranks: dict[tuple[str, str], float]) -> list[tuple[str, ...]]:
    """Return the connected components, each sorted."""
    neighbours: dict[str, set[str]] = {}
    for first, second in ranks:
        neighbours.setdefault(first, set()).add(second)
    seen: set[str] = set()
    blocks: list[tuple[str, ...]] = []
    for start in sorted(neighbours):
        if start not in seen:
            block = _reachable(start, neighbours)
            seen |= block
            blocks.append(tuple(sorted(block)))
    return blocks


def _reachable(start: str, neighbours: dict[str, set[str]]) -> set[str]:
    found, waiting = {start}, [start]
    while waiting:
        fresh = neighbours[waiting.pop()] - found
        found |= fresh
        waiting.extend(fresh)
    return found


def _holds(block: tuple[str, ...], ranks: dict[tuple[str, str], float]) -> bool:
    matrix = [
        [1.0 if first == second else normal_correlation(ranks.get((first, second), 0.0)) for second in block]
        for first in block
    ]
    return is_positive_definite(matrix)
