"""The page of a ledger: sections of pictures and tables; what is long is folded up, nothing is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from markupsafe import Markup, escape

from crcsim.report.costing.excerpt import excerpt
from crcsim.report.costing.sheet import Sheet, as_table
from crcsim.report.costing.tables import CUSTOMERS, CostingTables
from crcsim.report.pictures import Picture
from crcsim.report.sections import template

__all__ = ["page"]

MINUS = "\N{MINUS SIGN}"
_MOST_ROWS = 20
_MOST_PARTS = 4
_FOLDED_ROWS = 30  # rows from which a table is folded up
_PICTURES = {
    "Statements": ("customer-contributions",),
    "Hierarchy": ("cost-by-level",),
    "Two methods": ("allocation-effect", "complexity-effect", "degression-effect"),
}


@dataclass(frozen=True)
class _Shown:
    """A table in HTML: what is shown at once, and all of it where that is more."""

    title: str
    statement: bool
    short: Markup
    notes: tuple[str, ...]
    size: str = ""
    whole: Markup = Markup()  # noqa: RUF009 (a text)


def page(tables: CostingTables, pictures: Mapping[str, Picture]) -> str:
    """The page as HTML text."""
    sections = [
        {
            "title": title,
            "pictures": [pictures[name] for name in _PICTURES.get(title, ()) if name in pictures],
            "tables": [_shown(sheet) for sheet in sheets],
        }
        for title, sheets in tables.sections.items()
    ]
    customers = [
        {
            "name": name,
            "fact": _fact(sheets, tables.ledger.currency),
            "tables": [_shown(each) for each in sheets],
        }
        for name, sheets in tables.customers.items()
    ]
    return template("costing.html.j2").render(
        name=tables.name, sections=sections, customers=customers, customers_title=CUSTOMERS
    )


def _shown(sheet: Sheet) -> _Shown:
    """Short tables as they are; of long and wide ones the largest rows and columns, all of it folded up."""
    rows = _MOST_ROWS if len(sheet.rows) > _FOLDED_ROWS else len(sheet.rows)
    statement = sheet.columns[:2] == ("", "Line")
    short = excerpt(sheet, rows, _MOST_PARTS, "all below")
    if short is sheet:
        return _Shown(sheet.title, statement, _table(sheet), sheet.notes)
    size = f"All {len(sheet.rows) - max(sheet.totals, sheet.kept):,} rows"
    if len(short.columns) < len(sheet.columns):
        size = f"All {len(sheet.columns) - len(sheet.rows[0][:2]) - 1:,} {sheet.parts}"
    return _Shown(sheet.title, statement, _table(short), short.notes, size, _table(sheet))


def _fact(sheets: Sequence[Sheet], currency: str) -> str:
    """Contribution II of a customer over all periods, beside its name."""
    for sheet in sheets:
        if sheet.name == "customer-contribution-by-period":
            *_, (_, label, *_, total) = as_table(sheet).rows
            return f"{label} {total} {currency}".replace("-", MINUS)
    return ""


def _table(sheet: Sheet) -> Markup:
    """Head and body of a table; numbers stand right, which the style sheet says for all but class `l`."""
    table = as_table(sheet)
    mixed = any(isinstance(cell, Fraction) for row in sheet.rows for cell in row)
    rows = table.aligned_rows("\N{FIGURE SPACE}", "\N{PUNCTUATION SPACE}") if mixed else table.rows
    left = ' class="l"'
    opened = [f"<td{left}>" if letter == "l" else "<td>" for letter in table.align]
    head = "".join(
        f'<th{left if letter == "l" else ""} scope="col">{escape(column)}</th>'
        for column, letter in zip(table.columns, table.align, strict=True)
    )
    lines = [f"<thead><tr>{head}</tr></thead>\n<tbody>"]
    for place, row in enumerate(rows):
        cells = "".join(
            tag + (str(escape(cell)) if letter == "l" else cell.replace("-", MINUS))
            for tag, cell, letter in zip(opened, row, table.align, strict=True)
        )
        total = row[0] == "=" or place >= len(rows) - table.totals
        lines.append(f'<tr class="total">{cells}' if total else f"<tr>{cells}")
    return Markup("\n".join([*lines, "</tbody>"]))  # every text is escaped above
