"""The items of a result held against everything that it says on its own about the same sums (MODEL 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from crcsim.costing.items import ITEMS
from crcsim.errors import CrcsimError
from crcsim.measures.item_values import item_keys, require_same
from crcsim.measures.values import headline

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["check_flows", "check_products", "check_values"]

Floats = NDArray[np.float64]
_BEARERS = ("customer", "level")


def check_values(dataset: xr.Dataset) -> None:
    """Present values: items against `npv` and `level_npv` in the mean and on every recorded path.

    Also the portfolio's items against those of customers and levels, and on every path against its value.
    Raises NumericError where they differ by more than 1e-9 of the sum of absolute items.
    """
    item_keys(dataset)
    sums, values = 0.0, 0.0
    for bearer, name in zip(_BEARERS, ("npv", "level_npv"), strict=True):
        npv = dataset[name].sel(discounting=headline(dataset)).transpose("strategy", bearer, "path").values
        mean = _ordered(dataset, f"{bearer}_item_npv_mean", "strategy", bearer, "item")
        what = f"Items of a {bearer} and its present value"
        require_same(what, mean.sum(axis=-1), npv.mean(axis=-1), np.abs(mean).sum(axis=-1))
        recorded = dataset[f"{bearer}_item_npv"].transpose("strategy", bearer, "item", "recorded_path").values
        first = npv[..., : recorded.shape[-1]]
        for place in range(recorded.shape[1]):  # one at a time: the absolute values are a copy
            items = recorded[:, place]
            require_same(f"{what} on a path", items.sum(axis=1), first[:, place], np.abs(items).sum(axis=1))
        sums, values = sums + mean.sum(axis=1), values + npv.sum(axis=1)
    whole = _ordered(dataset, "item_npv", "strategy", "item", "path")
    scale = np.abs(whole).sum(axis=1)
    require_same("Items of the portfolio and its value on a path", whole.sum(axis=1), values, scale)
    what = "Items of the portfolio and those of customers and levels"
    require_same(what, whole.mean(axis=2), sums, scale.mean(axis=-1)[:, None])


def check_products(dataset: xr.Dataset) -> None:
    """What only products cause: the sum over products against the sum over customers, in the mean.

    Price terms are those of customers: products know their sales only after concessions. Raises NumericError
    where they differ by more than 1e-9 of the sum of absolute items.
    """
    keys = item_keys(dataset)
    products = _ordered(dataset, "product_item_npv_mean", "strategy", "product", "item")
    customers = _ordered(dataset, "customer_item_npv_mean", "strategy", "customer", "item")
    for lines in _OF_PRODUCTS:
        own = [place for place, key in enumerate(keys) if ITEMS[key].line in lines]
        one, two = (values[..., own].sum(axis=(1, 2)) for values in (products, customers))
        scale = np.abs(customers[..., own]).sum(axis=(1, 2))
        require_same(f"Items of products and of customers ({lines[0]})", one, two, scale)


_OF_PRODUCTS = (
    ("gross_sales", "price_concessions"),
    ("sales_deductions",),
    ("material",),
    ("production",),
    ("distribution",),
)


def check_flows(dataset: xr.Dataset) -> None:
    """Mean flows by period: items against the cash flow of every customer and of the portfolio.

    Raises CrcsimError for a result without means by customer, NumericError where they differ by more than
    1e-9 of the sum of absolute items.
    """
    paid = np.array([key != "horizon_value" for key in item_keys(dataset)])
    if "customer_cash_flow_mean" not in dataset:
        raise CrcsimError("The result holds no means by customer: it was simulated without bands.")
    customers = _ordered(dataset, "customer_item_mean", "strategy", "customer", "period", "item")[..., paid]
    levels = _ordered(dataset, "level_item_mean", "strategy", "level", "period", "item")[..., paid]
    flows = _ordered(dataset, "customer_cash_flow_mean", "strategy", "customer", "period")
    scale = np.abs(customers).sum(axis=-1)
    require_same("Items of a customer and its cash flow", customers.sum(axis=-1), flows, scale)
    total = dataset["cash_flow"].transpose("strategy", "period", "path").values.mean(axis=-1)
    sums = customers.sum(axis=(1, -1)) + levels.sum(axis=(1, -1))
    scale = scale.sum(axis=1) + np.abs(levels).sum(axis=(1, -1))
    require_same("Items of customers and levels and the portfolio's cash flow", sums, total, scale)


def _ordered(dataset: xr.Dataset, name: str, *dims: str) -> Floats:
    values: Floats = dataset[name].transpose(*dims).values
    return values
