"""The look of every picture: one palette for the colour-blind (Okabe-Ito), thin axes, direct labels."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D
from numpy.typing import NDArray

__all__ = [
    "BLUE",
    "GREY",
    "INK",
    "ORANGE",
    "WIDTH",
    "add_to_title",
    "beside_row",
    "figure",
    "horizontal_grid",
    "label_right",
    "legend_above",
    "look",
    "name_rows",
    "number",
    "paired_rows",
    "shortened",
    "spread",
    "title",
]

INK = "#222222"
GREY = "#767676"
LIGHT = "#d9d9d9"
BLUE = "#0072B2"
BLUE_OUTER = "#cfe3f0"
BLUE_INNER = "#8ebfdd"
ORANGE = "#D55E00"
CAUSES = {
    "active": "#5aa9d6",
    "inactive": "#d9d9d9",
    "churn": "#E69F00",
    "takeover": "#009E73",
    "insolvency": "#D55E00",
    "merger": "#CC79A7",
}
WIDTH = 7.6  # inches; with 9 point text this reads as 14 px in a column of 860 px

_LOOK: Any = {
    "font.size": 9,
    "font.family": ["DejaVu Sans"],
    "text.color": INK,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.formatter.use_mathtext": False,
    "axes.unicode_minus": True,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "svg.fonttype": "none",  # text stays text: small, searchable, readable aloud
    "svg.hashsalt": "crcsim",  # the same picture gives the same file
    "text.parse_math": False,  # a name may hold dollar signs
}


@contextmanager
def look() -> Iterator[None]:
    """Draw in the house style without touching the caller's matplotlib settings."""
    with mpl.rc_context(_LOOK), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from")  # a name in a script that the font lacks
        yield


def figure(height: float, width: float = WIDTH) -> Figure:
    """An empty figure of `width` x `height` inches, free of pyplot's global state."""
    layout = ConstrainedLayoutEngine(w_pad=0.05, h_pad=0.05)
    return Figure(figsize=(width, height), facecolor="white", layout=layout)


def title(made: Figure, text: str) -> None:
    """The finding, above the picture at its left edge."""
    made.suptitle(text, x=0.008, ha="left", fontsize=10.5, fontweight="bold")


def add_to_title(made: Figure, text: str) -> None:
    """A second line below the finding, such as whose numbers these are."""
    title(made, f"{made.get_suptitle()}\n{text}")


def horizontal_grid(axes: Axes) -> None:
    axes.grid(axis="y", color=LIGHT, linewidth=0.5)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)


def spread(positions: Sequence[float], gap: float) -> NDArray[np.float64]:
    """Move labels as little as needed until neighbours are at least `gap` apart; the order is kept.

    Least squares with order constraints: subtract the gaps, pool falling neighbours, add the gaps again.
    """
    order = np.argsort(positions, kind="stable")
    wanted = np.asarray(positions, dtype=float)[order] - gap * np.arange(len(positions))
    pools: list[list[float]] = []  # [mean, count]
    for value in wanted:
        pools.append([float(value), 1])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            mean, count = pools.pop()
            pools[-1] = [
                (pools[-1][0] * pools[-1][1] + mean * count) / (pools[-1][1] + count),
                pools[-1][1] + count,
            ]
    flat = np.concatenate([np.full(int(count), mean) for mean, count in pools])
    placed = np.empty(len(positions))
    placed[order] = flat + gap * np.arange(len(positions))
    return placed


def label_right(axes: Axes, labels: Sequence[tuple[str, float, str]], size: float = 8.5) -> None:
    """Name lines at the right edge of `axes`, without overlap: (text, height, colour) of each."""
    log = axes.get_yscale() == "log"
    low, high = np.log10(axes.get_ylim()) if log else axes.get_ylim()
    inches = axes.get_position().height * axes.figure.get_figheight()  # type: ignore[union-attr]
    gap = (high - low) * size * 1.25 / 72 / max(inches, 0.1)
    heights = [float(np.log10(height)) if log else height for _, height, _ in labels]
    for (text, _, colour), at in zip(labels, spread(heights, gap), strict=True):
        place = 10.0**at if log else at
        axes.annotate(
            text,
            xy=(1, place),
            xycoords=("axes fraction", "data"),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            color=colour,
            fontsize=size,
            annotation_clip=False,
        )


def name_rows(axes: Axes, names: Sequence[str]) -> None:
    """Name the rows 0, 1, ... of a picture that is read along rows, from the bottom up."""
    axes.set_yticks(range(len(names)), names)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(-0.7, len(names) - 0.3)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=LIGHT, linewidth=0.5)


def paired_rows(
    axes: Axes,
    names: Sequence[str],
    first: Sequence[float],
    second: Sequence[float],
    labels: tuple[str, str],
) -> None:
    """Two numbers per row, joined by a line: round and blue, square and orange. The first row on top."""
    pairs = list(zip(first, second, strict=True))[::-1]
    for row, (one, two) in enumerate(pairs):
        axes.plot([one, two], [row, row], color=LIGHT, linewidth=2.5, zorder=1)
        axes.plot(one, row, marker="o", color=BLUE, markersize=6, zorder=2)
        axes.plot(two, row, marker="s", color=ORANGE, markersize=5.2, zorder=2)
    name_rows(axes, list(names)[::-1])
    marks = [
        Line2D([], [], marker=marker, color=colour, linestyle="none", markersize=6, label=label)
        for marker, colour, label in zip("os", (BLUE, ORANGE), labels, strict=True)
    ]
    legend_above(axes, marks)


def beside_row(axes: Axes, row: int, text: str, *, bold: bool = False) -> None:
    """A text at the right edge, beside a row."""
    axes.annotate(
        text.replace("-", "\N{MINUS SIGN}"),
        xy=(1, row),
        xycoords=("axes fraction", "data"),
        xytext=(6, 0),
        textcoords="offset points",
        va="center",
        fontsize=8.5,
        fontweight="bold" if bold else "normal",
        annotation_clip=False,
    )


def legend_above(axes: Axes, handles: Sequence[Artist | BarContainer]) -> None:
    """What the marks mean, in a line above the picture at its left edge."""
    axes.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0, 1), ncols=len(handles), frameon=False,
        fontsize=8.5, handletextpad=0.5, columnspacing=1.6, borderaxespad=0.2,
    )  # fmt: skip


def number(value: float) -> str:
    """At most three significant digits, whole numbers in full."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def shortened(name: str, longest: int = 26) -> str:
    """A name that fits above a small panel."""
    return name if len(name) <= longest else name[: longest - 1] + "…"
