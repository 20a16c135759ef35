"""Two plans held against each other by product, from the items that products cause (MODEL 8, 10)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from crcsim.decisions import differences
from crcsim.decisions.dominance import dominance
from crcsim.measures import estimates
from crcsim.measures.quantiles import PROBABILITIES
from crcsim.measures.values import Floats, Variable, with_error

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["product_differences"]

_ITEMS = "product_item_npv"
_ONE = ("product",)


def product_differences(first: xr.Dataset, second: xr.Dataset, *, paired: bool) -> xr.Dataset | None:
    """Second less first by product, for two results of one strategy; None when one lacks items of products.

    What a product earns with all customers less the costs that follow its sales and volume, before tax, at
    the headline. A product of one side counts as zero on the other. Currency, each with `_standard_error`:

    - `product_value` [side, product] and `product_difference` [product]: means over all paths, with the
      spread of the recorded paths;
    - `product_difference_percentile` [product, quantile], `product_second_worth_more`,
      `product_equally_worth` [product]: over the recorded paths, NaN unless these are paired;
    - `product_variance_reduction` [product], see `differences.reduction`; `product_first_order_dominance`,
      `product_second_order_dominance` [product], see `dominance`;
    - `product_untouched` [product]: the same on every recorded path.

    The attribute `product_paths` is the number of recorded paths. Source: MODEL 10.
    """
    import xarray as xr

    if not all(result.sizes.get("product", 0) and _ITEMS in result for result in (first, second)):
        return None
    sides = [_Products(first), _Products(second)]
    names = list(dict.fromkeys([*sides[0].names, *sides[1].names]))
    together = paired and np.array_equal(sides[0].recorded, sides[1].recorded)
    rows = [_Row(name, sides, together) for name in names]
    coordinates: dict[str, Any] = {"product": names, "side": ["first", "second"]}
    coordinates["quantile"] = list(PROBABILITIES)
    found = xr.Dataset(_variables(rows, str(first.attrs["currency"])), coordinates)
    return found.assign_attrs(product_paths=len(sides[0].recorded))


class _Products:
    """The products of one side: their value on the recorded paths, and its mean over all paths."""

    def __init__(self, result: xr.Dataset) -> None:
        self.names = [str(name) for name in result["product"].values]
        self.recorded = result["recorded_path"].values
        self.paths = result.sizes["path"]
        items = result[_ITEMS].isel(strategy=0).transpose("product", "item", "recorded_path")
        means = result[f"{_ITEMS}_mean"].isel(strategy=0).transpose("product", "item")
        self._values: Floats = items.values.sum(axis=1)
        self._means: Floats = means.values.sum(axis=1)

    def values(self, name: str) -> Floats:
        """Of a product on the recorded paths; zeros for one that this side lacks."""
        known = name in self.names
        return self._values[self.names.index(name)] if known else np.zeros(len(self.recorded))

    def mean(self, name: str) -> float:
        """Over all paths."""
        return float(self._means[self.names.index(name)]) if name in self.names else 0.0

    def error(self, spread: Floats) -> float:
        """Standard error of a mean over all paths, from values of the recorded ones."""
        return estimates.standard_error(spread) * math.sqrt(spread.size / self.paths)


class _Row:
    """Everything that is said of one product."""

    def __init__(self, name: str, sides: list[_Products], paired: bool) -> None:
        values = [side.values(name) for side in sides]
        means = [side.mean(name) for side in sides]
        errors = [side.error(each) for side, each in zip(sides, values, strict=True)]
        self.sides = list(zip(means, errors, strict=True))
        self.difference = (means[1] - means[0], math.hypot(*errors))
        self.percentiles = np.full((len(PROBABILITIES), 2), np.nan)
        self.more: Any = (math.nan, math.nan)
        self.same: Any = (math.nan, math.nan)
        self.reduction, self.untouched = math.nan, False
        if paired:
            apart = values[1] - values[0]
            self.difference = (means[1] - means[0], sides[0].error(apart))
            self.percentiles = np.stack(estimates.quantiles(apart, PROBABILITIES), axis=-1)
            self.more = estimates.proportion(np.count_nonzero(apart > 0.0), apart.size)
            self.same = estimates.proportion(np.count_nonzero(apart == 0.0), apart.size)
            self.reduction = differences.reduction(values[0], values[1])[0]
            self.untouched = means[0] == means[1] and not apart.any()
        self.orders = dominance(values[0], values[1], paired=paired)


def _variables(rows: list[_Row], unit: str) -> dict[str, Variable]:
    def estimate(name: str, pairs: list[Any], meaning: str, unit: str = unit) -> dict[str, Variable]:
        return with_error(f"product_{name}", _ONE, np.array(pairs, dtype=float), meaning, unit, "MODEL 10")

    def plain(name: str, values: list[Any], meaning: str) -> dict[str, Variable]:
        return {f"product_{name}": (_ONE, np.array(values), {"long_name": meaning, "source": "MODEL 10"})}

    sides = np.array([row.sides for row in rows]).swapaxes(0, 1)
    percentiles = np.array([row.percentiles for row in rows])
    dims, words = ("product", "quantile"), "percentile of second less first"
    return {
        **with_error("product_value", ("side", "product"), sides, "value by product", unit, "MODEL 10"),
        **estimate("difference", [row.difference for row in rows], "value by product, second less first"),
        **with_error("product_difference_percentile", dims, percentiles, words, unit, "MODEL 10"),
        **estimate("second_worth_more", [row.more for row in rows], "P(second > first)", "1"),
        **estimate("equally_worth", [row.same for row in rows], "P(second = first)", "1"),
        **plain("variance_reduction", [row.reduction for row in rows], "variance without pairing over with"),
        **plain("first_order_dominance", [row.orders.first_order for row in rows], "which side dominates"),
        **plain("second_order_dominance", [row.orders.second_order for row in rows], "which side dominates"),
        **plain("untouched", [row.untouched for row in rows], "the same on every recorded path"),
    }
