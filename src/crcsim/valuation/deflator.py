"""State prices: cumulants of the market shock, the price of risk and the growth of a regime-switching market.

The log market return of a period is m = ln(1 + E[r_m]) Δ + ζ - ln E[e^ζ]; the deflator falls by (1 + r_f)^-Δ
and weighs bad markets more: D_t = D_{t-1} (1 + r_f)^-Δ e^(-aζ) / E[e^(-aζ)] (eq. 2.6). Cumulants are per
year: κ(u) = ln E[e^(uζ)] / Δ, of a shock before its compensation.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from crcsim.valuation.arrays import Floats, floats
from crcsim.valuation.risks import event_probability

_MOST_STEPS = 200
_LAST_MOVE = 1e-10  # the error left after a Newton step is of the order of its square


def normal_cumulant(u: ArrayLike, volatility: ArrayLike) -> Floats:
    """κ(u) = u² σ² / 2 of a normal shock with volatility σ (per √year)."""
    return (floats(u) * floats(volatility)) ** 2 / 2.0


def jump_cumulant(u: ArrayLike, rate: ArrayLike, log_mean: ArrayLike, log_sd: ArrayLike) -> Floats:
    """κ(u) = λ (e^(uμ + u²s²/2) - 1) of jumps at λ per year with normal log sizes (Merton 1976)."""
    weight = floats(u)
    return floats(floats(rate) * np.expm1(weight * floats(log_mean) + (weight * floats(log_sd)) ** 2 / 2.0))


def price_of_risk(
    risk_free_log: ArrayLike,
    expected_log_return: ArrayLike,
    volatility: ArrayLike,
    jump_rate: ArrayLike = 0.0,
    jump_log_mean: ArrayLike = 0.0,
    jump_log_sd: ArrayLike = 0.0,
) -> Floats:
    """The exponent a of the deflator that prices the market: E[D x market index] = 1.

    Solves κ(1-a) - κ(-a) - κ(1) + π = 0 with π = ln(1 + E[r_m]) - ln(1 + r_f), the difference of the two
    logarithms given. Without jumps a = π / σ². With jumps by Newton's method inside a bracket: the left side
    falls at least as fast as π - aσ², so that a lies between 0 and π / σ². Negative where the market earns
    less than the risk-free rate. A market that does not move has no risk to price: a = 0, and then
    E[D x index] = 1 holds only at π = 0. Raises ValueError for jumps without volatility.
    """
    premium = floats(expected_log_return) - floats(risk_free_log)
    inputs = np.broadcast_arrays(premium, volatility, jump_rate, jump_log_mean, jump_log_sd)
    pi, sigma, rate, log_mean, log_sd = (np.array(value, dtype=np.float64) for value in inputs)
    if np.any((rate > 0.0) & (sigma <= 0.0)):
        raise ValueError("a market with jumps needs a volatility above 0 to have a price of risk")
    plain = np.where(sigma > 0.0, pi / np.where(sigma > 0.0, sigma, 1.0) ** 2, 0.0)
    jumping = (rate > 0.0) & (pi != 0.0)
    if np.any(jumping):
        selected = (values[jumping] for values in (pi, sigma, rate, log_mean, log_sd))
        plain[jumping] = _price_of_risk_with_jumps(plain[jumping], *selected)
    return floats(plain[()])


def _price_of_risk_with_jumps(
    bound: Floats, premium: Floats, volatility: Floats, rate: Floats, log_mean: Floats, log_sd: Floats
) -> Floats:
    """Root between 0 and `bound`, all [n]; every element takes its own steps, whatever stands beside it."""
    low, high = np.minimum(bound, 0.0), np.maximum(bound, 0.0)
    root, active = np.zeros_like(bound), np.arange(bound.size)
    for _ in range(_MOST_STEPS):
        a = root[active]
        numbers = (values[active] for values in (premium, volatility, rate, log_mean, log_sd))
        gap, slope = _pricing_gap(a, *numbers)
        low[active] = np.where(gap > 0.0, a, low[active])
        high[active] = np.where(gap > 0.0, high[active], a)
        with np.errstate(invalid="ignore"):
            newton = a - gap / slope
        near = np.abs(newton - a) <= _LAST_MOVE * np.maximum(1.0, np.abs(a))
        inside = (newton >= low[active]) & (newton <= high[active])
        root[active] = np.where(near | inside, newton, (low[active] + high[active]) / 2.0)
        active = active[~near]
        if active.size == 0:
            return root
    raise ValueError("the price of risk was not found: volatility and jump sizes are too far apart")


def _pricing_gap(
    a: Floats, premium: Floats, volatility: Floats, rate: Floats, log_mean: Floats, log_sd: Floats
) -> tuple[Floats, Floats]:
    """κ(1-a) - κ(-a) - κ(1) + π and its derivative by a.

    The jump part of κ(1-a) - κ(-a) is λ M(-a) (e^y - 1), y = μ + (1-2a) s²/2, M the moment generating
    function of the log size: one factor that may overflow, never a difference of two.
    """
    variance = log_sd**2
    with np.errstate(over="ignore", invalid="ignore"):
        moment = rate * np.exp(-a * log_mean + a**2 * variance / 2.0)
        relative = np.expm1(log_mean + (1.0 - 2.0 * a) * variance / 2.0)
        gap = premium - a * volatility**2 + moment * relative - rate * np.expm1(log_mean + variance / 2.0)
        below = -log_mean + a * variance
        slope = -(volatility**2) + moment * (below * relative - (1.0 + relative) * variance)
    return gap, slope


class Regime(NamedTuple):
    """One state of a switching market: mean and volatility of its yearly log return, hazard to leave it."""

    log_mean: ArrayLike
    volatility: ArrayLike
    leave_hazard: ArrayLike


def regime_log_mean(expected_return: ArrayLike, volatility: ArrayLike) -> Floats:
    """Mean log return per year of a regime in which the index grows by E[r]: ln(1 + E[r]) - σ²/2."""
    return floats(np.log1p(floats(expected_return)) - floats(volatility) ** 2 / 2.0)


def stationary_regime_probabilities(leave_good: ArrayLike, leave_bad: ArrayLike) -> tuple[Floats, Floats]:
    """Long-run shares of the good and of the bad regime, from the probabilities to leave per period.

    Raises ValueError where neither regime is ever left: then no start is stationary rather than another.
    """
    from_good, from_bad = floats(leave_good), floats(leave_bad)
    total = from_good + from_bad
    if np.any(total <= 0.0):
        raise ValueError("regimes that are never left have no stationary probabilities")
    return from_bad / total, from_good / total


def advance_regimes(
    weights: tuple[ArrayLike, ArrayLike], u: ArrayLike, good: Regime, bad: Regime, step: ArrayLike
) -> tuple[Floats, Floats]:
    """One period of the matrix recursion: first the switch, then the shock of the regime arrived at.

    `weights` are E[e^(uΣζ); regime] before and after the period. A regime is left within a period with
    probability 1 - e^(-hΔ), at most once; its shock multiplies by e^{(u μ + u²σ²/2) Δ}.
    """
    years, before_good, before_bad = floats(step), floats(weights[0]), floats(weights[1])
    leaving_good = before_good * event_probability(good.leave_hazard, years)
    leaving_bad = before_bad * event_probability(bad.leave_hazard, years)
    after_good = (before_good - leaving_good + leaving_bad) * _emission(u, good, years)
    after_bad = (before_bad - leaving_bad + leaving_good) * _emission(u, bad, years)
    return after_good, after_bad


def _emission(u: ArrayLike, regime: Regime, step: Floats) -> Floats:
    cumulant = floats(u) * floats(regime.log_mean) + normal_cumulant(u, regime.volatility)
    return floats(np.exp(cumulant * step))


def expected_regime_exponential(
    u: ArrayLike, steps: int, good: Regime, bad: Regime, step: ArrayLike
) -> Floats:
    """E[exp(u Σ_{s<=t} ζ_s)] for t = 1..steps, [steps, ...]; ζ the whole log shock with its regime mean.

    Two-state chain with stationary start, in each period switch then shock; as in eq. 3.3.
    """
    leave = event_probability(good.leave_hazard, step), event_probability(bad.leave_hazard, step)
    weights = stationary_regime_probabilities(*leave)
    totals = []
    for _ in range(steps):
        weights = advance_regimes(weights, u, good, bad, step)
        totals.append(weights[0] + weights[1])
    return floats(np.array(totals))


def regime_compensator(u: ArrayLike, steps: int, good: Regime, bad: Regime, step: ArrayLike) -> Floats:
    """What to subtract from uζ_t so that E[exp(Σ (uζ - compensator))] = 1 for every t, [steps, ...]."""
    logs = np.log(expected_regime_exponential(u, steps, good, bad, step))
    return floats(np.diff(logs, axis=0, prepend=np.zeros_like(logs[:1])))


def implied_market_return(steps: int, good: Regime, bad: Regime, step: ArrayLike) -> Floats:
    """E[r_m] per year that two regimes imply over `steps` periods: E[index]^(1/τ) - 1."""
    index = expected_regime_exponential(1.0, steps, good, bad, step)[-1]
    return floats(np.expm1(np.log(index) / (steps * floats(step))))
