"""An efficient frontier: the most value at every size of the bad outcome, and some plans beside it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from crcsim.report.figures import style

__all__ = ["frontier"]


def frontier(
    tail: NDArray[np.float64],
    value: NDArray[np.float64],
    beaten: NDArray[np.bool_],
    plans: Mapping[str, tuple[float, ...]],
    labels: tuple[str, str],
    heading: str,
) -> Figure:
    """Points joined by a line but for those that are beaten, and named plans (value, tail); upwards and right
    is better.
    """
    made = style.figure(3.6)
    axes = made.add_subplot()
    axes.plot(tail[beaten], value[beaten], color=style.BLUE_INNER, marker="o", markersize=4, linestyle="none")
    order = np.argsort(tail[~beaten])
    axes.plot(
        tail[~beaten][order],
        value[~beaten][order],
        color=style.BLUE,
        marker="o",
        markersize=4.5,
        linewidth=1.4,
    )
    for name, (height, place) in plans.items():
        axes.plot(place, height, marker="D", color=style.ORANGE, markersize=6, markeredgecolor="white")
        axes.annotate(
            name,
            xy=(place, height),
            xytext=(7, -3),
            textcoords="offset points",
            color=style.INK,
            fontsize=8.5,
        )
    axes.grid(color=style.LIGHT, linewidth=0.5)
    axes.set_xlabel(labels[0])
    axes.set_ylabel(labels[1])
    axes.margins(x=0.12, y=0.12)
    style.title(made, heading)
    return made
