"""The ledger that costing calculates with: one row per thing and period, all amounts in whole cents.

Amounts are decimals in one currency, quantities and shares decimals, notice in years (0: can be given up
within the period, inf: not at all). A ledger is taken as sound; `crcsim.scenario.ledger` checks what
people write.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

__all__ = [
    "Balance",
    "Consumption",
    "CostItem",
    "Investment",
    "Ledger",
    "MainProcess",
    "OrderLine",
    "ProcessShare",
    "Relation",
    "SubProcess",
]


@dataclass(frozen=True)
class Relation:
    """Segment and phase of a customer in a period."""

    customer: str
    period: str
    segment: str | None = None
    phase: str | None = None


@dataclass(frozen=True)
class OrderLine:
    """One product of one order, with its revenue and variable costs."""

    order: str
    customer: str
    product: str
    period: str
    units: Decimal
    sales: Decimal
    sales_deductions: Decimal
    material: Decimal
    production: Decimal
    distribution: Decimal
    cash_share: Decimal = Decimal(1)

    @property
    def net_revenue(self) -> Decimal:
        """Sales less deductions."""
        return self.sales - self.sales_deductions

    @property
    def variable_costs(self) -> Decimal:
        """Material, production and distribution."""
        return self.material + self.production + self.distribution


@dataclass(frozen=True)
class CostItem:
    """A cost at the lowest level that causes it (Schmeisser: product, order, customer, segment, company).

    `object` is the product, order, customer or segment, None for the company; `customer` the one that causes
    it, if one does. `line` is its line in the cash-flow statement.
    """

    name: str
    period: str
    level: str
    line: str
    amount: Decimal
    cash_share: Decimal
    notice: float
    object: str | None = None
    customer: str | None = None


@dataclass(frozen=True)
class Investment:
    """A payment for something that lasts; a cost only through depreciation."""

    name: str
    period: str
    level: str
    amount: Decimal
    object: str | None = None


@dataclass(frozen=True)
class Balance:
    """What is open with a customer at the end of a period; `period` None: before the first one."""

    customer: str
    period: str | None
    receivables: Decimal
    prepayments_received: Decimal
    prepayments_made: Decimal
    payables: Decimal


@dataclass(frozen=True)
class SubProcess:
    """What a cost centre does; `induced` cost varies with its driver, other cost is neutral."""

    cost_centre: str
    name: str
    period: str
    induced: bool
    line: str
    cost: Decimal
    cash_share: Decimal
    notice: float
    driver: str | None = None
    quantity: Decimal | None = None
    maximum_quantity: Decimal | None = None


@dataclass(frozen=True)
class ProcessShare:
    """The part of a sub-process's cost that belongs to a main process; a sub-process may be split."""

    cost_centre: str
    sub_process: str
    process: str
    share: Decimal


@dataclass(frozen=True)
class MainProcess:
    """A process over several cost centres with one driver, done for a product, an order or a customer."""

    name: str
    period: str
    level: str
    driver: str
    quantity: Decimal
    maximum_quantity: Decimal


@dataclass(frozen=True)
class Consumption:
    """Quantity of a main process done for an object, and the capacity kept ready for it."""

    process: str
    period: str
    object: str
    quantity: Decimal
    reserved: Decimal
    customer: str | None = None


@dataclass(frozen=True)
class Ledger:
    """All of it; `process_rates` is `capacity` or `actual`, `surcharge_bases` by cost centre."""

    name: str
    currency: str
    periods: tuple[str, ...]
    relations: tuple[Relation, ...] = ()
    orders: tuple[OrderLine, ...] = ()
    costs: tuple[CostItem, ...] = ()
    investments: tuple[Investment, ...] = ()
    balances: tuple[Balance, ...] = ()
    surcharge_bases: Mapping[str, str] | None = None
    sub_processes: tuple[SubProcess, ...] = ()
    process_shares: tuple[ProcessShare, ...] = ()
    main_processes: tuple[MainProcess, ...] = ()
    consumption: tuple[Consumption, ...] = ()
    process_rates: str = "capacity"
    order_sizes: tuple[Decimal, ...] = ()

    @property
    def customers(self) -> tuple[str, ...]:
        """The customers in the order in which they are first named."""
        return tuple(dict.fromkeys(relation.customer for relation in self.relations))
