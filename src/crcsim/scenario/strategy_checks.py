"""Strategies held against levers, customers, executives and the horizon."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from crcsim.scenario.customers import Customer
from crcsim.scenario.executives import ROLES, Executives
from crcsim.scenario.lever_checks import Portfolio
from crcsim.scenario.levers import Lever
from crcsim.scenario.nodes import MapNode, Node, describe
from crcsim.scenario.reading import Reading
from crcsim.scenario.references import entries_of
from crcsim.scenario.strategies import MARKET_TRIGGERS, SHARE_TRIGGERS, Drop, Plan, Strategy, Trigger
from crcsim.scenario.strategy_building import targeted
from crcsim.scenario.time import Time

__all__ = ["check_strategies"]


def check_strategies(
    root: MapNode,
    strategies: Iterable[Strategy],
    portfolio: Portfolio,
    executives: Executives | None,
    time: Time,
    reading: Reading,
) -> None:
    """List what a strategy says and what cannot be done."""
    for strategy in strategies:
        stated = entries_of(root, "strategies", strategy.name)
        for plan in strategy.plans:
            key, name = ("cost_programmes", plan.programme) if plan.programme else ("levers", plan.lever)
            node = entries_of(stated[key])[name]
            _check_plan(plan, portfolio, entries_of(node), time, reading)
        for drop in strategy.drops:
            _check_drop(drop, portfolio, entries_of(stated["product_mix"])[drop.product], time, reading)
        if executives is not None and strategy.roles:
            _check_limits(strategy, executives, stated["roles"], reading)


def _check_before_horizon(years: float, node: Node, time: Time, reading: Reading) -> None:
    if years >= time.years:
        allowed = f"before the horizon, which is at {time.years:g} years"
        reading.report("out_of_range", node.position, node.path, value=describe(node), allowed=allowed)


def _check_plan(
    plan: Plan, portfolio: Portfolio, stated: dict[str, Node], time: Time, reading: Reading
) -> None:
    """List a start after the horizon, a trigger that judges nobody, and a cut of nothing."""
    lever = portfolio.levers[plan.lever]
    if plan.trigger is None:
        _check_before_horizon(plan.start, stated["start"], time, reading)
    else:
        _check_trigger(plan.trigger, lever, portfolio, entries_of(stated["start"])["when"], reading)
    if plan.programme is not None and lever.maintenance == 0:
        at = stated["lever"]
        hint = f"levers.{lever.name} states no maintenance that could be cut"
        reading.report("inconsistent", at.position, at.path, value=lever.name, hint=hint)


def _check_trigger(
    trigger: Trigger, lever: Lever, portfolio: Portfolio, node: Node, reading: Reading
) -> None:
    """List a trigger that does not say whose state is judged, or that judges somebody else's."""
    if trigger.kind in MARKET_TRIGGERS:
        return
    candidates = {customer.name: customer for customer in targeted(lever.target, portfolio.customers)}
    if trigger.customer is None:
        named = f"{', '.join([*candidates][:3])}{', ..' if len(candidates) > 3 else ''}"
        hint = f"say whose state is judged: the lever {lever.name} acts on {named}"
        reading.report("missing_key", node.position, (*node.path, "customer"), hint=hint)
    elif trigger.customer not in candidates:
        at = entries_of(node)["customer"]
        hint = f"it is no customer of the lever {lever.name}"
        reading.report("inconsistent", at.position, at.path, value=trigger.customer, hint=hint)
    elif trigger.kind in SHARE_TRIGGERS:
        _check_line(trigger, candidates[trigger.customer], node, reading)


def _check_line(trigger: Trigger, customer: Customer, node: Node, reading: Reading) -> None:
    """List a share that is not there, or that never moves."""
    lines = {line.product: line for line in customer.lines}
    if trigger.line is None:
        hint = f"say whose share is judged: {customer.name} buys {', '.join(lines)}"
        reading.report("missing_key", node.position, (*node.path, "line"), hint=hint)
        return
    at = entries_of(node).get("line", node)
    if trigger.line not in lines:
        hint = f"{customer.name} does not buy it"
        reading.report("inconsistent", at.position, at.path, value=trigger.line, hint=hint)
    elif lines[trigger.line].share.kind == "fixed":
        moves = "falls" if trigger.kind == "share_below" else "rises"
        hint = f"the share of {customer.name} in {trigger.line} is fixed: it never {moves}"
        reading.report("inconsistent", at.position, at.path, value=trigger.line, hint=hint)


def _check_drop(drop: Drop, portfolio: Portfolio, node: Node, time: Time, reading: Reading) -> None:
    """List a drop after the horizon, and one that changes nothing."""
    stated = entries_of(node)
    _check_before_horizon(drop.at, stated["drop"], time, reading)
    buyers = {
        customer.name
        for customer in portfolio.customers
        if any(line.product == drop.product for line in customer.lines)
    }
    others = [name for name in drop.customers if name not in buyers]
    at = stated.get("customers", stated.get("segment", node))
    if others:
        hint = f"no buyer of {drop.product}"
        reading.report("inconsistent", at.position, at.path, value=", ".join(others), hint=hint)
    elif not drop.customers:
        hint = f"no customer of it buys {drop.product}" if "segment" in stated else "no customer buys it"
        value = describe(at) if "segment" in stated else drop.product
        reading.report("empty_target", at.position, at.path, value=value, hint=hint)


def _check_limits(strategy: Strategy, executives: Executives, node: Node, reading: Reading) -> None:
    """List roles that are assigned to more customers than they can serve."""
    assigned = Counter(role for _, role in strategy.roles)
    for role, limit in zip(ROLES, executives.limit, strict=True):
        if limit is not None and assigned[role] > limit:
            value = f"{assigned[role]} of {role} in {strategy.name}"
            hint = "assign fewer, or raise executives.limit"
            allowed = f"at most {limit}"
            reading.report(
                "too_many_roles", node.position, node.path, value=value, allowed=allowed, hint=hint
            )
