"""A table of finished texts, shown alike on a terminal, as plain lines and in HTML."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace

__all__ = ["Table", "columns_fitting", "plain_text", "point_aligned"]

_WIDTH = 100  # of notes in plain text
_NUMBER = re.compile(r"[<>]?-?[0-9,]*\.?[0-9]*|–")


@dataclass(frozen=True)
class Table:
    """Rows of text under headings; `align` holds one letter per column: l left, r right (numbers).

    `totals` counts the rows at the end that sum up the rest.
    """

    title: str
    columns: tuple[str, ...]
    align: str
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    totals: int = 0

    def labelled(self, words: str) -> Table:
        """The table with these words behind its title, such as the strategy that it shows; itself without."""
        return replace(self, title=f"{self.title}: {words}") if words else self

    def aligned_rows(self, blank: str = " ", point: str = " ") -> tuple[tuple[str, ...], ...]:
        """The rows with numbers padded at the right, so that decimal points stand below each other.

        `blank` has the width of a digit, `point` that of a decimal point.
        """
        if not self.rows:
            return ()
        columns = [
            point_aligned(column, blank, point) if letter == "r" else list(column)
            for letter, column in zip(self.align, zip(*self.rows, strict=True), strict=True)
        ]
        return tuple(zip(*columns, strict=True))


def point_aligned(cells: Sequence[str], blank: str = " ", point: str = " ") -> list[str]:
    """Cells padded at the right to the same number of decimals; unchanged if not all are numbers."""
    if not all(_NUMBER.fullmatch(cell) for cell in cells):
        return list(cells)
    fractions = [len(cell) - cell.index(".") - 1 if "." in cell else 0 for cell in cells]
    longest = max(fractions, default=0)
    return [
        cell + (point if longest and not fraction else "") + blank * (longest - fraction)
        for cell, fraction in zip(cells, fractions, strict=True)
    ]


def columns_fitting(table: Table, width: int, fold_headings: bool = False) -> tuple[Table, ...]:
    """The table in parts no wider than `width`, each with the leading columns of text; itself if it fits.

    A column takes its longest cell or heading and three more; with `fold_headings` headings that are longer
    than what stands below them go over several lines. A part has one column beside the leading ones at least.
    """
    headings = table.columns
    sizes = _sizes(table, headings)
    if sum(sizes) <= width:
        return (table,)
    if fold_headings:
        headings = tuple(_folded(table, place) for place in range(len(headings)))
        sizes = _sizes(table, headings)
    parts = _parts(sizes, table.align.find("r"), width)
    return tuple(
        Table(
            table.title + (f", part {number} of {len(parts)}" if len(parts) > 1 else ""),
            tuple(headings[place] for place in places),
            "".join(table.align[place] for place in places),
            tuple(tuple(row[place] for place in places) for row in table.rows),
            table.notes if number == len(parts) else (),
            table.totals,
        )
        for number, places in enumerate(parts, start=1)
    )


def _sizes(table: Table, headings: Sequence[str]) -> list[int]:
    return [
        3 + max(map(len, (*heading.split("\n"), *(row[place] for row in table.rows))))
        for place, heading in enumerate(headings)
    ]


def _folded(table: Table, place: int) -> str:
    """A heading in lines as long as the longest cell below it, or as its longest word."""
    heading = table.columns[place]
    longest = max(map(len, (*(row[place] for row in table.rows), *heading.split())), default=0)
    return "\n".join(textwrap.wrap(heading, max(longest, 1), break_on_hyphens=False))


def _parts(sizes: Sequence[int], leading: int, width: int) -> list[list[int]]:
    """The columns of every part; `leading` columns begin each, all of them where no number follows (-1)."""
    if leading < 0:
        return [[*range(len(sizes))]]
    parts: list[list[int]] = []
    room = 0
    for place in range(leading, len(sizes)):
        if not parts or sizes[place] > room:
            parts.append([*range(leading)])
            room = width - sum(sizes[:leading])
        parts[-1].append(place)
        room -= sizes[place]
    return parts


def plain_text(table: Table) -> str:
    """The table as lines of text with two blanks between columns."""
    rows = [table.columns, *table.aligned_rows()]
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = [table.title] if table.title else []
    for row in rows:
        cells = [
            cell.rjust(width) if letter == "r" else cell.ljust(width)
            for cell, width, letter in zip(row, widths, table.align, strict=True)
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join([*lines, *(textwrap.fill(note, _WIDTH) for note in table.notes)])
