"""Which customers are those of the future: chance to be among the top k, potential, chance to be gone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from crcsim.decisions import provenance
from crcsim.errors import ArgumentError
from crcsim.measures import ends, estimates, three_horizons
from crcsim.measures.ranks import ranks
from crcsim.measures.values import Floats, path_values, with_error
from crcsim.results.strategies import of_strategy

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["POTENTIAL", "among_top", "select"]

RISK_DISCOUNTING = "risk_free"
#: Probability of the percentile that is called potential: one path in ten is worth more.
POTENTIAL = 0.9
_SOURCE = "SOURCES A3"
_ONE = ("customer",)


def select(
    result: xr.Dataset, *, top: int = 5, years: float | None = None, strategy: str | None = None
) -> xr.Dataset:
    """Chance of every customer to be among the `top` by realised value, potential, and chance to be gone.

    Realised value is the NPV of a path at the risk-free rate. Returned [customer], each but ranks with
    `_standard_error`:

    - `top_probability`: share of the paths on which the customer is among the `top`; customers tied for the
      last places share them, so that the probabilities add up to `top` exactly.
    - `size_today`: expected sales of the next 12 months, currency (NaN errors where the result has no bands);
      `size_rank` 1 for the largest; `top_rank` the same by `top_probability`.
    - `mean`, `potential`: mean and 90 % percentile of NPV, currency.
    - `gone_by_cause` [customer, cause], `gone_probability`: the relation has ended by `years` years after the
      valuation date, by default at the end of the simulation (attribute `years`: the end of the last whole
      period up to then). A takeover that keeps the relation is no end.

    Raises ArgumentError for a `top` or `years` out of range, CrcsimError for a strategy that the result lacks
    or a result without means by customer. Source: SOURCES A3, MODEL 10.
    """
    import xarray as xr

    customers = result.sizes["customer"]
    if not 1 <= top < max(customers, 2):
        raise ArgumentError(f"top must lie between 1 and {max(customers - 1, 1)}, not {top}")
    one = of_strategy(result, strategy)
    period, reached = _period(one, years)
    values = path_values(one, RISK_DISCOUNTING)
    rows, money = values.customers[0], values.currency
    shares = np.stack(estimates.proportion(among_top(rows, top), values.paths), axis=-1)
    sales = three_horizons(one).sel(view="revenue").isel(strategy=0, drop=True)
    size = np.stack([sales["amount"].values, sales["amount_standard_error"].values], axis=-1)
    ended = ends(one).isel(strategy=0, period=period - 1, drop=True)
    causes = np.stack(
        [ended[f"cumulative_incidence{end}"].values for end in ("", "_standard_error")], axis=-1
    )
    gone = np.rint((1.0 - ended["survival"].values) * values.paths)
    variables: dict[str, Any] = {
        **with_error("top_probability", _ONE, shares, f"P(among the top {top} by NPV)", "1", _SOURCE),
        **with_error("size_today", _ONE, size, "expected sales of the next 12 months", money, _SOURCE),
        **with_error(
            "mean", _ONE, np.array([estimates.mean(row) for row in rows]), "mean NPV", money, _SOURCE
        ),
        **with_error("potential", _ONE, _potential(rows), "90 % percentile of NPV", money, _SOURCE),
        **with_error("gone_by_cause", ("customer", "cause"), causes, "P(ended by this cause)", "1", _SOURCE),
        **with_error(
            "gone_probability",
            _ONE,
            np.stack(estimates.proportion(gone, values.paths), axis=-1),
            "P(ended by any cause)",
            "1",
            _SOURCE,
        ),
        "size_rank": (_ONE, ranks(size[:, 0]), {"long_name": "rank by sales today", "units": "1"}),
        "top_rank": (_ONE, ranks(shares[:, 0]), {"long_name": "rank by top_probability", "units": "1"}),
    }
    name = str(one["strategy"].values[0])
    options = {"top": top, "years": reached, "strategy": name}
    attributes = provenance.of_result("select", result, options)
    attributes |= {"discounting": RISK_DISCOUNTING, **options}
    coords = {"customer": list(values.names[:customers]), "cause": ended["cause"].values}
    return xr.Dataset(variables, coords, attributes)


def among_top(rows: Floats, top: int) -> Floats:
    """Number of paths on which each row [customer] of values [customer, path] is among the `top` largest.

    Rows that tie for the last places share them equally: the numbers add up to top x paths.
    """
    border = np.partition(rows, rows.shape[0] - top, axis=0)[rows.shape[0] - top]
    above, tied = rows > border, rows == border
    left = top - np.count_nonzero(above, axis=0)
    share = left / np.count_nonzero(tied, axis=0)
    counts: Floats = above.sum(axis=1) + np.where(tied, share, 0.0).sum(axis=1)
    return counts


def _potential(rows: Floats) -> Floats:
    """90 % percentile and its error, [customer, 2]."""
    found = [estimates.quantiles(row, [POTENTIAL]) for row in rows]
    return np.array([(float(value[0]), float(error[0])) for value, error in found])


def _period(one: xr.Dataset, years: float | None) -> tuple[int, float]:
    """Number of the last period that is over after so many years, and its end in years."""
    per_year, periods = int(one.attrs["periods_per_year"]), one.sizes["period"]
    if years is None:
        return periods, periods / per_year
    period = math.floor(years * per_year + 1e-6) if math.isfinite(years) else 0
    if not 1 <= period <= periods:
        raise ArgumentError(
            f"years must lie between {1 / per_year:g} and {periods / per_year:g}, not {years:g}"
        )
    return period, period / per_year
