"""Shorter views of large tables: the largest rows and columns, the rest in one, and a note that says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from crcsim.report.costing.sheet import Cell, Sheet

__all__ = ["excerpt"]

_SIGNS = ("", "+", "-", "=")
_LABELS = 2  # columns before the parts of a statement: sign and line


def excerpt(sheet: Sheet, rows: int, parts: int, where: str) -> Sheet:
    """At most `rows` rows beside the totals, and at most `parts` columns of parts.

    The largest are shown in the order of the sheet; what is left out is summed up in a row or column of its
    own where amounts add up. A note says `where` all are. A sheet that fits is returned as it is.
    """
    return _shortened(_narrowed(sheet, parts, where), rows, where)


def _shortened(sheet: Sheet, most: int, where: str) -> Sheet:
    end = len(sheet.rows) - max(sheet.totals, sheet.kept)
    body, last = sheet.rows[:end], sheet.rows[end:]
    if len(body) <= most:
        return sheet
    if sheet.rank is None:
        note = f"The first {most:,} of {len(body):,} rows; {where}."
        return replace(sheet, rows=(*body[:most], *last), notes=(*sheet.notes, note))
    sizes = [_size(row[sheet.rank]) for row in body]
    shown = _largest(sizes, most)
    others = [row for place, row in enumerate(body) if place not in shown]
    measure = sheet.columns[sheet.rank].lower()
    note = f"The {most:,} of {len(body):,} rows with the largest {measure}; {where}."
    rows = (*(body[place] for place in sorted(shown)), _summed(others), *last)
    return replace(sheet, rows=rows, notes=(*sheet.notes, note))


def _narrowed(sheet: Sheet, most: int, where: str) -> Sheet:
    """Fewer columns of parts, the largest by net revenue; without any, by the sum of all amounts."""
    places = range(_LABELS, len(sheet.columns) - 1)
    if not sheet.parts or len(places) <= most:
        return sheet
    by = [row for row in sheet.rows if row[1] == "net revenue"] or list(sheet.rows)
    shown = _largest([sum((_size(row[place]) for row in by), Decimal(0)) for place in places], most)
    kept = [place for place in places if place - _LABELS in shown]
    left = [place for place in places if place - _LABELS not in shown]

    def chosen(row: Sequence[Cell], rest: Cell) -> tuple[Cell, ...]:
        return (*row[:_LABELS], *(row[place] for place in kept), rest, row[-1])

    heading = [str(cell) for cell in chosen(sheet.columns, f"{len(left):,} others")]
    rows = tuple(chosen(row, _sum([row[place] for place in left])) for row in sheet.rows)
    note = f"The {len(kept):,} of {len(places):,} {sheet.parts} with the largest net revenue; {where}."
    return replace(sheet, columns=tuple(heading), rows=rows, notes=(*sheet.notes, note))


def _largest(sizes: Sequence[Decimal], most: int) -> set[int]:
    """The places of the largest; of equals the first."""
    return set(sorted(range(len(sizes)), key=lambda place: -sizes[place])[:most])


def _size(cell: Cell) -> Decimal:
    return abs(cell) if isinstance(cell, Decimal) else Decimal(0)


def _summed(rows: Sequence[tuple[Cell, ...]]) -> tuple[Cell, ...]:
    """One row for several: their sum where all hold money, and how many they are in place of a name."""
    columns = list(zip(*rows, strict=True))
    names = [isinstance(column[0], str) and column[0] not in _SIGNS for column in columns]
    cells = [_sum(column) for column in columns]
    cells[names.index(True)] = f"{len(rows):,} others"
    return tuple(cells)


def _sum(cells: Sequence[Cell]) -> Cell:
    """The sum of money; of anything else what all have in common, or nothing."""
    if all(isinstance(cell, Decimal) for cell in cells):
        return sum((cell for cell in cells if isinstance(cell, Decimal)), Decimal("0.00"))
    return cells[0] if len(set(cells)) == 1 and isinstance(cells[0], str) else None
