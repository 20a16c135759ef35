"""Reverse stress test: what the worst paths have in common, and what not."""

from __future__ import annotations

import math
from collections.abc import Mapping
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from crcsim.decisions import provenance
from crcsim.decisions.stress.drivers import Driver, drivers
from crcsim.errors import ArgumentError
from crcsim.kernels.arrays import Floats
from crcsim.measures.estimates import INTERVAL
from crcsim.measures.values import path_values, with_error
from crcsim.results.strategies import of_strategy

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["LEAST_EFFECT", "WORST", "reverse_stress", "standardised_difference", "worst_paths"]

#: Share of the paths that are called the worst.
WORST = 0.01
#: A standardised difference that stands out: a medium effect (Cohen, 1988).
LEAST_EFFECT = 0.5
CONFIDENCE = 0.95
_LEAST_PATHS = 10
_ONE = ("driver",)
_SOURCE = "MODEL 10"


def reverse_stress(
    result: xr.Dataset,
    parameters: Mapping[str, Floats] | None = None,
    *,
    wallets: tuple[Floats, Floats] | None = None,
    worst: float = WORST,
    strategy: str | None = None,
) -> xr.Dataset:
    """Which drivers set the worst share `worst` of the paths apart, by total NPV at the risk-free rate.

    Drivers: the market (where the result has recorded it), numbers of customers ended by cause, the ends of
    the ten largest, rates, sales, `parameters` [path] by place, and `wallets` of `engine.values.path_wallets`
    [period, path], which may be of the first paths only. Returned [driver], the most telling first:

    - `difference` with `_standard_error`: (mean on the worst paths - mean on the others) / standard deviation
      on the others; that of Welch's unequal variances is the error;
    - `worst_level`, `worst_low`, `worst_high`: median on the worst paths and its 95 % interval from order
      statistics, or share of the worst paths with an event and its 95 % interval (Wilson, 1927);
    - `usual_level`: the same of all paths; `usual_below`, `usual_above`: shares of all paths that are below
      and above `worst_level`, those equal to it in neither (NaN for an event);
    - `stands_out` (1 or 0): the difference is beyond 0.5 by its sampling error, at 95 % confidence for all
      drivers together (Bonferroni).

    Association, not cause: a driver may stand out because it goes with another. Raises ArgumentError unless
    0 < worst < 1 and at least 10 paths are the worst and as many the others. Source: MODEL 10.
    """
    one = of_strategy(result, strategy)
    total = path_values(one, "risk_free").total[0]
    count = worst_paths(worst, total.size)
    bad = np.zeros(total.size, dtype=bool)
    bad[np.argsort(total, kind="stable")[:count]] = True
    found = [each for each in drivers(one, parameters or {}, wallets) if _enough(each, bad)]
    pairs = np.array([standardised_difference(each.values, _of(each, bad)) for each in found]).reshape(-1, 2)
    levels = np.array([_levels(each, _of(each, bad)) for each in found]).reshape(-1, 6)
    beyond = NormalDist().inv_cdf(1.0 - (1.0 - CONFIDENCE) / (2.0 * max(len(found), 1)))
    certain = np.abs(pairs[:, 0]) - beyond * pairs[:, 1] > LEAST_EFFECT
    order = np.lexsort((-np.abs(pairs[:, 0]), ~certain))
    tables = pairs[order], levels[order], certain[order]
    return _dataset(result, one, [found[place] for place in order], *tables, worst, count)


