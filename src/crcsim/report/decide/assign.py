"""The answer of `decide assign`: where scarce executives belong, and whether it beats assigning by sales."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from crcsim.measures.estimates import INTERVAL
from crcsim.report.decide.answer import Answer, Part, estimate
from crcsim.report.numbers import MISSING, MoneyScale, money_scale, probability
from crcsim.report.table import Table
from crcsim.report.tables import DISCOUNTINGS

if TYPE_CHECKING:
    import xarray as xr

    from crcsim.report.figures import Estimate
    from crcsim.report.pictures import Chart

__all__ = ["answer"]

_MOST_ROWS = 24


def answer(found: xr.Dataset) -> Answer:
    """The answer of `decisions.assign` for people."""
    strategy = str(found.attrs["strategy"])
    label = f"beside strategy {strategy}" if strategy != "baseline" else ""
    at = DISCOUNTINGS[str(found.attrs["discounting"])]
    if _averse(found):
        counted = (
            f"A role counts at a customer with its risk-adjusted effect on NPV: {_criterion(found)}, the "
            f"paths being the worst without executives, at {at}."
        )
    else:
        counted = f"A role counts at a customer with its mean effect on NPV at {at}."
    part = Part(
        "Where executives belong",
        tuple(table.labelled(label) for table in (_post_table(found), _sum_table(found))),
        lambda: _charts(found),
        (
            f"{counted} The assignment of the highest sum was chosen on other draws than those that judge "
            "it. By sales: the same posts, all filled, for the customers with the largest expected sales of "
            "the next 12 months.",
        ),
    )
    return Answer("where executives in limited number belong", _finding(found), found, (part,))


def _averse(found: xr.Dataset) -> bool:
    """Whether the choice is by mean and risk, not by the mean alone."""
    return float(found.attrs["risk_aversion"]) > 0.0


def _criterion(found: xr.Dataset) -> str:
    """What an effect is worth where risk counts, in words."""
    return (
        f"mean plus {float(found.attrs['risk_aversion']):g} x mean on the worst 5% of the portfolio's paths"
    )


def _finding(found: xr.Dataset) -> str:
    """Whether the assignment surely beats that by sales, who gets whom, and what another post is worth."""
    scale = _scale(found)
    gain, error = estimate(found.sel(choice="assigned"), "gain")
    apart, apart_error = estimate(found, "difference")
    served = _served(found, "role_assigned")
    if not served:
        by = f" by {_criterion(found)}" if _averse(found) else ""
        return f"No post pays for itself: no role adds to the value of any customer{by}.{_more(found, scale)}"
    if _same(found):
        compared = "is what sales of today would have said"
    elif not abs(apart) > INTERVAL * apart_error:
        compared = "is not distinguishable from assigning by sales of today"
    else:
        word = "more" if apart > 0 else "less"
        compared = (
            f"brings {scale.with_error(abs(apart), apart_error)} {scale.unit} {word} than by sales of today"
        )
    amount = f"{scale.with_error(gain, error)} {scale.unit}"
    by = ""
    if _averse(found):
        amount += " risk-adjusted"
        mean = scale.with_error(*estimate(found.sel(choice="assigned"), "gain_mean"))
        by = f" (all by {_criterion(found)}; in the mean alone {mean} {scale.unit} over nobody)"
    worth = f"it is worth {amount} over nobody"
    if not abs(gain) > INTERVAL * error:
        worth = f"it is not distinguishable from nobody at all ({amount})"
    return f"Assigning {served} {compared}; {worth}{by}.{_more(found, scale)}"


def _same(found: xr.Dataset) -> bool:
    """Whether both ways give the same customers the same roles."""
    return bool((found["role_assigned"].values == found["role_by_sales"].values).all())


def _served(found: xr.Dataset, name: str) -> str:
    """Customers by role, in words."""
    parts = []
    for role in found["role"].values:
        names = [str(each) for each in found["customer"].values[found[name].values == role]]
        if names:
            article = "a " if len(names) == 1 else ""
            parts.append(f"{article}{_named(str(role), len(names))} to {', '.join(names)}")
    return " and ".join(parts)


def _named(role: str, count: int = 1) -> str:
    words = role.replace("_", " ")
    return words if count == 1 or role == "hands_off" else f"{words}s"


def _more(found: xr.Dataset, scale: MoneyScale) -> str:
    """What one more post is worth, and the sponsor programme."""
    told = []
    for role in found["role"].values:
        one = found.sel(role=role)
        if not np.isfinite(float(one["limit"])):
            continue
        told.append(f"one more {_named(str(role))} {_worth(*estimate(one, 'one_more'), scale)}")
    told.append(f"the sponsor programme {_worth(*estimate(found, 'sponsor'), scale)}")
    text = ", ".join(told)
    return f" {text[0].upper()}{text[1:]}."


def _worth(value: float, error: float, scale: MoneyScale) -> str:
    if value == 0.0 and error == 0.0:
        return "would add nothing"
    if not abs(value) > INTERVAL * error:
        return f"is not distinguishable from worthless ({scale.with_error(value, error)} {scale.unit})"
    word = "adds" if value > 0 else "costs"
    return f"{word} {scale.with_error(abs(value), error)} {scale.unit}"


def _scale(found: xr.Dataset) -> MoneyScale:
    largest = max(
        float(np.abs(found[name].values).max()) for name in ("gain", "difference", "one_more", "sponsor")
    )
    return money_scale(largest, str(found.attrs["currency"]))


def _order(found: xr.Dataset) -> list[int]:
    """Places of the customers, by the best role that they could have."""
    return [int(place) for place in np.argsort(-found["value"].values.max(axis=1), kind="stable")]


def _post_table(found: xr.Dataset) -> Table:
    currency = str(found.attrs["currency"])
    scale = money_scale(float(np.abs(found["value"].values).max()), currency)
    sales = money_scale(float(np.abs(found["sales_today"].values).max()), currency)
    order, rows = _order(found), []
    roles = [str(role) for role in found["role"].values]
    told = {"value": ", risk-adjusted", "value_mean": ", mean"} if _averse(found) else {"value": ""}
    for place in order[:_MOST_ROWS]:
        one = found.isel(customer=place)
        rows.append(
            (
                str(one["customer"].values),
                *(scale.with_error(*estimate(one.sel(role=role), name)) for role in roles for name in told),
                sales.text(*estimate(one, "sales_today")),
                *(_named(str(one[name].values)) or MISSING for name in ("role_assigned", "role_by_sales")),
            )
        )
    columns = (
        "Customer",
        *(f"{_named(role)}{words} ({scale.unit})" for role in roles for words in told.values()),
        f"Sales, next 12 months ({sales.unit})",
        "Assigned",
        "By sales",
    )
    align = "l" + "r" * (len(roles) * len(told) + 1) + "ll"
    more = (f"{len(order) - _MOST_ROWS} more in the file.",) if len(order) > _MOST_ROWS else ()
    adjusted = f" Risk-adjusted: {_criterion(found)}; the plain mean beside it." if _averse(found) else ""
    notes = (f"What a role adds to the customer's value, alone.{adjusted}", *more)
    return Table("What each role would add", columns, align, tuple(rows), notes)


def _sum_table(found: xr.Dataset) -> Table:
    scale, paths = _scale(found), int(found.attrs["paths"])
    assigned, by_sales = (found.sel(choice=choice) for choice in ("assigned", "by sales"))
    told = [
        ("assigned, over nobody", assigned, "gain"),
        ("by sales, over nobody", by_sales, "gain"),
        ("assigned less by sales", found, "difference"),
        ("assigned, as the draws of the choice promised", found, "in_sample"),
        *(
            (f"one more {_named(str(role))}", found.sel(role=role), "one_more")
            for role in found["role"].values
            if np.isfinite(float(found["limit"].sel(role=role)))
        ),
        ("sponsor programme, executives as they come", found, "sponsor"),
    ]
    if _same(found):
        told = [row for row in told if row[0] not in ("by sales, over nobody", "assigned less by sales")]
    columns = ["", f"{'Risk-adjusted' if _averse(found) else 'Value'} ({scale.unit})", "±"]
    columns += [f"Mean ({scale.unit})", "±"] if _averse(found) else []
    rows = []
    for words, cell, name in told:
        pairs = [estimate(cell, each) for each in (name, f"{name}_mean")[: 1 + _averse(found)]]
        numbers = [text for pair in pairs for text in (scale.text(*pair), scale.error_text(*pair) or MISSING)]
        rows.append((words, *numbers))
    share = probability(float(found["better"]), paths)
    note = f"The assignment is worth more than that by sales on {share} of the paths."
    notes = ["By sales: the same assignment." if _same(found) else note]
    if _averse(found):
        notes.append(f"Risk-adjusted: {_criterion(found)}.")
    align = "l" + "r" * (len(columns) - 1)
    return Table("Value", tuple(columns), align, tuple(rows), tuple(notes))


def _charts(found: xr.Dataset) -> Iterator[Chart]:
    from crcsim.report import figures
    from crcsim.report.pictures import Chart

    order = _order(found)[:_MOST_ROWS]
    scale = money_scale(float(np.abs(found["value"].values).max()), str(found.attrs["currency"]))
    names = [str(found["customer"].values[place]) for place in order]
    panels = [
        (_named(str(role)), [_dot(found.isel(customer=place), str(role), scale) for place in order])
        for role in found["role"].values
    ]
    heading = "What a role would add at each customer"
    what = "risk-adjusted effect on NPV" if _averse(found) else "expected NPV"
    label = f"{what}, 95% interval ({scale.unit})"
    yield Chart("roles", heading, figures.side_by_side(names, panels, label, heading))


def _dot(one: xr.Dataset, role: str, scale: MoneyScale) -> Estimate:
    from crcsim.report import figures

    value, error = estimate(one.sel(role=role), "value")
    text = "assigned" if str(one["role_assigned"].values) == role else ""
    return figures.Estimate(value / scale.factor, INTERVAL * error / scale.factor, text)
