"""A value built up part by part: bars that begin where the one before ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from crcsim.report.figures import style

__all__ = ["Step", "waterfall"]

_HEIGHT = 0.62  # of a bar, in rows
_VISIBLE = 0.0025  # a whisker shorter than this part of the axis would be a dot


@dataclass(frozen=True)
class Step:
    """A bar in the unit of the plot: its length, the standard error of that, and the text beside it.

    A `level` stands on zero and shows what has been reached, other steps add to what was before.
    """

    name: str
    value: float
    error: float
    text: str
    level: bool = False


def waterfall(steps: Sequence[Step], label: str, heading: str) -> Figure:
    """Horizontal bars from the first step on top to the last; whiskers of one standard error.

    Levels are dark blue, gains light blue, losses orange; the text beside a bar has its sign. `label` names
    the axis with its unit.
    """
    made = style.figure(1.2 + 0.29 * len(steps))
    axes = made.add_subplot()
    spans = _spans(steps)
    low = min(0.0, *(min(span) for span in spans))
    high = max(0.0, *(max(span) for span in spans))
    reach = (high - low) or 1.0
    rows = range(len(steps) - 1, -1, -1)
    for row, step, (start, end) in zip(rows, steps, spans, strict=True):
        axes.barh(row, end - start, left=start, height=_HEIGHT, color=_colour(step))
        if row > 0:
            joint = (row + _HEIGHT / 2, row - 1 - _HEIGHT / 2)
            axes.plot([end, end], joint, color=style.GREY, linewidth=0.7)
        whisker = step.error > _VISIBLE * reach
        if whisker:
            axes.errorbar(end, row, xerr=step.error, color=style.INK, linewidth=0.9, capsize=2.0)
        right = max(start, end, end + step.error if whisker else end)
        _write(axes, step.text, right, row)
    axes.set_yticks(list(rows), [step.name for step in steps])
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(-0.7, len(steps) - 0.3)
    axes.set_xlim(low - 0.02 * reach, high + 0.16 * reach)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=style.LIGHT, linewidth=0.5)
    axes.axvline(0, color=style.GREY, linewidth=0.8, zorder=0)
    axes.set_xlabel(label)
    style.title(made, heading)
    return made


def _spans(steps: Sequence[Step]) -> list[tuple[float, float]]:
    """Where each bar begins and ends."""
    spans, reached = [], 0.0
    for step in steps:
        start = 0.0 if step.level else reached
        reached = start + step.value
        spans.append((start, reached))
    return spans


def _colour(step: Step) -> str:
    if step.level:
        return style.BLUE
    return style.BLUE_INNER if step.value >= 0.0 else style.ORANGE


def _write(axes: Axes, text: str, right: float, row: int) -> None:
    axes.annotate(
        text.replace("-", "−"),
        xy=(right, row),
        xytext=(4, 0),
        textcoords="offset points",
        va="center",
        fontsize=8.5,
    )
