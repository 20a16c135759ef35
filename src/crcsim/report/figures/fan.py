"""Fan charts: how a flow spreads over time (P5 to P95, P25 to P75, median, mean)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from crcsim.report.figures import style

__all__ = ["Fan", "fan_chart", "fan_panels"]


@dataclass(frozen=True)
class Fan:
    """One quantity over time: what it is, its unit, quantiles[period] by level, and the mean where known."""

    name: str
    unit: str
    years: NDArray[np.float64]
    quantiles: Mapping[float, NDArray[np.float64]]
    mean: NDArray[np.float64] | None = None

    def ends(self) -> list[tuple[str, float, str]]:
        """Name, last height and colour of each line for the right edge; undefined ends are left out."""
        lines = [
            ("P95", self.quantiles[0.95], style.GREY),
            ("P75", self.quantiles[0.75], style.GREY),
            ("median", self.quantiles[0.5], style.BLUE),
            ("P25", self.quantiles[0.25], style.GREY),
            ("P5", self.quantiles[0.05], style.GREY),
        ]
        if self.mean is not None:
            lines.append(("mean", self.mean, style.ORANGE))
        return [(text, float(line[-1]), colour) for text, line, colour in lines if np.isfinite(line[-1])]


def fan_chart(fan: Fan, heading: str, time_label: str) -> Figure:
    """One large fan with direct labels; the horizontal axis counts whole years."""
    made = style.figure(3.5)
    axes = made.add_subplot()
    _draw(axes, fan)
    axes.set_xlabel(time_label)
    axes.set_ylabel(f"{fan.name} ({fan.unit})")
    style.title(made, heading)
    style.label_right(axes, fan.ends())
    return made


def fan_panels(fans: Sequence[Fan], heading: str, time_label: str, columns: int = 2) -> Figure:
    """Small fans side by side, each with its own unit and height."""
    columns = min(columns, len(fans))
    rows = -(-len(fans) // columns)
    made = style.figure(0.6 + (2.3 if columns < 3 else 1.8) * rows)
    grid = made.subplots(rows, columns, squeeze=False)
    for axes, fan in zip(grid.flat, fans, strict=False):
        _draw(axes, fan)
        axes.set_title(style.shortened(fan.name), loc="left", fontsize=9, fontweight="bold")
        axes.set_ylabel(fan.unit)
    for axes in grid.flat[len(fans) :]:
        axes.set_visible(False)
    for axes in grid.flat[max(len(fans) - columns, 0) : len(fans)]:
        axes.set_xlabel(time_label)
    style.title(made, heading)
    for axes, fan in zip(grid.flat, fans, strict=False):
        labels = [end for end in fan.ends() if end[0] not in ("P25", "P75")]
        style.label_right(axes, labels, size=7.5)
    return made


def _widened(fan: Fan) -> Fan:
    """A fan of a single period as a bar of a year's width, so that it can be seen."""
    if len(fan.years) > 1:
        return fan
    years = np.array([fan.years[0] - 0.5, fan.years[0] + 0.5])
    quantiles = {level: np.repeat(line, 2) for level, line in fan.quantiles.items()}
    return replace(
        fan, years=years, quantiles=quantiles, mean=None if fan.mean is None else np.repeat(fan.mean, 2)
    )


def _draw(axes: Axes, fan: Fan) -> None:
    fan = _widened(fan)
    quantiles = fan.quantiles
    axes.fill_between(fan.years, quantiles[0.05], quantiles[0.95], color=style.BLUE_OUTER, linewidth=0)
    axes.fill_between(fan.years, quantiles[0.25], quantiles[0.75], color=style.BLUE_INNER, linewidth=0)
    axes.plot(fan.years, quantiles[0.5], color=style.BLUE, linewidth=1.6)
    if fan.mean is not None:
        axes.plot(fan.years, fan.mean, color=style.ORANGE, linewidth=1.4, linestyle=(0, (4, 2)))
    axes.set_xlim(fan.years[0], fan.years[-1])
    axes.xaxis.set_major_locator(MaxNLocator(nbins="auto", integer=True))
    lowest, highest = axes.get_ylim()
    if lowest > 0 and lowest < 0.5 * highest:
        axes.set_ylim(bottom=0)
    if lowest < 0 < highest:
        axes.axhline(0, color=style.GREY, linewidth=0.8)
    style.horizontal_grid(axes)
