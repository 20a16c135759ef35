"""Ledger files -> LedgerDocument: read, tables fetched, everything checked in one pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike, fspath
from pathlib import PurePath
from typing import Any

from crcsim.errors import Position, ScenarioError
from crcsim.scenario.files import Files, SourceFile
from crcsim.scenario.ledger.checks import check_rows
from crcsim.scenario.ledger.rows import Row, read_table
from crcsim.scenario.ledger.sections import LEDGER, TABLES
from crcsim.scenario.ledger.tables import with_tables
from crcsim.scenario.money import CURRENCY_CODE
from crcsim.scenario.nodes import MapNode, describe, with_path
from crcsim.scenario.reading import Address, Invalid, Reading
from crcsim.scenario.yaml_reader import read_yaml

__all__ = ["LedgerDocument", "Values", "load_ledger", "read_ledger"]

Values = Mapping[str, Any]


@dataclass(frozen=True)
class LedgerDocument:
    """A ledger as stated: `tables` holds the rows by table, values by key; amounts are decimals in cents."""

    name: str
    currency: str
    process_rates: str
    tables: Mapping[str, tuple[Values, ...]]
    order_sizes: tuple[Any, ...]
    valuation: Values | None
    shareholder_value: Values | None
    files: tuple[SourceFile, ...]
    warnings: tuple[str, ...]


def load_ledger(path: str | PathLike[str]) -> LedgerDocument:
    """Return the ledger in a YAML file, with the tables that it names.

    Raises ScenarioError with every problem that was found.
    """
    return read_ledger(Files(fspath(path)))


def read_ledger(files: Files) -> LedgerDocument:
    """Return the ledger in the main one of `files`; what it names is read into them.

    Raises ScenarioError with every problem that was found.
    """
    reading = Reading()
    root = _read_root(files, reading)
    if root is None:
        raise ScenarioError(reading.sorted_problems())
    root = with_tables(root, files, reading)
    rows = {name: read_table(root.entries.get(name), section, reading) for name, section in TABLES.items()}
    values = LEDGER.read(root, Address((), ()), reading)
    if not reading.tables_broken:
        check_rows(root, rows, reading)
    if isinstance(values, Invalid) or reading.problems:
        raise ScenarioError(reading.sorted_problems())
    return _document(values, rows, files, tuple(reading.warnings))


def _read_root(files: Files, reading: Reading) -> MapNode | None:
    """Return the tree of the YAML file and note its currency, by which amounts are read."""
    start = Position(files.main, 1, 1)
    content = files.read(files.main, start, (), reading)
    if content is None:
        return None
    tree, problems = read_yaml(content, files.main)
    reading.add(problems)
    if tree is not None and not isinstance(tree, MapNode):
        allowed = "a map that begins with `ledger: 1`"
        reading.report("wrong_type", tree.position, "", value=describe(tree), allowed=allowed)
    if not isinstance(tree, MapNode):
        return None
    currency = describe(tree.entries["currency"]) if "currency" in tree.entries else ""
    if CURRENCY_CODE.fullmatch(currency):
        reading.currency = currency
    root = with_path(tree, ())
    return root if isinstance(root, MapNode) else None


def _document(
    values: dict[str, Any], rows: Mapping[str, tuple[Row, ...]], files: Files, warnings: tuple[str, ...]
) -> LedgerDocument:
    return LedgerDocument(
        name=values["name"] or PurePath(files.main).stem,
        currency=values["currency"],
        process_rates=values["process_rates"],
        tables={name: tuple(row.values for row in table) for name, table in rows.items()},
        order_sizes=values["order_sizes"] or (),
        valuation=values["valuation"],
        shareholder_value=values["shareholder_value"],
        files=files.sources(),
        warnings=warnings,
    )
