"""The tables of a ledger that stand in files: rows of a file -> a list of maps, every cell with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from crcsim.errors import Position
from crcsim.scenario.files import Files
from crcsim.scenario.ledger.sections import TABLE_FILE, TABLES
from crcsim.scenario.nodes import ListNode, MapNode, Node, normalised
from crcsim.scenario.reading import Address, Invalid, Reading, nearest
from crcsim.scenario.sections import REQUIRED, Section
from crcsim.scenario.table_formats import Cell, Row, cell_node, cell_text, parse_table

__all__ = ["with_tables"]


def with_tables(root: MapNode, files: Files, reading: Reading) -> MapNode:
    """Return the ledger with the rows of its files in the places where the files are named.

    `reading.tables_broken` then says whether rows are missing.
    """
    entries: dict[str, Node] = dict(root.entries)
    before = len(reading.problems)
    for name, section in TABLES.items():
        stated = root.entries.get(name)
        if isinstance(stated, MapNode):
            entries[name] = ListNode(tuple(_rows(stated, section, files, reading)), stated.position, (name,))
    reading.tables_broken = len(reading.problems) > before
    return replace(root, entries=entries)


def _rows(
    stated: MapNode, section: Section[dict[str, Any]], files: Files, reading: Reading
) -> Iterator[MapNode]:
    """Yield the rows of the file that a map names."""
    table = TABLE_FILE.read(stated, Address(stated.path, stated.path), reading)
    if isinstance(table, Invalid):
        return
    at = stated.entries["file"]
    file = files.beside(at.position, table["file"])
    content = files.read(file, at.position, at.path, reading)
    rows = parse_table(file, content, table["sheet"], at, reading) if content is not None else None
    first = next(rows, None) if rows is not None else None
    if rows is None or first is None:
        if rows is not None:
            reading.report("empty_table", at.position, at.path, value=file, allowed="a header and rows")
        return
    header = [normalised(cell_text(cell)) for cell in first[1]]
    keys = _Header(file, header, stated, section, reading).keys(table["columns"])
    if keys is not None:
        yield from _Cells(file, header, keys, section, stated.path, reading).read(rows)


@dataclass(frozen=True)
class _Header:
    """Finds the key of every column."""

    file: str
    header: list[str]
    stated: MapNode
    section: Section[dict[str, Any]]
    reading: Reading

    def keys(self, columns: Mapping[str, str]) -> dict[int, str] | None:
        """Return the key of each used column by its index; None where columns and keys do not fit."""
        before = len(self.reading.problems)
        for index, name in enumerate(self.header):
            if name and name in self.header[:index]:
                self.reading.report("duplicate_column", self._at(index), "", value=name)
        found = self._mapped(columns) if columns else self._named()
        for key in self.section.keys:
            if key.default is REQUIRED and key.name not in found.values():
                hint = f"add a column {key.name}: {key.doc}"
                self.reading.report(
                    "missing_column", self._at(0), self.stated.path, value=key.name, hint=hint
                )
        return found if len(self.reading.problems) == before else None

    def _named(self) -> dict[int, str]:
        """Every header is a key."""
        for index, name in enumerate(self.header):
            if name and name not in self.section.named:
                self._unknown(name, self._at(index))
        return {index: name for index, name in enumerate(self.header) if name}

    def _mapped(self, columns: Mapping[str, str]) -> dict[int, str]:
        """The map says which column feeds which key; the others are not used."""
        node = self.stated.entries["columns"]
        entries = node.entries if isinstance(node, MapNode) else {}
        for key, column in columns.items():
            if key not in self.section.named:
                self._unknown(key, entries[key].position)
            if column not in self.header:
                near = nearest(column, self.header)
                hint = None if near else f"the columns are {', '.join(self.header)}"
                at = entries[key]
                self.reading.report(
                    "unknown_column", at.position, at.path, value=column, nearest=near, hint=hint
                )
        return {self.header.index(name): key for key, name in columns.items() if name in self.header}

    def _unknown(self, name: str, position: Position) -> None:
        near = nearest(name, self.section.named)
        hint = None if near else f"known keys: {', '.join(key.name for key in self.section.keys)}"
        self.reading.report("unknown_key", position, self.stated.path, value=name, nearest=near, hint=hint)

    def _at(self, index: int) -> Position:
        return Position(self.file, 1, index + 1)


@dataclass(frozen=True)
class _Cells:
    """Turns the rows of one file into map nodes."""

    file: str
    header: list[str]
    keys: dict[int, str]
    section: Section[dict[str, Any]]
    path: tuple[str | int, ...]
    reading: Reading

    def read(self, rows: Iterator[Row]) -> Iterator[MapNode]:
        """Yield one map per row."""
        for count, (number, cells) in enumerate(rows):
            if len(cells) > len(self.header):
                at = Position(self.file, number, len(self.header) + 1)
                allowed = f"{len(self.header)} cells, as in the header"
                self.reading.report("too_many_cells", at, "", value=len(cells), allowed=allowed)
                continue
            yield self._map(number, cells, (*self.path, count))

    def _map(self, number: int, cells: list[Cell], path: tuple[str | int, ...]) -> MapNode:
        """Return one row; an empty cell states nothing, which is listed where a value is required."""
        entries: dict[str, Node] = {}
        for index, key in self.keys.items():
            cell = cells[index] if index < len(cells) else None
            if cell_text(cell) or self.section.named[key].default is REQUIRED:
                at = Position(self.file, number, index + 1, self.header[index])
                entries[key] = replace(cell_node(cell, at), path=(*path, key))
        positions = {key: entry.position for key, entry in entries.items()}
        return MapNode(entries, positions, Position(self.file, number, 1), path)
