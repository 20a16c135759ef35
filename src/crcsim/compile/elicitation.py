"""Distributions through two or three elicited quantiles, as the name and numbers of a quantile function.

All families but beta and the truncated normal are a location and a scale around one standard shape, so that
two quantiles give both in closed form, and a third gives the shape by one bisection.
"""

import math
from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np

from crcsim.compile import quantile_functions as q
from crcsim.valuation.arrays import Floats

Numbers: TypeAlias = tuple[float, ...]
Quantiles: TypeAlias = tuple[tuple[float, float], ...]
Shape: TypeAlias = Callable[[float], Floats]

_NEARLY_EXACT = 1e-8  # misfit up to which a numerical solution counts as going through its quantiles
_MOST_SKEWED = 10.0  # beyond it the middle quantile all but coincides with an outer one
_STRAIGHT = 1e-9  # difference of skewness that is rounding


def scores_and_values(stated: Quantiles) -> tuple[Floats, Floats]:
    """Normal scores and values of quantiles ((probability, value), ...).

    Raises ValueError unless there are two or three of them, both probabilities (within 0 and 1) and values
    rising.
    """
    from scipy.special import ndtri

    ordered = sorted(stated)
    probabilities, values = (np.array(column, dtype=np.float64) for column in zip(*ordered, strict=True))
    if len(ordered) not in (2, 3):
        raise ValueError("two or three quantiles are needed")
    if probabilities[0] <= 0.0 or probabilities[-1] >= 1.0 or np.any(np.diff(probabilities) <= 0.0):
        raise ValueError("the probabilities of quantiles must differ and lie between 0% and 100%")
    if not (np.all(np.isfinite(values)) and np.all(np.diff(values) > 0.0)):
        raise ValueError("the values of quantiles must rise with their probabilities")
    return ndtri(probabilities), values


def bare(stated: Quantiles, support: tuple[float, float]) -> tuple[str, Numbers]:
    """Through quantiles without a family, exactly, and inside the support (a, b).

    The values are taken on the scale of the support: ln(x - a) above a finite a, the logit between two finite
    ends, as they are without ends. Two quantiles give a normal on that scale, three Tukey's g (a shifted
    lognormal). One exception: above a lower end, a right skew in the logarithm would give an infinite mean;
    there the shifted lognormal of x itself goes through the same three quantiles, has all moments, and begins
    above a.
    """
    scores, values = scores_and_values(stated)
    low, high = support
    if not low < values[0] or not values[-1] < high:
        raise ValueError(f"quantiles must lie inside the range ({low:g}, {high:g}) of the parameter")
    if math.isfinite(high):
        return _bounded(scores, values, low, high)
    if math.isfinite(low):
        return _half_line(scores, values, low)
    location, scale, skew = _skewed_through(scores, values)
    return ("normal", (location, scale)) if skew == 0.0 else ("skewed", (location, scale, skew))


def _bounded(scores: Floats, values: Floats, low: float, high: float) -> tuple[str, Numbers]:
    if not math.isfinite(low):
        raise ValueError("a range with an upper end needs a lower end for bare quantiles")
    logits = np.log(values - low) - np.log(high - values)
    return "logit_skewed", (*_skewed_through(scores, logits), low, high)


def _half_line(scores: Floats, values: Floats, low: float) -> tuple[str, Numbers]:
    location, scale, skew = _skewed_through(scores, np.log(values - low))
    if skew == 0.0:
        return "lognormal", (location, scale, low)
    if skew < 0.0:
        return "log_skewed", (location, scale, skew, low)
    return "skewed", _skewed_through(scores, values)


def _skewed_through(scores: Floats, values: Floats) -> tuple[float, float, float]:
    """Location, scale and skewness of Tukey's g through two (then without skewness) or three points."""
    if len(scores) == 2:
        return (*_line(scores, values), 0.0)

    def shape(skew: float) -> Floats:
        return q.skewed(scores, 0.0, 1.0, skew)

    skew = _bisect(shape, values, _MOST_SKEWED, -_MOST_SKEWED)
    if abs(skew) > 0.999 * _MOST_SKEWED:
        raise ValueError("the middle quantile lies too close to one of the others")
    if abs(skew) < _STRAIGHT:
        return (*_line(scores, values), 0.0)
    return (*_line(shape(skew), values), skew)


def _line(shape: Floats, values: Floats) -> tuple[float, float]:
    """Location and scale of values = location + scale x shape, by least squares (exact for two points)."""
    centred = shape - shape.mean()
    scale = float(np.sum(centred * values) / np.sum(centred**2))
    return float(values.mean() - scale * shape.mean()), scale


def _share_below(values: Floats) -> float:
    """Where the middle of three values lies between the outer ones: the shape without location and scale."""
    return float((values[1] - values[0]) / (values[2] - values[0]))


def _bisect(shape: Shape, values: Floats, least: float, most: float) -> float:
    """The shape whose middle quantile lies as stated; its share below rises from `least` to `most`."""
    wanted = _share_below(values)
    for _ in range(200):
        middle = (least + most) / 2.0
        if middle in (least, most):
            break
        if _share_below(shape(middle)) < wanted:
            least = middle
        else:
            most = middle
    return (least + most) / 2.0


