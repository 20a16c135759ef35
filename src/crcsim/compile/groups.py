"""Coupling groups: customers whose results depend on each other beyond the shared economy (MODEL 1).

Today two things couple customers: a listed merger and a block of correlated parameters.
"""

from __future__ import annotations

from collections.abc import Iterable

from crcsim.compile.values import correlated_blocks
from crcsim.scenario.nodes import join
from crcsim.scenario.scenario import Scenario


def coupling_groups(scenario: Scenario) -> tuple[tuple[str, ...], ...]:
    """Names of the customers of each group; members and groups in canonical (name) order."""
    names = [customer.name for customer in scenario.customers]
    return _connected(names, [*_merger_links(scenario), *_correlation_links(scenario)])


def simulation_groups(scenario: Scenario) -> tuple[tuple[str, ...], ...]:
    """Customers that must be simulated period by period together: those linked by mergers."""
    return _connected([customer.name for customer in scenario.customers], _merger_links(scenario))


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
