"""A row of a ledger table: its values, and where each of them stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crcsim.scenario.nodes import ListNode, MapNode, Node, ScalarNode, describe
from crcsim.scenario.reading import Address, Invalid, Reading
from crcsim.scenario.sections import Section

__all__ = ["Row", "read_table", "text_at"]


@dataclass(frozen=True)
class Row:
    """One row whose values are sound in themselves."""

    values: Mapping[str, Any]
    node: MapNode

    def __getitem__(self, key: str) -> Any:
        return self.values[key]

    def report(
        self,
        reading: Reading,
        code: str,
        key: str,
        *,
        allowed: str | None = None,
        nearest: str | None = None,
        hint: str | None = None,
    ) -> None:
        """List a problem at the entry with this key, or at the row where that is not stated."""
        at = self.node.entries.get(key)
        value = describe(at) if at is not None else None
        position = at.position if at is not None else self.node.position
        path = (*self.node.path, key)
        reading.report(code, position, path, value=value, allowed=allowed, nearest=nearest, hint=hint)


def read_table(node: Node | None, section: Section[dict[str, Any]], reading: Reading) -> tuple[Row, ...]:
    """Return the sound rows of a table; what is wrong in the others is listed."""
    found = []
    for item in node.items if isinstance(node, ListNode) else ():
        values = section.read(item, Address(item.path, item.path), reading)
        if isinstance(item, MapNode) and not isinstance(values, Invalid):
            found.append(Row(values, item))
    return tuple(found)


def text_at(node: Node, key: str) -> str | None:
    """Return the text of an entry, sound or not, so that a broken row still makes its name known."""
    entry = node.entries.get(key) if isinstance(node, MapNode) else None
    return entry.text if isinstance(entry, ScalarNode) and entry.text else None
