"""The kind of entry that is a number or a distribution: with `source:`, shared or drawn for `each`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crcsim.scenario.distributions import distribution_json, distribution_schema, read_distribution
from crcsim.scenario.families import FAMILIES
from crcsim.scenario.kinds import Flag, Kind, address_of, as_json, parse_number, wrong_type
from crcsim.scenario.nodes import MapNode, Node, ScalarNode, join
from crcsim.scenario.quantity import Distribution, Quantity
from crcsim.scenario.reading import INVALID, Address, Invalid, Json, Reading, nearest
from crcsim.scenario.values import ANY_NUMBER, Interval, Number, Unit

__all__ = ["ANNUAL_RATE", "FORMS", "QuantityKind", "quantity_json"]

FORMS = ("value", *FAMILIES, "quantiles")
_CUSTOMER_LAYERS = ("customer_defaults", "segments", "customers")


@dataclass(frozen=True)
class QuantityKind(Kind[Quantity]):
    """A number in `unit` within `interval`, fixed or uncertain; `endless` admits `inf`.

    `extra` are further keys of its map, such as `basis`; they are read by the kind that wraps this one.
    """

    unit: Unit
    interval: Interval = ANY_NUMBER
    endless: bool = False
    extra: Mapping[str, Kind[str]] | None = None

    def read(self, node: Node, at: Address, reading: Reading) -> Quantity | Invalid:
        """Return the quantity with the place of its draw."""
        where = self.address(node, at, reading)
        if isinstance(where, Invalid):
            return INVALID
        value = self._value(node, reading)
        if isinstance(value, Invalid):
            reading.broken.add(join(where.place))
            return INVALID
        quantity = Quantity(value, join(where.place), node.source, node.position)
        reading.record(where.path, quantity_json(quantity))
        return reading.keep(quantity)

    def _value(self, node: Node, reading: Reading) -> float | Distribution | Invalid:
        if not isinstance(node, MapNode):
            return parse_number(node, self.unit, self.interval, reading, endless=self.endless)
        known = (*FORMS, "source", "each", *(self.extra or ()))
        unknown = [name for name in node.entries if name not in known]
        for name in unknown:
            near = nearest(name, known)
            hint = None if near else f"known keys: {', '.join(known)}"
            reading.report(
                "unknown_key", node.keys[name], (*node.path, name), value=name, nearest=near, hint=hint
            )
        stated = [name for name in node.entries if name in FORMS]
        if len(stated) != 1:
            if not unknown or len(stated) > 1:
                self._report_forms(node, stated, reading)
            return INVALID
        if "source" in node.entries and not isinstance(node.entries["source"], ScalarNode):
            return wrong_type(node.entries["source"], "a text that names the evidence", reading)
        form = stated[0]
        stated_value = self._stated(form, node.entries[form], reading)
        return INVALID if unknown else stated_value

    def _stated(self, form: str, node: Node, reading: Reading) -> float | Distribution | Invalid:
        if form == "value":
            return parse_number(node, self.unit, self.interval, reading, endless=self.endless)
        return read_distribution(form, node, self.unit, self.interval, reading)

    def _report_forms(self, node: MapNode, stated: list[str], reading: Reading) -> None:
        code = "conflicting_keys" if stated else "missing_key"
        value = " and ".join(stated) or None
        reading.report(code, node.position, node.path, value=value, allowed=f"one of {', '.join(FORMS)}")

    def address(self, node: Node, at: Address, reading: Reading) -> Address | Invalid:
        """Return where the draw belongs: in its shared layer, or at the customer with `each: true`."""
        each = node.entries.get("each") if isinstance(node, MapNode) else None
        if each is None:
            return address_of(node, at)
        found = Flag().read(each, Address(each.path, each.path), Reading())
        if isinstance(found, Invalid):
            return wrong_type(each, "true or false", reading)
        if found and node.path[0] not in _CUSTOMER_LAYERS:
            hint = "`each: true` belongs in customer_defaults or a segment"
            return reading.report("misplaced_key", each.position, each.path, value="each", hint=hint)
        return at if found else address_of(node, at)

    def absent(self, default: Any, at: Address, reading: Reading) -> Any:
        """Return the default as a quantity of its own place."""
        if default is None:
            return None
        quantity = Quantity(default, join(at.place))
        reading.record(at.path, quantity_json(quantity))
        return reading.keep(quantity)

    def schema(self) -> dict[str, Any]:
        """Return the schema of a number, a text with a unit, or a map with a distribution."""
        return {"$ref": "#/$defs/quantity", "examples": [self.unit.example]}

    @staticmethod
    def shared_schema() -> dict[str, Any]:
        """Return the schema that all quantities share, named `quantity` in the definitions."""
        forms = {"value": {"type": ["number", "string"]}, **distribution_schema()}
        extra = {"source": {"type": "string"}, "each": {"type": "boolean"}}
        extra["basis"] = {"enum": ["nominal", "real"]}  # type: ignore[dict-item]
        stated = {"type": "object", "properties": {**forms, **extra}, "additionalProperties": False}
        return {"oneOf": [{"type": ["number", "string"]}, stated]}


ANNUAL_RATE = QuantityKind(Number(ratio=True, per_year=True), Interval(low=-1.0, low_open=True))


def quantity_json(quantity: Quantity) -> Json:
    """Return a quantity in the resolved document: a number, or a map in the spelling of the input."""
    if not isinstance(quantity.value, Distribution):
        number = as_json(quantity.value)
        return number if quantity.source is None else {"value": number, "source": quantity.source}
    written = distribution_json(quantity.value)
    return written if quantity.source is None else {**written, "source": quantity.source}
