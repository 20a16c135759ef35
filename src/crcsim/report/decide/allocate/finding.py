"""The sentence of `decide allocate`: where the budget goes, and what supports it on fresh draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from crcsim.measures.estimates import INTERVAL
from crcsim.report.decide.allocate.words import amount, listed, spent, wanted
from crcsim.report.decide.answer import estimate
from crcsim.report.numbers import MoneyScale, money_scale, rounded

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["finding"]

#: Plans of the frontier are told by so many levers, those that they differ in most.
_MOST_LEVERS = 3


@dataclass(frozen=True)
class _Other:
    """Another plan that the limits allow: a plain one, or a point of the frontier."""

    name: str
    spend: xr.DataArray
    behind: tuple[float, float]  # the objective of the best plan less its own, and the error of that
    established: bool  # that it is behind
    ahead: bool  # that it is ahead
    frontier: bool


def finding(found: xr.Dataset, money: MoneyScale) -> str:
    """The plan, whether it is surely better than the others, what holds it back, and what the next unit of
    budget would add.
    """
    others = _others(found, money)
    budget = f"{money.text(float(found.attrs['budget']), 0.0)} {money.unit}"
    given = spent(found, found["spend"], money)
    if not given:
        return f"Of {budget} nothing is best spent: {_nothing(found, others)}."
    lead = f"of {budget} go {listed(given)}"
    if found.attrs["objective"] != "mean":
        lead = f"to maximise {wanted(found)}, {lead}"
    left = float(found.attrs["budget"]) - float(found["spend"].sum())
    if left > 1e-3 * float(found.attrs["budget"]):
        lead = f"{lead}, and {amount(money, left)} {money.unit} stay unspent"
    parts = [f"{_capital(lead)}, {_worth(found)} on fresh draws{_verdict(found, others, money)}"]
    parts += str(found.attrs["binding"]).split("; ")[1:]  # the budget is told by the spends
    return f"{'; '.join(parts)}; {_next(found)}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _worth(found: xr.Dataset) -> str:
    """The mean NPV over nothing, and the objective where that is another one."""
    gain = estimate(found.sel(plan="best"), "gain")
    told = f"worth {_more(found, gain)} than nothing"
    if not bool(found["allowed"].sel(plan="nothing")):
        told = f"{told} (which the limits do not allow)"
    if found.attrs["objective"] != "mean":
        told = f"{told} in mean NPV and {_more(found, estimate(found, 'fresh_gain'))} in what is maximised"
    return told


def _more(found: xr.Dataset, gain: tuple[float, float]) -> str:
    scale = money_scale(gain[0], str(found.attrs["currency"]))
    more = "more" if gain[0] >= 0.0 else "less"
    return f"{scale.with_error(abs(gain[0]), gain[1])} {scale.unit} {more}"


def _others(found: xr.Dataset, money: MoneyScale) -> list[_Other]:
    """Plans other than the best that the limits allow."""
    best = found["spend"]
    told = []
    for dim, prefix, spends in (("plan", "", "plan_spend"), ("point", "frontier_", "frontier_spend")):
        for label in found[dim].values:
            one = found.sel({dim: label})
            apart = float(np.abs((one[spends] - best).values).max())
            if apart <= 1e-3 * float(found.attrs["budget"]) or not bool(one[f"{prefix}allowed"]):
                continue
            given = listed(spent(found, one[spends], money) or ["nothing to any lever"])
            told.append(
                _Other(
                    str(label) if dim == "plan" else f"a plan of the frontier ({given})",
                    one[spends],
                    estimate(one, f"{prefix}behind_best"),
                    bool(one[f"{prefix}behind_established"]),
                    bool(one[f"{prefix}ahead_established"]),
                    dim == "point",
                )
            )
    return told


def _apart(found: xr.Dataset, other: _Other) -> str:
    """How far another plan is from the best one."""
    scale = money_scale(other.behind[0], str(found.attrs["currency"]))
    where = "behind" if other.behind[0] >= 0.0 else "ahead"
    return f"{where} by {scale.with_error(abs(other.behind[0]), other.behind[1])} {scale.unit}"


def _nothing(found: xr.Dataset, others: list[_Other]) -> str:
    """What supports that nothing is spent."""
    if not others:
        return f"no other plan that was judged meets the limits, for {wanted(found)}"
    nearest = min(others, key=lambda each: each.behind[0])
    if nearest.ahead:
        return (
            f"the search found no plan that improves {wanted(found)}, but on fresh draws {nearest.name} is "
            f"{_apart(found, nearest)}"
        )
    open_ = [each for each in others if not each.established]
    if open_:
        near = min(open_, key=lambda each: each.behind[0])
        return (
            f"no plan improves {wanted(found)} beyond the sampling error; {near.name} is "
            f"{_apart(found, near)}, not distinguishable on fresh draws"
        )
    return (
        f"nothing improves {wanted(found)}; the best alternative, {nearest.name}, is "
        f"{_apart(found, nearest)} on fresh draws"
    )


def _verdict(found: xr.Dataset, others: list[_Other], money: MoneyScale) -> str:
    """Whether the plan is ahead of the others beyond the sampling error."""
    ahead = [each for each in others if each.ahead]
    if ahead:
        first = min(ahead, key=lambda each: each.behind[0])
        return f", but {first.name} is {_apart(found, first)} there"
    close = [each.name for each in others if not each.frontier and not each.established]
    points = [each for each in others if each.frontier and not each.established]
    if points:
        close.append(f"plans of the frontier that give {_ranges(found, points, money)}")
    if close:
        return f", but not distinguishable from {listed(close)}"
    beyond = " and of the frontier" if any(each.frontier for each in others) else ""
    return f" and ahead of the other plans{beyond} beyond the sampling error" if others else ""


def _ranges(found: xr.Dataset, points: list[_Other], money: MoneyScale) -> str:
    """The spends of plans of the frontier on the levers in which they differ most from the best plan."""
    spends = np.array([each.spend.values for each in points])
    apart = np.abs(spends - found["spend"].values).max(axis=0)
    told: list[str] = []
    for place in np.argsort(-apart, kind="stable")[:_MOST_LEVERS]:
        if apart[place] > 1e-2 * float(found.attrs["budget"]) or not told:
            low, high = (amount(money, float(end(spends[:, place]))) for end in (np.min, np.max))
            between = low if low == high else f"{low} to {high}"
            told.append(f"{between} {money.unit} to {found['lever'].values[place]}")
    return listed(told)


def _next(found: xr.Dataset) -> str:
    """What the next unit of budget would add."""
    (price, error), currency = estimate(found, "shadow_price"), str(found.attrs["currency"])
    if price <= INTERVAL * error:
        return "more budget would add nothing that can be told from zero"
    beside_it = f" ± {rounded(error, error, 2)}" if float(rounded(error, error, 2)) > 0.0 else ""
    adds = f"{rounded(price, error, 2)}{beside_it} {currency}"
    return f"the next {currency} of budget would add {adds} to {_aim(found)}"


def _aim(found: xr.Dataset) -> str:
    return wanted(found) if found.attrs["objective"] == "mean" else "what is maximised"
