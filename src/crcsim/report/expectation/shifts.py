"""What a strategy does to its customers in the deterministic limit, period by period (MODEL 5, 6).

Every effect at its mean times the mean causal share and the response of its lever. A plan that waits for a
trigger counts from the valuation date, as if the trigger had come. Left out: effects on capacity, and
executive roles.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from crcsim.compile.responses import Course, courses
from crcsim.compile.values import Values
from crcsim.report.expectation.rows import Floats
from crcsim.scenario.customers import Customer
from crcsim.scenario.levers import Effect, Lever, Target
from crcsim.scenario.quantity import Quantity
from crcsim.scenario.scenario import Scenario
from crcsim.scenario.strategies import Plan, Strategy
from crcsim.valuation.share import logit

__all__ = ["Acting", "Shifts", "acting", "affected_lines", "affects", "begun", "shifts_of", "spent_at_levels"]


@dataclass(frozen=True)
class Acting:
    """A lever that a strategy uses, with its course."""

    lever: Lever
    course: Course


@dataclass
class Shifts:
    """Shifts of one customer on the scales of the effects (eq. 5.3), and what is spent on it, at prices of
    the valuation date; [period], or [line, period] for its lines.
    """

    share: Floats  # logit points of the target
    wallet: Floats  # log growth of the expected wallet in the period
    price: Floats  # price points
    variable: Floats  # log of the variable costs
    offered: Floats  # 1 while the line is offered, 0 once it is dropped
    churn: Floats  # log of the hazard
    retention: Floats  # logit
    process: Floats  # log of the cost rates
    expense: Floats
    investment: Floats
    ending: Floats  # what of the expense is not paid for ever
    ratio_dropped: float = 1.0  # churn hazard if everything were dropped, over that of full service
    logit_dropped: float = 0.0

    @classmethod
    def none(cls, lines: int, periods: int) -> Shifts:
        """Of a customer that no lever acts on."""
        share, wallet, price, variable = (np.zeros((lines, periods)) for _ in range(4))
        churn, retention, process, expense, investment, ending = (np.zeros(periods) for _ in range(6))
        shifts, spent = (churn, retention, process), (expense, investment, ending)
        return cls(share, wallet, price, variable, np.ones((lines, periods)), *shifts, *spent)


def begun(plan: Plan) -> Plan:
    """The plan as if its trigger had come at the valuation date."""
    return plan if plan.trigger is None else dataclasses.replace(plan, start=0.0, trigger=None)


def acting(scenario: Scenario, strategy: Strategy | None, values: Values) -> tuple[Acting, ...]:
    """The levers of a strategy with their courses, by name; none in the baseline."""
    if strategy is None:
        return ()
    levers = {lever.name: lever for lever in scenario.levers}
    plans = [begun(plan) for plan in strategy.plans]
    found = courses(scenario.levers, plans, scenario.time, values)
    return tuple(Acting(levers[plan.lever], course) for plan, course in zip(plans, found, strict=True))


def affected_lines(target: Target, customer: Customer, product: str | None = None) -> list[int]:
    """Places of the customer's lines that a target covers, limited to a product where one is given."""
    if target.kind == "customers" and customer.name not in target.names:
        return []
    if target.kind == "segment" and customer.segment not in target.names:
        return []
    wanted = set(target.names) if target.kind == "product" else {line.product for line in customer.lines}
    if product is not None:
        wanted &= {product}
    return [place for place, line in enumerate(customer.lines) if line.product in wanted]


def affects(target: Target, customer: Customer) -> bool:
    """Whether a lever with this target acts on a customer."""
    return bool(affected_lines(target, customer))


def spent_on(target: Target, customer: Customer) -> bool:
    """Whether the spend on a lever is a cost of this customer."""
    return target.kind == "customers" and target.names == (customer.name,)


def _spends(scenario: Scenario, active: tuple[Acting, ...]) -> Iterator[tuple[Lever, Floats]]:
    """Every lever with what it spends per period, [period]; one in no plan spends its maintenance."""
    planned = {each.lever.name: each.course.spend for each in active}
    per_period = np.full(scenario.time.periods, 1.0 / scenario.time.periods_per_year)
    for lever in scenario.levers:
        yield lever, planned.get(lever.name, lever.maintenance * per_period)


