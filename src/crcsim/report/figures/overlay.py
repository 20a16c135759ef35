"""Two distributions of the net present value over each other."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from crcsim.report.figures import style

__all__ = ["overlay"]

_OUTSIDE = 0.0025  # share of paths beyond each edge of the picture
_BINS = 50
_LOOKS = ((style.BLUE, style.BLUE_INNER, "-"), (style.ORANGE, "none", "--"))


def overlay(
    first: NDArray[np.float64],
    second: NDArray[np.float64],
    means: tuple[tuple[float, str], tuple[float, str]],
    label: str,
    heading: str,
    names: tuple[str, str] = ("first", "second"),
) -> Figure:
    """Share of paths per bar of two samples [path]; `means`: place and text of each. The first is filled."""
    made = style.figure(3.2)
    axes = made.add_subplot()
    edges = _edges(np.concatenate([first, second]))
    highest = 0.0
    for values, name, (colour, fill, dashes) in zip((first, second), names, _LOOKS, strict=True):
        shares = 100 * np.histogram(values, edges)[0] / values.size
        highest = max(highest, float(shares.max()))
        if fill != "none":
            axes.stairs(shares, edges, fill=True, color=fill, alpha=0.5, linewidth=0)
        axes.stairs(shares, edges, color=colour, linewidth=1.4, linestyle=dashes, label=name)
    axes.set_xlim(edges[0], edges[-1])
    axes.set_ylim(0, 1.3 * highest)
    axes.set_xlabel(label)
    axes.set_ylabel("Share of paths per bar (%)")
    style.horizontal_grid(axes)
    left = 0 if means[0][0] <= means[1][0] else 1
    for place, ((mean, text), name, (colour, _, dashes)) in enumerate(zip(means, names, _LOOKS, strict=True)):
        axes.vlines(mean, 0, 1.08 * highest, color=colour, linewidth=1.0, linestyle=dashes)
        align = "right" if place == left else "left"
        axes.text(
            mean, 1.1 * highest, f" {name}: mean {text} ", ha=align, va="bottom", color=colour, fontsize=8.5
        )
    if edges[0] < 0 < edges[-1]:
        axes.axvline(0, color=style.GREY, linewidth=0.8)
    style.title(made, heading)
    return made


def _edges(pool: NDArray[np.float64]) -> NDArray[np.float64]:
    """Edges of the bars that both share."""
    low, high = np.quantile(pool, [_OUTSIDE, 1 - _OUTSIDE])
    if low == high:
        low, high = low - 0.5 * max(abs(low), 1.0), high + 0.5 * max(abs(high), 1.0)
    return np.linspace(low, high, _BINS + 1)
