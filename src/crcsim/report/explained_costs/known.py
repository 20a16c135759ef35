"""What is known of processes, customers and dates before a simulation, and how it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from crcsim.report.expectation import Expectation
from crcsim.report.numbers import MoneyScale, rounded

if TYPE_CHECKING:
    from crcsim.compile.program import Program
    from crcsim.scenario.customer_costs import Investment
    from crcsim.scenario.customers import Customer
    from crcsim.scenario.processes import Process
    from crcsim.scenario.quantity import Quantity

__all__ = ["Known", "Use", "count", "from_ledger", "largest", "short", "sorted_processes"]

Key = TypeVar("Key")
_MOST_ROWS = 30  # customers or investments that are listed one by one


@dataclass(frozen=True)
class Use:
    """Processes of one kind that a customer causes, per year today, and what they cost per year."""

    customer: str
    process: str
    quantity: float
    reserved: float  # 0: no capacity is kept ready
    cost: float


class Known:
    """A program with what is expected of its customers."""

    def __init__(self, program: Program, expected: Sequence[Expectation]) -> None:
        self.program, self.scenario, self.expected = program, program.scenario, expected
        self.currency, self.values = self.scenario.money.currency, program.sampler.central()
        self.uses = [
            use
            for customer, each in zip(self.scenario.customers, expected, strict=True)
            for use in self._uses(customer, each)
        ]

    def mean(self, quantity: Quantity) -> float:
        """Central value."""
        return float(self.values.of(quantity)[0])

    def _uses(self, customer: Customer, expected: Expectation) -> list[Use]:
        """What a customer uses today; a prospect nothing."""
        found, active = [], customer.phase != "prospect"
        for use in customer.processes:
            fixed = use.fixed * self.mean(customer.phases[customer.phase].process_factor) * active
            per_volume = []
            for line in customer.lines:
                size = line.order_value or self.scenario.products[line.product].order_value
                per_volume.append(use.per_volume + (use.per_order / size if size else 0.0))
            quantity = fixed + float(np.dot(per_volume, expected.volume_now))
            rate = self.mean(self.scenario.processes[use.process].cost_rate)
            found.append(Use(customer.name, use.process, quantity, use.reserved, rate * quantity))
        return found

    def of(self, process: str) -> list[Use]:
        """Who uses a process."""
        return [use for use in self.uses if use.process == process]

    @property
    def investments(self) -> list[tuple[Customer, Investment]]:
        """All investments, the first one first."""
        found = [(customer, each) for customer in self.scenario.customers for each in customer.investments]
        return sorted(found, key=lambda pair: pair[1].at)

    def date(self, years: float) -> str:
        """Year and month so long after the valuation date."""
        start = self.scenario.time.valuation_date
        months = 12 * start.year + start.month - 1 + int(12 * years + 1e-9)
        return f"{months // 12}-{months % 12 + 1:02d}"


def from_ledger(quantity: Quantity) -> bool:
    return quantity.place.startswith("ledger.")


def sorted_processes(known: Known) -> list[Process]:
    """All processes, that of the highest cost first."""
    processes = known.scenario.processes.values()
    return sorted(processes, key=lambda each: (-sum(use.cost for use in known.of(each.name)), each.name))


def largest(sizes: Mapping[Key, float], what: str) -> tuple[list[Key], tuple[str, ...]]:
    """The largest, in their order, and a note where some are left out."""
    kept = sorted(sizes, key=lambda key: -sizes[key])[:_MOST_ROWS]
    note = f"{what}: {len(kept)} of {len(sizes)}; all: --json."
    return [key for key in sizes if key in kept], (note,) if len(kept) < len(sizes) else ()


def short(value: float, scale: MoneyScale) -> str:
    """Four significant digits."""
    return scale.text(value, abs(value) / 5000)


def count(number: float) -> str:
    """Whole processes from a hundred on, below with a decimal or three."""
    return rounded(number, 0.0, 0 if number >= 100.0 else 1 if number >= 1.0 else 3)
