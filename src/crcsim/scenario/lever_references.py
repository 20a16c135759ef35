"""Names in levers and strategies that refer to nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from crcsim.scenario.nodes import ListNode, MapNode, Node, ScalarNode
from crcsim.scenario.reading import Reading
from crcsim.scenario.references import check_known, defined, entries_of
from crcsim.scenario.strategies import BASELINE

__all__ = ["check_lever_references", "check_strategy_references"]

Known = Collection[str] | None


def check_lever_references(root: MapNode, reading: Reading) -> None:
    """List customers, segments, products and levers that a lever names and that are not there."""
    levers = defined(root, "levers")
    known = _known(root, reading)
    for name, lever in entries_of(root, "levers").items():
        target = entries_of(lever, "target")
        _check(target, known, reading)
        for effect in entries_of(lever, "effects").values():
            entries = entries_of(effect)
            check_known("product", entries.get("line"), known["product"], reading)
            for node in _items(entries.get("levers")):
                check_known("lever", node, levers, reading)
                _check_other(name, node, reading)


def _known(root: MapNode, reading: Reading) -> dict[str, Known]:
    """Return the names by noun; None where a part is broken, so that references to it stay open."""
    customers = None if reading.tables_broken else defined(root, "customers")
    products = defined(root, "products") if "products" in root.entries else None
    segments = defined(root, "segments")
    return {"customer": customers, "product": products, "segment": segments}


def _check(entries: dict[str, Node], known: dict[str, Known], reading: Reading) -> None:
    """List what the usual keys name and what is not there."""
    for noun in known:
        check_known(noun, entries.get(noun), known[noun], reading)
    for node in _items(entries.get("customers")):
        check_known("customer", node, known["customer"], reading)


def _items(node: Node | None) -> Iterator[ScalarNode]:
    for item in node.items if isinstance(node, ListNode) else ():
        if isinstance(item, ScalarNode):
            yield item


def _check_other(name: str, node: ScalarNode, reading: Reading) -> None:
    """List a lever that would make itself more effective."""
    if node.text == name:
        hint = "a lever cannot make itself more effective; name other levers, or `all` others"
        reading.report("inconsistent", node.position, node.path, value=name, hint=hint)


def check_strategy_references(root: MapNode, reading: Reading) -> None:
    """List levers, customers, segments and products that a strategy names and that are not there."""
    known = _known(root, reading)
    levers = defined(root, "levers")
    strategies = root.entries.get("strategies")
    for name, strategy in entries_of(root, "strategies").items():
        if name == BASELINE and isinstance(strategies, MapNode):
            hint = "the baseline is always there, without any lever; choose another name"
            reading.report("reserved_name", strategies.keys[name], strategy.path, value=name, hint=hint)
        _check_keys(strategy, "levers", "lever", levers, reading)
        _check_keys(strategy, "product_mix", "product", known["product"], reading)
        _check_keys(strategy, "roles", "customer", known["customer"], reading)
        for drop in entries_of(strategy, "product_mix").values():
            _check(entries_of(drop), known, reading)
        for programme in entries_of(strategy, "cost_programmes").values():
            check_known("lever", entries_of(programme).get("lever"), levers, reading)
        for plan in (
            *entries_of(strategy, "levers").values(),
            *entries_of(strategy, "cost_programmes").values(),
        ):
            when = entries_of(plan, "start", "when")
            check_known("customer", when.get("customer"), known["customer"], reading)
            check_known("product", when.get("line"), known["product"], reading)


def _check_keys(strategy: Node, key: str, noun: str, known: Known, reading: Reading) -> None:
    """List the names of a map that are not there."""
    stated = strategy.entries.get(key) if isinstance(strategy, MapNode) else None
    if isinstance(stated, MapNode):
        for name, node in stated.entries.items():
            check_known(noun, ScalarNode(name, name, stated.keys[name], node.path), known, reading)
