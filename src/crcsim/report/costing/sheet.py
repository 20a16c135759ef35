"""A table of numbers in full, before it is rounded for people: the same for terminal, HTML, CSV and JSON."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from crcsim.report.table import Table

__all__ = ["Cell", "Sheet", "as_csv", "as_json", "as_table"]

#: Text, an amount of money in cents, another number, or nothing.
Cell = str | Decimal | Fraction | None
_DECIMALS = 6  # of numbers that are not money


@dataclass(frozen=True)
class Sheet:
    """Rows of cells under headings; `name` is that of its file, `totals` counts the last rows that sum up.

    What a shorter view of it needs: `rank` is the column by whose size rows are chosen where amounts add up
    from row to row, None where they do not; `kept` counts the last rows that stay in any case (at least
    `totals`); `parts` says what the columns between the headings and the total are of, where these may be
    many, such as `customers`.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    totals: int = 0
    rank: int | None = None
    kept: int = 0
    parts: str = ""


def as_table(sheet: Sheet) -> Table:
    """The sheet in texts: money with two decimals, other numbers with at most six."""
    numeric = [
        any(isinstance(row[place], Decimal | Fraction) for row in sheet.rows)
        for place in range(len(sheet.columns))
    ]
    align = "".join("r" if number else "l" for number in numeric)
    rows = tuple(tuple(_text(cell) for cell in row) for row in sheet.rows)
    return Table(sheet.title, sheet.columns, align, rows, sheet.notes, sheet.totals)


def _text(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return f"{cell + Decimal('0.00'):,.2f}"
    if isinstance(cell, Fraction):
        text = f"{float(cell):,.{_DECIMALS}f}".rstrip("0").rstrip(".")
        return "0" if text == "-0" else text
    return cell or ""


def as_csv(sheet: Sheet) -> str:
    """The sheet as comma-separated text, numbers in full."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(sheet.columns)
    writer.writerows([_plain(cell) for cell in row] for row in sheet.rows)
    return out.getvalue()


def _plain(cell: Cell) -> str:
    if isinstance(cell, Fraction):
        return str(cell.numerator) if cell.denominator == 1 else repr(float(cell))
    return "" if cell is None else str(cell)


def as_json(sheet: Sheet) -> dict[str, object]:
    """The sheet for JSON output; amounts are numbers in the currency."""
    rows = [
        [float(cell) if isinstance(cell, Decimal | Fraction) else cell for cell in row] for row in sheet.rows
    ]
    return {"title": sheet.title, "columns": list(sheet.columns), "rows": rows, "notes": list(sheet.notes)}
