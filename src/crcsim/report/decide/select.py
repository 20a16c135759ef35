"""The answer of `decide select`: who will be among the top, who is large today, who will be gone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from crcsim.measures.estimates import INTERVAL
from crcsim.measures.ranks import threshold
from crcsim.report.decide.answer import Answer, Part, estimate
from crcsim.report.numbers import MISSING, money_scale, percent, probability
from crcsim.report.table import Table
from crcsim.report.tables import ENDS

if TYPE_CHECKING:
    import xarray as xr

    from crcsim.report.pictures import Chart

__all__ = ["answer"]

_MOST_ROWS = 20
_ALL_NAMED = 8  # customers up to which the map names all


def answer(found: xr.Dataset) -> Answer:
    """The answer of `decisions.select` for people."""
    strategy = str(found.attrs["strategy"])
    label = f"strategy {strategy}" if strategy != "baseline" else ""
    part = Part(
        "Customers of the future",
        (_top_table(found).labelled(label), _gone_table(found).labelled(label)),
        lambda: _charts(found),
        (
            f"A customer is {_among(found)} on a path when its NPV there, at the risk-free rate, is "
            f"{'the largest' if int(found.attrs['top']) == 1 else 'one of the largest'}; customers that tie "
            "share the places. Potential: the 90% percentile of its NPV.",
        ),
    )
    return Answer("which customers are those of the future", _finding(found), found, (part,))


def _among(found: xr.Dataset) -> str:
    """What a customer can be on a path: the first, or one of the top."""
    top = int(found.attrs["top"])
    return "first" if top == 1 else f"among the top {top}"


def _finding(found: xr.Dataset) -> str:
    """Who is surely among the most probable, against the largest of today, within what the errors allow."""
    top, names = int(found.attrs["top"]), [str(name) for name in found["customer"].values]
    if len(names) == 1:
        return f"{names[0]} is the only customer: there is nothing to select."
    chances, size_ranks = found["top_probability"].values, found["size_rank"].values
    order = np.argsort(-chances, kind="stable")
    last, next_best = int(order[top - 1]), int(order[top])
    beyond = threshold(len(names))
    rising = [
        int(place)
        for place in order[:top]
        if size_ranks[place] > top
        and all(_ahead(found, int(place), int(other)) > beyond for other in order[top:])
    ]
    if rising:
        lead = (
            "Most likely to be first by realised value, but not by sales"
            if top == 1
            else f"Among the {top} most likely to be the top {top} by realised value, but not by sales"
        )
        told = ", ".join(
            f"{names[place]} ({_ordinal(int(size_ranks[place]))} by sales today, "
            f"there on {_sure(found, place)} of the paths)"
            for place in rising
        )
        return f"{lead}: {told}."
    if not _ahead(found, last, next_best) > INTERVAL:
        paths = int(found.attrs["paths"])
        return (
            f"Place {top} is not distinguishable: {names[last]} and {names[next_best]} are as likely to be "
            f"{_among(found)} ({probability(float(chances[last]), paths)} and "
            f"{probability(float(chances[next_best]), paths)})."
        )
    same = set(order[:top].tolist()) == set(np.flatnonzero(size_ranks <= top).tolist())
    if top == 1:
        words = (
            "is the largest by sales today too"
            if same
            else "cannot surely be told from that of today's sales"
        )
        return (
            f"The customer most likely to be first by realised value, {names[last]}, {words}; it is first on "
            f"{_sure(found, last)} of the paths."
        )
    words = (
        "are the largest by sales today too" if same else "cannot surely be told from those of today's sales"
    )
    return (
        f"The {top} customers most likely to be the top {top} by realised value {words}; the least sure, "
        f"{names[last]}, is there on {_sure(found, last)} of the paths."
    )


def _ahead(found: xr.Dataset, place: int, other: int) -> float:
    """By how many standard errors of the difference one chance is above another; both of the same paths."""
    chances = found["top_probability"].values
    return float(
        (chances[place] - chances[other]) / found["top_difference_standard_error"].values[place, other]
    )


def _sure(found: xr.Dataset, place: int) -> str:
    chance, error = estimate(found.isel(customer=place), "top_probability")
    return f"{percent(chance, error, 2)} ± {percent(error, error, 2)}"


def _ordinal(rank: int) -> str:
    end = "th" if 10 <= rank % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th")
    return f"{rank}{end}"


def _order(found: xr.Dataset) -> list[int]:
    """Places of the customers, the most probable first, ties by mean value."""
    keys = (-found["mean"].values, -found["top_probability"].values)
    return [int(place) for place in np.lexsort(keys)]


def _top_table(found: xr.Dataset) -> Table:
    top, paths = int(found.attrs["top"]), int(found.attrs["paths"])
    scale = money_scale(float(np.abs(found["mean"].values).max()), str(found.attrs["currency"]))
    small = money_scale(float(np.abs(found["size_today"].values).max()), str(found.attrs["currency"]))
    rows, order = [], _order(found)
    for place in order[:_MOST_ROWS]:
        one = found.isel(customer=place)
        chance, error = float(one["top_probability"]), float(one["top_probability_standard_error"])
        rows.append(
            (
                str(one["customer"].values),
                probability(chance, paths).removesuffix("%"),
                percent(error, error, 2).removesuffix("%"),
                *(
                    scale.text(float(one[name]), float(one[f"{name}_standard_error"]))
                    for name in ("mean", "potential")
                ),
                small.text(float(one["size_today"]), float(one["size_today_standard_error"])),
                str(int(one["size_rank"])),
            )
        )
    columns = (
        "Customer",
        f"P(top {top}) %",
        "±",
        f"Mean NPV ({scale.unit})",
        f"Potential ({scale.unit})",
        f"Sales, next 12 months ({small.unit})",
        "Rank by sales",
    )
    notes = (f"{len(order) - _MOST_ROWS} more in the file.",) if len(order) > _MOST_ROWS else ()
    title = f"Chance to be {_among(found)} by realised value"
    return Table(title, columns, "lrrrrrr", tuple(rows), notes)


def _gone_table(found: xr.Dataset) -> Table:
    paths, years = int(found.attrs["paths"]), float(found.attrs["years"])
    gone = found["gone_probability"].values
    order = np.argsort(-gone, kind="stable")
    causes = [
        str(cause) for cause in found["cause"].values if float(found["gone_by_cause"].sel(cause=cause).max())
    ]
    rows = []
    for place in order[:_MOST_ROWS]:
        one = found.isel(customer=place)
        chance, error = estimate(one, "gone_probability")
        rows.append(
            (
                str(one["customer"].values),
                *(_cause(one.sel(cause=cause), paths) for cause in causes),
                probability(chance, paths).removesuffix("%") if one["cause_possible"].any() else MISSING,
                percent(error, error, 2).removesuffix("%") if one["cause_possible"].any() else "",
            )
        )
    columns = ("Customer", *(f"{ENDS[cause]} %" for cause in causes), "gone %", "±")
    largest = float(found["gone_by_cause_standard_error"].sel(cause=causes).max()) if causes else 0.0
    bound = f", of each cause at most {percent(largest, largest, 2)}" if causes else ""
    note = (
        f"Ends without return; a takeover or merger that keeps the relation is none. ±: one standard error "
        f"of gone{bound}. {MISSING}: the scenario gives it no chance."
    )
    more = (f"{len(order) - _MOST_ROWS} more in the file.",) if len(order) > _MOST_ROWS else ()
    title = f"Chance to be acquired or gone within {years:g} years"
    return Table(title, columns, "l" + "r" * (len(columns) - 1), tuple(rows), (note, *more))


def _cause(one: xr.Dataset, paths: int) -> str:
    """The chance of one customer to be gone by one cause, in %."""
    if not int(one["cause_possible"]):
        return MISSING
    return probability(float(one["gone_by_cause"]), paths).removesuffix("%")


def _charts(found: xr.Dataset) -> Iterator[Chart]:
    from crcsim.report import figures
    from crcsim.report.pictures import Chart

    top, currency = int(found.attrs["top"]), str(found.attrs["currency"])
    size, mean, potential = (found[name].values for name in ("size_today", "mean", "potential"))
    across, up = (
        money_scale(float(np.abs(size).max()), currency),
        money_scale(float(potential.max()), currency),
    )
    order, ahead = _order(found), set(_order(found)[:top])
    large = set(np.argsort(-size, kind="stable")[:top].tolist())
    prospects = [
        figures.Prospect(
            str(found["customer"].values[place]),
            float(size[place]) / across.factor,
            float(mean[place]) / up.factor,
            float(potential[place]) / up.factor,
            place in ahead,
            len(order) <= _ALL_NAMED or place in ahead | large,
        )
        for place in order
    ]
    heading = "Potential against today's size"
    labels = (
        f"Expected sales of the next 12 months ({across.unit})",
        f"NPV at the risk-free rate ({up.unit})",
    )
    chosen = f"most likely to be {_among(found)}"
    yield Chart("potential_map", heading, figures.potential_map(prospects, labels, chosen, heading))
