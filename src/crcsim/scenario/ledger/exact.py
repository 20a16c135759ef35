"""Exact numbers: what is added up to the cent is read as decimals, as it was written."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from crcsim.scenario.kinds import Kind, parse_number
from crcsim.scenario.nodes import Node, describe
from crcsim.scenario.reading import Address, Invalid, Reading
from crcsim.scenario.values import ANY_NUMBER, Amount, Interval, Number, Unit

__all__ = ["AMOUNT", "COST", "FRACTION", "QUANTITY", "ExactNumber"]

_CENT = Decimal("0.01")
_NOISE = Decimal("1e-6")  # of a spreadsheet's binary fractions, in units of the currency
_LARGEST = 1e13  # up to here a binary fraction of 15 digits still holds the cent


@dataclass(frozen=True)
class ExactNumber(Kind[Decimal]):
    """A number as a decimal with the digits that were written."""

    unit: Unit
    interval: Interval = ANY_NUMBER

    def read(self, node: Node, at: Address, reading: Reading) -> Decimal | Invalid:
        """Return the number in canonical units."""
        found = parse_number(node, self.unit, self.interval, reading)
        return found if isinstance(found, Invalid) else Decimal(repr(found))

    def absent(self, default: Any, at: Address, reading: Reading) -> Any:
        """Return the default."""
        return default

    def schema(self) -> dict[str, Any]:
        """Return the schema of a number or a text with a unit."""
        return {"type": ["number", "string"], "examples": [self.unit.example]}


@dataclass(frozen=True)
class Money(Kind[Decimal]):
    """An amount in whole cents; smaller fractions are rounded, with a warning."""

    interval: Interval

    def read(self, node: Node, at: Address, reading: Reading) -> Decimal | Invalid:
        """Return the amount in the currency of the ledger."""
        found = parse_number(node, Amount(reading.currency), self.interval, reading)
        if isinstance(found, Invalid):
            return found
        if abs(found) > _LARGEST:
            hint = "state the ledger in a larger unit, such as thousands"
            allowed = f"at most {_LARGEST:.0e}, up to which a cent is exact"
            return reading.report(
                "out_of_range", node.position, node.path, value=describe(node), allowed=allowed, hint=hint
            )
        exact = Decimal(repr(found))
        cents = exact.quantize(_CENT)
        if abs(cents - exact) > _NOISE:
            reading.warn(node.position, node.path, f"{exact} is rounded to the cent: {cents}")
        return cents

    def absent(self, default: Any, at: Address, reading: Reading) -> Any:
        """Return the default."""
        return default

    def schema(self) -> dict[str, Any]:
        """Return the schema of an amount."""
        return {"type": ["number", "string"], "examples": [Amount().example]}


AMOUNT = Money(ANY_NUMBER)
COST = Money(Interval(low=0.0))
QUANTITY = ExactNumber(Number(), Interval(low=0.0))
FRACTION = ExactNumber(Number(ratio=True), Interval(0.0, 1.0))
