"""The answer of `decide abandon`: what the option to end each relation or line is worth, and when to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from crcsim.report.decide.answer import Answer, Part, estimate
from crcsim.report.numbers import MISSING, MoneyScale, money_scale, percent, probability
from crcsim.report.table import Table
from crcsim.report.tables import DISCOUNTINGS

if TYPE_CHECKING:
    import xarray as xr

    from crcsim.report.figures import Estimate
    from crcsim.report.pictures import Chart

__all__ = ["answer", "rule_in_words"]

_MOST_ROWS, _MOST_PANELS = 20, 4
#: Share of the paths that the policy ends today from which on it is called ending today.
_AT_ONCE = 0.5
_PERIOD = {1: "year", 2: "half-year", 4: "quarter", 12: "month"}


@dataclass(frozen=True)
class _Words:
    """How relations or product lines are told of."""

    question: str
    heading: str
    subject: str
    column: str
    end: str
    ending: str
    leave: str
    left: str
    valued: str
    contribution: str


_RELATIONS = _Words(
    question="which relations to end, and when",
    heading="Going on or leaving",
    subject="customer",
    column="Customer",
    end="end",
    ending="Ending",
    leave="leave",
    left="Left",
    valued="Values are expected present values of avoidable cash at {}: costs that stay "
    "with the company count on no side, working capital comes back after an end, and costs in notice go on "
    "for its length.",
    contribution="Contribution: after tax, without costs that stay",
)
_LINES = _Words(
    question="which product lines to drop, and when",
    heading="Going on or dropping",
    subject="product line",
    column="Product line",
    end="drop",
    ending="Dropping",
    leave="drop",
    left="Dropped",
    valued="Values are expected NPVs of the whole portfolio at {}, from one run for each "
    "date of the drop on the same draws: costs in notice, working capital, freed capacity and the penalty "
    "for what is no full service any more all count.",
    contribution="Contribution: of the line with all its customers, after tax, without costs of customers",
)


def answer(found: xr.Dataset) -> Answer:
    """The answer of `decisions.abandon` or `decisions.abandon_lines` for people."""
    lines = "product" in found.dims
    words, view = _LINES if lines else _RELATIONS, found.rename({_dimension(found): "subject"})
    strategy = str(found.attrs["strategy"])
    label = f"strategy {strategy}" if strategy != "baseline" else ""
    when = _rule_table(view, words)
    tables = [_value_table(view, words), *((when,) if when.rows else ())]
    if lines:
        tables.append(_date_table(view))
    part = Part(
        words.heading,
        tuple(table.labelled(label) for table in tables),
        lambda: _charts(view, words),
        (
            words.valued.format(DISCOUNTINGS[str(found.attrs["discounting"])]),
            "The policy was fitted by least squares on other draws, so that its value is a lower bound of "
            "what the best policy brings; the upper bound is one by duality, for a policy that also sees the "
            "drawn parameters, and is too high by what its martingale misses.",
        ),
    )
    return Answer(words.question, _finding(view, words), found, (part,))


def _dimension(found: xr.Dataset) -> str:
    return "product" if "product" in found.dims else "customer"


def rule_in_words(one: xr.Dataset, scale: MoneyScale, per_year: int, words: _Words = _RELATIONS) -> str:
    """When to leave one customer or line (a Dataset without that dimension), by the simple rule."""
    if float(one["ended"].values[0]) >= _AT_ONCE:
        return f"{words.end} today"
    level, periods, first = float(one["rule_level"]), int(one["rule_periods"]), int(one["rule_first"])
    if np.isinf(level):
        return f"never {words.leave}"
    unit = _PERIOD[per_year]
    lasting = f"in a {unit}" if periods == 1 else f"for {periods} {unit}s in a row"
    years = first / per_year
    waiting = f", not before {years:g} year{'s' if years > 1.0 else ''}" if first else ""
    below = f"{scale.text(level, np.nan)} {scale.unit}"
    return f"{words.leave} when contribution is below {below} {lasting}{waiting}"


def _in_words(one: xr.Dataset, found: xr.Dataset, words: _Words) -> str:
    level = float(one["rule_level"].item())
    scale = money_scale(abs(level) if np.isfinite(level) else 0.0, str(found.attrs["currency"]))
    return rule_in_words(one, scale, int(found.attrs["periods_per_year"]), words)


def _surely(found: xr.Dataset, choice: str, sign: float) -> list[int]:
    """Places whose gain of a choice has this sign at 95 % confidence for all together (Bonferroni)."""
    from scipy.special import ndtri

    beyond = float(-ndtri(0.025 / found.sizes["subject"]))
    gains, errors = (found[name].sel(choice=choice).values for name in ("gain", "gain_standard_error"))
    sure = (sign * gains > beyond * errors) & (np.abs(gains) > 1e-9 * _size(found))
    return [int(place) for place in np.flatnonzero(sure)[np.argsort(-np.abs(gains[sure]), kind="stable")]]


def _size(found: xr.Dataset) -> float:
    return max(float(np.abs(found["value"].values).max()), 1e-300)


def _finding(found: xr.Dataset, words: _Words) -> str:
    """Who should be left and when, with the bounds; and what ending at the first loss would do."""
    paying = _surely(found, "policy", 1.0)
    count = found.sizes["subject"]
    if not paying:
        policy = found["gain"].sel(choice="policy")
        best = int(np.argmax(policy.values))
        one = found.isel(subject=best)
        scale = _scale(found)
        most = max(float(one["gain"].sel(choice="policy")) + float(one["gap"]), 0.0)
        amount, of = scale.text(most, float(one["gap_standard_error"])), words.subject + "s" * (count > 1)
        bound = f"at most about {amount} {scale.unit} where it is largest ({one['subject'].item()})"
        if most <= 1e-9 * _size(found):
            bound = "its upper bound is 0"
        of = f"{count} {of}"
        text = f"The option to {words.end} is not distinguishable from worthless for any of {of}: {bound}."
    else:
        text = f"{_told(found, paying[0], words)}{_others(found, paying[1:])}."
    return f"{text}{_warning(found, words)}"


def _told(found: xr.Dataset, place: int, words: _Words) -> str:
    """One of them: what the option brings, between its bounds, and how."""
    one, scale = found.isel(subject=place), _scale(found)
    gain, error = estimate(one.sel(choice="policy"), "gain")
    gap, gap_error = estimate(one, "gap")
    rule = _in_words(one, found, words)
    captured, captured_error = estimate(one, "captured")
    caught = ""
    if rule not in (f"{words.end} today", f"never {words.leave}"):
        caught = f", which catches {percent(captured, captured_error, 0)} of it"
    return (
        f"The option to {words.end} {one['subject'].item()} is worth {scale.with_error(gain, error)} "
        f"{scale.unit} (at most {scale.with_error(gain + gap, float(np.hypot(error, gap_error)))}): "
        f"{rule}{caught}"
    )


def _others(found: xr.Dataset, places: list[int]) -> str:
    if not places:
        return ""
    names = ", ".join(str(found["subject"].values[place]) for place in places[:5])
    more = f" and {len(places) - 5} more" if len(places) > 5 else ""
    return f"; it is surely worth something for {names}{more} too"


def _warning(found: xr.Dataset, words: _Words) -> str:
    """Early or passing losses must not end a relation (SOURCES C8): whom that rule would cost money."""
    losing = _surely(found, "when negative", -1.0)
    if not losing:
        return ""
    scale, one = _scale(found), found.isel(subject=losing[0]).sel(choice="when negative")
    lost, error = estimate(one, "gain")
    more = f", and money at {len(losing) - 1} more" if len(losing) > 1 else ""
    return (
        f" {words.ending} {one['subject'].item()} at its first negative contribution would cost "
        f"{scale.with_error(-lost, error)} {scale.unit}{more}."
    )


def _scale(found: xr.Dataset) -> MoneyScale:
    return money_scale(float(np.abs(found["gain"].values).max()), str(found.attrs["currency"]))


def _order(found: xr.Dataset) -> list[int]:
    """Places in the order of the tables: the largest gain of the policy first, then the smallest value."""
    gains = found["gain"].sel(choice="policy").values
    values = found["value"].sel(choice="going on").values
    return [int(place) for place in np.lexsort((values, -np.maximum(gains, 0.0)))]


def _value_table(found: xr.Dataset, words: _Words) -> Table:
    scale = money_scale(_size(found), str(found.attrs["currency"]))
    paths, order = int(found.attrs["paths"]), _order(found)
    rows = []
    for place in order[:_MOST_ROWS]:
        one = found.isel(subject=place)
        gain, gain_error = estimate(one.sel(choice="policy"), "gain")
        gap, gap_error = estimate(one, "gap")
        rows.append(
            (
                str(one["subject"].values),
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
        words.column,
        "Going on",
        f"{words.ending} today",
        "At first loss",
        "Policy",
        "At most",
        f"{words.left} %",
    )
    more = (f"{len(order) - _MOST_ROWS} more in the file.",) if len(order) > _MOST_ROWS else ()
    note = (
        "All columns but the first are gains over going on. "
        f"{words.left}: by the policy, before the last period."
    )
    return Table(
        f"Value of going on, and what {words.ending.lower()} adds ({scale.unit})",
        columns,
        "lrrrrrr",
        tuple(rows),
        (note, *more),
    )


def _rule_table(found: xr.Dataset, words: _Words) -> Table:
    """The policy in words, for whom it surely brings something."""
    scale, rows = _scale(found), []
    for place in _surely(found, "policy", 1.0)[:_MOST_ROWS]:
        one = found.isel(subject=place)
        rule, told = _in_words(one, found, words), one.sel(choice="rule")
        at_once = rule == f"{words.end} today"
        captured, error = estimate(one, "captured")
        rows.append(
            (
                str(one["subject"].values),
                rule,
                scale.with_error(*estimate(one.sel(choice="ending today") if at_once else told, "gain")),
                MISSING if at_once else percent(captured, error, 0),
            )
        )
    columns = (words.column, "In words", f"Gain ({scale.unit})", "Of the policy's")
    note = f"{words.contribution}; the best rule of a grid, valued on other draws."
    return Table(f"When to {words.leave}", columns, "llrr", tuple(rows), (note,))


def _date_table(found: xr.Dataset) -> Table:
    """Where the policy has dropped each line by some dates, and the best date of all without a policy."""
    scale, years = _scale(found), found["years"].values
    last = years.size - 1
    shown = sorted({0, *(place for place in (1, 2, 3, 5) if place < last), last})
    rows = []
    for place in _order(found)[:_MOST_ROWS]:
        one = found.isel(subject=place)
        best = int(np.argmax(one["date_gain"].values))
        gain, error = estimate(one.isel(date=best), "date_gain")
        shares = (probability(float(one["ended"].values[date]), int(found.attrs["paths"])) for date in shown)
        rows.append(
            (
                str(one["subject"].values),
                *(share.removesuffix("%") for share in shares),
                f"{years[best]:g}" if gain > 0.0 else "never",
                scale.with_error(gain, error) if gain > 0.0 else MISSING,
            )
        )
    return Table(
        "Dropped by the policy after so many years (% of paths), and the best date without a policy",
        (
            "Product line",
            *(f"{years[date]:g}" for date in shown),
            "Best date, years",
            f"Gain ({scale.unit})",
        ),
        "l" + "r" * (len(shown) + 2),
        tuple(rows),
    )


def _charts(found: xr.Dataset, words: _Words) -> Iterator[Chart]:
    from crcsim.report import figures
    from crcsim.report.pictures import Chart

    order, scale = _order(found)[:_MOST_ROWS], _scale(found)
    names = [str(found["subject"].values[place]) for place in order]
    titles = {
        "ending today": f"{words.ending} today",
        "when negative": f"{words.ending} at the first loss",
        "policy": "Policy",
    }
    panels = [
        (title, [_dot(found.isel(subject=place).sel(choice=choice), scale) for place in order])
        for choice, title in titles.items()
    ]
    heading = (
        f"What {words.ending.lower()} a {words.subject.replace('customer', 'relation')} adds to going on"
    )
    label = f"gain in expected present value, 95% interval ({scale.unit})"
    yield Chart("gains", heading, figures.side_by_side(names, panels, label, heading))
    if "date_gain" in found:
        heading = "What dropping a line at a fixed date adds to going on, by years until the drop"
        dates = [f"{year:g}" for year in found["years"].values]
        panels = [
            (
                str(found["subject"].values[place]),
                [
                    _dot(found.isel(subject=place, date=date), scale, "date_gain")
                    for date in range(len(dates))
                ],
            )
            for place in order[:_MOST_PANELS]
        ]
        yield Chart("dates", heading, figures.side_by_side(dates, panels, label, heading))


def _dot(one: xr.Dataset, scale: MoneyScale, name: str = "gain") -> Estimate:
    from crcsim.report import figures

    gain, error = estimate(one, name)
    return figures.Estimate(gain / scale.factor, 1.96 * error / scale.factor, "")
