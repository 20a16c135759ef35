"""Results with items, consistent by construction, from signed amounts by customer, level and product."""

import numpy as np
import xarray as xr

from crcsim.costing.items import ITEMS

PHASES = ("prospect", "build_up", "growth", "maturity", "decline")
DISCOUNTINGS = ("wacc", "risk_free", "deflator")


def item_coordinates(items):
    """The labels of items as a result carries them."""
    return {
        "item": list(items),
        "item_line": ("item", [ITEMS[key].line for key in items]),
        "item_level": ("item", [ITEMS[key].level for key in items]),
        "item_sign": ("item", [ITEMS[key].sign for key in items]),
    }


def item_values(bearer, values, recorded):
    """Variables of one kind of bearer from present values [bearer, item, path] of one strategy."""
    name, paths = f"{bearer}_item_npv", values.shape[-1]
    error = values.std(axis=-1, ddof=1) / np.sqrt(paths) if paths > 1 else np.full(values.shape[:2], np.nan)
    return {
        name: (("strategy", bearer, "item", "recorded_path"), values[None, ..., :recorded]),
        f"{name}_mean": (("strategy", bearer, "item"), values.mean(axis=-1)[None]),
        f"{name}_mean_standard_error": (("strategy", bearer, "item"), error[None]),
    }


def phase_values(phases):
    """The variable by phase of the relation from means [customer, phase, item] of one strategy."""
    dims = ("strategy", "customer", "relation_phase", "item")
    return {"customer_phase_item_npv_mean": (dims, np.asarray(phases, dtype=float)[None])}


def split_by_phase(customers, items, shares):
    """Means [customer, phase, item] from those over all phases [customer, item] and shares of phases."""
    customers = np.where([key == "horizon_value" for key in items], 0.0, customers)
    return np.asarray(shares)[:, None] * customers[:, None]


def cascade_result(
    items,
    customers,
    levels=None,
    products=None,
    flows=None,
    level_flows=None,
    recorded=None,
    phases=None,
    **more,
):
    """A result of one strategy from present values [customer, item, path] and [level, item, path].

    `products` [product, item, path]; `phases` [customer, phase of the relation, item] are means; `flows`
    [customer, period, item] and `level_flows` are means by period. `more`: names of the customers, levels and
    products, segments, geographies, years of the periods, and attributes.
    """
    customers = np.asarray(customers, dtype=float)
    count, size, paths = customers.shape
    levels = np.zeros((0, size, paths)) if levels is None else np.asarray(levels, dtype=float)
    products = np.zeros((0, size, paths)) if products is None else np.asarray(products, dtype=float)
    flows = np.zeros((count, 1, size)) if flows is None else np.asarray(flows, dtype=float)
    level_flows = np.zeros((len(levels), flows.shape[1], size)) if level_flows is None else level_flows
    level_flows, recorded = np.asarray(level_flows, dtype=float), recorded or paths
    sums = flows.sum(axis=2)
    total = sums.sum(axis=0) + level_flows.sum(axis=(0, 2))
    variables = {
        "npv": (("strategy", "discounting", "customer", "path"), _repeated(customers.sum(axis=1))),
        "level_npv": (("strategy", "discounting", "level", "path"), _repeated(levels.sum(axis=1))),
        "item_npv": (("strategy", "item", "path"), (customers.sum(axis=0) + levels.sum(axis=0))[None]),
        **item_values("customer", customers, recorded),
        **item_values("level", levels, recorded),
        **item_values("product", products, recorded),
        "customer_item_mean": (("strategy", "customer", "period", "item"), flows[None]),
        "level_item_mean": (("strategy", "level", "period", "item"), level_flows[None]),
        "customer_cash_flow_mean": (("strategy", "customer", "period"), sums[None]),
        "cash_flow": (("strategy", "period", "path"), np.repeat(total[:, None], paths, axis=1)[None]),
    }
    if phases is not None:
        variables |= phase_values(phases)
    names = more.pop("customer", [f"customer {place}" for place in range(count)])
    periods = flows.shape[1]
    coords = {
        "strategy": ["baseline"],
        "discounting": list(DISCOUNTINGS),
        "customer": names,
        "level": more.pop("level", ["company", "segment:industry"][: len(levels)]),
        "product": more.pop("product", [f"product {place}" for place in range(len(products))]),
        "path": np.arange(paths),
        "recorded_path": np.arange(recorded),
        "period": np.arange(1, periods + 1),
        "years": ("period", np.arange(1, periods + 1) / more.get("periods_per_year", 1)),
        "segment": ("customer", more.pop("segment", [""] * count)),
        "geography": ("customer", more.pop("geography", [""] * count)),
        **item_coordinates(items),
        **({} if phases is None else {"relation_phase": list(PHASES)}),
    }
    attributes = {"currency": "EUR", "headline": "wacc", "paths": paths, "periods_per_year": 1}
    return xr.Dataset(variables, coords, attributes | more)


