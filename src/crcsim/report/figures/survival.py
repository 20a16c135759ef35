"""What becomes of the relationships: active or ended, by cause, over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from numpy.typing import NDArray

from crcsim.report.figures import style

__all__ = ["survival_areas", "survival_panels"]

States = Mapping[str, NDArray[np.float64]]  # state -> share of paths [period], adding up to 1

NAMES = {
    "active": "active",
    "inactive": "not active",
    "churn": "churned",
    "takeover": "taken over",
    "insolvency": "insolvent",
    "merger": "merged",
}


def survival_areas(years: NDArray[np.float64], states: States, heading: str, time_label: str) -> Figure:
    """Stacked shares of all relationships over time, named at the right edge with their last value."""
    made = style.figure(3.3)
    axes = made.add_subplot()
    _stack(axes, years, states)
    axes.set_xlabel(time_label)
    axes.set_ylabel("Share of relationships (%)")
    style.title(made, heading)
    ends = [100 * float(share[-1]) for share in states.values()]
    middles = np.cumsum(ends) - np.asarray(ends) / 2
    labels = zip(states, ends, middles, strict=True)
    style.label_right(
        axes, [(f"{NAMES[state]} {_whole(end)}", float(at), style.INK) for state, end, at in labels]
    )
    return made


def _whole(percent: float) -> str:
    """In whole percent, never a 0 for what happened."""
    return f"{percent:.0f}%" if percent >= 0.5 or percent == 0.0 else "<1%"


def survival_panels(
    years: NDArray[np.float64], customers: Sequence[tuple[str, States]], heading: str, time_label: str
) -> Figure:
    """The same per customer, small, on shared axes; the share still active is printed in each."""
    columns = min(3, len(customers))
    rows = -(-len(customers) // columns)
    made = style.figure(1.0 + 1.7 * rows)
    grid = made.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    for axes, (name, states) in zip(grid.flat, customers, strict=False):
        _stack(axes, years, states)
        axes.set_title(style.shortened(name), loc="left", fontsize=8.5, fontweight="bold")
        end = float(states["active"][-1])
        axes.text(0.97, 0.05, f"{100 * end:.0f}% active", transform=axes.transAxes, ha="right", fontsize=8)
    for axes in grid.flat[len(customers) :]:
        axes.set_visible(False)
    for axes in grid[-1, :]:
        axes.set_xlabel(time_label)
    for axes in grid[:, 0]:
        axes.set_ylabel("Share of paths (%)")
    style.title(made, heading)
    made.legend(
        handles=[Patch(color=style.CAUSES[state], label=NAMES[state]) for state in customers[0][1]],
        loc="outside lower left",
        ncols=len(NAMES),
        frameon=False,
        handlelength=1,
        handleheight=1,
        columnspacing=1.4,
    )
    return made


def _stack(axes: Axes, years: NDArray[np.float64], states: States) -> None:
    axes.stackplot(
        years,
        *(100 * share for share in states.values()),
        colors=[style.CAUSES[state] for state in states],
        edgecolor="white",
        linewidth=0.5,
    )
    axes.set_xlim(years[0], years[-1])
    axes.set_ylim(0, 100)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
