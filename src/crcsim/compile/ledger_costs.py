"""A scenario with the costs of a ledger period filled in, so that every path books the same cascade.

Quantities and amounts of the period become yearly ones at the prices of the valuation date. What a customer
causes goes to that customer, what nobody causes to the company; nothing is lost and nothing appears.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from crcsim.compile.distributions import fit
from crcsim.compile.ledger import compiled_ledger
from crcsim.compile.ledger_entries import Entries, Nature, Use
from crcsim.costing.allocation import CostedProcess, Part, allocate
from crcsim.costing.charges import consumers
from crcsim.costing.ledger import CostItem, Ledger, MainProcess
from crcsim.costing.lines import INDIRECT_LINES, VARIABLE_LINES
from crcsim.scenario.customers import Customer
from crcsim.scenario.quantity import Distribution, Quantity
from crcsim.scenario.scenario import Scenario

__all__ = ["with_ledger", "with_ledger_period"]


def with_ledger(scenario: Scenario, volumes: Mapping[tuple[str, str], float]) -> Scenario:
    """The scenario with the costs of its linked ledger period; the same scenario where none is linked.

    `volumes` is today's volume of (customer, product) at base prices, currency per year, at central values.
    """
    link = scenario.ledger
    if link is None:
        return scenario
    return with_ledger_period(scenario, compiled_ledger(link.document), link.period, link.length, volumes)


def with_ledger_period(
    scenario: Scenario,
    ledger: Ledger,
    period: str,
    length: float,
    volumes: Mapping[tuple[str, str], float],
) -> Scenario:
    """The scenario with the costs of one period of a ledger; what the scenario states under a name wins.

    `length` is that of the period in years. Main processes become processes, at the rate that the ledger
    charges; consumption becomes their use: by customers as a fixed quantity, by orders and products as one
    that follows the customer's whole volume. A fixed quantity is divided by the process factor of today's
    phase, so that today's cost is that of the ledger. Cost items of customers become customer costs; those
    in an indirect line a process that counts currency, since only processes have such lines; variable
    costs that no order states become other direct costs. What the customers of the scenario do not cause
    is cost of a segment or of the company. Variable costs of orders are left to the products.
    """
    sold: dict[str, float] = defaultdict(float)
    for (customer, _), volume in volumes.items():
        sold[customer] += volume
    entries = Entries(length, f"ledger {ledger.name}, {period}")
    names = {customer.name for customer in scenario.customers}
    allocation = allocate(ledger, period)
    for costed in allocation.processes:
        _add_process(entries, costed, ledger, names)
    for part in allocation.unassigned:
        entries.add_company(f"{part.origin.name} (in no main process)", _nature(part), Fraction(part.amount))
    orders = {line.order: line.customer for line in ledger.orders}
    for item in ledger.costs:
        if item.period == period:
            _add_item(entries, item, orders, names)
    return replace(
        scenario,
        processes={**entries.processes(), **scenario.processes},
        customers=tuple(
            _customer(each, entries, sold[each.name], scenario.processes) for each in scenario.customers
        ),
        costs=(*scenario.costs, *entries.level_costs({cost.name for cost in scenario.costs})),
    )


def _nature(part: Part) -> Nature:
    origin = part.origin
    return Nature(origin.line, float(origin.cash_share), origin.notice)


def _add_process(entries: Entries, costed: CostedProcess, ledger: Ledger, names: set[str]) -> None:
    """A main process, what customers use of it, and what none of them causes."""
    process, capacity = costed.process, ledger.process_rates == "capacity"
    natures: dict[Nature, Fraction] = defaultdict(Fraction)
    for part in costed.parts:
        natures[_nature(part)] += Fraction(part.amount)
    basis = process.maximum_quantity if capacity else process.quantity
    rates = {nature: amount / Fraction(basis) for nature, amount in natures.items() if amount}
    entries.add_process(process.name, process.level, rates)
    for what, quantity in _add_uses(entries, process, ledger, names):
        for nature, rate in rates.items():
            entries.add_company(f"{process.name} ({what})", nature, rate * Fraction(quantity))


def _add_uses(
    entries: Entries, process: MainProcess, ledger: Ledger, names: set[str]
) -> list[tuple[str, Decimal]]:
    """Enter what the customers of the scenario use; return what is left to the company, and why."""
    capacity = ledger.process_rates == "capacity"
    orders = {line.order: line.customer for line in ledger.orders}
    left: list[tuple[str, Decimal]] = []
    others, spare = process.quantity, process.maximum_quantity - process.quantity
    for row in consumers(ledger, process):
        kept = row.reserved - row.quantity if capacity else Decimal(0)
        others, spare = others - row.quantity, spare - kept
        by_level = {"order": orders.get(row.object), "customer": row.object}
        customer = by_level.get(process.level, row.customer)
        if customer is not None and customer in names:
            fixed = process.level == "customer"
            entries.add_use(customer, process.name, Use(row.quantity, row.quantity + kept, fixed))
        else:
            whose = "no customer" if customer is None else f"{customer}, not in the scenario"
            what = f"{row.object}, {whose}" if process.level == "product" else whose
            left.append((what, row.quantity + kept))
    left.append(("done for others", others))
    return [*left, ("idle, caused by none", spare)] if capacity else left


def _add_item(entries: Entries, item: CostItem, orders: Mapping[str, str], names: set[str]) -> None:
    """A cost item at the customer that causes it, else at its segment or at the company."""
    by_level = {"order": orders.get(item.object or ""), "customer": item.object}
    customer = by_level.get(item.level, item.customer)
    line = "other_direct" if item.line in VARIABLE_LINES else item.line
    nature, amount = Nature(line, float(item.cash_share), item.notice), Fraction(item.amount)
    if customer is None or customer not in names:
        name = item.name if customer is None else f"{item.name} ({customer}, not in the scenario)"
        entries.add_level(name, item.object if item.level == "segment" else None, nature, amount)
    elif line in INDIRECT_LINES:
        entries.add_counted(customer, item.name, item.level, nature, item.amount)
    else:
        entries.add_cost(customer, item.name, item.level, nature, amount)


def _customer(customer: Customer, entries: Entries, volume: float, processes: Collection[str]) -> Customer:
    """A customer with its part of the ledger; what it states under the same name wins, as do processes."""
    factor = _mean(customer.phases[customer.phase].process_factor)
    stated = {cost.name for cost in customer.costs}
    found = entries.uses(customer.name, volume, factor, stated.union(processes))
    uses = {use.process: use for use in (*found, *customer.processes)}
    costs = [*customer.costs, *entries.costs(customer.name, volume, stated)]
    return replace(
        customer,
        processes=tuple(uses[name] for name in sorted(uses)),
        costs=tuple(sorted(costs, key=lambda cost: cost.name)),
    )


def _mean(quantity: Quantity) -> float:
    """The central value of a quantity, as the volumes of today are central ones."""
    stated = quantity.value
    return fit(stated).mean if isinstance(stated, Distribution) else stated
