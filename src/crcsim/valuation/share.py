"""Share of wallet on the logit scale: the transform, its Ornstein-Uhlenbeck step and its stationary mean."""

import numpy as np
from numpy.typing import ArrayLike

from crcsim.valuation.arrays import Floats, average_decay, floats

_REACH = 8.5  # standard deviations at both ends; 2e-17 of the normal lies beyond
_WIDEST_STEP = 0.6  # distance of nodes, in standard deviations
_WIDEST_STEP_UP_TO = 0.8  # standard deviation of the logit up to which that distance is enough
_MOST_STEPS = 50
_LAST_MOVE = 1e-9  # the error left after a Newton step is of the order of its square


def logit(share: ArrayLike) -> Floats:
    """ln(p / (1 - p)); -inf at 0, inf at 1, NaN outside."""
    p = floats(share)
    with np.errstate(divide="ignore", invalid="ignore"):
        return floats(np.log(p) - np.log1p(-p))


def expit(score: ArrayLike) -> Floats:
    """1 / (1 + e^-x), the inverse of the logit, accurate in both tails."""
    with np.errstate(over="ignore"):
        return 1.0 / (1.0 + np.exp(-floats(score)))


def ornstein_uhlenbeck(reversion: ArrayLike, volatility: ArrayLike, step: ArrayLike) -> tuple[Floats, Floats]:
    """Pull to the target and noise of one exact step: 1 - e^(-κΔ), s √((1 - e^(-2κΔ)) / (2κ)) (eq. 3.5).

    κ per year, s in logit points per √year; at κ = 0 a random walk with noise s √Δ.
    """
    kappa, years = floats(reversion), floats(step)
    pull = -np.expm1(-kappa * years)
    return floats(pull), floats(floats(volatility) * np.sqrt(years * average_decay(2.0 * kappa * years)))


def stationary_sd(reversion: ArrayLike, volatility: ArrayLike) -> Floats:
    """Long-run standard deviation of the logit: s / √(2κ); infinite at κ = 0, but 0 without volatility."""
    s = floats(volatility)
    with np.errstate(divide="ignore", invalid="ignore"):
        return floats(np.where(s == 0.0, 0.0, s / np.sqrt(2.0 * floats(reversion))))


def mean_share(logit_mean: ArrayLike, logit_sd: ArrayLike) -> Floats:
    """Mean of a share whose logit is normal: ∫ expit(μ + s z) φ(z) dz, to about 1e-14.

    By the trapezoidal rule, which for this integrand needs fewer nodes than Gauss-Hermite: its nearest pole
    lies at z = iπ/s, so that nodes d apart leave an error of e^(π²/(2s²) - 2π²/(s d)). Wider spreads take
    closer nodes.
    """
    mean, sd = np.broadcast_arrays(floats(logit_mean), floats(logit_sd))
    return floats(_mean_and_slope(mean.ravel(), sd.ravel())[0].reshape(mean.shape)[()])


def logit_for_mean_share(mean: ArrayLike, logit_sd: ArrayLike) -> Floats:
    """Mean of the normal logit that gives a stated mean share, the inverse of `mean_share`.

    Newton's method on the logit of the mean, which is nearly straight in μ; shares above one half by
    symmetry. Raises ValueError for a mean outside (0, 1).
    """
    stated, sd = np.broadcast_arrays(floats(mean), floats(logit_sd))
    if not np.all((stated > 0.0) & (stated < 1.0)):
        raise ValueError("a mean share must lie between 0 and 1")
    upper = stated > 0.5
    lower = np.where(upper, 1.0 - stated, stated)
    solved = _solve_logit(lower.ravel(), sd.ravel()).reshape(stated.shape)
    return floats(np.where(upper, -solved, solved)[()])


def _solve_logit(mean: Floats, sd: Floats) -> Floats:
    """Root for means [n] of at most one half; no element depends on those beside it."""
    target = logit(mean)
    root = target * np.sqrt(1.0 + np.pi / 8.0 * sd**2)  # probit approximation of the logistic-normal mean
    active = np.arange(mean.size)
    for _ in range(_MOST_STEPS):
        reached, slope = _mean_and_slope(root[active], sd[active])
        move = (target[active] - logit(reached)) * reached * (1.0 - reached) / slope
        root[active] += move
        active = active[np.abs(move) > _LAST_MOVE * np.maximum(1.0, np.abs(root[active]))]
        if active.size == 0:
            return root
    raise ValueError("no logit was found for a stated mean share")


def _mean_and_slope(mean: Floats, sd: Floats) -> tuple[Floats, Floats]:
    """Mean of the share and its derivative by the mean of the logit, for logits [n]."""
    if not np.all((sd >= 0.0) & (sd < np.inf)):
        raise ValueError("the standard deviation of a logit share must be finite and not negative")
    halvings = np.ceil(np.log2(np.maximum(sd / _WIDEST_STEP_UP_TO, 1.0)))
    share, slope = np.empty_like(mean), np.empty_like(mean)
    for halving in np.unique(halvings):
        chosen = halvings == halving
        share[chosen], slope[chosen] = _trapezoid(mean[chosen], sd[chosen], _WIDEST_STEP / 2.0**halving)
    return share, slope


def _trapezoid(mean: Floats, sd: Floats, distance: float) -> tuple[Floats, Floats]:
    """Sums over nodes `distance` apart, node by node, so that no element depends on its neighbours."""
    count = int(np.ceil(_REACH / distance))
    nodes = distance * np.arange(-count, count + 1)
    weights = np.exp(-(nodes**2) / 2.0)
    weights /= weights.sum()
    share, slope = np.zeros_like(mean), np.zeros_like(mean)
    for node, weight in zip(nodes, weights, strict=True):
        at_node = expit(mean + sd * node)
        share += weight * at_node
        slope += weight * at_node * (1.0 - at_node)
    return share, slope
