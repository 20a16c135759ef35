"""The answer of `decide information`: what to find out before deciding, and what drives the outcome."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from crcsim.decisions.information.perfect import surely_worth
from crcsim.measures.estimates import INTERVAL
from crcsim.report.decide.answer import Answer, Part, estimate
from crcsim.report.numbers import MoneyScale, money_scale, number, percent, rounded
from crcsim.report.table import Table
from crcsim.report.tables import DISCOUNTINGS

if TYPE_CHECKING:
    import xarray as xr

    from crcsim.report import figures
    from crcsim.report.pictures import Chart

__all__ = ["answer", "worth_asking"]

_MOST_ROWS, _LEAST_BARS = 15, 8
_NOTHING = "none found"
_MOST_RIVALS = 3


def answer(found: xr.Dataset) -> Answer:
    """The answer of `decisions.information` for people."""
    tables = [_alternative_table(found)]
    if found.sizes["parameter"]:
        tables += [_parameter_table(found), _swing_table(found), _factor_table(found)]
    part = Part("Value of information", tuple(tables), lambda: _charts(found), (_method(found),))
    return Answer("which question to answer before deciding", _finding(found), found, (part,))


def worth_asking(found: xr.Dataset) -> list[int]:
    """Parameters whose perfect information is surely worth something, at 95 % confidence for all together."""
    return surely_worth(np.stack([found["evppi"].values, found["evppi_standard_error"].values], axis=-1))


def _finding(found: xr.Dataset) -> str:
    """The question that is worth most, or that none is."""
    if not found.sizes["parameter"]:
        return "No parameter of the scenario is uncertain: there is no question to ask."
    best, second = str(found.attrs["best"]), str(found.attrs["second"])
    if not second:
        return _driver(found, best)
    chosen = worth_asking(found)
    chance = found["difference"].sel(alternative=second)
    scale = money_scale(abs(float(chance)), str(found.attrs["currency"]))
    ahead = scale.with_error(
        -float(chance), float(found["difference_standard_error"].sel(alternative=second))
    )
    lead = f"{best} is {ahead} {scale.unit} ahead of {second}"
    if not chosen:
        return f"No single question is surely worth anything before choosing {best}: {lead}."
    first = chosen[0]
    name, one = str(found["parameter"].values[first]), found.isel(parameter=first)
    own = money_scale(float(one["evppi"]), str(found.attrs["currency"]))
    worth = f"{own.with_error(*estimate(one, 'evppi'))} {own.unit}, a study less"
    told = (
        f"Before choosing {best} ({lead}), ask for {name}: a perfect answer is worth {worth}, and would "
        f"change the choice on {_share(one, 'changes_choice')} of the paths"
    )
    rivals = _rivals(found, first)
    return f"{told}; not distinguishable from it: {rivals}." if rivals else f"{told}."


def _rivals(found: xr.Dataset, first: int) -> str:
    """Names of the parameters, sure or not, that are not surely behind the first; errors are paired."""
    behind, errors = found["evppi_behind"].values, found["evppi_behind_standard_error"].values
    places = [place for place in range(behind.size) if place != first]
    names = [str(found["parameter"].values[k]) for k in places if not behind[k] > INTERVAL * errors[k]]
    more = f" and {len(names) - _MOST_RIVALS} more" if len(names) > _MOST_RIVALS else ""
    return f"{', '.join(names[:_MOST_RIVALS])}{more}"


def _share(one: xr.Dataset, name: str) -> str:
    """A share of the variance or of the paths with its error, in %."""
    value, error = estimate(one, name)
    return f"{percent(value, error, 1)} ± {percent(error, error, 1)}"


def _driver(found: xr.Dataset, best: str) -> str:
    """What explains most of the value's variance, where there is nothing to choose."""
    shares = found["first_order"].values
    first = int(np.argmax(shares))
    name, one = str(found["parameter"].values[first]), found.isel(parameter=first)
    if shares[first] <= INTERVAL * float(one["first_order_standard_error"]):
        return "No single parameter explains a share of the variance of the value that is surely above zero."
    return (
        f"{name} explains more of the variance of the value than any other parameter, "
        f"{_share(one, 'first_order')} alone; a value of information needs two strategies to choose from."
    )


