"""The cost hierarchy: costs by the level that causes them, paid or not, and what can be given up when."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from crcsim.costing.cents import NOTHING
from crcsim.costing.journal import COST_KINDS, Booking

__all__ = ["LEVELS", "LevelCosts", "customer_hierarchy", "hierarchy"]

LEVELS = ("product", "order", "customer", "segment", "company")


@dataclass(frozen=True)
class LevelCosts:
    """Costs of one level, or of one customer: in total, paid in the period, and by what can be reduced.

    `after_notice` holds the amounts by notice in years, shortest first.
    """

    level: str
    amount: Decimal
    cash: Decimal
    in_period: Decimal
    after_notice: tuple[tuple[float, Decimal], ...]
    not_reducible: Decimal


def hierarchy(bookings: Iterable[Booking]) -> tuple[LevelCosts, ...]:
    """Costs by level, product first; all levels together are all costs."""
    by_level: dict[str, list[Booking]] = defaultdict(list)
    for booking in bookings:
        if booking.kind in COST_KINDS:
            by_level[booking.level].append(booking)
    return tuple(_level(level, by_level[level]) for level in LEVELS)


def customer_hierarchy(bookings: Iterable[Booking], customers: Iterable[str]) -> tuple[LevelCosts, ...]:
    """Costs that each customer causes, at any level; `level` is the name of the customer."""
    own: dict[str | None, list[Booking]] = defaultdict(list)
    for booking in bookings:
        if booking.kind in COST_KINDS:
            own[booking.customer].append(booking)
    return tuple(_level(name, own[name]) for name in customers)


def _level(level: str, bookings: list[Booking]) -> LevelCosts:
    by_notice: dict[float, Decimal] = defaultdict(lambda: NOTHING)
    for booking in bookings:
        by_notice[booking.notice] += booking.amount
    later = tuple((notice, by_notice[notice]) for notice in sorted(by_notice) if 0.0 < notice < math.inf)
    cash = sum((booking.cash for booking in bookings), NOTHING)
    whole = sum((booking.amount for booking in bookings), NOTHING)
    return LevelCosts(level, whole, cash, by_notice[0.0], later, by_notice[math.inf])