def _of(driver: Driver, bad: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which of the driver's paths are the worst."""
    return bad[: driver.values.size]


def _enough(driver: Driver, bad: NDArray[np.bool_]) -> bool:
    return int(np.count_nonzero(_of(driver, bad))) >= _LEAST_PATHS


def worst_paths(worst: float, paths: int) -> int:
    """Number of the worst paths. Raises ArgumentError where these or the others are fewer than 10."""
    count = math.ceil(worst * paths) if 0.0 < worst < 1.0 else 0
    if not _LEAST_PATHS <= count <= paths - _LEAST_PATHS:
        raise ArgumentError(
            f"worst must be a share of the paths, with at least {_LEAST_PATHS} of them and of the others, "
            f"not {worst:g} of {paths:,}"
        )
    return count


def standardised_difference(values: Floats, bad: NDArray[np.bool_]) -> tuple[float, float]:
    """(mean of the bad paths - mean of the others) / sd of the others, and its standard error.

    Var = s²_bad / n_bad / s² + 1/n + d²/(2n), n and s of the others (delta method; Hedges and Olkin, 1985).
    Infinite with error 0 where the others do not vary and the bad ones differ.
    """
    inside, rest = values[bad], values[~bad]
    apart, spread = float(inside.mean() - rest.mean()), float(rest.std(ddof=1))
    if spread == 0.0:
        return math.copysign(math.inf, apart) if apart else 0.0, 0.0
    difference = apart / spread
    variance = float(inside.var(ddof=1)) / spread**2 / inside.size + 1.0 / rest.size
    if inside.var() == 0.0:  # the same on all bad paths: no less than one of them might differ
        variance += _shrunken(values, bad) / spread**2 / inside.size
    return difference, math.sqrt(variance + difference**2 / (2.0 * rest.size))


def _shrunken(values: Floats, bad: NDArray[np.bool_]) -> float:
    """Variance of what all bad paths have in common, as if one of them had the mean of the others."""
    count = int(np.count_nonzero(bad))
    gap = float(values[bad].mean() - values[~bad].mean())
    return gap**2 * (1.0 / (count + 1.0)) * (count / (count + 1.0))


def _levels(driver: Driver, bad: NDArray[np.bool_]) -> tuple[float, ...]:
    """Level on the worst paths with its interval, on all paths, and shares of all paths below and above."""
    inside, every = driver.values[bad], driver.values
    if driver.unit == "event":
        share = float(inside.mean())
        return share, *_wilson(share, inside.size), float(every.mean()), math.nan, math.nan
    ordered = np.sort(inside)
    low, high = _median_bounds(inside.size)
    level = float(np.median(inside))
    sides = float(np.mean(every < level)), float(np.mean(every > level))
    return level, float(ordered[low]), float(ordered[high]), float(np.median(every)), *sides


def _median_bounds(count: int) -> tuple[int, int]:
    """Positions of the order statistics that hold the median with 95 % probability at least (binomial)."""
    from scipy.special import bdtr

    below = np.array([bdtr(k, count, 0.5) for k in range(count // 2)])
    low = int(np.count_nonzero(below <= 0.025)) - 1
    return max(low, 0), count - 1 - max(low, 0)


def _wilson(share: float, count: int) -> tuple[float, float]:
    """95 % interval of a share (E. B. Wilson, 1927)."""
    square = INTERVAL**2
    centre = (share + square / (2.0 * count)) / (1.0 + square / count)
    reach = INTERVAL * math.sqrt(share * (1.0 - share) / count + square / (4.0 * count**2))
    reach /= 1.0 + square / count
    return max(centre - reach, 0.0), min(centre + reach, 1.0)


def _dataset(
    result: xr.Dataset,
    one: xr.Dataset,
    found: list[Driver],
    pairs: Floats,
    levels: Floats,
    certain: NDArray[np.bool_],
    worst: float,
    count: int,
) -> xr.Dataset:
    import xarray as xr

    words = {
        "worst_level": "median on the worst paths, or share of them with the event",
        "worst_low": "lower end of the 95 % interval of worst_level",
        "worst_high": "upper end of the 95 % interval of worst_level",
        "usual_level": "the same as worst_level, of all paths",
        "usual_below": "share of all paths below worst_level",
        "usual_above": "share of all paths above worst_level",
    }
    variables: dict[str, Any] = with_error(
        "difference", _ONE, pairs, "standardised difference of worst and other paths", "1", _SOURCE
    )
    for place, (name, meaning) in enumerate(words.items()):
        unit = "1" if name in ("usual_below", "usual_above") else "unit of the driver"
        variables[name] = (_ONE, levels[:, place], {"long_name": meaning, "units": unit, "source": _SOURCE})
    told = {"long_name": "1: beyond half a standard deviation, surely", "units": "1", "source": _SOURCE}
    variables["stands_out"] = (_ONE, certain.astype(np.int64), told)
    coords = {
        "driver": np.array([each.name for each in found], dtype=np.str_),
        "driver_kind": ("driver", np.array([each.kind for each in found], dtype=np.str_)),
        "driver_unit": ("driver", np.array([each.unit for each in found], dtype=np.str_)),
    }
    name = str(one["strategy"].values[0])
    attributes = provenance.of_result("stress", result, {"worst": worst, "strategy": name})
    attributes |= {"worst": worst, "worst_paths": count, "risk_discounting": "risk_free", "strategy": name}
    return xr.Dataset(variables, coords, attributes)
