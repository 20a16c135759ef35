"""From a result to its pictures: each chart says in its heading what it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from crcsim.measures import ends
from crcsim.measures.values import path_values
from crcsim.report import figures
from crcsim.report.figures.fan import Fan
from crcsim.report.figures.intervals import Interval
from crcsim.report.findings import loss_in_words
from crcsim.report.numbers import MoneyScale, money_scale
from crcsim.report.pictures import Chart
from crcsim.report.tables import DISCOUNTINGS, ENDS, ranked, scale_of, scale_of_items
from crcsim.results.strategies import alone

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["CHART_NAMES", "Chart", "draw_charts"]

CHART_NAMES = (
    "value",
    "cash_flow",
    "customers",
    "survival",
    "drivers",
    "survival_by_customer",
    "sales_by_customer",
    "contributions",
)

Floats = NDArray[np.float64]
_MOST_ROWS = 20
_MOST_PANELS = 6
_LEAST_INACTIVE = 0.002
_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def draw_charts(dataset: xr.Dataset, found: xr.Dataset) -> Iterator[Chart]:
    """All charts of a result of one strategy; `found` is its summary. Draw inside `figures.look()`.

    Raises CrcsimError for several strategies.
    """
    alone(dataset)
    drawn = [_value, _cash_flow, _customers, _survival, _drivers]
    if len(ranked(found)) > 1:
        drawn += [_survival_by_customer, _sales]
        drawn += [_contributions] if _has_tail(found) else []
    for draw in drawn:
        yield draw(dataset, found)


def _value(dataset: xr.Dataset, found: xr.Dataset) -> Chart:
    scale, total = scale_of(found), found.sel(item="total")
    values = path_values(dataset, "risk_free").total[0] / scale.factor
    heading = f"NPV of the portfolio: negative on {loss_in_words(found)} of the paths"
    marks = {name: _percentile(total, level, scale) for name, level in (("P5", 0.05), ("P95", 0.95))}
    mean, error = float(total["risk_mean"]), float(total["risk_mean_standard_error"])
    marks["mean"] = (mean / scale.factor, scale.text(mean, error))
    if found.attrs["headline"] != "risk_free":
        value, error = float(total["value_mean"]), float(total["value_mean_standard_error"])
        text = f"{scale.text(value, error)} at {DISCOUNTINGS[found.attrs['headline']]}"
        marks["value"] = (value / scale.factor, text)
    figure = figures.histogram(
        values, marks, f"Net present value at the risk-free rate ({scale.unit})", heading
    )
    return Chart("value", heading, figure)


def _percentile(item: xr.Dataset, level: float, scale: MoneyScale) -> tuple[float, str]:
    value = float(item["risk_percentile"].sel(quantile=level))
    return value / scale.factor, scale.text(
        value, float(item["risk_percentile_standard_error"].sel(quantile=level))
    )


def _cash_flow(dataset: xr.Dataset, found: xr.Dataset) -> Chart:
    per_year = int(dataset.attrs["periods_per_year"])
    flows = alone(dataset)["cash_flow"].transpose("period", "path").values
    yearly = np.add.reduceat(flows, np.arange(0, len(flows), per_year), axis=0)
    scale = money_scale(float(np.abs(yearly.mean(axis=1)).max()), str(dataset.attrs["currency"]))
    bands = np.quantile(yearly, _QUANTILES, axis=1) / scale.factor
    mean = yearly.mean(axis=1) / scale.factor
    fan = Fan(
        "Cash flow",
        f"{scale.unit} per year",
        np.arange(1.0, len(mean) + 1),
        dict(zip(_QUANTILES, bands, strict=True)),
        mean,
    )
    ends = f"{mean[0]:.3g} {scale.unit} in year 1, {mean[-1]:.3g} in year {len(mean)} on average"
    heading = f"Cash flow of the portfolio: {ends}"
    return Chart(
        "cash_flow", heading, figures.fan_chart(fan, heading, f"Year from {dataset.attrs['valuation_date']}")
    )


def _customers(dataset: xr.Dataset, found: xr.Dataset) -> Chart:
    scale, names = scale_of_items(found), ranked(found)
    intervals = [_interval(found.sel(item=name), name, scale) for name in names[:_MOST_ROWS]]
    intervals = _with_points_aligned(intervals)
    largest = float(found["value_share_of_top"].isel(top=0)) if len(names) > 1 else np.nan
    heading = "NPV per customer" + (
        f": {_named(names[0])} holds {100 * largest:.0f}% of the value" if largest > 0 else ""
    )
    heading += _cut(names)
    value = f"◆ and number: value at {DISCOUNTINGS[found.attrs['headline']]}"
    label = (
        f"NPV at the risk-free rate ({scale.unit}): thin P5 to P95, thick P25 to P75, gap median;  {value}"
    )
    return Chart("customers", heading, figures.interval_plot(intervals, label, heading))


def _named(name: str) -> str:
    """A name that leaves room for the rest of a heading."""
    return figures.shortened(name, 22)


def _cut(names: list[str]) -> str:
    """What a heading adds when not all customers have a row."""
    return f" (the largest {_MOST_ROWS} of {len(names)})" if len(names) > _MOST_ROWS else ""


def _interval(item: xr.Dataset, name: str, scale: MoneyScale) -> Interval:
    mean, error = float(item["value_mean"]), float(item["value_mean_standard_error"])
    percentiles = item["risk_percentile"].sel(quantile=list(_QUANTILES)) / scale.factor
    p5, p25, p50, p75, p95 = percentiles.values.tolist()
    return Interval(name, p5, p25, p50, p75, p95, mean / scale.factor, scale.with_error(mean, error))


def _with_points_aligned(intervals: list[Interval]) -> list[Interval]:
    """The texts padded at the left, so that their decimal points stand below each other."""
    whole = [len(re.split(r"[. ]", interval.text)[0]) for interval in intervals]
    return [
        replace(interval, text="\N{FIGURE SPACE}" * (max(whole) - size) + interval.text)
        for interval, size in zip(intervals, whole, strict=True)
    ]


def _has_tail(found: xr.Dataset) -> bool:
    """Whether shares of mean value and of the shortfall below it mean anything."""
    total = found.sel(item="total")
    mean, worst = float(total["risk_mean"]), float(total["risk_conditional_value_at_risk"])
    return mean > 0.0 and mean - worst > 1e-9 * mean


def _contributions(dataset: xr.Dataset, found: xr.Dataset) -> Chart:
    names = ranked(found)
    total = found.sel(item="total")
    shortfall = float(total["risk_mean"] - total["risk_conditional_value_at_risk"])
    items = found.sel(item=names)
    value: list[float] = (100 * items["risk_mean"] / float(total["risk_mean"])).values.tolist()
    risk: list[float] = (
        100 * (items["risk_mean"] - items["risk_cvar_contribution"]) / shortfall
    ).values.tolist()
    most = int(np.argmax(risk))
    heading = f"Who brings value, who risk: {_named(names[most])} bears {risk[most]:.0f}% of the risk"
    shown = names[:_MOST_ROWS], value[:_MOST_ROWS], risk[:_MOST_ROWS]
    label = "Share of the portfolio's mean NPV, and of its shortfall on the worst 5% of paths (%)"
    label += f"\n{_cut(names).strip()}" if _cut(names) else ""
    return Chart("contributions", heading, figures.paired_dots(*shown, label, heading))


def _time_label(dataset: xr.Dataset) -> str:
    return f"Years after {dataset.attrs['valuation_date']}"


def _states(dataset: xr.Dataset) -> dict[str, Floats]:
    """State -> share of paths [customer, 1 + period], from the valuation date on; the states add up to 1."""
    incidence = alone(ends(dataset))["cumulative_incidence"].transpose("cause", "customer", "period")
    active = alone(dataset)["customer_active_mean"].transpose("customer", "period").values
    lasting = 1.0 - incidence.sum("cause").values
    prospects = (dataset["phase"].values == "prospect").astype(float)[:, None]
    states = {"active": np.hstack([1.0 - prospects, np.minimum(active, lasting)])}
    states["inactive"] = np.hstack([prospects, np.maximum(lasting - active, 0.0)])
    for cause in ENDS:
        states[cause] = np.hstack([np.zeros_like(prospects), incidence.sel(cause=cause).values])
    return {
        state: share for state, share in states.items() if state == "active" or share.max() > _LEAST_INACTIVE
    }


def _survival(dataset: xr.Dataset, found: xr.Dataset) -> Chart:
    states = {state: share.mean(axis=0) for state, share in _states(dataset).items()}
    years = np.append(0.0, dataset["years"].values)
    lost = {state: float(share[-1]) for state, share in states.items() if state in ENDS}
    share, when = f"{100 * states['active'][-1]:.0f}%", f"after {years[-1]:g} years"
    if dataset.sizes["customer"] > 1:
        heading = f"{share} of the relations are active {when}"
    else:
        heading = f"The relation is active on {share} of the paths {when}"
    if lost:
        heading += f"; the most frequent end is {max(lost, key=lambda cause: lost[cause])}"
    return Chart("survival", heading, figures.survival_areas(years, states, heading, _time_label(dataset)))


def _survival_by_customer(dataset: xr.Dataset, found: xr.Dataset) -> Chart:
    states, years = _states(dataset), np.append(0.0, dataset["years"].values)
    order = [str(name) for name in dataset["customer"].values]
    names = ranked(found)[:_MOST_PANELS]
    places = [order.index(name) for name in names]
    seen = [state for state, share in states.items() if share[places].max() > _LEAST_INACTIVE]
    panels = [
        (name, {state: states[state][place] for state in dict.fromkeys(["active", *seen])})
        for name, place in zip(names, places, strict=True)
    ]
    heading = f"What becomes of {_which(names, dataset)}"
    return Chart(
        "survival_by_customer", heading, figures.survival_panels(years, panels, heading, _time_label(dataset))
    )


def _which(names: list[str], dataset: xr.Dataset) -> str:
    if len(names) < dataset.sizes["customer"]:
        return f"the {len(names)} most valuable customers"
    return "the customers"


def _drivers(dataset: xr.Dataset, found: xr.Dataset) -> Chart:
    one, per_year = alone(dataset), float(dataset.attrs["periods_per_year"])
    active = one["customer_active_mean"]
    means = {
        "sales": one["customer_sales_mean"].sum("customer").values,
        "wallet": (one["customer_wallet_mean"].fillna(0.0) * active).sum("customer").values,
        "active": active.sum("customer").values,
    }
    fans = [
        _money_fan(one, "total_sales_band", "Sales", per_year, means["sales"]),
        _money_fan(one, "total_wallet_band", "Wallet of active customers", per_year, means["wallet"]),
        _fan(one["total_share_band"], one["years"].values, "Share of wallet", "%", 100.0),
        _fan(
            one["total_active_band"], one["years"].values, "Active customers", "number", 1.0, means["active"]
        ),
    ]
    heading = "What drives the cash: sales, wallet, share of wallet, active customers"
    return Chart("drivers", heading, figures.fan_panels(fans, heading, _time_label(dataset)))


def _sales(dataset: xr.Dataset, found: xr.Dataset) -> Chart:
    per_year, names = float(dataset.attrs["periods_per_year"]), ranked(found)[:_MOST_PANELS]
    fans = []
    for name in names:
        one = alone(dataset).sel(customer=name)
        fans.append(_money_fan(one, "customer_sales_band", name, per_year, one["customer_sales_mean"].values))
    heading = f"Sales of {_which(names, dataset)}"
    return Chart(
        "sales_by_customer", heading, figures.fan_panels(fans, heading, _time_label(dataset), columns=3)
    )


def _money_fan(one: xr.Dataset, band: str, name: str, per_year: float, mean: Floats) -> Fan:
    """A flow per period, shown per year."""
    scale = money_scale(
        float(np.nanmax(one[band].values, initial=0.0)) * per_year, str(one.attrs["currency"])
    )
    return _fan(one[band], one["years"].values, name, f"{scale.unit} per year", per_year / scale.factor, mean)


def _fan(
    band: xr.DataArray, years: Floats, name: str, unit: str, factor: float, mean: Floats | None = None
) -> Fan:
    quantiles = {level: factor * band.sel(quantile=level).values for level in _QUANTILES}
    return Fan(name, unit, years, quantiles, None if mean is None else factor * mean)
