"""How top executives deal with strategic customers: the five roles and the growth seen with them (MODEL 7).

Capon and Senn asked 515 managers of strategic and global accounts in 30 workshops between 2012 and 2018. What
they found is a correlation between firms: executives and customers chose each other, and the style is one
cause of growth among others. So a growth rate enters relative to a mix of roles, and only by the part of it
that the user believes to be caused. Arrays are by role in the order of `ROLES` unless said otherwise.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from crcsim.valuation.arrays import Floats, floats

#: The five roles; this order is that of all arrays by role.
ROLES = ("hands_off", "loose_cannon", "social_visitor", "dealmaker", "growth_champion")
#: Share of executives in each role (Capon-Senn, table of roles; B1).
SHARES = (0.28, 0.21, 0.19, 0.18, 0.14)
#: Compound annual growth over five years of sales and of profit with a customer (the same table; B1).
SALES_GROWTH = (0.012, 0.017, 0.047, 0.041, 0.088)
PROFIT_GROWTH = (-0.003, 0.027, 0.069, 0.077, 0.097)
#: Years over which that growth was seen; no effect is claimed beyond.
EVIDENCE_YEARS = 5.0
#: Share of growth champions with an executive sponsor programme, and without (B6).
CHAMPIONS_WITH_PROGRAMME, CHAMPIONS_WITHOUT = 0.26, 0.04
#: What every result that uses a role effect has to say.
CAVEAT = (
    "The growth of executive roles is a correlation across firms (515 account managers, Capon and Senn): "
    "executives and customers chose each other. Only the stated causal share of it is used."
)


@dataclass(frozen=True)
class RelativeGrowth:
    """Growth of each role above that of a mix, [..., role], log points per year."""

    sales: Floats
    margin: Floats  # profit less sales


def mix_mean(growth: ArrayLike, mix: ArrayLike) -> Floats:
    """Mean of growth rates [..., role] in a mix [..., role] that adds up to 1 (B1): Σ w_i g_i."""
    return floats((floats(growth) * floats(mix)).sum(axis=-1))


def multiple(growth: ArrayLike, years: ArrayLike = EVIDENCE_YEARS) -> Floats:
    """What is left of 1 after some years at an effective annual rate: (1 + g)^years."""
    return floats(np.power(1.0 + floats(growth), floats(years)))


def relative_growth(
    mix: ArrayLike = SHARES, sales: ArrayLike = SALES_GROWTH, profit: ArrayLike = PROFIT_GROWTH
) -> RelativeGrowth:
    """Growth of every role relative to a reference mix [..., role] (B1; eq. 7.1, 7.2).

    Sales: ln(1 + g_role) - Σ_i w_i ln(1 + g_i). Margin: the same of ln(1 + profit growth) - ln(1 + sales
    growth). Its mean over the mix is 0. Raises ValueError for a mix with a negative share or another sum
    than 1.
    """
    weights, of_sales, of_profit = _mix(mix), np.log1p(floats(sales)), np.log1p(floats(profit))
    return RelativeGrowth(_relative(of_sales, weights), _relative(of_profit - of_sales, weights))


def _relative(growth: Floats, mix: Floats) -> Floats:
    return floats(growth - mix_mean(growth, mix)[..., np.newaxis])


def mix_with_champions(champions: ArrayLike, mix: ArrayLike = SHARES) -> Floats:
    """Mix [..., role] with so many growth champions [...], the others in their proportions (B6; eq. 7.5).

    Raises ValueError for a share of champions outside [0, 1], and for a mix of champions alone that would
    need others.
    """
    weights, wanted = _mix(mix), floats(champions)[..., np.newaxis]
    if np.any((wanted < 0.0) | (wanted > 1.0)):
        raise ValueError("the share of growth champions must lie between 0 and 1")
    others = 1.0 - weights[..., -1:]
    if np.any((others == 0.0) & (wanted < 1.0)):
        raise ValueError("a mix of growth champions alone does not say who takes their place")
    rest = weights[..., :-1] * (1.0 - wanted) / np.where(others == 0.0, 1.0, others)
    return np.concatenate([rest, np.broadcast_to(wanted, (*rest.shape[:-1], 1))], axis=-1)


def effective_years(years: ArrayLike, end: ArrayLike, fade: ArrayLike) -> Floats:
    """Years of the full effect of a role up to `years` after it began (B7; eq. 7.4).

    ∫_0^τ e(u) du, where e is 1 until the last term ends and 2^(-(u - end) / fade) from then on, for at most
    the five years of the evidence. `end` may be inf (every term is renewed); a fade of 0 ends at once. The
    effect of a period is the difference between its end and its beginning.
    """
    until = np.minimum(floats(years), EVIDENCE_YEARS)
    served = np.minimum(until, floats(end))
    half_life = floats(fade)
    at_once = half_life <= 0.0
    halvings = (until - served) / np.where(at_once, 1.0, half_life)
    fading = half_life / np.log(2.0) * (1.0 - np.exp2(-halvings))
    return floats(served + np.where(at_once, 0.0, fading))


def _mix(mix: ArrayLike) -> Floats:
    weights = floats(mix)
    if np.any(weights < 0.0) or not np.allclose(weights.sum(axis=-1), 1.0, rtol=0.0, atol=1e-9):
        raise ValueError("the shares of a mix of roles must not be negative and must add up to 1")
    return weights
