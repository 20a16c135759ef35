"""Contribution I and II of each customer, joined by a line: the line is what lies between them."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from crcsim.report.figures import style

__all__ = ["contribution_dots"]


def contribution_dots(
    names: Sequence[str], first: Sequence[float], second: Sequence[float], label: str, heading: str
) -> Figure:
    """A round dot for contribution I, a square one for contribution II; the first customer on top."""
    made = style.figure(1.5 + 0.26 * len(names))
    axes = made.add_subplot()
    shown = [style.shortened(name, 34) for name in names]
    style.paired_rows(axes, shown, first, second, ("contribution I", "contribution II"))
    axes.axvline(0, color=style.GREY, linewidth=0.8, zorder=0)
    axes.set_xlabel(label)
    style.title(made, heading)
    return made
