"""What discounting does to the value: mean rate, mean over rates, certainty-equivalent rate, implied beta."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from crcsim.measures.estimates import mean, standard_error
from crcsim.measures.values import Floats, Variable, path_values, with_error

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["discount", "equivalent_rate"]

_DIMS = ("strategy", "item")

#: Log rates among which an equivalent rate is looked for: from -50 % to 900 % a year.
_LOG_RATES = np.linspace(math.log(0.5), math.log(10.0), 301)


def discount(dataset: xr.Dataset) -> xr.Dataset:
    """How the value depends on the rate, from mean cash flows by period and the rates of the paths.

    Everything is without the horizon value; F_t is the mean cash flow of period t at τ_t years, k the firm's
    cost of capital on a path, V the mean NPV of the item. In currency, [strategy, item]:

    - `value` (with `_standard_error`): V under `wacc`, rates and flows on the same path.
    - `value_at_central_rate`: Σ F_t (1 + k)^-τ_t, k from the central parameters.
    - `value_at_mean_rate`: the same with the mean of k over the paths.
    - `value_mean_over_rates`: Σ F_t E[(1 + k)^-τ_t]; above the last one by the convexity in the rate, below
      or above `value` by the covariance of flows and rate.

    As rates, [strategy, item], with `_standard_error`:

    - `certainty_equivalent_rate`: the single effective annual rate at which the F_t are worth `value`.
    - `implied_beta`: the beta that makes the F_t worth the same at a risk-adjusted rate as by the deflator:
      ln(1 + rate) = ln(1 + r_f) + beta π, where the rate is the equivalent one of the deflator value, r_f
      that of the risk-free value (so that flows without market risk have beta 0 when r_f is uncertain too),
      and π the central market premium in log form. `assumed_beta`: the scenario's, of customers.

    Reconciliation, [strategy]: `value_weighted_implied_beta` and `value_weighted_assumed_beta`, averages over
    customers weighted with V under the deflator, to be held against the total's implied beta, and
    `beta_difference`, the total's implied beta less the first; `firm_beta_difference`, the second less the
    firm's own beta without its debt (at central inputs).

    Errors are of first order: of the rate, taking a path's flows to have the shape of the F_t over time; of
    beta likewise. NaN: levels (their flows by period are not kept); a rate where no rate between -50 % and
    900 % fits, and where several fit (flows of changing sign) the one next to the central rate is given; beta
    where π is not positive; the averages when a beta is NaN or the weights' sum is not positive. Source:
    MODEL 2; SOURCES C11.
    """
    years, flows = dataset["years"].values, _mean_flows(dataset)
    kept = np.isfinite(flows[..., 0])
    wacc = path_values(dataset, "wacc", horizon=False)
    risk_free = path_values(dataset, "risk_free", horizon=False)
    deflator = path_values(dataset, "deflator", horizon=False)
    log_rates, central = np.log1p(dataset["cost_of_capital"].values), dataset.attrs["central_cost_of_capital"]
    rates, betas = np.full((*kept.shape, 2), np.nan), np.full((*kept.shape, 2), np.nan)
    market = (float(dataset.attrs["central_risk_free_rate"]), float(dataset.attrs["central_market_premium"]))
    for strategy in range(len(wacc.strategies)):
        rows = zip(wacc.rows(strategy), risk_free.rows(strategy), deflator.rows(strategy), strict=True)
        for item, (risky, safe, priced) in enumerate(rows):
            if kept[strategy, item]:
                rates[strategy, item] = _rate(flows[strategy, item], years, risky, log_rates, float(central))
                betas[strategy, item] = _beta(flows[strategy, item], years, safe, priced, *market)
    values = np.where(kept[..., None], wacc.each(mean), np.nan)
    money = wacc.currency
    found = (
        with_error("value", _DIMS, values, "mean NPV at the paths' cost of capital", money)
        | with_error(
            "certainty_equivalent_rate", _DIMS, rates, "single rate with the same value", "1 per year"
        )
        | with_error("implied_beta", _DIMS, betas, "beta that the deflator value implies", "1", "MODEL 2")
        | _values_at_rates(flows, years, np.expm1(log_rates), float(central), money)
        | _reconciliation(dataset, betas[..., 0], deflator.customers.mean(axis=-1))
    )
    return wacc.dataset(found)


def equivalent_rate(flows: Floats, years: Floats, value: float, near: float) -> float:
    """The effective annual rate r with Σ flows (1 + r)^-years = `value`; of several the one next to `near`.

    NaN when no rate between -50 % and 900 % fits. Flows and years: [period].
    """
    from scipy.optimize import brentq

    def excess(log_rate: float) -> float:
        return float((flows * np.exp(-log_rate * years)).sum()) - value

    grid = np.unique(np.append(_LOG_RATES, math.log1p(near)))
    signs = np.sign(np.exp(-np.outer(grid, years)) @ flows - value)
    roots = [float(point) for point in grid[signs == 0.0]]
    for place in np.flatnonzero(signs[:-1] * signs[1:] < 0.0):
        low, high = float(grid[place]), float(grid[place + 1])
        if excess(low) * excess(high) < 0.0:
            roots.append(float(brentq(excess, low, high, xtol=1e-14, rtol=1e-14)))
        else:  # one of them is the root but for rounding
            roots.append(min(low, high, key=lambda end: abs(excess(end))))
    if not roots or np.ptp(signs) == 0.0:
        return math.nan
    return math.expm1(min(roots, key=lambda root: abs(root - math.log1p(near))))


def _mean_flows(dataset: xr.Dataset) -> Floats:
    """Mean cash flows [strategy, item, period]: customers, levels (not known: NaN), total."""
    customers = dataset["customer_cash_flow_mean"].transpose("strategy", "customer", "period").values
    levels = np.full((len(customers), dataset.sizes["level"], customers.shape[-1]), np.nan)
    total = dataset["cash_flow"].transpose("strategy", "period", "path").values.mean(axis=-1)[:, None, :]
    return np.concatenate([customers, levels, total], axis=1)


def _rate(
    flows: Floats, years: Floats, values: Floats, log_rates: Floats, near: float
) -> tuple[float, float]:
    """Certainty-equivalent rate and its error: sd[NPV (ln(1+k) - NPV-weighted mean)] (1+rate) / (√n |V|)."""
    value = float(values.mean())
    rate = equivalent_rate(flows, years, value, near)
    if math.isnan(rate) or value == 0.0:
        return rate, math.nan
    centred = log_rates - float((values * log_rates).mean()) / value
    return rate, standard_error(values * centred) * (1.0 + rate) / abs(value)


def _beta(
    flows: Floats, years: Floats, safe: Floats, priced: Floats, near: float, premium: float
) -> tuple[float, float]:
    """Implied beta and its error: sd[NPV by deflator - NPV risk-free x V_d/V_f] / (√n π Σ τ F_t d_t)."""
    value_safe, value = float(safe.mean()), float(priced.mean())
    base = equivalent_rate(flows, years, value_safe, near)
    rate = equivalent_rate(flows, years, value, near)
    if not premium > 0.0 or math.isnan(base + rate):
        return math.nan, math.nan
    slope = abs(float((years * flows * (1.0 + rate) ** -years).sum())) * premium
    beta = (math.log1p(rate) - math.log1p(base)) / premium
    if slope == 0.0 or value_safe == 0.0:
        return beta, math.nan
    return beta, standard_error(priced - safe * (value / value_safe)) / slope


def _values_at_rates(
    flows: Floats, years: Floats, rates: Floats, central: float, money: str
) -> dict[str, Variable]:
    def variable(factors: Floats, meaning: str) -> Variable:
        found = (flows * factors).sum(axis=-1)
        return _DIMS, found, {"long_name": meaning, "units": money, "source": "MODEL 2"}

    over_rates = np.array([((1.0 + rates) ** -year).mean() for year in years])
    return {
        "value_at_central_rate": variable(
            (1.0 + central) ** -years, "mean flows at the central cost of capital"
        ),
        "value_at_mean_rate": variable(
            (1.0 + rates.mean()) ** -years, "mean flows at the mean cost of capital"
        ),
        "value_mean_over_rates": variable(over_rates, "mean flows at the mean discount factors of the paths"),
    }


def _reconciliation(dataset: xr.Dataset, betas: Floats, weights: Floats) -> dict[str, Variable]:
    """Assumed betas and weighted averages; `betas` [strategy, item], `weights` [strategy, customer]."""
    customers = weights.shape[1]
    assumed = np.full(betas.shape, np.nan)
    assumed[:, :customers] = dataset["assumed_beta"].values
    sums = weights.sum(axis=1)
    share = np.where(sums[:, None] > 0.0, weights, np.nan) / np.where(sums > 0.0, sums, 1.0)[:, None]
    implied = (share * betas[:, :customers]).sum(axis=1)

    def variable(dims: tuple[str, ...], values: Floats, meaning: str) -> Variable:
        return dims, values, {"long_name": meaning, "units": "1", "source": "MODEL 2"}

    strategy = ("strategy",)
    return {
        "assumed_beta": variable(_DIMS, assumed, "beta in the scenario"),
        "value_weighted_implied_beta": variable(
            strategy, implied, "customers' implied betas, weighted with value"
        ),
        "value_weighted_assumed_beta": variable(
            strategy,
            (share * assumed[:, :customers]).sum(axis=1),
            "customers' assumed betas, weighted with value",
        ),
        "firm_beta_difference": variable(
            strategy,
            (share * assumed[:, :customers]).sum(axis=1) - float(dataset.attrs["central_asset_beta"]),
            "customers' assumed betas, weighted with value, less the firm's beta without its debt",
        ),
        "beta_difference": variable(
            strategy, betas[:, -1] - implied, "implied beta of the total less the weighted average"
        ),
    }
