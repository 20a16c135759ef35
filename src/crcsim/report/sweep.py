"""The points of a sweep side by side: the total of each, as a table for people and as CSV."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crcsim.errors import StorageError
from crcsim.report.numbers import money_scale, probability
from crcsim.report.table import Table
from crcsim.report.tables import DISCOUNTINGS
from crcsim.results.atomic import replacing

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Point", "heading", "sweep_table", "write_csv"]

_LEVELS = {"P5": 0.05, "P50": 0.5, "P95": 0.95}


@dataclass(frozen=True)
class Point:
    """A finished point: its labels {place: value}, the summary of its total, its seed, file, warnings and
    caveats; and which strategy it is, where its result has others.
    """

    labels: Mapping[str, str]
    total: xr.Dataset
    seed: int
    result: str
    warnings: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    strategy: str = ""

    def estimate(self, name: str) -> tuple[float, float]:
        """An estimate of the total and its standard error; `P5` is a percentile."""
        if name in _LEVELS:
            chosen, name = self.total.sel(quantile=_LEVELS[name]), "risk_percentile"
        else:
            chosen = self.total
        return float(chosen[name]), float(chosen[f"{name}_standard_error"])

    def in_words(self) -> str:
        """The value and its discounting in a few words."""
        value, error = self.estimate("value_mean")
        scale = money_scale(value, str(self.total.attrs["currency"]))
        discounting = DISCOUNTINGS[str(self.total.attrs["headline"])]
        return f"{scale.with_error(value, error)} {scale.unit} at {discounting}"


def sweep_table(points: Sequence[Point]) -> Table:
    """Labels, value ± standard error, the spread at the risk-free rate, and the file of every point."""
    largest = max(abs(point.estimate("value_mean")[0]) for point in points)
    scale = money_scale(largest, str(points[0].total.attrs["currency"]))
    rows = []
    for point in points:
        value, error = point.estimate("value_mean")
        loss = probability(float(point.total["risk_loss_probability"]), int(point.total.attrs["paths"]))
        numbers = (scale.text(value, error), scale.error_text(value, error))
        spread = (scale.text(*point.estimate(level)) for level in _LEVELS)
        rows.append((*point.labels.values(), *numbers, *spread, loss.removesuffix("%"), point.result))
    places = tuple(points[0].labels)
    columns = (*places, "Value", "±", *_LEVELS, "P(NPV<0) %", "Result")
    at = _discounting(points)
    notes = (
        f"Value: mean NPV of all customers together at {at}, ± one standard error. P5 to P95 and P(NPV<0): "
        "NPV at the risk-free rate, so that risk is not charged twice.",
        _draws(points),
    )
    align = "l" * len(places) + "r" * 6 + "l"
    made = Table(f"Sweep: value at {at} ({scale.unit})", columns, align, tuple(rows), notes)
    strategy = points[0].strategy
    return made.labelled(f"strategy {strategy}" if strategy else "")


def _discounting(points: Sequence[Point]) -> str:
    """The discounting of the values, which a sweep may change."""
    names = {str(point.total.attrs["headline"]) for point in points}
    return DISCOUNTINGS[names.pop()] if len(names) == 1 else "the discounting of the point"


def _draws(points: Sequence[Point]) -> str:
    seeds = {point.seed for point in points}
    if len(seeds) > 1:
        return "The points differ in their seeds: differences hold the chance of both."
    return (
        f"Same draws at every point (seed {seeds.pop()}): what differs is due to the labels, and differences "
        "are mostly known better than the single values."
    )


def _facts(point: Point) -> dict[str, Any]:
    """A row of the table in full: money in units of currency, None where undefined."""
    facts: dict[str, Any] = dict(point.labels)
    for column, name in {"value": "value_mean", **{level: level for level in _LEVELS}}.items():
        for ending, number in zip(("", "_standard_error"), point.estimate(name), strict=True):
            facts[column + ending] = number if math.isfinite(number) else None
    facts["loss_probability"] = float(point.total["risk_loss_probability"])
    for name in ("currency", "headline"):
        facts[name] = str(point.total.attrs[name])
    return facts | {"paths": int(point.total.attrs["paths"]), "seed": point.seed, "result": point.result}


def _columns(places: Sequence[str]) -> list[str]:
    numbers = [name + ending for name in ("value", *_LEVELS) for ending in ("", "_standard_error")]
    return [*places, *numbers, "loss_probability", "currency", "headline", "paths", "seed", "result"]


def heading(places: Sequence[str]) -> str:
    """The first line of the CSV file of a sweep over these places."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(_columns(places))
    return line.getvalue()


def write_csv(points: Sequence[Point], path: Path) -> None:
    """Write one row per point, numbers in full; the old file stays until the new one is complete.

    Raises StorageError when the file cannot be written.
    """
    try:
        with (
            replacing(path) as (temporary,),
            temporary.open("w", encoding="utf-8", newline="") as stream,
        ):
            rows = csv.DictWriter(stream, _columns(list(points[0].labels)), lineterminator="\n")
            rows.writeheader()
            rows.writerows(_facts(point) for point in points)
    except OSError as problem:
        raise StorageError(f"{path} could not be written: {problem.strerror or problem}.") from problem
