"""Distributions of uncertain parameters: from what an analyst states to a function of a normal score.

    fitted = fit(scenario_distribution)
    values = fitted.quantile_of_normal(z)       # z standard normal, from the copula

A distribution is stated by its parameters or by two or three elicited quantiles, in a family or bare.
Families of two parameters go exactly through two quantiles and as near as least squares bring them to three
(`misfit` says how near); triangular and PERT go exactly through three, and are symmetric where only two are
given. Bare quantiles are met exactly: see `elicitation.bare`.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np

from crcsim.compile import elicitation
from crcsim.compile import quantile_functions as q
from crcsim.valuation.arrays import Floats

Numbers: TypeAlias = tuple[float, ...]

_LEAST_PROBABILITY = 1e-200  # of a normal between the ends that cut it off

_FUNCTIONS: Mapping[str, Callable[..., Floats]] = {
    "normal": q.normal,
    "lognormal": q.lognormal,
    "skewed": q.skewed,
    "log_skewed": q.log_skewed,
    "logit_skewed": q.logit_skewed,
    "uniform": q.uniform,
    "triangular": q.triangular,
    "beta": q.beta,
    "truncated_normal": q.truncated_normal,
}


class DistributionLike(Protocol):
    """What is read of a stated distribution."""

    @property
    def family(self) -> str: ...
    @property
    def parameters(self) -> Mapping[str, float]: ...
    @property
    def quantiles(self) -> tuple[tuple[float, float], ...]: ...
    @property
    def support(self) -> tuple[float, float]: ...


@dataclass(frozen=True)
class Fitted:
    """A distribution as numbers: the quantile function by name, what it takes, and what it amounts to.

    `misfit` is the largest distance of a stated quantile from the fitted one, over the range of the stated
    ones: 0 where the quantiles are met or none were stated.
    """

    function: str
    numbers: Numbers
    mean: float
    median: float
    sd: float
    misfit: float = 0.0

    def quantile_of_normal(self, z: Floats) -> Floats:
        """Values at standard normal scores, of the shape of z; bit by bit independent of the other scores."""
        return _values(self.function, self.numbers, z)


def _values(function: str, numbers: Numbers, z: Floats) -> Floats:
    scores = np.ascontiguousarray(z, dtype=np.float64)
    return np.asarray(_FUNCTIONS[function](scores, *numbers), dtype=np.float64).reshape(np.shape(z))


def fit(distribution: DistributionLike) -> Fitted:
    """Turn a stated distribution into numbers.

    Raises ValueError where the numbers contradict each other or no member of the family goes through the
    quantiles.
    """
    family, given, stated = distribution.family, distribution.parameters, distribution.quantiles
    if family == "quantiles":
        function, numbers = elicitation.bare(stated, distribution.support)
    elif stated:
        function, numbers = elicitation.within_family(family, stated, given, distribution.support)
    else:
        function, numbers = _FROM_PARAMETERS[family](given)
    if not all(math.isfinite(x) for x in numbers[:2]):
        raise ValueError(f"the numbers of a {family} distribution must be finite")
    try:
        mean, sd = _moments(function, numbers)
    except OverflowError:
        raise ValueError(f"the spread of a {family} distribution is too wide to have a mean") from None
    median = float(_values(function, numbers, np.zeros(1))[0])
    return Fitted(function, numbers, mean, median, sd, _misfit(function, numbers, stated))


def _misfit(function: str, numbers: Numbers, stated: tuple[tuple[float, float], ...]) -> float:
    if not stated:
        return 0.0
    scores, values = elicitation.scores_and_values(stated)
    gap = np.abs(_values(function, numbers, scores) - values)
    return float(gap.max() / (values[-1] - values[0]))


# --- from parameters ---------------------------------------------------------------------------------------
def _normal(given: Mapping[str, float]) -> tuple[str, Numbers]:
    return "normal", (given["mean"], _not_negative(given["sd"]))


def _lognormal(given: Mapping[str, float]) -> tuple[str, Numbers]:
    if "median" in given:
        return "lognormal", (math.log(_positive(given["median"])), _not_negative(given["log_sd"]), 0.0)
    mean = _positive(given["mean"])
    variance = math.log1p((given["sd"] / mean) ** 2)
    return "lognormal", (math.log(mean) - variance / 2.0, math.sqrt(variance), 0.0)


def _truncated_normal(given: Mapping[str, float]) -> tuple[str, Numbers]:
    low, high = given.get("low", -math.inf), given.get("high", math.inf)
    if not low < high or given["sd"] <= 0.0:
        raise ValueError("a truncated normal needs low below high and an sd above 0")
    a, b = ((end - given["mean"]) / (given["sd"] * math.sqrt(2.0)) for end in (low, high))
    if abs(math.erfc(a) - math.erfc(b) if a > 0.0 else math.erfc(-b) - math.erfc(-a)) < _LEAST_PROBABILITY:
        raise ValueError("the normal has no probability between low and high")
    return "truncated_normal", (given["mean"], given["sd"], low, high)


def _beta(given: Mapping[str, float]) -> tuple[str, Numbers]:
    low, high = given.get("low", 0.0), given.get("high", 1.0)
    if not low < high:
        raise ValueError("a beta distribution needs low below high")
    if "alpha" in given:
        alpha, beta = given["alpha"], given["beta"]
    else:
        mean, sd = (given["mean"] - low) / (high - low), given["sd"] / (high - low)
        if sd <= 0.0:
            raise ValueError("a beta distribution needs an sd above 0")
        weight = mean * (1.0 - mean) / sd**2 - 1.0
        alpha, beta = mean * weight, (1.0 - mean) * weight
    if not (alpha > 0.0 and beta > 0.0):
        raise ValueError("no beta distribution between low and high has this mean and sd")
    return "beta", (alpha, beta, low, high)


def _pert(given: Mapping[str, float]) -> tuple[str, Numbers]:
    return "beta", elicitation.pert_numbers(*_low_mode_high(given))


def _triangular(given: Mapping[str, float]) -> tuple[str, Numbers]:
    return "triangular", _low_mode_high(given)


def _uniform(given: Mapping[str, float]) -> tuple[str, Numbers]:
    if not given["low"] < given["high"]:
        raise ValueError("a uniform distribution needs low below high")
    return "uniform", (given["low"], given["high"])


def _low_mode_high(given: Mapping[str, float]) -> tuple[float, float, float]:
    low, mode, high = given["low"], given["mode"], given["high"]
    if not (low <= mode <= high and low < high):
        raise ValueError("low, mode and high must stand in this order, low below high")
    return low, mode, high


def _positive(centre: float) -> float:
    if not centre > 0.0:
        raise ValueError("the median or mean of a lognormal must be above 0")
    return centre


def _not_negative(sd: float) -> float:
    if not sd >= 0.0:
        raise ValueError("a standard deviation must not be negative")
    return sd


_FROM_PARAMETERS: Mapping[str, Callable[[Mapping[str, float]], tuple[str, Numbers]]] = {
    "normal": _normal,
    "lognormal": _lognormal,
    "truncated_normal": _truncated_normal,
    "beta": _beta,
    "pert": _pert,
    "triangular": _triangular,
    "uniform": _uniform,
}


# --- mean and standard deviation ---------------------------------------------------------------------------
def _moments(function: str, numbers: Numbers) -> tuple[float, float]:
    closed = _CLOSED_MOMENTS.get(function)
    return closed(*numbers) if closed else _moments_by_quadrature(function, numbers)


def _moments_by_quadrature(function: str, numbers: Numbers) -> tuple[float, float]:
    """Trapezoidal rule over the normal score, which converges geometrically for these smooth functions."""
    z = np.linspace(-10.0, 10.0, 1281)
    weights = np.exp(-(z**2) / 2.0)
    weights /= weights.sum()
    values = _values(function, numbers, z)
    mean = float(np.sum(weights * values))
    return mean, math.sqrt(float(np.sum(weights * (values - mean) ** 2)))


def _lognormal_moments(log_median: float, log_sd: float, low: float) -> tuple[float, float]:
    mean = math.exp(log_median + log_sd**2 / 2.0)
    return low + mean, mean * math.sqrt(math.expm1(log_sd**2))


def _skewed_moments(location: float, scale: float, skew: float) -> tuple[float, float]:
    spread = math.exp(skew**2 / 2.0) * math.sqrt(math.expm1(skew**2))
    return location + scale * math.expm1(skew**2 / 2.0) / skew, scale * spread / abs(skew)


def _triangular_moments(low: float, mode: float, high: float) -> tuple[float, float]:
    left, right = mode - low, high - mode
    return low + (2.0 * left + right) / 3.0, math.sqrt((left**2 + right**2 + left * right) / 18.0)


def _beta_moments(alpha: float, beta: float, low: float, high: float) -> tuple[float, float]:
    total, width = alpha + beta, high - low
    return low + width * alpha / total, width * math.sqrt(alpha * beta / (total + 1.0)) / total


_CLOSED_MOMENTS: Mapping[str, Callable[..., tuple[float, float]]] = {
    "normal": lambda mean, sd: (mean, sd),
    "lognormal": _lognormal_moments,
    "skewed": _skewed_moments,
    "uniform": lambda low, high: ((low + high) / 2.0, (high - low) / math.sqrt(12.0)),
    "triangular": _triangular_moments,
    "beta": _beta_moments,
}
