"""The tables of a comparison; every number is rounded by its standard error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from crcsim.decisions.compare import SIDES
from crcsim.report.compare.comparison import Comparison
from crcsim.report.compare.findings import total_scale
from crcsim.report.compare.lines import headed, line_tables
from crcsim.report.numbers import MoneyScale, money_scale, percent, probability
from crcsim.report.strategies import deeds_table
from crcsim.report.table import Table
from crcsim.report.tables import DISCOUNTINGS

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["comparison_tables", "ordered"]

_LEVELS = (0.05, 0.5, 0.95)
_LONGEST = 60  # characters of a value in the table of changes


def comparison_tables(comparison: Comparison, most: int | None = None) -> dict[str, tuple[Table, ...]]:
    """Tables by subject: `scenarios`, `total`, `customers`, `products`, `lines`; at most `most` rows of
    items each. Customers and products that are the same on every path are left out.
    """
    found = comparison.found
    told = (deeds_table(comparison.deeds),) if comparison.deeds else ()
    scenarios = told if comparison.one_result else (_changes(comparison, most),)
    alone = (_alone(found),) if (found["presence"] != "both").any() else ()
    return {
        "scenarios": scenarios,
        "total": (_total(comparison),),
        "customers": (*alone, _difference(comparison, most), _risk(comparison, most)),
        "products": tuple(product_tables(comparison)),
        "lines": tuple(line_tables(comparison, most)),
    }


def ordered(found: xr.Dataset, kind: str = "customer", presence: str = "") -> list[str]:
    """Names of the items of one kind that anything changes, the largest difference in value first."""
    chosen = (found["kind"].values == kind) & ~found["untouched"].values
    if presence:
        chosen &= found["presence"].values == presence
    names = found["item"].values[chosen]
    sizes = np.abs(found["value_mean_difference"].values[chosen])
    return [str(names[place]) for place in np.argsort(-sizes, kind="stable")]


def _pair(item: xr.Dataset, name: str) -> tuple[float, float]:
    return float(item[name]), float(item[f"{name}_standard_error"])


def _cells(scale: MoneyScale, item: xr.Dataset, name: str) -> tuple[str, str]:
    """An amount and its standard error."""
    pair = _pair(item, name)
    return scale.text(*pair), scale.error_text(*pair)


def _changes(comparison: Comparison, most: int | None) -> Table:
    title = "What differs between the scenarios"
    columns = ("Entry", "First", "Second")
    changes = comparison.changes
    if changes is None:
        return Table(title, columns, "lll", (), ("A result does not carry its scenario.",))
    if not changes:
        return Table(title, columns, "lll", (), ("The two scenarios mean the same.",))
    rows = tuple((change.path, _short(change.before), _short(change.after)) for change in changes[:most])
    left = len(changes) - len(rows)
    notes = (f"{left:,} more in the report and with --json.",) if left else ()
    return Table(title, columns, "lll", rows, notes)


def _short(value: Any) -> str:
    """A value on one short line; of a long map or list only how much it holds."""
    text = _written(value)
    if len(text) <= _LONGEST:
        return text
    return f"({_leaves(value):,} entries)" if isinstance(value, dict | list) else f"{text[: _LONGEST - 1]}…"


def _written(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_written(child)}' for key, child in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    if value is None:
        return "(absent)"
    return f"{value:,.10g}" if isinstance(value, float) else str(value)


def _leaves(node: Any) -> int:
    """Number of values in a nested map or list."""
    if isinstance(node, dict | list):
        return sum(_leaves(child) for child in (node.values() if isinstance(node, dict) else node))
    return 1


_TOTAL = {
    "risk_mean": "Mean at the risk-free rate",
    "risk_sd": "Standard deviation",
    "risk_conditional_value_at_risk": "CVaR 5% (mean of the worst 5%)",
}


def _total(comparison: Comparison) -> Table:
    """Value and risk of the portfolio side by side."""
    found = comparison.found
    total, scale = found.sel(item="total"), total_scale(found)
    names = {"value_mean": f"Value at {DISCOUNTINGS[found.attrs['discounting']]}"} | _TOTAL
    if found.attrs["discounting"] == "risk_free":
        del names["risk_mean"]
    rows = []
    for name, words in names.items():
        sides = (cell for side in ("first", "second") for cell in _cells(scale, total.sel(side=side), name))
        rows.append((words, *sides, *_cells(scale, total, f"{name}_difference")))
    losses = [
        probability(float(total["risk_loss_probability"].sel(side=side)), int(found.attrs[f"{side}_paths"]))
        for side in ("first", "second")
    ]
    value, error = _pair(total, "risk_loss_probability_difference")
    apart = [percent(number, error, finest=2) for number in (value, error)]
    cells = (losses[0], "", losses[1], "", *apart)
    rows.append(("P(NPV<0) %", *(cell.removesuffix("%") for cell in cells)))
    note = (
        "± one standard error. Standard deviation, CVaR and P(NPV<0) at the risk-free rate, so that risk is "
        "not charged twice; never subtract them from the value at the WACC."
    )
    first, second = comparison.heads
    columns = ("", first, "±", second, "±", headed(comparison.apart), "±")
    return Table(f"Value and risk ({scale.unit})", columns, "lrrrrrr", tuple(rows), (note,))


def _more(item: xr.Dataset, name: str, equal: str, paths: int) -> str:
    """P(second > first) in %; plain zero where the two are the same on all paths."""
    return "0" if float(item[equal]) == 1.0 else probability(float(item[name]), paths).removesuffix("%")


def _left_out(comparison: Comparison) -> list[str]:
    """How many customers and levels a table leaves out because nothing changes them."""
    left = len(comparison.untouched()) + len(comparison.untouched("level"))
    return [f"Left out: {left:,} with the same value on every path."] if left else []


def _scale_of_items(found: xr.Dataset) -> MoneyScale:
    """The unit that suits the largest customer, not the total."""
    values = found["value_mean"].values[:, found["kind"].values != "total"]
    return money_scale(float(np.nanmax(np.abs(values), initial=0.0)), str(found.attrs["currency"]))


def _difference(comparison: Comparison, most: int | None) -> Table:
    found, paired = comparison.found, comparison.paired
    scale, customers = _scale_of_items(found), ordered(found)
    rest = [*ordered(found, "level"), "total"]
    rows = []
    for name in (*customers[:most], *rest):
        item = found.sel(item=name)
        sides = (scale.text(*_pair(item.sel(side=side), "value_mean")) for side in ("first", "second"))
        row = [name, *sides, *_cells(scale, item, "value_mean_difference")]
        if paired:
            row += [scale.text(*_pair(item.sel(quantile=p), "difference_percentile")) for p in _LEVELS]
            row.append(_more(item, "second_worth_more", "equally_worth", int(found.attrs["first_paths"])))
        rows.append(tuple(row))
    columns: tuple[str, ...] = ("Customer", *comparison.heads, headed(comparison.apart), "±")
    at = DISCOUNTINGS[found.attrs["discounting"]]
    notes = [f"Value at {at}, ± one standard error; a customer that a side lacks counts as 0 there (–)."]
    if paired:
        more = f"P({comparison.unlike[1]} > {comparison.unlike[0]})"
        columns += ("P5", "P50", "P95", f"{more} %")
        notes.append(f"P5 to P95 of the difference and {more}: path by path, at the risk-free rate.")
    notes += _left_out(comparison)
    if len(customers) > len(customers[:most]):
        notes.append(
            f"{len(customers[most:]):,} more in the report and with --json; the total holds all of them."
        )
    title = f"Difference of value by customer ({scale.unit})"
    return Table(title, columns, "l" + "r" * (len(columns) - 1), tuple(rows), tuple(notes), len(rest))


def _risk(comparison: Comparison, most: int | None) -> Table:
    found = comparison.found
    scale, customers = _scale_of_items(found), ordered(found, presence="both")
    rows = []
    for name in (*customers[:most], "total"):
        item = found.sel(item=name)
        cells = [
            scale.text(*_pair(item.sel(side=side), measure))
            for measure in ("risk_sd", "risk_conditional_value_at_risk")
            for side in ("first", "second")
        ]
        rows.append((name, *cells, *_orders(comparison, item)))
    first, second = comparison.unlike
    columns = (
        "Customer",
        *(f"{measure} {side}" for measure in ("sd", "CVaR") for side in (first, second)),
        "1st order",
        "2nd order",
    )
    attributes = found.attrs
    note = (
        "At the risk-free rate. 1st and 2nd order: which side dominates stochastically, decided at "
        f"{100 * attributes['dominance_confidence']:g}% confidence over all thresholds, within "
        f"{100 * attributes['dominance_tolerance_probability']:g} percentage point of probability and "
        f"{100 * attributes['dominance_tolerance_deviation']:g}% of a standard deviation of shortfall. "
        "neither: each is better somewhere; equal: no difference beyond the tolerance; undecided: the "
        "sampling error leaves it open."
    )
    title = f"Risk and stochastic dominance by customer ({scale.unit})"
    return Table(title, columns, "lrrrrll", tuple(rows), (note,), totals=1)


def _orders(comparison: Comparison, item: xr.Dataset, before: str = "") -> list[str]:
    """Which side dominates in the first and second order, by its name."""
    names = dict(zip(SIDES, comparison.unlike, strict=True))
    decided = (str(item[f"{before}{order}_order_dominance"].values) for order in ("first", "second"))
    return [names.get(each, each) for each in decided]


def product_tables(comparison: Comparison) -> Iterator[Table]:
    """Products that anything changes; none where a result holds no items of products."""
    found = comparison.found
    if "product_difference" not in found:
        return
    names = found["product"].values[~found["product_untouched"].values]
    sizes = np.abs(found["product_difference"].sel(product=names).values)
    values = np.abs(found["product_value"].values)
    scale = money_scale(float(values.max(initial=0.0)), str(found.attrs["currency"]))
    paths = int(found.attrs["product_paths"])
    rows = []
    for name in names[np.argsort(-sizes, kind="stable")]:
        item = found.sel(product=name)
        cells = [scale.text(*_pair(item.sel(side=side), "product_value")) for side in SIDES]
        cells += _cells(scale, item, "product_difference")
        if comparison.paired:
            cells += [
                scale.text(*_pair(item.sel(quantile=p), "product_difference_percentile")) for p in _LEVELS
            ]
            cells.append(_more(item, "product_second_worth_more", "product_equally_worth", paths))
        rows.append((str(name), *cells, *_orders(comparison, item, "product_")))
    columns: tuple[str, ...] = ("Product", *comparison.heads, headed(comparison.apart), "±")
    if comparison.paired:
        columns += ("P5", "P50", "P95", f"P({comparison.unlike[1]} > {comparison.unlike[0]}) %")
    align = "l" + "r" * (len(columns) - 1) + "ll"
    notes = [
        f"Present value at {DISCOUNTINGS[found.attrs['discounting']]} of what a product earns with all "
        "customers, less the costs that follow its sales and volume, before tax. P5 to P95, P and dominance: "
        f"on the {paths:,} recorded paths.",
    ]
    if len(names) < found.sizes["product"]:
        same = [str(name) for name in found["product"].values if name not in names]
        notes.append(f"Untouched, and so left out: {', '.join(same)}.")
    title = f"Difference of value by product ({scale.unit})"
    yield Table(title, (*columns, "1st order", "2nd order"), align, tuple(rows), tuple(notes))


def _alone(found: xr.Dataset) -> Table:
    """Customers and levels that only one side has."""
    rows = tuple(_alone_rows(found))
    scale = _scale_of_items(found)
    columns = ("Name", "Only in", "Value", "±")
    note = "Their whole value is part of the difference."
    return Table(f"Only in one of the two ({scale.unit})", columns, "llrr", rows, (note,))


def _alone_rows(found: xr.Dataset) -> Iterator[tuple[str, ...]]:
    scale = _scale_of_items(found)
    for kind in ("customer", "level"):
        for side in ("first", "second"):
            for name in ordered(found, kind, side):
                yield (name, f"the {side}", *_cells(scale, found.sel(item=name, side=side), "value_mean"))
