"""What a customer bears: rates of its lines, fixed costs, capacity kept ready, and their notices."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from crcsim.compile.values import Floats, Values
from crcsim.scenario.quantity import Distribution, Quantity

__all__ = [
    "Charge",
    "CustomerCosts",
    "LineCosts",
    "Part",
    "Rate",
    "Reserve",
    "noncash_share",
    "share_in_notice",
]


@dataclass(frozen=True)
class Part:
    """A share of a cost: its item, how much of it is paid, and its notice in years."""

    item: str
    share: float
    cash_share: float
    notice: float


@dataclass(frozen=True)
class Rate:
    """What one item costs per unit of a line's volume, or of its sales: quantity x multiplier."""

    part: Part
    quantity: Quantity
    multiplier: float = 1.0
    of_sales: bool = False
    of_process: bool = False

    @property
    def uncertain(self) -> bool:
        """Whether it differs between paths."""
        return isinstance(self.quantity.value, Distribution)

    @property
    def fixed(self) -> float:
        """The rate where it is the same on every path."""
        return 0.0 if isinstance(self.quantity.value, Distribution) else self.quantity.value * self.multiplier

    def on(self, values: Values) -> Floats:
        """The rate on the paths of `values`, [1 or path]."""
        return values.of(self.quantity) * self.multiplier


@dataclass(frozen=True)
class LineCosts:
    """All costs of a line that follow its volume or its sales. `variable` are material, production and
    distribution, behind which payables and prepayments stand.
    """

    deductions: Rate
    variable: tuple[Rate, ...]
    other: tuple[Rate, ...]

    @property
    def rates(self) -> tuple[Rate, ...]:
        """All of them."""
        return (self.deductions, *self.variable, *self.other)

    def total(self, values: Values, rates: Iterable[Rate], weight: str) -> Floats:
        """Sum of rates on the paths of `values`: whole (`full`) or the part that is not paid (`noncash`)."""
        certain, found = 0.0, np.zeros(1)
        for rate in rates:
            share = 1.0 if weight == "full" else 1.0 - rate.part.cash_share
            if rate.uncertain and share > 0.0:
                found = found + share * rate.on(values)
            else:
                certain += share * rate.fixed
        return found + certain

    @property
    def processes(self) -> list[Rate]:
        """The rates that processes cause."""
        return [rate for rate in self.other if rate.of_process]

    def unpaid(self, values: Values, rates: Sequence[Rate]) -> Floats:
        """The payment-ineffective share of rates on the paths of `values`, [1 or path]."""
        full, noncash = self.total(values, rates, "full"), self.total(values, rates, "noncash")
        return np.divide(noncash, full, out=np.zeros(max(full.shape, noncash.shape)), where=full != 0.0)

    def process_share(self, values: Values, years: float, weight: str) -> Floats:
        """Part of the cost of all processes that has a notice of so many years, [1 or path]."""
        own = [rate for rate in self.in_notice(years) if rate.of_process]
        part, whole = self.total(values, own, weight), self.total(values, self.processes, "full")
        return np.divide(part, whole, out=np.zeros(max(part.shape, whole.shape)), where=whole != 0.0)

    def in_notice(self, years: float) -> list[Rate]:
        """The rates with a notice of so many years."""
        return [rate for rate in (*self.variable, *self.other) if rate.part.notice == years]


@dataclass(frozen=True)
class Charge:
    """A fixed cost per year, amount x multiplier, that follows nothing or a phase factor."""

    factor: int
    amount: Quantity
    multiplier: float
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Reserve:
    """Capacity of a process that is kept ready: processes per year, and per unit of each line's volume."""

    rate: Quantity
    reserved: float
    fixed: float
    use: tuple[float, ...]
    parts: tuple[Part, ...]


def share_in_notice(parts: Sequence[Part], years: float) -> tuple[float, float]:
    """Share of a cost with a notice of so many years, and the payment-ineffective part of it."""
    own = [part for part in parts if part.notice == years]
    return math.fsum(part.share for part in own), noncash_share(own)


def noncash_share(parts: Sequence[Part]) -> float:
    """The payment-ineffective share of a cost."""
    return math.fsum(part.share * (1.0 - part.cash_share) for part in parts)


@dataclass(frozen=True)
class CustomerCosts:
    """All costs of one customer. `notices` are (of the volume, years), in the order of the kernel."""

    lines: tuple[LineCosts, ...]
    charges: tuple[Charge, ...]
    reserves: tuple[Reserve, ...]
    notices: tuple[tuple[bool, float], ...]

    @property
    def fixed_parts(self) -> list[tuple[Part, ...]]:
        """Parts of every fixed cost, then of every reserve."""
        return [*(charge.parts for charge in self.charges), *(reserve.parts for reserve in self.reserves)]

    def ratios(self) -> list[tuple[int, Rate]]:
        """(line, rate) of the rates that differ between paths."""
        return [
            (place, rate) for place, line in enumerate(self.lines) for rate in line.rates if rate.uncertain
        ]
