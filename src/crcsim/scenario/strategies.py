"""Strategies: which levers start when, what is dropped or cut, who looks after whom (MODEL 5, 6 and 7)."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "BASELINE",
    "MARKET_TRIGGERS",
    "SHARE_TRIGGERS",
    "TRIGGERS",
    "YEAR_TRIGGERS",
    "Drop",
    "Plan",
    "Strategy",
    "Trigger",
]

#: The strategy that is always there: no lever, no role, nothing dropped.
BASELINE = "baseline"
#: Triggers that judge the share of wallet of a line, the volumes of years, and the market.
SHARE_TRIGGERS = ("share_below", "share_above")
YEAR_TRIGGERS = ("bad_years", "good_years")
MARKET_TRIGGERS = ("market_below", "market_above")
#: The kinds of a trigger.
TRIGGERS = (*SHARE_TRIGGERS, "churn_hazard_above", *YEAR_TRIGGERS, *MARKET_TRIGGERS)


@dataclass(frozen=True)
class Trigger:
    """What a start waits for on each path, judged at the end of a period.

    `level` is a share, a hazard per year, a number of years, or a fraction of today's market index, by
    `kind`; `customer` is the one whose state is judged, `line` the product of its share.
    """

    kind: str
    level: float
    line: str | None
    customer: str | None


@dataclass(frozen=True)
class Plan:
    """What a strategy does with one lever, from `start` (years) or from its trigger on.

    `spend` is a factor on the stated spend, `maintenance` one on the maintenance; `programme` names the cost
    programme that the plan comes from, which spends nothing.
    """

    lever: str
    start: float
    trigger: Trigger | None
    spend: float = 1.0
    maintenance: float = 1.0
    programme: str | None = None


@dataclass(frozen=True)
class Drop:
    """A product that customers, sorted, no longer get from `at` (years) on."""

    product: str
    at: float
    customers: tuple[str, ...]


@dataclass(frozen=True)
class Strategy:
    """Everything that one strategy does, what it extends included.

    Plans are sorted by lever, drops by product, roles (customer, role) by customer; a role is one of ROLES or
    `mix`.
    """

    name: str
    plans: tuple[Plan, ...]
    drops: tuple[Drop, ...]
    roles: tuple[tuple[str, str], ...]
    sponsor_programme: bool
    extends: str | None