def _method(found: xr.Dataset) -> str:
    return (
        "Perfect information on a parameter is worth what a choice made after knowing it gains over the "
        f"choice made now: mean NPV at {DISCOUNTINGS[str(found.attrs['discounting'])]}, paid with "
        "differences on the same paths, by a rule that is found on other paths. No study gives more than "
        "that, most give far less. ±: one standard error."
    )


def _what(found: xr.Dataset) -> str:
    second = str(found.attrs["second"])
    return f"NPV of {found.attrs['best']}{f' less {second}' if second else ''}"


def _alternative_table(found: xr.Dataset) -> Table:
    scale = money_scale(float(np.abs(found["value_mean"].values).max()), str(found.attrs["currency"]))
    order = np.argsort(-found["value_mean"].values, kind="stable")
    rows = []
    for place in order:
        one = found.isel(alternative=int(place))
        apart = scale.with_error(*estimate(one, "difference")) if place != order[0] else ""
        rows.append((str(one["alternative"].values), scale.with_error(*estimate(one, "value_mean")), apart))
    small = money_scale(float(found["evpi_with_chance"]), str(found.attrs["currency"]))
    knowing, error = estimate(found, "evpi")
    amount = f"{small.with_error(knowing, error)} {small.unit}"
    worth = f"is worth {amount} at least"
    if not knowing > INTERVAL * error:
        worth = f"is not distinguishable from worth nothing ({amount})"
    note = (
        f"Knowing all parameters before the choice {worth}, by a rule that adds up what each says; "
        f"knowing chance too, which nobody can, {small.with_error(*estimate(found, 'evpi_with_chance'))} "
        f"{small.unit}."
    )
    notes = (note,) if len(order) > 1 and found.sizes["parameter"] else ()
    columns = ("Strategy", f"Value ({scale.unit})", f"Less the best ({scale.unit})")
    return Table("What can be chosen", columns, "lrr", tuple(rows), notes)


def _money(found: xr.Dataset) -> MoneyScale:
    largest = max(
        float(np.nanmax(np.abs(found[name].values), initial=0.0)) for name in ("evppi", "at_low", "at_high")
    )
    return money_scale(largest, str(found.attrs["currency"]))


def _to_thousandths(value: float, error: float, scale: MoneyScale) -> tuple[str, str]:
    """Value and error in a unit to three decimals at most: what is finer is worth nothing here."""
    scaled, width = value / scale.factor, max(error / scale.factor, 0.0005)
    return rounded(scaled, width, 3), rounded(error / scale.factor, width, 3)


def _parameter_table(found: xr.Dataset) -> Table:
    scale, sure = _money(found), set(worth_asking(found))
    several = found.sizes["alternative"] > 1
    rows = []
    for place in range(min(found.sizes["parameter"], _MOST_ROWS)):
        one = found.isel(parameter=place)
        cells = [str(one["parameter"].values)]
        if several:
            worth, error = estimate(one, "evppi")
            cells += _to_thousandths(worth, error, scale) if worth > 0.0 else (_NOTHING, "")
            cells += _percents(one, "changes_choice", 2)
        cells += _percents(one, "first_order", 2)
        rows.append((*cells, *(["yes" if place in sure else ""] if several else [])))
    columns = ["Parameter"]
    columns += [f"Perfect information ({scale.unit})", "±", "Changes choice %", "±"] if several else []
    columns += ["First order %", "±"]
    columns += ["Worth asking"] if several else []
    align = "l" + "r" * (len(columns) - 1 - several) + ("l" if several else "")
    notes = [
        f"First order: share of the variance of {_what(found)} that the parameter alone explains; chance is "
        "a part of that variance."
    ]
    if several:
        notes.append(
            "Worth asking: surely above zero, at 95% confidence for all parameters together; "
            f"{_NOTHING}: what a rule found on other paths gains is not above zero."
        )
    left_out = len(json.loads(str(found.attrs["left_out"])))
    if left_out:
        notes.append(
            f"Left out: {left_out} of levers or roles that no compared strategy uses; they are worth nothing "
            "to this choice."
        )
    if found.sizes["parameter"] > len(rows):
        notes.append(f"{found.sizes['parameter'] - len(rows)} more in the file.")
    return Table("What it is worth to know", tuple(columns), align, tuple(rows), tuple(notes))


