"""A waterfall: how parts add up, step by step, to totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from crcsim.report.figures import style

__all__ = ["Step", "waterfall"]


@dataclass(frozen=True)
class Step:
    """One bar in the unit of the plot: what it adds (negative: takes away), or with `total` the sum so far;
    the text beside it, and its standard error where there is one.
    """

    name: str
    amount: float
    text: str
    total: bool = False
    error: float = 0.0


_VISIBLE = 0.0025  # a whisker shorter than this part of the axis would be a dot


def waterfall(steps: Sequence[Step], label: str, heading: str) -> Figure:
    """Horizontal bars from the sum before each step to the sum after it, first step on top.

    What adds is blue, what takes away orange and hatched, totals are dark: told apart without colour too.
    Whiskers reach one standard error to both sides, where that can be seen.
    """
    made = style.figure(1.3 + 0.27 * len(steps))
    axes = made.add_subplot()
    running, rows = 0.0, range(len(steps) - 1, -1, -1)
    reach = max(_heights(steps)) - min(_heights(steps))
    for step, row in zip(steps, rows, strict=True):
        start = 0.0 if step.total else running
        end = step.amount if step.total else running + step.amount
        _bar(axes, row, start, end, step.total)
        if step.error > _VISIBLE * reach:
            axes.errorbar(end, row, xerr=step.error, color=style.GREY, linewidth=1.0, capsize=2.0, zorder=3)
        if row:
            axes.plot([end, end], [row, row - 1], color=style.GREY, linewidth=0.7, zorder=1)
        style.beside_row(axes, row, step.text, bold=step.total)
        running = end
    style.name_rows(axes, [step.name for step in reversed(steps)])
    for text, step in zip(axes.get_yticklabels(), reversed(steps), strict=True):
        text.set_fontweight("bold" if step.total else "normal")
    axes.axvline(0, color=style.GREY, linewidth=0.8, zorder=0)
    axes.use_sticky_edges = False
    axes.margins(x=0.03)
    if all(step.amount >= 0.0 for step in steps if step.total):
        axes.set_xlim(left=min(0.0, *_heights(steps)))
    axes.set_xlabel(label)
    style.title(made, heading)
    return made


def _heights(steps: Sequence[Step]) -> list[float]:
    """The sum after each step."""
    found, running = [0.0], 0.0
    for step in steps:
        running = step.amount if step.total else running + step.amount
        found.append(running)
    return found


def _bar(axes: Axes, row: int, start: float, end: float, total: bool) -> None:
    colour = style.INK if total else style.BLUE if end >= start else style.ORANGE
    axes.barh(
        row,
        end - start,
        left=start,
        height=0.62,
        facecolor=colour,
        edgecolor="white",
        linewidth=0.4,
        hatch="" if total or end >= start else "////",
        zorder=2,
    )
