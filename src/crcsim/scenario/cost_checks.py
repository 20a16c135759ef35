"""Costs held against the rest of the scenario: names of processes, values of orders, dates of investments."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from crcsim.scenario.customers import Customer
from crcsim.scenario.ledger_link import LedgerLink
from crcsim.scenario.nodes import MapNode, Node, ScalarNode, describe
from crcsim.scenario.reading import Invalid, Reading
from crcsim.scenario.references import check_known, defined, entries_of
from crcsim.scenario.time import Time

__all__ = ["check_investments", "check_orders", "check_processes"]


def check_processes(root: MapNode, ledger: LedgerLink | Invalid | None, reading: Reading) -> None:
    """List a process that a customer names and that neither the scenario nor its ledger has."""
    known = _processes(root, ledger)
    for customer in entries_of(root, "customers").values():
        stated = customer.entries.get("processes") if isinstance(customer, MapNode) else None
        if isinstance(stated, MapNode):
            for name, node in stated.entries.items():
                at = ScalarNode(name, name, stated.keys[name], node.path)
                check_known("process", at, known, reading)


def _processes(root: MapNode, ledger: LedgerLink | Invalid | None) -> Collection[str] | None:
    """Return the names of all processes; None where some of them could not be read."""
    own = defined(root, "processes")
    if own is None or isinstance(ledger, Invalid):
        return None
    rows = ledger.document.tables["main_processes"] if ledger is not None else ()
    return dict.fromkeys([*own, *(row["name"] for row in rows)])


def check_orders(root: MapNode, reading: Reading) -> None:
    """List what is stated per order where the value of an order is not known."""
    if reading.tables_broken:
        return
    _check_direct_costs(root, reading)
    for customer in entries_of(root, "customers").values():
        uses = [name for name, use in entries_of(customer, "processes").items() if _counts(use, "per_order")]
        for product, line in entries_of(customer, "lines").items():
            if uses and isinstance(line, MapNode) and _lacks_order_value(root, product, line):
                hint = f"processes.{uses[0]}.per_order needs it; state it here or for the product {product}"
                reading.report("missing_key", line.position, (*line.path, "order_value"), hint=hint)


def _check_direct_costs(root: MapNode, reading: Reading) -> None:
    """List a direct cost per order where neither the product nor each of its lines has an order value."""
    for name, product in entries_of(root, "products").items():
        lines = list(_lines(root, name))
        valued = bool(lines) and all("order_value" in entries_of(line) for line in lines)
        if _counts(product, "direct_order_cost") and "order_value" not in entries_of(product) and not valued:
            hint = "direct_order_cost is a cost per order: state the volume of one order"
            reading.report("missing_key", product.position, (*product.path, "order_value"), hint=hint)


def _lines(root: MapNode, product: str) -> Iterator[Node]:
    """Yield the lines of a product."""
    for customer in entries_of(root, "customers").values():
        lines = entries_of(customer, "lines")
        if product in lines:
            yield lines[product]


def _counts(node: Node, key: str) -> bool:
    """Return whether a key is stated, and not as nothing."""
    stated = entries_of(node).get(key)
    return stated is not None and not (isinstance(stated, ScalarNode) and stated.value == 0)


def _lacks_order_value(root: MapNode, product: str, line: MapNode) -> bool:
    """Return whether neither a line nor its product, where that is known, states the value of an order."""
    described = entries_of(root, "products").get(product)
    return isinstance(described, MapNode) and not {"order_value"} & {*line.entries, *described.entries}


def check_investments(root: MapNode, time: Time, customers: Iterable[Customer], reading: Reading) -> None:
    """List an investment that would be paid after the horizon."""
    for customer in customers:
        for investment in customer.investments:
            if investment.at >= time.years:
                stated = entries_of(root, "customers", customer.name, "investments", investment.name)
                at = stated["at"]
                allowed = f"before the horizon, which is at {time.years:g} years"
                reading.report("out_of_range", at.position, at.path, value=describe(at), allowed=allowed)
