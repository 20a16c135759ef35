"""Entries of a ledger period, summed up under unique names, and what a scenario says of them per year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from crcsim.scenario.costs import LevelCost
from crcsim.scenario.customer_costs import CustomerCost
from crcsim.scenario.processes import Process, ProcessPart, ProcessUse
from crcsim.scenario.quantity import Quantity

__all__ = ["Entries", "Nature", "Use"]


@dataclass(frozen=True, order=True)
class Nature:
    """What makes costs different: line, cash share, notice in years."""

    line: str
    cash_share: float
    notice: float


@dataclass(frozen=True)
class Use:
    """Processes done and kept ready in the period; `fixed` ones do not follow the volume."""

    quantity: Decimal
    reserved: Decimal
    fixed: bool

    def and_also(self, other: Use) -> Use:
        """Both together; they are of the same process."""
        return Use(self.quantity + other.quantity, self.reserved + other.reserved, self.fixed)


@dataclass(frozen=True, order=True)
class _Cost:
    """What costs must share to be one cost; `segment` is empty except at that level."""

    name: str
    level: str
    segment: str
    nature: Nature


_Costs = dict[_Cost, Fraction]
_NO_COST = Nature("indirect_administration", 1.0, 0.0)  # of a process that costs nothing


class Entries:
    """Costs of a period: taken in currency of the period, given out per year.

    Costs of one name but of different nature get numbers behind the name.
    """

    def __init__(self, length: float, source: str) -> None:
        self._length, self._source = Fraction(length), source
        self._rates: dict[str, tuple[str, Mapping[Nature, Fraction]]] = {}
        self._counting: dict[_Cost, str] = {}  # names of processes that count currency
        self._uses: dict[str, dict[str, Use]] = defaultdict(dict)
        self._costs: dict[str, _Costs] = defaultdict(lambda: defaultdict(Fraction))
        self._levels: _Costs = defaultdict(Fraction)

    def add_process(self, name: str, level: str, rates: Mapping[Nature, Fraction]) -> None:
        """A process with its cost per process by nature."""
        self._rates[name] = (level, rates)

    def add_use(self, customer: str, process: str, use: Use) -> None:
        """Processes done for a customer."""
        before = self._uses[customer].get(process)
        self._uses[customer][process] = use if before is None else before.and_also(use)

    def add_counted(self, customer: str, name: str, level: str, nature: Nature, amount: Decimal) -> None:
        """A cost of a customer in an indirect line, as a process that counts currency."""
        key = _Cost(name, level, "", nature)
        if key not in self._counting:
            self._counting[key] = _free(name, self._rates)
            self.add_process(self._counting[key], level, {nature: Fraction(1)})
        self.add_use(customer, self._counting[key], Use(amount, amount, level == "customer"))

    def add_cost(self, customer: str, name: str, level: str, nature: Nature, amount: Fraction) -> None:
        """A cost of a customer in a direct line."""
        self._costs[customer][_Cost(name, level, "", nature)] += amount

    def add_level(self, name: str, segment: str | None, nature: Nature, amount: Fraction) -> None:
        """A cost of a segment, or of the company where `segment` is None."""
        level = "company" if segment is None else "segment"
        self._levels[_Cost(name, level, segment or "", nature)] += amount

    def add_company(self, name: str, nature: Nature, amount: Fraction) -> None:
        """A cost of the company that comes from processes; its line stands in the name."""
        self.add_level(f"{name}, {nature.line.replace('_', ' ')}", None, nature, amount)

    def processes(self) -> dict[str, Process]:
        """All processes by name."""
        return {name: self._process(name, *self._rates[name]) for name in sorted(self._rates)}

    def _process(self, name: str, level: str, rates: Mapping[Nature, Fraction]) -> Process:
        rate = sum(rates.values(), Fraction(0))
        shares = (
            {nature: amount / rate for nature, amount in rates.items()} if rate else {_NO_COST: Fraction(1)}
        )
        parts = tuple(
            ProcessPart(nature.line, float(share), nature.cash_share, nature.notice)
            for nature, share in sorted(shares.items())
        )
        return Process(name, level, self._quantity(rate, "processes", name, "cost_rate"), parts)

    def uses(
        self, customer: str, volume: float, factor: float, stated: Collection[str]
    ) -> Iterator[ProcessUse]:
        """What a customer uses per year; what follows volume is fixed where nothing is bought today.

        `volume` is today's, per year; `factor` is today's on fixed quantities. Cost items of the names
        that are stated are left out.
        """
        replaced = {process for cost, process in self._counting.items() if cost.name in stated}
        for process, use in self._uses[customer].items():
            if process in replaced:
                continue
            quantity, reserved = (
                float(Fraction(each) / self._length) for each in (use.quantity, use.reserved)
            )
            fixed = use.fixed or not volume > 0.0
            yield ProcessUse(
                process=process,
                fixed=(quantity / factor if factor > 0.0 else quantity) if fixed else 0.0,
                per_order=0.0,
                per_volume=0.0 if fixed else quantity / volume,
                reserved=reserved if use.reserved > use.quantity else 0.0,
            )

    def costs(self, customer: str, volume: float, stated: Collection[str]) -> Iterator[CustomerCost]:
        """Costs of a customer per year, but for those of names that it states itself."""
        for name, cost, amount in _named(self._costs[customer], stated):
            yield CustomerCost(
                name=name,
                amount=self._quantity(amount / self._length, "customers", customer, "costs", name),
                line=cost.nature.line,
                cash_share=cost.nature.cash_share,
                notice=cost.nature.notice,
                follows="volume" if cost.level != "customer" and volume > 0.0 else "nothing",
                level="order" if cost.level == "order" else "customer",
            )

    def level_costs(self, stated: Collection[str]) -> Iterator[LevelCost]:
        """Costs of segments and of the company per year, but for those of names that are stated."""
        for name, cost, amount in _named(self._levels, stated):
            yield LevelCost(
                name=name,
                level=cost.level,
                segment=cost.segment or None,
                amount=self._quantity(amount / self._length, "costs", name),
                line=cost.nature.line,
                cash_share=cost.nature.cash_share,
                notice=cost.nature.notice,
            )

    def _quantity(self, amount: Fraction, *place: str) -> Quantity:
        return Quantity(float(amount), ".".join(("ledger", *place)), source=self._source)


def _named(costs: Mapping[_Cost, Fraction], stated: Collection[str]) -> Iterator[tuple[str, _Cost, Fraction]]:
    """Yield all costs, sorted, each under a name of its own."""
    taken = set(stated)
    for cost, amount in sorted(costs.items()):
        if amount and cost.name not in stated:
            name = _free(cost.name, taken)
            taken.add(name)
            yield name, cost, amount


def _free(name: str, taken: Iterable[str]) -> str:
    """The name, with the first number behind it that nobody has where it is taken."""
    names, free, number = set(taken), name, 2
    while free in names:
        free, number = f"{name} ({number})", number + 1
    return free
