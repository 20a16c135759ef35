"""Costs of customers as the kernel bears them (MODEL 8): what follows the volume of a line, what is fixed,
capacity kept ready, notices and investments.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from crcsim.compile.values import Floats, Values
from crcsim.costing.items import item_key
from crcsim.kernels.rows import NOTHING, PHASE_COST, PHASE_PROCESS
from crcsim.scenario.customers import Customer
from crcsim.scenario.lines import Line
from crcsim.scenario.quantity import Distribution, Quantity
from crcsim.scenario.scenario import Scenario

__all__ = ["Charge", "CustomerCosts", "LineCosts", "Part", "Rate", "Reserve", "cost_rows", "customer_costs"]

#: Volume at base prices per year by (customer, product), at central values.
Volumes = Mapping[tuple[str, str], float]


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


def customer_costs(scenario: Scenario, customer: Customer, volumes: Volumes) -> CustomerCosts:
    """The costs that a scenario states for one customer; `volumes` anchor costs that follow the volume."""
    volume = sum(volumes[customer.name, line.product] for line in customer.lines)
    lines = tuple(_line_costs(scenario, customer, line, volume) for line in customer.lines)
    charges = tuple(_charges(scenario, customer))
    reserves = tuple(_reserves(scenario, customer))
    of_volume = {rate.part.notice for line in lines for rate in (*line.variable, *line.other)}
    of_fixed = {part.notice for charge in charges for part in charge.parts}
    of_fixed |= {part.notice for reserve in reserves for part in reserve.parts}
    notices = [(False, years) for years in sorted(of_fixed)] + [(True, years) for years in sorted(of_volume)]
    return CustomerCosts(lines, charges, reserves, tuple(each for each in notices if each[1] > 0.0))


def _line_costs(scenario: Scenario, customer: Customer, line: Line, volume: float) -> LineCosts:
    product = scenario.products[line.product]
    variable = tuple(
        Rate(Part(name, 1.0, product.cash_share, 0.0), getattr(product, name))
        for name in ("material", "production", "distribution")
    )
    other = [
        *_order_rates(scenario, customer, line),
        *(
            Rate(
                Part(item_key(cost.line, cost.level), 1.0, cost.cash_share, cost.notice),
                cost.amount,
                1.0 / volume,
            )
            for cost in customer.costs
            if cost.follows == "volume" and volume > 0.0
        ),
    ]
    deductions = Rate(Part("sales_deductions", 1.0, 1.0, 0.0), product.sales_deductions, of_sales=True)
    return LineCosts(deductions, variable, tuple(rate for rate in other if rate.uncertain or rate.fixed))


def _order_rates(scenario: Scenario, customer: Customer, line: Line) -> Iterable[Rate]:
    """Direct costs of orders, and processes that orders and volume need."""
    product, size = scenario.products[line.product], order_value(scenario, line)
    if product.direct_order_cost and size:
        cost = Quantity(product.direct_order_cost, "direct_order_cost")
        yield Rate(Part(item_key("other_direct", "order"), 1.0, 1.0, 0.0), cost, 1.0 / size)
    for use in customer.processes:
        process = scenario.processes[use.process]
        needed = _need(use.per_order, use.per_volume, size)
        for part in process.parts if needed else ():
            own = Part(item_key(part.line, process.level), part.share, part.cash_share, part.notice)
            yield Rate(own, process.cost_rate, needed * part.share, of_process=True)


def order_value(scenario: Scenario, line: Line) -> float | None:
    """Value of one order of a line at base prices, currency."""
    return line.order_value if line.order_value is not None else scenario.products[line.product].order_value


def _need(per_order: float, per_volume: float, size: float | None) -> float:
    """Processes per unit of volume."""
    return per_volume + (per_order / size if size else 0.0)


def _charges(scenario: Scenario, customer: Customer) -> Iterable[Charge]:
    """Fixed costs: those that are certain and follow the same factor are one charge."""
    stated = [*_direct_costs(customer), *_process_costs(scenario, customer)]
    together: dict[int, list[tuple[Quantity, Part]]] = {}
    for factor, amount, part in stated:
        if isinstance(amount.value, Distribution):
            own = dataclasses.replace(part, share=1.0)
            yield Charge(factor, amount, part.share, (own,))
        elif amount.value * part.share:
            together.setdefault(factor, []).append((amount, part))
    for factor, entries in sorted(together.items(), key=lambda item: item[0]):
        total = math.fsum(_fixed(amount) * part.share for amount, part in entries)
        parts = tuple(
            dataclasses.replace(part, share=_fixed(amount) * part.share / total) for amount, part in entries
        )
        yield Charge(factor, Quantity(total, "charges"), 1.0, parts)


def _fixed(amount: Quantity) -> float:
    if isinstance(amount.value, Distribution):
        raise TypeError(f"{amount.place} is uncertain")
    return amount.value


def _direct_costs(customer: Customer) -> Iterable[tuple[int, Quantity, Part]]:
    """(factor, amount per year, part) of direct costs."""
    yield PHASE_COST, customer.direct_cost, Part("other_direct", 1.0, 1.0, 0.0)
    for cost in customer.costs:
        if cost.follows != "volume":
            part = Part(item_key(cost.line, cost.level), 1.0, cost.cash_share, cost.notice)
            yield PHASE_COST if cost.follows == "phase" else NOTHING, cost.amount, part


def _process_costs(scenario: Scenario, customer: Customer) -> Iterable[tuple[int, Quantity, Part]]:
    """(factor, cost of one process, part) of processes that do not follow the volume; the share of a part is
    processes per year x its share of the cost.
    """
    for use in customer.processes:
        process = scenario.processes[use.process]
        for part in process.parts if use.fixed else ():
            own = Part(
                item_key(part.line, process.level), use.fixed * part.share, part.cash_share, part.notice
            )
            yield PHASE_PROCESS, process.cost_rate, own


def _reserves(scenario: Scenario, customer: Customer) -> Iterable[Reserve]:
    for use in customer.processes:
        if not use.reserved:
            continue
        process = scenario.processes[use.process]
        parts = tuple(
            Part(item_key(part.line, "idle"), part.share, part.cash_share, part.notice)
            for part in process.parts
        )
        needs = tuple(
            _need(use.per_order, use.per_volume, order_value(scenario, line)) for line in customer.lines
        )
        yield Reserve(process.cost_rate, use.reserved, use.fixed, needs, parts)


def cost_rows(
    scenario: Scenario, costs: Sequence[CustomerCosts], values: Values, central: Values
) -> dict[str, list[Floats]]:
    """Rows of the cost tables by `table.row`, one array [1 or path] per member. What of a saving is not paid
    stands at `central` values, as the shares of the items do to which it goes.
    """
    step = 1.0 / scenario.time.periods_per_year
    rows: dict[str, list[Floats]] = {
        name: []
        for name in (
            "lines.volume_cost",
            "lines.noncash",
            "lines.process_cost",
            "lines.process_unpaid",
            "lines.variable_unpaid",
            "charges.amount",
            "reserves.rate",
            "ratios.ratio",
            "notices.full",
            "notices.noncash",
            "notices.saved",
            "notices.saved_noncash",
        )
    }
    for each in costs:
        for line in each.lines:
            rows["lines.volume_cost"].append(line.total(values, line.other, "full"))
            rows["lines.noncash"].append(line.total(values, (*line.variable, *line.other), "noncash"))
            rows["lines.process_cost"].append(line.total(values, line.processes, "full"))
            rows["lines.process_unpaid"].append(line.unpaid(central, line.processes))
            rows["lines.variable_unpaid"].append(line.unpaid(central, line.variable))
        rows["charges.amount"] += [
            values.of(charge.amount) * (charge.multiplier * step) for charge in each.charges
        ]
        rows["reserves.rate"] += [values.of(reserve.rate) for reserve in each.reserves]
        rows["ratios.ratio"] += [rate.on(values) for _, rate in each.ratios()]
        for of_volume, years in each.notices:
            for line in each.lines if of_volume else ():
                rows["notices.full"].append(line.total(values, line.in_notice(years), "full"))
                rows["notices.noncash"].append(line.total(values, line.in_notice(years), "noncash"))
                rows["notices.saved"].append(line.process_share(values, years, "full"))
                rows["notices.saved_noncash"].append(line.process_share(values, years, "noncash"))
    rows["investments.amount"] = [
        values.of(investment.amount) for customer in scenario.customers for investment in customer.investments
    ]
    return rows


def stacked(rows: Sequence[Floats]) -> Floats:
    """Members as one matrix [member, 1 or path]."""
    width = max((row.shape[0] for row in rows), default=1)
    if not rows:
        return np.zeros((0, 1))
    return np.stack([np.broadcast_to(row, (width,)) for row in rows])
