"""The tables of a ledger as one page with pictures, as CSV files, and the pictures as files."""

from __future__ import annotations

from pathlib import Path

from crcsim.errors import StorageError
from crcsim.report.costing.sheet import as_csv
from crcsim.report.costing.tables import CostingTables
from crcsim.results.atomic import replacing

__all__ = ["write_costing"]

PAGE = "costing.html"


def write_costing(tables: CostingTables, folder: Path) -> tuple[Path, ...]:
    """Write `costing.html`, a CSV file per table, and each picture as SVG and PNG; return their paths.

    `folder` is made when absent. All are complete before the first old one is replaced; pictures of another
    ledger that was written here are removed. Raises StorageError when one cannot be written.
    """
    from crcsim.report.costing.charts import CHART_NAMES, draw_charts  # matplotlib is imported only to draw
    from crcsim.report.costing.page import page
    from crcsim.report.pictures import pictures_of

    pictures = {picture.name: picture for picture in pictures_of(draw_charts(tables))}
    contents = {folder / PAGE: page(tables, pictures).encode()}
    for sheet in (*tables.portfolio, *tables.each):
        contents[folder / f"{sheet.name}.csv"] = as_csv(sheet).encode()
    for picture in pictures.values():
        contents[folder / f"{picture.name}.svg"] = picture.document.encode()
        contents[folder / f"{picture.name}.png"] = picture.png
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(*contents) as temporary:
            for path, content in zip(temporary, contents.values(), strict=True):
                path.write_bytes(content)
        for name in set(CHART_NAMES) - set(pictures):
            (folder / f"{name}.svg").unlink(missing_ok=True)
            (folder / f"{name}.png").unlink(missing_ok=True)
    except OSError as problem:
        raise StorageError(f"{folder} could not be written: {problem.strerror or problem}.") from problem
    return tuple(contents)
