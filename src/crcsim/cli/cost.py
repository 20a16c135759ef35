"""`crcsim cost`: the statements of a ledger, from cost centres to shareholder value."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crcsim.cli.application import json_option
from crcsim.cli.console import finish, say, show, warn

if TYPE_CHECKING:
    from crcsim.report.costing import CostingTables, Sheet

__all__ = ["cost"]


@click.command()
@click.argument("ledger", type=click.Path())
@click.option(
    "--customer", metavar="NAME", help="Show the statements of one customer instead of the portfolio."
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="DIR", help="Write a page and CSV files."
)
@json_option
def cost(ledger: str, customer: str | None, output: Path | None) -> None:
    """Cost customers by their processes, and print the statements of a ledger.

    Cost centres, main processes and who bears them; product and customer costing, customer contribution and
    cash flow; cost hierarchy; overhead surcharges beside it; customer and shareholder value.
    """
    from crcsim.report.costing import as_json, as_table, costing_tables, write_costing
    from crcsim.scenario.ledger import load_ledger

    document = load_ledger(ledger)
    warn(document.warnings)
    tables = costing_tables(document)
    for sheet in _shown(tables, customer):
        show(as_table(sheet))
    files = write_costing(tables, output) if output is not None else ()
    for file in files[:1]:
        say(f"Page: {file} ({len(files) - 1} CSV files beside it)")
    finish(
        {
            "name": document.name,
            "currency": document.currency,
            "warnings": list(document.warnings),
            "tables": {sheet.name: as_json(sheet) for sheet in (*tables.portfolio, *tables.each)},
            "files": [str(file) for file in files],
        }
    )


def _shown(tables: CostingTables, customer: str | None) -> tuple[Sheet, ...]:
    """The portfolio, or one customer; a single customer's statements are those of the portfolio."""
    if customer is None:
        return tables.portfolio
    if customer not in tables.customers:
        known = ", ".join(tables.customers) or "none"
        raise click.UsageError(f"No customer {customer} in the ledger; known: {known}")
    return tables.customers[customer]
