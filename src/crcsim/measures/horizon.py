"""How much of the value lies after the last simulated period."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from crcsim.measures import estimates
from crcsim.measures.values import headline, path_values, with_error

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["horizon_share"]


def horizon_share(dataset: xr.Dataset, discounting: str | None = None) -> xr.Dataset:
    """Mean value after the horizon and its share of the mean NPV, of every item; 0 in a result without it.

    Under `discounting`, the headline by default. Levels have no value after the horizon. Returns
    `horizon_mean` (currency) and `horizon_share` [strategy, item], each with `_standard_error` (of the share
    by the delta method). NaN: the share where the mean NPV is not positive, since a share of nothing says
    nothing. Measures without the horizon value: `moments`, `quantiles` and `tail` with `horizon=False`.
    Source: MODEL 9.
    """
    chosen = discounting or headline(dataset)
    whole, before = path_values(dataset, chosen), path_values(dataset, chosen, horizon=False)
    means, shares = [], []
    for strategy in range(len(whole.strategies)):
        rows = list(zip(whole.rows(strategy), before.rows(strategy), strict=True))
        means.append([estimates.mean(all_of_it - part) for all_of_it, part in rows])
        shares.append(
            [
                estimates.ratio(all_of_it - part, all_of_it)
                if all_of_it.mean() > 0.0
                else (math.nan, math.nan)
                for all_of_it, part in rows
            ]
        )
    dims = ("strategy", "item")
    return whole.dataset(
        with_error("horizon_mean", dims, np.array(means), "mean value after the horizon", whole.currency)
        | with_error("horizon_share", dims, np.array(shares), "share of mean NPV after the horizon", "1")
    )
