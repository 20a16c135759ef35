"""Percentiles of present value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from crcsim.measures import estimates
from crcsim.measures.values import Floats, path_values, with_error

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["PROBABILITIES", "quantiles"]

PROBABILITIES = (0.05, 0.25, 0.50, 0.75, 0.95)


def quantiles(
    dataset: xr.Dataset,
    probabilities: Sequence[float] = PROBABILITIES,
    discounting: str = "risk_free",
    *,
    horizon: bool = True,
) -> xr.Dataset:
    """Percentiles of NPV of every customer, every level and their total.

    Under risk-free discounting by default, so that risk is not charged twice. Percentiles of customers do not
    add up to those of the total, which are taken from the paths of the total. Returns `percentile` [strategy,
    item, quantile] in the result's currency, with `_standard_error` from order statistics; that is NaN where
    there are too few paths (P5 and P95: fewer than 73). The method is described at `estimates.quantiles`.
    Raises NumericError when a value is not finite. Source: MODEL 9.
    """
    values = path_values(dataset, discounting, horizon=horizon)

    def of_paths(row: Floats) -> Floats:
        return np.stack(estimates.quantiles(row, probabilities), axis=-1)

    dims = ("strategy", "item", "quantile")
    found = with_error("percentile", dims, values.each(of_paths), "percentile of NPV", values.currency)
    return values.dataset(found).assign_coords(quantile=list(probabilities))
