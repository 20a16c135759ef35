"""The one reader of tables: CSV, and Parquet or XLSX where the optional packages are installed.

A table holds one row per account; `columns` maps dotted keys of a customer (and `name`) to column headers.
Cells are read as in a scenario file, so `3%`, `0.03` and `12.5 M EUR per year` all work.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from crcsim.errors import Position
from crcsim.scenario.containers import ListOf, MapOf
from crcsim.scenario.customers import CUSTOMER
from crcsim.scenario.files import Files
from crcsim.scenario.kinds import Kind, Text
from crcsim.scenario.nodes import MapNode, Node, Path, ScalarNode, normalised, split
from crcsim.scenario.reading import Reading, nearest
from crcsim.scenario.sections import Key, Section
from crcsim.scenario.table_formats import Cell, Row, cell_node, cell_text, parse_table

__all__ = ["CUSTOMER_TABLES", "CustomerTable", "read_rows"]


@dataclass(frozen=True)
class CustomerTable:
    """A table of accounts; without `columns` every header must be a key of a customer.

    A source holds for every column at or below its key: `lines` for `lines.service.share.now`.
    """

    file: str
    columns: dict[str, str]
    sources: dict[str, str]
    sheet: str | None


CUSTOMER_TABLES = ListOf(
    Section(
        lambda values, at: CustomerTable(**values),
        (
            Key("file", Text(), "A .csv, .parquet or .xlsx file beside the scenario."),
            Key("columns", MapOf(Text(), "key"), "Key of a customer: header of its column.", default={}),
            Key("sources", MapOf(Text(), "key"), "Evidence for the columns at or below a key.", default={}),
            Key("sheet", Text(), "The sheet of a workbook; by default the first.", default=None),
        ),
    ),
    "table",
)


def read_rows(table: CustomerTable, node: MapNode, files: Files, reading: Reading) -> dict[str, MapNode]:
    """Return the row of every account as a map node, in the paths of `customers.<name>`."""
    stated = node.entries["file"]
    file = files.beside(stated.position, table.file)
    content = files.read(file, stated.position, stated.path, reading)
    if content is None:
        return {}
    rows = parse_table(file, content, table.sheet, stated, reading)
    if rows is None:
        return {}
    first = next(rows, None)
    if first is None:
        reading.report("empty_table", stated.position, stated.path, value=file, allowed="a header and rows")
        return {}
    header = [normalised(str(cell).strip()) if cell is not None else "" for cell in first[1]]
    fields = _fields(table, header, file, node, reading)
    if fields is None:
        return {}
    sources = _sources(table, fields, node, reading)
    return _Rows(file, header, fields, sources, reading).read(rows)


def _fields(
    table: CustomerTable, header: list[str], file: str, node: MapNode, reading: Reading
) -> dict[int, Path] | None:
    """Return the customer key of each used column, by its index; the account's name has the key `name`."""
    before = len(reading.problems)
    _check_header(header, file, reading)
    stated = table.columns or {name: name for name in header if name}
    fields: dict[int, Path] = {}
    columns = node.entries.get("columns")
    for key, column in stated.items():
        if isinstance(columns, MapNode):
            _check_key(key, columns.keys[key], (*columns.path, key), reading)
        else:
            _check_key(key, Position(file, 1, header.index(key) + 1), "", reading)
        if column not in header and isinstance(columns, MapNode):
            at = columns.entries[key]
            near = nearest(column, header)
            hint = None if near else f"the columns are {', '.join(header)}"
            reading.report("unknown_column", at.position, at.path, value=column, nearest=near, hint=hint)
        else:
            fields[header.index(column)] = _key_path(key)
    if ("name",) not in fields.values() and "name" not in stated:
        at = node.entries.get("columns", node)
        hint = "map `name` to the column with the account's name"
        reading.report("missing_key", at.position, (*at.path, "name"), hint=hint)
    return fields if len(reading.problems) == before else None


def _check_header(header: list[str], file: str, reading: Reading) -> None:
    for index, name in enumerate(header):
        if name and name in header[:index]:
            reading.report("duplicate_column", Position(file, 1, index + 1), "", value=name)


