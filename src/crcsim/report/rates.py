"""Tables of the rates: what the cost of capital is made of, rates of customers, what their spread does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from crcsim.measures.rates import RATES
from crcsim.report.numbers import finite, percent, rounded
from crcsim.report.table import Table
from crcsim.report.tables import ranked, scale_of_items

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["build_up_table", "customer_rate_table", "effect_table", "facts"]

_NUMBERS = ("beta", "unlevered_beta")


def _text(name: str, value: float, error: float = 0.0) -> str:
    """A rate in %, a beta as a number."""
    if name in _NUMBERS:
        return rounded(value, error, finest=2)
    return percent(value, error, finest=2).removesuffix("%")


def build_up_table(found: xr.Dataset) -> Table:
    """From the real rate to the cost of capital: central inputs, mean and percentiles over the paths."""
    rows = []
    names = [name for name in RATES if np.isfinite(float(found["central"].sel(rate=name)))]
    for name in names:
        one = found.sel(rate=name)
        percentiles = zip(one["percentile"].values, one["percentile_standard_error"].values, strict=True)
        rows.append(
            (
                RATES[name] + ("" if name in _NUMBERS else " %"),
                _text(name, float(one["central"])),
                _text(name, float(one["mean"]), float(one["mean_standard_error"])),
                *(_text(name, float(value), float(error)) for value, error in percentiles),
            )
        )
    notes = ["Effective annual rates. Central: at the mean of every input. Mean, P5 and P95: over the paths."]
    if found.attrs["stated"]:
        notes.append("The scenario states the cost of capital itself: no CAPM stands behind it.")
    elif found.attrs["form"] == "effective":
        notes.append(
            "The rate that discounts is the WACC, for uncertain inputs taken in ln(1 + rate) around its "
            "central value, so that 1 + rate cannot reach zero."
        )
    columns = ("", "Central", "Mean", "P5", "P95")
    return Table("What the cost of capital is made of", columns, "lrrrr", tuple(rows), tuple(notes), totals=1)


def customer_rate_table(found: xr.Dataset, build_up: xr.Dataset, names: list[str]) -> Table:
    """Rate of each customer's business, their average and the firm's; `names` in the order of the rows."""
    rows = []
    for name in names:
        one = found.sel(customer=name)
        percentiles = zip(one["percentile"].values, one["percentile_standard_error"].values, strict=True)
        rows.append(
            (
                name,
                f"{float(one['business_beta']):.2f}",
                f"{float(one['equity_beta']):.2f}",
                _text("rate", float(one["central"])),
                _text("rate", float(one["mean"]), float(one["mean_standard_error"])),
                *(_text("rate", float(value), float(error)) for value, error in percentiles),
                "own" if int(one["own_rate"]) else "the firm's",
            )
        )
    firm = build_up.sel(rate="cost_of_capital")
    rest = {
        "weighted with value": (found["weighted_rate"], found["weighted_rate_standard_error"]),
        "the firm": (firm["mean"], firm["mean_standard_error"]),
        "difference": (found["difference"], found["difference_standard_error"]),
    }
    rows += [
        (label, "", "", "", _text("rate", float(value), float(error)), "", "", "")
        for label, (value, error) in rest.items()
    ]
    note = (
        "A customer's business beta (coupling x beta) is relevered with the firm's debt; CAPM and the "
        "firm's weights give its rate. P5 and P95: from the economy and the firm's capital, the customer's "
        "beta held at its central value. Weights: values by state prices. The difference is what the stated "
        "betas leave unexplained of the firm's own; only customers marked `own` are discounted at their rate."
    )
    columns = ("Customer", "Beta", "Equity beta", "Central %", "Mean %", "P5 %", "P95 %", "Discounted at")
    return Table("Rates of the customers", columns, "lrrrrrrl", tuple(rows), (note,), totals=3)


def effect_table(found: xr.Dataset) -> Table:
    """What the uncertain rate does to the value; `found` is the summary of one strategy."""
    scale, rows = scale_of_items(found), []
    for name in (*ranked(found), "total"):
        one = found.sel(item=name)
        value, error = float(one["rate_value"]), float(one["rate_value_standard_error"])
        flows = (
            float(one[f"rate_value_{each}"])
            for each in ("at_central_rate", "at_mean_rate", "mean_over_rates")
        )
        rate = float(one["rate_certainty_equivalent_rate"])
        rate_error = float(one["rate_certainty_equivalent_rate_standard_error"])
        cells = [scale.text(each, error) for each in flows]
        rows.append(
            (
                name,
                *cells,
                scale.text(value, error),
                scale.error_text(value, error),
                _text("rate", rate, rate_error),
            )
        )
    note = (
        "Mean flows at the firm's central rate, at the mean rate, and at the mean of the paths' discount "
        "factors (convexity makes it more); as simulated: flows and rates of the same path. Equivalent rate: "
        "the one rate that gives the simulated value. Without value after the last period."
    )
    columns = ("Customer", "Central rate", "Mean rate", "Over rates", "As simulated", "±", "Equivalent %")
    title = f"What the uncertain rate does to the value at the WACC ({scale.unit})"
    return Table(title, columns, "lrrrrrr", tuple(rows), (note,), totals=1)


def facts(build_up: xr.Dataset, customers: xr.Dataset | None) -> dict[str, Any]:
    """All numbers for machines."""
    made: dict[str, Any] = {
        "stated": bool(build_up.attrs["stated"]),
        "firm": {
            name: {"central": finite(build_up["central"].sel(rate=name)), **_spread(build_up.sel(rate=name))}
            for name in RATES
        },
    }
    if customers is not None:
        made["customers"] = [
            {
                "name": str(name),
                "business_beta": finite(one["business_beta"]),
                "equity_beta": finite(one["equity_beta"]),
                "own_rate": bool(one["own_rate"]),
                "central": finite(one["central"]),
                **_spread(one),
            }
            for name, one in ((name, customers.sel(customer=name)) for name in customers["customer"].values)
        ]
        for name in ("weighted_rate", "difference"):
            error = customers[f"{name}_standard_error"]
            made[name] = {"value": finite(customers[name]), "standard_error": finite(error)}
    return made


def _spread(one: xr.Dataset) -> dict[str, Any]:
    levels = zip(one["quantile"].values, one["percentile"].values, strict=True)
    return {
        "mean": finite(one["mean"]),
        "standard_error": finite(one["mean_standard_error"]),
        **{f"P{100 * float(level):g}": finite(value) for level, value in levels},
    }
