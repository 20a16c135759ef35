"""Revenue, profit and value side by side: a sentence, a chart of ranks and a table, for one strategy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from crcsim.measures.horizons import PAIRS, VIEWS, Disagreement, disagreements
from crcsim.report.numbers import finite, fixed, money_scale
from crcsim.report.table import Table
from crcsim.report.tables import DISCOUNTINGS

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["facts", "headings", "named", "order", "ordinal", "sentence", "table"]

_MOST_NAMED = 3


def ordinal(rank: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 21st ..."""
    ending = "th" if rank % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th")
    return f"{rank}{ending}"


def named(found: xr.Dataset, most: int) -> list[Disagreement]:
    """The largest sure disagreements: those of two ranks or more, or of one where there are no others."""
    rows = disagreements(found)
    return ([row for row in rows if row.places > 1] or rows)[:most]


def sentence(found: xr.Dataset) -> str:
    """Which customers the horizons rank differently, in words."""
    tau = float(found["kendall_tau"].sel(pair="revenue and value"))
    agree = f" (Kendall's tau of revenue and value {tau:.2f})" if np.isfinite(tau) else ""
    rows = named(found, _MOST_NAMED)
    if not rows:
        return f"Revenue, profit and value rank the customers alike, as far as the paths can tell{agree}."
    words = [
        f"{row.customer} is {ordinal(row.first_rank)} by {row.first} but {ordinal(row.second_rank)} by "
        f"{row.second}"
        for row in rows
    ]
    return f"{'; '.join(words)}{agree}."


def headings(found: xr.Dataset) -> tuple[str, str, str]:
    """What each view shows, with its time."""
    near, medium = float(found.attrs["revenue_years"]), float(found.attrs["profit_years"])
    return (
        f"Sales, {12 * near:g} months",
        f"{str(found.attrs['profit']).capitalize().replace(' ii', ' II')}, {_years(medium)}",
        "Value",
    )


def _years(years: float) -> str:
    return f"{years:g} year{'' if years == 1.0 else 's'}"


def order(found: xr.Dataset) -> list[int]:
    """Places of the customers, the most valuable first."""
    return [int(place) for place in np.argsort(-found["amount"].sel(view="value").values, kind="stable")]


def table(found: xr.Dataset) -> Table:
    """Amount, standard error and rank of every customer in the three views, by value."""
    amounts, errors = found["amount"].values, found["amount_standard_error"].values
    scale = money_scale(float(np.abs(amounts).max()), str(found.attrs["currency"]))
    rows = []
    for place in order(found):
        cells = [str(found["customer"].values[place])]
        for view in range(len(VIEWS)):
            pair = float(amounts[place, view]), float(errors[place, view])
            cells += [scale.text(*pair), scale.error_text(*pair), str(int(found["rank"].values[place, view]))]
        rows.append(tuple(cells))
    near, medium, far = headings(found)
    columns = ("Customer", near, "±", "Rank", medium, "±", "Rank", far, "±", "Rank")
    return Table(f"Three horizons ({scale.unit})", columns, "l" + "r" * 9, tuple(rows), tuple(_notes(found)))


def _notes(found: xr.Dataset) -> list[str]:
    taus = zip(PAIRS, found["kendall_tau"].values, strict=True)
    agreement = ", ".join(
        f"{one} and {two} {fixed(float(tau), 2)}" for (one, two), tau in taus if np.isfinite(tau)
    )
    notes = [
        "Expected amounts, ± one standard error (an upper bound for sales and profit); value: mean NPV at "
        f"{DISCOUNTINGS[found.attrs['discounting']]}."
    ]
    if found.attrs["profit"] == "cash flow":
        notes.append("Profit is the cash flow, because the result holds no items to make contribution II of.")
    if agreement:
        notes.append(f"Kendall's tau, 1 for the same order: {agreement}.")
    rows = disagreements(found)
    if rows:
        notes.append(
            "Ranked differently beyond the standard errors (95% for all customers together): "
            + "; ".join(
                f"{row.customer} {ordinal(row.first_rank)} by {row.first}, {ordinal(row.second_rank)} by "
                f"{row.second}"
                for row in rows[:20]
            )
            + ("; and others." if len(rows) > 20 else ".")
        )
    return notes


def facts(found: xr.Dataset) -> dict[str, Any]:
    """All numbers for machines."""
    customers = []
    for place in order(found):
        one = found.isel(customer=place)
        views = {}
        for view in VIEWS:
            each = one.sel(view=view)
            views[view] = {
                "amount": finite(each["amount"]),
                "standard_error": finite(each["amount_standard_error"]),
                **{name: int(each[name]) for name in ("rank", "best_rank", "worst_rank")},
            }
        customers.append({"name": str(found["customer"].values[place]), **views})
    taus = zip(found["pair"].values, found["kendall_tau"].values, strict=True)
    return {
        "profit": found.attrs["profit"],
        "revenue_years": float(found.attrs["revenue_years"]),
        "profit_years": float(found.attrs["profit_years"]),
        "customers": customers,
        "kendall_tau": {str(pair): finite(tau) for pair, tau in taus},
        "disagreements": [
            {
                "customer": row.customer,
                "first": row.first,
                "first_rank": row.first_rank,
                "second": row.second,
                "second_rank": row.second_rank,
            }
            for row in disagreements(found)
        ],
    }
