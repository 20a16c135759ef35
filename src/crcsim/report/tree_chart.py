"""Which lines of the value tree a picture shows: those that matter by size, the rest in one row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from crcsim.costing.items import ITEMS
from crcsim.report import figures
from crcsim.report.figures.value_tree import TreeRow
from crcsim.report.numbers import MoneyScale, decimals_supported, fixed
from crcsim.report.tables import DISCOUNTINGS
from crcsim.report.value_tree import percentile_name, scale_of_tree

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["tree_chart"]

Floats = NDArray[np.float64]
_MOST_LINES = 16  # beside the subtotals
_SALES = "sales"
_LEAST = 0.01  # of the largest amount: smaller lines are put together


@dataclass
class _Branch:
    """A node as it is drawn: amounts [low, mean, high] and their standard errors."""

    label: str
    amounts: Floats
    errors: Floats
    children: list[_Branch] = field(default_factory=list)

    @property
    def size(self) -> float:
        """What decides whether the line is shown: its largest amount, or how far it moves."""
        return float(max(np.abs(self.amounts).max(), abs(self.amounts[2] - self.amounts[0])))

    def below(self) -> Iterator[_Branch]:
        """All nodes without children."""
        for child in self.children:
            yield from child.below() if child.children else (child,)


def tree_chart(tree: xr.Dataset) -> tuple[str, Figure]:
    """Heading and picture of the total of a tree of one strategy, from its first to its last percentile."""
    scale = scale_of_tree(tree)
    root = _without_steps(_branches(tree))
    lines = sorted((line.size for line in root.below()), reverse=True)
    smallest = max(_LEAST * max(lines), lines[_MOST_LINES - 1] if len(lines) > _MOST_LINES else 0.0)
    rows: list[TreeRow] = []
    _collect(_grouped(root, smallest), None, scale, rows)
    low, high = (percentile_name(tree["percentile"].values[place]) for place in (0, -1))
    unit, rate = scale.unit, DISCOUNTINGS[tree.attrs["discounting"]]
    label = (
        f"Present value at {rate} ({unit}); contributions are payment-effective\n"
        f"bar: mean;  ○ and ●: mean of the paths whose value lies near its {low} and {high}"
    )
    near_low, mean, near_high = (text.replace("-", "−") for text in rows[0].texts)
    heading = f"{root.label.capitalize()}: {mean} {unit}; near {low} {near_low}, near {high} {near_high}"
    return heading, figures.value_tree(rows, (low, high), label, heading)


def _branches(tree: xr.Dataset) -> _Branch:
    """The tree of the total; lines of cost stay whole, whatever levels they arise at."""
    total = tree.isel(member=-1)
    ends = total.isel(percentile=[0, -1])
    near = ends["conditional_mean"].transpose("node", "percentile").values
    spread = ends["conditional_mean_standard_error"].transpose("node", "percentile").values
    amounts = np.column_stack([near[:, 0], total["mean"].values, near[:, 1]])
    errors = np.column_stack([spread[:, 0], total["mean_standard_error"].values, spread[:, 1]])
    found: dict[str, _Branch] = {}
    lines = {item.line for item in ITEMS.values()} | {"segment_costs", "company_costs"}
    for place, key in enumerate(tree["node"].values.tolist()):
        label = str(tree["label"].values[place])
        own = _Branch(_short(label), amounts[place], errors[place])
        parent = str(tree["parent"].values[place])
        found[key] = own
        if parent and parent not in lines:
            found[parent].children.append(own)
    return found[str(tree["node"].values[0])]


def _short(label: str) -> str:
    """The label without what the axis says for all of them."""
    short = label.replace("payment-effective ", "").replace("customer contribution", "contribution")
    for remark in (" (sales on credit)", " (purchases on credit)", " (takeovers, mergers)"):
        short = short.removesuffix(remark)
    short = short.replace("sales before price concessions", "sales before concessions")
    return short.replace(" customer costs", " costs")


def _without_steps(branch: _Branch) -> _Branch:
    """Without empty lines, and without subtotals that only repeat the one below them."""
    children = [_without_steps(child) for child in branch.children if child.children or child.size > 0.0]
    if len(children) == 1:
        children = children[0].children
    return _Branch(branch.label, branch.amounts, branch.errors, children)


def _grouped(branch: _Branch, smallest: float) -> _Branch:
    """Lines below `smallest` become one row of their parent, where there are several.

    Together they may well be as large as a line that is shown.
    """
    few = [child for child in branch.children if not child.children and child.size < smallest]
    kept = [child for child in branch.children if child not in few]
    if few and branch.label == _SALES:
        return _Branch(branch.label, branch.amounts, branch.errors)  # without its small concessions
    children = [_grouped(child, smallest) for child in kept]
    if len(few) == 1:
        children.insert(0, few[0])
    elif few:
        amounts = np.sum([child.amounts for child in few], axis=0)
        errors = np.full(3, np.nan)  # of sums of lines: not in the tree
        children.insert(0, _Branch(f"{len(few)} smaller lines", amounts, errors))
    return _Branch(branch.label, branch.amounts, branch.errors, children)


def _text(amount: float, error: float, scale: MoneyScale) -> str:
    """A number that can be read at a glance: its error's digits, three significant ones at most."""
    value, spread = amount / scale.factor, error / scale.factor
    places = 1 if abs(value) >= 10.0 else 2
    return fixed(value, min(places, decimals_supported(spread)) if spread > 0.0 else places)


def _collect(branch: _Branch, parent: int | None, scale: MoneyScale, rows: list[TreeRow]) -> None:
    low, mean, high = (float(amount) / scale.factor for amount in branch.amounts)
    pairs = zip(branch.amounts, branch.errors, strict=True)
    texts = tuple(_text(float(amount), float(error), scale) for amount, error in pairs)
    rows.append(
        TreeRow(branch.label, parent, bool(branch.children), mean, low, high, (texts[0], texts[1], texts[2]))
    )
    place = len(rows) - 1
    for child in branch.children:
        _collect(child, place, scale, rows)
