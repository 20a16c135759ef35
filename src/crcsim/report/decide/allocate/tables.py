"""Tables of `decide allocate`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from crcsim.report.decide.allocate.words import amount, listed, wanted
from crcsim.report.decide.answer import estimate
from crcsim.report.numbers import MISSING, MoneyScale, fixed, money_scale, number, percent
from crcsim.report.table import Table
from crcsim.report.tables import DISCOUNTINGS

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["curse", "frontier", "method", "plans", "spends", "starts"]


def spends(found: xr.Dataset, money: MoneyScale) -> Table:
    """The plan, and how far the paths of the search settle it."""
    rows = []
    for name in found["lever"].values[np.argsort(-found["spend"].values, kind="stable")]:
        one = found.sel(lever=name)
        low, high = (float(one[f"spend_{end}"]) for end in ("low", "high"))
        rows.append(
            (
                str(name),
                amount(money, float(one["spend"])),
                fixed(100.0 * float(one["spend_factor"]), 0),
                f"{amount(money, low)} to {amount(money, high)}" if np.isfinite(low) else MISSING,
                _share(one, "funded"),
                _share(one, "rank_held"),
                str(one["bound"].values),
            )
        )
    total = amount(money, float(found["spend"].sum()))
    columns = (
        "Lever",
        "Spend",
        "Of its programme %",
        "As good",
        "Gets money in %",
        "Same rank in %",
        "At its",
    )
    return Table(
        f"Spend over the horizon ({money.unit})",
        columns,
        "lrrrrrl",
        (*rows, ("total", total, "", "", "", "", "")),
        (_spend_note(found),),
        1,
    )


def _share(one: xr.Dataset, name: str) -> str:
    share = float(one[name])
    return fixed(100.0 * share, 0) if np.isfinite(share) else MISSING


def _spend_note(found: xr.Dataset) -> str:
    binding = str(found.attrs["binding"])
    order = float(found["order_held"])
    held = f"; all levers have theirs in {percent(order, 0.0, 0)}" if np.isfinite(order) else ""
    return (
        f"{binding[:1].upper()}{binding[1:]}. As good: spends of plans that are not behind the best by more "
        "than the sampling error (95%, each alone): on the paths of the search, with the other levers as "
        "good as they can be, or on fresh ones, of the plans below. Gets money, same rank by spend: in the "
        "best plans of resamples of the paths of the search, solved with what each lever brings around the "
        f"plan, along straight lines between simulated spends{held}."
    )


def plans(found: xr.Dataset) -> Table:
    """The plain plans beside the best one."""
    scale = money_scale(float(np.abs(found["value"].values).max()), str(found.attrs["currency"]))
    apart = money_scale(
        max(float(np.abs(found[name].values).max()) for name in ("gain", "behind_best")),
        str(found.attrs["currency"]),
    )
    rows = []
    for name in found["plan"].values:
        one = found.sel(plan=name)
        rows.append(
            (
                str(name),
                scale.text(*estimate(one, "value")),
                apart.with_error(*estimate(one, "gain")),
                scale.with_error(*estimate(one, "tail_mean")),
                apart.with_error(*estimate(one, "behind_best")) if name != "best" else "",
                _surely(found, one) if name != "best" else "",
                _share(one, "ahead_share") if name != "best" else "",
            )
        )
    columns = (
        "Plan",
        f"Value {scale.unit}",
        f"Over nothing {apart.unit}",
        f"CVaR 5% {scale.unit}",
        f"Behind the best {apart.unit}",
        "Surely",
        "In %",
    )
    return Table("Plans on fresh draws", columns, "lrrrrlr", tuple(rows), (_plan_note(found),))


def _surely(found: xr.Dataset, one: xr.Dataset) -> str:
    """Whether a plan is behind the best one beyond the sampling error, if it is another one and allowed."""
    if _same(found, one["plan_spend"]):
        return "same plan"
    if not bool(one["allowed"]):
        return "not allowed"
    if bool(one["ahead_established"]):
        return "ahead"
    return "yes" if bool(one["behind_established"]) else "no"


def _plan_note(found: xr.Dataset) -> str:
    at = DISCOUNTINGS[str(found.attrs["headline"])]
    told = (
        f"Value: mean NPV at {at}; CVaR: mean of the worst 5% at the risk-free rate, so that risk is not "
        f"charged twice. Behind the best: in {wanted(found)}, on the same draws; surely: beyond the sampling "
        "error of all comparisons together, 95%; in %: of resamples of these paths. All on "
        f"{int(found.attrs['paths']):,} paths of seed {found.attrs['fresh_seed']}, which the search did not "
        "see."
    )
    if not found["allowed"].values.all():
        told = f"{told} Not allowed: below a lower bound, or below the floor on the paths of the search."
    return told


def curse(found: xr.Dataset) -> Table:
    """The gain on the paths of the search beside that on fresh ones."""
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
        f"In {wanted(found)}. The best of many plans looks better on the paths that chose it than it is "
        "(optimiser's curse); the fresh number is the one to report.",
    )
    return Table(f"Gain of the best plan over nothing ({scale.unit})", ("", "Gain"), "lr", rows, notes)


def starts(found: xr.Dataset) -> str:
    """How far the ends of the searches differ."""
    objectives = found["start_objective"].values
    spread = float(np.ptp(objectives))
    scale = money_scale(max(spread, 1e-9), str(found.attrs["currency"]))
    ended, names = int(found["converged"].sum()), listed([str(name) for name in found["start"].values])
    apart = f"their objectives differ by at most {number(spread / scale.factor)} {scale.unit}"
    return f"{len(objectives)} searches ({names}); {ended} ended where no move improves the plan; {apart}."


def frontier(found: xr.Dataset, money: MoneyScale) -> Table:
    """Plans on the frontier, beside the best one on the same draws."""
    currency = str(found.attrs["currency"])
    scale = money_scale(float(np.abs(found["frontier_value"].values).max()), currency)
    apart = money_scale(float(np.abs(found["frontier_behind_best"].values).max()), currency)
    rows = []
    for point in found["point"].values:
        one = found.sel(point=point)
        spent = [amount(money, float(each)) for each in one["frontier_spend"].values]
        rows.append(
            (
                scale.with_error(*estimate(one, "frontier_value")),
                scale.with_error(*estimate(one, "frontier_tail_mean")),
                *spent,
                _behind(found, one, apart),
                "yes" if bool(one["frontier_beaten"]) else "",
            )
        )
    columns = (
        f"Value {scale.unit}",
        f"CVaR 5% {scale.unit}",
        *map(str, found["lever"].values),
        f"Behind the best {apart.unit}",
        "Beaten",
    )
    notes = (
        f"The best means of the worst 5% of the paths at growing values; spends in {money.unit}. The errors "
        f"of value and CVaR are those of the levels. Behind the best: in {wanted(found)}, on the same draws. "
        "Beaten: the best plan or another one is better in value and CVaR, both beyond the sampling error of "
        "all pairs together, 95%.",
    )
    return Table(
        "Efficient frontier on fresh draws", columns, "r" * (len(columns) - 1) + "l", tuple(rows), notes
    )


def _behind(found: xr.Dataset, one: xr.Dataset, apart: MoneyScale) -> str:
    """How far a plan of the frontier is behind the best plan, if it is another one."""
    if _same(found, one["frontier_spend"]):
        return "same plan"
    told = apart.with_error(*estimate(one, "frontier_behind_best"))
    return told if bool(one["frontier_allowed"]) else f"{told}, below the floor"


def _same(found: xr.Dataset, spend: xr.DataArray) -> bool:
    """Whether a plan is the best one but for rounding."""
    return float(np.abs((spend - found["spend"]).values).max()) <= 1e-6 * float(found.attrs["budget"])


def method(found: xr.Dataset) -> str:
    """How the plan was found."""
    return (
        f"Maximised: {wanted(found)}. Every plan that the search judges is simulated, so that levers may "
        "work on each other; around a plan every lever is moved alone and the best sum of the moves is the "
        "next plan, by linear programmes with cutting planes for CVaR, until no move improves it."
    )
