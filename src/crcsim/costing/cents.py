"""Money in whole cents: exact decimals that are split so that nothing is lost and nothing appears."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

__all__ = ["NOTHING", "apportion", "cash_part", "in_cents"]

NOTHING = Decimal("0.00")


def in_cents(amount: Decimal | Fraction) -> Decimal:
    """The amount rounded to the cent, half to even."""
    return Decimal(round(Fraction(amount) * 100)).scaleb(-2)


def cash_part(amount: Decimal, cash_share: Decimal) -> Decimal:
    """The part of an amount that is paid in the period, in cents; the rest is payment-ineffective."""
    return in_cents(Fraction(amount) * Fraction(cash_share))


def apportion(amount: Decimal, weights: Sequence[Decimal | Fraction]) -> tuple[Decimal, ...]:
    """An amount split in proportion to weights, in cents that add up to it (largest remainder, then order).

    No part differs by a cent or more from amount x weight / Σ weights. Raises ValueError for an amount
    that is negative or not in whole cents, for a negative weight, and where all weights are 0 but the
    amount is not.
    """
    cents = Fraction(amount) * 100
    if cents < 0 or cents.denominator != 1:
        raise ValueError(f"{amount} is not a positive amount in whole cents")
    whole = _integers(weights)
    total = sum(whole)
    if min(whole, default=0) < 0:
        raise ValueError("a weight is negative")
    if total == 0:
        if amount:
            raise ValueError(f"nothing to split {amount} by: all weights are 0")
        return (NOTHING,) * len(weights)
    split = [divmod(int(cents) * weight, total) for weight in whole]
    parts = [part for part, _ in split]
    by_remainder = sorted(range(len(split)), key=lambda place: -split[place][1])
    for place in by_remainder[: int(cents) - sum(parts)]:
        parts[place] += 1
    return tuple(Decimal(part).scaleb(-2) for part in parts)


def _integers(weights: Sequence[Decimal | Fraction]) -> list[int]:
    """Weights as integers in the same proportions, which is faster than fractions."""
    exact = [weight.as_integer_ratio() for weight in weights]
    common = math.lcm(*(denominator for _, denominator in exact))
    return [numerator * (common // denominator) for numerator, denominator in exact]
