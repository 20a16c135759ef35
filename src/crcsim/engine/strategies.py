"""What each strategy of a run does, in words that go into the result."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from crcsim.scenario.strategies import YEAR_TRIGGERS, Drop, Plan, Strategy, Trigger
from crcsim.valuation.executives import CAVEAT

__all__ = ["caveats_of", "described"]

_JUDGED = {
    "share_below": "the share of {customer} in {line} is below {level:.4g} %",
    "share_above": "the share of {customer} in {line} is above {level:.4g} %",
    "churn_hazard_above": "the churn hazard of {customer} is above {level:.4g} % a year",
    "bad_years": "{customer} has bought less than the year before for {level:.0f} years in a row",
    "good_years": "{customer} has bought more than the year before for {level:.0f} years in a row",
    "market_below": "the market index is below {level:.4g} % of today's",
    "market_above": "the market index is above {level:.4g} % of today's",
}


def caveats_of(strategies: Iterable[Strategy]) -> list[str]:
    """What must be told with every number of these strategies (MODEL 7)."""
    guided = any(strategy.roles or strategy.sponsor_programme for strategy in strategies)
    return [CAVEAT] if guided else []


def described(strategy: Strategy) -> dict[str, Any]:
    """A strategy as a map of names and sentences, without what it does not do."""
    found: dict[str, Any] = {
        "name": strategy.name,
        "extends": strategy.extends,
        "levers": [_plan(plan) for plan in strategy.plans],
        "dropped lines": [_drop(drop) for drop in strategy.drops],
        "roles": {customer: role.replace("_", " ") for customer, role in strategy.roles},
        "sponsor_programme": strategy.sponsor_programme,
    }
    return {key: value for key, value in found.items() if value}


def _plan(plan: Plan) -> str:
    start = _date(plan.start) if plan.trigger is None else f"once {_judged(plan.trigger)}"
    parts = [f"{plan.lever}: {start}"]
    if plan.programme is not None:
        parts.append(f"cost programme {plan.programme}")
    elif plan.spend != 1.0:
        parts.append(f"{plan.spend:.0%} of the stated spend")
    if plan.maintenance != 1.0:
        parts.append(f"{plan.maintenance:.0%} of the maintenance")
    return ", ".join(parts)


def _drop(drop: Drop) -> str:
    return f"{drop.product}: {_date(drop.at)}, for {', '.join(drop.customers)}"


def _date(years: float) -> str:
    if years == 0.0:
        return "from now on"
    months = years * 12.0
    return f"after {years:g} years" if years >= 2.0 else f"after {months:g} months"


def _judged(trigger: Trigger) -> str:
    level = trigger.level if trigger.kind in YEAR_TRIGGERS else 100.0 * trigger.level
    return _JUDGED[trigger.kind].format(customer=trigger.customer, line=trigger.line, level=level)
