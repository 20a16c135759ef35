"""The items of a result as measures read them: who bears them, put together by columns, and their checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from crcsim.costing.items import ITEMS
from crcsim.errors import ArgumentError, CrcsimError, NumericError
from crcsim.measures.groups import UNASSIGNED

if TYPE_CHECKING:
    import xarray as xr

__all__ = [
    "COLUMNS_OF_VALUE",
    "LEVELS",
    "NO_ITEMS",
    "NO_PRODUCT",
    "TOLERANCE",
    "Columns",
    "columns_of_value",
    "holds_items",
    "item_keys",
    "require_same",
]

Floats = NDArray[np.float64]

#: How far two ways to the same number may lie apart, as a part of the sum of absolute items (MODEL 8).
TOLERANCE = 1e-9
#: Into which columns present values can be split.
COLUMNS_OF_VALUE = ("total", "customer", "segment", "geography", "product")
#: The column of what no product causes.
NO_PRODUCT = "(no product)"
#: The column of what segments and the company bear.
LEVELS = "(levels)"
NO_ITEMS = (
    "The result holds no items of the cash flow, only their sums: it was made by an earlier version, or "
    "without details. Run its scenario again with `crcsim run`."
)
_NEEDED = ("customer_item_npv_mean", "customer_item_npv", "level_item_npv_mean", "level_item_npv")


def holds_items(dataset: xr.Dataset) -> bool:
    """Whether a result holds what statements and the value tree are made of."""
    return "item" in dataset.dims and all(name in dataset for name in ("item_npv", *_NEEDED))


def item_keys(dataset: xr.Dataset) -> tuple[str, ...]:
    """The keys of the items of a result, in their order.

    Raises CrcsimError for a result without items, NumericError where an item is unknown or its labels are
    not those of `costing.items`.
    """
    if not holds_items(dataset):
        raise CrcsimError(NO_ITEMS)
    keys = tuple(str(key) for key in dataset["item"].values)
    labels = zip(keys, *(dataset[f"item_{name}"].values for name in ("line", "level", "sign")), strict=True)
    for key, line, level, sign in labels:
        if key not in ITEMS:
            raise NumericError(f"The result holds an item {key} that no statement knows.")
        known = ITEMS[key]
        if (known.line, known.level, known.sign) != (str(line), str(level), int(sign)):
            raise NumericError(f"The item {key} has labels of another item: {line}, {level}, {int(sign)}.")
    return keys


def require_same(what: str, first: ArrayLike, second: ArrayLike, scale: ArrayLike) -> None:
    """Raise NumericError where two arrays differ by more than 1e-9 of `scale`, the sum of absolute items."""
    one, two, reach = np.broadcast_arrays(*(np.asarray(each, dtype=float) for each in (first, second, scale)))
    apart = ~(np.abs(one - two) <= TOLERANCE * reach)  # NaN is apart too
    if apart.any():
        place = np.unravel_index(int(np.argmax(apart)), apart.shape)
        raise NumericError(f"{what} do not add up: {float(one[place])!r} against {float(two[place])!r}.")


@dataclass(frozen=True)
class Columns:
    """Customers, or what products cause, put together in columns; the last column is the total.

    `weights` [column, bearer] is 1 where the column holds the bearer; the bearers are the customers, or the
    products and then the customers (whose sum less the products is what no product causes).
    """

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    bearers: tuple[str, ...]  # dimensions: customer, product
    weights: Floats

    def means(self, dataset: xr.Dataset) -> Floats:
        """Mean present values over all paths [strategy, column, item]."""
        parts = [
            dataset[f"{bearer}_item_npv_mean"].transpose("strategy", bearer, "item").values
            for bearer in self.bearers
        ]
        found: Floats = np.einsum("kb,sbi->ski", self.weights, np.concatenate(parts, axis=1))
        return found

    def paths(self, dataset: xr.Dataset, strategy: int, column: int) -> Floats:
        """Present values of one column on the recorded paths [item, recorded_path]."""
        found, start = np.zeros((dataset.sizes["item"], dataset.sizes["recorded_path"])), 0
        for bearer in self.bearers:
            values = dataset[f"{bearer}_item_npv"].isel(strategy=strategy)
            values = values.transpose(bearer, "item", "recorded_path")
            for place, weight in enumerate(self.weights[column, start : start + len(values)]):
                if weight != 0.0:
                    found += weight * values.values[place]
            start += len(values)
        return found


def columns_of_value(dataset: xr.Dataset, by: str, customer: str | None = None) -> Columns:
    """The columns for "total", "customer", "segment", "geography" or "product".

    With `customer` the total is that of this customer alone. Raises CrcsimError for an unknown customer or a
    result without products, ArgumentError for another `by` or one that does not go with a single customer.
    """
    names = [str(name) for name in dataset["customer"].values]
    if customer is not None:
        if by != "total":
            raise ArgumentError(f"one customer cannot be split by {by}")
        if customer not in names:
            raise CrcsimError(f"No customer {customer} in the result; it has {', '.join(names)}.")
        chosen = np.array([[float(name == customer) for name in names]])
        return Columns((customer,), ("customer",), ("customer",), chosen)
    whole = np.ones((1, len(names)))
    if by == "total":
        return Columns(("total",), ("total",), ("customer",), whole)
    if by == "product":
        return _products(dataset, len(names))
    if by not in COLUMNS_OF_VALUE:
        raise ArgumentError(f"by must be one of {', '.join(COLUMNS_OF_VALUE)}, not {by!r}")
    labels = names if by == "customer" else [str(label) or UNASSIGNED for label in dataset[by].values]
    heads = names if by == "customer" else sorted(set(labels))
    weights = np.array([[float(label == head) for label in labels] for head in heads])
    return _with_total(heads, by, ("customer",), np.vstack([weights, whole]))


def _products(dataset: xr.Dataset, customers: int) -> Columns:
    if "product_item_npv" not in dataset or dataset.sizes.get("product", 0) == 0:
        raise CrcsimError("The result holds no items of products.")
    names = [str(name) for name in dataset["product"].values]
    count = len(names)
    weights = np.zeros((count + 2, count + customers))
    weights[:count, :count] = np.eye(count)
    weights[count] = np.repeat([-1.0, 1.0], [count, customers])
    weights[count + 1, count:] = 1.0
    return _with_total([*names, NO_PRODUCT], "product", ("product", "customer"), weights)


def _with_total(heads: list[str], kind: str, bearers: tuple[str, ...], weights: Any) -> Columns:
    kinds = tuple("rest" if head == NO_PRODUCT else kind for head in heads)
    return Columns((*heads, "total"), (*kinds, "total"), bearers, weights)
