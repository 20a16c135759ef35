"""Which lines of the cascade moved the value: differences of the items of two results."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from crcsim.costing.items import ITEMS
from crcsim.measures.values import Floats

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["cascade_difference"]


def cascade_difference(
    first: xr.Dataset, second: xr.Dataset, names: list[tuple[str, str]], *, paired: bool
) -> xr.Dataset | None:
    """Second less first by item of the cascade, for two results of one strategy; None when one lacks items.

    `names`: (kind, name) of customers, levels and the total, the order of dimension `item`. Returns
    `line_difference` [item, cascade_item] in the currency, under the headline, with `_standard_error`. The
    items of a row add up to its difference in value, the rows of an item to that of the total. An item that
    only one result can book is zero in the other, and so is every item of a customer that it lacks; NaN where
    the means by customer or level were not kept.

    Standard errors are paired for the total. Those of customers and levels come from the recorded paths
    (their spread, over all paths); without any, and unpaired, they are those of independent draws, which for
    paired runs are too large rather than too small where the two move together. Source: MODEL 8.
    """
    import xarray as xr

    if "item_npv" not in first or "item_npv" not in second:
        return None
    keys = _keys(first, second)
    rows = [
        _of_total(first, second, keys, paired)
        if kind == "total"
        else _of_bearer(first, second, (kind, name), keys, paired)
        for kind, name in names
    ]
    unit = str(first.attrs["currency"])
    words = {
        "line_difference": "difference of the present value of an item of the cascade, second less first",
        "line_difference_standard_error": "standard error of line_difference",
    }
    return xr.Dataset(
        {
            name: (
                ("item", "cascade_item"),
                np.array([row[place] for row in rows]),
                {"long_name": text, "units": unit, "source": "MODEL 8"},
            )
            for place, (name, text) in enumerate(words.items())
        },
        coords={
            "cascade_item": keys,
            "item_line": ("cascade_item", [ITEMS[key].line for key in keys]),
            "item_level": ("cascade_item", [ITEMS[key].level for key in keys]),
        },
    )


def _keys(first: xr.Dataset, second: xr.Dataset) -> list[str]:
    """The items of either result in the order of the statement."""
    seen = {str(key) for result in (first, second) for key in result["item"].values}
    return [key for key in ITEMS if key in seen]


def _of_total(first: xr.Dataset, second: xr.Dataset, keys: list[str], paired: bool) -> tuple[Floats, Floats]:
    """Differences of the portfolio's items and their errors [key], from all paths."""
    one, two = (_booked(result["item_npv"].isel(strategy=0), keys) for result in (first, second))
    value = two.mean(axis=1) - one.mean(axis=1)
    return value, _error(two - one) if paired else np.hypot(_error(one), _error(two))


def _of_bearer(
    first: xr.Dataset, second: xr.Dataset, bearer: tuple[str, str], keys: list[str], paired: bool
) -> tuple[Floats, Floats]:
    """Differences of the items of a customer or level and their errors [key], from means over all paths."""
    variable = f"{bearer[0]}_item_npv"
    (one, one_error), (two, two_error) = (
        [_row(result, f"{variable}_mean{end}", bearer, keys) for end in ("", "_standard_error")]
        for result in (first, second)
    )
    error = np.hypot(one_error, two_error)
    if paired and all(variable in result for result in (first, second)):
        rows = [_row(result, variable, bearer, keys) for result in (first, second)]
        count = min(row.shape[1] for row in rows)
        apart = rows[1][:, :count] - rows[0][:, :count]
        error = _error(apart) * math.sqrt(count / first.sizes["path"])
    return two - one, error


def _row(result: xr.Dataset, variable: str, bearer: tuple[str, str], keys: list[str]) -> Floats:
    """A variable of one bearer: [key] or [key, recorded path]."""
    kind, name = bearer
    if variable not in result:
        return np.full(len(keys), math.nan)
    values = result[variable].isel(strategy=0)
    if name not in result[kind].values:
        return np.zeros((len(keys), *(values.sizes[dim] for dim in values.dims if dim == "recorded_path")))
    return _booked(values.sel({kind: name}), keys)


def _booked(values: xr.DataArray, keys: list[str]) -> Floats:
    """Items in the order of `keys` [key, ...], zero where the result cannot book them."""
    found: Floats = values.reindex(item=keys, fill_value=0.0).transpose("item", ...).values
    return found


def _error(paths: Floats) -> Floats:
    """Standard error of the mean of every row [row, path]; NaN for one path."""
    count = paths.shape[1]
    if count < 2:
        return np.full(len(paths), math.nan)
    error: Floats = paths.std(axis=1, ddof=1) / math.sqrt(count)
    return error
