"""What a verb prints: tables in colour on a terminal, plain lines elsewhere, JSON alone with `--json`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click

from crcsim.cli.application import session
from crcsim.cli.paint import paint

if TYPE_CHECKING:
    from crcsim.report.table import Table

__all__ = ["counted", "finish", "say", "show", "warn"]


def counted(number: int, noun: str) -> str:
    """The number with its noun: "1 line", "2 lines"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def say(text: str = "") -> None:
    """Print a line; nothing with `--json`."""
    if not session().json:
        click.echo(text)


def warn(warnings: Iterable[str]) -> None:
    """Print warnings on the error stream; with `--json` the verb reports them itself."""
    if not session().json:
        for text in warnings:
            click.echo(f"{paint('warning:', fg='yellow', bold=True)} {text}", err=True)


def show(table: Table) -> None:
    """Print a table and an empty line."""
    if session().json:
        return
    if sys.stdout.isatty():
        _show_rich(table)
    else:
        from crcsim.report.table import plain_text

        click.echo(plain_text(table) + "\n")


def finish(facts: Mapping[str, Any]) -> None:
    """With `--json`, print the facts of a verb that succeeded."""
    if session().json:
        click.echo(json.dumps({"ok": True, **facts}, ensure_ascii=False, indent=2, allow_nan=False))


def _show_rich(table: Table) -> None:
    from rich import box
    from rich.console import Console
    from rich.padding import Padding
    from rich.table import Table as RichTable
    from rich.text import Text

    grid = RichTable(box=box.SIMPLE_HEAD, title=Text(table.title), title_justify="left", title_style="bold")
    for heading, letter in zip(table.columns, table.align, strict=True):
        grid.add_column(Text(heading), justify="right" if letter == "r" else "left", overflow="fold")
    for place, row in enumerate(table.aligned_rows()):
        style = "bold" if place >= len(table.rows) - table.totals else None
        grid.add_row(*(Text(cell) for cell in row), style=style)
    console = Console(highlight=False)
    console.print(grid)
    for note in table.notes:
        console.print(Padding(Text(note, style="dim"), (0, 1)))
    console.print()
