"""Two results, or two strategies of one, side by side: tables, sentences, pictures, a page and its files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from crcsim.report.compare.comparison import Comparison, compared
from crcsim.report.compare.facts import as_facts
from crcsim.report.compare.findings import sentences
from crcsim.report.compare.tables import comparison_tables

if TYPE_CHECKING:
    import xarray as xr

__all__ = [
    "Comparison",
    "as_facts",
    "compared",
    "comparison_tables",
    "sentences",
    "write_comparison",
    "write_strategies",
]


def write_comparison(comparison: Comparison, folder: Path) -> tuple[Path, ...]:
    """Write `comparison.html`, its pictures (SVG, PNG) and CSV files into `folder`, made when absent.

    The CSV files hold the numbers in full: `difference.csv` by customer, `changes.csv` of the scenarios and,
    with items of the cascade, `lines.csv`. All are complete before the first old one is replaced. Returns
    their paths, the page first. Raises StorageError when one cannot be written.
    """
    from crcsim.report.compare.files import write  # matplotlib is imported only to draw

    return write(comparison, folder)


def write_strategies(dataset: xr.Dataset, folder: Path) -> tuple[Path, ...]:
    """Write `strategies.html`: all strategies of a result beside its first one, with links to the comparison
    of each in the folders `1`, `2` ...; its pictures (SVG, PNG) and `strategies.csv` beside it.

    Returns their paths, the page first. Raises StorageError when one cannot be written.
    """
    from crcsim.report.compare.strategies import write

    return write(dataset, folder)
