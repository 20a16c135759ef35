"""The families of distributions: which parameters state them, what is consistent, and their central value."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import NormalDist

from crcsim.scenario.quantity import Distribution
from crcsim.scenario.values import Interval

__all__ = ["FAMILIES", "Family", "central", "inconsistency", "probability_outside"]

_STANDARD = NormalDist()
Parameters = Mapping[str, float]
Quantiles = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Family:
    """`forms` are the sets of parameters that state it; `bounds` may be added, or must where `bounded`."""

    forms: tuple[tuple[str, ...], ...]
    bounds: bool = False
    bounded: bool = False

    def names(self) -> tuple[str, ...]:
        """Return every key that may be stated, without repetition."""
        stated = [name for form in self.forms for name in form]
        return tuple(dict.fromkeys([*stated, *(("low", "high") if self.bounds else ()), "quantiles"]))


FAMILIES: Mapping[str, Family] = {
    "normal": Family((("mean", "sd"),)),
    "truncated_normal": Family((("mean", "sd"),), bounds=True, bounded=True),
    "lognormal": Family((("median", "log_sd"), ("mean", "sd"))),
    "beta": Family((("mean", "sd"), ("alpha", "beta")), bounds=True),
    "pert": Family((("low", "mode", "high"),)),
    "triangular": Family((("low", "mode", "high"),)),
    "uniform": Family((("low", "high"),)),
}


def inconsistency(
    family: str, parameters: Parameters, quantiles: Quantiles, show: Callable[[float], str]
) -> tuple[str, str] | None:
    """Return the parameter that does not fit the others and what is allowed for it, or None.

    `show` writes a number in the unit of the parameter.
    """
    low, high = _bounds(family, parameters)
    if low >= high:
        return "high", f"above low, which is {show(low)}"
    if (mode := parameters.get("mode")) is not None and not low <= mode <= high:
        return "mode", f"from low {show(low)} to high {show(high)}"
    mean = parameters.get("mean")
    if mean is not None and not low < mean < high:
        return "mean", f"above {show(low)} and below {show(high)}"
    if family in ("truncated_normal", "beta") and parameters.get("sd") == 0:
        return "sd", f"above {show(0.0)}"
    if family == "beta" and mean is not None and parameters["sd"] ** 2 >= (mean - low) * (high - mean):
        return "sd", f"below {show(math.sqrt((mean - low) * (high - mean)))} for a beta with this mean"
    if any(not low < value < high for _, value in quantiles):
        return "quantiles", f"above {show(low)} and below {show(high)}"
    return None


def _bounds(family: str, parameters: Parameters) -> tuple[float, float]:
    """Return the ends of the values that a distribution can take, as far as its parameters say."""
    floor = {"beta": 0.0, "lognormal": 0.0}.get(family, -math.inf)
    ceiling = 1.0 if family == "beta" else math.inf
    return parameters.get("low", floor), parameters.get("high", ceiling)


def probability_outside(distribution: Distribution, interval: Interval) -> float:
    """Return the probability that a draw falls outside the allowed range; 0 for families fitted inside it."""
    if distribution.family in ("normal", "lognormal"):
        return _unbounded_outside(distribution, interval)
    if distribution.family == "quantiles":
        return 0.0
    low, high = _bounds(distribution.family, distribution.parameters)
    if distribution.quantiles and math.isinf(low):
        return 0.0
    return 0.0 if interval.low <= low and high <= interval.high else 1.0


def _unbounded_outside(distribution: Distribution, interval: Interval) -> float:
    logarithmic = distribution.family == "lognormal"
    mean, sd = _normal_parameters(distribution)
    low, high = interval.low, interval.high
    if logarithmic:
        low = math.log(low) if low > 0 else -math.inf
        high = math.log(high) if high > 0 else -math.inf
    if sd == 0:
        return 0.0 if low <= mean <= high else 1.0
    return _STANDARD.cdf((low - mean) / sd) + _STANDARD.cdf((mean - high) / sd)


def _normal_parameters(distribution: Distribution) -> tuple[float, float]:
    """Return mean and standard deviation of the normal (of the log for a lognormal) that was stated."""
    parameters = distribution.parameters
    if distribution.quantiles:
        return _from_quantiles(distribution)
    if distribution.family == "normal":
        return parameters["mean"], parameters["sd"]
    if "median" in parameters:
        return math.log(parameters["median"]), parameters["log_sd"]
    variance = math.log1p((parameters["sd"] / parameters["mean"]) ** 2)
    return math.log(parameters["mean"]) - variance / 2, math.sqrt(variance)


def _from_quantiles(distribution: Distribution) -> tuple[float, float]:
    """Return the normal through the outermost two quantiles."""
    first, last = distribution.quantiles[0], distribution.quantiles[-1]
    logarithmic = distribution.family == "lognormal"
    x_first, x_last = (math.log(each[1]) if logarithmic else each[1] for each in (first, last))
    z_first, z_last = _STANDARD.inv_cdf(first[0]), _STANDARD.inv_cdf(last[0])
    sd = (x_last - x_first) / (z_last - z_first)
    return x_first - sd * z_first, sd


def central(value: float | Distribution) -> float:
    """Return a central value: the number itself, the mean, or the median of elicited quantiles.

    It serves plausibility checks and labels, never a result.
    """
    if not isinstance(value, Distribution):
        return value
    if value.quantiles:
        return _median(value)
    parameters = value.parameters
    if value.family == "truncated_normal":
        return _truncated_mean(parameters)
    if value.family in ("pert", "triangular"):
        weight = 4 if value.family == "pert" else 1
        return (parameters["low"] + weight * parameters["mode"] + parameters["high"]) / (weight + 2)
    if value.family == "uniform":
        return (parameters["low"] + parameters["high"]) / 2
    if "mean" in parameters:
        return parameters["mean"]
    if value.family == "lognormal":
        return parameters["median"] * math.exp(parameters["log_sd"] ** 2 / 2)
    low, high = _bounds("beta", parameters)
    return low + (high - low) * parameters["alpha"] / (parameters["alpha"] + parameters["beta"])


def _truncated_mean(parameters: Parameters) -> float:
    mean, sd = parameters["mean"], parameters["sd"]
    a, b = (parameters["low"] - mean) / sd, (parameters["high"] - mean) / sd
    mass = _STANDARD.cdf(b) - _STANDARD.cdf(a)
    return mean + sd * (_STANDARD.pdf(a) - _STANDARD.pdf(b)) / mass


def _median(distribution: Distribution) -> float:
    """Return the median as stated, or between the two quantiles around it, linear in the normal score."""
    points = distribution.quantiles
    for probability, value in points:
        if probability == 0.5:
            return value
    left = max((index for index in range(len(points) - 1) if points[index][0] < 0.5), default=0)
    (p0, x0), (p1, x1) = points[left], points[left + 1]
    z0, z1 = _STANDARD.inv_cdf(p0), _STANDARD.inv_cdf(p1)
    if distribution.family == "lognormal":
        return math.exp(math.log(x0) + (math.log(x1) - math.log(x0)) * -z0 / (z1 - z0))
    return x0 + (x1 - x0) * -z0 / (z1 - z0)
