"""The pictures of strategies side by side: how far outcomes move, and value against risk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from crcsim.report import figures
from crcsim.report.figures.intervals import Interval
from crcsim.report.figures.side_by_side import Estimate
from crcsim.report.numbers import MoneyScale
from crcsim.report.pictures import Chart
from crcsim.report.strategies import difference_scale, headline
from crcsim.report.tables import DISCOUNTINGS

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["STRATEGY_CHARTS", "draw_strategy_charts"]

STRATEGY_CHARTS = ("strategies", "strategy_outcomes")


def draw_strategy_charts(found: xr.Dataset) -> Iterator[Chart]:
    """Both charts of `decisions.compare_strategies`; none for one strategy. Draw inside `figures.look()`."""
    if found.sizes["strategy"] > 1:
        yield _value_and_risk(found)
        yield _outcomes(found)


def _value_and_risk(found: xr.Dataset) -> Chart:
    """Difference of the mean value beside that of the worst 5 % of the paths."""
    others, scale = found.isel(strategy=slice(1, None)), difference_scale(found)
    first, heading = str(found["strategy"].values[0]), headline(found)
    names = [str(name) for name in others["strategy"].values]
    at = DISCOUNTINGS[found.attrs["headline"]].removeprefix("the ")
    titles = {
        "value_mean_difference": f"Mean value, at {at}",
        "risk_conditional_value_at_risk_difference": "CVaR: mean of the worst 5%, at risk-free rate",
    }
    panels = [
        (title, [_estimate(others.sel(strategy=name), variable, scale) for name in names])
        for variable, title in titles.items()
    ]
    together = 100 * found.attrs["confidence"]
    label = (
        f"Difference to {first} ({scale.unit}), intervals at {together:g}% for all together; "
        "hollow: not distinguishable from zero"
    )
    return Chart("strategies", heading, figures.side_by_side(names, panels, label, heading))


def _estimate(one: xr.Dataset, name: str, scale: MoneyScale) -> Estimate:
    value, error = float(one[name]), float(one[f"{name}_standard_error"])
    reach = float(one.attrs["critical"]) * error / scale.factor
    return Estimate(value / scale.factor, reach if reach > 0.0 else 0.0, scale.with_error(value, error))


def _outcomes(found: xr.Dataset) -> Chart:
    """How NPV less that of the baseline is spread over the paths."""
    others, first = found.isel(strategy=slice(1, None)), str(found["strategy"].values[0])
    scale = difference_scale(found)
    rows = []
    for name in others["strategy"].values:
        one = others.sel(strategy=name)
        p5, p25, p50, p75, p95 = (one["difference_percentile"] / scale.factor).values.tolist()
        value = float(one["value_mean_difference"])
        text = scale.with_error(value, float(one["value_mean_difference_standard_error"]))
        rows.append(Interval(str(name), p5, p25, p50, p75, p95, value / scale.factor, text))
    heading = f"How much better or worse than {first}, path by path"
    mean = f"◆ and number: mean at {DISCOUNTINGS[found.attrs['headline']]}"
    label = (
        f"NPV less that of {first}, at the risk-free rate ({scale.unit})\n"
        f"thin P5 to P95, thick P25 to P75, gap median;  {mean}"
    )
    return Chart("strategy_outcomes", heading, figures.interval_plot(rows, label, heading))
