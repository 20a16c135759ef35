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
    risk, at = float(found.attrs["risk_aversion"]), DISCOUNTINGS[str(found.attrs["discounting"])]
    worth = f" plus {risk:g} x its mean on the worst 5 % of the portfolio's paths" if risk else ""
    part = Part(
        "Where executives belong",
        tuple(table.labelled(label) for table in (_post_table(found), _sum_table(found))),
        lambda: _charts(found),
        (
            f"A role counts at a customer with its mean effect on NPV at {at}{worth}; the assignment of the "
            "highest sum was chosen on other draws than those that judge it. By sales: the same posts, all "
            "filled, for the largest customers of today.",
        ),
    )
    return Answer("where executives in limited number belong", _finding(found), found, (part,))


def _finding(found: xr.Dataset) -> str:
    """Whether the assignment surely beats that by sales, who gets whom, and what another post is worth."""
    scale = _scale(found)
    gain, error = estimate(found.sel(choice="assigned"), "gain")
    apart, apart_error = estimate(found, "difference")
    served = _served(found, "role_assigned")
    if not served:
        return f"No post pays for itself: no role adds to the value of any customer.{_more(found, scale)}"
    if _same(found):
        compared = "is what sales of today would have said"
    elif abs(apart) <= INTERVAL * apart_error:
        compared = "is not distinguishable from assigning by sales of today"
    else:
        word = "more" if apart > 0 else "less"
        compared = (
            f"brings {scale.with_error(abs(apart), apart_error)} {scale.unit} {word} than by sales of today"
        )
    amount = f"{scale.with_error(gain, error)} {scale.unit}"
    worth = f"it is worth {amount} over nobody"
    if abs(gain) <= INTERVAL * error:
        worth = f"it is not distinguishable from nobody at all ({amount})"
    return f"Assigning {served} {compared}; {worth}.{_more(found, scale)}"


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
    if abs(value) <= INTERVAL * error:
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
    for place in order[:_MOST_ROWS]:
        one = found.isel(customer=place)
        rows.append(
            (
                str(one["customer"].values),
                *(scale.with_error(*estimate(one.sel(role=role), "value")) for role in roles),
                sales.text(float(one["sales_today"]), np.nan),
                *(_named(str(one[name].values)) or MISSING for name in ("role_assigned", "role_by_sales")),
            )
        )
    columns = (
        "Customer",
        *(f"{_named(role)} ({scale.unit})" for role in roles),
        f"Sales ({sales.unit})",
        "Assigned",
        "By sales",
    )
    align = "l" + "r" * (len(roles) + 1) + "ll"
    more = (f"{len(order) - _MOST_ROWS} more in the file.",) if len(order) > _MOST_ROWS else ()
    notes = ("What a role adds to the customer's value, alone; sales of the first period.", *more)
    return Table("What each role would add", columns, align, tuple(rows), notes)


def _sum_table(found: xr.Dataset) -> Table:
    scale, paths = _scale(found), int(found.attrs["paths"])
    told = [
        ("assigned, over nobody", estimate(found.sel(choice="assigned"), "gain")),
        ("by sales, over nobody", estimate(found.sel(choice="by sales"), "gain")),
        ("assigned less by sales", estimate(found, "difference")),
        ("assigned, as the draws of the choice promised", estimate(found, "in_sample")),
        *(
            (f"one more {_named(str(role))}", estimate(found.sel(role=role), "one_more"))
            for role in found["role"].values
            if np.isfinite(float(found["limit"].sel(role=role)))
        ),
        ("sponsor programme, executives as they come", estimate(found, "sponsor")),
    ]
    if _same(found):
        told = [row for row in told if row[0] not in ("by sales, over nobody", "assigned less by sales")]
    rows = tuple((words, scale.text(*pair), scale.error_text(*pair) or MISSING) for words, pair in told)
    share = probability(float(found["better"]), paths)
    note = f"The assignment is worth more than that by sales on {share} of the paths."
    note = "By sales: the same assignment." if _same(found) else note
    return Table("Value", ("", f"Value ({scale.unit})", "±"), "lrr", rows, (note,))


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
    label = f"expected NPV, 95% interval ({scale.unit})"
    yield Chart("roles", heading, figures.side_by_side(names, panels, label, heading))


def _dot(one: xr.Dataset, role: str, scale: MoneyScale) -> Estimate:
    from crcsim.report import figures

    value, error = estimate(one.sel(role=role), "value")
    text = "assigned" if str(one["role_assigned"].values) == role else ""
    return figures.Estimate(value / scale.factor, INTERVAL * error / scale.factor, text)
