"""How far the value rests on few customers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from crcsim.measures import estimates
from crcsim.measures.values import Floats, headline, path_values, with_error

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["concentration"]


def concentration(dataset: xr.Dataset, discounting: str | None = None) -> xr.Dataset:
    """Concentration of mean value over customers, under `discounting` (the headline by default).

    The share s_i of a customer is its mean NPV / the sum of the mean NPVs that are positive. Customers with a
    mean of zero or less hold no share: the shares add up to 1 and lie between 0 and 1, and what such
    customers cost is told apart. Levels are no customers. Returned, each with `_standard_error` by the delta
    method:

    - `herfindahl_index` [strategy]: HHI = Σ s_i², from 1 / number of customers (even) to 1 (one customer).
    - `effective_number` [strategy]: 1 / HHI, the number of equal customers with the same concentration.
    - `share_of_top` [strategy, top]: share of the `top` customers with the largest mean NPV.
    - `negative_share` [strategy]: minus the sum of the negative mean NPVs / the sum of the positive ones.

    NaN: all of them when no mean is positive. Source: MODEL 9; SOURCES A11.
    """
    values = path_values(dataset, discounting or headline(dataset))
    found = [_shares(customers) for customers in values.customers]
    single = np.array([numbers[:3] for numbers in found])
    names = {
        "herfindahl_index": "Herfindahl-Hirschman index of the customers' positive mean values",
        "effective_number": "number of equal customers with the same concentration",
        "negative_share": "value that customers destroy, as a share of the positive value",
    }
    variables = with_error(
        "share_of_top",
        ("strategy", "top"),
        np.array([numbers[3] for numbers in found]),
        "share of the customers with the largest mean values",
        "1",
    )
    for place, (name, meaning) in enumerate(names.items()):
        variables |= with_error(name, ("strategy",), single[:, place], meaning, "1")
    tops = np.arange(1, len(values.customers[0]) + 1)
    return values.dataset(variables).assign_coords(top=tops)


_Pair = tuple[float, float]


def _shares(customers: Floats) -> tuple[_Pair, _Pair, _Pair, Floats]:
    """HHI, effective number, negative share and shares of the top from paths [customer, path]."""
    means = customers.mean(axis=1)
    positive = means > 0.0
    if not positive.any():
        nothing = (math.nan, math.nan)
        return nothing, nothing, nothing, np.full((len(means), 2), np.nan)
    gross = means[positive].sum()
    shares = np.where(positive, means, 0.0) / gross
    index = float(shares @ shares)
    slopes = np.where(positive, 2.0 * (shares - index) / gross, 0.0)  # of HHI in the means: 2 (s_i - HHI) / Σ
    error = estimates.standard_error(_weighted(slopes, customers))
    total = _weighted(positive, customers)
    negative = estimates.ratio(-_weighted(~positive, customers), total)
    return (index, error), (1.0 / index, error / index**2), negative, _top(customers, shares, total)


def _weighted(weights: Floats | NDArray[np.bool_], customers: Floats) -> Floats:
    """Weighted sum over customers [path]; not a BLAS product, whose last bits depend on threads."""
    found: Floats = np.einsum("c,cp->p", weights.astype(np.float64), customers)
    return found


def _top(customers: Floats, shares: Floats, total: Floats) -> Floats:
    """Share of the largest k customers and its error: [k - 1, 2]."""
    held, found = np.zeros_like(total), []
    for customer in np.argsort(-shares, kind="stable"):
        if shares[customer] > 0.0:
            held = held + customers[customer]
        found.append(estimates.ratio(held, total))
    return np.array(found)
