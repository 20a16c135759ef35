"""Customers managed for revenue, for profit and for value: three horizons side by side (SOURCES A1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from crcsim.costing.items import SIMULATED_CONTRIBUTION, statement_amounts
from crcsim.errors import CrcsimError
from crcsim.measures.estimates import mean
from crcsim.measures.ranks import kendall_tau, rank_bounds, ranks, threshold
from crcsim.measures.values import Floats, Variable, headline, path_values, with_error

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["PAIRS", "VIEWS", "Disagreement", "disagreements", "three_horizons"]

#: The views, from the near horizon to the far one.
VIEWS = ("revenue", "profit", "value")
PAIRS = (("revenue", "profit"), ("revenue", "value"), ("profit", "value"))
PROFIT_YEARS = 3
_BLOCK = 8192  # paths


@dataclass(frozen=True)
class Disagreement:
    """A customer that two views rank differently, surely; ranks from 1, the largest."""

    customer: str
    first: str
    first_rank: int
    second: str
    second_rank: int

    @property
    def places(self) -> int:
        """Number of ranks between the two."""
        return abs(self.second_rank - self.first_rank)


def three_horizons(dataset: xr.Dataset) -> xr.Dataset:
    """What each customer is in three horizons, its rank in each, and how far the horizons agree.

    Views: `revenue`, expected sales of the next 12 months; `profit`, expected customer contribution II of the
    next three years (attribute `profit`: "contribution II", or "cash flow" where the result has no items);
    `value`, mean NPV at the headline. Sums of flows are not discounted; where the simulation is shorter than
    a view the view is cut (attributes `revenue_years`, `profit_years`).

    `amount` [strategy, customer, view], currency, with `_standard_error`; `rank`, `best_rank` and
    `worst_rank` [strategy, customer, view]: the bounds hold together for all customers of a view with 95 %
    confidence (Bonferroni over pairs; for `value` the errors are those of differences on the same paths).
    `kendall_tau` [strategy, pair].

    Errors of flows come from the result's percentile bands and from the share of active paths: the variance
    of a period is that of the bands plus p (1-p) (mean/p)², p the share of active paths, and errors of
    periods are added up, which bounds the error of their sum. That of contribution II takes it to move with
    sales at the rate of product contribution I. NaN without bands: then no order of flows is sure.

    Raises CrcsimError when the result has no means by customer. Source: SOURCES A1.
    """
    if "customer_sales_mean" not in dataset:
        raise CrcsimError("The result holds no means by customer: it was simulated without bands.")
    per_year, periods = int(dataset.attrs["periods_per_year"]), dataset.sizes["period"]
    near, medium = min(per_year, periods), min(PROFIT_YEARS * per_year, periods)
    values = path_values(dataset, headline(dataset))
    names, strategies = values.names[: values.customers.shape[1]], range(len(values.strategies))
    amounts = np.zeros((len(strategies), len(names), len(VIEWS), 2))
    bounds = np.zeros((len(strategies), len(names), len(VIEWS), 3), dtype=np.int64)
    taus = np.zeros((len(strategies), len(PAIRS)))
    for strategy in strategies:
        one, paths = dataset.isel(strategy=strategy), values.customers[strategy]
        pairs = {
            "revenue": _revenue(one, near),
            "profit": _profit(one, medium),
            "value": np.array([mean(row) for row in paths]).reshape(-1, 2),
        }
        errors = {name: np.hypot(pair[:, None, 1], pair[None, :, 1]) for name, pair in pairs.items()}
        errors["value"] = _errors_of_differences(paths)
        for place, view in enumerate(VIEWS):
            amount = pairs[view][:, 0]
            amounts[strategy, :, place] = pairs[view]
            best, worst = rank_bounds(amount, errors[view], threshold(len(names)))
            bounds[strategy, :, place] = np.stack([ranks(amount), best, worst], axis=-1)
        taus[strategy] = [kendall_tau(pairs[one][:, 0], pairs[two][:, 0]) for one, two in PAIRS]
    dims = ("strategy", "customer", "view")
    found: dict[str, Variable] = with_error(
        "amount", dims, amounts, "expected amount of the view", values.currency, "SOURCES A1"
    )
    for place, (name, meaning) in enumerate(_RANKS.items()):
        found[name] = (dims, bounds[..., place], {"long_name": meaning, "units": "1", "source": "SOURCES A1"})
    words = {"long_name": "Kendall's tau-b of two views", "units": "1", "source": "SOURCES A1"}
    found["kendall_tau"] = (("strategy", "pair"), taus, words)
    coordinates = {
        "customer": list(names),
        "view": list(VIEWS),
        "pair": [f"{one} and {two}" for one, two in PAIRS],
    }
    made = values.dataset(found).assign_coords(coordinates)
    made.attrs |= {
        "currency": values.currency,
        "profit": "contribution II" if "customer_item_mean" in dataset else "cash flow",
        "revenue_years": near / per_year,
        "profit_years": medium / per_year,
    }
    return made


_RANKS = {
    "rank": "rank, 1 the largest",
    "best_rank": "best rank that the standard errors allow",
    "worst_rank": "worst rank that the standard errors allow",
}


def disagreements(found: xr.Dataset) -> list[Disagreement]:
    """Customers that two views of one strategy of `three_horizons` rank differently beyond their errors.

    Surely different: the bounds of the two ranks do not overlap. One row per customer, for the two views
    that lie farthest apart; the largest difference first, then by name.
    """
    ranked: dict[str, Disagreement] = {}
    for first, second in PAIRS:
        one, two = found.sel(view=first), found.sel(view=second)
        apart = (one["worst_rank"].values < two["best_rank"].values) | (
            two["worst_rank"].values < one["best_rank"].values
        )
        for place in np.flatnonzero(apart):
            name = str(found["customer"].values[place])
            row = Disagreement(
                name, first, int(one["rank"].values[place]), second, int(two["rank"].values[place])
            )
            if name not in ranked or row.places > ranked[name].places:
                ranked[name] = row
    return sorted(ranked.values(), key=lambda row: (-row.places, row.customer))


def _revenue(one: xr.Dataset, periods: int) -> Floats:
    """Expected sales of the first periods and the bound of their error, [customer, 2]."""
    sales = _flows(one, "customer_sales_mean", periods)
    return _with_bound(sales, _band_sd(one, "sales", periods), _exits(one, sales), one)


def _profit(one: xr.Dataset, periods: int) -> Floats:
    """Expected contribution II, or cash flow without items, of the first periods, [customer, 2]."""
    if "customer_item_mean" not in one:
        cash = _flows(one, "customer_cash_flow_mean", periods)
        return _with_bound(cash, _band_sd(one, "cash_flow", periods), _exits(one, cash), one)
    items = one["customer_item_mean"].transpose("item", "customer", "period").values[:, :, :periods]
    signed = dict(zip((str(key) for key in one["item"].values), items, strict=True))
    lines = statement_amounts(SIMULATED_CONTRIBUTION, signed, np.zeros(items.shape[1:]))
    profit, sales = lines["customer_contribution_2"], _flows(one, "customer_sales_mean", periods)
    variable = lines["net_revenue"] - lines["direct_product_costs"]
    rate = np.divide(variable, sales, out=np.zeros_like(sales), where=sales != 0.0)
    exits = _exits(one, np.maximum(np.abs(variable), np.abs(profit)))
    return _with_bound(profit, np.abs(rate) * _band_sd(one, "sales", periods), exits, one)


def _flows(one: xr.Dataset, name: str, periods: int) -> Floats:
    values: Floats = one[name].transpose("customer", "period").values[:, :periods]
    return values


def _band_sd(one: xr.Dataset, quantity: str, periods: int) -> Floats:
    """Standard deviation that the percentile bands show, [customer, period]; NaN without bands.

    The largest of (q_(1-p) - q_p) / (z_(1-p) - z_p) over the symmetric percentiles.
    """
    from scipy.special import ndtri

    name = f"customer_{quantity}_band"
    if name not in one:
        return np.full((one.sizes["customer"], periods), np.nan)
    band = one[name].transpose("quantile", "customer", "period").values[:, :, :periods]
    levels = one["quantile"].values
    half = len(levels) // 2
    widths = ndtri(levels[::-1][:half]) - ndtri(levels[:half])
    sds: Floats = ((band[::-1][:half] - band[:half]) / widths[:, None, None]).max(axis=0)
    return sds


def _exits(one: xr.Dataset, amounts: Floats) -> Floats:
    """√(p (1-p)) |mean / p|: what inactive paths add to the standard deviation, [customer, period]."""
    active = _flows(one, "customer_active_mean", amounts.shape[1])
    rest = np.sqrt(np.clip(1.0 - active, 0.0, 1.0))
    return np.asarray(np.abs(amounts) * rest / np.sqrt(np.where(active > 0.0, active, 1.0)))


def _with_bound(flows: Floats, spread: Floats, exits: Floats, one: xr.Dataset) -> Floats:
    """Sums over periods and the sums of the periods' errors, [customer, 2]."""
    errors = np.hypot(spread, exits) / np.sqrt(one.sizes["path"])
    return np.stack([flows.sum(axis=1), errors.sum(axis=1)], axis=-1)


def _errors_of_differences(paths: Floats) -> Floats:
    """Standard error of the difference of two customers' mean NPV, [customer, customer]; paths shared."""
    count = paths.shape[1]
    if count < 2:
        return np.full((len(paths), len(paths)), np.nan)
    means, products = paths.mean(axis=1, keepdims=True), np.zeros((len(paths), len(paths)))
    for start in range(0, count, _BLOCK):  # no second copy of all paths
        centred = paths[:, start : start + _BLOCK] - means
        products += centred @ centred.T
    products /= count - 1
    variance = np.diag(products)
    return np.asarray(
        np.sqrt(np.maximum(variance[:, None] + variance[None, :] - 2.0 * products, 0.0) / count)
    )
