"""The answer of `decide marginal`: what the next unit of money brings, customers beside products."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from crcsim.measures.estimates import INTERVAL
from crcsim.report.decide.answer import Answer, Part, estimate
from crcsim.report.numbers import MoneyScale, fixed, money_scale, percent, probability
from crcsim.report.table import Table
from crcsim.report.tables import DISCOUNTINGS

if TYPE_CHECKING:
    import xarray as xr

    from crcsim.report.pictures import Chart

__all__ = ["answer"]

#: Ratios of money are numbers without a unit.
_PLAIN = MoneyScale(1.0, "")


def answer(found: xr.Dataset) -> Answer:
    """The answer of `decisions.marginal` for people."""
    ordered = found.isel(lever=np.argsort(-found["marginal"].values, kind="stable"))
    plan = str(found.attrs["strategy"])
    label = f"at strategy {plan}" if plan != "baseline" else ""
    return Answer(
        "what the next unit of money brings, in customers and in products",
        _finding(ordered),
        found,
        (
            Part(
                "Marginal value",
                (_table(ordered).labelled(label), _risk_table(ordered).labelled(label)),
                lambda: _charts(ordered),
                (_method(),),
            ),
        ),
    )


def _finding(found: xr.Dataset) -> str:
    """Which lever is first, where that is distinguishable, and customer against product."""
    first = found.isel(lever=0)
    value, error = estimate(first, "marginal")
    currency, name = str(found.attrs["currency"]), str(first["lever"].values)
    shown = f"{name} ({_brings(value, error, currency)})"
    if not _positive(found):
        if value < 0.0 and bool(first["sign_established"]):
            return f"Every lever loses money on its next {currency}; {shown} loses least."
        return f"No lever is worth its next {currency} beyond the sampling error; highest is {shown}."
    if found.sizes["lever"] == 1:
        told = f"The next {currency} on {shown} pays"
    elif int(found.attrs["first_distinguishable"]):
        told = f"The next {currency} goes first to {shown}, ahead of all others beyond the sampling error"
    else:
        close = [
            str(each)
            for each in found["lever"].values[1:]
            if not bool(found["behind_established"].sel(lever=each))
        ]
        told = f"Which lever comes first is not distinguishable: {shown} or {_listed(close)}"
    return f"{told}{_sides(found, currency)}."


def _sides(found: xr.Dataset, currency: str) -> str:
    """Customer or product."""
    if "side_difference" not in found.attrs:
        return ""
    names = {side: str(found.attrs[f"first_{side}"]) for side in ("customer", "product")}
    low, high = (float(found.attrs[f"side_difference_{end}"]) for end in ("low", "high"))
    value, error = (float(found.attrs[f"side_difference{end}"]) for end in ("", "_standard_error"))
    if low <= 0.0 <= high:
        return (
            f"; customer or product is not distinguishable ({names['customer']} less {names['product']}: "
            f"{_pair(value, error)})"
        )
    ahead, behind = ("customer", "product") if value > 0.0 else ("product", "customer")
    return (
        f"; {ahead} before {behind}: {names[ahead]} brings {_pair(abs(value), error)} {currency} per "
        f"{currency} more than {names[behind]}"
    )


def _positive(found: xr.Dataset) -> bool:
    """Whether the first lever is worth its next unit beyond the error, all levers considered."""
    first = found.isel(lever=0)
    return bool(first["sign_established"]) and float(first["marginal"]) > 0.0


def _brings(value: float, error: float, currency: str) -> str:
    return f"{_pair(value, error)} {currency} beyond each {currency} spent"


def _pair(value: float, error: float) -> str:
    return _PLAIN.with_error(value, error)


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _table(found: xr.Dataset) -> Table:
    currency = str(found.attrs["currency"])
    scale = money_scale(float(found["spend"].max()), currency)
    rows = []
    for name in found["lever"].values:
        one = found.sel(lever=name)
        value, error = estimate(one, "marginal")
        behind = estimate(one, "behind_first")
        low, high = one["marginal_interval"].values
        rows.append(
            (
                str(name),
                str(one["side"].values),
                _PLAIN.text(value, error),
                _PLAIN.error_text(value, error),
                f"{_PLAIN.text(low, error)} to {_PLAIN.text(high, error)}",
                _sure(float(one["probability_positive"])),
                _pair(*behind) if behind[0] else "",
                _pair(*estimate(one, "average")),
                scale.text(*estimate(one, "spend")),
            )
        )
    columns = (
        "Lever",
        "Side",
        "Marginal",
        "±",
        "95% interval",
        "P(>0) %",
        "Behind the first",
        "Average",
        f"Programme {scale.unit}",
    )
    at = DISCOUNTINGS[str(found.attrs["headline"])]
    notes = (
        f"Marginal: expected NPV at {at} that the next unit of present value of spend brings, less it; above "
        f"0: spend more. P(>0): given the sampling error. Average: the same of the whole programme, on "
        f"{int(found.attrs['average_paths']):,} paths. Programme: present value of the stated spend.",
    )
    return Table(f"Marginal value ({currency} per {currency})", columns, "llrrrrrrr", tuple(rows), notes)


def _sure(share: float) -> str:
    if share > 0.999:
        return ">99.9"
    return "<0.1" if share < 0.001 else fixed(100.0 * share, 1)


def _risk_table(found: xr.Dataset) -> Table:
    currency, paths = str(found.attrs["currency"]), int(found.attrs["average_paths"])
    scale = money_scale(float(found["spend"].max()), currency)
    rows = []
    for name in found["lever"].values:
        one = found.sel(lever=name)
        points, error = (100.0 * scale.factor * each for each in estimate(one, "loss_probability_change"))
        rows.append(
            (
                str(name),
                _pair(*estimate(one, "cvar_change")),
                _pair(points, error),
                probability(float(one["pays"]), paths).removesuffix("%"),
                str(one["method"].values),
                percent(float(one["spend_factor"])),
            )
        )
    columns = (
        "Lever",
        f"Change of CVaR 5% ({currency} per {currency})",
        f"Change of P(NPV<0), points per {scale.unit}",
        "Pays on % of paths",
        "Moved by",
        "In the plan",
    )
    notes = (
        "At the risk-free rate, so that risk is not charged twice. CVaR: mean of the worst 5% of the paths. "
        "Pays: share of paths on which the whole programme is worth more than it costs. In the plan: part of "
        "the stated spend.",
    )
    return Table("Risk of the next unit, and of the whole programme", columns, "lrrrlr", tuple(rows), notes)


def _method() -> str:
    return (
        "Every lever is moved on the same draws along the tangent of its response, at today's stock or at "
        "those of the plan, up on one half of the paths and down on the other (one that creates wallet from "
        "nothing upwards only, in two steps); by a quarter of its spend where the responses of the plan "
        "depend on the path; by the first tenth of its programme where the response has no slope at an empty "
        "stock. Standard errors say how well the simulation knows the value of the judgements in the "
        "scenario, not how good the judgements are."
    )


def _charts(found: xr.Dataset) -> Iterator[Chart]:
    from crcsim.report import figures
    from crcsim.report.pictures import Chart

    currency = str(found.attrs["currency"])
    dots = []
    for name in found["lever"].values:
        one = found.sel(lever=name)
        value, error = estimate(one, "marginal")
        reach = INTERVAL * error
        dots.append(
            figures.LeverDot(
                str(name),
                str(one["side"].values),
                value,
                value - reach,
                value + reach,
                float(one["average"]),
                _pair(value, error),
            )
        )
    heading = "Customer or product: what the next unit of money brings"
    label = f"NPV beyond the spend, {currency} per {currency} of its present value"
    marks = ("next unit, 95% interval", "whole programme")
    yield Chart("marginal", heading, figures.lever_dots(dots, label, heading, marks))
