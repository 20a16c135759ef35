"""Spend of the levers by year, when it goes out and when it takes effect, stocks and responses (MODEL 5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from crcsim.compile.responses import curve
from crcsim.report.expectation.shifts import Acting
from crcsim.report.explained_strategies.known import KnownStrategies, amount
from crcsim.report.numbers import money_scale
from crcsim.report.table import Table
from crcsim.scenario.strategies import Plan, Strategy

__all__ = ["course_facts", "response_table", "spend_table"]

_WAITING = "A plan that waits for a trigger is shown as if it came at the valuation date."


def _planned(known: KnownStrategies) -> Iterator[tuple[Strategy, Plan, Acting]]:
    for strategy in known.scenario.strategies:
        for plan, each in zip(strategy.plans, known.acting[strategy.name], strict=True):
            yield strategy, plan, each


def _notes(known: KnownStrategies, *notes: str) -> tuple[str, ...]:
    waits = any(plan.trigger is not None for _, plan, _ in _planned(known))
    return (*notes, _WAITING) if waits else notes


def spend_table(known: KnownStrategies) -> Table:
    """What the levers of every strategy cost, from when on, and when it begins to take effect."""
    planned = list(_planned(known))
    spends = [known.by_year(each.course.spend) for _, _, each in planned]
    scale = money_scale(max((float(spend.max()) for spend in spends), default=0.0), known.currency)
    rows = [
        (
            strategy.name,
            plan.lever if plan.programme is None else f"{plan.lever} ({plan.programme})",
            known.target(each.lever.target),
            each.lever.booked_as,
            known.start(plan),
            known.takes_effect(plan, each.lever),
            *(amount(float(spend[year - 1]), scale) for year in known.shown_years),
        )
        for (strategy, plan, each), spend in zip(planned, spends, strict=True)
    ]
    texts = ("Strategy", "Lever", "For", "Booked as", "Money from", "Effect from")
    years = tuple(f"year {year}" for year in known.shown_years)
    notes = _notes(
        known,
        "Maintenance included, which in the baseline goes on; at prices of the valuation date, if the "
        "relation lasts.",
    )
    title = f"Spend on levers by strategy ({scale.unit} a year)"
    return Table(title, (*texts, *years), "llllll" + "r" * len(years), tuple(rows), notes)


def response_table(known: KnownStrategies) -> Table:
    """Stocks and responses at the ends of years."""
    planned = list(_planned(known))
    largest = max((float(each.course.stock.max()) for _, _, each in planned), default=0.0)
    scale = money_scale(largest, known.currency)
    rows = []
    for strategy, plan, each in planned:
        bend = curve(each.lever, known.values, known.values, 1.0 / known.per_year)
        stock, part = known.year_ends(each.course.stock), known.year_ends(each.course.response)
        shown = [year - 1 for year in known.shown_years]
        today, half = (amount(float(level[0]), scale) for level in (bend.stock_now, bend.half))
        rows.append(
            (
                strategy.name,
                plan.lever,
                "stock",
                half,
                today,
                *(amount(float(stock[y]), scale) for y in shown),
            )
        )
        rows.append((*[""] * 2, "response %", "", "0.0", *(f"{100 * part[y]:.1f}" for y in shown)))
    years = tuple(f"year {year}" for year in known.shown_years)
    notes = _notes(
        known,
        "Stock: what was spent and has not decayed. Response: part of a stated effect, at the ends of years; "
        "0% today, 100% with unlimited spend, below 0% with less stock than today.",
    )
    title = f"Stocks ({scale.unit}) and responses of the levers"
    columns = ("Strategy", "Lever", "", "Half effect", "Today", *years)
    return Table(title, columns, "lll" + "r" * (2 + len(years)), tuple(rows), notes)


def course_facts(known: KnownStrategies, strategy: Strategy, each: Acting) -> dict[str, Any]:
    """One lever of a strategy by year."""
    plan = next(plan for plan in strategy.plans if plan.lever == each.lever.name)
    bend = curve(each.lever, known.values, known.values, 1.0 / known.per_year)
    trigger = plan.trigger
    return {
        "lever": each.lever.name,
        "target": {"kind": each.lever.target.kind, "names": list(each.lever.target.names)},
        "booked_as": each.lever.booked_as,
        "start": None if trigger is not None else plan.start,
        "trigger": None if trigger is None else dict(vars(trigger)),
        "lag": each.lever.response.lag,
        "maintenance": each.lever.maintenance * plan.maintenance,
        "spend": known.by_year(each.course.spend).tolist(),
        "stock_now": float(bend.stock_now[0]),
        "half_effect_stock": float(bend.half[0]),
        "steepness": float(bend.steepness[0]),
        "stock": known.year_ends(each.course.stock).tolist(),
        "response": known.year_ends(each.course.response).tolist(),
        "amplified": np.asarray(known.year_ends(each.course.boost)).tolist(),
    }
