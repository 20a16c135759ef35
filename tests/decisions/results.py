"""Results made by hand with known distributions, as two runs of the engine would hold them."""

import json

import numpy as np
import xarray as xr

DISCOUNTINGS = ("wacc", "risk_free", "deflator")
ATTRIBUTES = {
    "currency": "EUR",
    "headline": "wacc",
    "valuation_date": "2026-01-01",
    "seed": "7",
    "stream_version": 1,
    "periods_per_year": 4,
    "crcsim_version": "0.1.0",
}


def result_of(customers, levels=None, scenario=None, **attributes):
    """A result whose customers and levels have these values {name: [path]} or {name: [strategy, path]}.

    The values are the same under every discounting; `scenario` is its resolved document.
    """
    levels = levels or {}
    blocks = {
        "npv": np.stack([np.atleast_2d(values) for values in customers.values()], axis=1),
        "level_npv": np.stack([np.atleast_2d(values) for values in levels.values()], axis=1)
        if levels
        else np.zeros((np.atleast_2d(next(iter(customers.values()))).shape[0], 0, 0)),
    }
    strategies, _, paths = blocks["npv"].shape
    blocks["level_npv"] = blocks["level_npv"].reshape(strategies, len(levels), paths)
    dims = {"npv": "customer", "level_npv": "level"}
    variables = {
        name: (("strategy", "discounting", dims[name], "path"), np.repeat(block[:, None], 3, axis=1))
        for name, block in blocks.items()
    }
    stated = {} if scenario is None else {"scenario_resolved": json.dumps(scenario)}
    return xr.Dataset(
        variables,
        coords={
            "strategy": ["baseline", "act now", "wait"][:strategies],
            "discounting": list(DISCOUNTINGS),
            "customer": list(customers),
            "level": list(levels),
            "path": np.arange(paths),
        },
        attrs=ATTRIBUTES | stated | attributes,
    )


def with_items(result, customers, levels=None, recorded=None):
    """The result with items of the cascade {customer: {item: [path]}}, on the first `recorded` paths."""
    levels = levels or {}
    keys = list(dict.fromkeys(key for each in (*customers.values(), *levels.values()) for key in each))
    paths = result.sizes["path"]
    recorded = paths if recorded is None else recorded
    total = np.zeros((1, len(keys), paths))
    variables = {}
    for dim, bearers in (("customer", customers), ("level", levels)):
        names = [str(name) for name in result[dim].values]
        cube = np.zeros((1, len(names), len(keys), paths))
        for name, items in bearers.items():
            for key, values in items.items():
                cube[0, names.index(name), keys.index(key)] = values
        total += cube.sum(axis=1)
        shape = ("strategy", dim, "item")
        variables[f"{dim}_item_npv"] = ((*shape, "recorded_path"), cube[..., :recorded])
        variables[f"{dim}_item_npv_mean"] = (shape, cube.mean(axis=-1))
        error = cube.std(axis=-1, ddof=1) / np.sqrt(paths)
        variables[f"{dim}_item_npv_mean_standard_error"] = (shape, error)
    variables["item_npv"] = (("strategy", "item", "path"), total)
    return result.assign(variables).assign_coords(item=keys, recorded_path=np.arange(recorded))


def with_products(products, recorded=500, **attributes):
    """A result whose products earn these values {name: [path]}, half of it as sales, half as a cost saved."""
    total = sum(products.values())
    items = np.stack([np.stack([0.5 * each, 0.5 * each]) for each in products.values()])[None]
    made = result_of({"N": total}, **attributes)
    return made.assign(
        product_item_npv=(("strategy", "product", "item", "recorded_path"), items[..., :recorded]),
        product_item_npv_mean=(("strategy", "product", "item"), items.mean(axis=-1)),
    ).assign_coords(
        product=list(products), item=["gross_sales", "material"], recorded_path=np.arange(recorded)
    )
