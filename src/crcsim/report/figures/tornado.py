"""Tornado: how far an outcome swings between a low and a high value of each parameter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.patches import Patch

from crcsim.report.figures import style

__all__ = ["Swing", "tornado"]


@dataclass(frozen=True)
class Swing:
    """Changes in the unit of the plot at the low and the high value, half their intervals, and a text."""

    name: str
    low: float
    high: float
    low_reach: float
    high_reach: float
    text: str


def tornado(swings: Sequence[Swing], sides: tuple[str, str], label: str, heading: str) -> Figure:
    """Two bars from 0 per parameter, the first on top, with intervals; `sides` say what the bars are."""
    made = style.figure(1.6 + 0.34 * len(swings))
    axes = made.add_subplot()
    for row, swing in enumerate(reversed(swings)):
        for value, reach, colour, shift in (
            (swing.low, swing.low_reach, style.ORANGE, 0.17),
            (swing.high, swing.high_reach, style.BLUE, -0.17),
        ):
            axes.barh(row + shift, value, height=0.3, color=colour)
            axes.plot([value - reach, value + reach], [row + shift] * 2, color=style.INK, linewidth=1.0)
        style.beside_row(axes, row, swing.text)
    style.name_rows(axes, [style.shortened(swing.name, 44) for swing in reversed(swings)])
    axes.axvline(0, color=style.GREY, linewidth=0.8)
    axes.set_xlabel(label)
    marks = [
        Patch(color=colour, label=side)
        for colour, side in zip((style.ORANGE, style.BLUE), sides, strict=True)
    ]
    style.legend_above(axes, marks)
    style.title(made, heading)
    return made
