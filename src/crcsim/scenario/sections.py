"""Sections: maps with known keys. One table of keys serves reading, merging, the JSON Schema and the docs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from crcsim.scenario.containers import merge_maps
from crcsim.scenario.kinds import Kind, Text, wrong_type
from crcsim.scenario.nodes import MapNode, Node, ScalarNode
from crcsim.scenario.reading import INVALID, Address, Invalid, Reading, nearest

__all__ = ["REQUIRED", "Alternatives", "Key", "Section"]

Part = TypeVar("Part")
Values = dict[str, Any]


class _Required:
    """The type of REQUIRED."""


REQUIRED = _Required()


@dataclass(frozen=True)
class Key:
    """One key of a section: its kind, its default and the sentence that documents it.

    `derived` gives the default where that depends on the other entries of the section.
    """

    name: str
    kind: Kind[Any]
    doc: str
    default: Any = REQUIRED
    derived: Callable[[Mapping[str, Node]], Any] | None = None

    def default_for(self, entries: Mapping[str, Node]) -> Any:
        """Return the default beside the other entries."""
        return self.default if self.derived is None else self.derived(entries)


@dataclass(frozen=True)
class Alternatives:
    """Groups of keys of which only one may be stated; a later layer that states one drops the others."""

    groups: tuple[tuple[str, ...], ...]
    required: bool = True

    def stated(self, entries: Mapping[str, Node]) -> list[tuple[str, ...]]:
        """Return the groups that a map states."""
        return [group for group in self.groups if any(name in entries for name in group)]

    def dropped(self, lower: Mapping[str, Node], upper: Mapping[str, Node]) -> set[str]:
        """Return the keys of `lower` that an alternative in `upper` overrides."""
        chosen = self.stated(upper)
        kept = {name for group in chosen for name in group}
        return {
            name for group in self.groups for name in group if chosen and name in lower and name not in kept
        }


@dataclass(frozen=True)
class Section(Kind[Part]):
    """A map with known keys; `build` makes the part from the values by key name and the address.

    `check` lists what is wrong between the keys of one section; `scalar_hint` is the cure for a scalar that
    stands in its place, `unknown_hint` that for a key which is like no known one.
    """

    build: Callable[[Values, Address], Part]
    keys: tuple[Key, ...]
    alternatives: tuple[Alternatives, ...] = ()
    check: Callable[[Values, MapNode, Reading], bool] | None = None
    scalar_hint: str | None = None
    unknown_hint: str | None = None
    named: Mapping[str, Key] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        source = Key("source", Text(), "The evidence for what is stated here.", default=None)
        named = {key.name: key for key in self.keys}
        object.__setattr__(self, "named", {**named, "source": named.get("source", source)})

    def read(self, node: Node, at: Address, reading: Reading) -> Part | Invalid:
        """Return the part; every key is read, so that all problems are found in one pass."""
        if not isinstance(node, MapNode):
            return wrong_type(node, f"a map with {self._key_list()}", reading, self.scalar_hint)
        sound = self._report_unknown(node, reading) & self._report_alternatives(node, reading)
        values: Values = {}
        for key in self.keys:
            values[key.name] = self._read_key(key, node, at, reading)
            sound &= not isinstance(values[key.name], Invalid)
        if "source" in node.entries and "source" not in values:
            sound &= _check_source(node.entries["source"], reading)
        if not sound or reading.partial:
            return INVALID
        if self.check is not None and not self.check(values, node, reading):
            return INVALID
        return self.build(values, at)

    def _read_key(self, key: Key, node: MapNode, at: Address, reading: Reading) -> Any:
        if (child := node.entries.get(key.name)) is not None:
            return key.kind.read(child, at.child(key.name), reading)
        if reading.partial:
            return None
        if key.default is REQUIRED:
            path = (*node.path, key.name)
            return reading.report("missing_key", node.position, path, hint=f"state {key.name}: {key.doc}")
        return key.kind.absent(key.default_for(node.entries), at.child(key.name), reading)

    def _report_unknown(self, node: MapNode, reading: Reading) -> bool:
        unknown = [name for name in node.entries if name not in self.named]
        for name in unknown:
            near = nearest(name, self.named)
            hint = None if near else self.unknown_hint or f"known keys: {self._key_list()}"
            path = node.entries[name].path
            reading.report("unknown_key", node.keys[name], path, value=name, nearest=near, hint=hint)
        return not unknown

    def _report_alternatives(self, node: MapNode, reading: Reading) -> bool:
        sound = True
        for alternatives in self.alternatives:
            stated = alternatives.stated(node.entries)
            names = " or ".join(group[0] for group in alternatives.groups)
            if len(stated) > 1:
                value = " and ".join(name for group in stated for name in group if name in node.entries)
                reading.report(
                    "conflicting_keys", node.position, node.path, value=value, allowed=f"only {names}"
                )
                sound = False
            elif not stated and alternatives.required and not reading.partial:
                path = (*node.path, alternatives.groups[0][0])
                reading.report("missing_key", node.position, path, allowed=names, hint=self.scalar_hint)
                sound = False
        return sound

    def _key_list(self) -> str:
        return ", ".join(key.name for key in self.keys)

    def absent(self, default: Any, at: Address, reading: Reading) -> Any:
        """Return nothing where the default is None, else the part; `default` holds defaults by key."""
        if default is None:
            return None
        values = {
            key.name: key.kind.absent(default.get(key.name, key.default_for({})), at.child(key.name), reading)
            for key in self.keys
        }
        return self.build(values, at)

    def part(self, key: str) -> Kind[Any] | None:
        """Return the kind of one key."""
        return self.named[key].kind if key in self.named else None

    def without_overridden(self, lower: MapNode, upper: MapNode) -> MapNode:
        """Return `lower` without the keys to which `upper` states an alternative."""
        dropped = set[str]()
        for alternatives in self.alternatives:
            dropped |= alternatives.dropped(lower.entries, upper.entries)
        return replace(
            lower, entries={name: node for name, node in lower.entries.items() if name not in dropped}
        )

    def merge(self, lower: Node, upper: Node) -> Node:
        """Merge key by key; an alternative stated in `upper` drops the others of `lower`."""
        if isinstance(lower, MapNode) and isinstance(upper, MapNode):
            lower = self.without_overridden(lower, upper)
        return merge_maps(lower, upper, {name: key.kind for name, key in self.named.items()})

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the section, with the sentence of every key."""
        properties = {name: {**key.kind.schema(), "description": key.doc} for name, key in self.named.items()}
        required = [key.name for key in self.keys if key.default is REQUIRED]
        return {
            "type": "object",
            "properties": properties,
            "additionalProperties": False,
            **({"required": required} if required else {}),
        }


def _check_source(node: Node, reading: Reading) -> bool:
    """List a `source:` that is not a text; its text is kept by the quantities below it."""
    if isinstance(node, ScalarNode) and node.value is not None and node.text.strip():
        return True
    wrong_type(node, "a text that names the evidence", reading)
    return False
