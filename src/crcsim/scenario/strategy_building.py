"""Strategies with what they leave open filled in: customers, and the lines that triggers judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from crcsim.scenario.customers import Customer
from crcsim.scenario.levers import Lever, Target
from crcsim.scenario.strategies import MARKET_TRIGGERS, SHARE_TRIGGERS, Drop, Plan, Strategy
from crcsim.scenario.strategy_keys import StatedDrop, StatedStrategy

__all__ = ["strategies_of", "targeted"]


def targeted(target: Target, customers: tuple[Customer, ...]) -> tuple[Customer, ...]:
    """Return the customers on which a lever acts; of a product those that buy it."""
    return tuple(customer for customer in customers if _hits(target, customer))


def _hits(target: Target, customer: Customer) -> bool:
    if target.kind == "customers":
        return customer.name in target.names
    if target.kind == "segment":
        return customer.segment in target.names
    return target.kind == "all" or any(line.product in target.names for line in customer.lines)


def strategies_of(
    stated: Mapping[str, StatedStrategy], levers: Mapping[str, Lever], customers: tuple[Customer, ...]
) -> tuple[Strategy, ...]:
    """Return the strategies by name."""
    return tuple(_strategy(name, each, levers, customers) for name, each in sorted(stated.items()))


def _strategy(
    name: str, stated: StatedStrategy, levers: Mapping[str, Lever], customers: tuple[Customer, ...]
) -> Strategy:
    return Strategy(
        name,
        tuple(filled_plan(plan, levers[plan.lever], customers) for plan in stated.plans),
        tuple(_drop(product, drop, customers) for product, drop in sorted(stated.drops.items())),
        tuple(sorted(stated.roles.items())),
        stated.sponsor_programme,
        stated.extends,
    )


def filled_plan(plan: Plan, lever: Lever, customers: tuple[Customer, ...]) -> Plan:
    """Return a plan whose trigger names its customer and line, as far as they are the only ones."""
    trigger = plan.trigger
    if trigger is None or trigger.kind in MARKET_TRIGGERS:
        return plan
    candidates = targeted(lever.target, customers)
    named = trigger.customer or (candidates[0].name if len(candidates) == 1 else None)
    judged = next((customer for customer in candidates if customer.name == named), None)
    line = trigger.line
    if trigger.kind in SHARE_TRIGGERS and line is None and judged is not None:
        if lever.target.kind == "product":
            line = lever.target.names[0]
        elif len(judged.lines) == 1:
            line = judged.lines[0].product
    return replace(plan, trigger=replace(trigger, customer=named, line=line))


def _drop(product: str, stated: StatedDrop, customers: tuple[Customer, ...]) -> Drop:
    buyers = (customer for customer in customers if any(line.product == product for line in customer.lines))
    if stated.customers is not None:
        return Drop(product, stated.at, stated.customers)
    if stated.segment is not None:
        buyers = (customer for customer in buyers if customer.segment == stated.segment)
    return Drop(product, stated.at, tuple(customer.name for customer in buyers))
