"""The lower tail of present value: VaR, CVaR, each customer's part in it, and the probability of a loss."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from crcsim.errors import ArgumentError
from crcsim.measures import estimates
from crcsim.measures.values import Floats, PathValues, path_values, with_error

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["LEVEL", "MINIMUM_TAIL_PATHS", "border_paths", "tail", "tail_weights"]

LEVEL = 0.05

#: A standard error of a tail mean needs at least this many paths in the tail.
MINIMUM_TAIL_PATHS = 10

_DIMS = ("strategy", "item")


def tail(
    dataset: xr.Dataset, level: float = LEVEL, discounting: str = "risk_free", *, horizon: bool = True
) -> xr.Dataset:
    """Tail measures of NPV of every customer, every level and their total.

    All are *values*, in the result's currency, not losses against a reference: the loss against nothing is
    minus the number, the loss against the mean is the mean under the same discounting minus the number. Never
    subtract one from a value at a risk-adjusted rate: that charges risk twice (MODEL 2). Returned [strategy,
    item]:

    - `value_at_risk`: the quantile of NPV at `level`; a share `level` of the paths is worth no more.
    - `conditional_value_at_risk`: mean NPV of the worst share `level` of the paths (n `level` paths; where
      that is no whole number, the last one counts in part). On its own distribution for every item.
    - `cvar_contribution`: Euler contribution, the item's mean NPV on the worst paths *of the total*.
      Contributions add up to the total's conditional value at risk. Paths tied at the border count equally.
    - `loss_probability`: P(NPV < 0).

    Each has a `_standard_error`: order statistics for the quantile, influence functions for the means
    (Trindade and others, 2007; Hong and Liu, 2009), Agresti-Coull for the probability. NaN: errors of the
    means when fewer than 10 paths are in the tail, of the quantile when its binomial interval leaves the
    sample. Raises ArgumentError unless 0 < level < 1, NumericError when a value is not finite. Source: MODEL
    9.
    """
    if not 0.0 < level < 1.0:
        raise ArgumentError(f"level must lie between 0 and 1, not {level}")
    values = path_values(dataset, discounting, horizon=horizon)
    percent, money = f"{100 * level:g} %", values.currency
    own = values.each(lambda row: _quantile_and_mean(row, level))
    return values.dataset(
        with_error("value_at_risk", _DIMS, own[..., :2], f"{percent} quantile of NPV", money)
        | with_error(
            "conditional_value_at_risk", _DIMS, own[..., 2:], f"mean NPV of the worst {percent}", money
        )
        | with_error(
            "cvar_contribution",
            _DIMS,
            _contributions(values, level),
            f"mean NPV on the worst {percent} of the total's paths",
            money,
        )
        | with_error("loss_probability", _DIMS, values.each(_loss), "probability that NPV is negative", "1")
    ).assign_attrs(level=level)


def tail_weights(values: Floats, level: float) -> Floats:
    """Weight [path] of each path in the mean of the worst share `level`; they add up to 1.

    Paths below the order statistic at n `level` weigh 1 / (n `level`) each; those equal to it share the rest,
    so that the order of tied paths does not matter (Acerbi and Tasche, 2002).
    """
    size = level * values.size
    last = min(math.ceil(size), values.size) - 1
    border = np.partition(values, last)[last]
    below, tied = values < border, values == border
    rest = (size - np.count_nonzero(below)) / np.count_nonzero(tied)
    return np.where(below, 1.0, np.where(tied, rest, 0.0)) / size


def _quantile_and_mean(values: Floats, level: float) -> Floats:
    """VaR, its error, CVaR, its error, of paths [path]."""
    (value,), (error,) = estimates.quantiles(values, [level])
    weights = tail_weights(values, level)
    return np.array([value, error, *_tail_mean(values, weights, float(value), level)])


def _tail_mean(values: Floats, weights: Floats, at_border: float, level: float) -> tuple[float, float]:
    """Mean over the tail and its standard error; `at_border`: mean of `values` where the tail ends.

    Influence function of E[X | L <= q], q the quantile of L: (X - E[X | L = q]) 1{L <= q} / level, less its
    mean.
    """
    found = float((weights * values).sum())  # not a BLAS product, whose last bits depend on threads
    if level * values.size < MINIMUM_TAIL_PATHS:
        return found, math.nan
    return found, estimates.standard_error((values - at_border) * weights * values.size)


def _contributions(values: PathValues, level: float) -> Floats:
    """Euler contributions and their errors: [strategy, item, 2]."""
    found = []
    for strategy, total in enumerate(values.total):
        weights, border = tail_weights(total, level), border_paths(total, level)
        rows = values.rows(strategy)
        found.append([_tail_mean(row, weights, float(row[border].mean()), level) for row in rows])
    return np.array(found)


def border_paths(total: Floats, level: float) -> NDArray[np.bool_]:
    """Which paths [path] lie within the 95 % interval of the total's quantile at `level`: there the mean of a
    part, given that the total is at its quantile, is taken.
    """
    reach = estimates.INTERVAL * math.sqrt(level * (1.0 - level) / total.size)
    low, high = np.quantile(total, [max(level - reach, 0.0), min(level + reach, 1.0)])
    near: NDArray[np.bool_] = (total >= low) & (total <= high)
    return near


def _loss(values: Floats) -> Floats:
    return np.array(estimates.proportion(np.count_nonzero(values < 0.0), values.size))
