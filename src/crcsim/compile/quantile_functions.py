"""Quantile functions at a standard normal score: the value of a quantity whose normal score is z.

A quantity is drawn as Q(Φ(z)), so that a Gaussian copula can join quantities of any family. Each function
takes z of any shape and the numbers of its family, and keeps full relative accuracy in both tails. Every
element is worked out alone (plain ufuncs, scipy.special), so that a value never depends on which block of
paths it is drawn in.
"""

import numpy as np

from crcsim.valuation.arrays import Floats


def _below(z: Floats | float) -> Floats:
    """Φ(z), the standard normal probability below z."""
    from scipy.special import ndtr

    return np.asarray(ndtr(z))


def normal(z: Floats, mean: float, sd: float) -> Floats:
    """μ + σ z."""
    return mean + sd * z


def lognormal(z: Floats, log_median: float, log_sd: float, low: float) -> Floats:
    """a + e^(m + s z), above its lower end a."""
    return low + np.exp(log_median + log_sd * z)


def skewed(z: Floats, location: float, scale: float, skew: float) -> Floats:
    """Tukey's g distribution, m + s (e^(gz) - 1) / g: a shifted lognormal, skewed to the right for g > 0."""
    if skew == 0.0:
        return location + scale * z
    return location + scale * (np.expm1(skew * z) / skew)


def log_skewed(z: Floats, location: float, scale: float, skew: float, low: float) -> Floats:
    """a + exp of Tukey's g."""
    return low + np.exp(skewed(z, location, scale, skew))


def logit_skewed(z: Floats, location: float, scale: float, skew: float, low: float, high: float) -> Floats:
    """Between two ends, with a logit that follows Tukey's g (logit-normal at g = 0)."""
    with np.errstate(over="ignore"):
        return low + (high - low) / (1.0 + np.exp(-skewed(z, location, scale, skew)))


def uniform(z: Floats, low: float, high: float) -> Floats:
    """Low + width Φ(z), counted from the nearer end."""
    outer = (high - low) * _below(-np.abs(z))
    return np.where(z < 0.0, low + outer, high - outer)


def triangular(z: Floats, low: float, mode: float, high: float) -> Floats:
    """low + √(Φ(z) (high - low)(mode - low)) up to the mode, mirrored above it."""
    below, width = _below(z), high - low
    left = low + np.sqrt(below * width * (mode - low))
    right = high - np.sqrt(_below(-z) * width * (high - mode))
    return np.where(below * width <= mode - low, left, right)


def beta(z: Floats, alpha: float, beta: float, low: float, high: float) -> Floats:
    """Inverse of the regularised incomplete beta function, counted from the nearer end."""
    from scipy.special import betaincinv

    lower = z < 0.0
    near, far = np.where(lower, alpha, beta), np.where(lower, beta, alpha)
    outer: Floats = betaincinv(near, far, _below(-np.abs(z)))
    return np.where(lower, low + (high - low) * outer, high - (high - low) * outer)


def truncated_normal(z: Floats, mean: float, sd: float, low: float, high: float) -> Floats:
    """A normal (mean, sd) cut off at both ends: μ + σ Φ⁻¹(Φ(a) + Φ(z) (Φ(b) - Φ(a))).

    Counted from the lower tail of the parent below the median and from the upper tail above it, but only from
    the tail in which both ends lie, where they lie in one.
    """
    from scipy.special import ndtri

    a, b = (low - mean) / sd, (high - mean) / sd
    from_below = (z < 0.0) & (a <= 0.0) | (b < 0.0)
    lower: Floats = ndtri(_below(a) + _below(z) * (_below(b) - _below(a)))
    upper: Floats = -ndtri(_below(-b) + _below(-z) * (_below(-a) - _below(-b)))
    return np.clip(mean + sd * np.where(from_below, lower, upper), low, high)
