"""A made-up result whose items are booked by hand: flows by period, discounted on every path."""

import json

import numpy as np
import xarray as xr

from crcsim.costing.items import ITEMS

DISCOUNTINGS = ("wacc", "risk_free", "deflator")


def booked(customers, years, rates, /, *, levels=None, residual=None, risk_free=0.03, **more):
    """A result from signed flows by item.

    `customers` and `levels`: {name: {item: [period] or [period, path]}}; `residual`: {customer: [path]} value
    today after the last period; `rates` [path]. `more`: resolved sections, attributes in capitals.
    """
    years, rates = np.asarray(years, dtype=float), np.asarray(rates, dtype=float)
    levels, residual = levels or {}, residual or {}
    paths, bearers = len(rates), {**customers, **levels}
    used = {key for items in bearers.values() for key in items} | ({"horizon_value"} if residual else set())
    keys = [key for key in ITEMS if key in used]
    flows = np.zeros((len(bearers), len(keys), len(years), paths))
    for row, items in enumerate(bearers.values()):
        for key, amounts in items.items():
            amounts = np.asarray(amounts, dtype=float)
            flows[row, keys.index(key)] = amounts[:, None] if amounts.ndim == 1 else amounts
    later = np.zeros((len(customers), paths))
    for row, name in enumerate(customers):
        later[row] = residual.get(name, 0.0)
    safe = np.full(paths, risk_free)
    factors = [(1.0 + each) ** -years[:, None] for each in (rates, safe, rates)]
    split = len(customers)
    cash = flows.sum(axis=1)
    npv = np.stack([(cash * factor).sum(axis=1) for factor in factors])
    npv[:, :split] += later
    values = (flows * factors[0]).sum(axis=2)
    if residual:
        values[:split, keys.index("horizon_value")] = later
    sizes = {"customer": slice(split), "level": slice(split, None)}
    variables = {
        "npv": (("discounting", "customer", "path"), npv[:, :split]),
        "level_npv": (("discounting", "level", "path"), npv[:, split:]),
        "cash_flow": (("period", "path"), cash.sum(axis=0)),
        "item_npv": (("item", "path"), values.sum(axis=0)),
        "customer_cash_flow_mean": (("customer", "period"), cash[:split].mean(axis=-1)),
    }
    if residual:
        variables["horizon_value"] = (("discounting", "customer", "path"), np.stack([later] * 3))
    for bearer, rows in sizes.items():
        variables[f"{bearer}_item_npv"] = ((bearer, "item", "recorded_path"), values[rows])
        variables[f"{bearer}_item_npv_mean"] = ((bearer, "item"), values[rows].mean(axis=-1))
        mean = flows[rows].mean(axis=-1).transpose(0, 2, 1)
        variables[f"{bearer}_item_mean"] = ((bearer, "period", "item"), mean)
    made = xr.Dataset(
        {name: (("strategy", *dims), np.asarray(array)[None]) for name, (dims, array) in variables.items()},
        {
            "strategy": ["baseline"],
            "discounting": list(DISCOUNTINGS),
            "customer": list(customers),
            "level": list(levels),
            "path": np.arange(paths),
            "recorded_path": np.arange(paths),
            "period": np.arange(1, len(years) + 1),
            "years": ("period", years),
            "item": keys,
        },
        {"currency": "EUR", "headline": "wacc", "periods_per_year": 1},
    )
    made["cost_of_capital"], made["risk_free_rate"] = ("path", rates), ("path", safe)
    made.attrs["scenario_resolved"] = json.dumps(more)
    return made
