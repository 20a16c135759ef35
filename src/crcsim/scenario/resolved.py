"""The resolved document: every value in canonical units, in the shape of a scenario file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from crcsim.scenario.nodes import Path, join
from crcsim.scenario.reading import Json

if TYPE_CHECKING:
    from crcsim.scenario.scenario import Scenario

__all__ = ["difference", "nested"]

_LAYING_TOGETHER = ("extends", "customer_tables", "sweep")


def nested(recorded: Mapping[Path, Json]) -> dict[str, Json]:
    """Return recorded values as nested maps sorted by key; integer keys are places in a list."""
    tree: dict[str | int, object] = {}
    for path in sorted(recorded, key=len):
        if path[0] not in _LAYING_TOGETHER:
            node = tree
            for key in path[:-1]:
                node = node.setdefault(key, {})  # type: ignore[assignment]
            node[path[-1]] = recorded[path]
    return {str(key): _sorted(tree[key]) for key in sorted(tree, key=str)}


def _sorted(node: object) -> Json:
    if not isinstance(node, dict):
        return node  # type: ignore[return-value]
    if node and all(isinstance(key, int) for key in node):
        return [_sorted(node[key]) for key in sorted(node)]
    return {str(key): _sorted(node[key]) for key in sorted(node, key=str)}


def difference(first: Scenario, second: Scenario) -> list[tuple[str, Json, Json]]:
    """Return (path, value in the first, value in the second) where two scenarios differ; None: not there."""
    left, right = dict(_leaves(first.resolved(), ())), dict(_leaves(second.resolved(), ()))
    return [
        (join(path), left.get(path), right.get(path))
        for path in sorted({*left, *right}, key=join)
        if left.get(path) != right.get(path)
    ]


def _leaves(node: Json, path: Path) -> Iterator[tuple[Path, Json]]:
    if isinstance(node, dict) and node:
        for key, child in node.items():
            yield from _leaves(child, (*path, key))
    elif isinstance(node, list) and node:
        for index, child in enumerate(node):
            yield from _leaves(child, (*path, index))
    else:
        yield path, node
