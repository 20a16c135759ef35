"""A list of names, each stated once."""

from __future__ import annotations

from typing import Any

from crcsim.scenario.containers import ListOf
from crcsim.scenario.kinds import Text
from crcsim.scenario.nodes import ListNode, Node, describe
from crcsim.scenario.reading import INVALID, Address, Invalid, Reading

__all__ = ["Names"]


class Names(ListOf[str]):
    """One name or more, sorted."""

    def __init__(self, noun: str) -> None:
        super().__init__(Text(), noun)

    def read(self, node: Node, at: Address, reading: Reading) -> tuple[str, ...] | Invalid:
        """Return the names in order; an empty list and a name that stands there twice are listed."""
        found = super().read(node, at, reading)
        if isinstance(found, Invalid) or not isinstance(node, ListNode):
            return INVALID
        if not found:
            return reading.report("empty", node.position, node.path, allowed=f"at least one {self.noun}")
        for index, item in enumerate(node.items):
            if (name := describe(item)) in found[:index]:
                hint = f"name each {self.noun} once"
                return reading.report(
                    f"duplicate_{self.noun}", item.position, item.path, value=name, hint=hint
                )
        return tuple(sorted(found))

    def absent(self, default: Any, at: Address, reading: Reading) -> Any:
        """Return nothing."""
        return None
