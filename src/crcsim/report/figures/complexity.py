"""Cost per unit of each product under two methods, joined by a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter

from crcsim.report.figures import style

__all__ = ["Complexity", "complexity_dots"]

_LOG = 50.0  # ratio of the largest cost to the smallest from which the axis is logarithmic


@dataclass(frozen=True)
class Complexity:
    """Cost per unit of one product by both methods, and the text beside it."""

    product: str
    by_surcharge: float
    by_process: float
    text: str


def complexity_dots(products: Sequence[Complexity], label: str, heading: str) -> Figure:
    """A round dot by processes, a square one by surcharges; the first product on top."""
    made = style.figure(1.5 + 0.32 * len(products))
    axes = made.add_subplot()
    costs = [cost for each in products for cost in (each.by_surcharge, each.by_process)]
    if min(costs) > 0 and max(costs) / min(costs) >= _LOG:
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
        axes.xaxis.set_minor_formatter(NullFormatter())
    style.paired_rows(
        axes,
        [style.shortened(each.product, 34) for each in products],
        [each.by_process for each in products],
        [each.by_surcharge for each in products],
        ("processes", "surcharges"),
    )
    for row, each in enumerate(reversed(products)):
        style.beside_row(axes, row, each.text)
    if axes.get_xscale() == "linear":
        axes.set_xlim(left=min(0.0, axes.get_xlim()[0]))
    axes.set_xlabel(label)
    style.title(made, heading)
    return made