def _swing_table(found: xr.Dataset) -> Table:
    """The parameters that were moved, each alone, to both ends of what is judged possible."""
    scale, rows = _money(found), []
    for place in np.flatnonzero(np.isfinite(found["at_low"].values)):
        one = found.isel(parameter=int(place))
        cells = [str(one["parameter"].values)]
        for end, quantile in (("at_low", "low_quantile"), ("at_high", "high_quantile")):
            cells += [number(float(one[quantile])), " ± ".join(_to_thousandths(*estimate(one, end), scale))]
        rows.append(tuple(cells))
    note = (
        f"Mean {_what(found)} with the parameter at its 10% or 90% quantile, less its mean, by further runs "
        "on the same draws; for the parameters that matter most."
    )
    columns = ("Parameter", "P10", f"at P10 ({scale.unit})", "P90", f"at P90 ({scale.unit})")
    return Table("How far each parameter moves the outcome", columns, "lrrrr", tuple(rows), (note,))


def _factor_table(found: xr.Dataset) -> Table:
    rows = tuple(
        (
            str(found["factor"].values[place]),
            *_percents(found.isel(factor=place), "total_order", 1),
        )
        for place in np.argsort(-found["total_order"].values, kind="stable")
    )
    note = (
        f"Share of the variance of {_what(found)} that involves the factor, alone or together with others; "
        "these add up to more than 100% where factors act together, and an estimate may exceed 100% by its "
        "error."
    )
    return Table("Total-order indices", ("Factor", "Total %", "± %"), "lrr", rows, (note,))


def _percents(one: xr.Dataset, name: str, finest: int) -> list[str]:
    """A share and its error as cells of a table, in %."""
    value, error = estimate(one, name)
    return [percent(value, error, finest).removesuffix("%"), percent(error, error, finest).removesuffix("%")]


def _charts(found: xr.Dataset) -> Iterator[Chart]:
    from crcsim.report import figures
    from crcsim.report.pictures import Chart

    scale = _money(found)
    if found.sizes["alternative"] > 1 and found.sizes["parameter"]:
        sure, bars = set(worth_asking(found)), []
        for place in range(min(found.sizes["parameter"], max(_LEAST_BARS, len(sure)), _MOST_ROWS)):
            value, error = estimate(found.isel(parameter=place), "evppi")
            if value <= 0.0:
                continue
            name, text = _label(found, place), " ± ".join(_to_thousandths(value, error, scale))
            bars.append(figures.Bar(name, value / scale.factor, error / scale.factor, text, place in sure))
        heading = "What a perfect answer to each question is worth"
        label = f"Expected value of perfect information ({scale.unit})"
        label += "\nfull colour: surely above 0; thin: 95% intervals"
        if bars:
            yield Chart("perfect_information", heading, figures.signed_bars(bars, label, heading))
    places = np.flatnonzero(np.isfinite(found["at_low"].values))
    if places.size:
        swings = [_swing(found, int(place), scale) for place in places]
        swings.sort(key=lambda swing: -max(abs(swing.low), abs(swing.high)))
        heading = "How far each parameter moves the outcome"
        label = f"Change of the mean {_what(found)} ({scale.unit}); thin: 95% intervals"
        sides = "parameter at its 10% quantile", "at its 90% quantile"
        yield Chart("tornado", heading, figures.tornado(swings, sides, label, heading))


def _label(found: xr.Dataset, place: int) -> str:
    """A parameter beside a bar: its place in the scenario without what every lever or customer has."""
    name = str(found["parameter"].values[place]).replace(".effects.", ".")
    return name.removeprefix("levers.").removeprefix("customers.")


def _swing(found: xr.Dataset, place: int, scale: MoneyScale) -> figures.Swing:
    from crcsim.report import figures

    one = found.isel(parameter=place)
    (low, low_error), (high, high_error) = estimate(one, "at_low"), estimate(one, "at_high")
    text = f"{number(float(one['low_quantile']))} to {number(float(one['high_quantile']))}"
    below, above = (INTERVAL * error / scale.factor for error in (low_error, high_error))
    return figures.Swing(_label(found, place), low / scale.factor, high / scale.factor, below, above, text)
