"""The value tree as a picture: one row per line, the mean as a bar, bad and good paths as dots on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from crcsim.report.figures import style

__all__ = ["TreeRow", "value_tree"]

_INDENT = 0.13  # inches per level
_LABELS, _NUMBERS = 2.95, 1.75  # inches for labels at the left and numbers at the right


@dataclass(frozen=True)
class TreeRow:
    """A node in the unit of the picture: signed mean, means near the low and high percentile, their texts.

    `parent` is the place of its parent among the rows, None for the root; `subtotal` rows have children.
    """

    label: str
    parent: int | None
    subtotal: bool
    mean: float
    low: float
    high: float
    texts: tuple[str, str, str]  # low, mean, high


def value_tree(rows: Sequence[TreeRow], ends: tuple[str, str], label: str, heading: str) -> Figure:
    """Rows from the root down; `ends` names the low and the high percentile."""
    made = style.figure(1.25 + 0.235 * len(rows))
    widths = [_LABELS, style.WIDTH - _LABELS - _NUMBERS, _NUMBERS]
    names, bars, numbers = made.subplots(1, 3, sharey=True, width_ratios=widths)
    heights = [float(len(rows) - 1 - place) for place in range(len(rows))]
    _bars(bars, rows, heights)
    bars.set_xlabel(label)
    bars.set_ylim(-0.7, len(rows) - 0.3)
    for axes, width in ((names, _LABELS), (numbers, _NUMBERS)):
        axes.set_axis_off()
        axes.set_xlim(0.0, width)
    _labels(names, rows, heights)
    _numbers(numbers, rows, heights, ends)
    style.title(made, heading)
    return made


def _bars(axes: Axes, rows: Sequence[TreeRow], heights: Sequence[float]) -> None:
    for row, height in zip(rows, heights, strict=True):
        strong = style.BLUE if row.mean >= 0 else style.ORANGE
        pale = style.BLUE_INNER if row.mean >= 0 else "#f0b48a"
        colour = strong if row.subtotal else pale
        axes.barh(height, row.mean, height=0.62 if row.subtotal else 0.5, color=colour)
        axes.plot([row.low, row.high], [height, height], color=style.INK, linewidth=0.9)
        for place, inside in ((row.low, "white"), (row.high, style.INK)):
            axes.plot(
                place,
                height,
                marker="o",
                markersize=3.6,
                color=inside,
                markeredgecolor=style.INK,
                markeredgewidth=0.8,
            )
    axes.axvline(0, color=style.GREY, linewidth=0.8, zorder=0)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0, labelleft=False)
    axes.grid(axis="x", color=style.LIGHT, linewidth=0.5)
    axes.margins(x=0.03)


def _depths(rows: Sequence[TreeRow]) -> list[int]:
    depths: list[int] = []
    for row in rows:
        depths.append(0 if row.parent is None else depths[row.parent] + 1)
    return depths


def _labels(axes: Axes, rows: Sequence[TreeRow], heights: Sequence[float]) -> None:
    """Names, indented by depth, joined to their parents by lines."""
    depths = _depths(rows)
    for place, (row, depth) in enumerate(zip(rows, depths, strict=True)):
        left = _INDENT * depth
        if row.parent is not None:
            stem = left - 0.7 * _INDENT
            corner = [heights[row.parent] - 0.42, heights[place], heights[place]]
            axes.plot([stem, stem, left - 0.03], corner, color=style.LIGHT, linewidth=0.8)
        text = style.shortened(row.label, int(47 - 2.1 * depth))
        weight = "bold" if row.subtotal else "normal"
        axes.text(left, heights[place], text, va="center", fontsize=8, fontweight=weight)


def _numbers(axes: Axes, rows: Sequence[TreeRow], heights: Sequence[float], ends: tuple[str, str]) -> None:
    """Three columns of numbers: low, mean, high."""
    columns = [_NUMBERS * share for share in (0.33, 0.67, 1.0)]
    heads = (f"{ends[0]} ○", "mean", f"{ends[1]} ●")
    for column, head in zip(columns, heads, strict=True):
        axes.text(column, len(rows) - 0.35, head, ha="right", va="bottom", fontsize=7.5, color=style.GREY)
    for row, height in zip(rows, heights, strict=True):
        for column, text in zip(columns, row.texts, strict=True):
            weight = "bold" if row.subtotal else "normal"
            shown = text.replace("-", "−")
            axes.text(column, height, shown, ha="right", va="center", fontsize=8, fontweight=weight)
