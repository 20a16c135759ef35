"""Ranks of the same things in several views, joined by lines: where the views disagree, lines cross."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from crcsim.report.figures import style

__all__ = ["Slope", "rank_slopes"]

#: Colour and dashes of highlighted lines: told apart without colour too.
_STYLES = (
    (style.BLUE, "-", "o"),
    (style.ORANGE, "-", "s"),
    ("#009E73", "--", "D"),
    ("#CC79A7", "--", "^"),
    (style.INK, ":", "v"),
    ("#56B4E9", "-.", "P"),
)


@dataclass(frozen=True)
class Slope:
    """One line: ranks from 1 by view, the best and worst that errors allow, and whether it stands out."""

    name: str
    ranks: tuple[int, ...]
    bounds: tuple[tuple[int, int], ...]
    highlighted: bool = False


def rank_slopes(slopes: Sequence[Slope], views: Sequence[str], heading: str) -> Figure:
    """Ranks over the views from left to right, rank 1 on top, names at both ends.

    Highlighted lines are coloured, with their rank bounds as vertical strokes; the rest is grey. Where lines
    are left out, those that are shown close ranks; the numbers beside the names are the true ones.
    """
    heights = [[_height(slopes, view, rank) for view, rank in enumerate(each.ranks)] for each in slopes]
    made = style.figure(1.2 + 0.2 * max(len(slopes), 6))
    axes = made.add_subplot()
    styles = iter(_STYLES)
    colours: dict[str, str] = {}
    for slope, line in zip(slopes, heights, strict=True):
        if slope.highlighted:
            colour, dashes, marker = next(styles, _STYLES[-1])
            colours[slope.name] = colour
            _highlighted(axes, line, colour, dashes, marker)
            for view, (best, worst) in enumerate(slope.bounds):
                ends = _height(slopes, view, best), _height(slopes, view, worst)
                axes.plot([view, view], ends, color=colour, linewidth=5, alpha=0.25, zorder=3)
        else:
            axes.plot(line, color="#bdbdbd", linewidth=1.0, marker="o", markersize=2.6, zorder=1)
    _names(axes, slopes, heights, colours)
    axes.set_ylim(len(slopes) + 0.7, 0.3)
    axes.set_xlim(-0.06, len(views) - 0.94)
    axes.set_xticks(range(len(views)), views)
    axes.xaxis.tick_top()
    axes.tick_params(axis="x", length=0, labelsize=9)
    axes.set_yticks([])
    axes.xaxis.set_label_position("bottom")
    axes.set_xlabel("Rank 1 is the largest. Shaded: ranks that the standard errors allow (95%).")
    for side in ("left", "bottom", "top", "right"):
        axes.spines[side].set_visible(False)
    for place in range(len(views)):
        axes.axvline(place, color=style.LIGHT, linewidth=0.6, zorder=0)
    style.title(made, heading)
    return made


def _height(slopes: Sequence[Slope], view: int, rank: int) -> int:
    """Place of a rank among the ranks that are shown in a view, from 1."""
    return 1 + sum(each.ranks[view] < rank for each in slopes)


def _highlighted(axes: Axes, line: Sequence[int], colour: str, dashes: str, marker: str) -> None:
    axes.plot(
        line,
        color=colour,
        linestyle=dashes,
        linewidth=2.2,
        marker=marker,
        markersize=5.5,
        markeredgecolor="white",
        markeredgewidth=0.6,
        zorder=4,
    )


def _names(
    axes: Axes, slopes: Sequence[Slope], heights: Sequence[Sequence[int]], colours: dict[str, str]
) -> None:
    """The name with its rank at the first and the last view; equal ranks are moved apart."""
    for side, align in ((0, "right"), (-1, "left")):
        place = side % len(heights[0])
        texts = style.spread([float(line[side]) for line in heights], 0.9)
        for slope, height in zip(slopes, texts, strict=True):
            name, rank = style.shortened(slope.name, 24), slope.ranks[side]
            axes.annotate(
                f"{name}  {rank}" if align == "right" else f"{rank}  {name}",
                xy=(place, height),
                xytext=(-8 if align == "right" else 8, 0),
                textcoords="offset points",
                ha=align,
                va="center",
                fontsize=8,
                color=colours.get(slope.name, style.GREY),
                fontweight="bold" if slope.name in colours else "normal",
                annotation_clip=False,
            )
