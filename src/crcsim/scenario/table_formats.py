"""The bytes of a table -> its rows: CSV, and Parquet or XLSX where the optional packages are installed."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Callable, Iterator

from crcsim.errors import Position
from crcsim.scenario.nodes import Node, ScalarNode, normalised
from crcsim.scenario.reading import Reading
from crcsim.scenario.yaml_types import plain_value

__all__ = ["Cell", "Row", "cell_node", "cell_text", "parse_table"]

Cell = object
Row = tuple[int, list[Cell]]


def cell_text(cell: Cell) -> str:
    """Return a cell as text; an empty one is empty."""
    return normalised("" if cell is None else str(cell).strip())


def cell_node(cell: Cell, at: Position, source: str | None = None) -> ScalarNode:
    """Return a cell as a scalar: text is read as in a scenario file, a date as text."""
    if isinstance(cell, bool | int | float):
        whole = isinstance(cell, float) and cell.is_integer()  # a year that a spreadsheet keeps as 2026.0
        return ScalarNode(cell, str(int(cell)) if whole else str(cell), at, source=source)
    if isinstance(cell, datetime.date):
        cell = cell.isoformat()[:10]
    text = cell_text(cell)
    return ScalarNode(plain_value(text), text, at, source=source)


def parse_table(
    file: str, content: bytes, sheet: str | None, stated: Node, reading: Reading
) -> Iterator[Row] | None:
    """Return the rows of a file with their numbers, the header first."""
    extension = file.rsplit(".", 1)[-1].lower()
    readers: dict[str, Callable[[bytes, str | None], list[Row]]] = {
        "csv": _csv_rows,
        "parquet": _parquet_rows,
        "xlsx": _xlsx_rows,
    }
    if extension not in readers:
        reading.report(
            "unknown_file_type", stated.position, stated.path, value=file, allowed=".csv, .parquet or .xlsx"
        )
        return None
    try:
        return iter(readers[extension](content, sheet))
    except ImportError as error:
        hint = f"{error.name} is not installed; install it with: pip install 'crcsim[arrow]'"
        reading.report("missing_package", stated.position, stated.path, value=file, hint=hint)
    except Exception as error:  # the readers of foreign formats raise whatever they like on a broken file
        reason = " ".join(str(error).split())
        reading.report("unreadable_table", stated.position, stated.path, value=file, hint=reason)
    return None


def _csv_rows(content: bytes, sheet: str | None) -> list[Row]:
    """Return the rows of comma-separated text; a header without a comma may be split by semicolons."""
    text = content.decode("utf-8-sig")
    header = text.split("\n", 1)[0]
    delimiter = ";" if ";" in header and "," not in header else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    line = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            rows.append((line, list(cells)))
        line = reader.line_num + 1
    return rows


def _parquet_rows(content: bytes, sheet: str | None) -> list[Row]:
    """Return the rows of a Parquet file; the header counts as row 1."""
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(io.BytesIO(content))
    columns = [column.to_pylist() for column in table.columns]
    rows = [list(cells) for cells in zip(*columns, strict=True)]
    return [(1, list(table.column_names)), *((index + 2, cells) for index, cells in enumerate(rows))]


def _xlsx_rows(content: bytes, sheet: str | None) -> list[Row]:
    """Return the rows of a worksheet, values not formulas."""
    import openpyxl

    workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    if sheet is not None and sheet not in workbook.sheetnames:
        raise ValueError(f"no sheet {sheet!r}; there are {', '.join(workbook.sheetnames)}")
    worksheet = workbook[sheet] if sheet is not None else workbook.worksheets[0]
    rows = enumerate(worksheet.iter_rows(values_only=True), start=1)
    return [(index, list(cells)) for index, cells in rows if any(cell is not None for cell in cells)]