# --- within a stated family --------------------------------------------------------------------------------
def within_family(
    family: str, stated: Quantiles, given: Mapping[str, float], support: tuple[float, float]
) -> tuple[str, Numbers]:
    """Through the quantiles, or as near as least squares bring a two-parameter family to three of them.

    Errors are taken relative to the value for the lognormal (least squares in the logarithm) and to the range
    of the quantiles elsewhere. `given` may hold low and high (beta, truncated normal). Raises ValueError
    where the family has no such member.
    """
    scores, values = scores_and_values(stated)
    if family == "normal":
        return "normal", _line(scores, values)
    if family == "lognormal":
        if values[0] <= 0.0:
            raise ValueError("the quantiles of a lognormal must be above 0")
        return "lognormal", (*_line(scores, np.log(values)), 0.0)
    if family == "uniform":
        low, width = _line(q.uniform(scores, 0.0, 1.0), values)
        return "uniform", (low, low + width)
    if family == "triangular":
        return "triangular", _low_mode_high(scores, values, _triangular_shape, family)
    if family == "pert":
        return "beta", pert_numbers(*_low_mode_high(scores, values, _pert_shape, family))
    if family == "beta":
        return "beta", _beta(scores, values, given.get("low", 0.0), given.get("high", 1.0))
    return "truncated_normal", _truncated_normal(scores, values, given, support)


def pert_numbers(low: float, mode: float, high: float) -> tuple[float, float, float, float]:
    """PERT as a beta distribution: α = 1 + 4 (mode - low)/(high - low), β = 6 - α (Malcolm et al. 1959)."""
    alpha = 1.0 + 4.0 * (mode - low) / (high - low)
    return alpha, 6.0 - alpha, low, high


def _triangular_shape(scores: Floats, mode: float) -> Floats:
    return q.triangular(scores, 0.0, mode, 1.0)


def _pert_shape(scores: Floats, mode: float) -> Floats:
    return q.beta(scores, *pert_numbers(0.0, mode, 1.0))


def _low_mode_high(
    scores: Floats, values: Floats, shape: Callable[[Floats, float], Floats], family: str
) -> tuple[float, float, float]:
    """Ends and mode through two quantiles (mode in the middle) or three, from the shape on (0, 1).

    A mode outside the stated quantiles cannot be told from one at the end, which is then taken.
    """
    mode = 0.5 if len(scores) == 2 else _mode(scores, values, shape, family)
    low, width = _line(shape(scores, mode), values)
    return low, low + mode * width, low + width


def _mode(scores: Floats, values: Floats, shape: Callable[[Floats, float], Floats], family: str) -> float:
    """Where the mode lies between the ends, from 0 to 1."""
    wanted, least, most = (_share_below(v) for v in (values, shape(scores, 0.0), shape(scores, 1.0)))
    if wanted < least - _STRAIGHT or wanted > most + _STRAIGHT:
        raise ValueError(f"no {family} distribution is as skewed as these quantiles; state them bare")
    if wanted < least + _STRAIGHT or wanted > most - _STRAIGHT:
        return 0.0 if wanted < (least + most) / 2.0 else 1.0
    return _bisect(lambda at: shape(scores, at), values, 0.0, 1.0)


def _beta(scores: Floats, values: Floats, low: float, high: float) -> tuple[float, float, float, float]:
    """α and β between two ends, in logarithms to stay positive; started at the mean and sd of a line."""
    if not low < values[0] or not values[-1] < high:
        raise ValueError("the quantiles of a beta distribution must lie between low and high")
    middle, sd = _line(scores, values)
    mean = min(max((middle - low) / (high - low), 0.01), 0.99)
    weight = max(mean * (1.0 - mean) / (sd / (high - low)) ** 2 - 1.0, 0.1)

    def numbers(unknown: Floats) -> tuple[float, float, float, float]:
        return math.exp(unknown[0]), math.exp(unknown[1]), low, high

    start = np.log([mean * weight, (1.0 - mean) * weight])
    return numbers(_nearest(lambda unknown: q.beta(scores, *numbers(unknown)), values, start, "beta"))


def _truncated_normal(
    scores: Floats, values: Floats, given: Mapping[str, float], support: tuple[float, float]
) -> tuple[float, float, float, float]:
    """Mean and sd of the parent, cut off at `given` low and high or else at the ends of the support."""
    low, high = given.get("low", support[0]), given.get("high", support[1])
    if not low < values[0] or not values[-1] < high:
        raise ValueError("the quantiles of a truncated normal must lie between low and high")
    middle, scale = _line(scores, values)

    def numbers(unknown: Floats) -> tuple[float, float, float, float]:
        return middle + scale * float(unknown[0]), scale * math.exp(unknown[1]), low, high

    def reached(unknown: Floats) -> Floats:
        return q.truncated_normal(scores, *numbers(unknown))

    return numbers(_nearest(reached, values, np.zeros(2), "truncated normal"))


def _nearest(reached: Callable[[Floats], Floats], values: Floats, start: Floats, family: str) -> Floats:
    """Two unknowns by least squares of errors over the range of the quantiles; exact for two quantiles."""
    from scipy.optimize import least_squares

    spread = values[-1] - values[0]
    solution = least_squares(
        lambda unknown: (reached(unknown) - values) / spread, start, xtol=1e-15, ftol=1e-15, gtol=1e-15
    )
    if len(values) == 2 and not np.max(np.abs(solution.fun)) < _NEARLY_EXACT:
        raise ValueError(f"no {family} distribution goes through these quantiles; state them bare")
    return np.asarray(solution.x)
