"""Which lines of the cascade moved the value, and at which customer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from crcsim.costing.items import SIMULATED_CASH_FLOW
from crcsim.report.compare.comparison import Comparison
from crcsim.report.numbers import money_scale
from crcsim.report.table import Table
from crcsim.report.tables import DISCOUNTINGS

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["headed", "line_name", "line_tables", "moved_lines"]

_LABELS = {line.key: line.label for line in SIMULATED_CASH_FLOW} | {
    "gross_sales": "sales before price concessions",
    "unavoidable": "costs that no decision ends",
    "company_add_back": "payment-ineffective costs of segments and company",
    "horizon_value": "value after the last period",
}
_MOST_PLACES = 15


def line_name(found: xr.Dataset, key: str) -> str:
    """An item for people: the line of the statement, and the level where the line alone does not say it."""
    item = found.sel(cascade_item=key)
    label = _LABELS.get(str(item["item_line"].values), str(item["item_line"].values))
    return f"{label}: {item['item_level'].values}" if ":" in key else label


def moved_lines(found: xr.Dataset) -> list[str]:
    """The items that moved the total, the largest first; those that nothing moved are left out."""
    sizes = np.abs(found["line_difference"].sel(item="total").values)
    keys = found["cascade_item"].values
    return [str(keys[place]) for place in np.argsort(-sizes, kind="stable") if sizes[place] > 0.0]


def line_tables(comparison: Comparison, most: int | None) -> Iterator[Table]:
    """Lines by size, adding up to the total, then the largest cells of customer and line, where there are."""
    found = comparison.found
    if "line_difference" not in found:
        return
    yield _lines(found, most, comparison.apart)
    if int((found["kind"] != "total").sum()) > 1:
        yield _places(found, comparison.apart)


def headed(words: str) -> str:
    """Words of our own at the head of a column; names of strategies stay as they are."""
    return "Second less first" if words == "second less first" else words


def _lines(found: xr.Dataset, most: int | None, apart: str) -> Table:
    total = found.sel(item="total")
    keys = moved_lines(found)
    largest = float(np.abs(total["line_difference"]).max())
    scale = money_scale(largest, str(found.attrs["currency"]))
    rows = []
    for key in keys[:most]:
        cell = total.sel(cascade_item=key)
        pair = float(cell["line_difference"]), float(cell["line_difference_standard_error"])
        rows.append((line_name(found, key), scale.text(*pair), scale.error_text(*pair)))
    if len(keys) > len(rows):
        others = float(total["line_difference"].sel(cascade_item=keys[len(rows) :]).sum())
        rows.append((f"{len(keys) - len(rows):,} other lines", scale.text(others, float("nan")), ""))
    whole = float(total["value_mean_difference"]), float(total["value_mean_difference_standard_error"])
    rows.append(("total", scale.text(*whole), scale.error_text(*whole)))
    note = (
        f"Present value at {DISCOUNTINGS[found.attrs['discounting']]}, {apart}, signed as it "
        "enters the cash flow: more costs are negative. The lines add up to the total."
    )
    columns = ("Line of the cash flow", headed(apart), "±")
    return Table(
        f"Which lines moved the value ({scale.unit})", columns, "lrr", tuple(rows), (note,), totals=1
    )


def _places(found: xr.Dataset, apart: str) -> Table:
    """The largest cells of customer (or level) and line."""
    parts = found.isel(item=np.flatnonzero(found["kind"].values != "total"))
    sizes = np.nan_to_num(np.abs(parts["line_difference"].values))
    order = np.argsort(-sizes, axis=None, kind="stable")[:_MOST_PLACES]
    scale = money_scale(float(sizes.max(initial=0.0)), str(found.attrs["currency"]))
    rows = []
    for place in order[sizes.ravel()[order] > 0.0]:
        cell = parts.isel(
            dict(zip(("item", "cascade_item"), np.unravel_index(place, sizes.shape), strict=True))
        )
        pair = float(cell["line_difference"]), float(cell["line_difference_standard_error"])
        name = line_name(found, str(cell["cascade_item"].values))
        rows.append((str(cell["item"].values), name, scale.text(*pair), scale.error_text(*pair)))
    columns = ("Customer", "Line of the cash flow", headed(apart), "±")
    return Table(f"Where the value moved most ({scale.unit})", columns, "llrr", tuple(rows))
