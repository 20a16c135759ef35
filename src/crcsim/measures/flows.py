"""Present value of the portfolio's cash flow by period, to be held against the values of its parts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from crcsim.errors import NumericError
from crcsim.measures.values import Floats, PathValues

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["AGREE", "check_flows", "discount_rates", "has_own_rate", "portfolio_value", "resolved"]

#: Two ways to the same value may differ by this part of the sum of all amounts.
AGREE = 1e-9


def resolved(dataset: xr.Dataset) -> dict[str, Any]:
    """The scenario behind a result, every value in canonical units; empty when the result holds none."""
    found: dict[str, Any] = json.loads(dataset.attrs.get("scenario_resolved", "{}"))
    return found


def has_own_rate(dataset: xr.Dataset) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which customers are discounted at their own rate under `wacc`, [customer]."""
    stated = resolved(dataset).get("customers", {})
    names = (str(name) for name in dataset["customer"].values)
    return np.array([stated.get(name, {}).get("rate") == "own" for name in names], dtype=bool)


def discount_rates(dataset: xr.Dataset, discounting: str) -> Floats | None:
    """The one effective annual rate that discounts every flow of a path, [path]; None where there is none.

    None under `deflator`, and under `wacc` when a customer has its own rate.
    """
    if discounting == "risk_free":
        return np.asarray(dataset["risk_free_rate"].values)
    if discounting == "wacc" and not has_own_rate(dataset).any():
        return np.asarray(dataset["cost_of_capital"].values)
    return None


def portfolio_value(dataset: xr.Dataset, discounting: str) -> tuple[Floats, Floats] | None:
    """Σ_t CF_t (1 + i)^-τ_t of the portfolio's cash flow, and the same of its amounts without their signs.

    Both [strategy, path], currency, without horizon value; None where no single rate discounts all flows.
    """
    rates = discount_rates(dataset, discounting)
    if rates is None:
        return None
    flows = dataset["cash_flow"].transpose("period", "strategy", "path").values
    value, size = np.zeros(flows.shape[1:]), np.zeros(flows.shape[1:])
    for flow, year in zip(flows, dataset["years"].values, strict=True):
        term = flow * (1.0 + rates) ** -year
        value += term
        size += np.abs(term)
    return value, size


def check_flows(dataset: xr.Dataset, parts: PathValues) -> float | None:
    """Check that customers and levels of `parts` add up to the portfolio's discounted cash flow on each path.

    `parts` are present values without horizon value. Returns the largest difference relative to the sum of
    the amounts, None where no single rate discounts all flows. Raises NumericError when it exceeds 1e-9.
    """
    found = portfolio_value(dataset, parts.discounting)
    if found is None:
        return None
    value, size = found
    size = size + np.abs(parts.customers).sum(axis=1) + np.abs(parts.levels).sum(axis=1)
    difference = np.abs(value - parts.total) / np.where(size > 0.0, size, 1.0)
    largest = float(difference.max())
    if not largest <= AGREE:
        strategy, path = np.unravel_index(int(np.argmax(difference)), difference.shape)
        raise NumericError(
            f"the values of customers and levels do not add up to the portfolio's cash flow: on path "
            f"{int(dataset['path'].values[path])} they are {parts.total[strategy, path]:.6g}, the cash flow "
            f"is worth {value[strategy, path]:.6g} (discounting {parts.discounting}). The result is damaged; "
            "run the scenario again."
        )
    return largest
