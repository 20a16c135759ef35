"""Pictures of `decide allocate`: the spends, and the frontier."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from crcsim.kernels.arrays import Floats
from crcsim.report.numbers import MoneyScale, fixed, money_scale

if TYPE_CHECKING:
    import xarray as xr

    from crcsim.report.pictures import Chart

__all__ = ["bars", "curve"]


def bars(found: xr.Dataset, money: MoneyScale) -> Iterator[Chart]:
    """The spend on every lever with the range that is as good."""
    from crcsim.report import figures
    from crcsim.report.pictures import Chart

    names = found["lever"].values[np.argsort(-found["spend"].values, kind="stable")]
    dots = []
    for name in names:
        one = found.sel(lever=name)
        spend, low, high = (float(one[each]) / money.factor for each in ("spend", "spend_low", "spend_high"))
        low, high = (spend, spend) if not np.isfinite(low) else (min(low, spend), max(high, spend))
        side = str(one["side"].values)
        dots.append(figures.LeverDot(str(name), side, spend, low, high, None, fixed(spend, 2)))
    heading = "Where the budget goes"
    label = f"Spend over the horizon, {money.unit}"
    made = figures.lever_dots(dots, label, heading, ("best plan, range that is as good", ""))
    yield Chart("allocation", heading, made)


def _within(values: Floats, reach: float) -> tuple[float, float]:
    """The span of some values, widened to so many times its size about its middle."""
    low, high = float(values.min()), float(values.max())
    middle, half = (low + high) / 2.0, reach * max(high - low, 1e-9) / 2.0
    return middle - half, middle + half


def _below(tail: Floats, value: Floats) -> NDArray[np.bool_]:
    """Points below another one in both as they are drawn, which the line leaves out: no statement beyond the
    error, as `frontier_beaten` is.
    """
    both = (tail[:, None] < tail) & (value[:, None] < value)
    return np.asarray(both.any(axis=1), dtype=np.bool_)


def curve(found: xr.Dataset) -> Iterator[Chart]:
    """The frontier beside the best plan, nothing and an even split."""
    from crcsim.report import figures
    from crcsim.report.pictures import Chart

    scale = money_scale(float(np.abs(found["gain"].values).max()), str(found.attrs["currency"]))
    nothing = found.sel(plan="nothing")
    value, tail = (
        (found[f"frontier_{name}"].values - float(nothing[name])) / scale.factor
        for name in ("value", "tail_mean")
    )
    plans = {
        str(name): tuple(
            float(found[each].sel(plan=name) - nothing[each]) / scale.factor
            for each in ("value", "tail_mean")
        )
        for name in ("best", "nothing", "even split")
    }
    near = [_within(tail, 3.0), _within(value, 3.0)]
    plans = {
        name: place
        for name, place in plans.items()
        if near[1][0] <= place[0] <= near[1][1] and near[0][0] <= place[1] <= near[0][1]
    }
    heading = "Efficient frontier: value against the worst 5% of the paths"
    labels = (
        f"Mean of the worst 5% less that of spending nothing, {scale.unit}",
        f"Mean NPV less that of nothing, {scale.unit}",
    )
    made = figures.frontier(tail, value, _below(tail, value), plans, labels, heading)
    yield Chart("frontier", heading, made)
