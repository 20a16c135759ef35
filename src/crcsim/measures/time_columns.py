"""Mean items by period or year, for all customers, for one, or for levels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from crcsim.measures.item_values import columns_of_value

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["TIMES", "flow_columns", "in_columns"]

Floats = NDArray[np.float64]
TIMES = ("period", "year")


def flow_columns(
    dataset: xr.Dataset, by: str, customer: str | None = None
) -> tuple[tuple[str, ...], tuple[str, ...], Floats]:
    """Names and kinds of the columns, and mean items of customers [strategy, column, item].

    Columns are the periods or years of `by`, counted from 1, then their undiscounted total.
    """
    chosen = columns_of_value(dataset, "total", customer).weights[0]
    values = dataset["customer_item_mean"].transpose("strategy", "customer", "period", "item").values
    return in_columns(dataset, by, np.einsum("c,scti->sti", chosen, values))


def in_columns(
    dataset: xr.Dataset, by: str, flows: Floats
) -> tuple[tuple[str, ...], tuple[str, ...], Floats]:
    """The same from items by period [strategy, period, item]."""
    count = dataset.sizes["period"]
    per_column = 1 if by == "period" else int(dataset.attrs["periods_per_year"])
    starts = np.arange(0, count, per_column)
    parts = np.add.reduceat(flows, starts, axis=1)
    names = tuple(str(place + 1) for place in range(len(starts)))
    whole = flows.sum(axis=1, keepdims=True)
    return (*names, "total"), (*(by,) * len(names), "total"), np.concatenate([parts, whole], axis=1)
