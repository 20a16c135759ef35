"""Activity-based costing against overhead surcharges: allocation, complexity and degression effect.

Both methods spread the same cost, that of all sub-processes. What a method gives to nobody is its rest,
so that their differences add up to 0.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from crcsim.costing.allocation import allocate
from crcsim.costing.cents import NOTHING
from crcsim.costing.charges import Charge, charge, consumers
from crcsim.costing.ledger import Ledger, OrderLine
from crcsim.costing.surcharges import surcharges

__all__ = [
    "ORDER_SIZES",
    "REST",
    "AllocationEffect",
    "ComplexityEffect",
    "DegressionEffect",
    "allocation_effect",
    "break_even_size",
    "complexity_effect",
    "degression_effect",
]

REST = "(no customer)"
ORDER_SIZES = tuple(Decimal(size) for size in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000))


@dataclass(frozen=True)
class AllocationEffect:
    """Overhead of a customer over all periods under both methods; their difference."""

    customer: str
    by_surcharge: Decimal
    by_process: Decimal

    @property
    def difference(self) -> Decimal:
        """Positive: surcharges made the customer look better than it is."""
        return self.by_process - self.by_surcharge


@dataclass(frozen=True)
class ComplexityEffect:
    """Overhead per unit of a product, and how often it sets processes going.

    `per_order` is the mean cost of order processes for an order of it, `per_unit` that of product
    processes for a unit. A product in an order with others bears the order by its units.
    """

    product: str
    units: Decimal
    orders: int
    processes_per_unit: Fraction
    by_surcharge: Fraction
    per_order: Fraction
    per_unit: Fraction

    @property
    def by_process(self) -> Fraction:
        """Overhead per unit at the mean order size."""
        return self.at_size(self.mean_size)

    @property
    def mean_size(self) -> Fraction:
        """Units per order."""
        return Fraction(self.units) / self.orders

    def at_size(self, size: Decimal | Fraction) -> Fraction:
        """Overhead per unit by processes in an order of a size: cost per order / size + cost per unit."""
        return self.per_unit + self.per_order / Fraction(size)

    @property
    def difference(self) -> Fraction:
        """Positive: a product more complex than its surcharge says."""
        return self.by_process - self.by_surcharge


@dataclass(frozen=True)
class DegressionEffect:
    """Overhead per unit of a product in an order of a size: falls with the size only by processes."""

    product: str
    size: Decimal
    by_surcharge: Fraction
    by_process: Fraction


def allocation_effect(ledger: Ledger) -> tuple[AllocationEffect, ...]:
    """Overhead by customer under both methods, and the rest that a method leaves with the company."""
    customers = {line.order: line.customer for line in ledger.orders}
    by_process: dict[str, Decimal] = defaultdict(Decimal)
    for each in _charges(ledger):
        by_process[_customer(each, customers) or REST] += each.part.amount
    by_surcharge = _surcharged(ledger, lambda line: line.customer)
    whole = sum((sub.cost for sub in ledger.sub_processes), NOTHING)
    by_process[REST] = whole - sum((by_process[name] for name in ledger.customers), NOTHING)
    by_surcharge[REST] = whole - sum((by_surcharge[name] for name in ledger.customers), NOTHING)
    return tuple(
        AllocationEffect(name, by_surcharge[name] + NOTHING, by_process[name] + NOTHING)
        for name in (*ledger.customers, REST)
    )


def complexity_effect(ledger: Ledger) -> tuple[ComplexityEffect, ...]:
    """Overhead per unit by product under both methods; only processes done for products and orders."""
    charges = tuple(_charges(ledger))
    per_order = _order_costs(ledger, charges)
    per_product: dict[str, Decimal] = defaultdict(Decimal)
    for each in charges:
        if each.process.level == "product" and each.consumer is not None:
            per_product[each.consumer.object] += each.part.amount
    steps = _product_steps(ledger)
    by_surcharge = _surcharged(ledger, lambda line: line.product)
    counts = Counter(product for _, product in {(line.order, line.product) for line in ledger.orders})
    found = []
    for product, units in _units(ledger.orders).items():
        orders = counts[product]
        numbers = (steps[product], by_surcharge[product], per_product[product])
        steps_each, surcharge, own = (Fraction(number) / Fraction(units) for number in numbers)
        found.append(
            ComplexityEffect(product, units, orders, steps_each, surcharge, per_order[product] / orders, own)
        )
    return tuple(found)


def degression_effect(
    ledger: Ledger, effects: Sequence[ComplexityEffect] | None = None
) -> tuple[DegressionEffect, ...]:
    """Overhead per unit against order size, by product; `effects` is its complexity effect where known."""
    sizes = ledger.order_sizes or ORDER_SIZES
    return tuple(
        DegressionEffect(each.product, size, each.by_surcharge, each.at_size(size))
        for each in (complexity_effect(ledger) if effects is None else effects)
        for size in sizes
    )


def break_even_size(effect: ComplexityEffect) -> Fraction | None:
    """Order size at which both methods give the same: cost per order / (surcharge - cost per unit).

    Smaller orders cost more than the surcharge says. None where the two never meet.
    """
    gap = effect.by_surcharge - effect.per_unit
    return effect.per_order / gap if gap > 0 and effect.per_order else None


def _charges(ledger: Ledger) -> Iterator[Charge]:
    for period in ledger.periods:
        for costed in allocate(ledger, period).processes:
            yield from charge(costed, consumers(ledger, costed.process), ledger.process_rates)


def _customer(each: Charge, customers: dict[str, str]) -> str | None:
    consumer = each.consumer
    if consumer is None:
        return None
    by_level = {"order": customers.get(consumer.object), "customer": consumer.object}
    return by_level.get(each.process.level, consumer.customer)


def _surcharged(ledger: Ledger, key: Callable[[OrderLine], str]) -> dict[str, Decimal]:
    """Overhead by surcharges, summed up by a property of order lines."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for each in surcharges(ledger):
        for line, amount in zip(each.lines, each.amounts, strict=False):
            found[key(line)] += amount
    return found


def _order_costs(ledger: Ledger, charges: Iterable[Charge]) -> dict[str, Fraction]:
    """Cost of order processes by product, an order's cost split by units."""
    units: dict[str, Decimal] = defaultdict(Decimal)
    for line in ledger.orders:
        units[line.order] += line.units
    cost: dict[str, Decimal] = defaultdict(Decimal)
    for each in charges:
        if each.process.level == "order" and each.consumer is not None:
            cost[each.consumer.object] += each.part.amount
    found: dict[str, Fraction] = defaultdict(Fraction)
    for line in ledger.orders:
        if units[line.order]:
            share = Fraction(line.units) / Fraction(units[line.order])
            found[line.product] += Fraction(cost[line.order]) * share
    return found


def _product_steps(ledger: Ledger) -> dict[str, Decimal]:
    """Processes done for each product."""
    processes = {process.name for process in ledger.main_processes if process.level == "product"}
    found: dict[str, Decimal] = defaultdict(Decimal)
    for row in ledger.consumption:
        if row.process in processes:
            found[row.object] += row.quantity
    return found


def _units(lines: Iterable[OrderLine]) -> dict[str, Decimal]:
    """Units by product; products of which nothing was delivered have no cost per unit."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        found[line.product] += line.units
    return {product: units for product, units in found.items() if units}
