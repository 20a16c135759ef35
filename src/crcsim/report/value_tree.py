"""The value tree for people: tables, its picture, and full CSV text."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import numpy as np

from crcsim.report.numbers import MoneyScale, money_scale
from crcsim.report.statements import ROOM, without_dust
from crcsim.report.table import Table
from crcsim.report.tables import DISCOUNTINGS

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["drill_table", "member_tables", "percentile_name", "tree_csv", "tree_facts", "tree_table"]

_WIDEST = 6  # members beside each other
_INDENT = "\N{NO-BREAK SPACE}" * 2


def percentile_name(percentile: float) -> str:
    """P5, P50, P97.5."""
    return f"P{float(percentile):g}"


def scale_of_tree(tree: xr.Dataset) -> MoneyScale:
    """The unit of money of a tree of one strategy."""
    return money_scale(float(np.abs(tree["mean"]).max()) / ROOM, str(tree.attrs["currency"]))


def tree_table(tree: xr.Dataset) -> Table:
    """All lines of the total of one strategy: mean, and means near each percentile of the value."""
    tree = _without_empty_lines(tree)
    scale, total = scale_of_tree(tree), tree.isel(member=-1)
    rows = tuple(
        (label, scale.text(*_mean(node)), scale.error_text(*_mean(node)), *_near_texts(node, scale))
        for label, node in zip(_labels(tree), _nodes(total), strict=True)
    )
    heads = ("Mean", "±", *(f"near {percentile_name(p)}" for p in tree["percentile"].values))
    title = f"Value tree at {DISCOUNTINGS[tree.attrs['discounting']]} ({scale.unit})"
    notes = (_window_note(tree), _root_note(tree, scale))
    return Table(title, ("Line", *heads), "l" + "r" * len(heads), rows, notes)


def drill_table(tree: xr.Dataset) -> Table:
    """The value of the portfolio by member: mean, and conditional means near each percentile of the total."""
    scale = scale_of_tree(tree)
    root = tree.sel(node="portfolio_value")
    members = [root.isel(member=place) for place in range(root.sizes["member"])]
    rows = tuple(
        (
            str(one["member"].values),
            scale.text(*_mean(one)),
            scale.error_text(*_mean(one)),
            *_near_texts(one, scale),
        )
        for one in members
    )
    heads = ("Mean", "±", *(f"near {percentile_name(p)}" for p in tree["percentile"].values))
    drill = str(tree.attrs["drill"])
    title = f"Who makes bad and good paths, by {drill} ({scale.unit})"
    notes = (f"{_window_note(tree)} The mean is that of all {tree.attrs['paths']:,} paths.",)
    return Table(title, (drill.capitalize(), *heads), "l" + "r" * len(heads), rows, notes, totals=1)


def member_tables(tree: xr.Dataset) -> list[Table]:
    """All lines by member: one table of means, one near each percentile; the largest members of many."""
    tree = _without_empty_lines(tree)
    scale, places = scale_of_tree(tree), _largest(tree)
    heads = tuple(str(tree["member"].values[place]) for place in places)
    title = f"by {tree.attrs['drill']} ({scale.unit})"
    hidden = tree.sizes["member"] - len(places)
    notes = (f"{hidden} more in the CSV file (-o FOLDER); the total holds all of them.",) if hidden else ()
    kinds = [("mean", f"Mean of every line {title}", tree[["mean", "mean_standard_error"]])]
    for percentile in tree["percentile"].values:
        near = tree[["conditional_mean", "conditional_mean_standard_error"]].sel(percentile=percentile)
        kinds.append(("conditional_mean", f"Lines near {percentile_name(percentile)} {title}", near))
    made = []
    for name, heading, values in kinds:
        means, errors = (values[each].values for each in (name, f"{name}_standard_error"))
        rows = tuple(
            (label, *(scale.text(float(means[row, place]), float(errors[row, place])) for place in places))
            for row, label in enumerate(_labels(tree))
        )
        made.append(Table(heading, ("Line", *heads), "l" + "r" * len(heads), rows, notes))
    return made


def _without_empty_lines(tree: xr.Dataset) -> xr.Dataset:
    """The tree without nodes that are zero everywhere, or only rounding."""
    tree = without_dust(tree)
    empty = (tree["mean"] == 0.0).all("member") & (tree["conditional_mean"] == 0.0).all(
        ("percentile", "member")
    )
    return tree.isel(node=np.flatnonzero(~empty.values))


def _largest(tree: xr.Dataset) -> list[int]:
    """Places of the members with the largest value, of what none of them bears, and of the total."""
    kinds = tree["kind"].values
    own = np.flatnonzero(kinds == tree.attrs["drill"])
    rest = [place for place in range(len(kinds)) if place not in own]
    value = tree["mean"].sel(node="portfolio_value").values
    return [*sorted(own.tolist(), key=lambda place: -value[place])[:_WIDEST], *rest]


def _labels(tree: xr.Dataset) -> list[str]:
    """Labels with sign, indented by depth."""
    parts = zip(tree["label"].values, tree["depth"].values, strict=True)
    return [_INDENT * int(depth) + str(label) for label, depth in parts]


def _nodes(total: xr.Dataset) -> list[xr.Dataset]:
    return [total.isel(node=place) for place in range(total.sizes["node"])]


def _mean(one: xr.Dataset) -> tuple[float, float]:
    return float(one["mean"]), float(one["mean_standard_error"])


def _near_texts(one: xr.Dataset, scale: MoneyScale) -> tuple[str, ...]:
    pairs = zip(one["conditional_mean"].values, one["conditional_mean_standard_error"].values, strict=True)
    return tuple(scale.text(float(value), float(error)) for value, error in pairs)


def _window_note(tree: xr.Dataset) -> str:
    return (
        "Amounts as they enter the value: costs are negative, every line is the sum of those below it. "
        "Near a percentile: mean over the paths whose portfolio value lies near its percentile "
        f"({tree.attrs['window']}; here {tree.attrs['window_paths']:,} of {tree.attrs['window_sample']:,}). "
        "Percentiles of lines would not add up."
    )


def _root_note(tree: xr.Dataset, scale: MoneyScale) -> str:
    """The percentiles themselves beside the conditional means of the root."""
    values = zip(
        tree["percentile"].values,
        tree["root_percentile"].values,
        tree["root_percentile_standard_error"].values,
        tree["conditional_mean"].sel(node="portfolio_value").isel(member=-1).values,
        strict=True,
    )
    parts = (
        f"{percentile_name(percentile)} {scale.with_error(float(value), float(error))} "
        f"(mean of its window {scale.text(float(near), float(error))})"
        for percentile, value, error, near in values
    )
    return f"Percentiles of the portfolio's value in {scale.unit}: {', '.join(parts)}."


def tree_csv(tree: xr.Dataset) -> str:
    """The tree of one strategy in full: a row per node and member."""
    names = [percentile_name(percentile) for percentile in tree["percentile"].values]
    heads = ["node", "label", "parent", "sign", "depth", "member", "mean", "mean_standard_error"]
    heads += [f"near_{name}{ending}" for name in names for ending in ("", "_standard_error")]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heads)
    for row in _records(tree):
        near = [number for pair in row["near"].values() for number in pair.values()]
        numbers = (row["mean"], row["mean_standard_error"], *near)
        labels = [row[name] for name in heads[:6]]
        writer.writerow([*labels, *("" if number is None else repr(number) for number in numbers)])
    return out.getvalue()


def tree_facts(tree: xr.Dataset) -> dict[str, Any]:
    """The tree of one strategy for machines: in full, None where undefined."""
    roots = zip(
        tree["percentile"].values,
        tree["root_percentile"].values,
        tree["root_percentile_standard_error"].values,
        strict=True,
    )
    percentiles = {
        percentile_name(percentile): {"value": _number(value), "standard_error": _number(error)}
        for percentile, value, error in roots
    }
    return {**tree.attrs, "percentiles": percentiles, "nodes": _records(tree)}


def _records(tree: xr.Dataset) -> list[dict[str, Any]]:
    found = []
    names = [percentile_name(percentile) for percentile in tree["percentile"].values]
    mean, error = tree["mean"].values, tree["mean_standard_error"].values
    near = tree["conditional_mean"].transpose("percentile", "node", "member").values
    spread = tree["conditional_mean_standard_error"].transpose("percentile", "node", "member").values
    for node in range(tree.sizes["node"]):
        for member, name in enumerate(tree["member"].values):
            place = (node, member)
            found.append(
                {
                    "node": str(tree["node"].values[node]),
                    "label": str(tree["label"].values[node]),
                    "parent": str(tree["parent"].values[node]),
                    "sign": int(tree["sign"].values[node]),
                    "depth": int(tree["depth"].values[node]),
                    "member": str(name),
                    "mean": _number(mean[place]),
                    "mean_standard_error": _number(error[place]),
                    "near": {
                        head: {
                            "mean": _number(near[(row, *place)]),
                            "standard_error": _number(spread[(row, *place)]),
                        }
                        for row, head in enumerate(names)
                    },
                }
            )
    return found


def _number(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None
