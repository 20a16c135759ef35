"""The answer of `decide allocate`: where a budget goes, and what that is worth on fresh draws."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from crcsim.kernels.arrays import Floats
from crcsim.measures.estimates import INTERVAL
from crcsim.report.decide.answer import Answer, Part, estimate
from crcsim.report.numbers import MoneyScale, fixed, money_scale, number, rounded
from crcsim.report.table import Table
from crcsim.report.tables import DISCOUNTINGS

if TYPE_CHECKING:
    import xarray as xr

    from crcsim.report.pictures import Chart

__all__ = ["answer"]

_OBJECTIVES = {
    "mean": "the mean NPV",
    "mean-cvar": "the mean NPV less {weight:g} times CVaR",
    "cvar": "the mean of the worst 5% of the paths, with a floor of the mean NPV",
}


def answer(found: xr.Dataset) -> Answer:
    """The answer of `decisions.allocate` for people."""
    money = money_scale(float(found.attrs["budget"]), str(found.attrs["currency"]))
    return Answer(
        "how the budget is best spent on levers",
        _finding(found, money),
        found,
        (
            Part("Spend", (_spends(found, money),), lambda: _bars(found, money), (_method(found),)),
            Part("On fresh draws", (_plans(found), _curse(found)), texts=(_starts(found),)),
            Part("Efficient frontier", (_frontier(found, money),), lambda: _curve(found)),
        ),
    )


def _finding(found: xr.Dataset, money: MoneyScale) -> str:
    """The plan, whether it is surely better than the others, and what the next unit of budget would add."""
    spent = [
        f"{_money(money, float(found['spend'].sel(lever=name)))} {money.unit} to {name}"
        for name in found["lever"].values[np.argsort(-found["spend"].values, kind="stable")]
        if float(found["spend"].sel(lever=name)) > 1e-3 * float(found.attrs["budget"])
    ]
    budget = f"{money.text(float(found.attrs['budget']), 0.0)} {money.unit}"
    if not spent:
        return f"Of {budget} nothing is best spent: no lever pays."
    gain = estimate(found.sel(plan="best"), "gain")
    scale = money_scale(gain[0], str(found.attrs["currency"]))
    told = f"Of {budget} go {_listed(spent)}, worth {scale.with_error(*gain)} {scale.unit} more than nothing"
    if found.attrs["objective"] != "mean":
        own = estimate(found, "fresh_gain")
        told = f"{told}, and {scale.with_error(*own)} {scale.unit} in {_wanted(found)},"
    others = [str(name) for name in found["plan"].values[1:]]
    close = [name for name in others if not bool(found["behind_established"].sel(plan=name))]
    close = [name for name in close if _differs(found, name)]
    if close:
        told = f"{told} on fresh draws, but not distinguishable from {_listed(close)}"
    else:
        told = f"{told} on fresh draws and ahead of the other plans beyond the sampling error"
    (price, error), currency = estimate(found, "shadow_price"), str(found.attrs["currency"])
    if price <= INTERVAL * error:
        return f"{told}; more budget would add nothing that can be told from zero."
    adds = f"{rounded(price, error, 2)} ± {rounded(error, error, 2)} {currency}"
    return f"{told}; the next {currency} of budget would add {adds} to {_wanted(found)}."


def _differs(found: xr.Dataset, plan: str) -> bool:
    """Whether a plan is another one than the best."""
    apart = found["plan_spend"].sel(plan=plan) - found["plan_spend"].sel(plan="best")
    return bool(np.abs(apart.values).max() > 1e-6 * float(found.attrs["budget"]))


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _spends(found: xr.Dataset, money: MoneyScale) -> Table:
    rows = []
    for name in found["lever"].values[np.argsort(-found["spend"].values, kind="stable")]:
        one = found.sel(lever=name)
        low, high = (float(one[f"spend_{end}"]) for end in ("low", "high"))
        rows.append(
            (
                str(name),
                _money(money, float(one["spend"])),
                fixed(100.0 * float(one["spend_factor"]), 0),
                f"{_money(money, low)} to {_money(money, high)}" if np.isfinite(low) else "–",
                fixed(100.0 * float(one["funded"]), 0),
                str(one["bound"].values),
            )
        )
    total = _money(money, float(found["spend"].sum()))
    columns = ("Lever", "Spend", "Of its programme %", "On resampled paths", "Gets money in %", "At its")
    binding = str(found.attrs["binding"])
    notes = (
        f"{binding[:1].upper()}{binding[1:]}. On resampled paths: 5% to 95% of the plans that are best on "
        "resamples of the paths of the search.",
    )
    return Table(
        f"Spend over the horizon ({money.unit})",
        columns,
        "lrrrrl",
        (*rows, ("total", total, "", "", "", "")),
        notes,
        1,
    )


def _money(money: MoneyScale, amount: float) -> str:
    return fixed(amount / money.factor, 2)


def _plans(found: xr.Dataset) -> Table:
    scale = money_scale(float(np.abs(found["value"].values).max()), str(found.attrs["currency"]))
    apart = money_scale(
        max(float(np.abs(found[name].values).max()) for name in ("gain", "behind_best")),
        str(found.attrs["currency"]),
    )
    rows = []
    for name in found["plan"].values:
        one = found.sel(plan=name)
        sure = "" if name == "best" else ("yes" if bool(one["behind_established"]) else "no")
        rows.append(
            (
                str(name),
                scale.text(*estimate(one, "value")),
                apart.with_error(*estimate(one, "gain")),
                scale.with_error(*estimate(one, "tail_mean")),
                apart.with_error(*estimate(one, "behind_best")) if name != "best" else "",
                sure,
            )
        )
    at = DISCOUNTINGS[str(found.attrs["headline"])]
    columns = (
        "Plan",
        f"Value {scale.unit}",
        f"Over nothing {apart.unit}",
        f"CVaR 5% {scale.unit}",
        f"Behind the best {apart.unit}",
        "Surely",
    )
    notes = (
        f"Value: mean NPV at {at}; CVaR: mean of the worst 5% at the risk-free rate, so that risk is not "
        f"charged twice. Behind the best: in {_wanted(found)}, on the same draws. All on "
        f"{int(found.attrs['paths']):,} paths of seed {found.attrs['fresh_seed']}, which the search did not "
        "see.",
    )
    return Table("Plans on fresh draws", columns, "lrrrrl", tuple(rows), notes)


def _wanted(found: xr.Dataset) -> str:
    return _OBJECTIVES[str(found.attrs["objective"])].format(weight=float(found.attrs["risk_weight"]))


def _curse(found: xr.Dataset) -> Table:
    scale = money_scale(float(np.abs(found["search_gain"])), str(found.attrs["currency"]))
    rows = tuple(
        (words, scale.with_error(*estimate(found, name)))
        for words, name in (
            (f"on the {int(found.attrs['search_paths']):,} paths of the search", "search_gain"),
            (f"on {int(found.attrs['paths']):,} fresh paths", "fresh_gain"),
            ("difference", "optimism"),
        )
    )
    notes = (
        "The best of many plans looks better on the paths that chose it than it is (optimiser's curse); the "
        "fresh number is the one to report.",
    )
    return Table(f"Gain of the best plan over nothing ({scale.unit})", ("", "Gain"), "lr", rows, notes)


def _starts(found: xr.Dataset) -> str:
    objectives = found["start_objective"].values
    spread = float(np.ptp(objectives))
    scale = money_scale(max(spread, 1e-9), str(found.attrs["currency"]))
    ended, names = int(found["converged"].sum()), _listed([str(name) for name in found["start"].values])
    apart = f"their objectives differ by at most {number(spread / scale.factor)} {scale.unit}"
    return f"{len(objectives)} searches ({names}); {ended} ended where no move improves the plan; {apart}."


def _frontier(found: xr.Dataset, money: MoneyScale) -> Table:
    scale = money_scale(float(np.abs(found["frontier_value"].values).max()), str(found.attrs["currency"]))
    rows = []
    for point in found["point"].values:
        one = found.sel(point=point)
        spent = [_money(money, float(each)) for each in one["frontier_spend"].values]
        rows.append(
            (
                scale.with_error(*estimate(one, "frontier_value")),
                scale.with_error(*estimate(one, "frontier_tail_mean")),
                *spent,
                "yes" if bool(one["frontier_beaten"]) else "",
            )
        )
    columns = (f"Value {scale.unit}", f"CVaR 5% {scale.unit}", *map(str, found["lever"].values), "Beaten")
    notes = (
        f"The best means of the worst 5% of the paths at growing values; spends in {money.unit}. The errors "
        "are those of the levels; on the same draws their differences are known better. Beaten: another one "
        "is better in both on fresh draws.",
    )
    return Table(
        "Efficient frontier on fresh draws", columns, "r" * (len(columns) - 1) + "l", tuple(rows), notes
    )


def _method(found: xr.Dataset) -> str:
    return (
        f"Maximised: {_wanted(found)}. Every plan that the search judges is simulated, so that levers may "
        "work on each other; around a plan every lever is moved alone and the best sum of the moves is the "
        "next plan, by linear programmes with cutting planes for CVaR, until no move improves it."
    )


def _bars(found: xr.Dataset, money: MoneyScale) -> Iterator[Chart]:
    from crcsim.report import figures
    from crcsim.report.pictures import Chart

    names = found["lever"].values[np.argsort(-found["spend"].values, kind="stable")]
    dots = []
    for name in names:
        one = found.sel(lever=name)
        spend, low, high = (float(one[each]) / money.factor for each in ("spend", "spend_low", "spend_high"))
        low, high = (spend, spend) if not np.isfinite(low) else (min(low, spend), max(high, spend))
        side = str(one["side"].values)
        dots.append(figures.LeverDot(str(name), side, spend, low, high, None, fixed(spend, 2)))
    heading = "Where the budget goes"
    label = f"Spend over the horizon, {money.unit}"
    made = figures.lever_dots(dots, label, heading, ("best plan, 5% to 95% of resamples", ""))
    yield Chart("allocation", heading, made)


def _within(values: Floats, reach: float) -> tuple[float, float]:
    """The span of some values, widened to so many times its size about its middle."""
    low, high = float(values.min()), float(values.max())
    middle, half = (low + high) / 2.0, reach * max(high - low, 1e-9) / 2.0
    return middle - half, middle + half


def _curve(found: xr.Dataset) -> Iterator[Chart]:
    from crcsim.report import figures
    from crcsim.report.pictures import Chart

    scale = money_scale(float(np.abs(found["gain"].values).max()), str(found.attrs["currency"]))
    nothing = found.sel(plan="nothing")
    value, tail = (
        (found[f"frontier_{name}"].values - float(nothing[name])) / scale.factor
        for name in ("value", "tail_mean")
    )
    plans = {
        str(name): tuple(
            float(found[each].sel(plan=name) - nothing[each]) / scale.factor
            for each in ("value", "tail_mean")
        )
        for name in ("best", "nothing", "even split")
    }
    near = [_within(tail, 3.0), _within(value, 3.0)]
    plans = {
        name: place
        for name, place in plans.items()
        if near[1][0] <= place[0] <= near[1][1] and near[0][0] <= place[1] <= near[0][1]
    }
    heading = "Efficient frontier: value against the worst 5% of the paths"
    labels = (
        f"Mean of the worst 5% less that of spending nothing, {scale.unit}",
        f"Mean NPV less that of nothing, {scale.unit}",
    )
    made = figures.frontier(tail, value, found["frontier_beaten"].values, plans, labels, heading)
    yield Chart("frontier", heading, made)
