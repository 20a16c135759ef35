"""What spending on a lever builds up, and what the stock of it brings about (MODEL 5).

Amounts are currency at prices of the valuation date, per year where the name says so and else per period.
Stocks are currency too: what has been spent and has not decayed. Paths and levers are leading axes; the last
axis of a schedule is the period.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from crcsim.valuation.arrays import Floats, floats

_ROUNDING = 1e-9  # periods: a third of a year in months is four periods, not 3.9999999


# --- spend: currency per period, counted from the start ------------------------------------------------
def constant_spend(amount: ArrayLike, duration: ArrayLike, periods_per_year: int, periods: int) -> Floats:
    """Spend [..., period] of a constant `amount` per year over `duration` years, inf for ever.

    Where the duration ends within a period, the period bears the fraction.
    """
    ends = floats(duration)[..., np.newaxis] * periods_per_year
    parts = np.clip(ends - np.arange(periods), 0.0, 1.0)
    return floats(floats(amount)[..., np.newaxis] / periods_per_year * parts)


def yearly_payments(payments: Sequence[float], periods_per_year: int, periods: int) -> Floats:
    """Spend [period] of one payment per year, each spread evenly over the periods of its year."""
    years = np.zeros(-(-periods // periods_per_year))
    stated = floats(payments)[: years.size]
    years[: stated.size] = stated
    return np.repeat(years / periods_per_year, periods_per_year)[:periods]


def single_payment(amount: ArrayLike, periods: int) -> Floats:
    """Spend [..., period] of one payment, all of it in the first period."""
    spend = np.zeros((*np.shape(amount), periods))
    spend[..., 0] = amount
    return spend


def lagged(spend: ArrayLike, lag: float) -> Floats:
    """Spend [..., period] at the time when it takes effect, `lag` periods later (eq. 5.4).

    s_(t-L) = (1 - f) s_(t-n) + f s_(t-n-1) with n whole periods and the fraction f: nothing is lost but what
    takes effect after the last period. Before the first period nothing was spent. Raises ValueError for a
    negative lag.
    """
    if lag < 0.0:
        raise ValueError(f"a lag must not be negative, not {lag:g}")
    stated = floats(spend)
    whole = int(np.floor(lag + _ROUNDING))
    part = lag - whole if lag - whole > _ROUNDING else 0.0
    return (1.0 - part) * _delayed(stated, whole) + part * _delayed(stated, whole + 1)


def _delayed(spend: Floats, periods: int) -> Floats:
    """The same spend [..., period] so many whole periods later."""
    late = np.zeros_like(spend)
    if periods < spend.shape[-1]:
        late[..., periods:] = spend[..., : spend.shape[-1] - periods]
    return late


# --- stock: the goodwill of Nerlove and Arrow (1962) ---------------------------------------------------
def stock_kept(decay: ArrayLike, step: ArrayLike) -> Floats:
    """Part of a stock that is left after a period of `step` years: (1 - δ)^Δ, decay δ per year in [0, 1]."""
    return floats(np.power(1.0 - floats(decay), floats(step)))


def stock_gain(decay: ArrayLike, step: ArrayLike) -> Floats:
    """Stock at the end of a period per unit spent in it: [1 - (1 - δ)^Δ] / (δ Δ) (eq. 5.1).

    It makes the steady state (eq. 5.5) the same for every length Δ of a period, and is 1 for a year. Raises
    ValueError for a decay outside (0, 1].
    """
    rate = _decay(decay)
    return floats((1.0 - stock_kept(rate, step)) / (rate * floats(step)))


def steady_stock(effectiveness: ArrayLike, spend_per_year: ArrayLike, decay: ArrayLike) -> Floats:
    """Stock that a constant spend keeps for ever: effectiveness × spend per year / δ (eq. 5.5).

    With maintenance it is the stock K_0 of the valuation date, with the half-effect spend it is K_half.
    Raises ValueError for a decay outside (0, 1].
    """
    return floats(floats(effectiveness) * floats(spend_per_year) / _decay(decay))


def stock_path(
    spend: ArrayLike, effectiveness: ArrayLike, decay: ArrayLike, step: float, start: ArrayLike
) -> Floats:
    """Stock [..., period] at the end of every period (Nerlove and Arrow 1962; eq. 5.1).

    K_t = (1 - δ)^Δ K_(t-1) + effectiveness × s_t [1 - (1 - δ)^Δ] / (δ Δ), from K_0 = `start`, with spend
    s_t [..., period] as it takes effect. `effectiveness`, `decay` and `start` [...] broadcast over the
    leading axes. Raises ValueError for a decay outside (0, 1].
    """
    kept = stock_kept(decay, step)
    gains = floats(spend) * floats(floats(effectiveness) * stock_gain(decay, step))[..., np.newaxis]
    shape = np.broadcast_shapes(gains.shape[:-1], kept.shape, np.shape(start))
    stock, path = np.broadcast_to(floats(start), shape), np.empty((*shape, gains.shape[-1]))
    for period in range(gains.shape[-1]):
        stock = kept * stock + gains[..., period]
        path[..., period] = stock
    return path


def _decay(decay: ArrayLike) -> Floats:
    rate = floats(decay)
    if np.any((rate <= 0.0) | (rate > 1.0)):
        raise ValueError("the decay of a stock must lie above 0 and at most at 1")
    return rate


# --- response: ADBUDG of Little (1970), the curve of Hill ----------------------------------------------
def hill(stock: ArrayLike, half: ArrayLike, steepness: ArrayLike) -> Floats:
    """Part of the whole effect at a stock: K^n / (K^n + K_half^n) (Little 1970; eq. 5.2).

    0 at an empty stock, one half at K_half, 1 at an infinite one. With n at most 1 every further unit brings
    less than the last; above 1 the curve is S-shaped. A stock below 0 counts as 0. Raises ValueError for a
    half-effect stock or a steepness that is not above 0.
    """
    middle, n = _curve(half, steepness)
    with np.errstate(divide="ignore"):
        relative = np.log(np.maximum(floats(stock), 0.0) / middle)
    with np.errstate(over="ignore"):
        return floats(1.0 / (1.0 + np.exp(-n * relative)))


def response(stock: ArrayLike, stock_now: ArrayLike, half: ArrayLike, steepness: ArrayLike) -> Floats:
    """Part of a stated effect that a stock brings about: (g(K) - g(K_0)) / (1 - g(K_0)) (eq. 5.2).

    An effect is stated for saturation and as seen from today: 0 at the stock of today, 1 at an infinite one,
    negative below today's (below -1 when a stock beyond K_half is lost). Computed in the equal form (K^n -
    K_0^n) / (K^n + K_half^n), which is exact where g(K_0) is next to 1. Raises ValueError as `hill` does.
    """
    middle, n = _curve(half, steepness)
    relative, now = np.maximum(floats(stock), 0.0) / middle, np.maximum(floats(stock_now), 0.0) / middle
    most = np.maximum(relative, 1.0)  # keeps all powers of a large stock within the numbers
    with np.errstate(invalid="ignore"):
        part = np.where(np.isinf(relative), 1.0, relative / most)
    gained = np.power(part, n) - np.power(now / most, n)
    return floats(gained / (np.power(1.0 / most, n) + np.power(part, n)))


def _curve(half: ArrayLike, steepness: ArrayLike) -> tuple[Floats, Floats]:
    middle, n = floats(half), floats(steepness)
    if np.any((middle <= 0.0) | (n <= 0.0)):
        raise ValueError("the half-effect stock and the steepness of a response must be above 0")
    return middle, n


def calibrate_judgements(
    floor: ArrayLike, maintenance: ArrayLike, plus_half: ArrayLike, saturation: ArrayLike
) -> tuple[Floats, Floats]:
    """Scale d and steepness n of a response by four judgements (ADBUDG, Little 1970; eq. 5.6).

    The judgements say which level (of share, say) the lever would lead to in the long run without any spend,
    with today's maintenance, with one half more, and with all money in the world. Of spend x over maintenance
    level = floor + (saturation - floor) x^n / (d + x^n), so that d = (saturation - maintenance) /
    (maintenance - floor) and n = ln(d y / (1 - y)) / ln 1.5 with y = (plus_half - floor) / (saturation -
    floor). Raises ValueError unless floor < maintenance < plus_half < saturation.
    """
    none, kept, more, most = (floats(each) for each in (floor, maintenance, plus_half, saturation))
    if not np.all((none < kept) & (kept < more) & (more < most)):
        raise ValueError("judgements must rise from floor over maintenance and plus_half to saturation")
    scale = (most - kept) / (kept - none)
    steepness = np.log(scale * (more - none) / (most - more)) / np.log(1.5)
    return floats(scale), floats(steepness)


def half_effect_spend(maintenance: ArrayLike, scale: ArrayLike, steepness: ArrayLike) -> Floats:
    """Spend per year that brings half of the range of the judgements: maintenance × d^(1/n) (eq. 5.6)."""
    return floats(floats(maintenance) * np.power(floats(scale), 1.0 / floats(steepness)))


# --- effects ------------------------------------------------------------------------------------------
def amplifier(ratio: ArrayLike, causal_share: ArrayLike, responses: ArrayLike) -> Floats:
    """What another lever makes of a unit spent: ratio^(causal share × response), at least 0 (eq. 5.7).

    Levers that amplify the same one multiply.
    """
    return floats(np.power(floats(ratio), floats(causal_share) * floats(responses)))
