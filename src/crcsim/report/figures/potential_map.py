"""Customers as points: how large each is today, and what it may be worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from crcsim.report.figures import style

__all__ = ["Prospect", "potential_map"]


@dataclass(frozen=True)
class Prospect:
    """A customer in the units of the axes; `chosen` sets it apart, `named` writes its name."""

    name: str
    size: float
    mean: float
    potential: float
    chosen: bool
    named: bool


def potential_map(
    prospects: Sequence[Prospect], labels: tuple[str, str], chosen: str, heading: str
) -> Figure:
    """A point at (size today, mean value) with a line up to the potential; `chosen` says who is square."""
    made = style.figure(4.6)
    axes = made.add_subplot()
    for each in prospects:
        colour = style.ORANGE if each.chosen else style.BLUE
        axes.plot([each.size] * 2, [each.mean, each.potential], color=colour, linewidth=1.0, alpha=0.6)
        axes.plot(
            each.size,
            each.mean,
            marker="s" if each.chosen else "o",
            color=colour,
            markersize=5.5,
            markeredgecolor="white",
            markeredgewidth=0.5,
        )
        if each.named:
            axes.annotate(
                style.shortened(each.name, 20),
                xy=(each.size, each.potential),
                xytext=(1, 3),
                textcoords="offset points",
                rotation=35,
                rotation_mode="anchor",
                fontsize=8,
            )
    axes.axhline(0, color=style.GREY, linewidth=0.8, zorder=0)
    axes.margins(x=0.09, y=0.12)
    axes.set_xlabel(labels[0])
    axes.set_ylabel(labels[1])
    style.horizontal_grid(axes)
    marks = [
        Line2D([], [], marker="s", color=style.ORANGE, linestyle="none", markersize=5.5, label=chosen),
        Line2D([], [], marker="o", color=style.BLUE, linestyle="none", markersize=5.5, label="the others"),
        Line2D([], [], color=style.GREY, linewidth=1.0, label="from the mean up to the potential (P90)"),
    ]
    style.legend_above(axes, marks)
    style.title(made, heading)
    return made
