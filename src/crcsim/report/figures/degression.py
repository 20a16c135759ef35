"""Cost per unit against order size under two methods: one small panel per product."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter
from numpy.typing import NDArray

from crcsim.report.figures import style

__all__ = ["Degression", "degression_panels"]

_COLUMNS = 2
_LOG_X = 10.0  # ratio of the largest order size to the smallest from which the axis is logarithmic
_LOG_Y = 20.0
_FEW_DECADES = 2.2  # up to which 2 and 5 have a label beside 1 and 10


@dataclass(frozen=True)
class Degression:
    """One product: cost per unit by processes at `sizes` (both [size]), and by surcharges at any size.

    `break_even` is the order size at which both are equal, None where there is none; `mean_size` the mean
    size of the orders and the cost per unit by processes there.
    """

    product: str
    sizes: NDArray[np.float64]
    by_process: NDArray[np.float64]
    by_surcharge: float
    break_even: float | None
    mean_size: tuple[float, float]

    @property
    def crossing(self) -> float | None:
        """The break-even size if it lies within the sizes of the picture."""
        inside = self.break_even is not None and self.sizes[0] <= self.break_even <= self.sizes[-1]
        return self.break_even if inside else None


def degression_panels(products: Sequence[Degression], unit: str, heading: str) -> Figure:
    """Falling cost by processes and flat cost by surcharges, their crossing marked; `unit` of the cost."""
    columns = min(_COLUMNS, len(products))
    rows = -(-len(products) // columns)
    made = style.figure(0.75 + 2.5 * rows)
    grid = made.subplots(rows, columns, squeeze=False)
    for axes, product in zip(grid.flat, products, strict=False):
        _draw(axes, product)
        axes.set_title(_name(product), loc="left", fontsize=9, fontweight="bold")
        axes.set_xlabel("Order size (units)")
        axes.set_ylabel(f"Overhead ({unit})")
    for axes in grid.flat[len(products) :]:
        axes.set_visible(False)
    style.title(made, heading)
    for axes, product in zip(grid.flat, products, strict=False):
        ends = [
            ("processes", float(product.by_process[-1]), style.BLUE),
            ("surcharges", product.by_surcharge, style.ORANGE),
        ]
        style.label_right(axes, ends, size=7.5)
    return made


def _name(product: Degression) -> str:
    """The product, with its break-even size where that lies outside the picture."""
    if product.break_even == product.crossing:
        return style.shortened(product.product, 40)
    return (
        f"{style.shortened(product.product, 22)} (break-even {style.number(product.break_even or 0.0)} units)"
    )


def _draw(axes: Axes, product: Degression) -> None:
    sizes, costs, flat = product.sizes, product.by_process, product.by_surcharge
    axes.plot(sizes, costs, color=style.BLUE, linewidth=1.6)
    axes.plot(sizes[[0, -1]], [flat, flat], color=style.ORANGE, linewidth=1.4, linestyle=(0, (4, 2)))
    _scale_axes(axes, product)
    axes.set_xlim(sizes[0], sizes[-1])
    style.horizontal_grid(axes)
    _mark_mean(axes, product)
    if product.crossing is not None:
        axes.plot(
            product.crossing, flat, marker="o", markersize=6, markerfacecolor="white",
            markeredgecolor=style.INK, linestyle="none", zorder=4,
        )  # fmt: skip
        text, size = f"break-even {style.number(product.crossing)}", product.crossing
        below = size > product.mean_size[0] and not _at_left(axes, size, flat)
        _say(axes, text, size, flat, style.INK, below)


def _mark_mean(axes: Axes, product: Degression) -> None:
    size, cost = product.mean_size
    axes.plot(size, cost, marker="D", markersize=4.5, color=style.BLUE, linestyle="none", zorder=3)
    below = not _at_left(axes, size, cost)
    if product.crossing is not None and size < product.crossing:
        below = False  # the break-even size has that place
    _say(axes, f"mean order {style.number(size)}", size, cost, style.BLUE, below)


def _at_left(axes: Axes, size: float, cost: float) -> bool:
    """Whether a text at the left of a point would leave the picture."""
    place = axes.transAxes.inverted().transform(axes.transData.transform((size, cost)))
    return float(place[0]) < 0.36


def _say(axes: Axes, text: str, size: float, cost: float, colour: str, below: bool) -> None:
    """A text where a falling line leaves room: below a point at its left, or above at its right."""
    axes.annotate(
        text,
        xy=(size, cost),
        xytext=(-5, -5) if below else (5, 4),
        textcoords="offset points",
        ha="right" if below else "left",
        va="top" if below else "bottom",
        fontsize=7.5,
        color=colour,
    )


def _scale_axes(axes: Axes, product: Degression) -> None:
    low, high = float(product.sizes[0]), float(product.sizes[-1])
    if high / low >= _LOG_X:
        axes.set_xscale("log")
        _label_decades(axes.xaxis, low, high)
    costs = np.append(product.by_process, product.by_surcharge)
    low, high = float(costs.min()), float(costs.max())
    if low > 0 and high / low >= _LOG_Y:
        axes.set_yscale("log")
        axes.set_ylim(low / 2.2, high * 1.3)
        _label_decades(axes.yaxis, low / 2.2, high * 1.3)
    else:
        axes.set_ylim(0, 1.12 * high if high > 0 else 1.0)


def _label_decades(axis: Axis, low: float, high: float) -> None:
    few = math.log10(high / low) <= _FEW_DECADES
    axis.set_major_locator(LogLocator(base=10, subs=(1.0, 2.0, 5.0) if few else (1.0,), numticks=12))
    axis.set_major_formatter(FuncFormatter(lambda value, _: style.number(value)))
    axis.set_minor_formatter(NullFormatter())
