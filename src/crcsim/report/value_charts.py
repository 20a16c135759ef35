"""Pictures of the views of value: ranks in three horizons, and the way to shareholder value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from crcsim.report import figures, horizons, shareholder
from crcsim.report.charts import Chart
from crcsim.report.tables import DISCOUNTINGS
from crcsim.report.views import Views

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["VALUE_CHARTS", "draw_value_charts"]

VALUE_CHARTS = ("horizons", "shareholder")

_MOST_CUSTOMERS = 12
_MOST_HIGHLIGHTED = 5
_MOST_LINES = 40
_TOTALS = ("company", "shareholder")


def draw_value_charts(views: Views) -> Iterator[Chart]:
    """The pictures of the views that a result has. Draw inside `figures.look()`."""
    if views.horizons is not None and views.horizons.sizes["customer"] > 1:
        yield _horizons(views.horizons)
    yield _shareholder(views.shareholder)


def _horizons(found: xr.Dataset) -> Chart:
    """Ranks in the three views; the largest sure disagreements stand out."""
    standing_out = [row.customer for row in horizons.named(found, _MOST_HIGHLIGHTED)]
    places = horizons.order(found)
    kept = [
        place
        for number, place in enumerate(places)
        if number < _MOST_LINES or str(found["customer"].values[place]) in standing_out
    ]
    cut = found.isel(customer=kept)
    slopes = []
    for place, name in enumerate(str(each) for each in cut["customer"].values):
        one = cut.isel(customer=place)
        bounds = zip(one["best_rank"].values.tolist(), one["worst_rank"].values.tolist(), strict=True)
        ranks = tuple(int(rank) for rank in one["rank"].values)
        slopes.append(figures.Slope(name, ranks, tuple(bounds), name in standing_out))
    first = horizons.named(found, 1)
    heading = "Near, medium and far horizon rank the customers alike"
    if first:
        row = first[0]
        heading = (
            f"{row.customer} is {horizons.ordinal(row.first_rank)} by {row.first}, "
            f"{horizons.ordinal(row.second_rank)} by {row.second}"
        )
    views = [f"Rank by\n{each[0].lower()}{each[1:]}" for each in horizons.headings(found)]
    if len(kept) < len(places):
        heading += f" ({len(kept)} of {len(places)} customers)"
    return Chart("horizons", heading, figures.rank_slopes(slopes, views, heading))


def _shareholder(found: xr.Dataset) -> Chart:
    """The waterfall from the customers to shareholder value, at the headline discounting."""
    scale, last = shareholder.scale_of_lines(found), shareholder.last_line(found)
    means, errors = found["mean"].values, found["mean_standard_error"].values

    def step(name: str, kind: str, places: list[int]) -> figures.Step:
        amount = float(means[places].sum()) * (-1.0 if kind == "debt" else 1.0)
        text = scale.text(amount, float(errors[places].sum()))
        return figures.Step(figures.shortened(name, 34), amount / scale.factor, text, kind in _TOTALS)

    lines = shareholder.lines(found)
    customers = [line for line in lines if line[1] == "customer"]
    steps = [step(name, kind, [place]) for name, kind, place in customers[:_MOST_CUSTOMERS]]
    if more := [place for _, _, place in customers[_MOST_CUSTOMERS:]]:
        steps.append(step(f"{len(more)} more customer{'s' if len(more) > 1 else ''}", "customer", more))
    steps += [step(name, kind, [place]) for name, kind, place in lines[len(customers) :]]
    value = scale.with_error(*shareholder.value_of(found, last))
    heading = f"From the customers to {shareholder.LABELS[last]}: {value} {scale.unit}"
    label = f"Mean present value at {DISCOUNTINGS[found.attrs['discounting']]} ({scale.unit})"
    return Chart("shareholder", heading, figures.waterfall(steps, label, heading))
