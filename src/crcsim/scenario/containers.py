"""Maps from free names, and lists, of parts of one kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from crcsim.scenario.kinds import Kind, address_of, wrong_type
from crcsim.scenario.nodes import ListNode, MapNode, Node
from crcsim.scenario.reading import INVALID, Address, Invalid, Reading

__all__ = ["ListOf", "MapOf", "merge_maps"]

Value = TypeVar("Value")


@dataclass(frozen=True)
class MapOf(Kind[dict[str, Value]]):
    """A map from names to parts of one kind, sorted by name."""

    kind: Kind[Value]
    noun: str
    required: bool = False

    def read(self, node: Node, at: Address, reading: Reading) -> dict[str, Value] | Invalid:
        """Return the parts by name; a map with a broken part is INVALID."""
        if not isinstance(node, MapNode):
            return wrong_type(node, f"a map from each {self.noun} to its entries", reading)
        if self.required and not node.entries and not reading.partial:
            return reading.report("empty", node.position, node.path, allowed=f"at least one {self.noun}")
        found: dict[str, Value] = {}
        for name in sorted(node.entries):
            value = self.kind.read(node.entries[name], self.address(at, name, node.entries[name]), reading)
            if not isinstance(value, Invalid):
                found[name] = value
        if not node.entries:
            reading.record(address_of(node, at).path, {})
        return found if len(found) == len(node.entries) else INVALID

    def address(self, at: Address, name: str, node: Node) -> Address:
        """Return the address of one part."""
        return at.child(name)

    def absent(self, default: Any, at: Address, reading: Reading) -> Any:
        """Return an empty map."""
        return {}

    def part(self, key: str) -> Kind[Any] | None:
        """Return the kind of every part."""
        return self.kind

    def merge(self, lower: Node, upper: Node) -> Node:
        """Merge name by name."""
        return merge_maps(lower, upper, dict.fromkeys(getattr(upper, "entries", ()), self.kind))

    def schema(self) -> dict[str, Any]:
        """Return the schema of a map with free keys."""
        return {"type": "object", "additionalProperties": self.kind.schema()}


@dataclass(frozen=True)
class ListOf(Kind[tuple[Value, ...]]):
    """A list of parts of one kind; a later layer replaces it."""

    kind: Kind[Value]
    noun: str

    def read(self, node: Node, at: Address, reading: Reading) -> tuple[Value, ...] | Invalid:
        """Return the parts in the order written; a list with a broken part is INVALID."""
        if not isinstance(node, ListNode):
            return wrong_type(node, f"a list, one item per {self.noun}", reading)
        found = [
            self.kind.read(item, self.address(at, index, item), reading)
            for index, item in enumerate(node.items)
        ]
        valid = tuple(value for value in found if not isinstance(value, Invalid))
        return valid if len(valid) == len(found) else INVALID

    def address(self, at: Address, index: int, node: Node) -> Address:
        """Return the address of one part."""
        return at.child(index)

    def absent(self, default: Any, at: Address, reading: Reading) -> Any:
        """Return an empty list."""
        return ()

    def part(self, key: str) -> Kind[Any] | None:
        """Return the kind of every part."""
        return self.kind

    def schema(self) -> dict[str, Any]:
        """Return the schema of a list."""
        return {"type": "array", "items": self.kind.schema()}


def merge_maps(lower: Node, upper: Node, kinds: Mapping[str, Kind[Any]]) -> Node:
    """Return two maps merged key by key, each by its kind; anything else is replaced by `upper`."""
    if not (isinstance(lower, MapNode) and isinstance(upper, MapNode)):
        return upper
    entries = dict(lower.entries)
    for key, node in upper.entries.items():
        kind = kinds.get(key)
        entries[key] = kind.merge(entries[key], node) if kind is not None and key in entries else node
    keys = {**lower.keys, **upper.keys}
    return MapNode(entries, keys, upper.position, upper.path, upper.shared, upper.source)
