"""The JSON Schema of a scenario file, for editors and for the reference pages."""

from __future__ import annotations

from typing import Any

from crcsim.scenario.customers import CUSTOMER
from crcsim.scenario.quantities import QuantityKind
from crcsim.scenario.root import ROOT

__all__ = ["json_schema"]


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a scenario file, from the same tables that read it.

    Nothing is required in it: an overlay, a segment or a table may state the rest. What needs several places
    to be judged (references, consistent distributions) is left to the reading of the scenario.
    """
    schema = _without_required(ROOT.schema())
    schema["properties"]["customers"]["additionalProperties"] = {"$ref": "#/$defs/customer"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "crcsim scenario",
        **schema,
        "$defs": {"customer": _without_required(CUSTOMER.schema()), "quantity": QuantityKind.shared_schema()},
    }


def _without_required(schema: Any) -> Any:
    if isinstance(schema, dict):
        kept = {key: node for key, node in schema.items() if key != "required" or not isinstance(node, list)}
        return {key: _without_required(node) for key, node in kept.items()}
    return [_without_required(item) for item in schema] if isinstance(schema, list) else schema
