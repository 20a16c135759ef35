"""The tree of a scenario as written: scalars, maps and lists, each knowing where it stands."""

from __future__ import annotations

import datetime
import json
import numbers
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from crcsim.errors import Position
from crcsim.scenario.yaml_types import plain_value

__all__ = [
    "ListNode",
    "MapNode",
    "Node",
    "Path",
    "Scalar",
    "ScalarNode",
    "describe",
    "from_python",
    "join",
    "normalised",
    "split",
    "with_path",
]

Scalar = str | int | float | bool | None
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """A scalar with YAML 1.2 types; `text` is what was written, `quoted` whether it stood in quotes.

    `path` is where the node was written, `shared` marks what stands in the defaults or in a segment (one
    draw for all), `source` is the evidence stated beside it or around it.
    """

    value: Scalar
    text: str
    position: Position
    path: Path = ()
    shared: bool = False
    source: str | None = None
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class MapNode:
    """A map; `keys` gives the position of each key, in the order written."""

    entries: Mapping[str, Node]
    keys: Mapping[str, Position]
    position: Position
    path: Path = ()
    shared: bool = False
    source: str | None = None


@dataclass(frozen=True, slots=True)
class ListNode:
    """A list."""

    items: tuple[Node, ...]
    position: Position
    path: Path = ()
    shared: bool = False
    source: str | None = None


Node = ScalarNode | MapNode | ListNode


def normalised(text: str) -> str:
    """Return the text in Unicode normal form NFC, so that equal names are equal strings."""
    return unicodedata.normalize("NFC", text)


def join(path: Iterable[str | int]) -> str:
    """Return a path in dotted form; a key that holds a dot or a quote stands in double quotes."""
    return ".".join(_part(part) for part in path)


def _part(part: str | int) -> str:
    if isinstance(part, str) and (not part or "." in part or '"' in part):
        return json.dumps(part, ensure_ascii=False)
    return str(part)


def split(dotted: str) -> tuple[str, ...]:
    """Return the keys of a dotted path; the inverse of `join` up to the type of list indices.

    Raises ValueError where a quote is not closed.
    """
    return tuple(normalised(part) for part in _parts(dotted))


def _parts(dotted: str) -> Iterator[str]:
    decoder = json.JSONDecoder()
    at = 0
    while True:
        if dotted.startswith('"', at):
            part, at = decoder.raw_decode(dotted, at)
        else:
            end = dotted.find(".", at)
            end = len(dotted) if end < 0 else end
            part, at = dotted[at:end], end
        yield str(part)
        if at >= len(dotted):
            return
        if dotted[at] != ".":
            raise ValueError(f"text after a closing quote in {dotted}")
        at += 1


def describe(node: Node) -> str:
    """Return a node as a short text for an error message."""
    if isinstance(node, MapNode):
        return f"a map of {len(node.entries)} keys" if len(node.entries) != 1 else "a map of 1 key"
    if isinstance(node, ListNode):
        return f"a list of {len(node.items)}"
    return node.text if node.text or node.quoted else "nothing"


def with_path(node: Node, path: Path, *, shared: bool = False, source: str | None = None) -> Node:
    """Return the tree with paths from `path` on; a `source` holds for all below it until the next."""
    if isinstance(node, MapNode):
        stated = node.entries.get("source")
        if isinstance(stated, ScalarNode) and stated.text:
            source = stated.text
        entries = {
            key: with_path(child, (*path, key), shared=shared, source=source)
            for key, child in node.entries.items()
        }
        return replace(node, entries=entries, path=path, shared=shared, source=source)
    if isinstance(node, ListNode):
        items = (
            with_path(item, (*path, index), shared=shared, source=source)
            for index, item in enumerate(node.items)
        )
        return replace(node, items=tuple(items), path=path, shared=shared, source=source)
    return replace(node, path=path, shared=shared, source=source)


def from_python(value: object, position: Position) -> Node:
    """Return a Python value (number, text, date, map, sequence, None) as a tree; text is read as in a file.

    Raises TypeError for a value of another type.
    """
    if isinstance(value, Mapping):
        entries = {normalised(str(key)): from_python(item, position) for key, item in value.items()}
        return MapNode(entries, dict.fromkeys(entries, position), position)
    if isinstance(value, str):
        text = normalised(value)
        return ScalarNode(plain_value(text), text, position)
    if isinstance(value, Sequence):
        return ListNode(tuple(from_python(item, position) for item in value), position)
    scalar = _python_scalar(value)
    return ScalarNode(scalar, "" if scalar is None else str(scalar), position)


def _python_scalar(value: object) -> Scalar:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        return float(value)
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    raise TypeError(f"a scenario cannot hold a {type(value).__name__}: {value!r}")
