"""Present values per path of every customer, every level and their total: what all measures of value read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from crcsim.errors import CrcsimError, NumericError

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["TOTAL", "Floats", "PathValues", "Variable", "headline", "path_values", "with_error"]

Floats = NDArray[np.float64]
Variable = tuple[tuple[str, ...], Any, dict[str, str]]  # dimensions, values, attributes

TOTAL = "total"


@dataclass(frozen=True)
class PathValues:
    """Values of the items of a result: its customers, then its levels, then their total.

    The total of a path is the sum over customers in the order of the result, then over levels, so that it is
    the same to the last bit wherever it is computed.
    """

    names: tuple[str, ...]
    kinds: tuple[str, ...]  # customer, level, total
    strategies: tuple[str, ...]
    customers: Floats  # [strategy, customer, path]
    levels: Floats  # [strategy, level, path]
    total: Floats  # [strategy, path]
    discounting: str
    horizon: bool
    currency: str

    @property
    def paths(self) -> int:
        """Number of paths."""
        return int(self.total.shape[-1])

    def rows(self, strategy: int) -> Iterator[Floats]:
        """The values [path] of customers, levels and total, in the order of `names`."""
        yield from self.customers[strategy]
        yield from self.levels[strategy]
        yield self.total[strategy]

    def each(self, function: Callable[[Floats], Any]) -> Floats:
        """`function` of the paths of every item: [strategy, item, ...]."""
        strategies = range(len(self.strategies))
        return np.array([[function(row) for row in self.rows(strategy)] for strategy in strategies])

    def dataset(self, variables: dict[str, Variable]) -> xr.Dataset:
        """A Dataset with the labels of strategies and items, and what was measured in its attributes."""
        import xarray as xr

        dims = {dim for shape, _, _ in variables.values() for dim in shape}
        coords: dict[str, Any] = {"strategy": list(self.strategies)}
        if "item" in dims:
            coords |= {"item": list(self.names), "kind": ("item", list(self.kinds))}
        attributes = {
            "discounting": self.discounting,
            "horizon_value": "included" if self.horizon else "left out",
            "paths": self.paths,
        }
        return xr.Dataset(variables, coords=coords, attrs=attributes)


def with_error(
    name: str, dims: tuple[str, ...], pairs: Floats, meaning: str, unit: str, source: str = "MODEL 9"
) -> dict[str, Variable]:
    """The variables `name` and `name_standard_error` from `pairs` [..., 2] of estimate and error."""
    attributes = {"long_name": meaning, "units": unit, "source": source}
    error = {"long_name": f"standard error of {name}", "units": unit, "source": source}
    return {
        name: (dims, pairs[..., 0], attributes),
        f"{name}_standard_error": (dims, pairs[..., 1], error),
    }


def headline(dataset: xr.Dataset) -> str:
    """The discounting whose mean is the value of this result (`wacc` unless the scenario says otherwise)."""
    return str(dataset.attrs["headline"])


def path_values(
    dataset: xr.Dataset,
    discounting: str,
    *,
    horizon: bool = True,
    variables: tuple[str, str] = ("npv", "level_npv"),
) -> PathValues:
    """Present values of a result under one discounting, with or without the part after the horizon.

    `variables` names the values of customers and of levels; without the second there are no levels.
    Raises NumericError when a value is NaN or infinite, CrcsimError when two items have the same name.
    """
    customers = _values(dataset, variables[0], discounting, "customer")
    levels = _values(dataset, variables[1], discounting, "level")
    if not horizon and "horizon_value" in dataset:
        customers = customers - _values(dataset, "horizon_value", discounting, "customer")
    customer_names = [str(name) for name in dataset["customer"].values]
    level_names = [str(name) for name in dataset["level"].values] if levels.shape[1] else []
    names = (*customer_names, *level_names, TOTAL)
    if len(set(names)) < len(names):
        twice = sorted({name for name in names if names.count(name) > 1})
        raise CrcsimError(
            f"These names stand for more than one customer, level or total: {', '.join(twice)}."
        )
    return PathValues(
        names=names,
        kinds=(*("customer",) * len(customer_names), *("level",) * len(level_names), "total"),
        strategies=tuple(str(name) for name in dataset["strategy"].values),
        customers=customers,
        levels=levels,
        total=_total(customers, levels, names),
        discounting=discounting,
        horizon=horizon,
        currency=str(dataset.attrs["currency"]),
    )


def _values(dataset: xr.Dataset, name: str, discounting: str, dim: str) -> Floats:
    """One variable under one discounting: [strategy, customer or level, path]; no rows when it is absent."""
    if name not in dataset or dataset.sizes.get(dim, 0) == 0:
        return np.zeros((dataset.sizes["strategy"], 0, dataset.sizes["path"]))
    values: Floats = dataset[name].sel(discounting=discounting).transpose("strategy", dim, "path").values
    return values


def _total(customers: Floats, levels: Floats, names: tuple[str, ...]) -> Floats:
    total: Floats = np.zeros((customers.shape[0], customers.shape[2]))
    for row in (*np.moveaxis(customers, 1, 0), *np.moveaxis(levels, 1, 0)):
        total += row
    if not np.isfinite(total).all():
        values = np.concatenate([customers, levels], axis=1)
        bad = [
            name
            for name, finite in zip(names, np.isfinite(values).all(axis=(0, 2)), strict=False)
            if not finite
        ]
        raise NumericError(f"Present values are not finite for {', '.join(bad) or 'the total'}.")
    return total
