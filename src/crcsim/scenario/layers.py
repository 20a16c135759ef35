"""What holds for a customer: its defaults, its segment, its table row and its own row, in this order.

A line in the defaults or in a segment that says how much is bought (`wallet` or `sales`) holds for all;
without that it only describes the line of those customers that state one themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import reduce

from crcsim.scenario.customers import CUSTOMER
from crcsim.scenario.files import Files
from crcsim.scenario.nodes import MapNode, Node, ScalarNode
from crcsim.scenario.reading import Address, Invalid, Reading
from crcsim.scenario.tables import CUSTOMER_TABLES, read_rows

__all__ = ["customers_in_layers"]


def customers_in_layers(root: MapNode, files: Files, reading: Reading) -> MapNode | None:
    """Return the map of all customers, each merged from its layers; None where no customer is stated."""
    stated = root.entries.get("customers")
    if stated is not None and not isinstance(stated, MapNode):
        return None
    own = stated.entries if stated is not None else {}
    rows = _table_rows(root, files, reading)
    if stated is None and not rows and not reading.tables_broken:
        return None
    merged = {name: _merged(root, rows.get(name), own.get(name)) for name in sorted({*own, *rows})}
    keys = {name: own[name].position if name in own else rows[name].position for name in merged}
    position = stated.position if stated is not None else root.position
    return MapNode(merged, keys, position, ("customers",))


def _merged(root: MapNode, row: Node | None, own: Node | None) -> Node:
    """Return one customer; a row that is not a map stays as it is, to be listed by its reader."""
    defaults = root.entries.get("customer_defaults")
    segment = _segment(root, [layer for layer in (defaults, row, own) if layer is not None])
    shared: list[Node] = [layer for layer in (defaults, segment) if isinstance(layer, MapNode)]
    own_layers = [layer for layer in (row, own) if layer is not None]
    merged = reduce(CUSTOMER.merge, [*shared, *own_layers])
    return _without_unused_lines(merged, own_layers)


def _without_unused_lines(customer: Node, own_layers: list[Node]) -> Node:
    """Return a customer without the lines that only defaults describe, not saying how much is bought."""
    lines = customer.entries.get("lines") if isinstance(customer, MapNode) else None
    if not isinstance(customer, MapNode) or not isinstance(lines, MapNode):
        return customer
    stated = {name for layer in own_layers for name in _entries(_entries(layer).get("lines"))}
    kept = {
        name: line
        for name, line in lines.entries.items()
        if name in stated or {"wallet", "sales"} & set(_entries(line)) or not isinstance(line, MapNode)
    }
    return replace(customer, entries={**customer.entries, "lines": replace(lines, entries=kept)})


def _entries(node: Node | None) -> Mapping[str, Node]:
    return node.entries if isinstance(node, MapNode) else {}


def _segment(root: MapNode, layers: list[Node]) -> Node | None:
    """Return the entries of the segment that the last layer names."""
    segments = root.entries.get("segments")
    for layer in reversed(layers):
        name = layer.entries.get("segment") if isinstance(layer, MapNode) else None
        if isinstance(name, ScalarNode):
            return segments.entries.get(name.text) if isinstance(segments, MapNode) else None
    return None


def _table_rows(root: MapNode, files: Files, reading: Reading) -> dict[str, MapNode]:
    """Return the rows of all tables by account name; a name in two tables is listed."""
    tables = root.entries.get("customer_tables")
    if tables is None:
        return {}
    at = Address(("customer_tables",), ("customer_tables",))
    found: dict[str, MapNode] = {}
    before = len(reading.problems)
    stated = CUSTOMER_TABLES.read(tables, at, reading)
    if isinstance(stated, Invalid):
        reading.tables_broken = True
        return {}
    for table, node in zip(stated, getattr(tables, "items", ()), strict=True):
        for name, row in read_rows(table, node, files, reading).items():
            if name in found:
                hint = f"first stated at {found[name].position}"
                path = ("customers", name)
                reading.report("duplicate_customer", row.position, path, value=name, hint=hint)
            found[name] = row
    reading.tables_broken = len(reading.problems) > before
    return found
