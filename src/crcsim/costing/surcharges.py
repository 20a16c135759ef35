"""Overhead surcharges: the method that activity-based costing replaces, on the same costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from crcsim.costing.cents import NOTHING, apportion
from crcsim.costing.ledger import Ledger, OrderLine

__all__ = ["DEFAULT_BASE", "Surcharge", "surcharges"]

DEFAULT_BASE = "variable_costs"


@dataclass(frozen=True)
class Surcharge:
    """The overhead of a cost centre in a period as a percentage of a base, spread over all order lines.

    `amounts` has one entry per line of the ledger's orders in the period; empty where the base is 0 and
    the cost stays with the company.
    """

    cost_centre: str
    period: str
    cost: Decimal
    base_name: str
    base: Decimal
    lines: tuple[OrderLine, ...]
    amounts: tuple[Decimal, ...]

    @property
    def rate(self) -> Fraction | None:
        """Overhead per unit of its base; None where there is no base."""
        return Fraction(self.cost) / Fraction(self.base) if self.base else None


def surcharges(ledger: Ledger) -> tuple[Surcharge, ...]:
    """The cost of all sub-processes as overhead, by cost centre and period."""
    bases = ledger.surcharge_bases or {}
    places = dict.fromkeys((sub.period, sub.cost_centre) for sub in ledger.sub_processes)
    return tuple(_surcharge(ledger, period, centre, bases) for period, centre in places)


def _surcharge(ledger: Ledger, period: str, centre: str, bases: Mapping[str, str]) -> Surcharge:
    name = bases.get(centre, DEFAULT_BASE)
    done = (sub for sub in ledger.sub_processes if (sub.period, sub.cost_centre) == (period, centre))
    cost = sum((sub.cost for sub in done), NOTHING)
    lines = tuple(line for line in ledger.orders if line.period == period)
    weights = [max(getattr(line, name), NOTHING) for line in lines]
    base = sum(weights, NOTHING)
    return Surcharge(centre, period, cost, name, base, lines, apportion(cost, weights) if base else ())
