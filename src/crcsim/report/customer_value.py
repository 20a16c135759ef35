"""Both forms of customer value as a table, for one strategy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from crcsim.report.numbers import finite, money_scale
from crcsim.report.table import Table
from crcsim.report.tables import DISCOUNTINGS

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["facts", "table"]

_NUMBERS = (
    "receipts",
    "payments",
    "value_of_flows",
    "contributions",
    "investments",
    "value_of_contributions",
    "horizon_value",
    "value",
)


def _names(found: xr.Dataset) -> list[str]:
    """Customers by value, then levels, then the total."""
    items, kinds = found["item"].values, found["kind"].values
    order = np.argsort(-found["value"].values, kind="stable")
    customers = [str(items[place]) for place in order if kinds[place] == "customer"]
    return [*customers, *(str(name) for name, kind in zip(items, kinds, strict=True) if kind != "customer")]


def table(found: xr.Dataset) -> Table:
    """Receipts less payments beside contributions less investments, and the NPV that both must give."""
    largest = np.abs(found["value"].values[found["kind"].values != "total"]).max(initial=0.0)
    scale = money_scale(float(largest), str(found.attrs.get("currency", "")))
    later = bool(np.any(found["horizon_value"].values != 0.0))
    shown = [name for name in _NUMBERS if later or name != "horizon_value"]
    rows = []
    for name in _names(found):
        one = found.sel(item=name)
        pairs = [(float(one[each]), float(one[f"{each}_standard_error"])) for each in shown]
        cells = (scale.text(*pair) for pair in pairs)
        rows.append((name.replace("segment:", "segment ", 1), *cells, scale.error_text(*pairs[-1])))
    headings = {
        "receipts": "Receipts",
        "payments": "less payments",
        "value_of_flows": "value",
        "contributions": "Contributions",
        "investments": "less investments",
        "value_of_contributions": "value",
        "horizon_value": "after horizon",
        "value": "NPV",
    }
    notes = (
        f"Present values of expected flows at {DISCOUNTINGS[found.attrs['discounting']]}. Receipts: net "
        "revenue when it is paid, prepayments received; payments: all other cash, tax included. "
        "Contributions: payment-effective customer contributions after timing, write-offs and tax. Segments "
        "and the company receive nothing; what they pay is a negative contribution.",
        "Both forms are made of the items of the cash flow and checked on every recorded path against the "
        "NPV, which is summed apart from them (largest difference "
        f"{float(found['difference'].max()):.0e} of the amounts).",
    )
    columns = ("Customer", *(headings[name] for name in shown), "±")
    rest = int((found["kind"] != "customer").sum())
    title = f"Customer value in both forms ({scale.unit})"
    return Table(title, columns, "l" + "r" * (len(columns) - 1), tuple(rows), notes, totals=rest)


def facts(found: xr.Dataset) -> dict[str, Any]:
    """All numbers for machines."""
    items = []
    for name in _names(found):
        one = found.sel(item=name)
        numbers = {
            each: {"value": finite(one[each]), "standard_error": finite(one[f"{each}_standard_error"])}
            for each in _NUMBERS
        }
        items.append({"name": name, "kind": str(one["kind"].values), **numbers})
    return {
        "discounting": found.attrs["discounting"],
        "items": items,
        "largest_difference": finite(found["difference"].max()),
    }
