"""A comparison for machines: numbers in full, money in units of currency, None where undefined."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from crcsim.report.compare.comparison import Comparison
from crcsim.report.compare.findings import sentences
from crcsim.report.findings import PREVIEW_PATHS

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["as_facts", "line_facts"]

_OF_A_SIDE = {
    "value": "value_mean",
    "risk_mean": "risk_mean",
    "sd": "risk_sd",
    "conditional_value_at_risk": "risk_conditional_value_at_risk",
    "loss_probability": "risk_loss_probability",
}


def as_facts(comparison: Comparison) -> dict[str, Any]:
    """All that the tables show and more; `lines` is None when a result holds no items of the cascade."""
    found = comparison.found
    attributes = found.attrs
    items: dict[str, list[dict[str, Any]]] = {"customer": [], "level": [], "total": []}
    for name, kind in zip(found["item"].values, found["kind"].values, strict=True):
        items[str(kind)].append(_item_facts(found.sel(item=name), str(name)))
    changes = comparison.changes
    return {
        **{side: _side_facts(comparison, place, side) for place, side in enumerate(("first", "second"))},
        "paired": comparison.paired,
        "unpaired_reason": attributes["unpaired_reason"] or None,
        "currency": attributes["currency"],
        "valuation_date": attributes["valuation_date"],
        "discounting": attributes["discounting"],
        "risk_discounting": attributes["risk_discounting"],
        "preview": min(attributes["first_paths"], attributes["second_paths"]) < PREVIEW_PATHS,
        "findings": list(sentences(comparison)),
        "notes": list(comparison.notes),
        "caveats": list(comparison.caveats),
        "changes": None
        if changes is None
        else [{"path": each.path, "first": each.before, "second": each.after} for each in changes],
        "total": items["total"][0],
        "customers": items["customer"],
        "levels": items["level"],
        "untouched": comparison.untouched(),
        "products": product_facts(found),
        "lines": line_facts(found),
        "dominance_test": {
            name: attributes[f"dominance_{name}"]
            for name in ("confidence", "tolerance_probability", "tolerance_deviation")
        },
    }


def _side_facts(comparison: Comparison, place: int, side: str) -> dict[str, Any]:
    attributes = comparison.found.attrs
    return {
        "label": comparison.labels[place],
        "strategy": attributes[f"{side}_strategy"],
        "paths": attributes[f"{side}_paths"],
    }


def _item_facts(item: xr.Dataset, name: str) -> dict[str, Any]:
    facts: dict[str, Any] = {"name": name, "presence": str(item["presence"].values)}
    for side in ("first", "second"):
        facts[side] = {key: _estimate(item.sel(side=side), variable) for key, variable in _OF_A_SIDE.items()}
    facts["difference"] = {
        key: _estimate(item, f"{variable}_difference") for key, variable in _OF_A_SIDE.items()
    } | {
        "percentiles": {
            f"P{100 * float(level):g}": _estimate(item.sel(quantile=level), "difference_percentile")
            for level in item["quantile"].values
        },
        "second_worth_more": _estimate(item, "second_worth_more"),
        "equally_worth": _estimate(item, "equally_worth"),
        "variance_reduction": _number(item["variance_reduction"]),
        "correlation": _number(item["correlation"]),
        "sd_paired": _number(item["difference_sd"]),
        "sd_independent": _number(item["independent_sd"]),
    }
    facts["dominance"] = {
        f"{order}_order": str(item[f"{order}_order_dominance"].values) or None
        for order in ("first", "second")
    }
    return facts


def product_facts(found: xr.Dataset) -> list[dict[str, Any]] | None:
    """One entry per product; None where a result holds no items of products."""
    if "product_difference" not in found:
        return None
    made = []
    for name in found["product"].values:
        one = found.sel(product=name)
        facts: dict[str, Any] = {"name": str(name), "untouched": bool(one["product_untouched"])}
        facts |= {side: _estimate(one.sel(side=side), "product_value") for side in ("first", "second")}
        for key in ("difference", "second_worth_more", "equally_worth"):
            facts[key] = _estimate(one, f"product_{key}")
        facts["difference_percentiles"] = {
            f"P{100 * float(level):g}": _estimate(one.sel(quantile=level), "product_difference_percentile")
            for level in one["quantile"].values
        }
        facts["variance_reduction"] = _number(one["product_variance_reduction"])
        facts["dominance"] = {
            f"{order}_order": str(one[f"product_{order}_order_dominance"].values)
            for order in ("first", "second")
        }
        made.append(facts)
    return made


def line_facts(found: xr.Dataset) -> list[dict[str, Any]] | None:
    """One entry per item of the cascade and customer, level or total; zeros are left out."""
    if "line_difference" not in found:
        return None
    values, errors = found["line_difference"].values, found["line_difference_standard_error"].values
    names, keys, lines, levels = (
        found[name].values for name in ("item", "cascade_item", "item_line", "item_level")
    )
    return [
        {
            "name": str(names[row]),
            "item": str(keys[column]),
            "line": str(lines[column]),
            "level": str(levels[column]),
            "difference": _number(values[row, column]),
            "standard_error": _number(errors[row, column]),
        }
        for row, column in zip(*np.nonzero(np.nan_to_num(values)), strict=True)
    ]


def _estimate(item: xr.Dataset, name: str) -> dict[str, float | None]:
    return {"estimate": _number(item[name]), "standard_error": _number(item[f"{name}_standard_error"])}


def _number(value: Any) -> float | None:
    number = float(value)
    return number if math.isfinite(number) else None
