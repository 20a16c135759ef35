"""Mean and standard deviation of present value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crcsim.measures import estimates
from crcsim.measures.values import headline, path_values, with_error

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["moments"]


def moments(dataset: xr.Dataset, discounting: str | None = None, *, horizon: bool = True) -> xr.Dataset:
    """Mean and standard deviation of NPV of every customer, every level and their total.

    Under `discounting`, the headline by default; `horizon=False` leaves out the value after the last period.
    Returns `mean` and `sd` [strategy, item] in the result's currency, each with `_standard_error`. NaN: the
    errors and the standard deviation of a single path. The means of the items add up to the total's; the
    standard deviations do not. Raises NumericError when a value is not finite. Source: MODEL 9.
    """
    values = path_values(dataset, discounting or headline(dataset), horizon=horizon)
    dims = ("strategy", "item")
    return values.dataset(
        with_error("mean", dims, values.each(estimates.mean), "mean NPV", values.currency)
        | with_error(
            "sd",
            dims,
            values.each(estimates.standard_deviation),
            "standard deviation of NPV",
            values.currency,
        )
    )
