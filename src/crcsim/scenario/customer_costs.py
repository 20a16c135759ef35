"""Costs and investments that one customer causes (MODEL 8, sources C8 and C9)."""

from __future__ import annotations

from dataclasses import dataclass

from crcsim.scenario.containers import MapOf
from crcsim.scenario.cost_keys import NOTICE, PAID_UNLESS_DEPRECIATION, check_depreciation, line_key
from crcsim.scenario.kinds import Choice, FixedNumber
from crcsim.scenario.ledger.sections import DIRECT_LINES
from crcsim.scenario.quantities import QuantityKind
from crcsim.scenario.quantity import Quantity
from crcsim.scenario.sections import Key, Section
from crcsim.scenario.values import Amount, Duration, Interval, MoneyPerYear

__all__ = ["CUSTOMER_COSTS", "INVESTMENTS", "CustomerCost", "Investment"]


@dataclass(frozen=True)
class CustomerCost:
    """A direct cost of a customer per year; `notice` in years.

    `follows` says what moves it: `nothing`, the `phase` (its factor of direct costs) or the `volume`;
    `level` is `order` or `customer`.
    """

    name: str
    amount: Quantity
    line: str
    cash_share: float
    notice: float
    follows: str
    level: str


@dataclass(frozen=True)
class Investment:
    """A payment for a customer, at prices of the valuation date; `at` in years after that date."""

    name: str
    amount: Quantity
    at: float


CUSTOMER_COSTS = MapOf(
    Section(
        lambda values, at: CustomerCost(str(at.path[-1]), **values),
        (
            Key("amount", QuantityKind(MoneyPerYear(), Interval(low=0.0)), "The cost per year."),
            line_key("other_direct", DIRECT_LINES),
            PAID_UNLESS_DEPRECIATION,
            NOTICE,
            Key("follows", Choice(("nothing", "phase", "volume")), "What moves it.", default="nothing"),
            Key("level", Choice(("order", "customer")), "What causes it.", default="customer"),
        ),
        check=check_depreciation,
    ),
    "cost",
)
INVESTMENTS = MapOf(
    Section(
        lambda values, at: Investment(str(at.path[-1]), **values),
        (
            Key(
                "amount",
                QuantityKind(Amount(reason="it is paid once", figure="120 k"), Interval(low=0.0)),
                "The payment, at prices of the valuation date.",
            ),
            Key(
                "at",
                FixedNumber(Duration(), Interval(low=0.0)),
                "Time after the valuation date at which it is paid.",
                default=0.0,
            ),
        ),
    ),
    "investment",
)
