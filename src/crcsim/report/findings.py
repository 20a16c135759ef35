"""What a result says in one sentence each, and as numbers for machines."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from crcsim.errors import CrcsimError
from crcsim.measures import layers, moments, summary
from crcsim.measures.convergence import verdict
from crcsim.report.numbers import percent, probability
from crcsim.report.tables import DISCOUNTINGS, has_horizon, scale_of
from crcsim.results.strategies import alone

if TYPE_CHECKING:
    import xarray as xr

__all__ = [
    "as_facts",
    "digits_verdict",
    "headline",
    "interval",
    "loss_in_words",
    "summarised",
    "totals_by_discounting",
]

#: Below this many paths a result is a preview.
PREVIEW_PATHS = 10_000


def summarised(dataset: xr.Dataset) -> xr.Dataset:
    """`measures.summary` of one strategy with `active_at_end` [item]: share of paths still active.

    Raises CrcsimError for a result without means by customer, or with several strategies.
    """
    if "customer_active_mean" not in dataset:
        raise CrcsimError("The result holds no means by customer: it was simulated without bands.")
    found = alone(summary(dataset))
    lasting = 1.0 - found["end_probability"].sum("cause", skipna=False)
    last = alone(dataset)["customer_active_mean"].isel(period=-1).rename(customer="item")
    active = np.minimum(
        last.drop_vars([name for name in last.coords if name != "item"]).reindex(item=found["item"]), lasting
    )
    return found.assign(active_at_end=active)


def headline(found: xr.Dataset) -> str:
    """The value and how well it is known: "The customer is worth 12.71 ± 0.11 M EUR at the WACC"."""
    total, scale = found.sel(item="total"), scale_of(found)
    value = scale.with_error(float(total["value_mean"]), float(total["value_mean_standard_error"]))
    count = int((found["kind"] == "customer").sum())
    owners = "The customer is" if count == 1 else f"The {count} customers are together"
    return f"{owners} worth {value} {scale.unit} at {DISCOUNTINGS[found.attrs['headline']]}"


def interval(found: xr.Dataset) -> str:
    """The spread of outcomes, at the risk-free rate."""
    total, scale = found.sel(item="total"), scale_of(found)
    low, high = (
        scale.text(
            float(total["risk_percentile"].sel(quantile=level)),
            float(total["risk_percentile_standard_error"].sel(quantile=level)),
        )
        for level in (0.05, 0.95)
    )
    loss = loss_in_words(found)
    text = (
        f"Mean net present value, ± one standard error. Discounted at the risk-free rate, nine paths "
        f"in ten lie between {low} and {high} {scale.unit}; {loss} of all paths lie below zero."
    )
    if has_horizon(found):
        share = percent(
            float(total["value_horizon_share"]), float(total["value_horizon_share_standard_error"]), finest=1
        )
        text += f" {share} of the value comes after the last period."
    return text


def loss_in_words(found: xr.Dataset) -> str:
    """The share of paths on which the total is worth less than nothing, at the risk-free rate."""
    loss = float(found["risk_loss_probability"].sel(item="total"))
    text = probability(loss, int(found.attrs["paths"]))
    return text.replace("<", "less than ").replace(">", "more than ")


def digits_verdict(found: xr.Dataset) -> str:
    """How many digits of the total value can be trusted, and what one more would take."""
    total = found.sel(item="total")
    value, error = float(total["value_mean"]), float(total["value_mean_standard_error"])
    return verdict("Total value", value, error, int(found.attrs["paths"])) + "."


def totals_by_discounting(dataset: xr.Dataset) -> dict[str, tuple[float, float]]:
    """Mean NPV of the total and its standard error under each discounting, of one strategy."""
    found = {}
    for name in DISCOUNTINGS:
        item = alone(moments(dataset, name)).sel(item="total")
        found[name] = (float(item["mean"]), float(item["mean_standard_error"]))
    return found


def as_facts(dataset: xr.Dataset, found: xr.Dataset) -> dict[str, Any]:
    """The numbers of the tables for machines: in full, money in units of currency, None where undefined."""
    by_kind: dict[str, list[dict[str, Any]]] = {"customer": [], "level": [], "total": []}
    for name, kind in zip(found["item"].values, found["kind"].values, strict=True):
        by_kind[str(kind)].append(_item_facts(found.sel(item=name), str(name), str(kind)))
    return {
        "currency": found.attrs["currency"],
        "paths": int(found.attrs["paths"]),
        "preview": int(found.attrs["paths"]) < PREVIEW_PATHS,
        "headline": found.attrs["headline"],
        "total": by_kind["total"][0],
        "customers": by_kind["customer"],
        "levels": by_kind["level"],
        "discountings": {
            name: {"mean": _number(mean), "standard_error": _number(error)}
            for name, (mean, error) in totals_by_discounting(dataset).items()
        },
        "implied_beta": _number(found["rate_implied_beta"].sel(item="total")),
        "verdict": digits_verdict(found),
        **({"layers": _layer_facts(dataset)} if "npv_fresh" in dataset else {}),
    }


def _layer_facts(dataset: xr.Dataset) -> dict[str, Any]:
    """Share of the variance that is due to parameters, by item."""
    split = alone(layers(dataset))
    shares = zip(split["parameter_share"], split["parameter_share_standard_error"], strict=True)
    items = [
        {"name": str(name), "parameter_share": _number(share), "standard_error": _number(error)}
        for name, (share, error) in zip(split["item"].values, shares, strict=True)
    ]
    return {"discounting": split.attrs["discounting"], "items": items}


def _item_facts(item: xr.Dataset, name: str, kind: str) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "name": name,
        "value": _number(item["value_mean"]),
        "value_standard_error": _number(item["value_mean_standard_error"]),
        "percentiles": {
            f"P{100 * float(p):g}": _number(x)
            for p, x in zip(item["quantile"], item["risk_percentile"], strict=True)
        },
        "loss_probability": _number(item["risk_loss_probability"]),
        "conditional_value_at_risk": _number(item["risk_conditional_value_at_risk"]),
        "cvar_contribution": _number(item["risk_cvar_contribution"]),
    }
    if kind == "customer":
        ends = item["end_probability"]
        facts["active_at_end"] = _number(item["active_at_end"])
        facts["end_probability"] = {
            str(cause): _number(ends.sel(cause=cause)) for cause in ends["cause"].values
        }
    return facts


def _number(value: Any) -> float | None:
    number = float(value)
    return number if math.isfinite(number) else None
