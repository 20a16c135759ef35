"""A made-up result with every variable of the registry: two strategies, three customers, two levels."""

import numpy as np
import xarray as xr

CUSTOMERS = ("Blauhafen & Töchter", "Nordwerk", "Østkamm")
LEVELS = ("company", "segment:industry")
QUANTILES = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
SIZES = {
    "strategy": 2,
    "discounting": 3,
    "customer": len(CUSTOMERS),
    "level": len(LEVELS),
    "path": 200,
    "period": 8,
    "quantile": len(QUANTILES),
}
SHAPES = {
    "npv": "strategy discounting customer path",
    "level_npv": "strategy discounting level path",
    "horizon_value": "strategy discounting customer path",
    "npv_fresh": "strategy discounting customer path",
    "cash_flow": "strategy period path",
    "sales": "strategy period path",
    **{
        f"customer_{q}_mean": "strategy customer period"
        for q in ("cash_flow", "sales", "wallet", "share", "active")
    },
    **{
        f"customer_{q}_band": "strategy quantile customer period"
        for q in ("cash_flow", "sales", "wallet", "share")
    },
    **{
        f"total_{q}_band": "strategy quantile period"
        for q in ("cash_flow", "sales", "wallet", "share", "active")
    },
    "customer_active_count": "strategy customer period",
    "cost_of_capital": "path",
    "risk_free_rate": "path",
    "market_index": "period path",
    "deflator": "period path",
    "inflation_index": "period path",
}
ATTRIBUTES = {
    "crcsim_version": "0.1.0",
    "stream_version": 1,
    "seed": 7,
    "paths": SIZES["path"],
    "band_paths": SIZES["path"],
    "currency": "EUR",
    "headline": "wacc",
    "periods_per_year": 4,
    "central_cost_of_capital": 0.08,
    "central_risk_free_rate": 0.03,
    "central_market_premium": 0.05,
    "central_asset_beta": 0.9,
    "central_capm_gap": 0.001,
    "scenario_text": "crcsim: 1\n# größer\n",
    "preview": True,
}


def make_result(seed=1):
    """Random numbers in the shape of a result, ordered along `quantile`, NaN where a result may have them."""
    generator = np.random.default_rng(seed)
    variables = {}
    for name, dims in SHAPES.items():
        values = generator.normal(100.0, 40.0, [SIZES[dim] for dim in dims.split()])
        variables[name] = (dims.split(), np.sort(values, axis=1) if "quantile" in dims else values)
    variables["customer_share_mean"][1][0, 0, -1] = np.nan
    ends = ("strategy", "customer", "path")
    shape = [SIZES[dim] for dim in ends]
    cause = generator.integers(0, 5, shape)
    variables["end_cause"] = (ends, cause.astype(np.int8))
    variables["end_period"] = (ends, np.where(cause > 0, generator.integers(1, 9, shape), 0).astype(np.int16))
    return xr.Dataset(
        variables,
        coords={
            "strategy": ["baseline", "act_now"],
            "discounting": ["wacc", "risk_free", "deflator"],
            "customer": list(CUSTOMERS),
            "level": list(LEVELS),
            "path": np.arange(SIZES["path"]),
            "period": np.arange(1, SIZES["period"] + 1),
            "quantile": list(QUANTILES),
            "years": ("period", np.arange(1, SIZES["period"] + 1) / 4),
            "segment": ("customer", ["industry", "", "industry"]),
            "geography": ("customer", ["north", "north", "south"]),
            "phase": ("customer", ["growth", "maturity", "prospect"]),
            "assumed_beta": ("customer", [1.1, 0.8, 1.0]),
        },
        attrs=ATTRIBUTES,
    )
