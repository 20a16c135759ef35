"""Signed amounts as horizontal bars: what moved a value, and in which direction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from crcsim.report.figures import style

__all__ = ["Bar", "signed_bars"]

_INTERVAL = 1.96  # standard errors on either side: 95 %


@dataclass(frozen=True)
class Bar:
    """An amount in the unit of the plot, its standard error (NaN: not known) and the text beside it.

    `total` sets the bar apart as the sum of the others.
    """

    name: str
    value: float
    error: float
    text: str
    total: bool = False


def signed_bars(bars: Sequence[Bar], label: str, heading: str) -> Figure:
    """One bar per amount with its 95 % interval, gains blue, losses orange; the first bar on top."""
    made = style.figure(1.3 + 0.29 * len(bars))
    axes = made.add_subplot()
    for row, bar in enumerate(reversed(bars)):
        colour = style.BLUE if bar.value >= 0 else style.ORANGE
        axes.barh(row, bar.value, height=0.62, color=colour if bar.total else _lighter(bar.value))
        if np.isfinite(bar.error) and bar.error > 0:
            reach = _INTERVAL * bar.error
            axes.plot(
                [bar.value - reach, bar.value + reach],
                [row, row],
                color=style.INK,
                linewidth=1.1,
                solid_capstyle="butt",
            )
        style.beside_row(axes, row, bar.text, bold=bar.total)
    style.name_rows(axes, [style.shortened(bar.name, 40) for bar in reversed(bars)])
    axes.axvline(0, color=style.GREY, linewidth=0.8)
    axes.set_xlabel(label)
    style.title(made, heading)
    return made


def _lighter(value: float) -> str:
    return style.BLUE_INNER if value >= 0 else "#f0a878"
