"""Parts of a whole, stacked along a row for each name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.container import BarContainer
from matplotlib.figure import Figure

from crcsim.report.figures import style

__all__ = ["stacked_bars"]

_COLOURS = (style.BLUE_OUTER, style.BLUE_INNER, style.BLUE, style.ORANGE)


def stacked_bars(
    names: Sequence[str],
    parts: Mapping[str, Sequence[float]],
    texts: Sequence[str],
    label: str,
    heading: str,
) -> Figure:
    """Rows of non-negative parts, the first name on top; `texts` stand beside the rows.

    At most four parts: light to dark, the last in another colour and hatched, so that it is seen in grey.
    """
    made = style.figure(1.6 + 0.34 * len(names))
    axes = made.add_subplot()
    colours = (*_COLOURS[-len(parts) : -1], _COLOURS[-1])
    hatches = ("",) * (len(parts) - 1) + ("////",)
    left = np.zeros(len(names))
    patches: list[BarContainer] = []
    for (name, values), colour, hatch in zip(parts.items(), colours, hatches, strict=True):
        widths = np.asarray(values, dtype=np.float64)[::-1]
        bars = axes.barh(
            np.arange(len(names)), widths, left=left, height=0.66, facecolor=colour, edgecolor="white",
            linewidth=0.6, hatch=hatch, label=name,
        )  # fmt: skip
        patches.append(bars)
        left += widths
    style.name_rows(axes, list(names)[::-1])
    for row, text in enumerate(reversed(texts)):
        style.beside_row(axes, row, text)
    axes.set_xlim(left=0)
    axes.set_xlabel(label)
    style.legend_above(axes, patches)
    style.title(made, heading)
    return made
