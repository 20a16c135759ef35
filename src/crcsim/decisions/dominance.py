"""Stochastic dominance of first and second order between two samples, decided within their sampling error."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from crcsim.decisions.differences import frequency_difference
from crcsim.errors import ArgumentError
from crcsim.measures.values import Floats

__all__ = ["CONFIDENCE", "DEVIATION", "PROBABILITY", "Dominance", "dominance"]

#: First order: a probability that is higher by no more than this does not count as higher.
PROBABILITY = 0.01
#: Second order: an expected shortfall that is larger by no more than this part of the standard deviation.
DEVIATION = 0.02
#: Confidence of a decision over all thresholds together.
CONFIDENCE = 0.95

#: Where the two are held against each other: quantiles of both samples together, and their largest value.
_THRESHOLDS = np.array([0.001, 0.002, 0.005, *np.arange(0.01, 0.995, 0.01), 0.995, 0.998, 0.999, 1.0])
_ROUNDING = 1e-12  # of the largest value


@dataclass(frozen=True)
class Dominance:
    """Which of two distributions dominates, by order.

    `first`, `second`: that one dominates. `neither`: each is better somewhere. `equal`: no difference beyond
    the tolerance. `undecided`: the sampling error leaves more than one of these open.
    """

    first_order: str
    second_order: str


def dominance(first: Floats, second: Floats, *, paired: bool) -> Dominance:
    """Dominance between two samples of values [path], finite; `paired`: path by path of the same draws.

    First order: F₂(x) ≤ F₁(x) for all x, so that everybody who prefers more prefers the second. Second order:
    E[(x - X₂)⁺] ≤ E[(x - X₁)⁺] for all x, so that everybody who also dislikes risk does (Hadar and Russell,
    1969; Rothschild and Stiglitz, 1970). Both are held against each other at about 105 quantiles x of the two
    samples together. With D(x) the advantage of the second, s its standard error and c the normal quantile
    for all x at 95 % together (Bonferroni, about 3.5), the second is better somewhere when D > c s, the first
    when D < -c s. The second dominates when it is better somewhere, the first nowhere, and D - c s stays
    above -tolerance everywhere: 1 percentage point of probability, or 2 % of a standard deviation of
    shortfall. Truth at the border of dominance (equal tails, equal means) cannot be told from just beyond it
    by any number of paths; hence a tolerance. What fewer than about a dozen paths show is not seen.

    Errors of frequencies: Agresti and Min (2005) paired, Agresti and Caffo (2000) unpaired. First order
    implies second, and is undecided where second order does not bear it out. Raises ArgumentError when paired
    samples differ in size.
    """
    if paired and first.size != second.size:
        raise ArgumentError("paired samples must have the same number of paths")
    if paired and np.array_equal(first, second):
        return Dominance("equal", "equal")
    pool = np.concatenate([first, second])
    thresholds = np.unique(np.quantile(pool, _THRESHOLDS, method="inverted_cdf"))
    critical = NormalDist().inv_cdf(1.0 - (1.0 - CONFIDENCE) / (2.0 * thresholds.size))
    by_frequency = np.array(
        [frequency_difference(second <= x, first <= x, paired=paired) for x in thresholds]
    )
    by_shortfall = np.array(
        [_shortfalls(np.maximum(x - first, 0.0), np.maximum(x - second, 0.0), paired) for x in thresholds]
    )
    noise = _ROUNDING * float(np.abs(pool).max())
    by_shortfall[np.abs(by_shortfall) <= noise] = 0.0
    spread = np.sqrt(0.5 * (first.var() + second.var()))
    one = _decision(by_frequency, critical, PROBABILITY)
    two = _decision(by_shortfall, critical, DEVIATION * float(spread))
    if one in ("first", "second"):
        return Dominance(one, one) if two in (one, "equal") else Dominance("undecided", two)
    return Dominance(one, two)


def _shortfalls(first: Floats, second: Floats, paired: bool) -> tuple[float, float]:
    """E[(x - X₁)⁺] - E[(x - X₂)⁺] and its standard error, from the shortfalls of the paths."""
    if paired:
        better = first - second
        return float(better.mean()), float(better.std()) / np.sqrt(better.size)
    squares = first.var() / first.size + second.var() / second.size
    return float(first.mean() - second.mean()), float(np.sqrt(squares))


def _decision(advantages: Floats, critical: float, tolerance: float) -> str:
    """One decision from the advantage of the second and its error at all thresholds [threshold, 2]."""
    advantage, error = advantages.T
    low, high = advantage - critical * error, advantage + critical * error
    second_better, first_better = bool((low > 0.0).any()), bool((high < 0.0).any())
    if second_better and first_better:
        return "neither"
    if bool(((low >= -tolerance) & (high <= tolerance)).all()):
        return "equal"
    if second_better and bool((low >= -tolerance).all()):
        return "second"
    if first_better and bool((high <= tolerance).all()):
        return "first"
    return "undecided"
