"""Customers put together by segment or geography: paths are summed, so that all measures apply to groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from crcsim.errors import ArgumentError

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["UNASSIGNED", "grouped"]

#: The group of customers without a segment or geography.
UNASSIGNED = "(none)"

_PER_CUSTOMER = ("npv", "horizon_value", "npv_fresh")
_PER_LEVEL = {"npv": "level_npv", "npv_fresh": "level_npv_fresh"}


def grouped(dataset: xr.Dataset, by: str) -> xr.Dataset:
    """A result whose customers are the groups of `by`, "segment" or "geography", in order of their names.

    Present values are summed path by path in the order of the customers; percentiles are then those of the
    sums. A segment takes in the flows of its own level ("segment:<name>"), so that groups and remaining
    levels still add up to the same total. Customers without a group form "(none)". Variables that cannot be
    summed (ends, wallets, bands) and flows by period are left out. Raises ArgumentError for another `by`.
    Source: SOURCES A12, C6.
    """
    import xarray as xr

    if by not in ("segment", "geography"):
        raise ArgumentError(f"by must be 'segment' or 'geography', not {by!r}")
    labels = [str(label) or UNASSIGNED for label in dataset[by].values]
    names = sorted(set(labels))
    levels = [str(level) for level in dataset["level"].values]
    own = {level: level.removeprefix("segment:") for level in levels if by == "segment"}
    taken = [own.get(level) in names for level in levels]
    variables: dict[str, Any] = {}
    for name in _PER_CUSTOMER:
        if name in dataset:
            values = dataset[name].transpose("strategy", "discounting", "customer", "path")
            sums = _sums(values.values, labels, names)
            level_name = _PER_LEVEL.get(name, "")
            if level_name in dataset:
                level_values = (
                    dataset[level_name].transpose("strategy", "discounting", "level", "path").values
                )
                for place, level in enumerate(levels):
                    if taken[place]:
                        sums[:, :, names.index(own[level])] += level_values[:, :, place]
                variables[level_name] = dataset[level_name].isel(
                    level=np.flatnonzero(~np.array(taken, dtype=bool))
                )
            variables[name] = (values.dims, sums, dict(values.attrs))
    coords = {dim: dataset[dim] for dim in ("strategy", "discounting", "path")} | {"customer": names}
    return xr.Dataset(variables, coords, dataset.attrs)


def _sums(values: np.ndarray[Any, Any], labels: list[str], names: list[str]) -> np.ndarray[Any, Any]:
    """Sums over the customers of each group: [strategy, discounting, group, path]."""
    sums = np.zeros((*values.shape[:2], len(names), values.shape[3]))
    for place, label in enumerate(labels):
        sums[:, :, names.index(label)] += values[:, :, place]
    return sums
