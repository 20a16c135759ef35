"""Ratios of activity-based costing: allocation of neutral cost, process cost rates, cost of idle capacity.

Exact fractions of exact decimals, so that a rate times its quantity is the cost again.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

__all__ = ["allocation_ratio", "idle_capacity_cost", "process_cost_rate", "productivity"]

Exact = Decimal | Fraction | int


def allocation_ratio(neutral: Exact, induced: Exact) -> Fraction:
    """Neutral cost per unit of induced cost of a cost centre (Umlagesatz): r = neutral / induced.

    A sub-process with induced cost c then bears c (1 + r), and Σ c (1 + r) = induced + neutral:
    everything is recovered. Schmeisser prints the inverse, induced / neutral; with induced costs of
    80,000 and 40,000 and 30,000 neutral the standard ratio 0.25 spreads 150,000, which is the cost of the
    centre, and the printed one, 4, would spread 600,000. Only the standard ratio recovers all cost, and
    no more. Raises ValueError where no cost is induced.
    """
    if not induced:
        raise ValueError("neutral cost cannot follow induced cost where there is none")
    return Fraction(neutral) / Fraction(induced)


def process_cost_rate(cost: Exact, quantity: Exact) -> Fraction:
    """Currency per process: cost / quantity (Schmeisser, after Coenenberg: 7,605,000 / 650,000 = 11.70).

    With the maximum quantity it is the rate on capacity, with the actual quantity the input per output.
    Raises ValueError where the quantity is 0.
    """
    if not quantity:
        raise ValueError("a process cost rate needs a quantity above 0")
    return Fraction(cost) / Fraction(quantity)


def productivity(cost: Exact, quantity: Exact) -> Fraction:
    """Processes per unit of currency, output over input: the reciprocal of the rate on actual quantity.

    Raises ValueError where the cost is 0.
    """
    if not cost:
        raise ValueError("productivity needs a cost above 0")
    return Fraction(quantity) / Fraction(cost)


def idle_capacity_cost(rate: Exact, maximum_quantity: Exact, quantity: Exact) -> Fraction:
    """Cost of capacity that was not required: rate x (maximum quantity - actual quantity).

    Together with rate x actual quantity it is the whole cost only if the rate is on capacity.
    """
    return Fraction(rate) * (Fraction(maximum_quantity) - Fraction(quantity))
