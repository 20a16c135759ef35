"""What a scenario has taken from its ledger."""

from __future__ import annotations

from typing import Any

import numpy as np

from crcsim.report.explained_costs.known import Known, from_ledger, short
from crcsim.report.numbers import finite, money_scale
from crcsim.report.table import Table

__all__ = ["ledger_facts", "ledger_table"]


def _ledger_rows(known: Known) -> list[tuple[str, int, float]]:
    """What was taken from the ledger: what, how many, currency per year."""
    scenario = known.scenario
    taken = {name for name, process in scenario.processes.items() if from_ledger(process.cost_rate)}
    used = [use for use in known.uses if use.process in taken]
    own = [cost for customer in scenario.customers for cost in customer.costs if from_ledger(cost.amount)]
    amounts = {
        level: [known.mean(c.amount) for c in scenario.costs if c.level == level and from_ledger(c.amount)]
        for level in ("segment", "company")
    }
    return [
        ("processes", len(taken), sum(use.cost for use in used)),
        ("customers that use them", len({use.customer for use in used} & _names(known)), np.nan),
        ("direct costs of customers", len(own), sum(known.mean(cost.amount) for cost in own)),
        ("costs of segments", len(amounts["segment"]), sum(amounts["segment"])),
        ("costs of the company", len(amounts["company"]), sum(amounts["company"])),
    ]


def _names(known: Known) -> set[str]:
    """Customers of the ledger."""
    link = known.scenario.ledger
    tables = {} if link is None else link.document.tables
    named = {row["name"] for row in tables.get("customers", ())}
    return named | {row["customer"] for row in tables.get("orders", ())}


def ledger_table(known: Known) -> Table:
    link = known.scenario.ledger
    if link is None:
        return Table("", (), "", ())
    rows = _ledger_rows(known)
    scale = money_scale(max(amount for _, _, amount in rows if np.isfinite(amount)), known.currency)
    texts = [
        (what, str(number), short(amount, scale) if np.isfinite(amount) else "")
        for what, number, amount in rows
    ]
    title = (
        f"Ledger: {link.document.name}, period {link.period} ({link.length:g} year{'s' * (link.length != 1)})"
    )
    note = "Per year at prices of the valuation date. What the scenario states under the same name wins."
    return Table(title, ("Taken from it", "Number", f"{scale.unit} a year"), "lrr", tuple(texts), (note,))


def ledger_facts(known: Known) -> dict[str, Any] | None:
    link = known.scenario.ledger
    if link is None:
        return None
    taken = [
        {"what": what, "number": number, "per_year": finite(amount)}
        for what, number, amount in _ledger_rows(known)
    ]
    return {"name": link.document.name, "period": link.period, "years": link.length, "taken": taken}
