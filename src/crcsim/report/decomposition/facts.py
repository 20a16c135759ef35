"""A decomposition as plain numbers, for JSON and CSV; what cannot be known is None."""

from __future__ import annotations

import csv
import io
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["as_facts", "growth_csv", "part_csv"]


def as_facts(parts: xr.Dataset, growth: xr.Dataset) -> dict[str, Any]:
    """Every part of every item and the growth of its sales, with standard errors."""
    names = ("title", "currency", "discounting", "method", "seed", "paths", "runs")
    return {
        **{name: parts.attrs[name] for name in names},
        "items": {str(item): _item(parts.sel(item=item)) for item in parts["item"].values},
        "growth": {str(item): _growth(growth.sel(item=item)) for item in growth["item"].values},
    }


def _item(found: xr.Dataset) -> dict[str, Any]:
    return {
        "value": _pair(found, "npv_mean"),
        "parts": {str(name): _pair(found.sel(part=name), "part_mean") for name in found["part"].values},
    }


def _growth(found: xr.Dataset) -> dict[str, Any]:
    each = {}
    for name in found["growth_part"].values:
        part = found.sel(growth_part=name)
        each[str(name)] = {**_pair(part, "growth_mean"), "sd": _number(part["growth_sd"])}
    return {**each, "hidden_decline": _pair(found, "hidden_decline"), "paths": int(found["growth_paths"])}


def _pair(found: xr.Dataset, name: str) -> dict[str, float | None]:
    return {"mean": _number(found[name]), "standard_error": _number(found[f"{name}_standard_error"])}


def _number(value: xr.DataArray) -> float | None:
    number = float(value)
    return number if math.isfinite(number) else None


def part_csv(parts: xr.Dataset) -> str:
    """One row per item and part, numbers in full, in the currency; an item's last row is its value."""
    rows: list[tuple[object, ...]] = [("item", "part", "group", "mean", "standard_error")]
    groups = dict(zip(parts["part"].values, parts["part_group"].values, strict=True))
    for item in parts["item"].values:
        each = _item(parts.sel(item=item))
        rows += [(item, name, groups[name], *pair.values()) for name, pair in each["parts"].items()]
        rows.append((item, "value", "value", *each["value"].values()))
    return _csv(rows)


def growth_csv(growth: xr.Dataset) -> str:
    """One row per item and part of growth, log growth a year as a fraction."""
    rows: list[tuple[object, ...]] = [
        ("item", "part", "mean", "standard_error", "standard_deviation", "paths", "hidden_decline")
    ]
    for item in growth["item"].values:
        each = _growth(growth.sel(item=item))
        for name in growth["growth_part"].values:
            rows.append(
                (item, name, *each[str(name)].values(), each["paths"], each["hidden_decline"]["mean"])
            )
    return _csv(rows)


def _csv(rows: list[tuple[object, ...]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
