"""The answer of `decide abandon`: what the option to end each relation is worth, and when to leave."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from crcsim.report.decide.answer import Answer, Part, estimate
from crcsim.report.numbers import MISSING, MoneyScale, money_scale, percent, probability
from crcsim.report.table import Table

if TYPE_CHECKING:
    import xarray as xr

    from crcsim.report.figures import Estimate
    from crcsim.report.pictures import Chart

__all__ = ["answer", "rule_in_words"]

_MOST_ROWS = 20
#: Share of the paths that the policy ends today from which on it is called ending today.
_AT_ONCE = 0.5
_PERIOD = {1: "year", 2: "half-year", 4: "quarter", 12: "month"}


def answer(found: xr.Dataset) -> Answer:
    """The answer of `decisions.abandon` for people."""
    strategy = str(found.attrs["strategy"])
    label = f"strategy {strategy}" if strategy != "baseline" else ""
    words = _rule_table(found)
    tables = (_value_table(found), *((words,) if words.rows else ()))
    part = Part(
        "Going on or leaving",
        tuple(table.labelled(label) for table in tables),
        lambda: _charts(found),
        (
            "Values are expected present values of avoidable cash at the discounting "
            f"{found.attrs['discounting']}: costs that stay with the company count on no side, working "
            "capital comes back after an end, and costs in notice go on for its length.",
            "The policy was fitted by least squares on other draws, so that its value is a lower bound of "
            "what the best policy brings; the upper bound is one by duality, for a policy that also sees the "
            "drawn parameters, and is too high by what its martingale misses.",
        ),
    )
    return Answer("which relations to end, and when", _finding(found), found, (part,))


def rule_in_words(one: xr.Dataset, scale: MoneyScale, per_year: int) -> str:
    """When to leave one customer (a Dataset without the dimension customer), by the simple rule."""
    if float(one["ended"].values[0]) >= _AT_ONCE:
        return "end today"
    level, periods, first = float(one["rule_level"]), int(one["rule_periods"]), int(one["rule_first"])
    if np.isinf(level):
        return "never leave"
    unit = _PERIOD[per_year]
    lasting = f"in a {unit}" if periods == 1 else f"for {periods} {unit}s in a row"
    years = first / per_year
    waiting = f", not before {years:g} year{'s' if years > 1.0 else ''}" if first else ""
    return f"leave when contribution is below {scale.text(level, np.nan)} {scale.unit} {lasting}{waiting}"


def _in_words(one: xr.Dataset, found: xr.Dataset) -> str:
    level = float(one["rule_level"].item())
    scale = money_scale(abs(level) if np.isfinite(level) else 0.0, str(found.attrs["currency"]))
    return rule_in_words(one, scale, int(found.attrs["periods_per_year"]))


def _surely(found: xr.Dataset, choice: str, sign: float) -> list[int]:
    """Customers whose gain of a choice has this sign at 95 % confidence for all together (Bonferroni)."""
    from scipy.special import ndtri

    beyond = float(-ndtri(0.025 / found.sizes["customer"]))
    gains, errors = (found[name].sel(choice=choice).values for name in ("gain", "gain_standard_error"))
    sure = (sign * gains > beyond * errors) & (np.abs(gains) > 1e-9 * _size(found))
    return [int(place) for place in np.flatnonzero(sure)[np.argsort(-np.abs(gains[sure]), kind="stable")]]


def _size(found: xr.Dataset) -> float:
    return max(float(np.abs(found["value"].values).max()), 1e-300)


def _finding(found: xr.Dataset) -> str:
    """Who should be left and when, with the bounds; and what ending at the first loss would do."""
    paying = _surely(found, "policy", 1.0)
    count = found.sizes["customer"]
    if not paying:
        policy = found["gain"].sel(choice="policy")
        best = int(np.argmax(policy.values))
        one = found.isel(customer=best)
        scale = _scale(found)
        most = max(float(one["gain"].sel(choice="policy")) + float(one["gap"]), 0.0)
        amount, of = scale.text(most, float(one["gap_standard_error"])), "customer" + "s" * (count > 1)
        text = (
            f"The option to end is not distinguishable from worthless for any of {count} {of}: at most about "
            f"{amount} {scale.unit} where it is largest ({one['customer'].item()})."
        )
    else:
        text = f"{_told(found, paying[0])}{_others(found, paying[1:])}."
    return f"{text}{_warning(found)}"


def _told(found: xr.Dataset, place: int) -> str:
    """One customer: what the option brings, between its bounds, and how."""
    one, scale = found.isel(customer=place), _scale(found)
    gain, error = estimate(one.sel(choice="policy"), "gain")
    gap, gap_error = estimate(one, "gap")
    words = _in_words(one, found)
    captured, captured_error = estimate(one, "captured")
    caught = ""
    if words not in ("end today", "never leave"):
        caught = f", which catches {percent(captured, captured_error, 0)} of it"
    return (
        f"The option to end {one['customer'].item()} is worth {scale.with_error(gain, error)} {scale.unit} "
        f"(at most {scale.with_error(gain + gap, float(np.hypot(error, gap_error)))}): {words}{caught}"
    )


def _others(found: xr.Dataset, places: list[int]) -> str:
    if not places:
        return ""
    names = ", ".join(str(found["customer"].values[place]) for place in places[:5])
    more = f" and {len(places) - 5} more" if len(places) > 5 else ""
    return f"; it is surely worth something for {names}{more} too"


def _warning(found: xr.Dataset) -> str:
    """Early or passing losses must not end a relation (SOURCES C8): whom that rule would cost money."""
    losing = _surely(found, "when negative", -1.0)
    if not losing:
        return ""
    scale, one = _scale(found), found.isel(customer=losing[0]).sel(choice="when negative")
    lost, error = estimate(one, "gain")
    more = f", and money at {len(losing) - 1} more" if len(losing) > 1 else ""
    return (
        f" Ending {one['customer'].item()} at its first negative contribution would cost "
        f"{scale.with_error(-lost, error)} {scale.unit}{more}."
    )


def _scale(found: xr.Dataset) -> MoneyScale:
    return money_scale(float(np.abs(found["gain"].values).max()), str(found.attrs["currency"]))


def _order(found: xr.Dataset) -> list[int]:
    """Places of the customers: the largest gain of the policy first, then the smallest value."""
    gains = found["gain"].sel(choice="policy").values
    values = found["value"].sel(choice="going on").values
    return [int(place) for place in np.lexsort((values, -np.maximum(gains, 0.0)))]


def _value_table(found: xr.Dataset) -> Table:
    scale = money_scale(_size(found), str(found.attrs["currency"]))
    paths, order = int(found.attrs["paths"]), _order(found)
    rows = []
    for place in order[:_MOST_ROWS]:
        one = found.isel(customer=place)
        gain, gain_error = estimate(one.sel(choice="policy"), "gain")
        gap, gap_error = estimate(one, "gap")
        rows.append(
            (
                str(one["customer"].values),
                scale.with_error(*estimate(one.sel(choice="going on"), "value")),
                *(
                    scale.with_error(*estimate(one.sel(choice=choice), "gain"))
                    for choice in ("ending today", "when negative", "policy")
                ),
                scale.with_error(gain + gap, float(np.hypot(gain_error, gap_error))),
                probability(float(one["ended"].values[-1]), paths).removesuffix("%"),
            )
        )
    columns = (
        "Customer",
        "Going on",
        "Ending today",
        "At first loss",
        "Policy",
        "At most",
        "Left %",
    )
    more = (f"{len(order) - _MOST_ROWS} more in the file.",) if len(order) > _MOST_ROWS else ()
    note = "All columns but the first are gains over going on. Left: by the policy, before the last period."
    return Table(
        f"Value of going on, and what ending adds ({scale.unit})",
        columns,
        "lrrrrrr",
        tuple(rows),
        (note, *more),
    )


def _rule_table(found: xr.Dataset) -> Table:
    """The policy in words, for whom it surely brings something."""
    scale, rows = _scale(found), []
    for place in _surely(found, "policy", 1.0)[:_MOST_ROWS]:
        one = found.isel(customer=place)
        words, told = _in_words(one, found), one.sel(choice="rule")
        at_once = words == "end today"
        captured, error = estimate(one, "captured")
        rows.append(
            (
                str(one["customer"].values),
                words,
                scale.with_error(*estimate(one.sel(choice="ending today") if at_once else told, "gain")),
                MISSING if at_once else percent(captured, error, 0),
            )
        )
    columns = ("Customer", "In words", f"Gain ({scale.unit})", "Of the policy's")
    note = "Contribution: after tax, without costs that stay; the best rule of a grid, valued on other draws."
    return Table("When to leave", columns, "llrr", tuple(rows), (note,))


def _charts(found: xr.Dataset) -> Iterator[Chart]:
    from crcsim.report import figures
    from crcsim.report.pictures import Chart

    order = _order(found)[:_MOST_ROWS]
    scale = money_scale(float(np.abs(found["gain"].values).max()), str(found.attrs["currency"]))
    names = [str(found["customer"].values[place]) for place in order]
    titles = {"ending today": "Ending today", "when negative": "Ending at the first loss", "policy": "Policy"}
    panels = [
        (title, [_dot(found.isel(customer=place).sel(choice=choice), scale) for place in order])
        for choice, title in titles.items()
    ]
    heading = "What ending a relation adds to going on"
    label = f"gain in expected present value, 95% interval ({scale.unit})"
    yield Chart("gains", heading, figures.side_by_side(names, panels, label, heading))


def _dot(one: xr.Dataset, scale: MoneyScale) -> Estimate:
    from crcsim.report import figures

    gain, error = estimate(one, "gain")
    return figures.Estimate(gain / scale.factor, 1.96 * error / scale.factor, "")
