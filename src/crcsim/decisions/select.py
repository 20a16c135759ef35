"""Which customers are those of the future: chance to be among the top k, potential, chance to be gone."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from crcsim.decisions import provenance
from crcsim.errors import ArgumentError
from crcsim.measures import ends, estimates, three_horizons
from crcsim.measures.ranks import ranks
from crcsim.measures.values import Floats, path_values, with_error
from crcsim.results.strategies import of_strategy

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["POTENTIAL", "TOP", "errors_of_differences", "places_among_top", "select"]

RISK_DISCOUNTING = "risk_free"
#: Probability of the percentile that is called potential: one path in ten is worth more.
POTENTIAL = 0.9
#: How many are the top unless said; of fewer customers all but one.
TOP = 5
_SOURCE = "SOURCES A3"
_ONE = ("customer",)


def select(
    result: xr.Dataset,
    *,
    top: int | None = None,
    years: float | None = None,
    strategy: str | None = None,
) -> xr.Dataset:
    """Chance of every customer to be among the `top` by realised value, potential, and chance to be gone.

    `top`: 5 unless given, or all but one of fewer customers. Realised value is the NPV of a path at the
    risk-free rate. Returned [customer], each but ranks with
    `_standard_error`:

    - `top_probability`: share of the paths on which the customer is among the `top`; customers tied for the
      last places share them, so that the probabilities add up to `top` exactly.
    - `top_difference_standard_error` [customer, other]: of the difference of two such chances. Customers
      compete for places on the same paths, so that it is that of paired indicators.
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
    top = max(min(TOP, customers - 1), 1) if top is None else top
    if not 1 <= top < max(customers, 2):
        raise ArgumentError(f"top must lie between 1 and {max(customers - 1, 1)}, not {top}")
    one = of_strategy(result, strategy)
    period, reached = _period(one, years)
    values = path_values(one, RISK_DISCOUNTING)
    rows, money = values.customers[0], values.currency
    places = places_among_top(rows, top)
    shares = np.stack(estimates.proportion(places.sum(axis=1), values.paths), axis=-1)
    sales = three_horizons(one).sel(view="revenue").isel(strategy=0, drop=True)
    size = np.stack([sales["amount"].values, sales["amount_standard_error"].values], axis=-1)
    ended = ends(one).isel(strategy=0, period=period - 1, drop=True)
    causes = np.stack(
        [ended[f"cumulative_incidence{end}"].values for end in ("", "_standard_error")], axis=-1
    )
    possible = _possible(result, values.names[:customers], [str(cause) for cause in ended["cause"].values])
    gone = np.rint((1.0 - ended["survival"].values) * values.paths)
    variables: dict[str, Any] = {
        **with_error("top_probability", _ONE, shares, f"P(among the top {top} by NPV)", "1", _SOURCE),
        "top_difference_standard_error": (
            ("customer", "other"),
            errors_of_differences(places),
            {"long_name": "standard error of differences of top_probability", "units": "1"},
        ),
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
        "cause_possible": (
            ("customer", "cause"),
            (possible | (causes[..., 0] > 0.0)).astype(np.int64),
            {"long_name": "whether the scenario gives the cause a chance", "units": "1"},
        ),
        "size_rank": (_ONE, ranks(size[:, 0]), {"long_name": "rank by sales today", "units": "1"}),
        "top_rank": (_ONE, ranks(shares[:, 0]), {"long_name": "rank by top_probability", "units": "1"}),
    }
    name = str(one["strategy"].values[0])
    options = {"top": top, "years": reached, "strategy": name}
    attributes = provenance.of_result("select", result, options)
    attributes |= {"discounting": RISK_DISCOUNTING, **options}
    names = list(values.names[:customers])
    coords = {"customer": names, "other": names, "cause": ended["cause"].values}
    return xr.Dataset(variables, coords, attributes)


def places_among_top(rows: Floats, top: int) -> Floats:
    """Part of the `top` places that each row of values [customer, path] has on each path: 1, 0, or a share.

    Rows that tie for the last places share them equally: the parts add up to `top` on every path.
    """
    border = np.partition(rows, rows.shape[0] - top, axis=0)[rows.shape[0] - top]
    above, tied = rows > border, rows == border
    left = top - np.count_nonzero(above, axis=0)
    share = left / np.count_nonzero(tied, axis=0)
    places: Floats = above + np.where(tied, share, 0.0)
    return places


def errors_of_differences(places: Floats) -> Floats:
    """Standard errors [customer, other] of differences of the mean places [customer, path].

    With D the difference of two on a path and n paths, √(Σ D² + 1 - (Σ D)² / (n + 2)) / (n + 2): for
    indicators that of matched proportions with half an observation added to each of the four cells of the
    table, so that it is never 0 (A. Agresti and Y. Min, 2005). 0 on the diagonal.
    """
    count = places.shape[1] + 2
    products = np.round(places @ places.T, 6)  # the last bits of a BLAS product depend on threads
    own, sums = np.diag(products), places.sum(axis=1)
    squares = own[:, None] + own[None, :] - 2.0 * products + 1.0
    found = np.sqrt(squares - np.square(sums[:, None] - sums[None, :]) / count) / count
    np.fill_diagonal(found, 0.0)
    return np.asarray(found)


def _possible(result: xr.Dataset, names: Sequence[str], causes: Sequence[str]) -> NDArray[np.bool_]:
    """Whether the scenario of a result gives an end of each customer by each cause a chance, [customer,
    cause]; yes where it does not say.
    """
    document = json.loads(str(result.attrs.get("scenario_resolved", "{}")))
    found = np.ones((len(names), len(causes)), dtype=bool)
    if "customers" not in document:
        return found
    merged = {str(merger["target"]) for merger in document.get("mergers") or ()}
    for row, name in enumerate(names):
        stated = document["customers"].get(name, {})
        for column, cause in enumerate(causes):
            found[row, column] = name in merged if cause == "merger" else not _never(stated.get(cause))
    return found


def _never(risk: Any) -> bool:
    """Whether a risk is stated as 0."""
    if not isinstance(risk, dict):
        return False
    rate = risk.get("hazard", risk.get("yearly_probability"))
    return (rate.get("value") if isinstance(rate, dict) else rate) == 0.0


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
