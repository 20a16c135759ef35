"""Strategies as the kernel reads them: which lever runs when, what it spends, what is no longer offered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from crcsim.compile.levers import LeverPlan, certain_response
from crcsim.compile.lines import line_owners
from crcsim.compile.values import Floats
from crcsim.kernels import arrays
from crcsim.kernels.rows import (
    BAD_YEARS,
    BY_DATE,
    CHURN_ABOVE,
    MARKET_BELOW,
    NOT_RUN,
    ON_PATH,
    SHARE_BELOW,
    TABULATED,
    TRIGGER,
    TRIGGER_ROWS,
)
from crcsim.scenario.levers import Lever
from crcsim.scenario.quantity import Distribution
from crcsim.scenario.scenario import Scenario
from crcsim.scenario.strategies import BASELINE, Plan, Strategy
from crcsim.valuation.levers import constant_spend, lagged, response, single_payment, yearly_payments

__all__ = ["build_strategies", "chosen_strategies", "start_period"]

#: A date this close below a period's end, in periods, belongs to the next one.
_ROUNDING = 1e-9
_NOTHING = Strategy(BASELINE, (), (), (), False, None)
_TRIGGERS = {
    "share_below": SHARE_BELOW,
    "churn_hazard_above": CHURN_ABOVE,
    "bad_years": BAD_YEARS,
    "market_below": MARKET_BELOW,
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


def start_period(years: float, periods_per_year: int) -> int:
    """The period, from 0, in which a date lies."""
    return int(years * periods_per_year + _ROUNDING)


def spend_schedule(lever: Lever, plan: Plan, periods_per_year: int, periods: int) -> Floats:
    """Spend [period] from the start of a plan on, maintenance included; currency at base prices."""
    spend = lever.spend
    if spend.payments:
        stated = yearly_payments(spend.payments, periods_per_year, periods)
    elif spend.once:
        stated = single_payment(spend.once, periods)
    else:
        stated = constant_spend(spend.amount, spend.duration, periods_per_year, periods)
    return np.asarray(plan.spend * stated + plan.maintenance * lever.maintenance / periods_per_year)


def build_strategies(
    scenario: Scenario,
    chosen: Sequence[Strategy],
    plan: LeverPlan,
    groups: Sequence[Sequence[str]],
    central: Mapping[str, Floats],
    shifts: Floats,
) -> arrays.Strategies:
    """Everything that the strategies decide; `central` are rows of the lever table and `shifts` [effect]
    those of the effect table at central values, which count only where nothing is uncertain.
    """
    time, count = scenario.time, len(scenario.levers)
    names = [lever.name for lever in scenario.levers]
    shape = (len(chosen), count, time.periods)
    run = np.full(shape[:2], NOT_RUN, dtype=np.int64)
    start = np.zeros(shape[:2], dtype=np.int64)
    trigger = np.zeros((len(chosen), len(TRIGGER_ROWS), count))
    tabulated, spend, arriving = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    maintenance = np.array([lever.maintenance for lever in scenario.levers]) / time.periods_per_year
    for place, strategy in enumerate(chosen):
        for each in strategy.plans:
            number = names.index(each.lever)
            lever = scenario.levers[number]
            spent = spend_schedule(lever, each, time.periods_per_year, time.periods)
            late = lever.response.lag * time.periods_per_year
            kept = maintenance[number]
            spend[place, number] = spent
            arriving[place, number] = kept + lagged(spent - kept, late)
            start[place, number] = (
                start_period(each.start, time.periods_per_year) if each.trigger is None else 0
            )
            trigger[place, :, number] = _trigger(scenario, groups, each)
            run[place, number] = TABULATED
        run[place] = _modes(scenario, strategy, run[place], trigger[place, TRIGGER.kind])
        tabulated[place] = _responses(
            plan, run[place], start[place], arriving[place], maintenance, central, shifts
        )
    return arrays.Strategies(
        touched=np.array([_touched(scenario, strategy, plan, groups) for strategy in chosen], dtype=np.int64),
        run=run,
        start=start,
        trigger=trigger,
        response=tabulated,
        spend=spend,
        arriving=arriving,
        maintenance=maintenance,
        drop=np.stack([_drops(scenario, strategy) for strategy in chosen]),
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


def _modes(scenario: Scenario, strategy: Strategy, run: arrays.Integers, kinds: Floats) -> arrays.Integers:
    """Levers whose response depends on the path: by a trigger, by uncertain parameters, or by an amplifier
    that does or whose effect is uncertain.
    """
    levers, names = scenario.levers, [lever.name for lever in scenario.levers]
    running = [names.index(plan.lever) for plan in strategy.plans]
    found = run.copy()
    for number in running:
        if kinds[number] != BY_DATE or not certain_response(levers[number]):
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


def _responses(
    plan: LeverPlan,
    run: arrays.Integers,
    start: arrays.Integers,
    arriving: Floats,
    maintenance: Floats,
    central: Mapping[str, Floats],
    shifts: Floats,
) -> Floats:
    """Responses [lever, period] of the levers that are TABULATED, amplifiers included (eq. 5.1, 5.2, 5.7)."""
    levers, periods = arriving.shape
    found = np.zeros((levers, periods))
    rows = {name: row[:, 0] for name, row in central.items()}
    stock, before = rows["stock"].copy(), np.zeros(levers)
    amplifying = {
        (shift.lever, shift.other): shifts[place]
        for place, shift in enumerate(plan.all_shifts)
        if shift.kind == "effectiveness" and run[shift.lever] == TABULATED
    }
    tables = np.flatnonzero(run == TABULATED)
    for t in range(periods):
        boost = np.zeros(levers)
        for (source, target), ratio in amplifying.items():
            boost[target] += ratio * before[source]
        for lever in tables:
            spend = arriving[lever, t - start[lever]] if t >= start[lever] else maintenance[lever]
            stock[lever] = (
                rows["keep"][lever] * stock[lever] + rows["gain"][lever] * np.exp(boost[lever]) * spend
            )
            found[lever, t] = response(
                stock[lever], rows["stock"][lever], rows["half"][lever], rows["steepness"][lever]
            )
        before = found[:, t].copy()
    return found


def _drops(scenario: Scenario, strategy: Strategy) -> arrays.Integers:
    """Period from which each line is no longer offered; beyond the horizon where it always is."""
    never = scenario.time.periods + 1
    found = np.full(len(line_owners(scenario)), never, dtype=np.int64)
    for drop in strategy.drops:
        for place, (customer, line) in enumerate(line_owners(scenario)):
            if line.product == drop.product and customer.name in drop.customers:
                found[place] = min(found[place], start_period(drop.at, scenario.time.periods_per_year))
    return found


def _touched(
    scenario: Scenario, strategy: Strategy, plan: LeverPlan, groups: Sequence[Sequence[str]]
) -> list[int]:
    """1 for the groups in which a strategy changes anything."""
    names = [lever.name for lever in scenario.levers]
    running = {names.index(each.lever) for each in strategy.plans}
    dropping = {customer for drop in strategy.drops for customer in drop.customers}
    return [
        int(bool(running & set(levers)) or bool(dropping & set(members)))
        for levers, members in zip(plan.levers, groups, strict=True)
    ]
