"""The pictures of a comparison: the difference, the two distributions, and who and what moved the value."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from matplotlib.figure import Figure

from crcsim.report import figures
from crcsim.report.compare import findings
from crcsim.report.compare.comparison import Comparison
from crcsim.report.compare.lines import line_name, moved_lines
from crcsim.report.compare.tables import ordered
from crcsim.report.figures.bars import Bar
from crcsim.report.numbers import MoneyScale, money_scale, probability
from crcsim.report.pictures import Chart
from crcsim.report.tables import DISCOUNTINGS

__all__ = ["CHART_NAMES", "draw_comparison"]

CHART_NAMES = ("difference", "distributions", "customers", "lines")
_MOST_BARS = 20
_ESTABLISHED = 3.0  # standard errors of the largest of many amounts, before it is named
_RATE = "at the risk-free rate"


def draw_comparison(comparison: Comparison) -> Iterator[Chart]:
    """The charts that the comparison allows. Draw inside `figures.look()`."""
    if comparison.paired:
        yield _difference(comparison)
    yield _distributions(comparison)
    parts = comparison.found["kind"] != "total"
    if int(parts.sum()) > 1 and bool((parts & ~comparison.found["untouched"]).any()):
        yield _customers(comparison)
    if "line_difference" in comparison.found and moved_lines(comparison.found):
        yield _lines(comparison)


def _difference(comparison: Comparison) -> Chart:
    """The distribution of second less first over the paths, with its mean and 90 % interval."""
    found = comparison.found
    total = found.sel(item="total")
    apart = comparison.totals[1] - comparison.totals[0]
    scale = money_scale(float(np.abs(np.quantile(apart, [0.05, 0.95])).max()), str(found.attrs["currency"]))
    marks = {}
    for name, level in (("P5", 0.05), ("P95", 0.95)):
        item = total.sel(quantile=level)
        pair = float(item["difference_percentile"]), float(item["difference_percentile_standard_error"])
        marks[name] = (pair[0] / scale.factor, scale.text(*pair))
    mean = float(total["risk_mean_difference"]), float(total["risk_mean_difference_standard_error"])
    marks["mean"] = (mean[0] / scale.factor, scale.with_error(*mean))
    more = probability(float(total["second_worth_more"]), apart.size)
    more = more.replace("<", "less than ").replace(">", "more than ")
    first, second = comparison.words
    heading = f"{second[:1].upper()}{second[1:]} is worth more on {more} of the paths"
    if comparison.one_result:
        heading = f"{second} is worth more than {first} on {more} of the paths"
    label = f"NPV of {second} less that of {first}, {_RATE} ({scale.unit})"
    return Chart("difference", heading, figures.histogram(apart / scale.factor, marks, label, heading))


def _distributions(comparison: Comparison) -> Chart:
    found = comparison.found
    total, scale = found.sel(item="total"), findings.total_scale(found)
    means = []
    for side in ("first", "second"):
        item = total.sel(side=side)
        pair = float(item["risk_mean"]), float(item["risk_mean_standard_error"])
        means.append((pair[0] / scale.factor, scale.with_error(*pair)))
    first, second = (values / scale.factor for values in comparison.totals)
    heading = "NPV of the portfolio on either side"
    label = f"Net present value {_RATE} ({scale.unit})"
    return Chart(
        "distributions",
        heading,
        figures.overlay(first, second, (means[0], means[1]), label, heading, names=comparison.unlike),
    )


def _customers(comparison: Comparison) -> Chart:
    found = comparison.found
    names = sorted(
        [*ordered(found), *ordered(found, "level")],
        key=lambda name: -abs(float(found["value_mean_difference"].sel(item=name))),
    )
    pairs, only = [], dict(zip(("first", "second"), comparison.words, strict=True))
    for name in names:
        item = found.sel(item=name)
        pair = float(item["value_mean_difference"]), float(item["value_mean_difference_standard_error"])
        presence = str(item["presence"].values)
        pairs.append((name if presence == "both" else f"{name} (only in {only[presence]})", *pair))
    heading = f"Whose value changes: {_most(pairs)}"
    return Chart("customers", heading, _bars(comparison, pairs, heading))


def _lines(comparison: Comparison) -> Chart:
    found = comparison.found
    total, keys = found.sel(item="total"), moved_lines(found)
    pairs = []
    for key in keys:
        cell = total.sel(cascade_item=key)
        pair = float(cell["line_difference"]), float(cell["line_difference_standard_error"])
        pairs.append((line_name(found, key), *pair))
    heading = f"Which lines moved the value: {_most(pairs)}"
    return Chart("lines", heading, _bars(comparison, pairs, heading))


def _most(amounts: Sequence[tuple[str, float, float]]) -> str:
    """The largest amount by name, when it is one beyond its sampling error."""
    name, value, error = amounts[0]
    if abs(value) <= _ESTABLISHED * error:
        return "none beyond its sampling error"
    return f"{figures.shortened(name, 40)} most"


def _bars(comparison: Comparison, amounts: Sequence[tuple[str, float, float]], heading: str) -> Figure:
    """Bars of (name, amount, standard error) and of their total, in the currency."""
    found = comparison.found
    total = found.sel(item="total")
    whole = float(total["value_mean_difference"]), float(total["value_mean_difference_standard_error"])
    largest = max(abs(value) for _, value, _ in (*amounts, ("", *whole)))
    scale = money_scale(largest, str(found.attrs["currency"]))
    shown = list(amounts[:_MOST_BARS])
    if len(amounts) > len(shown):
        others = sum(value for _, value, _ in amounts[_MOST_BARS:])
        shown.append((f"the {len(amounts) - len(shown)} others", others, math.nan))
    bars = [_bar(*amount, scale) for amount in shown] + [_bar("total", *whole, scale, total=True)]
    at = DISCOUNTINGS[found.attrs["discounting"]]
    label = f"Present value at {at}, {comparison.apart} ({scale.unit}); thin: 95% intervals"
    return figures.signed_bars(bars, label, heading)


def _bar(name: str, value: float, error: float, scale: MoneyScale, total: bool = False) -> Bar:
    return Bar(name, value / scale.factor, error / scale.factor, scale.with_error(value, error), total)
