"""Strategies as the kernel reads them: which lever runs when, what it spends, what is no longer offered."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crcsim.compile.executives import executive_terms, role_codes
from crcsim.compile.levers import LeverPlan, lever_level
from crcsim.compile.lines import line_owners
from crcsim.compile.ranges import period_of
from crcsim.compile.responses import courses, uncertain_response
from crcsim.compile.values import Floats, Values
from crcsim.kernels import arrays
from crcsim.kernels.rows import (
    BAD_YEARS,
    BY_DATE,
    CHURN_ABOVE,
    GOOD_YEARS,
    MARKET_ABOVE,
    MARKET_BELOW,
    NOT_RUN,
    ON_PATH,
    SHARE_ABOVE,
    SHARE_BELOW,
    TABULATED,
    TRIGGER,
    TRIGGER_ROWS,
)
from crcsim.scenario.quantity import Distribution
from crcsim.scenario.scenario import Scenario
from crcsim.scenario.strategies import BASELINE, Plan, Strategy

__all__ = ["build_strategies", "chosen_strategies"]

_NOTHING = Strategy(BASELINE, (), (), (), False, None)
_TRIGGERS = {
    "share_below": SHARE_BELOW,
    "share_above": SHARE_ABOVE,
    "churn_hazard_above": CHURN_ABOVE,
    "bad_years": BAD_YEARS,
    "good_years": GOOD_YEARS,
    "market_below": MARKET_BELOW,
    "market_above": MARKET_ABOVE,
}


def chosen_strategies(scenario: Scenario, names: Sequence[str] | None) -> tuple[Strategy, ...]:
    """The baseline and the strategies of these names (None: all), in the order of the scenario.

    Raises ValueError for a name that no strategy has.
    """
    known = {strategy.name: strategy for strategy in scenario.strategies}
    wanted = list(known) if names is None else [name for name in names if name != BASELINE]
    if unknown := [name for name in wanted if name not in known]:
        choice = ", ".join([BASELINE, *known])
        raise ValueError(f"no strategy is called {', '.join(unknown)}; there are {choice}")
    return (_NOTHING, *(strategy for name, strategy in known.items() if name in wanted))


def build_strategies(
    scenario: Scenario,
    chosen: Sequence[Strategy],
    plan: LeverPlan,
    groups: Sequence[Sequence[str]],
    central: Values,
) -> arrays.Strategies:
    """Everything that the strategies decide; `central` are the values of all quantities where none is
    uncertain.
    """
    time, names = scenario.time, [lever.name for lever in scenario.levers]
    shape = (len(chosen), len(names), time.periods)
    run = np.full(shape[:2], NOT_RUN, dtype=np.int64)
    start = np.zeros(shape[:2], dtype=np.int64)
    trigger = np.zeros((len(chosen), len(TRIGGER_ROWS), len(names)))
    response, spend, arriving = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    lasting = np.zeros(shape[:2])
    for place, strategy in enumerate(chosen):
        for each, course in zip(
            strategy.plans, courses(scenario.levers, strategy.plans, time, central), strict=True
        ):
            lever, money = names.index(each.lever), course.programme
            spend[place, lever], arriving[place, lever] = money.spend, money.arriving
            lasting[place, lever], start[place, lever] = money.lasting, money.start or 0
            trigger[place, :, lever] = _trigger(scenario, groups, each)
            response[place, lever], run[place, lever] = course.response, TABULATED
        damaged = _damaged(scenario, strategy)
        for lever in damaged:
            if run[place, lever] == NOT_RUN:  # its maintenance goes on, no plan ever starts
                start[place, lever] = time.periods + 1
        run[place] = _modes(scenario, strategy, run[place], trigger[place, TRIGGER.kind], damaged)
    return arrays.Strategies(
        touched=np.array([_touched(scenario, strategy, plan, groups) for strategy in chosen], dtype=np.int64),
        run=run,
        start=start,
        trigger=trigger,
        response=response,
        spend=spend,
        lasting=lasting,
        arriving=arriving,
        maintenance=np.array([lever.maintenance for lever in scenario.levers]) / time.periods_per_year,
        drop=np.stack([_drops(scenario, strategy) for strategy in chosen]),
        role=np.stack([role_codes(scenario, strategy) for strategy in chosen]),
        terms=executive_terms(scenario, chosen),
    )


def _trigger(scenario: Scenario, groups: Sequence[Sequence[str]], plan: Plan) -> list[float]:
    """TRIGGER rows of a plan."""
    stated = plan.trigger
    if stated is None:
        return [BY_DATE, 0.0, 0.0, 0.0]
    kind, level, member, line = _TRIGGERS[stated.kind], stated.level, 0, 0
    if kind == CHURN_ABOVE:
        level /= scenario.time.periods_per_year
    if stated.customer is not None:
        member = next(list(names).index(stated.customer) for names in groups if stated.customer in names)
        customer = next(each for each in scenario.customers if each.name == stated.customer)
        products = [each.product for each in customer.lines]
        line = products.index(stated.line) if stated.line in products else 0
    return [kind, level, member, line]


def _damaged(scenario: Scenario, strategy: Strategy) -> list[int]:
    """Levers that have a stock with one customer alone whose executive may set it back."""
    served = {customer for customer, _ in strategy.roles}
    run = {plan.lever for plan in strategy.plans}
    return [
        place
        for place, lever in enumerate(scenario.levers)
        if lever_level(lever) is None
        and lever.target.names[0] in served
        and (lever.name in run or lever.maintenance > 0.0)
    ]


def _modes(
    scenario: Scenario,
    strategy: Strategy,
    run: arrays.Integers,
    kinds: Floats,
    damaged: Sequence[int],
) -> arrays.Integers:
    """Levers whose response depends on the path: by a trigger, by uncertain parameters, by damage that an
    executive does, or by an amplifier that does or whose effect is uncertain.
    """
    levers, names = scenario.levers, [lever.name for lever in scenario.levers]
    found = run.copy()
    found[list(damaged)] = ON_PATH
    running = sorted({*(names.index(plan.lever) for plan in strategy.plans), *damaged})
    for number in running:
        if kinds[number] != BY_DATE or uncertain_response(levers[number]):
            found[number] = ON_PATH
    for _ in running:  # amplifiers of amplifiers
        for number in running:
            for effect in levers[number].effects:
                sizes = (effect.size, levers[number].causal_share)
                uncertain = any(isinstance(size.value, Distribution) for size in sizes)
                if effect.kind == "effectiveness" and (uncertain or found[number] == ON_PATH):
                    for name in effect.levers:
                        if found[names.index(name)] == TABULATED:
                            found[names.index(name)] = ON_PATH
    return found


def _drops(scenario: Scenario, strategy: Strategy) -> arrays.Integers:
    """Period from which each line is no longer offered; beyond the horizon where it always is."""
    never = scenario.time.periods + 1
    found = np.full(len(line_owners(scenario)), never, dtype=np.int64)
    for drop in strategy.drops:
        for place, (customer, line) in enumerate(line_owners(scenario)):
            if line.product == drop.product and customer.name in drop.customers:
                found[place] = min(found[place], period_of(drop.at, scenario.time.periods_per_year))
    return found


def _touched(
    scenario: Scenario, strategy: Strategy, plan: LeverPlan, groups: Sequence[Sequence[str]]
) -> list[int]:
    """1 for the groups in which a strategy changes anything."""
    names = [lever.name for lever in scenario.levers]
    running = {names.index(each.lever) for each in strategy.plans}
    changing = {customer for drop in strategy.drops for customer in drop.customers}
    changing |= {customer for customer, _ in strategy.roles}
    return [
        int(bool(running & set(levers)) or bool(changing & set(members)))
        for levers, members in zip(plan.levers, groups, strict=True)
    ]
