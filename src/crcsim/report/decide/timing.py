"""The answer of `decide timing`: when to start each programme, and what waiting costs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from crcsim.measures.estimates import INTERVAL
from crcsim.report.decide.answer import Answer, Part, estimate
from crcsim.report.numbers import MoneyScale, money_scale
from crcsim.report.table import Table
from crcsim.report.tables import DISCOUNTINGS

if TYPE_CHECKING:
    import xarray as xr

    from crcsim.report import figures
    from crcsim.report.pictures import Chart

__all__ = ["answer"]

_MOST_CHARTED, _MOST_PANELS = 8, 3


def answer(found: xr.Dataset) -> Answer:
    """The answer of `decisions.timing` for people."""
    scale = money_scale(float(np.nanmax(np.abs(found["value"].values))), str(found.attrs["currency"]))
    finding = "; ".join(_told(found.sel(lever=name), scale) for name in found["lever"].values)
    plan = str(found.attrs["strategy"])
    label = f"beside strategy {plan}" if plan != "baseline" else ""
    return Answer(
        "when to start each programme",
        f"{finding}.",
        found,
        (
            Part(
                "Value by start",
                tuple(_table(found, str(name), scale).labelled(label) for name in found["lever"].values),
                lambda: _charts(found, scale),
                (_method(found),),
            ),
        ),
    )


def _told(one: xr.Dataset, scale: MoneyScale) -> str:
    """What is known of the best start of one lever."""
    name, best = str(one["lever"].values), str(one["best"].values)
    value = estimate(one.sel(start=best), "value")
    worth = f"{scale.with_error(*value)} {scale.unit}"
    if not bool(one["pays_established"]):
        return f"{name} does not pay at any start beyond its error ({worth} {_said(best)})"
    if not bool(one["best_established"]):
        close = [
            str(start)
            for start in one["start"].values
            if np.isfinite(one["value"].sel(start=start))
            and not bool(one["behind_established"].sel(start=start))
        ]
        return f"the best start of {name} is not distinguishable among {', '.join(close)} ({worth} {best})"
    second = _second(one, best)
    behind = "" if second is None else f", {_said(second)} would cost {_cost(one, second, scale)}"
    return f"{name} is best started {_said(best)} ({worth}{behind})"


def _second(one: xr.Dataset, best: str) -> str | None:
    """The best of the other starts."""
    values = {str(start): float(one["value"].sel(start=start)) for start in one["start"].values}
    others = {start: value for start, value in values.items() if start != best and np.isfinite(value)}
    return max(others, key=lambda start: others[start]) if others else None


def _said(start: str) -> str:
    return start if start == "now" or start.startswith("after ") else f"on the trigger of {start}"


def _cost(one: xr.Dataset, start: str, scale: MoneyScale) -> str:
    return scale.with_error(*estimate(one.sel(start=start), "behind_best"))


def _table(found: xr.Dataset, lever: str, scale: MoneyScale) -> Table:
    one = found.sel(lever=lever)
    rows = []
    for start in one["start"].values:
        cell = one.sel(start=start)
        if not np.isfinite(cell["value"]):
            continue
        best = str(start) == str(one["best"].values)
        sure = "yes" if bool(cell["behind_established"]) else "no"
        rows.append(
            (
                _said(str(start)),
                scale.text(*estimate(cell, "value")),
                scale.error_text(*estimate(cell, "value")),
                *(
                    _shown(scale, *estimate(cell, name))
                    for name in ("delay_cost", "benefit_lost", "spend_saved")
                ),
                "best" if best else scale.with_error(*estimate(cell, "behind_best")),
                "" if best else sure,
            )
        )
    columns = (
        "Start",
        "Value",
        "±",
        "Cost of delay",
        "Benefit lost",
        "Spend saved",
        "Behind the best",
        "Surely",
    )
    at = DISCOUNTINGS[str(found.attrs["discounting"])]
    notes = [
        f"Mean NPV at {at} with the programme less that without it. Cost of delay, against a start now: what "
        "the effects that come later or never would have brought, less the spend that waiting puts off or "
        "saves."
    ]
    if np.isfinite(one["earliest"]):
        notes.append(_dates(float(one["earliest"]), float(one["latest"])))
    waiting = estimate(one, "waiting_value")
    if np.isfinite(waiting[0]):
        notes.append(
            f"Value of waiting for the best trigger, over the best date: {scale.with_error(*waiting)}, both "
            "chosen on other paths."
        )
    return Table(f"{lever} by start ({scale.unit})", columns, "lrrrrrrl", tuple(rows), tuple(notes))


def _dates(earliest: float, latest: float) -> str:
    """The interval of the best date."""
    first = "now" if earliest == 0.0 else f"after {earliest:g}"
    dates = f"{first} to {latest:g} years" if latest > earliest else f"{first}{' years' if earliest else ''}"
    return f"Dates that are not behind, at 95% for all starts: {dates}."


def _shown(scale: MoneyScale, value: float, error: float) -> str:
    return "0" if value == 0.0 else scale.with_error(value, error)


def _method(found: xr.Dataset) -> str:
    return (
        "All starts on the same draws; a start is behind the best beyond the sampling error at 95% for all "
        "starts of its lever together. A trigger is judged on every path, at the end of a period; where it "
        "never fires the programme never starts. Effects after the horizon count as far as the scenario has "
        "a value after it: without one, a late start loses the years beyond; starts at the horizon or "
        "beyond are not tried. A trigger is an option, whose risk is another than that of going on: only "
        "state prices (--discounting deflator) price it by itself."
    )


def _charts(found: xr.Dataset, scale: MoneyScale) -> Iterator[Chart]:
    from crcsim.report import figures
    from crcsim.report.pictures import Chart

    dated = found.isel(start=np.isfinite(found["years"].values))
    order = np.argsort(-dated["value"].max("start").values, kind="stable")[:_MOST_CHARTED]
    lines = [
        figures.StartLine(
            str(dated["lever"].values[place]),
            str(dated["side"].values[place]),
            dated["years"].values,
            dated["value"].values[place] / scale.factor,
            INTERVAL * dated["value_standard_error"].values[place] / scale.factor,
        )
        for place in order
    ]
    heading = "What each programme is worth by its date"
    labels = ("Start, years after the valuation date", f"Value of the programme, {scale.unit}")
    yield Chart("timing", heading, figures.start_lines(lines, labels, heading))
    if dated.sizes["start"] < found.sizes["start"]:
        shown = order[:_MOST_PANELS]
        panels = [
            (str(found["lever"].values[place]), _estimates(found.isel(lever=place), scale)) for place in shown
        ]
        heading = "Dates beside triggers"
        label = f"Value of the programme, 95% intervals ({scale.unit})"
        label += "\nround: gain; square: loss; hollow: not sure"
        starts = [_said(str(start)).removeprefix("on the trigger of ") for start in found["start"].values]
        yield Chart("triggers", heading, figures.side_by_side(starts, panels, label, heading))


def _estimates(one: xr.Dataset, scale: MoneyScale) -> list[figures.Estimate]:
    """The value of a programme by start; nothing where it has no such start."""
    from crcsim.report import figures

    found = []
    for start in one["start"].values:
        value, error = estimate(one.sel(start=start), "value")
        text = scale.text(value, error) if np.isfinite(value) else ""
        found.append(figures.Estimate(value / scale.factor, INTERVAL * error / scale.factor, text))
    return found
