"""Who brings value and who risk: Euler contributions to CVaR, concentration, and the loss of the largest."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from crcsim.decisions import provenance
from crcsim.decisions.differences import cvar_at
from crcsim.errors import ArgumentError
from crcsim.measures import concentration, estimates
from crcsim.measures.item_values import NO_PRODUCT
from crcsim.measures.tail import LEVEL, MINIMUM_TAIL_PATHS, border_paths, tail_weights
from crcsim.measures.values import Floats, headline, path_values, with_error
from crcsim.results.strategies import of_strategy

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["RISK_DISCOUNTING", "contributions"]

RISK_DISCOUNTING = "risk_free"
_SOURCE = "MODEL 9"
_Rows = Sequence[Floats]


def contributions(result: xr.Dataset, *, level: float = LEVEL, strategy: str | None = None) -> xr.Dataset:
    """Contributions of customers, levels and products to the mean and to the lower tail of NPV.

    The tail are the worst share `level` of the paths of the total T. Of item i with NPV X_i, at the risk-free
    rate so that risk is not charged twice, [item] and in the result's currency:

    - `mean`: E[X_i];
    - `cvar_contribution`: E[X_i | T in its tail], the Euler contribution to CVaR (Tasche, 1999); these add up
      to the CVaR of the total;
    - `risk_contribution`: `mean` less `cvar_contribution`, what the item falls short by when the portfolio
      does badly; these add up to mean less CVaR. Negative for an item that hedges.
    - `value_share`, `risk_share`: shares of the total's mean and of its shortfall; NaN where that is 0.

    `product_...` [product_item]: the same for products and for what no product brings (tax, fixed costs of
    customers and levels, values after the horizon), at the headline discounting (attribute
    `product_discounting`) and on the recorded paths (`product_paths`), the tail being that of the total
    there; absent where the result holds no items of products. `margin_...` [margin_item]: of each customer
    what its sales bring by these same items, on the same footing and as shares of the same total, so that
    customers and products can be compared; over all customers they add up to those of all products.

    `herfindahl_index`, `effective_number`: as in `measures.concentration`, at the risk-free rate, of the
    customers' values among themselves. Without the `top` customers with the largest means, at the risk-free
    rate: `mean_without_top`, `cvar_without_top`, `cvar_change_without_top`, the paired difference to the CVaR
    of all, and `share_of_top` [top], the sum of their `value_share`. What the others do then is taken as
    unchanged. Each with `_standard_error`, NaN for tails of fewer than 10 paths.

    `strategy`: the baseline unless named. Raises ArgumentError unless 0 < level < 1, CrcsimError for a
    strategy that the result lacks, NumericError when a value is not finite. Source: MODEL 9, 10.
    """
    import xarray as xr

    if not 0.0 < level < 1.0:
        raise ArgumentError(f"level must lie between 0 and 1, not {level}")
    one = of_strategy(result, strategy)
    values = path_values(one, RISK_DISCOUNTING)
    money, total = values.currency, values.total[0]
    variables = _of_items(list(values.rows(0)), total, level, ("item",), "", money)
    found = concentration(one, RISK_DISCOUNTING).isel(strategy=0, drop=True)
    variables |= {str(name): found[name].variable for name in found.data_vars}
    variables |= _without_top(values.customers[0], values.levels[0], total, level, money)
    coords: dict[str, Any] = {
        "item": list(values.names),
        "kind": ("item", list(values.kinds)),
        "top": np.arange(1, values.customers.shape[1] + 1),
    }
    name = str(one["strategy"].values[0])
    attributes = provenance.of_result("contributions", result, {"level": level, "strategy": name})
    attributes |= {"discounting": RISK_DISCOUNTING, "level": level, "strategy": name}
    if "product_item_npv" in one:
        products, rows, whole = _products(one)
        variables |= _of_items([*rows, whole], whole, level, ("product_item",), "product_", money)
        coords["product_item"] = [*products, "total"]
        attributes |= {"product_discounting": headline(one), "product_paths": whole.size}
        if "customer_item_npv" in one:
            margins = _margins(one)
            variables |= _of_items([*margins, whole], whole, level, ("margin_item",), "margin_", money)
            coords["margin_item"] = [*values.names[: len(margins)], "total"]
    return xr.Dataset(variables, coords, attributes)


def _products(one: xr.Dataset) -> tuple[list[str], list[Floats], Floats]:
    """Names and NPV [recorded path] of the products and of what none brings, and their total."""
    recorded = one["recorded_path"].values
    kept = path_values(one.isel(path=recorded), headline(one))
    npv = one["product_item_npv"].isel(strategy=0).transpose("product", "item", "recorded_path").values
    rows = list(npv.sum(axis=1))
    rest = kept.total[0] - np.sum(rows, axis=0)
    return [*(str(name) for name in one["product"].values), NO_PRODUCT], [*rows, rest], kept.total[0]


def _margins(one: xr.Dataset) -> Floats:
    """NPV [customer, recorded path] of what customers' sales bring: the items that products bear too, and
    price concessions, which products never see.
    """
    products = one["product_item_npv"].isel(strategy=0).transpose("item", "product", "recorded_path").values
    borne = products.any(axis=(1, 2)) | (one["item"].values == "price_concessions")
    items = one["customer_item_npv"].isel(strategy=0).transpose("item", "customer", "recorded_path").values
    found: Floats = items[borne].sum(axis=0)
    return found


def _of_items(
    rows: _Rows, total: Floats, level: float, dims: tuple[str, ...], prefix: str, money: str
) -> dict[str, Any]:
    """Means, Euler contributions and shares of rows [path] whose last one is their total."""
    weights, border = tail_weights(total, level), border_paths(total, level)
    tails = [_tail_influences(row, weights, border) for row in rows]
    means = np.array([estimates.mean(row) for row in rows])
    euler = np.array([_with_error(found, moved) for found, moved in tails])
    risks = np.array(
        [
            _with_error(row.mean() - found, row - moved)
            for row, (found, moved) in zip(rows, tails, strict=True)
        ]
    )
    if level * total.size < MINIMUM_TAIL_PATHS:
        euler[:, 1] = risks[:, 1] = math.nan
    shortfall, whole = float(risks[-1, 0]), total - tails[-1][1]
    risk_shares = np.array(
        [
            _share(risk, row - moved, shortfall, whole)
            for risk, row, (_, moved) in zip(risks[:, 0], rows, tails, strict=True)
        ]
    )
    if level * total.size < MINIMUM_TAIL_PATHS:
        risk_shares[:, 1] = math.nan
    value_shares = np.array([estimates.ratio(row, total) for row in rows])
    percent = f"{100 * level:g} %"
    return {
        **with_error(f"{prefix}mean", dims, means, "mean NPV", money, _SOURCE),
        **with_error(
            f"{prefix}cvar_contribution",
            dims,
            euler,
            f"mean NPV on the worst {percent} of the total's paths",
            money,
            _SOURCE,
        ),
        **with_error(
            f"{prefix}risk_contribution", dims, risks, "mean NPV less cvar_contribution", money, _SOURCE
        ),
        **with_error(f"{prefix}value_share", dims, value_shares, "share of the total's mean", "1", _SOURCE),
        **with_error(
            f"{prefix}risk_share", dims, risk_shares, "share of the total's shortfall", "1", _SOURCE
        ),
    }


def _tail_influences(row: Floats, weights: Floats, border: np.ndarray[Any, Any]) -> tuple[float, Floats]:
    """Mean of a row over the weighted tail of the total, and its influences (see `measures.tail`)."""
    return float((weights * row).sum()), (row - row[border].mean()) * weights * row.size


def _with_error(value: float, influences: Floats) -> tuple[float, float]:
    return float(value), estimates.standard_error(influences)


def _share(part: float, influences: Floats, whole: float, of_whole: Floats) -> tuple[float, float]:
    """part / whole and its standard error by the delta method; NaN for nothing to share."""
    if whole == 0.0:
        return math.nan, math.nan
    share = part / whole
    return share, estimates.standard_error((influences - share * of_whole) / whole)


def _without_top(
    customers: Floats, levels: Floats, total: Floats, level: float, money: str
) -> dict[str, Any]:
    """Mean and CVaR of the total without the customers [customer, path] with the largest means, and their
    share of the total's mean.

    What is left is summed up from the smallest customer, not taken off the total: nothing left is 0.
    """
    whole, found = cvar_at(total, level), []
    left: Floats = levels.sum(axis=0) if len(levels) else np.zeros_like(total)
    for place in np.argsort(-customers.mean(axis=1), kind="stable")[::-1]:
        rest = cvar_at(left, level)
        change = rest[0] - whole[0], estimates.standard_error(rest[1] - whole[1])
        share = estimates.ratio(total - left, total)
        found.append([estimates.mean(left), _with_error(*rest), change, share])
        left = left + customers[place]
    pairs, dims = np.array(found[::-1]), ("top",)
    without = "without the customers with the largest means"
    told = {
        "mean_without_top": (f"mean NPV {without}", money),
        "cvar_without_top": (f"CVaR {without}", money),
        "cvar_change_without_top": (f"change of CVaR {without}", money),
        "share_of_top": ("share of the customers with the largest means in the total's mean", "1"),
    }
    variables: dict[str, Any] = {}
    for column, (name, (meaning, unit)) in enumerate(told.items()):
        variables |= with_error(name, dims, pairs[:, column], meaning, unit, _SOURCE)
    return variables
