"""Shareholder value in a sentence, a waterfall and two tables. All take the measure for one strategy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from crcsim.report.numbers import MoneyScale, finite, money_scale, percent, probability
from crcsim.report.table import Table
from crcsim.report.tables import DISCOUNTINGS

if TYPE_CHECKING:
    import xarray as xr

__all__ = [
    "LABELS",
    "bridge_table",
    "distribution_table",
    "facts",
    "how_to_state",
    "last_line",
    "lines",
    "scale_of_lines",
    "sentence",
    "value_of",
]

LABELS = {
    "residual": "residual value",
    "securities": "marketable securities",
    "company": "company value",
    "debt": "market value of debt",
    "shareholder": "shareholder value",
}


def lines(found: xr.Dataset) -> list[tuple[str, str, int]]:
    """(label, kind, place) of every line: customers by value, then the rest in order; no empty residual."""
    kinds = [str(kind) for kind in found["line_kind"].values]
    means = found["mean"].values
    customers = [place for place, kind in enumerate(kinds) if kind == "customer"]
    customers.sort(key=lambda place: -means[place])
    rest = [place for place, kind in enumerate(kinds) if kind != "customer"]
    names = [str(name) for name in found["line"].values]
    return [
        (_label(names[place], kinds[place]), kinds[place], place)
        for place in (*customers, *rest)
        if kinds[place] != "residual" or means[place] != 0.0
    ]


def _label(name: str, kind: str) -> str:
    if kind == "level":
        return f"unallocated: {name.replace('segment:', 'segment ', 1)}"
    return LABELS.get(kind, name)


def value_of(found: xr.Dataset, kind: str) -> tuple[float, float]:
    """Mean and error of the one line of a kind."""
    line = found.isel(line=[str(each) for each in found["line_kind"].values].index(kind))
    return float(line["mean"]), float(line["mean_standard_error"])


def last_line(found: xr.Dataset) -> str:
    """The kind of the last line."""
    return "shareholder" if found.attrs["stated"] else "company"


def scale_of_lines(found: xr.Dataset) -> MoneyScale:
    """The unit of money of the whole bridge."""
    return money_scale(float(np.abs(found["mean"].values).max()), str(found.attrs["currency"]))


def how_to_state() -> str:
    """What a scenario needs so that shareholder value can be told."""
    return (
        "For shareholder value, state marketable securities and the market value of debt in the scenario, "
        "such as `shareholder_value: {securities: 5 M EUR, debt: 20 M EUR}`."
    )


def sentence(found: xr.Dataset) -> str:
    """Company and shareholder value, how well they are known, and the risk of less than nothing."""
    scale = scale_of_lines(found)
    company = scale.with_error(*value_of(found, "company"))
    rate = DISCOUNTINGS[found.attrs["discounting"]]
    if not found.attrs["stated"]:
        return f"Company value {company} {scale.unit} at {rate}. {how_to_state()}"
    value, debt = scale.with_error(*value_of(found, "shareholder")), scale.text(*value_of(found, "debt"))
    loss = probability(float(found["loss_probability"]), int(found.attrs["paths"]))
    loss = loss.replace("<", "less than ").replace(">", "more than ")
    return (
        f"Shareholder value {value} {scale.unit} at {rate}: company value {company} less debt {debt}. It is "
        f"below zero on {loss} of the paths at the risk-free rate."
    )


def bridge_table(found: xr.Dataset) -> Table:
    """Every line: its mean at the headline, and its mean near the percentiles of the last line."""
    scale, names = scale_of_lines(found), lines(found)
    rows = []
    for label, kind, place in names:
        line = found.isel(line=place)
        sign = -1.0 if kind == "debt" else 1.0
        pair = sign * float(line["mean"]), float(line["mean_standard_error"])
        near = zip(line["near_mean"].values, line["near_mean_standard_error"].values, strict=True)
        cells = (scale.text(sign * float(mean), float(error)) for mean, error in near)
        rows.append((label, scale.text(*pair), scale.error_text(*pair), *cells))
    last = LABELS[last_line(found)]
    rate = DISCOUNTINGS[found.attrs["discounting"]]
    notes = [
        f"Mean at {rate}, ± one standard error. Near P5, P50, P95: mean of the line on the 5% of the paths "
        f"around that percentile of {last}, at the risk-free rate; each column adds up.",
        _reconciled(found),
    ]
    share = percent(float(found["residual_share"]), float(found["residual_share_standard_error"]), finest=1)
    if any(kind == "residual" for _, kind, _ in names):
        notes.append(f"Residual: {share} of the value of all flows comes after the last period.")
    if not found.attrs["stated"]:
        notes.append(how_to_state())
    totals = sum(kind not in ("customer", "level") for _, kind, _ in names)
    columns = ("Line", "Mean", "±", "Near P5", "Near P50", "Near P95")
    return Table(
        f"From the customers to {last} ({scale.unit})", columns, "lrrrrr", tuple(rows), tuple(notes), totals
    )


def _reconciled(found: xr.Dataset) -> str:
    largest = float(found["reconciliation"])
    return (
        "Checked on every path: customers and levels add up to the portfolio's cash flow discounted at the "
        f"path's rate (largest difference {largest:.0e} of the amounts)."
    )


def distribution_table(found: xr.Dataset) -> Table:
    """Percentiles of the last line and the probability that it is below zero."""
    scale = scale_of_lines(found)
    pairs = zip(found["percentile"].values, found["percentile_standard_error"].values, strict=True)
    rows = [
        (f"P{100 * float(level):g}", scale.text(float(value), float(error)), scale.error_text(value, error))
        for level, (value, error) in zip(found["quantile"].values, pairs, strict=True)
    ]
    mean = float(found["risk_mean"]), float(found["risk_mean_standard_error"])
    rows.append(("mean", scale.text(*mean), scale.error_text(*mean)))
    loss = probability(float(found["loss_probability"]), int(found.attrs["paths"]))
    last = LABELS[last_line(found)]
    note = f"At the risk-free rate, so that risk is not charged twice. Below zero on {loss} of the paths."
    title = f"Distribution of {last} ({scale.unit})"
    return Table(title, ("", last.capitalize(), "±"), "lrr", tuple(rows), (note,))


def facts(found: xr.Dataset) -> dict[str, Any]:
    """All numbers for machines."""
    rows = [
        {
            "name": label,
            "kind": kind,
            "mean": finite(found["mean"][place]),
            "standard_error": finite(found["mean_standard_error"][place]),
            "near": {
                f"P{100 * float(level):g}": finite(mean)
                for level, mean in zip(found["near"].values, found["near_mean"][place].values, strict=True)
            },
        }
        for label, kind, place in lines(found)
    ]
    percentiles = zip(
        found["quantile"].values,
        found["percentile"].values,
        found["percentile_standard_error"].values,
        strict=True,
    )
    return {
        "stated": bool(found.attrs["stated"]),
        "discounting": found.attrs["discounting"],
        "lines": rows,
        "residual_share": finite(found["residual_share"]),
        "risk_discounting": "risk_free",
        "percentiles": {
            f"P{100 * float(level):g}": {"value": finite(value), "standard_error": finite(error)}
            for level, value, error in percentiles
        },
        "loss_probability": finite(found["loss_probability"]),
        "loss_probability_standard_error": finite(found["loss_probability_standard_error"]),
        "largest_difference": finite(found["reconciliation"]),
    }
