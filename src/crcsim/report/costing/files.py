"""The tables of a ledger as one page and as CSV files."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, PackageLoader, select_autoescape

from crcsim.errors import StorageError
from crcsim.report.costing.sheet import as_csv, as_table
from crcsim.report.costing.tables import CostingTables
from crcsim.results.atomic import replacing

__all__ = ["write_costing"]

PAGE = "costing.html"


def write_costing(tables: CostingTables, folder: Path) -> tuple[Path, ...]:
    """Write `costing.html` and one CSV file per table into `folder`, made when absent; return their paths.

    All are complete before the first old one is replaced. Raises StorageError when one cannot be written.
    """
    contents = {folder / PAGE: _page(tables)}
    contents |= {folder / f"{sheet.name}.csv": as_csv(sheet) for sheet in (*tables.portfolio, *tables.each)}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(*contents) as temporary:
            for path, text in zip(temporary, contents.values(), strict=True):
                path.write_text(text, encoding="utf-8", newline="")
    except OSError as problem:
        raise StorageError(f"{folder} could not be written: {problem.strerror or problem}.") from problem
    return tuple(contents)


def _page(tables: CostingTables) -> str:
    environment = Environment(
        loader=PackageLoader("crcsim.report"),
        autoescape=select_autoescape(["html", "j2"]),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    sections = {"Portfolio": tables.portfolio, **tables.customers}
    return environment.get_template("costing.html.j2").render(
        name=tables.name,
        sections={title: [as_table(sheet) for sheet in sheets] for title, sheets in sections.items()},
        digit_space="\N{FIGURE SPACE}",
        point_space="\N{PUNCTUATION SPACE}",
    )
