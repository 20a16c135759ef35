"""Differences of estimates between two samples of paths, with their paired or independent standard errors.

Every estimate is described by its influences [path]: what each path adds to it, so that the standard error is
sd / √n of the influences, and that of a paired difference sd / √n of the differences of the influences.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from crcsim.measures import estimates
from crcsim.measures.tail import LEVEL, MINIMUM_TAIL_PATHS, tail_weights
from crcsim.measures.values import Floats

__all__ = ["cvar", "cvar_at", "difference", "frequency_difference", "mean", "reduction", "sd", "spreads"]

Estimate = tuple[float, Floats]  # estimate, influences [path]


def mean(values: Floats) -> Estimate:
    """The mean; its influences are the values."""
    return float(values.mean()), values


def sd(values: Floats) -> Estimate:
    """The standard deviation s (divisor n - 1), influences ((x - mean)² - s²) / (2 s); NaN for one path."""
    if values.size < 2:
        return math.nan, np.full(values.size, math.nan)
    found = float(values.std(ddof=1))
    if found == 0.0:
        return 0.0, np.zeros(values.size)
    return found, (np.square(values - values.mean()) - found**2) / (2.0 * found)


def cvar(values: Floats) -> Estimate:
    """`cvar_at` for the worst 5 % of the paths."""
    return cvar_at(values, LEVEL)


def cvar_at(values: Floats, level: float) -> Estimate:
    """The mean of the worst share `level` of the paths, influences (x - q) 1{x ≤ q} / level, q their border.

    As `measures.tail` has it; influences are NaN when fewer than 10 paths are in the tail.
    """
    weights = tail_weights(values, level)
    found = float((weights * values).sum())
    if level * values.size < MINIMUM_TAIL_PATHS:
        return found, np.full(values.size, math.nan)
    return found, (values - np.quantile(values, level)) * weights * values.size


def difference(first: Estimate, second: Estimate, *, paired: bool) -> tuple[float, float]:
    """Second less first, and its standard error."""
    value = second[0] - first[0]
    if paired:
        return value, estimates.standard_error(second[1] - first[1])
    return value, math.hypot(estimates.standard_error(first[1]), estimates.standard_error(second[1]))


def frequency_difference(
    first: NDArray[np.bool_], second: NDArray[np.bool_], *, paired: bool
) -> tuple[float, float]:
    """Second less first for the share of paths with an event, and its standard error, which is never zero.

    From whether each path has the event. Errors of shrunken frequencies: Agresti and Min (2005) for paired
    paths, Agresti and Caffo (2000) for independent samples.
    """
    value = float(second.mean() - first.mean())
    if paired:
        gained, lost = np.count_nonzero(second & ~first), np.count_nonzero(first & ~second)
        count = first.size + 2.0
        square = (gained + lost + 1.0) / count - ((gained - lost) / count) ** 2
        return value, math.sqrt(square / count)
    squares = 0.0
    for event in (first, second):
        share = (np.count_nonzero(event) + 1.0) / (event.size + 2.0)
        squares += share * (1.0 - share) / (event.size + 2.0)
    return value, math.sqrt(squares)


def reduction(first: Floats, second: Floats) -> tuple[float, float]:
    """How far pairing lowers the variance of a mean difference, and the correlation of the two samples.

    (s₁² + s₂²) / s²(x₂ - x₁): so many times the paths would be needed with independent draws for the same
    standard error. Infinite when the difference is the same on every path, NaN when nothing varies; the
    correlation is NaN when one of the two does not vary.
    """
    if first.size < 2:
        return math.nan, math.nan
    apart = float(first.var(ddof=1) + second.var(ddof=1))
    together = float((second - first).var(ddof=1))
    rounding = (1e-12 * max(float(np.abs(first).max()), float(np.abs(second).max()))) ** 2
    if apart <= rounding:
        return math.nan, math.nan
    factor = math.inf if together <= rounding else apart / together
    spreads = float(first.std(ddof=1)) * float(second.std(ddof=1))
    correlation = (apart - together) / (2.0 * spreads) if spreads > 0.0 else math.nan
    return factor, float(np.clip(correlation, -1.0, 1.0))


def spreads(first: Floats, second: Floats) -> tuple[float, float]:
    """Standard deviation of the difference of two samples: path by path, and with independent draws.

    s(x₂ - x₁) and √(s₁² + s₂²); both NaN for one path. The square of their ratio is that of `reduction`.
    """
    if first.size < 2:
        return math.nan, math.nan
    return float((second - first).std(ddof=1)), math.hypot(
        float(first.std(ddof=1)), float(second.std(ddof=1))
    )