def _repeated(values):
    return np.broadcast_to(values, (1, len(DISCOUNTINGS), *values.shape)).copy()


def normal_cascade(generator, paths, recorded=None):
    """Three customers, one company level, two products: lines jointly normal, so is the portfolio."""
    items = (
        "gross_sales",
        "sales_deductions",
        "material",
        "other_direct",
        "other_direct:order",
        "indirect_administration:order",
        "indirect_administration:idle",
        "indirect_add_back",
        "receivables",
        "tax",
        "investment",
        "indirect_administration:company",
    )
    market = generator.standard_normal(paths)
    sales = np.array([100.0, 60.0, 30.0])[:, None] * (
        1.0 + 0.2 * market + 0.1 * generator.standard_normal((3, paths))
    )

    def noisy(scale):
        return scale * generator.standard_normal((3, paths))

    lines = [
        sales,
        -0.05 * sales,
        -0.4 * sales + noisy(4.0),
        -8.0 + noisy(1.0),
        -0.03 * sales,
        -0.05 * sales + noisy(0.5),
        -2.0 + noisy(0.3),
        1.0 + noisy(0.1),
        -0.02 * sales,
        -0.1 * sales + 1.0,
        -5.0 + noisy(0.2),
        np.zeros((3, paths)),
    ]
    customers = np.stack(lines, axis=1)
    levels = np.zeros((1, len(items), paths))
    levels[0, -1] = -20.0 + generator.standard_normal(paths)
    levels[0, items.index("tax")] = 0.25 * 20.0
    products = np.zeros((2, len(items), paths))
    for place in (0, 1, 2):
        split = 0.7 * customers[:, place].sum(axis=0)
        products[:, place] = split, customers[:, place].sum(axis=0) - split
    return cascade_result(
        items,
        customers,
        levels,
        products,
        recorded=recorded,
        segment=["industry", "marine", "industry"],
        geography=["north", "north", ""],
    )


_SPLIT = {  # shares of sales
    "gross_sales": 1.0,
    "price_concessions": -0.02,
    "sales_deductions": -0.05,
    "material": -0.3,
    "production": -0.1,
    "variable_add_back": 0.01,
    "depreciation": -0.02,
    "other_direct:order": -0.03,
    "direct_add_back": 0.02,
    "indirect_administration:order": -0.04,
    "indirect_administration:customer": -0.02,
    "notice_costs": -0.01,
    "receivables": -0.02,
    "tax": -0.1,
    "investment": -0.07,
}


def with_items(result, recorded=1_000):
    """A result that gains items: sales are what makes these shares of them add up to each value and flow."""
    items = (*_SPLIT, "indirect_administration:company")
    shares = np.array([*_SPLIT.values(), 0.0]) / sum(_SPLIT.values())
    company = np.zeros(len(items))
    company[-1], company[items.index("tax")] = 4.0 / 3.0, -1.0 / 3.0
    npv, level_npv = (result[name].sel(discounting="wacc").values[0] for name in ("npv", "level_npv"))
    customers, levels = (
        values[:, None] * split[:, None] for values, split in ((npv, shares), (level_npv, company))
    )
    flows = result["customer_cash_flow_mean"].values[0]
    rest = result["cash_flow"].values[0].mean(axis=1) - flows.sum(axis=0)
    of_products = np.array(
        [key in ("gross_sales", "sales_deductions", "material", "production") for key in items]
    )
    sold = customers.sum(axis=0) * of_products[:, None]
    sold[0] += customers.sum(axis=0)[1]  # products know sales after concessions
    variables = {
        "item_npv": (("strategy", "item", "path"), (customers.sum(axis=0) + levels.sum(axis=0))[None]),
        **item_values("customer", customers, recorded),
        **item_values("level", levels, recorded),
        **item_values("product", np.stack([0.8 * sold, 0.2 * sold]), recorded),
        **phase_values(
            split_by_phase(customers[..., :recorded].mean(axis=-1), items, (0.0, -0.2, 0.5, 0.7, 0.0))
        ),
        "customer_item_mean": (("strategy", "customer", "period", "item"), (flows[..., None] * shares)[None]),
        "level_item_mean": (("strategy", "level", "period", "item"), (rest[:, None] * company)[None, None]),
    }
    coordinates = {"product": ["coating", "service"], "recorded_path": np.arange(recorded)}
    coordinates["relation_phase"] = list(PHASES)
    return result.assign(variables).assign_coords(coordinates | item_coordinates(items))
