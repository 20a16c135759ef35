"""Costs of the customers today, what of them is in notice, investments, shareholder value (MODEL 8)."""

from __future__ import annotations

from typing import Any

import numpy as np

from crcsim.report.assumptions import number_text
from crcsim.report.expectation import CostsNow
from crcsim.report.explained_costs.known import Known, largest, short
from crcsim.report.numbers import finite, money_scale
from crcsim.report.table import Table
from crcsim.scenario.quantity import Distribution
from crcsim.valuation.shareholder import shareholder_value

__all__ = [
    "costs_facts",
    "costs_table",
    "investment_facts",
    "investment_table",
    "shareholder_facts",
    "shareholder_table",
]


def costs_table(known: Known) -> Table:
    """Today's costs of the customers, where there is more to say than their direct cost."""
    costs = {each.name: each.costs_now for each in known.expected}
    stated = any(customer.costs or customer.processes for customer in known.scenario.customers)
    if not stated and not any(cost.of_volume for cost in costs.values()):
        return Table("", (), "", ())
    names, notes = largest(
        {name: cost.total for name, cost in costs.items()}, "Customers with the highest costs"
    )
    scale = money_scale(max(cost.total for cost in costs.values()), known.currency)
    rows = []
    for name in names:
        cost = costs[name]
        years = [years for years, amount in cost.notices if amount and np.isfinite(years)]
        amounts = (cost.variable, cost.of_volume, cost.fixed, cost.idle, cost.in_notice)
        longest = f"{max(years):.3g}" if years else ""
        rows.append((name, *(short(x, scale) for x in amounts), longest, short(cost.never_ends, scale)))
    explained = (
        "Of the volume: orders, processes and all else that follows it. In notice: what of these costs goes "
        "on after the end of the relation, at most for so many years; what never ends stays with the company."
    )
    columns = ("Customer", "Variable", "Of the volume", "Fixed", "Idle capacity", "In notice", "years")
    title = f"Costs of the customers today ({scale.unit} a year)"
    return Table(title, (*columns, "Never ends"), "lrrrrrrr", tuple(rows), (explained, *notes))


def costs_facts(costs: CostsNow) -> dict[str, Any]:
    notices = [{"years": finite(years), "per_year": cost} for years, cost in costs.notices]
    return {**vars(costs), "notices": notices}


def investment_table(known: Known) -> Table:
    """Investments by date."""
    found = known.investments
    amounts = {place: known.mean(each.amount) for place, (_, each) in enumerate(found)}
    places, notes = largest(amounts, "Largest investments")
    rows = []
    for place in sorted(places):
        customer, each = found[place]
        uncertain = "~" if isinstance(each.amount.value, Distribution) else ""
        text = uncertain + number_text("amount", amounts[place], known.currency)
        rows.append((known.date(each.at), customer.name, each.name, text))
    note = "At prices of the valuation date; paid if the relation is active then."
    return Table("Investments", ("Date", "Customer", "For", "Amount"), "lllr", tuple(rows), (note, *notes))


def investment_facts(known: Known) -> list[dict[str, Any]]:
    """The same for machines, all of them."""
    return [
        {
            "customer": customer.name,
            "name": each.name,
            "date": known.date(each.at),
            "years": each.at,
            "amount": known.mean(each.amount),
        }
        for customer, each in known.investments
    ]


def shareholder_table(known: Known, total: float) -> Table:
    """From the value of customers and levels to that of the shareholders."""
    stated = known.scenario.shareholder
    if stated is None:
        return Table("", (), "", ())
    worth = shareholder_value(total, 0.0, stated.securities, stated.debt).shareholder_value
    amounts = {
        "customers, segments and company": total,
        "securities": stated.securities,
        "debt": 0.0 - stated.debt,
        "shareholder value": float(worth),
    }
    scale = money_scale(max(map(abs, amounts.values())), known.currency)
    rows = tuple((name, short(amount, scale)) for name, amount in amounts.items())
    title = f"Shareholder value in the deterministic limit ({scale.unit})"
    return Table(title, ("", "Value"), "lr", rows, totals=1)


def shareholder_facts(known: Known, total: float) -> dict[str, float] | None:
    """The same for machines."""
    stated = known.scenario.shareholder
    if stated is None:
        return None
    worth = shareholder_value(total, 0.0, stated.securities, stated.debt).shareholder_value
    return {"securities": stated.securities, "debt": stated.debt, "deterministic_limit": float(worth)}