def _check_key(key: str, position: Position, at: Path | str, reading: Reading) -> None:
    """List a column that is no key of a customer, once for the whole table."""
    path = _key_path(key)
    if path == ("name",):
        return
    kind: Kind[Any] | None = CUSTOMER
    for part in path:
        kind = kind.part(str(part)) if kind is not None else None
    if kind is None:
        near = nearest(key, ["name", *CUSTOMER.named]) if len(path) == 1 else None
        hint = None if near else "map a key of a customer, such as growth or lines.coatings.wallet"
        reading.report("unknown_key", position, at, value=key, nearest=near, hint=hint)


def _sources(
    table: CustomerTable, fields: dict[int, Path], node: MapNode, reading: Reading
) -> dict[Path, str | None]:
    """Return the evidence of each column: the longest key above it, else that of the whole table."""
    found: dict[Path, str | None] = dict.fromkeys(fields.values(), node.source)
    for key in sorted(table.sources, key=lambda stated: len(_key_path(stated))):
        part = _key_path(key)
        columns = [path for path in fields.values() if path[: len(part)] == part]
        found |= dict.fromkeys(columns, table.sources[key])
        if not columns:
            stated = node.entries["sources"]
            position = stated.keys[key] if isinstance(stated, MapNode) else stated.position
            known = sorted({str(part) for path in fields.values() for part in path})
            near = nearest(key, known)
            reading.report("unknown_key", position, (*stated.path, key), value=key, nearest=near)
    return found


def _key_path(key: str) -> Path:
    try:
        return split(key)
    except ValueError:
        return (key,)


@dataclass(frozen=True)
class _Rows:
    """Turns the rows of one table into map nodes."""

    file: str
    header: list[str]
    fields: dict[int, Path]
    sources: dict[Path, str | None]
    reading: Reading

    def read(self, rows: Iterator[Row]) -> dict[str, MapNode]:
        """Return the rows by account name; a name may occur once."""
        found: dict[str, MapNode] = {}
        name_at = next(index for index, path in self.fields.items() if path == ("name",))
        for number, cells in rows:
            position = Position(self.file, number, name_at + 1, self.header[name_at])
            if len(cells) > len(self.header):
                allowed = f"{len(self.header)} cells, as in the header"
                at = Position(self.file, number, len(self.header) + 1)
                self.reading.report("too_many_cells", at, "", value=len(cells), allowed=allowed)
                continue
            name = cell_text(cells[name_at]) if name_at < len(cells) else ""
            if not name:
                self.reading.report(
                    "nothing_stated", position, "customers", allowed="the name of the account"
                )
            elif name in found:
                first = found[name].position.line
                hint = f"first stated in row {first}"
                self.reading.report(
                    "duplicate_customer", position, ("customers", name), value=name, hint=hint
                )
            else:
                found[name] = self._map(name, number, cells, position)
        return found

    def _map(self, name: str, number: int, cells: list[Cell], position: Position) -> MapNode:
        """Return one row; an empty cell states nothing."""
        tree: dict[str, object] = {}
        for index, path in self.fields.items():
            cell = cells[index] if index < len(cells) else None
            if path == ("name",) or cell is None or (isinstance(cell, str) and not cell.strip()):
                continue
            at = Position(self.file, number, index + 1, self.header[index])
            _put(tree, path, cell_node(cell, at, self.sources[path]))
        return _nested(tree, ("customers", name), position)


def _put(tree: dict[str, object], path: Path, leaf: ScalarNode) -> None:
    """Place a leaf in a tree of maps; where two columns collide, the deeper one stays an unknown key."""
    for key in path[:-1]:
        child = tree.setdefault(str(key), {})
        if not isinstance(child, dict):
            return
        tree = child
    tree[str(path[-1])] = leaf


def _nested(tree: dict[str, object], path: Path, position: Position) -> MapNode:
    """Return a tree of maps as nodes with their paths."""
    entries: dict[str, Node] = {}
    keys: dict[str, Position] = {}
    for key, child in tree.items():
        if isinstance(child, ScalarNode):
            entries[key] = replace(child, path=(*path, key))
            keys[key] = child.position
        elif isinstance(child, dict):
            entries[key] = _nested(child, (*path, key), position)
            keys[key] = entries[key].position
    return MapNode(entries, keys, position, path)
