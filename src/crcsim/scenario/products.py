"""Products: price premium and its erosion, and variable costs (MODEL 6 and 8, sources A9 and C1)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from crcsim.scenario.cost_keys import PAID
from crcsim.scenario.kinds import FixedNumber
from crcsim.scenario.quantities import QuantityKind
from crcsim.scenario.quantity import Quantity
from crcsim.scenario.reading import Address
from crcsim.scenario.sections import Key, Section
from crcsim.scenario.values import Amount, Duration, Interval, MoneyPerYear, Number

__all__ = ["ORDER_VALUE", "PRODUCT", "Product"]


@dataclass(frozen=True)
class Product:
    """A product; costs are fractions of sales at base prices, the half-life in years (`inf`: no erosion).

    `order_value` and `direct_order_cost` are currency per order at base prices; `cash_share` is the part of
    the variable costs that is paid; `capacity` is the largest volume per year at base prices, None: no limit.
    """

    premium: Quantity
    premium_half_life: Quantity
    sales_deductions: Quantity
    material: Quantity
    production: Quantity
    distribution: Quantity
    order_value: float | None
    direct_order_cost: float
    cash_share: float
    capacity: Quantity | None


ORDER_VALUE = FixedNumber(
    Amount(reason="it is the volume of one order", figure="20 k"), Interval(low=0.0, low_open=True)
)
_COST = QuantityKind(Number(ratio=True), Interval(low=0.0))
_VARIABLE_COSTS = Section(
    lambda values, at: values,
    (
        Key("material", _COST, "Material per unit of sales at base prices.", default=0.0),
        Key("production", _COST, "Variable production per unit of sales at base prices.", default=0.0),
        Key("distribution", _COST, "Variable distribution per unit of sales at base prices.", default=0.0),
    ),
)


def _product(values: dict[str, Any], at: Address) -> Product:
    return Product(
        **{name: value for name, value in values.items() if name != "variable_costs"},
        **values["variable_costs"],
    )


PRODUCT = Section(
    _product,
    (
        Key(
            "premium",
            QuantityKind(Number(ratio=True), Interval(low=-1.0, low_open=True)),
            "Price premium over the base price today.",
            default=0.0,
        ),
        Key(
            "premium_half_life",
            QuantityKind(Duration(), Interval(low=0.0, low_open=True), endless=True),
            "Years in which the premium halves; inf: no erosion.",
            default=math.inf,
        ),
        Key(
            "sales_deductions",
            QuantityKind(Number(ratio=True), Interval(0.0, 1.0, high_open=True)),
            "Rebates, discounts and bonuses as a fraction of sales.",
            default=0.0,
        ),
        Key(
            "variable_costs",
            _VARIABLE_COSTS,
            "Variable costs as fractions of sales at base prices.",
            default={},
        ),
        Key("order_value", ORDER_VALUE, "Volume of one order at base prices.", default=None),
        Key(
            "direct_order_cost",
            FixedNumber(Amount(reason="it is the cost of one order", figure="250"), Interval(low=0.0)),
            "Direct cost of one order at prices of the valuation date.",
            default=0.0,
        ),
        Key("cash_share", PAID, "The part of the variable costs that is paid.", default=1.0),
        Key(
            "capacity",
            QuantityKind(MoneyPerYear(), Interval(low=0.0, low_open=True)),
            "The largest volume per year at base prices; without it there is no limit.",
            default=None,
        ),
    ),
)
