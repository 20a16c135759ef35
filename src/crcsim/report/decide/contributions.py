"""The answer of `decide contributions`: shares of value and of risk, and the loss of the largest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from crcsim.measures.estimates import INTERVAL
from crcsim.report.decide.answer import Answer, Part, estimate
from crcsim.report.numbers import money_scale, percent, rounded
from crcsim.report.table import Table
from crcsim.report.tables import DISCOUNTINGS

if TYPE_CHECKING:
    import xarray as xr

    from crcsim.report.pictures import Chart

__all__ = ["answer"]

_MOST_ROWS = 20
_TOPS = 5
_COLUMNS = ("Mean", "±", "On the worst {}", "±", "Value %", "Risk %", "± %")


def answer(found: xr.Dataset) -> Answer:
    """The answer of `decisions.contributions` for people."""
    tail = percent(float(found.attrs["level"]), finest=1)
    tables = [_table(found, "item", "Customer", tail), _top_table(found, tail)]
    if "product_item" in found.dims:
        tables.insert(1, _table(found, "product_item", "Product", tail))
    strategy = str(found.attrs["strategy"])
    label = f"strategy {strategy}" if strategy != "baseline" else ""
    return Answer(
        "who brings the value, and who the risk",
        _finding(found, tail),
        found,
        (
            Part(
                "Contributions",
                tuple(table.labelled(label) for table in tables),
                lambda: _charts(found, tail),
                (_method(tail),),
            ),
        ),
    )


def _finding(found: xr.Dataset, tail: str) -> str:
    """The customer that bears most of the risk, when its share surely differs from its share of value."""
    names = found["item"].values[found["kind"].values == "customer"]
    risk, error = (found[f"risk_share{end}"].sel(item=names).values for end in ("", "_standard_error"))
    number = float(found["effective_number"])
    width = float(found["effective_number_standard_error"])
    spread = f"the value is spread as over {rounded(number, width, 1)} equal customers"
    if not np.isfinite(risk).any() or not np.isfinite(error).any():
        return f"Too few paths in the worst {tail} to say who bears the risk; {spread}."
    order = np.argsort(-np.nan_to_num(risk, nan=-np.inf), kind="stable")
    first = order[0]
    bears = f"{_shown(str(names[first]))} bears {_share(risk[first], error[first])} of the risk"
    value = float(found["value_share"].sel(item=names[first]))
    if len(order) > 1:
        second = order[1]
        apart = INTERVAL * float(np.hypot(error[first], error[second]))
        if risk[first] - risk[second] <= apart:
            bears = (
                f"Who bears most of the risk is not distinguishable ({_shown(str(names[first]))} "
                f"{_share(risk[first], error[first])}, {_shown(str(names[second]))} "
                f"{_share(risk[second], error[second])})"
            )
            return f"{bears}; {spread}."
    return (
        f"{bears} on the worst {tail} of the paths and brings {percent(value, 0.005)} of the value; {spread}."
    )


def _share(value: float, error: float) -> str:
    return f"{percent(value, error, 1)} ± {percent(error, error / 10.0, 1)}"


def _shown(name: str) -> str:
    return name.replace("segment:", "segment ", 1)


def _method(tail: str) -> str:
    return (
        f"On the worst {tail}: mean NPV on the worst {tail} of the paths of the total, which is the Euler "
        "contribution to its CVaR; these add up. Risk: mean less that, as a share of the total's; below 0 "
        "where an item does better when the portfolio does badly. ±: one standard error. Customers and "
        "levels at the risk-free rate, so that risk is not charged twice; never subtract any of these from "
        "the value at the WACC."
    )


def _order(found: xr.Dataset, dim: str) -> list[int]:
    """Places of the items: those with the most risk first, levels and what no product brings, the total."""
    prefix = "product_" if dim == "product_item" else ""
    risk = np.nan_to_num(found[f"{prefix}risk_contribution"].values)
    last = risk.size - 1
    late = {last - 1} if prefix else set(np.flatnonzero(found["kind"].values == "level").tolist())
    places = [int(place) for place in np.argsort(-risk, kind="stable") if place != last and place not in late]
    return [*places, *sorted(late), last]


def _table(found: xr.Dataset, dim: str, heading: str, tail: str) -> Table:
    prefix = "product_" if dim == "product_item" else ""
    means = found[f"{prefix}mean"].values
    scale = money_scale(float(np.abs(means[:-1]).max()), str(found.attrs["currency"]))
    numbers = {
        name: (found[f"{prefix}{name}"].values, found[f"{prefix}{name}_standard_error"].values)
        for name in ("mean", "cvar_contribution", "value_share", "risk_share")
    }
    order = _order(found, dim)
    rest = 2 if prefix else 1 + int((found["kind"] == "level").sum())
    shown = [*order[:-rest][:_MOST_ROWS], *order[-rest:]]
    rows = []
    for place in shown:
        mean, tail_mean, value, risk = (
            (float(values[place]), float(errors[place])) for values, errors in numbers.values()
        )
        rows.append(
            (
                _shown(str(found[dim].values[place])),
                scale.text(*mean),
                scale.error_text(*mean),
                scale.text(*tail_mean),
                scale.error_text(*tail_mean),
                percent(*value, finest=1).removesuffix("%"),
                percent(*risk, finest=1).removesuffix("%"),
                percent(risk[1], risk[1] / 10.0, 1).removesuffix("%") if place != order[-1] else "",
            )
        )
    columns = (heading, *(column.format(tail) for column in _COLUMNS))
    notes = []
    if prefix:
        at, paths = DISCOUNTINGS[found.attrs["product_discounting"]], int(found.attrs["product_paths"])
        notes.append(
            f"Products at {at}, the discounting at which a result keeps their items, before tax, on the "
            f"recorded {paths:,} paths, the tail being that of the total at {at}; (no product): tax, fixed "
            "costs of customers and levels, values after the horizon."
        )
    if len(order) > len(shown):
        notes.append(f"{len(order) - len(shown)} more in the file; the total holds all of them.")
    title = f"Contributions to value and risk by {heading.lower()} ({scale.unit})"
    return Table(title, columns, "l" + "r" * (len(columns) - 1), tuple(rows), tuple(notes), totals=rest)


def _top_table(found: xr.Dataset, tail: str) -> Table:
    """What is left without the largest customers."""
    scale = money_scale(float(found["mean"].sel(item="total")), str(found.attrs["currency"]))
    rows = []
    for top in found["top"].values[:_TOPS]:
        cells = [str(top)]
        for name in ("mean_without_top", "cvar_without_top", "cvar_change_without_top"):
            cells.append(scale.with_error(*estimate(found.sel(top=top), name)))
        value, error = estimate(found.sel(top=top), "share_of_top")
        rows.append((*cells, percent(value, error, 1).removesuffix("%")))
    columns = ("Without the largest", "Mean", f"CVaR {tail}", "Change of CVaR", "Their share of value %")
    index, number = (
        rounded(*estimate(found, name), finest=3) for name in ("herfindahl_index", "effective_number")
    )
    note = (
        f"Herfindahl-Hirschman index of the values {index}: as concentrated as {number} equal customers. The "
        "others are taken as unchanged, costs of segments and of the company too."
    )
    return Table(f"Loss of the largest customers ({scale.unit})", columns, "lrrrr", tuple(rows), (note,))


def _charts(found: xr.Dataset, tail: str) -> Iterator[Chart]:
    customers = found["item"].values[found["kind"].values == "customer"]
    places = [place for place in _order(found, "item") if found["item"].values[place] in customers]
    yield _dots(found, "item", places[:_MOST_ROWS], tail)
    if "product_item" in found.dims:
        yield _dots(found, "product_item", _order(found, "product_item")[:-1][:_MOST_ROWS], tail)


def _dots(found: xr.Dataset, dim: str, places: Sequence[int], tail: str) -> Chart:
    from crcsim.report import figures
    from crcsim.report.pictures import Chart

    prefix = "product_" if dim == "product_item" else ""
    names = [_shown(str(found[dim].values[place])) for place in places]
    value, risk = (
        100.0 * found[f"{prefix}{name}"].values[list(places)] for name in ("value_share", "risk_share")
    )
    at = DISCOUNTINGS[str(found.attrs["product_discounting" if prefix else "discounting"])]
    heading = f"Shares of value and of risk by {'product' if prefix else 'customer'}"
    label = f"Share of the total's mean NPV, and of its shortfall on the worst {tail} (%), at {at}"
    made = figures.paired_dots(names, value.tolist(), risk.tolist(), label, heading)
    return Chart(f"{'product' if prefix else 'customer'}_contributions", heading, made)
