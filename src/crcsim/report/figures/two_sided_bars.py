"""Bars to both sides of zero: who gains and who loses."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.patches import Patch

from crcsim.report.figures import style

__all__ = ["two_sided_bars"]


def two_sided_bars(
    names: Sequence[str], values: Sequence[float], sides: tuple[str, str], label: str, heading: str
) -> Figure:
    """One bar per name, the first on top; `sides` say what a bar above and one below 0 mean."""
    made = style.figure(1.6 + 0.24 * len(names))
    axes = made.add_subplot()
    for row, value in enumerate(reversed(values)):
        colour = style.ORANGE if value > 0 else style.BLUE
        axes.barh(row, value, height=0.66, color=colour, linewidth=0)
    style.name_rows(axes, [style.shortened(name, 34) for name in reversed(names)])
    axes.axvline(0, color=style.GREY, linewidth=0.8)
    axes.set_xlabel(label)
    patches = [Patch(color=style.ORANGE, label=sides[0]), Patch(color=style.BLUE, label=sides[1])]
    style.legend_above(axes, patches)
    style.title(made, heading)
    return made
