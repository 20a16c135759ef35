"""Maps from free names, and lists, of parts of one kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from crcsim.scenario.kinds import Kind, address_of, wrong_type
from crcsim.scenario.nodes import ListNode, MapNode, Node, ScalarNode, describe
from crcsim.scenario.reading import INVALID, Address, Invalid, Reading

__all__ = ["ListOf", "MapOf", "Removable", "merge_maps", "states_nothing", "without_removals"]

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


@dataclass(frozen=True)
class Removable(Kind[Value | None]):
    """A part that a later layer may remove by stating nothing (`null`)."""

    kind: Kind[Value]

    def read(self, node: Node, at: Address, reading: Reading) -> Value | Invalid | None:
        """Return the part, or None where it is removed; a removal of what is not there is listed."""
        if not states_nothing(node):
            return self.kind.read(node, at, reading)
        if describe(node) != _REMOVED:
            hint = "nothing below states it; leave it out, or state what it is"
            return reading.report("nothing_to_remove", node.position, node.path, hint=hint)
        reading.record(address_of(node, at).path, None)
        return None

    def absent(self, default: Any, at: Address, reading: Reading) -> Any:
        """Return the default."""
        return self.kind.absent(default, at, reading)

    def merge(self, lower: Node, upper: Node) -> Node:
        """Merge as the part does; what is removed says so, and what was may be stated again."""
        if isinstance(upper, ScalarNode) and states_nothing(upper):
            return replace(upper, text=_REMOVED)
        return upper if states_nothing(lower) else self.kind.merge(lower, upper)

    def part(self, key: str) -> Kind[Any] | None:
        """Return the kind of a part of the part."""
        return self.kind.part(key)

    def without_overridden(self, lower: MapNode, upper: MapNode) -> MapNode:
        """Return `lower` without what the part overrides."""
        return self.kind.without_overridden(lower, upper)

    def schema(self) -> dict[str, Any]:
        """Return the schema of the part, or of nothing."""
        return {"oneOf": [self.kind.schema(), {"type": "null"}]}


def states_nothing(node: Node) -> bool:
    """Return whether a node is null, written or left empty."""
    return isinstance(node, ScalarNode) and node.value is None


_REMOVED = "removed"


def without_removals(node: Node, lower: Node | None) -> Node:
    """Return a map without the removals of what `lower` does not state: nothing is left of them."""
    if not isinstance(node, MapNode):
        return node
    below = lower.entries if isinstance(lower, MapNode) else {}
    kept = {
        name: child
        for name, child in node.entries.items()
        if name in below or not states_nothing(child) or describe(child) != _REMOVED
    }
    return replace(node, entries=kept)


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
