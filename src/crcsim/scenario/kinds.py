"""Kinds of entries: how a node becomes a value, how two layers of it merge, and its JSON Schema."""

from __future__ import annotations

import datetime
import math
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from crcsim.scenario.nodes import MapNode, Node, ScalarNode, describe
from crcsim.scenario.reading import Address, Invalid, Json, Reading, nearest
from crcsim.scenario.values import ANY_NUMBER, Amount, Fault, Interval, MoneyPerYear, Number, PerMoney, Unit
from crcsim.scenario.yaml_types import plain_value

__all__ = [
    "Choice",
    "Date",
    "FixedNumber",
    "Flag",
    "Kind",
    "Text",
    "WholeNumber",
    "address_of",
    "as_json",
    "parse_number",
    "wrong_type",
]

Value = TypeVar("Value")


class Kind(ABC, Generic[Value]):
    """One kind of entry."""

    @abstractmethod
    def read(self, node: Node, at: Address, reading: Reading) -> Value | Invalid:
        """Return the value of a node; problems are listed in `reading`."""

    @abstractmethod
    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of this kind."""

    def absent(self, default: Any, at: Address, reading: Reading) -> Any:
        """Return the value of an entry that is not stated."""
        if default is not None:
            reading.record(at.path, default)
        return default

    def merge(self, lower: Node, upper: Node) -> Node:
        """Return what holds when `upper` is laid over `lower`."""
        return upper

    def part(self, key: str) -> Kind[Any] | None:
        """Return the kind of the part with this key, or None."""
        return None

    def without_overridden(self, lower: MapNode, upper: MapNode) -> MapNode:
        """Return `lower` without what `upper` overrides by stating an alternative."""
        return lower


def address_of(node: Node, at: Address) -> Address:
    """Return where a node belongs: what is written in a shared layer stays there."""
    return Address(node.path, node.path) if node.shared else at


def wrong_type(node: Node, expected: str, reading: Reading, hint: str | None = None) -> Invalid:
    """List a node of the wrong type."""
    code = "nothing_stated" if isinstance(node, ScalarNode) and node.value is None else "wrong_type"
    value = None if code == "nothing_stated" else describe(node)
    return reading.report(code, node.position, node.path, value=value, allowed=expected, hint=hint)


def parse_number(
    node: Node, unit: Unit, interval: Interval, reading: Reading, *, endless: bool = False
) -> float | Invalid:
    """Return a scalar in canonical units; `endless` admits infinity."""
    if not isinstance(node, ScalarNode) or node.value is None or isinstance(node.value, bool):
        return wrong_type(node, f"a number such as {unit.example}", reading)
    if isinstance(unit, MoneyPerYear | Amount | PerMoney):
        unit = replace(unit, currency=reading.currency)
    if node.quoted and isinstance(plain_value(node.text), int | float):
        return wrong_type(
            node, f"a number such as {unit.example}", reading, "write the number without quotes"
        )
    found = unit.read_text(node.value) if isinstance(node.value, str) else _as_float(node.value)
    if isinstance(found, Fault):
        return reading.report(
            found.code, node.position, node.path, value=node.text, allowed=found.allowed, hint=found.hint
        )
    if math.isnan(found) or (math.isinf(found) and not (endless and found > 0)):
        return reading.report(
            "not_finite", node.position, node.path, value=node.text, allowed="a finite number"
        )
    if found not in interval:
        return reading.report(
            "out_of_range", node.position, node.path, value=node.text, allowed=interval.text(unit)
        )
    if isinstance(unit, Number) and unit.ratio and not isinstance(node.value, str) and abs(found) > 1:
        text = f"{node.text} means {found * 100:.12g}%; write {node.text}% if percent is meant"
        reading.warn(node.position, node.path, text)
    return found


def _as_float(value: int | float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf


@dataclass(frozen=True)
class FixedNumber(Kind[float]):
    """A number that cannot be uncertain."""

    unit: Unit
    interval: Interval = ANY_NUMBER
    endless: bool = False

    def read(self, node: Node, at: Address, reading: Reading) -> float | Invalid:
        """Return the number in canonical units."""
        found = parse_number(node, self.unit, self.interval, reading, endless=self.endless)
        if not isinstance(found, Invalid):
            reading.record(address_of(node, at).path, as_json(found))
        return found

    def absent(self, default: Any, at: Address, reading: Reading) -> Any:
        """Return the default."""
        if default is not None:
            reading.record(at.path, as_json(default))
        return default

    def schema(self) -> dict[str, Any]:
        """Return the schema of a number or a text with a unit."""
        return {"type": ["number", "string"], "examples": [self.unit.example]}


def as_json(value: float) -> Json:
    """Return a number as JSON holds it: infinity becomes the word `inf`."""
    return "inf" if math.isinf(value) else value


@dataclass(frozen=True)
class WholeNumber(Kind[int]):
    """An integer between two bounds, or one of a few."""

    low: int
    high: int
    choices: tuple[int, ...] = ()

    def read(self, node: Node, at: Address, reading: Reading) -> int | Invalid:
        """Return the integer; 1e5 and 4.0 are integers too."""
        value = node.value if isinstance(node, ScalarNode) else None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            return wrong_type(node, self.allowed(), reading)
        if not self.low <= value <= self.high or (self.choices and value not in self.choices):
            return reading.report(
                "out_of_range", node.position, node.path, value=describe(node), allowed=self.allowed()
            )
        reading.record(address_of(node, at).path, value)
        return value

    def allowed(self) -> str:
        """Return the allowed numbers in words."""
        if self.choices:
            return "one of " + ", ".join(str(choice) for choice in self.choices)
        return f"a whole number from {self.low} to {self.high}"

    def schema(self) -> dict[str, Any]:
        """Return the schema of an integer."""
        if self.choices:
            return {"enum": list(self.choices)}
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True)
class Text(Kind[str]):
    """A text, such as a name."""

    def read(self, node: Node, at: Address, reading: Reading) -> str | Invalid:
        """Return the text; a number is a name too, a boolean or nothing is not."""
        if not isinstance(node, ScalarNode) or node.value is None or isinstance(node.value, bool):
            return wrong_type(node, "a text", reading)
        if not node.text.strip():
            return wrong_type(node, "a text that is not empty", reading)
        reading.record(address_of(node, at).path, node.text)
        return node.text

    def schema(self) -> dict[str, Any]:
        """Return the schema of a text."""
        return {"type": "string", "minLength": 1}


@dataclass(frozen=True)
class Choice(Kind[str]):
    """One of a few words."""

    words: tuple[str, ...]

    def read(self, node: Node, at: Address, reading: Reading) -> str | Invalid:
        """Return the word."""
        allowed = "one of " + ", ".join(self.words)
        if not isinstance(node, ScalarNode) or node.value is None:
            return wrong_type(node, allowed, reading)
        if node.text not in self.words:
            near = nearest(node.text, self.words)
            return reading.report(
                "unknown_word", node.position, node.path, value=node.text, allowed=allowed, nearest=near
            )
        reading.record(address_of(node, at).path, node.text)
        return node.text

    def schema(self) -> dict[str, Any]:
        """Return the schema of an enumeration."""
        return {"enum": list(self.words)}


@dataclass(frozen=True)
class Flag(Kind[bool]):
    """true or false."""

    def read(self, node: Node, at: Address, reading: Reading) -> bool | Invalid:
        """Return the boolean."""
        if not isinstance(node, ScalarNode) or not isinstance(node.value, bool):
            return wrong_type(
                node, "true or false", reading, "`yes`, `no`, `on` and `off` are text in YAML 1.2"
            )
        reading.record(address_of(node, at).path, node.value)
        return node.value

    def schema(self) -> dict[str, Any]:
        """Return the schema of a boolean."""
        return {"type": "boolean"}


@dataclass(frozen=True)
class Date(Kind[datetime.date]):
    """A date, year-month-day."""

    def read(self, node: Node, at: Address, reading: Reading) -> datetime.date | Invalid:
        """Return the date."""
        try:
            if not isinstance(node, ScalarNode) or len(node.text) != 10:
                raise ValueError
            date = datetime.date.fromisoformat(node.text)
        except ValueError:
            return wrong_type(node, "a date such as 2026-01-31", reading)
        reading.record(address_of(node, at).path, date.isoformat())
        return date

    def schema(self) -> dict[str, Any]:
        """Return the schema of a date."""
        return {"type": "string", "format": "date"}
