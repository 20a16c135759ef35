"""A small made-up result in the shape that the engine returns: six customers, ten years, quarterly."""

import json

import numpy as np
import pytest
import xarray as xr

CUSTOMERS = ("Nordwerk", "Fjordline", "Blauhafen", "Ostkamm", "Südgrat", "Westbruch & Söhne")
QUANTILES = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
PATHS, YEARS, PER_YEAR = 4_000, 10, 4
PERIODS = YEARS * PER_YEAR


def band(values):
    """Quantiles over the last axis in front: [quantile, ...]; NaN where no path has a value."""
    counted = np.isfinite(values).any(axis=-1, keepdims=True)
    return np.where(
        counted[..., 0], np.nanquantile(np.where(counted, values, 0.0), QUANTILES, axis=-1), np.nan
    )


def paths_of_customers(generator):
    """Sales, cash flow, wallet, share, activity [customer, period, path] and ends [customer, path]."""
    count = len(CUSTOMERS)
    market = 0.08 * generator.standard_normal((1, PERIODS, PATHS))
    own = 0.07 * generator.standard_normal((count, PERIODS, PATHS))
    wallet_now = np.array([12.5e6, 6e6, 3e6, 9e6, 1.5e6, 0.8e6])[:, None, None] / PER_YEAR
    wallet = wallet_now * np.exp(np.cumsum(market + own + 0.004, axis=1))
    logit = -0.8 + np.cumsum(0.05 * generator.standard_normal((count, PERIODS, PATHS)), axis=1)
    share = 1 / (1 + np.exp(-logit))
    hazards = np.array([[0.01, 0.015, 0.02, 0.03, 0.02, 0.01]]).T * np.array([[1.0, 0.4, 0.2, 0.1]])
    end_time = generator.exponential(1 / hazards.sum(axis=1)[:, None], (count, PATHS))
    draw = generator.random((count, PATHS))
    cumulative = np.cumsum(hazards, axis=1) / hazards.sum(axis=1, keepdims=True)
    cause = 1 + (draw[..., None] > cumulative[:, None, :]).sum(axis=-1)
    end_period = np.where(end_time < PERIODS, np.floor(end_time) + 1, 0).astype(np.int16)
    cause = np.where(end_period > 0, cause, 0).astype(np.int8)
    periods = np.arange(1, PERIODS + 1)[None, :, None]
    active = (end_period[:, None, :] == 0) | (end_period[:, None, :] > periods)
    sales = np.where(active, wallet * share, 0.0)
    cash = np.where(
        active, 0.33 * sales - np.array([90e3, 60e3, 40e3, 70e3, 20e3, 60e3])[:, None, None] / 2, 0.0
    )
    return sales, cash, wallet, share, active, cause, end_period


def present_values(cash, generator):
    """NPV [discounting, customer, path]; the customers' sum is right, the deflator only plausible."""
    years = (np.arange(PERIODS) + 1) / PER_YEAR
    wacc, risk_free = 1.075**-years, 1.03**-years
    noise = np.cumsum(0.05 * generator.standard_normal((PERIODS, PATHS)), axis=0)
    deflator = risk_free[:, None] * np.exp(noise - 0.00125 * np.arange(1, PERIODS + 1)[:, None])
    return np.stack(
        [
            np.einsum("ctp,t->cp", cash, wacc),
            np.einsum("ctp,t->cp", cash, risk_free),
            np.einsum("ctp,tp->cp", cash, deflator),
        ]
    )


