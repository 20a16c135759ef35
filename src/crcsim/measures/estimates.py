"""Estimates from independent paths with their standard errors: plain functions of arrays [path].

Each function takes the values of n independent paths and returns (estimate, standard error). A standard error
that n does not allow to state is NaN, never zero. Values must be finite.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["INTERVAL", "mean", "proportion", "quantiles", "ratio", "standard_deviation", "standard_error"]

Floats = NDArray[np.float64]

#: 97.5 % quantile of the standard normal: half-width, in standard errors, of a 95 % interval.
INTERVAL = 1.959963984540054


def standard_error(influences: Floats) -> float:
    """Standard error sd / √n of an estimate with these influences of the paths; NaN for n < 2."""
    if influences.size < 2:
        return math.nan
    return float(influences.std(ddof=1)) / math.sqrt(influences.size)


def mean(values: Floats) -> tuple[float, float]:
    """Mean and its standard error s / √n."""
    return float(values.mean()), standard_error(values)


def standard_deviation(values: Floats) -> tuple[float, float]:
    """Standard deviation s (divisor n - 1) and its standard error √((m4 - s⁴ (n-3)/(n-1)) / n) / (2 s).

    m4 is the fourth central moment; no normality is assumed. Both NaN for n < 2; a constant has error 0.
    """
    count = values.size
    if count < 2:
        return math.nan, math.nan
    squares = np.square(values - values.mean())
    variance = float(squares.sum()) / (count - 1)
    if variance == 0.0:
        return 0.0, 0.0
    fourth = float(np.square(squares).mean())
    error = math.sqrt(max(fourth - variance**2 * (count - 3) / (count - 1), 0.0) / count)
    return math.sqrt(variance), error / (2.0 * math.sqrt(variance))


def ratio(numerator: Floats, denominator: Floats) -> tuple[float, float]:
    """Ratio of two means and its standard error by the delta method; NaN when the denominator's mean is 0."""
    below = float(denominator.mean())
    if below == 0.0:
        return math.nan, math.nan
    value = float(numerator.mean()) / below
    return value, standard_error((numerator - value * denominator) / below)


def proportion(count: ArrayLike, paths: int) -> tuple[Floats, Floats]:
    """Share of paths with an event, and its standard error √(p(1-p) / (n+4)) at p = (count+2) / (n+4).

    The shrunken p of Agresti and Coull (1998) keeps the error above zero when an event was never or always
    seen; for frequent events it equals the usual one.
    """
    counted = np.asarray(count, dtype=np.float64)
    centre = (counted + 2.0) / (paths + 4.0)
    return counted / paths, np.sqrt(centre * (1.0 - centre) / (paths + 4.0))


def quantiles(values: Floats, probabilities: Sequence[float]) -> tuple[Floats, Floats]:
    """Quantiles [probability] and their standard errors, both from order statistics.

    The quantile interpolates linearly between order statistics (NumPy's default, type 7 of Hyndman and Fan).
    The number of paths below a quantile is binomial, so the order statistics at n p ± 1.96 √(n p (1-p)) bound
    a 95 % interval for it; the standard error is the interval's width / (2 · 1.96) (Woodruff, 1952). No
    density has to be estimated. NaN where the interval would leave the sample.
    """
    wanted = np.asarray(probabilities, dtype=np.float64)
    reach = INTERVAL * np.sqrt(wanted * (1.0 - wanted) / values.size)
    points = np.concatenate([wanted, wanted - reach, wanted + reach])
    found, low, high = np.split(np.quantile(values, np.clip(points, 0.0, 1.0)), 3)
    inside = (wanted - reach >= 0.0) & (wanted + reach <= 1.0)
    return found, np.where(inside, (high - low) / (2.0 * INTERVAL), np.nan)
