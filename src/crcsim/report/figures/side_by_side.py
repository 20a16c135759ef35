"""Estimates with their intervals in two panels that share the rows: what is gained, and at what risk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from crcsim.report.figures import style

__all__ = ["Estimate", "side_by_side"]


@dataclass(frozen=True)
class Estimate:
    """An amount in the unit of the panel, half the width of its interval (0: none), and a text beside it."""

    value: float
    reach: float
    text: str


def side_by_side(
    names: Sequence[str],
    panels: Sequence[tuple[str, Sequence[Estimate]]],
    label: str,
    heading: str,
) -> Figure:
    """A panel for each (title, estimates) on one scale, in the order of `names`, the first on top.

    Gains are round and blue, losses square and orange; hollow where the interval holds zero.
    """
    made = style.figure(1.6 + 0.32 * len(names))
    axes = made.subplots(1, len(panels), sharex=True, sharey=True, squeeze=False)[0]
    for place, (panel, (title, estimates)) in enumerate(zip(axes, panels, strict=True)):
        _draw(panel, estimates)
        style.name_rows(panel, [style.shortened(name, 28) for name in reversed(names)])
        if place:
            panel.tick_params(axis="y", labelleft=False)
        panel.set_title(title, fontsize=9, loc="left")
        panel.axvline(0, color=style.GREY, linewidth=0.8, zorder=0)
        panel.margins(x=0.1)
    made.supxlabel(label, fontsize=9)
    style.title(made, heading)
    return made


def _draw(panel: Axes, estimates: Sequence[Estimate]) -> None:
    for row, each in enumerate(reversed(estimates)):
        gain, open_ended = each.value >= 0, abs(each.value) <= each.reach
        colour = style.BLUE if gain else style.ORANGE
        panel.plot(
            [each.value - each.reach, each.value + each.reach],
            [row, row],
            color=colour,
            linewidth=1.6,
            solid_capstyle="butt",
        )
        panel.plot(
            each.value,
            row,
            marker="o" if gain else "s",
            color=colour,
            markerfacecolor="white" if open_ended else colour,
            markersize=6,
            markeredgewidth=1.2,
        )
        style.beside_row(panel, row, each.text)
