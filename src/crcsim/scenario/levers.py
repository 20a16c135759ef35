"""Levers: what an investment in customers or products costs and brings (MODEL 5, sources A4 to A10)."""

from __future__ import annotations

import math
from dataclasses import dataclass

from crcsim.scenario.quantity import Quantity

__all__ = ["EFFECTS", "Effect", "Judgements", "Lever", "Response", "Spend", "Target"]

#: The kinds of an effect.
EFFECTS = (
    "share_logit",
    "share_points",
    "churn_hazard_ratio",
    "takeover_retention",
    "wallet_growth",
    "wallet_creation",
    "coupling",
    "effectiveness",
    "variable_cost_ratio",
    "price_premium",
    "capacity",
    "process_cost_ratio",
)


@dataclass(frozen=True)
class Target:
    """On what a lever acts: `kind` is `customers`, `segment`, `product` or `all`.

    `names` are the customers, sorted, or the one segment or product; nothing for `all`.
    """

    kind: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Spend:
    """What a lever costs, at prices of the valuation date; exactly one of the three forms is not zero.

    `amount` is per year for `duration` years (`inf`: without end); `payments` are one per year from the start
    on, each spread over its year; `once` is paid in the first period.
    """

    amount: float
    duration: float
    payments: tuple[float, ...]
    once: float

    @property
    def endless(self) -> bool:
        """Whether money is spent for ever once it has begun."""
        return self.amount > 0.0 and math.isinf(self.duration)


@dataclass(frozen=True)
class Judgements:
    """Four judgements of a yearly outcome (Little's ADBUDG), on any one scale, rising.

    Without any spend (`floor`), at the maintenance spend, at half as much again, and however much is spent.
    """

    floor: float
    maintenance: float
    plus_half: float
    saturation: float


@dataclass(frozen=True)
class Response:
    """How spend becomes effect: `lag` in years, `decay` a fraction per year.

    `half_effect_spend` is the yearly spend whose steady state has half of the effect, None where the four
    `judgements` say it; then `steepness` follows from them too and is 1 here.
    """

    lag: float
    decay: Quantity
    half_effect_spend: Quantity | None
    steepness: Quantity
    effectiveness: Quantity
    judgements: Judgements | None


@dataclass(frozen=True)
class Effect:
    """What a lever changes, stated at saturation.

    `size` is in logit points, a fraction, a ratio, a rate per year or money per year, by `kind`. `line` is
    the product to which it is limited; None: all lines of the target. `levers` are those that `effectiveness`
    acts on, sorted; `median` and `log_sd` the jump factor of `wallet_creation`.
    """

    kind: str
    size: Quantity
    line: str | None = None
    levers: tuple[str, ...] = ()
    median: Quantity | None = None
    log_sd: Quantity | None = None


@dataclass(frozen=True)
class Lever:
    """An investment that a strategy may use; in the baseline only its `maintenance` per year is spent.

    `booked_as` is `expense` or `investment`; effects are sorted by kind and line; `causal_share` is the part
    of the effects that the lever really causes.
    """

    name: str
    target: Target
    spend: Spend
    booked_as: str
    maintenance: float
    response: Response
    effects: tuple[Effect, ...]
    causal_share: Quantity
    preset: str | None
