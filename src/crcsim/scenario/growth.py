"""A growth rate and whether it is nominal or real."""

from __future__ import annotations

from typing import Any, NamedTuple

from crcsim.scenario.kinds import Choice, Kind
from crcsim.scenario.nodes import MapNode, Node
from crcsim.scenario.quantities import QuantityKind, quantity_json
from crcsim.scenario.quantity import Quantity
from crcsim.scenario.reading import INVALID, Address, Invalid, Reading
from crcsim.scenario.values import Interval, Number

__all__ = ["Growth", "GrowthKind"]


class Growth(NamedTuple):
    """Growth with its basis."""

    quantity: Quantity
    basis: str


class GrowthKind(Kind[Growth]):
    """A growth rate; `{value: 2%, basis: real}` says that inflation comes on top."""

    basis = Choice(("nominal", "real"))
    rate = QuantityKind(
        Number(ratio=True, per_year=True), Interval(low=-1.0, low_open=True), extra={"basis": basis}
    )

    def read(self, node: Node, at: Address, reading: Reading) -> Growth | Invalid:
        """Return the growth rate and its basis, by default that of the scenario."""
        quantity = self.rate.read(node, at, reading)
        basis = self._basis(node, reading)
        where = self.rate.address(node, at, reading)
        if isinstance(quantity, Invalid) or isinstance(basis, Invalid) or isinstance(where, Invalid):
            return INVALID
        written = quantity_json(quantity)
        stated = written if isinstance(written, dict) else {"value": written}
        reading.record(where.path, {**stated, "basis": basis})
        return Growth(quantity, basis)

    def _basis(self, node: Node, reading: Reading) -> str | Invalid:
        stated = node.entries.get("basis") if isinstance(node, MapNode) else None
        if stated is None:
            return reading.basis
        silent = Reading(problems=reading.problems, partial=True)
        return self.basis.read(stated, Address((), ()), silent)

    def schema(self) -> dict[str, Any]:
        """Return the schema of a quantity."""
        return self.rate.schema()
