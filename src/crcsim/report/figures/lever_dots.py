"""One estimate per lever with its interval, customer levers and product levers in two colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from crcsim.report.figures import style

__all__ = ["LeverDot", "lever_dots"]

_SIDES = {"customer": (style.BLUE, "o"), "product": (style.ORANGE, "s")}


@dataclass(frozen=True)
class LeverDot:
    """An estimate, its interval, a second number (a thin mark; None: no mark) and the text beside it."""

    name: str
    side: str  # customer or product
    value: float
    low: float
    high: float
    other: float | None
    text: str


def lever_dots(dots: Sequence[LeverDot], label: str, heading: str, marks: tuple[str, str]) -> Figure:
    """Dots with intervals, the first lever on top; `marks` say what the dots and the thin marks are."""
    made = style.figure(1.5 + 0.31 * len(dots))
    axes = made.add_subplot()
    for row, dot in enumerate(reversed(dots)):
        colour, marker = _SIDES[dot.side]
        if dot.other is not None:
            axes.plot(dot.other, row, marker="|", color=style.INK, markersize=11, markeredgewidth=1.4)
        axes.plot([dot.low, dot.high], [row, row], color=colour, linewidth=2.4, solid_capstyle="butt")
        axes.plot(dot.value, row, marker=marker, color=colour, markersize=6.5, markeredgecolor="white")
        style.beside_row(axes, row, dot.text)
    style.name_rows(axes, [style.shortened(dot.name, 34) for dot in reversed(dots)])
    axes.axvline(0, color=style.GREY, linewidth=0.8, zorder=0)
    axes.set_xlabel(label)
    handles = [
        Line2D([], [], marker=marker, color=colour, linewidth=2.4, markersize=6, label=f"{side}: {marks[0]}")
        for side, (colour, marker) in _SIDES.items()
        if any(dot.side == side for dot in dots)
    ]
    if any(dot.other is not None for dot in dots):
        handles.append(
            Line2D([], [], marker="|", color=style.INK, linestyle="none", markersize=10, label=marks[1])
        )
    style.legend_above(axes, handles)
    style.title(made, heading)
    return made
