"""The answer of `decide allocate`: where a budget goes, and what that is worth on fresh draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crcsim.report.decide.allocate import tables
from crcsim.report.decide.allocate.charts import bars, curve
from crcsim.report.decide.allocate.finding import finding
from crcsim.report.decide.allocate.words import beside
from crcsim.report.decide.answer import Answer, Part
from crcsim.report.numbers import money_scale

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["answer"]


def answer(found: xr.Dataset) -> Answer:
    """The answer of `decisions.allocate` for people."""
    money, label = money_scale(float(found.attrs["budget"]), str(found.attrs["currency"])), beside(found)
    return Answer(
        "how the budget is best spent on levers",
        finding(found, money),
        found,
        (
            Part(
                "Spend",
                (tables.spends(found, money).labelled(label),),
                lambda: bars(found, money),
                (tables.method(found),),
            ),
            Part(
                "On fresh draws",
                (tables.plans(found).labelled(label), tables.curse(found).labelled(label)),
                texts=(tables.starts(found),),
            ),
            Part(
                "Efficient frontier",
                (tables.frontier(found, money).labelled(label),),
                lambda: curve(found),
            ),
        ),
    )
