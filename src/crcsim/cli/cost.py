"""`crcsim cost`: the statements of a ledger, from cost centres to shareholder value."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crcsim.cli.application import json_option
from crcsim.cli.console import counted, finish, say, show, warn

if TYPE_CHECKING:
    from crcsim.report.costing import CostingTables, Sheet

__all__ = ["cost"]

_MOST_ROWS = 40
_MOST_CUSTOMERS = 8  # in the columns of a statement
_WIDTH_OF_FILES = 240  # of lines that are no terminal's


@click.command()
@click.argument("ledger", type=click.Path())
@click.option(
    "--customer", metavar="NAME", help="Show the statements of one customer instead of the portfolio."
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write a page, pictures and CSV files.",
)
@json_option
def cost(ledger: str, customer: str | None, output: Path | None) -> None:
    """Cost customers by their processes, and print the statements of a ledger.

    Cost centres, main processes and who bears them; product and customer costing, customer contribution and
    cash flow; cost hierarchy; overhead surcharges beside it; customer and shareholder value. Of large tables
    the largest rows and columns are printed; -o and --json hold all.
    """
    from crcsim.report.costing import as_json, as_table, costing_tables, excerpt, write_costing
    from crcsim.report.table import columns_fitting
    from crcsim.scenario.ledger import load_ledger

    document = load_ledger(ledger)
    warn(document.warnings)
    tables = costing_tables(document)
    sheets = _shown(tables, customer)
    files = write_costing(tables, output) if output is not None else ()
    where = "-o DIR writes all" if output is None else f"all are in {output}"
    width, terminal = _width()
    for sheet in sheets:
        shown = as_table(excerpt(sheet, _MOST_ROWS, min(_MOST_CUSTOMERS, max(width // 20 - 3, 2)), where))
        for table in columns_fitting(shown, width, terminal):
            show(table)
    if files:
        pictures = sum(file.suffix == ".png" for file in files)
        sheets_written = counted(sum(file.suffix == ".csv" for file in files), "CSV file")
        beside = f"{sheets_written} and {counted(pictures, 'picture')}"
        say(f"Page: {files[0]} ({beside} beside it)")
    finish(
        {
            "name": document.name,
            "currency": document.currency,
            "warnings": list(document.warnings),
            "tables": {sheet.name: as_json(sheet) for sheet in (*tables.portfolio, *tables.each)},
            "files": [str(file) for file in files],
        }
    )


def _width() -> tuple[int, bool]:
    """The width that a table may have, and whether its headings are folded there."""
    if sys.stdout.isatty():
        return shutil.get_terminal_size().columns, True
    return _WIDTH_OF_FILES, False


def _shown(tables: CostingTables, customer: str | None) -> tuple[Sheet, ...]:
    """The portfolio, or one customer; a single customer's statements are those of the portfolio."""
    if customer is None:
        return tables.portfolio
    if customer not in tables.customers:
        known = ", ".join(tables.customers) or "none"
        raise click.UsageError(f"No customer {customer} in the ledger; known: {known}")
    return tables.customers[customer]
