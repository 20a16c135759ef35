"""Parameter and path uncertainty, kept apart by a second run: same parameters, fresh path draws."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from crcsim.errors import CrcsimError
from crcsim.measures.estimates import standard_error
from crcsim.measures.values import Floats, headline, path_values, with_error

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["layers"]


def layers(dataset: xr.Dataset, discounting: str | None = None) -> xr.Dataset:
    """Variance of NPV split into parameter and path uncertainty, for every item.

    X and Y are NPV on the same path of the two runs: same parameters, independent path draws. Then Var(E[NPV
    | parameters]) = Cov(X, Y) and E[Var(NPV | parameters)] = Var - Cov (MODEL 1; law of total variance).
    Under `discounting`, the headline by default. Returned [strategy, item], each with `_standard_error`:

    - `parameter_variance`, `path_variance`: currency squared; they add up to the variance of both runs
      pooled.
    - `parameter_share`: parameter variance / variance; `path_share` is 1 - this with the same error.

    The parameter variance of a finite sample may be slightly negative; it is not cut off at 0. A result
    without `level_npv_fresh` has levels whose values depend on parameters only; by the deflator they do not,
    and then levels and total are NaN. NaN too: shares of a constant, errors of a single path. Raises
    CrcsimError when the result has no second run. Source: MODEL 1.
    """
    if "npv_fresh" not in dataset:
        raise CrcsimError(
            "Parameter and path uncertainty need a second run: simulate with layers (--layers)."
        )
    chosen = discounting or headline(dataset)
    fresh_levels = "level_npv_fresh" if "level_npv_fresh" in dataset else "level_npv"
    first = path_values(dataset, chosen)
    second = path_values(dataset, chosen, variables=("npv_fresh", fresh_levels))
    found = np.array(
        [
            [_split(x, y) for x, y in zip(first.rows(strategy), second.rows(strategy), strict=True)]
            for strategy in range(len(first.strategies))
        ]
    )
    if chosen == "deflator" and fresh_levels == "level_npv" and "level" in first.kinds:
        found[:, [kind != "customer" for kind in first.kinds]] = np.nan
    dims, square = ("strategy", "item"), f"{first.currency}^2"
    return first.dataset(
        with_error(
            "parameter_variance", dims, found[:, :, 0], "variance due to parameters", square, "MODEL 1"
        )
        | with_error("path_variance", dims, found[:, :, 1], "variance due to path draws", square, "MODEL 1")
        | with_error(
            "parameter_share", dims, found[:, :, 2], "share of variance due to parameters", "1", "MODEL 1"
        )
        | with_error(
            "path_share", dims, found[:, :, 3], "share of variance due to path draws", "1", "MODEL 1"
        )
    )


def _split(x: Floats, y: Floats) -> Floats:
    """Parameter variance, path variance and their shares, each with its error: [4, 2]."""
    if x.size < 2:
        return np.full((4, 2), math.nan)
    a, b, unbiased = x - x.mean(), y - y.mean(), x.size / (x.size - 1)
    together, both = a * b * unbiased, (np.square(a) + np.square(b)) * (0.5 * unbiased)
    parameters, variance = float(together.mean()), float(both.mean())
    pairs = [
        (parameters, standard_error(together)),
        (variance - parameters, standard_error(both - together)),
    ]
    if variance == 0.0:
        return np.array([*pairs, (math.nan, math.nan), (math.nan, math.nan)])
    share = parameters / variance
    error = standard_error((together - share * both) / variance)
    return np.array([*pairs, (share, error), (1.0 - share, error)])
