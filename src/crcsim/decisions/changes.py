"""What differs between the scenarios of two results, read from the results themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crcsim.scenario.nodes import join

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Change", "scenario_changes"]


@dataclass(frozen=True)
class Change:
    """One entry of a scenario in canonical units before and after; None: not there.

    What a whole customer, product or list says is one entry, where only one side has it or lengths differ.
    """

    path: str
    before: Any
    after: Any


def scenario_changes(first: xr.Dataset, second: xr.Dataset) -> tuple[Change, ...] | None:
    """Every entry in which the resolved scenarios of two results differ, in order of their paths.

    The name of the scenario and where a number comes from are left out: they change no number. None when a
    result does not carry its scenario (`scenario_resolved`), which is not the same as no change.
    """
    before, after = _document(first), _document(second)
    if before is None or after is None:
        return None
    return tuple(change for change in _differing(before, after, ()) if change.path != "name")


def _document(result: xr.Dataset) -> Any:
    try:
        return _without_sources(json.loads(result.attrs["scenario_resolved"]))
    except (KeyError, TypeError, ValueError):
        return None


def _without_sources(node: Any) -> Any:
    """The document without `source: text`; a map that then holds nothing but `value` becomes that value."""
    if isinstance(node, list):
        return [_without_sources(child) for child in node]
    if not isinstance(node, dict):
        return node
    kept = {
        key: _without_sources(child)
        for key, child in node.items()
        if not (key == "source" and isinstance(child, str))
    }
    return kept["value"] if set(kept) == {"value"} else kept


def _differing(first: Any, second: Any, path: tuple[str | int, ...]) -> Iterator[Change]:
    if isinstance(first, dict) and isinstance(second, dict):
        for key in sorted({*first, *second}):
            yield from _differing(first.get(key), second.get(key), (*path, key))
    elif isinstance(first, list) and isinstance(second, list) and len(first) == len(second):
        for place, (one, two) in enumerate(zip(first, second, strict=True)):
            yield from _differing(one, two, (*path, place))
    elif first != second:
        yield Change(join(path), first, second)
