"""Levers held against customers and products: what an effect acts on has to be there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from crcsim.scenario.customers import Customer
from crcsim.scenario.families import central
from crcsim.scenario.levers import Effect, Lever
from crcsim.scenario.lines import Line
from crcsim.scenario.nodes import MapNode, Node, describe
from crcsim.scenario.products import Product
from crcsim.scenario.reading import Reading
from crcsim.scenario.references import entries_of
from crcsim.scenario.strategy_building import targeted

__all__ = ["Portfolio", "check_levers"]

#: The key under which the two effects on a share stand.
_SHARE_KEYS = {"share_logit": "logit", "share_points": "points"}


@dataclass(frozen=True)
class Portfolio:
    """On what levers and strategies act; `ledger` says whether one is linked."""

    customers: tuple[Customer, ...]
    products: Mapping[str, Product]
    levers: Mapping[str, Lever]
    ledger: bool


def check_levers(root: MapNode, portfolio: Portfolio, reading: Reading) -> None:
    """List targets that are empty and effects that have nothing to act on."""
    for lever in portfolio.levers.values():
        stated = entries_of(root, "levers", lever.name)
        found = targeted(lever.target, portfolio.customers)
        if not found:
            _report_empty(lever, stated["target"], reading)
        for effect in lever.effects if found else ():
            key = "share_target" if effect.kind in _SHARE_KEYS else effect.kind
            node = entries_of(stated["effects"])[key]
            _check_lines(lever, effect, node, found, reading)
            _check_object(lever, effect, node, portfolio, reading)
            _check_use(effect, node, found, portfolio, reading)


def _report_empty(lever: Lever, node: Node, reading: Reading) -> None:
    name = lever.target.names[0]
    hint = f"no customer buys {name}" if lever.target.kind == "product" else f"{name} has no customers"
    at = entries_of(node)[lever.target.kind]
    reading.report("empty_target", at.position, at.path, value=name, hint=hint)


def _check_object(lever: Lever, effect: Effect, node: Node, portfolio: Portfolio, reading: Reading) -> None:
    """List capacity of something else than a product that has one, and process costs of a product."""
    of_product = lever.target.kind == "product"
    hint = None
    if effect.kind == "capacity" and not of_product:
        hint = "capacity is that of a product; state target: {product: ..}"
    elif effect.kind == "capacity" and portfolio.products[lever.target.names[0]].capacity is None:
        hint = f"products.{lever.target.names[0]} has no capacity; state it there, or leave this out"
    elif effect.kind == "process_cost_ratio" and of_product:
        hint = "process costs are those of customers; the target has to be customers, a segment or all"
    if hint is not None:
        reading.report("inconsistent", node.position, node.path, value=effect.kind, hint=hint)


def _lines(lever: Lever, effect: Effect, customers: tuple[Customer, ...]) -> Iterator[tuple[str, Line]]:
    """Yield (customer, line) for each line on which an effect acts."""
    only = effect.line or (lever.target.names[0] if lever.target.kind == "product" else None)
    for customer in customers:
        for line in customer.lines:
            if only in (None, line.product):
                yield customer.name, line


def _check_lines(
    lever: Lever, effect: Effect, node: Node, customers: tuple[Customer, ...], reading: Reading
) -> None:
    """List a line that is not of the target, shares that do not move, and points that leave 0 to 100 %."""
    lines = list(_lines(lever, effect, customers))
    if effect.line is not None:
        hint = None
        if lever.target.kind == "product" and effect.line != lever.target.names[0]:
            hint = f"the lever acts on {lever.target.names[0]} only"
        elif not lines:
            hint = "no customer of the target buys it"
        if hint is not None:
            at = entries_of(node)["line"]
            reading.report("inconsistent", at.position, at.path, value=effect.line, hint=hint)
            return
    if effect.kind not in _SHARE_KEYS:
        return
    moving = [(customer, line) for customer, line in lines if line.share.kind == "moving"]
    if not moving:
        _report_fixed(node, lines, reading)
    elif effect.kind == "share_points":
        _check_points(effect, entries_of(node)["points"], moving, reading)


def _report_fixed(node: Node, lines: list[tuple[str, Line]], reading: Reading) -> None:
    named = ", ".join(f"{customer} {line.product}" for customer, line in lines[:3])
    more = f" and {len(lines) - 3} more" if len(lines) > 3 else ""
    hint = "these shares are fixed; state {now: ..} for what can move, or leave this out"
    reading.report("inconsistent", node.position, node.path, value=named + more, hint=hint)


def _check_points(effect: Effect, node: Node, moving: list[tuple[str, Line]], reading: Reading) -> None:
    """List points that would lift a share of today to 100 % or lower it to 0."""
    points = central(effect.size.value)
    for customer, line in moving:
        now = central(line.share.now.value)
        if not 0.0 < now + points < 1.0:
            reading.report(
                "out_of_range",
                node.position,
                node.path,
                value=describe(node),
                allowed=f"above {-now * 100:.12g}% and below {(1 - now) * 100:.12g}%",
                hint=f"the share of {customer} in {line.product} is {now * 100:.12g}% today",
            )
            return


def _check_use(
    effect: Effect, node: Node, customers: tuple[Customer, ...], portfolio: Portfolio, reading: Reading
) -> None:
    """Warn of an effect that changes nothing at the customers of the target."""
    text = None
    if effect.kind == "takeover_retention" and not any(_may_be_retained(each) for each in customers):
        text = (
            "it changes nothing: no customer of the target may be taken over with `retained` from 0 to 100%"
        )
    if effect.kind == "process_cost_ratio" and not portfolio.ledger:
        text = None if any(each.processes for each in customers) else "it changes nothing: no process is used"
    if effect.kind == "effectiveness" and not effect.levers:
        text = "it changes nothing: there is no other lever"
    if text is not None:
        reading.warn(node.position, node.path, text)


def _may_be_retained(customer: Customer) -> bool:
    retained = central(customer.takeover.retained.value)
    return central(customer.takeover.risk.rate.value) > 0 and 0 < retained < 1
