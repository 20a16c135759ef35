"""What a scenario says of costs before it is simulated: ledger, processes, notice, investments (MODEL 8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from crcsim.report.expectation import Expectation
from crcsim.report.explained_costs.costs import (
    costs_facts,
    costs_table,
    investment_facts,
    investment_table,
    shareholder_facts,
    shareholder_table,
)
from crcsim.report.explained_costs.known import Known, sorted_processes
from crcsim.report.explained_costs.ledger import ledger_facts, ledger_table
from crcsim.report.explained_costs.processes import process_facts, process_table, use_table
from crcsim.report.table import Table

if TYPE_CHECKING:
    from crcsim.compile.program import Program

__all__ = ["cost_facts", "cost_tables"]


def cost_tables(program: Program, expected: Sequence[Expectation], total: float) -> list[Table]:
    """Tables of costs and investments; `total` is the value of customers and levels in the limit."""
    known = Known(program, expected)
    tables = (ledger_table, process_table, use_table, costs_table, investment_table)
    return [*(table(known) for table in tables), shareholder_table(known, total)]


def cost_facts(program: Program, expected: Sequence[Expectation], total: float) -> dict[str, Any]:
    """The same for machines, in full."""
    known = Known(program, expected)
    return {
        "ledger": ledger_facts(known),
        "processes": [process_facts(known, process) for process in sorted_processes(known)],
        "process_use": [vars(use) for use in known.uses],
        "customer_costs": [{"name": each.name, **costs_facts(each.costs_now)} for each in expected],
        "investments": investment_facts(known),
        "shareholder_value": shareholder_facts(known, total),
    }