def spent_at_levels(scenario: Scenario, active: tuple[Acting, ...]) -> tuple[Floats, Floats]:
    """(expense, investment) per period [period] of segments and the company."""
    found = {"expense": np.zeros(scenario.time.periods), "investment": np.zeros(scenario.time.periods)}
    for lever, spend in _spends(scenario, active):
        if not (lever.target.kind == "customers" and len(lever.target.names) == 1):
            found[lever.booked_as] += spend
    return found["expense"], found["investment"]


def shifts_of(
    scenario: Scenario,
    customer: Customer,
    strategy: Strategy | None,
    active: tuple[Acting, ...],
    values: Values,
    log_growth: float,
) -> Shifts:
    """All that a strategy does to one customer; `log_growth` per year is that of its business."""
    builder = _Builder(scenario, customer, values, log_growth)
    for each in active:
        builder.add(each)
    for lever, spend in _spends(scenario, active):
        if spent_on(lever.target, customer):
            (builder.shifts.expense if lever.booked_as == "expense" else builder.shifts.investment)[:] += (
                spend
            )
    for each in active:
        if spent_on(each.lever.target, customer) and each.lever.booked_as == "expense":
            builder.shifts.ending[:] += each.course.ending
    if strategy is not None:
        builder.drop(strategy)
    return builder.shifts


class _Builder:
    """Adds up the shifts of one customer."""

    def __init__(self, scenario: Scenario, customer: Customer, values: Values, log_growth: float) -> None:
        self.customer, self.values, self.log_growth = customer, values, log_growth
        self.per_year = scenario.time.periods_per_year
        self.shifts = Shifts.none(len(customer.lines), scenario.time.periods)

    def mean(self, quantity: Quantity) -> float:
        return float(self.values.of(quantity)[0])

    def add(self, each: Acting) -> None:
        """The effects of a lever on the customer and its lines."""
        part = self.mean(each.lever.causal_share) * each.course.response
        for effect in each.lever.effects:
            lines = affected_lines(each.lever.target, self.customer, effect.line)
            if lines:
                self.shift(effect, part, lines)

    def shift(self, effect: Effect, part: Floats, lines: list[int]) -> None:
        """One effect at `part` of its size, [period] (eq. 5.3)."""
        shifts, size, step = self.shifts, self.mean(effect.size), 1.0 / self.per_year
        match effect.kind:
            case "share_logit":
                shifts.share[lines] += size * part
            case "share_points":
                shifts.share[lines] += self.points(lines, size)[:, None] * part
            case "wallet_growth":
                shifts.wallet[lines] += np.log1p(size) * step * part
            case "wallet_creation":
                shifts.wallet[lines] += self.mean_jump(effect) * step * np.maximum(0.0, size * part)
            case "coupling":
                shifts.wallet[lines] += size * self.log_growth * step * part
            case "price_premium":
                shifts.price[lines] += size * part
            case "variable_cost_ratio":
                shifts.variable[lines] += np.log(size) * part
            case "churn_hazard_ratio":
                shifts.churn += np.log(size) * part
            case "takeover_retention":
                shifts.retention += size * part
            case "process_cost_ratio":
                shifts.process += np.log(size) * part

    def points(self, lines: list[int], size: float) -> Floats:
        """Percentage points of share as logit points at today's share, [line]."""
        now = np.array([self.mean(self.customer.lines[line].share.now) for line in lines])
        return logit(now + size) - logit(now)

    def mean_jump(self, effect: Effect) -> float:
        """Mean relative size of a wallet that is created: e^(μ + s²/2) - 1."""
        if effect.median is None or effect.log_sd is None:
            raise TypeError(f"{effect.size.place} has no size of its jumps")
        return float(self.mean(effect.median) * np.exp(self.mean(effect.log_sd) ** 2 / 2.0) - 1.0)

    def drop(self, strategy: Strategy) -> None:
        """Lines that are no longer offered, and the penalty if all of them were dropped."""
        terms = self.customer.full_service
        self.shifts.ratio_dropped = self.mean(terms.churn_hazard_ratio)
        self.shifts.logit_dropped = self.mean(terms.share_logit)
        for drop in strategy.drops:
            if self.customer.name in drop.customers:
                start = int(drop.at * self.per_year + 1e-9)
                for place, line in enumerate(self.customer.lines):
                    if line.product == drop.product:
                        self.shifts.offered[place, start:] = 0.0
