"""Tables of a decomposed value and of the growth of sales; numbers are rounded by their standard errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from crcsim.report.numbers import MoneyScale, money_scale, percent
from crcsim.report.table import Table
from crcsim.report.tables import DISCOUNTINGS

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["TOTAL", "customer_table", "growth_table", "part_table", "scale_of", "title"]

TOTAL = "total"
Floats = NDArray[np.float64]
_GROUPS = {
    "today": "Today's wallet",
    "growth": "Growth",
    "losses": "Losses",
    "prices": "Prices",
    "costs": "Costs",
    "cash": "Capital, tax",
    "investments": "Invested",
    "horizon": "Horizon",
}
_GROWTH = {
    "sales": "sales",
    "market": "explained by the market",
    "industry": "explained by industries",
    "own": "own",
}


def title(item: str) -> str:
    """What the parts of an item add up to."""
    return "Customer relationship capital" if item == TOTAL else f"Value of {item.replace(':', ' ')}"


def scale_of(parts: xr.Dataset, item: str) -> MoneyScale:
    """The unit of money that suits the largest part of an item."""
    largest = float(np.max(np.abs(parts["part_mean"].sel(item=item).values)))
    return money_scale(largest, str(parts.attrs["currency"]))


def part_table(parts: xr.Dataset, item: str = TOTAL) -> Table:
    """What every part adds to the value of an item, from today's wallet to the value."""
    scale, found = scale_of(parts, item), parts.sel(item=item)
    base = abs(float(found["part_mean"][0]))
    rows = []
    for name in parts["part"].values:
        part = found.sel(part=name)
        value, error = float(part["part_mean"]), float(part["part_mean_standard_error"])
        share = percent(value / base, error / base, finest=1).removesuffix("%") if base else ""
        texts = (scale.text(value, error), scale.error_text(value, error), share)
        rows.append((str(name), *texts, str(part["part_meaning"].values)))
    value, error = float(found["npv_mean"]), float(found["npv_mean_standard_error"])
    share = percent(value / base, error / base, finest=1).removesuffix("%") if base else ""
    rows.append(
        ("value", scale.text(value, error), scale.error_text(value, error), share, "sum of all parts")
    )
    columns = ("Part", scale.unit, "±", "% of today's wallet", "What it adds")
    return Table(f"{title(item)}, part by part", columns, "lrrrl", tuple(rows), (_method(parts),), totals=1)


def _method(parts: xr.Dataset) -> str:
    """How the parts were found."""
    attributes = parts.attrs
    how = (
        "each part is what it adds to those above it"
        if attributes["method"] == "stated order"
        else f"each part is its average over orders of switching on ({attributes['method']})"
    )
    return (
        f"Mean NPV at {DISCOUNTINGS[attributes['discounting']]}; {how}, on the same {attributes['paths']:,} "
        f"paths (seed {attributes['seed']}), so that the parts of every path add up to its NPV. ±: one "
        "standard error. Market and industry shocks have no mean of their own: their parts say what they add "
        "on average by their interplay with the rest."
    )


def customer_table(parts: xr.Dataset, most: int | None = None) -> Table:
    """Groups of parts by customer, the most valuable first, then levels and the total."""
    kind, names = parts["kind"].values, parts["item"].values
    values, errors = parts["npv_mean"].values, parts["npv_mean_standard_error"].values
    customers = np.flatnonzero(kind == "customer")
    ranked = customers[np.argsort(-values[customers], kind="stable")]
    rest = [*np.flatnonzero(kind == "level"), *np.flatnonzero(kind == "total")]
    scale = money_scale(float(np.max(np.abs(values[customers]))), str(parts.attrs["currency"]))
    sums = {group: _of_group(parts, group) for group in _GROUPS}
    groups = [group for group in _GROUPS if np.any(sums[group][0])]
    notes = [f"Groups of parts of the mean NPV, in {scale.unit}, to the digits that their errors support."]
    if most is not None and most < len(ranked):
        notes.append(f"{len(ranked) - most} more in the files; the total holds all of them.")
    rows = tuple(
        (
            str(names[place]).replace("segment:", "segment ", 1),
            *(scale.text(*sums[group][:, place]) if sums[group][0, place] else "" for group in groups),
            scale.text(values[place], errors[place]),
        )
        for place in (*ranked[:most], *rest)
    )
    columns = ("Customer", *(_GROUPS[group] for group in groups), "Value")
    heading = f"Parts of the value by customer ({scale.unit})"
    return Table(heading, columns, "l" + "r" * (len(columns) - 1), rows, tuple(notes), totals=len(rest))


def _of_group(parts: xr.Dataset, group: str) -> Floats:
    """Means [0, item] and standard errors [1, item] of the sum of a group's parts.

    The spread over paths is that of the recorded ones; where orders were sampled, their part of the error is
    left out.
    """
    chosen = parts["part_group"].values == group
    mean = parts["part_mean"].values[chosen].sum(axis=0)
    recorded = parts["item_part_value"].values[chosen].sum(axis=0)
    return np.stack([mean, recorded.std(axis=1, ddof=1) / parts.sizes["path"] ** 0.5])


def growth_table(growth: xr.Dataset, item: str = TOTAL) -> Table:
    """Growth of the sales of an item a year: what market and industries explain, and what is its own."""
    found = growth.sel(item=item)
    rows = []
    for name, words in _GROWTH.items():
        part = found.sel(growth_part=name)
        mean, error = float(part["growth_mean"]), float(part["growth_mean_standard_error"])
        sd, sd_error = float(part["growth_sd"]), float(part["growth_sd_standard_error"])
        texts = (percent(mean, error, 2), percent(error, error / 10.0, 2), percent(sd, sd_error, 2))
        rows.append((words, *(text.removesuffix("%") for text in texts)))
    paths = int(found["growth_paths"])
    notes = [
        f"Log growth a year from the first period to the last, on the {paths:,} paths on which both have "
        "sales. Own: with market and industry shocks taken away, expected sales unchanged; losses of "
        "customers are own, but insolvencies that follow the market count as the market's. In logarithms "
        "a shock that leaves expected sales alone costs half its variance."
    ]
    if paths:
        share = percent(float(found["hidden_decline"]), float(found["hidden_decline_standard_error"]), 1)
        notes.append(f"On {share} of them sales grow while the own part falls: a good market hides it.")
    whose = "sales" if item == TOTAL else f"sales to {item}"
    columns = ("Growth", "mean", "±", "standard deviation")
    return Table(f"Growth of {whose} (% a year)", columns, "lrrr", tuple(rows), tuple(notes))
