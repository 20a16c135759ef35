"""What a scenario costs in its first year, and what a ledger period costs: both by line and notice."""

from collections import defaultdict
from collections.abc import Mapping

from crcsim import Scenario
from crcsim.costing.ledger import Ledger
from crcsim.scenario.families import central

Sums = Mapping[tuple[str, float], list[float]]  # by line and notice: amount, and what of it is paid


def yearly_costs(scenario: Scenario, volumes: Mapping[tuple[str, str], float]) -> Sums:
    """Costs at today's volumes, but for variable ones and direct costs of customers and orders."""
    sums: dict[tuple[str, float], list[float]] = defaultdict(lambda: [0.0, 0.0])

    def add(line: str, notice: float, amount: float, cash_share: float) -> None:
        sums[line, notice][0] += amount
        sums[line, notice][1] += amount * cash_share

    for customer in scenario.customers:
        volume = sum(amount for (name, _), amount in volumes.items() if name == customer.name)
        factor = central(customer.phases[customer.phase].process_factor.value)
        for use in customer.processes:
            process = scenario.processes[use.process]
            used = use.fixed * factor + use.per_volume * volume
            cost = central(process.cost_rate.value) * max(used, use.reserved)
            for part in process.parts:
                add(part.line, part.notice, cost * part.share, part.cash_share)
        for item in customer.costs:
            add(item.line, item.notice, central(item.amount.value), item.cash_share)
    for level in scenario.costs:
        add(level.line, level.notice, central(level.amount.value), level.cash_share)
    return sums


def ledger_costs(ledger: Ledger, period: str) -> Sums:
    """Costs of a period as stated, but for the variable ones of orders."""
    sums: dict[tuple[str, float], list[float]] = defaultdict(lambda: [0.0, 0.0])
    items = [(item.line, item.notice, item.amount, item.cash_share)
             for item in ledger.costs if item.period == period]  # fmt: skip
    items += [(sub.line, sub.notice, sub.cost, sub.cash_share)
              for sub in ledger.sub_processes if sub.period == period]  # fmt: skip
    for line, notice, amount, cash_share in items:
        sums[line, notice][0] += float(amount)
        sums[line, notice][1] += float(amount * cash_share)
    return sums
