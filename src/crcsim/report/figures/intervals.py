"""Intervals per customer on one axis: what each is worth, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from crcsim.report.figures import style

__all__ = ["Interval", "interval_plot", "paired_dots"]


@dataclass(frozen=True)
class Interval:
    """NPV of one customer in the unit of the plot, and the text beside it."""

    name: str
    p5: float
    p25: float
    p50: float
    p75: float
    p95: float
    mean: float
    text: str


def interval_plot(intervals: Sequence[Interval], label: str, heading: str) -> Figure:
    """Horizontal P5-P95 and P25-P75 bars with median and mean, first interval on top."""
    made = style.figure(1.3 + 0.29 * len(intervals))
    axes = made.add_subplot()
    for row, item in enumerate(reversed(intervals)):
        axes.plot(
            [item.p5, item.p95], [row, row], color=style.BLUE_INNER, linewidth=2.2, solid_capstyle="butt"
        )
        axes.plot([item.p25, item.p75], [row, row], color=style.BLUE, linewidth=6, solid_capstyle="butt")
        axes.plot(item.p50, row, marker="|", color="white", markersize=6, markeredgewidth=1.6)
        axes.plot(
            item.mean,
            row,
            marker="D",
            color=style.ORANGE,
            markersize=4.2,
            markeredgecolor="white",
            markeredgewidth=0.6,
        )
        style.beside_row(axes, row, item.text)
    style.name_rows(axes, [item.name for item in reversed(intervals)])
    axes.axvline(0, color=style.GREY, linewidth=0.8, zorder=0)
    axes.set_xlabel(label)
    style.title(made, heading)
    return made


def paired_dots(
    names: Sequence[str], value: Sequence[float], risk: Sequence[float], label: str, heading: str
) -> Figure:
    """Two shares in % per customer, joined by a line: of the value and of the risk. First customer on top."""
    made = style.figure(1.4 + 0.29 * len(names))
    axes = made.add_subplot()
    pairs = list(zip(value, risk, strict=True))[::-1]
    for row, (one, two) in enumerate(pairs):
        axes.plot([one, two], [row, row], color=style.LIGHT, linewidth=2.5, zorder=1)
        axes.plot(one, row, marker="o", color=style.BLUE, markersize=6, zorder=2)
        axes.plot(two, row, marker="s", color=style.ORANGE, markersize=5.2, zorder=2)
    style.name_rows(axes, list(names)[::-1])
    axes.axvline(0, color=style.GREY, linewidth=0.8, zorder=0)
    axes.set_xlabel(label)
    one, two = pairs[-1]
    for text, place, other, colour in (("value", one, two, style.BLUE), ("risk", two, one, style.ORANGE)):
        right = place > other or (place == other and text == "value")
        axes.annotate(
            text,
            xy=(place, len(pairs) - 1),
            xytext=(8 if right else -8, 0),
            textcoords="offset points",
            ha="left" if right else "right",
            va="center",
            color=colour,
            fontsize=8.5,
            annotation_clip=False,
        )
    style.title(made, heading)
    return made
