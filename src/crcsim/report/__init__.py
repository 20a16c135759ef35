"""Results for people: tables, pictures and one page that opens without a network."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import xarray as xr

    from crcsim.report.decide import Answer
    from crcsim.report.views import Views

__all__ = ["write_report"]


def write_report(
    dataset: xr.Dataset,
    folder: Path,
    views: Views | None = None,
    *,
    strategy: str | None = None,
    strategies: Iterable[str] | None = None,
    answers: tuple[Answer, ...] = (),
) -> Path:
    """Write `report.html` and every picture as SVG and PNG into `folder`, made when absent; return the page.

    Of a result with items also its statements and its value tree as CSV files. All files are complete before
    the first old one is replaced. Raises StorageError when a file cannot be written, NumericError where items
    do not add up to what the result says. `views`: the measures of `report.views` where they are at hand;
    they are taken otherwise. Of a result with several strategies the page begins with all of them, or the
    named `strategies`, beside the baseline; everything else shows `strategy`, the baseline unless named, and
    says so. `answers`: of `report.decide`; their sentences and first pictures open the page. Raises
    CrcsimError for a strategy that the result lacks.
    """
    from crcsim.report.page import write  # matplotlib is imported only to draw

    return write(dataset, folder, views, strategy, strategies, answers)
