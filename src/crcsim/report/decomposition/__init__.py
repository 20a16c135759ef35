"""A decomposed value and the growth of sales for people: tables, a picture, a page and CSV files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from crcsim.report.decomposition.facts import as_facts
from crcsim.report.decomposition.tables import customer_table, growth_table, part_table

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["as_facts", "customer_table", "growth_table", "part_table", "write_decomposition"]


def write_decomposition(
    parts: xr.Dataset, growth: xr.Dataset, folder: Path, item: str = "total"
) -> tuple[Path, ...]:
    """Write `decomposition.html`, the waterfall of one item as SVG and PNG, and two CSV files into `folder`,
    made when absent; return their paths, the page first.

    All are complete before the first old one is replaced. Raises StorageError when one cannot be written.
    """
    from crcsim.report.decomposition.files import write  # matplotlib is imported only to draw

    return write(parts, growth, folder, item)
