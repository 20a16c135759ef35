"""Main processes to the objects that they are done for, and capacity to those that keep it from others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from crcsim.costing.allocation import CostedProcess, Part
from crcsim.costing.cents import apportion
from crcsim.costing.ledger import Consumption, Ledger, MainProcess

__all__ = ["Charge", "charge", "consumers"]


@dataclass(frozen=True)
class Charge:
    """A part of the cost of a main process and who bears it.

    `kind`: `process` (done for the consumer), `non_required_capacity` (kept ready for it and not used);
    without a consumer `other_objects` (done for none of the ledger) or `idle_capacity` (caused by none of
    them).
    """

    process: MainProcess
    part: Part
    kind: str
    consumer: Consumption | None = None


def consumers(ledger: Ledger, process: MainProcess) -> tuple[Consumption, ...]:
    """Who consumes a main process in its period."""
    return tuple(
        row for row in ledger.consumption if (row.process, row.period) == (process.name, process.period)
    )


def charge(costed: CostedProcess, consumption: Iterable[Consumption], rates: str) -> tuple[Charge, ...]:
    """Charge a main process: rate x quantity to its consumers, rate x (reserved - quantity) to who reserved.

    With `rates` of `capacity` the rate is cost / maximum quantity, and the cost of capacity that was not
    required is charged only to the object that causes it (Schmeisser); with `actual` the rate is cost /
    quantity and holds everything. The charges add up to the cost of the process to the cent; each differs
    by less than a cent per origin from rate x quantity.
    """
    process = costed.process
    rows = list(consumption)
    takers: list[tuple[str, Consumption | None, Decimal]] = [("process", row, row.quantity) for row in rows]
    others = process.quantity - sum((row.quantity for row in rows), Decimal(0))
    takers.append(("other_objects", None, others))
    if rates == "capacity":
        kept = [("non_required_capacity", row, row.reserved - row.quantity) for row in rows]
        spare = process.maximum_quantity - process.quantity
        takers += [*kept, ("idle_capacity", None, spare - sum((left for *_, left in kept), Decimal(0)))]
    weights = [weight for *_, weight in takers]
    return tuple(
        Charge(process, Part(part.origin, amount), kind, row)
        for part in costed.parts
        for (kind, row, _), amount in zip(takers, apportion(part.amount, weights), strict=True)
        if amount
    )
