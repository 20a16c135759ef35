"""The strategies of a result side by side: a table, sentences, and numbers for machines."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from crcsim.report.numbers import MoneyScale, finite, money_scale, probability
from crcsim.report.table import Table
from crcsim.report.tables import DISCOUNTINGS

if TYPE_CHECKING:
    import xarray as xr

__all__ = [
    "deeds_table",
    "difference_scale",
    "facts",
    "headline",
    "sentences",
    "strategy_csv",
    "strategy_table",
]

_MOST_PATHS = 1e9  # beyond this many nobody simulates


def difference_scale(found: xr.Dataset) -> MoneyScale:
    """The unit that suits the largest difference of `decisions.compare_strategies`, in value or tail."""
    names = ("value_mean_difference", "risk_conditional_value_at_risk_difference")
    largest = max(float(np.nanmax(np.abs(found[name].values), initial=0.0)) for name in names)
    return money_scale(largest, str(found.attrs["currency"]))


def strategy_table(found: xr.Dataset) -> Table:
    """Value, paired difference to the baseline and risk of every strategy, in the order of the result."""
    at, first = DISCOUNTINGS[found.attrs["headline"]], str(found["strategy"].values[0])
    scale = money_scale(float(np.abs(found["value_mean"].values).max()), str(found.attrs["currency"]))
    apart = difference_scale(found)
    unit = "" if apart.unit == scale.unit else f" {apart.unit}"
    columns = (
        "Strategy",
        "Value",
        "±",
        f"Less {first}{unit}",
        "±",
        "P(better) %",
        "P5",
        "CVaR 5%",
        "P(NPV<0) %",
    )
    rows = tuple(_row(found.sel(strategy=name), scale, apart) for name in found["strategy"].values)
    notes = (
        f"Value: mean NPV at {at}, ± one standard error. Less {first}: difference on the same draws, path by "
        f"path, which is known better than the values.{_unit_note(scale, apart)} P(better than {first}), P5, "
        "CVaR (mean of the worst 5%) and P(NPV<0): NPV at the risk-free rate, so that risk is not charged "
        "twice.",
    )
    return Table(f"Strategies: value at {at} ({scale.unit})", columns, "lrrrrrrrr", rows, notes)


def _unit_note(scale: MoneyScale, apart: MoneyScale) -> str:
    return "" if scale.unit == apart.unit else f" Differences are in {apart.unit}."


def _row(one: xr.Dataset, scale: MoneyScale, apart: MoneyScale) -> tuple[str, ...]:
    paths, value = int(one.attrs["paths"]), _pair(one, "value_mean")
    difference = _pair(one, "value_mean_difference")
    compared = bool(np.isfinite(difference[0]))
    return (
        str(one["strategy"].values),
        scale.text(*value),
        scale.error_text(*value),
        apart.text(*difference) if compared else "",
        apart.error_text(*difference) if compared else "",
        _better(one, paths) if compared else "",
        scale.text(*_pair(one.sel(quantile=0.05), "risk_percentile")),
        scale.text(*_pair(one, "risk_conditional_value_at_risk")),
        probability(float(one["risk_loss_probability"]), paths).removesuffix("%"),
    )


def _better(one: xr.Dataset, paths: int) -> str:
    """The probability of being better; plain zero where nothing differs on any path."""
    if float(one["equally_worth"]) == 1.0:
        return "0"
    return probability(float(one["worth_more"]), paths).removesuffix("%")


def deeds_table(deeds: Mapping[str, Sequence[str]]) -> Table:
    """What each strategy does, a row for each of its deeds."""
    rows = [
        (name if not place else "", text) for name, texts in deeds.items() for place, text in enumerate(texts)
    ]
    return Table("What each strategy does", ("Strategy", "Does"), "ll", tuple(rows))


def headline(found: xr.Dataset) -> str:
    """Which strategy is worth most, or that none is worth more than the baseline beyond its error."""
    first = str(found["strategy"].values[0])
    established = found["established"].values & (found["value_mean_difference"].values > 0.0)
    if not established.any():
        return f"No strategy is worth more than {first} beyond its sampling error"
    best = found.isel(strategy=int(np.argmax(np.where(established, found["value_mean_difference"], -np.inf))))
    amount = _amount(best, difference_scale(found), signed=False)
    return f"{best['strategy'].values} is worth {amount} more than {first}"


def sentences(found: xr.Dataset) -> tuple[str, ...]:
    """Which differences are beyond their sampling error, which are not, what changes nothing, the tail."""
    first, others = str(found["strategy"].values[0]), found.isel(strategy=slice(1, None))
    scale, at = difference_scale(found), DISCOUNTINGS[found.attrs["headline"]]
    same = others["equally_worth"].values == 1.0
    told: list[str] = []
    certain = others["established"].values & ~same
    for sign, word in ((1.0, "more"), (-1.0, "less")):
        chosen = certain & (sign * others["value_mean_difference"].values > 0.0)
        if chosen.any():
            names = _listed(others.isel(strategy=chosen), scale)
            told.append(f"Worth {word} than {first} at {at}, beyond sampling error: {names}.")
    unclear = ~certain & ~same
    if unclear.any():
        told.append(_unclear(others.isel(strategy=unclear), scale, float(found.attrs["critical"]), first))
    if same.any():
        names = ", ".join(map(str, others["strategy"].values[same]))
        told.append(f"The same as {first} on every path: {names}.")
    told += _tails(others.isel(strategy=~same), scale, float(found.attrs["critical"]), first)
    if told:
        told[-1] += (
            f" Values and tails each at {100 * found.attrs['confidence']:g}% confidence for all strategies "
            "together."
        )
    return tuple(told)


def _unclear(others: xr.Dataset, scale: MoneyScale, critical: float, first: str) -> str:
    """What cannot be told from zero, and how many paths would settle a difference of the size seen."""
    text = f"Not distinguishable from {first}: {_listed(others, scale)}."
    sizes, errors = (np.abs(others[f"value_mean_difference{end}"].values) for end in ("", "_standard_error"))
    with np.errstate(divide="ignore", invalid="ignore"):
        wanted = float(np.nanmax(int(others.attrs["paths"]) * (critical * errors / sizes) ** 2))
    if not wanted < _MOST_PATHS:
        return text
    digits = 10.0 ** max(np.floor(np.log10(wanted)) - 1, 0)
    paths = f"{np.ceil(wanted / digits) * digits:,.0f} paths"
    return f"{text} If the differences are as large as they look, {paths} would tell."


def _tails(others: xr.Dataset, scale: MoneyScale, critical: float, first: str) -> list[str]:
    """Whose worst 5 % of the paths are better or worse than those of the baseline."""
    name, told = "risk_conditional_value_at_risk_difference", []
    sizes, errors = others[name].values, others[f"{name}_standard_error"].values
    certain = np.abs(sizes) > critical * errors  # false where an error is not known
    for sign, words in ((1.0, "better"), (-1.0, "worse")):
        chosen = certain & (sign * sizes > 0.0)
        if chosen.any():
            names = _listed(others.isel(strategy=chosen), scale, name)
            told.append(f"The worst 5% of the paths are {words} than under {first} on average: {names}.")
    return told


def _listed(others: xr.Dataset, scale: MoneyScale, name: str = "value_mean_difference") -> str:
    """Strategies with their differences, the largest first."""
    order = np.argsort(-np.abs(others[name].values), kind="stable")
    parts = (others.isel(strategy=place) for place in order)
    return ", ".join(f"{each['strategy'].values} ({_amount(each, scale, name)})" for each in parts)


def _amount(
    one: xr.Dataset, scale: MoneyScale, name: str = "value_mean_difference", *, signed: bool = True
) -> str:
    value, error = _pair(one, name)
    sign = "+" if signed and value > 0.0 else ""
    return f"{sign}{scale.with_error(value, error)} {scale.unit}"


def _pair(one: xr.Dataset, name: str) -> tuple[float, float]:
    return float(one[name]), float(one[f"{name}_standard_error"])


_NUMBERS = {
    "value": "value_mean",
    "difference": "value_mean_difference",
    "better": "worth_more",
    "equal": "equally_worth",
    "conditional_value_at_risk": "risk_conditional_value_at_risk",
    "conditional_value_at_risk_difference": "risk_conditional_value_at_risk_difference",
    "loss_probability": "risk_loss_probability",
    "loss_probability_difference": "risk_loss_probability_difference",
}
_SPREADS = {"percentiles": "risk_percentile", "difference_percentiles": "difference_percentile"}


def facts(found: xr.Dataset) -> list[dict[str, Any]]:
    """All strategies for machines: numbers in full, money in units of currency, None where undefined."""
    made = []
    for name in found["strategy"].values:
        one = found.sel(strategy=name)
        row: dict[str, Any] = {"name": str(name)}
        for key, variable in _NUMBERS.items():
            row[key] = finite(one[variable])
            row[f"{key}_standard_error"] = finite(one[f"{variable}_standard_error"])
        for key, variable in _SPREADS.items():
            row[key] = {
                f"P{100 * float(p):g}": finite(one[variable].sel(quantile=p)) for p in one["quantile"].values
            }
        row["variance_reduction"] = finite(one["variance_reduction"])
        row["established"], row["untouched_customers"] = bool(one["established"]), int(one["untouched"])
        made.append(row)
    return made


def strategy_csv(found: xr.Dataset) -> str:
    """The same as CSV, a row per strategy."""
    rows = []
    for each in facts(found):
        flat: dict[str, Any] = {"strategy": each.pop("name")}
        for key, value in each.items():
            flat |= (
                {f"{key}_{name}": x for name, x in value.items()} if isinstance(value, dict) else {key: value}
            )
        rows.append(flat)
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
