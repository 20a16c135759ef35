"""The distribution of the net present value over paths."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from crcsim.report.figures import style

__all__ = ["histogram"]

_OUTSIDE = 0.0025  # share of paths beyond each edge of the picture
_BINS = 60
_QUIET = ("P5", "P95")
_COLOURS = {"value": style.BLUE}


def histogram(
    values: NDArray[np.float64], marks: Mapping[str, tuple[float, str]], label: str, heading: str
) -> Figure:
    """Share of paths per bar, losses in another colour. `values` [path]; `marks`: name -> (place, text)."""
    made = style.figure(3.2)
    axes = made.add_subplot()
    low, high = np.quantile(values, [_OUTSIDE, 1 - _OUTSIDE])
    if low == high:
        low, high = low - 0.5 * max(abs(low), 1.0), high + 0.5 * max(abs(high), 1.0)
    edges = _edges(float(low), float(high))
    shares = 100 * np.histogram(values, edges)[0] / values.size
    colours = [style.ORANGE if right <= 0 else style.BLUE_INNER for right in edges[1:]]
    axes.bar(
        edges[:-1], shares, np.diff(edges), align="edge", color=colours, edgecolor="white", linewidth=0.3
    )
    axes.set_xlim(edges[0], edges[-1])
    axes.set_ylim(0, 1.26 * shares.max())
    axes.set_xlabel(label)
    axes.set_ylabel("Share of paths per bar (%)")
    style.horizontal_grid(axes)
    _mark(axes, marks, float(shares.max()))
    if values.min() < 0 < values.max():
        axes.axvline(0, color=style.GREY, linewidth=0.8)
    _note_outside(axes, float(np.mean((values < edges[0]) | (values > edges[-1]))))
    style.title(made, heading)
    return made


def _edges(low: float, high: float) -> NDArray[np.float64]:
    """Edges of the bars; 0 is one of them where it lies inside, so that no bar mixes gain and loss."""
    if not low < 0 < high:
        return np.linspace(low, high, _BINS + 1)
    width = (high - low) / _BINS
    return width * np.arange(np.floor(low / width), np.ceil(high / width) + 1)


def _mark(axes: Axes, marks: Mapping[str, tuple[float, str]], top: float) -> None:
    """A line per mark. Percentiles stand low and grey; the others high, each labelled on its outer side."""
    low, high = axes.get_xlim()
    strong = sorted((place, name) for name, (place, _) in marks.items() if name not in _QUIET)
    sides = {name: "right" if order == 0 else "left" for order, (_, name) in enumerate(strong)}
    for name, (place, text) in marks.items():
        quiet = name in _QUIET
        height, colour = (1.03 * top, style.GREY) if quiet else (1.15 * top, _COLOURS.get(name, style.INK))
        axes.vlines(place, 0, height, color=colour, linewidth=1.0, linestyle=(0, (3, 2)) if quiet else "-")
        edge = (place - low) / (high - low)
        align = "left" if edge < 0.1 else "right" if edge > 0.9 else sides.get(name, "center")
        axes.text(place, height, f" {name} {text} ", ha=align, va="bottom", color=colour, fontsize=8.5)


def _note_outside(axes: Axes, beyond: float) -> None:
    if beyond > 0:
        text = f"{100 * beyond:.2g}% of the paths lie outside the picture"
        axes.text(
            1, 1.0, text, transform=axes.transAxes, ha="right", va="bottom", fontsize=7.5, color=style.GREY
        )
