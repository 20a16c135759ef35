"""The costs of one customer, from all places of a scenario where they may be stated."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping

from crcsim.compile.costs.parts import Charge, CustomerCosts, LineCosts, Part, Rate, Reserve
from crcsim.costing.items import item_key
from crcsim.kernels.rows import NOTHING, PHASE_COST, PHASE_PROCESS
from crcsim.scenario.customers import Customer
from crcsim.scenario.lines import Line
from crcsim.scenario.quantity import Distribution, Quantity
from crcsim.scenario.scenario import Scenario

__all__ = ["Volumes", "customer_costs", "order_value"]

#: Volume at base prices per year by (customer, product), at central values.
Volumes = Mapping[tuple[str, str], float]


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
