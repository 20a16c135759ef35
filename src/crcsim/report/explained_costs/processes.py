"""Processes: what one costs, in which lines, and how many of them the customers cause (MODEL 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from crcsim.report.assumptions import number_text
from crcsim.report.explained_costs.known import (
    Known,
    Use,
    count,
    from_ledger,
    largest,
    short,
    sorted_processes,
)
from crcsim.report.numbers import finite, money_scale
from crcsim.report.table import Table
from crcsim.scenario.quantity import Distribution

if TYPE_CHECKING:
    from crcsim.scenario.processes import Process

__all__ = ["process_facts", "process_table", "use_table"]

_MOST_PROCESSES = 8  # columns of the table of process use


def _lines(process: Process) -> dict[str, float]:
    """Share of the cost by line, the largest first."""
    found: dict[str, float] = {}
    for part in process.parts:
        found[part.line] = found.get(part.line, 0.0) + part.share
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def process_table(known: Known) -> Table:
    rows = []
    for process in sorted_processes(known):
        rate, uses = process.cost_rate, known.of(process.name)
        lines = (f"{_words(line)} {100 * share:.0f}%" for line, share in _lines(process).items())
        uncertain = "~" if isinstance(rate.value, Distribution) else ""
        texts = (
            process.name,
            process.level,
            uncertain + number_text("cost_rate", known.mean(rate), known.currency),
            f"{100 * sum(part.share * part.cash_share for part in process.parts):.0f}",
            f"{100 * sum(part.share for part in process.parts if np.isinf(part.notice)):.0f}",
            str(len(uses)),
            count(sum(use.quantity for use in uses)),
            count(sum(use.reserved for use in uses)) if any(use.reserved for use in uses) else "",
            ", ".join(lines),
        )
        rows.append(texts)
    columns = ("Process", "Level", "Cost rate", "Paid %", "Never ends %", "Customers", "A year", "Reserved")
    note = (
        "Cost rate: one process at prices of the valuation date. A year: processes that customers cause "
        "today. Lines: indirect costs of the cash-flow statement, by share of the cost."
    )
    return Table("Processes", (*columns, "Lines"), "llrrrrrrl", tuple(rows), (note,))


def _words(line: str) -> str:
    return line.removeprefix("indirect_").replace("_", " ")


def process_facts(known: Known, process: Process) -> dict[str, Any]:
    uses = known.of(process.name)
    return {
        "name": process.name,
        "level": process.level,
        "cost_rate": known.mean(process.cost_rate),
        "from_ledger": from_ledger(process.cost_rate),
        "parts": [{**vars(part), "notice": finite(part.notice)} for part in process.parts],
        "customers": len(uses),
        "quantity": sum(use.quantity for use in uses),
        "reserved": sum(use.reserved for use in uses),
    }


def use_table(known: Known) -> Table:
    """Customers by process: those that cause the highest costs."""
    shown = [process.name for process in sorted_processes(known) if known.of(process.name)][:_MOST_PROCESSES]
    cell = {(use.customer, use.process): use for use in known.uses}
    costs = {
        name: sum(use.cost for use in known.uses if use.customer == name)
        for name in dict.fromkeys(use.customer for use in known.uses)
    }
    names, notes = largest(costs, "Customers with the highest process costs")
    scale = money_scale(max(costs.values(), default=0.0), known.currency)
    rows = tuple(
        (name, *(_use_text(cell.get((name, process))) for process in shown), short(costs[name], scale))
        for name in names
    )
    if any(use.reserved for use in known.uses):
        notes = ("12 / 20: 12 are used of 20 that are reserved.", *notes)
    if len(shown) < len({use.process for use in known.uses}):
        notes = (*notes, f"The {_MOST_PROCESSES} processes of the highest cost; all: --json.")
    columns = ("Customer", *shown, f"Cost, {scale.unit} a year")
    title = "Process use of the customers (a year, today)"
    return Table(title, columns, "l" + "r" * (len(shown) + 1), rows, notes)


def _use_text(use: Use | None) -> str:
    if use is None:
        return ""
    return count(use.quantity) + (f" / {count(use.reserved)}" if use.reserved else "")
