"""When a strategy has paid back, in the deterministic limit."""

from __future__ import annotations

from typing import Any

from crcsim.report.explained_strategies.known import KnownStrategies, amount
from crcsim.report.explained_strategies.paid import Paid
from crcsim.report.numbers import money_scale
from crcsim.report.table import Table
from crcsim.scenario.strategies import Strategy

__all__ = ["payback_facts", "payback_table"]

_LATER = "not within the horizon"


def payback_table(known: KnownStrategies) -> Table:
    """Extra cash flow against spend, and the year from which on the strategy has paid back."""
    cases = known.cases
    largest = [
        float(abs(amounts).max())
        for _, paid in cases
        for amounts in (known.by_year(paid.extra), known.by_year(paid.spend), paid.cumulative)
    ]
    scale = money_scale(max(largest, default=0.0), known.currency)
    rows = []
    for case, paid in cases:
        label = case.name if case.lever is None else f"  {case.lever} alone"
        for what, amounts in _by_year(known, paid).items():
            cells = [amount(float(amounts[year - 1]), scale) for year in known.shown_years]
            first = what == "extra cash flow"
            rows.append((label if first else "", what, *cells, _text(known, paid) if first else ""))
    years = tuple(f"year {year}" for year in known.shown_years)
    notes = (
        "Expected in the deterministic limit and after tax, as differences to the baseline; losses of "
        "customers at their hazards end spend and effect. Paid back: years until discounted extra cash flows "
        "have made up for the spend for good. Without value after the horizon, executive roles and limits of "
        "capacity.",
    )
    title = f"Pay-back of the strategies ({scale.unit})"
    align = "ll" + "r" * len(years) + "l"
    return Table(title, ("Strategy", "", *years, "Paid back, years"), align, tuple(rows), notes)


def _by_year(known: KnownStrategies, paid: Paid) -> dict[str, Any]:
    return {
        "extra cash flow": known.by_year(paid.extra),
        "spend": known.by_year(paid.spend),
        "cumulative, discounted": known.year_ends(paid.cumulative),
    }


def _text(known: KnownStrategies, paid: Paid) -> str:
    years = paid.year_paid_back(known.per_year)
    if years is None:
        return _LATER
    return "never short" if years == 0.0 else f"{years:.4g}"


def payback_facts(known: KnownStrategies, strategy: Strategy) -> list[dict[str, Any]]:
    """The strategy, then each lever of it alone, by year."""
    return [
        {
            "lever": case.lever,
            **{
                what.replace(", ", "_").replace(" ", "_"): amounts.tolist()
                for what, amounts in _by_year(known, paid).items()
            },
            "paid_back_after": paid.year_paid_back(known.per_year),
        }
        for case, paid in known.cases
        if case.name == strategy.name
    ]
