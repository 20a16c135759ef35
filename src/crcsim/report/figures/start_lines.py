"""The value of programmes by their start, with intervals; customer and product levers in two colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from crcsim.report.figures import style

__all__ = ["StartLine", "start_lines"]

_SIDES = {"customer": (style.BLUE, "o"), "product": (style.ORANGE, "s")}


@dataclass(frozen=True)
class StartLine:
    """One programme: value and half-width of its interval [start] at starts in years."""

    name: str
    side: str  # customer or product
    years: NDArray[np.float64]
    value: NDArray[np.float64]
    reach: NDArray[np.float64]


def start_lines(lines: Sequence[StartLine], labels: tuple[str, str], heading: str) -> Figure:
    """A line for each programme, named at its right end."""
    made = style.figure(3.8)
    axes = made.add_subplot()
    ends = []
    for line in lines:
        colour, marker = _SIDES[line.side]
        axes.errorbar(
            line.years,
            line.value,
            line.reach,
            color=colour,
            marker=marker,
            markersize=4.5,
            linewidth=1.3,
            elinewidth=1.0,
            capsize=0,
        )
        known = np.flatnonzero(np.isfinite(line.value))
        ends.append((style.shortened(line.name), float(line.value[known[-1]]), colour))
    axes.axhline(0, color=style.GREY, linewidth=0.8, zorder=0)
    axes.set_xlabel(labels[0])
    axes.set_ylabel(labels[1])
    axes.set_xticks(np.unique(np.concatenate([line.years for line in lines])))
    style.horizontal_grid(axes)
    style.label_right(axes, ends)
    style.title(made, heading)
    return made
