"""Coupling groups: customers whose results depend on each other beyond the shared economy (MODEL 1).

Customers are coupled by a listed merger, by the capacity of a product that both buy, by a trigger that judges
one of them, by executives in limited number, and by a block of correlated parameters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crcsim.compile.executives import role_links
from crcsim.compile.levers import lever_customers, lever_level
from crcsim.compile.values import correlated_blocks
from crcsim.scenario.levers import Lever
from crcsim.scenario.mergers import Merger
from crcsim.scenario.nodes import join
from crcsim.scenario.scenario import Scenario


def coupling_groups(scenario: Scenario) -> tuple[tuple[str, ...], ...]:
    """Names of the customers of each group; members and groups in canonical (name) order."""
    names = [customer.name for customer in scenario.customers]
    return _connected(names, [*_simulation_links(scenario), *_correlation_links(scenario)])


def simulation_groups(scenario: Scenario) -> tuple[tuple[str, ...], ...]:
    """Customers that must be simulated period by period together: all but those whose parameters are
    correlated and nothing else.
    """
    return _connected([customer.name for customer in scenario.customers], _simulation_links(scenario))


def merger_groups(scenario: Scenario) -> tuple[tuple[str, ...], ...]:
    """Customers whose lines can come to be each other's by listed mergers."""
    return _connected([customer.name for customer in scenario.customers], _merger_links(scenario))


def _simulation_links(scenario: Scenario) -> list[tuple[str, ...]]:
    return [
        *_merger_links(scenario),
        *_capacity_links(scenario),
        *_trigger_links(scenario),
        *_damage_links(scenario),
        *role_links(scenario),
    ]


def _capacity_links(scenario: Scenario) -> list[tuple[str, ...]]:
    """All customers of a product with a capacity."""
    return [
        tuple(c.name for c in scenario.customers if any(line.product == name for line in c.lines))
        for name, product in scenario.products.items()
        if product.capacity is not None
    ]


def _trigger_links(scenario: Scenario) -> list[tuple[str, ...]]:
    """Customers on which a lever acts that waits for the state of one, and those on which it acts through
    other levers that it amplifies.
    """
    levers = {lever.name: lever for lever in scenario.levers}
    links = []
    for strategy in scenario.strategies:
        for plan in strategy.plans:
            if plan.trigger is not None and plan.trigger.customer is not None:
                reached = _reached(scenario, levers, plan.lever)
                links.append(tuple(sorted({*reached, plan.trigger.customer})))
    return links


def _damage_links(scenario: Scenario) -> list[tuple[str, ...]]:
    """Customers whose executive may set a lever back, with those that it reaches through other levers."""
    levers = {lever.name: lever for lever in scenario.levers}
    served = {customer for strategy in scenario.strategies for customer, _ in strategy.roles}
    return [
        tuple(sorted(_reached(scenario, levers, lever.name)))
        for lever in scenario.levers
        if lever_level(lever) is None and lever.target.names[0] in served
    ]


def _reached(scenario: Scenario, levers: Mapping[str, Lever], name: str) -> set[str]:
    """Names of the customers on which a lever acts, itself or through levers that it amplifies."""
    return {
        scenario.customers[place].name
        for each in _amplified(levers, name)
        for place in lever_customers(scenario, levers[each])
    }


def _amplified(levers: Mapping[str, Lever], name: str) -> set[str]:
    """A lever and all that it makes more effective, itself or by way of others."""
    found, last = {name}, [name]
    while last:
        last = [
            other
            for each in last
            for effect in levers[each].effects
            for other in effect.levers
            if other not in found
        ]
        found.update(last)
    return found


def _merger_links(scenario: Scenario) -> list[tuple[str, ...]]:
    return [(merger.target, merger.buyer) for merger in scenario.mergers]


def _correlation_links(scenario: Scenario) -> list[tuple[str, ...]]:
    owners = {join(("customers", c.id)) + ".": c.name for c in scenario.customers}
    links = []
    for block in correlated_blocks(scenario):
        linked = {name for place in block.names for start, name in owners.items() if place.startswith(start)}
        links.append(tuple(sorted(linked)))
    return links


def _connected(names: list[str], links: Iterable[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Connected components of the names under the links."""
    component = {name: {name} for name in names}
    for link in links:
        merged: set[str] = set().union(*(component[name] for name in link))
        for name in merged:
            component[name] = merged
    groups = {tuple(sorted(members)) for members in component.values()}
    return tuple(sorted(groups))


def ordered_mergers(scenario: Scenario) -> list[Merger]:
    """Mergers sorted by group, target and buyer."""
    group = {name: place for place, names in enumerate(simulation_groups(scenario)) for name in names}
    return sorted(scenario.mergers, key=lambda merger: (group[merger.target], merger.target, merger.buyer))
