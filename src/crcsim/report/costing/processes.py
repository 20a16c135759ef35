"""Tables of activity-based costing: cost centres, main processes, who bears them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from crcsim.costing.allocation import Allocation, CostedProcess, LoadedProcess, allocate
from crcsim.costing.cents import NOTHING, in_cents
from crcsim.costing.charges import charge, consumers
from crcsim.costing.ledger import Ledger
from crcsim.costing.rates import allocation_ratio, idle_capacity_cost, process_cost_rate
from crcsim.report.costing.sheet import Cell, Sheet

__all__ = ["bearers", "cost_centres", "main_processes"]


def cost_centres(ledger: Ledger) -> Sheet:
    """Stage 1: neutral cost on induced sub-processes, and the rates of these."""
    rows: list[tuple[Cell, ...]] = []
    for period in ledger.periods:
        allocation = allocate(ledger, period)
        rows += [_loaded(period, each, allocation) for each in allocation.loaded]
    columns = (
        "Period", "Cost centre", "Sub-process", "Driver", "Quantity", "Induced cost", "Neutral / induced %",
        "Neutral cost", "Cost", "Rate", "Rate with neutral",
    )  # fmt: skip
    note = (
        "Neutral cost follows induced cost at the ratio neutral / induced of the cost centre; the inverse, "
        "which the source prints, would not recover the cost. Rates: cost per unit of the driver."
    )
    return Sheet("cost-centres", f"Cost centres ({ledger.currency})", columns, tuple(rows), (note,))


def _loaded(period: str, loaded: LoadedProcess, allocation: Allocation) -> tuple[Cell, ...]:
    sub = loaded.sub_process
    centre = [each for each in allocation.loaded if each.sub_process.cost_centre == sub.cost_centre]
    induced = sum((each.sub_process.cost for each in centre), NOTHING)
    neutral = sum((each.neutral_cost for each in centre), NOTHING)
    ratio = 100 * allocation_ratio(neutral, induced) if induced else None
    quantity = sub.quantity
    rates = [process_cost_rate(cost, quantity) if quantity else None for cost in (sub.cost, loaded.cost)]
    cells = (sub.cost, ratio, loaded.neutral_cost, loaded.cost, *rates)
    return (period, sub.cost_centre, sub.name, sub.driver, _number(quantity), *cells)


def main_processes(ledger: Ledger) -> Sheet:
    """Stage 2: cost of main processes, both rates, productivity and cost of idle capacity."""
    rows = tuple(
        _costed(period, each) for period in ledger.periods for each in allocate(ledger, period).processes
    )
    columns = (
        "Period", "Process", "Level", "Driver", "Cost", "Quantity", "Maximum", "Rate on capacity",
        "Rate on quantity", "Processes per unit of money", "Capacity not required",
    )  # fmt: skip
    charged = "capacity" if ledger.process_rates == "capacity" else "quantity"
    note = (
        "Capacity not required: rate on capacity x (maximum - quantity). Productivity is the reciprocal of "
        f"the rate on quantity. Charged here: the rate on {charged}."
    )
    return Sheet("main-processes", f"Main processes ({ledger.currency})", columns, rows, (note,))


def _costed(period: str, costed: CostedProcess) -> tuple[Cell, ...]:
    process = costed.process
    rate = costed.rate_on_capacity if process.maximum_quantity else None
    idle = idle_capacity_cost(rate or 0, process.maximum_quantity, process.quantity)
    quantities = (_number(process.quantity), _number(process.maximum_quantity))
    rates = (rate, costed.rate_on_quantity, costed.productivity, in_cents(idle))
    return (period, process.name, process.level, process.driver, costed.cost, *quantities, *rates)


def _number(quantity: Decimal | None) -> Fraction | None:
    return None if quantity is None else Fraction(quantity)


def bearers(ledger: Ledger) -> Sheet:
    """Who bears the process costs; each row, and the total, adds up to the cost to the cent."""
    kinds = ("process", "non_required_capacity", "other_objects", "idle_capacity")
    rows: list[tuple[Cell, ...]] = []
    sums = [NOTHING] * (len(kinds) + 2)
    for period in ledger.periods:
        allocation = allocate(ledger, period)
        lines: list[tuple[str, list[Decimal]]] = []
        for costed in allocation.processes:
            charges = charge(costed, consumers(ledger, costed.process), ledger.process_rates)
            parts = [sum((c.part.amount for c in charges if c.kind == kind), NOTHING) for kind in kinds]
            lines.append((costed.process.name, [*parts, NOTHING]))
        left = sum((part.amount for part in allocation.unassigned), NOTHING)
        if left:
            lines.append(("(no main process)", [NOTHING] * len(kinds) + [left]))
        for name, parts in lines:
            amounts = [*parts, sum(parts, NOTHING)]
            rows.append((period, name, *amounts))
            sums = [one + two for one, two in zip(sums, amounts, strict=True)]
    rows.append(("Total", "", *sums))
    columns = (
        "Period", "Process", "Done for objects", "Kept ready for them", "Done for others",
        "Idle, caused by none", "No main process", "Cost",
    )  # fmt: skip
    return Sheet("process-costs", f"Process costs ({ledger.currency})", columns, tuple(rows), (), 1)
