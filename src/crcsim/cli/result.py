"""`crcsim report`, `verify` and `export`: what can be done with a finished result."""

from __future__ import annotations

from pathlib import Path

import click

from crcsim.cli.application import json_option
from crcsim.cli.console import finish, say

__all__ = ["export", "report", "report_folder", "verify"]


def report_folder(result: Path) -> Path:
    """Where the report of a result lies unless another folder is named."""
    return result.with_name(f"{result.stem}-report")


@click.command()
@click.argument("result", type=click.Path(path_type=Path), metavar="RESULT.nc")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="DIR", help="Folder of the report.")
@json_option
def report(result: Path, output: Path | None) -> None:
    """Write a report: one page that opens without a network, and its pictures."""
    from crcsim.report import write_report
    from crcsim.report.views import Views
    from crcsim.results import load

    dataset = load(result)
    views = Views.of(dataset)
    page = write_report(dataset, output or report_folder(result), views)
    for sentence in views.sentences():
        say(sentence)
    say(f"Report: {page}")
    finish({"report": str(page), **views.facts()})


@click.command()
@click.argument("result", type=click.Path(path_type=Path), metavar="RESULT.nc")
@json_option
def verify(result: Path) -> None:
    """Check that every value in a result is the one that was saved."""
    from crcsim.errors import StorageError
    from crcsim.results import verify as checked

    found = checked(result)
    if not found.intact:
        changed = ", ".join(found.differences) or "the checksum itself"
        raise StorageError(f"{result} is not what was saved: {changed} differ. Run the scenario again.")
    say(f"{result}: intact ({found.actual[:16]}...)")
    finish({"intact": True, "content_hash": found.actual})


@click.command()
@click.argument("result", type=click.Path(path_type=Path), metavar="RESULT.nc")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR",
    required=True,
    help="Folder of the tables.",
)
@json_option
def export(result: Path, output: Path) -> None:
    """Write the tables of a result as CSV files."""
    from crcsim.measures import summary_table
    from crcsim.results import export as exported
    from crcsim.results import load
    from crcsim.results.export import TABLES

    files = exported(load(result), output, {**TABLES, "summary": summary_table})
    for file in files:
        say(str(file))
    finish({"files": [str(file) for file in files]})
