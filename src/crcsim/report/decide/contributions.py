"""The answer of `decide contributions`: shares of value and of risk, and the loss of the largest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
_MOST_BESIDE = 10  # customers beside products
_TOPS = 5
_PRODUCT = "product "
_COLUMNS = ("Mean", "±", "On the worst {}", "±", "Value %", "Risk %", "± %")


def answer(found: xr.Dataset) -> Answer:
    """The answer of `decisions.contributions` for people."""
    tail = percent(float(found.attrs["level"]), finest=1)
    tables = [_table(found, view, tail) for view in _views(found)]
    tables.insert(1, _top_table(found, tail))
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


@dataclass(frozen=True)
class _View:
    """Items that are told together: their dimension and the prefix of their variables."""

    dim: str
    prefix: str
    heading: str
    discounting: str  # attribute that names it
    last: int  # rows at the end: levels, what no product brings, the total


def _views(found: xr.Dataset) -> list[_View]:
    """Customers, then products and customers on the footing of products, where the result tells of them."""
    levels = int((found["kind"] == "level").sum())
    views = [_View("item", "", "Customer", "discounting", 1 + levels)]
    if "product_item" in found.dims:
        views.append(_View("product_item", "product_", "Product", "product_discounting", 2))
    if "margin_item" in found.dims:
        views.append(_View("margin_item", "margin_", "Customer", "product_discounting", 1))
    return views


def _finding(found: xr.Dataset, tail: str) -> str:
    """The customer that bears most of the risk, when its share surely differs from its share of value."""
    names = found["item"].values[found["kind"].values == "customer"]
    risk, error = (found[f"risk_share{end}"].sel(item=names).values for end in ("", "_standard_error"))
    number = float(found["effective_number"])
    width = float(found["effective_number_standard_error"])
    beside = f" ± {rounded(width, width, 1)}" if np.isfinite(width) and width > 0.0 else ""
    spread = f"the value is spread as over {rounded(number, width, 1)}{beside} equal customers"
    if not np.isfinite(risk).any() or not np.isfinite(error).any():
        return f"Too few paths in the worst {tail} to say who bears the risk; {spread}."
    order = np.argsort(-np.nan_to_num(risk, nan=-np.inf), kind="stable")
    first = order[0]
    bears = f"{_shown(str(names[first]))} bears {_share(risk[first], error[first])} of the risk"
    value = _share(*estimate(found.sel(item=names[first]), "value_share"))
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
    return f"{bears} on the worst {tail} of the paths and brings {value} of the value; {spread}."


def _share(value: float, error: float) -> str:
    return f"{percent(value, error, 1)} ± {percent(error, error / 10.0, 1)}"


def _shown(name: str) -> str:
    return name.replace("segment:", "segment ", 1)


def _method(tail: str) -> str:
    return (
        f"On the worst {tail}: mean NPV on the worst {tail} of the paths of the total, which is the Euler "
        "contribution to its CVaR; these add up. Value: share of the total's mean, costs of segments and of "
        "the company taken off. Risk: mean less that on the worst paths, as a share of the total's; below 0 "
        "where an item does better when the portfolio does badly. ±: one standard error. Customers and "
        "levels at the risk-free rate, so that risk is not charged twice; never subtract any of these from "
        "the value at the WACC. To compare customers with products, read both where they are on one footing: "
        "the same items, rate and paths."
    )


def _order(found: xr.Dataset, view: _View) -> list[int]:
    """Places of the items: those with the most risk first, levels and what no product brings, the total."""
    risk = np.nan_to_num(found[f"{view.prefix}risk_contribution"].values)
    last = risk.size - 1
    late = set(range(risk.size - view.last, last))
    places = [int(place) for place in np.argsort(-risk, kind="stable") if place != last and place not in late]
    return [*places, *sorted(late), last]


def _table(found: xr.Dataset, view: _View, tail: str) -> Table:
    means = found[f"{view.prefix}mean"].values
    scale = money_scale(float(np.abs(means[:-1]).max()), str(found.attrs["currency"]))
    numbers = {
        name: (found[f"{view.prefix}{name}"].values, found[f"{view.prefix}{name}_standard_error"].values)
        for name in ("mean", "cvar_contribution", "value_share", "risk_share")
    }
    order = _order(found, view)
    shown = [*order[: -view.last][:_MOST_ROWS], *order[-view.last :]]
    rows = []
    for place in shown:
        mean, tail_mean, value, risk = (
            (float(values[place]), float(errors[place])) for values, errors in numbers.values()
        )
        rows.append(
            (
                _shown(str(found[view.dim].values[place])),
                scale.text(*mean),
                scale.error_text(*mean),
                scale.text(*tail_mean),
                scale.error_text(*tail_mean),
                percent(*value, finest=1).removesuffix("%"),
                percent(*risk, finest=1).removesuffix("%"),
                percent(risk[1], risk[1] / 10.0, 1).removesuffix("%") if place != order[-1] else "",
            )
        )
    columns = (view.heading, *(column.format(tail) for column in _COLUMNS))
    notes = [_footing(found, view)] if view.prefix else []
    if len(order) > len(shown):
        notes.append(f"{len(order) - len(shown)} more in the file; the total holds all of them.")
    at = DISCOUNTINGS[str(found.attrs[view.discounting])]
    title = f"Contributions to value and risk by {view.heading.lower()}, at {at} ({scale.unit})"
    if view.prefix == "margin_":
        title = f"What each customer's sales contribute to value and risk, at {at} ({scale.unit})"
    align = "l" + "r" * (len(columns) - 1)
    return Table(title, columns, align, tuple(rows), tuple(notes), totals=view.last)


def _footing(found: xr.Dataset, view: _View) -> str:
    """What is counted in a table of products, or of customers on their footing."""
    at, paths = DISCOUNTINGS[found.attrs["product_discounting"]], int(found.attrs["product_paths"])
    if view.prefix == "margin_":
        return (
            "On the footing of products: of each customer the same items (sales less the costs that follow "
            f"them, before tax and fixed costs) at {at}, on the same {paths:,} paths, as shares of the same "
            "total. All customers together bring what all products together do."
        )
    return (
        f"Products at {at}, the discounting at which a result keeps their items, before tax, on the "
        f"recorded {paths:,} paths, the tail being that of the total at {at}; (no product): tax, fixed "
        "costs of customers and levels, values after the horizon."
    )


def _top_table(found: xr.Dataset, tail: str) -> Table:
    """What is left without the largest customers."""
    scale = money_scale(float(found["mean"].sel(item="total")), str(found.attrs["currency"]))
    rows = []
    for top in found["top"].values[:_TOPS]:
        cells = [str(top)]
        for name in ("mean_without_top", "cvar_without_top", "cvar_change_without_top"):
            cells.append(scale.with_error(*estimate(found.sel(top=top), name)))
        value, error = estimate(found.sel(top=top), "share_of_top")
        beside = f" ± {percent(error, error / 10.0, 1)}".removesuffix("%") if error > 0.0 else ""
        rows.append((*cells, percent(value, error, 1).removesuffix("%") + beside))
    columns = ("Without the largest", "Mean", f"CVaR {tail}", "Change of CVaR", "Their value %")
    index, number = (
        rounded(*estimate(found, name), finest=3) for name in ("herfindahl_index", "effective_number")
    )
    note = (
        "Their value: share of the total, as above, costs of segments and of the company taken off. "
        f"Herfindahl-Hirschman index of the customers' values among themselves {index}: as concentrated as "
        f"{number} equal customers. The others are taken as unchanged, costs of segments and of the company "
        "too."
    )
    return Table(f"Loss of the largest customers ({scale.unit})", columns, "lrrrr", tuple(rows), (note,))


def _charts(found: xr.Dataset, tail: str) -> Iterator[Chart]:
    views = _views(found)
    places = [place for place in _order(found, views[0]) if found["kind"].values[place] == "customer"]
    label = f"Share of the total's mean NPV, and of its shortfall on the worst {tail} (%), at "
    rows = _shares(found, views[0], places[:_MOST_ROWS])
    at = DISCOUNTINGS[str(found.attrs["discounting"])]
    yield _dots("customer", rows, f"{label}{at}", "Shares of value and of risk by customer")
    if len(views) == 1:
        return
    products, at = views[1], DISCOUNTINGS[str(found.attrs["product_discounting"])]
    rows = _shares(found, products, _order(found, products)[:-2][:_MOST_ROWS], _PRODUCT)
    heading = "Shares of value and of risk by product"
    if len(views) > 2:
        rows += _shares(found, views[2], _order(found, views[2])[:-1][:_MOST_BESIDE])
        rows.sort(key=lambda row: -row[2])
        heading = "Customer or product: shares of value and of risk on one footing"
        at += "\nsales less the costs that follow them, before tax and fixed costs"
    yield _dots("product", rows, f"{label}{at}", heading)


def _shares(
    found: xr.Dataset, view: _View, places: Sequence[int], lead: str = ""
) -> list[tuple[str, float, float]]:
    """Names of some items, and their shares of value and of risk in %."""
    value, risk = (100.0 * found[f"{view.prefix}{name}"].values for name in ("value_share", "risk_share"))
    names = [f"{lead}{_shown(str(name))}" for name in found[view.dim].values]
    return [(names[place], float(value[place]), float(risk[place])) for place in places]


def _dots(name: str, rows: list[tuple[str, float, float]], label: str, heading: str) -> Chart:
    from crcsim.report import figures
    from crcsim.report.pictures import Chart

    names, value, risk = zip(*rows, strict=True)
    made = figures.paired_dots(names, value, risk, label, heading)
    return Chart(f"{name}_contributions", heading, made)