def variables(generator):
    sales, cash, wallet, share, active, cause, end_period = paths_of_customers(generator)
    npv = present_values(cash, generator)
    company = np.full((1, PERIODS, 1), -60e3)
    level = npv[:, :1, :] * 0 - 60e3 * np.array([27.0, 34.0, 34.0])[:, None, None]
    when_active = np.where(active, 1.0, np.nan)
    with np.errstate(invalid="ignore"):
        means = {
            "wallet": np.nanmean(wallet * when_active, axis=2),
            "share": np.nanmean(share * when_active, axis=2),
        }
    customer_mean = ("strategy", "customer", "period")
    customer_band = ("strategy", "quantile", "customer", "period")
    total = ("strategy", "quantile", "period")
    total_wallet = np.where(active, wallet, 0.0).sum(axis=0)
    total_sales = sales.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        total_share = PER_YEAR * total_sales / total_wallet
    return {
        "npv": (("strategy", "discounting", "customer", "path"), npv[None]),
        "level_npv": (("strategy", "discounting", "level", "path"), level[None]),
        "cash_flow": (("strategy", "period", "path"), (cash.sum(axis=0) + company[0])[None]),
        "sales": (("strategy", "period", "path"), total_sales[None]),
        "end_cause": (("strategy", "customer", "path"), cause[None]),
        "end_period": (("strategy", "customer", "path"), end_period[None]),
        "customer_cash_flow_mean": (customer_mean, cash.mean(axis=2)[None]),
        "customer_sales_mean": (customer_mean, sales.mean(axis=2)[None]),
        "customer_wallet_mean": (customer_mean, means["wallet"][None]),
        "customer_share_mean": (customer_mean, means["share"][None]),
        "customer_active_mean": (customer_mean, active.mean(axis=2)[None]),
        "customer_cash_flow_band": (customer_band, band(cash)[None]),
        "customer_sales_band": (customer_band, band(sales)[None]),
        "customer_wallet_band": (customer_band, band(wallet * when_active)[None]),
        "customer_share_band": (customer_band, band(share * when_active)[None]),
        "customer_active_count": (customer_mean, active.sum(axis=2)[None]),
        "total_cash_flow_band": (total, band(cash.sum(axis=0) + company[0])[None]),
        "total_sales_band": (total, band(total_sales)[None]),
        "total_wallet_band": (total, band(total_wallet)[None]),
        "total_share_band": (total, band(total_share)[None]),
        "total_active_band": (total, band(active.sum(axis=0).astype(float))[None]),
        "cost_of_capital": (("path",), np.full(PATHS, 0.075)),
        "risk_free_rate": (("path",), np.full(PATHS, 0.03)),
    }


def attributes():
    return {
        "crcsim_version": "0.1.0",
        "stream_version": 1,
        "seed": 7,
        "paths": PATHS,
        "band_paths": PATHS,
        "currency": "EUR",
        "valuation_date": "2026-01-01",
        "periods_per_year": PER_YEAR,
        "flow_timing": "end",
        "headline": "wacc",
        "central_cost_of_capital": 0.075,
        "central_risk_free_rate": 0.03,
        "central_market_premium": 0.046,
        "central_asset_beta": 0.9,
        "central_capm_gap": 0.001,
        "content_hash": "5f0c" * 16,
        "scenario_text": "# Question: what is the portfolio worth?\ncrcsim: 1\n# <b>&</b>\n",
        "scenario_resolved": json.dumps({"name": "made-up", "time": {"years": YEARS}}),
        "files": json.dumps([{"path": "made-up.yaml", "sha256": "ab" * 32}]),
        "packages": json.dumps({"numpy": "2.0.0"}),
        "machine": json.dumps({"cpu": "any", "cores": 2}),
        "created": "2026-01-01T00:00:00Z",
        "preview": True,
        "warnings": json.dumps(["The correlation matrix was repaired: <largest change> 0.02."]),
    }


def reconciled(data):
    """The result with a trend added to its cash flow, so that it is worth what customers and levels are."""
    years = data["years"].values
    factors, trend = np.stack([1.075**-years, 1.03**-years]), np.stack([np.ones(len(years)), years])
    values = data["npv"].sum("customer") + data["level_npv"].sum("level")
    if "horizon_value" in data:
        values = values - data["horizon_value"].sum("customer")
    wanted = values.isel(strategy=0).sel(discounting=["wacc", "risk_free"]).transpose("discounting", "path")
    flows = data["cash_flow"].isel(strategy=0).transpose("period", "path").values
    added = trend.T @ np.linalg.solve(factors @ trend.T, wanted.values - factors @ flows)
    return data.assign(cash_flow=(("strategy", "period", "path"), (flows + added)[None]))


def made_up_result():
    data = xr.Dataset(
        variables(np.random.default_rng(20260101)),
        coords={
            "strategy": ["baseline"],
            "discounting": ["wacc", "risk_free", "deflator"],
            "customer": list(CUSTOMERS),
            "level": ["company"],
            "path": np.arange(PATHS),
            "period": np.arange(1, PERIODS + 1),
            "quantile": list(QUANTILES),
            "years": ("period", np.arange(1, PERIODS + 1) / PER_YEAR),
            "segment": ("customer", ["industry", "marine", "marine", "industry", "industry", "small"]),
            "geography": ("customer", ["north", "north", "north", "east", "south", "west"]),
            "phase": ("customer", ["growth", "maturity", "maturity", "growth", "decline", "maturity"]),
            "assumed_beta": ("customer", [1.1, 0.8, 0.8, 1.2, 1.0, 0.9]),
        },
    )
    data.attrs.update(attributes())
    return reconciled(data)


@pytest.fixture(scope="session")
def result():
    return made_up_result()
