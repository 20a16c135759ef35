"""The cascade of a run as labelled variables: series of the kernel become items of bearers."""

from __future__ import annotations

from typing import Any

import numpy as np

from crcsim.compile.program import Program
from crcsim.costing.items import ITEMS
from crcsim.engine.memory import zeroed
from crcsim.kernels.arrays import Floats, Items, Sums
from crcsim.kernels.rows import PHASES

__all__ = [
    "HORIZON_ITEM",
    "add_horizon_items",
    "item_coordinates",
    "item_store",
    "item_variables",
]

HORIZON_ITEM = "horizon_value"


def item_store(program: Program, paths: int, recorded: int, *, by_period: bool) -> Items:
    """Empty items, all with a leading axis of strategies: of the portfolio on all paths, of customers, levels
    and products on the recorded ones.
    """
    s, items, strategies = program.structure, len(program.items), len(program.strategies)
    return Items(
        total=zeroed(strategies, items, paths),
        customers=zeroed(strategies, s.customers.shape[1], items, recorded),
        levels=zeroed(strategies, len(program.levels), items, recorded),
        products=zeroed(strategies, len(program.products), items, recorded),
        cash_flow=zeroed(strategies, items, s.periods, recorded if by_period else 0),
    )


def add_horizon_items(program: Program, items: Items, horizon_value: Floats) -> None:
    """The value after the horizon [strategy, discounting, customer, path] is an item, and no flow."""
    if not program.structure.horizon:
        return
    item, recorded = program.items.index(HORIZON_ITEM), items.customers.shape[3]
    for strategy, values in enumerate(horizon_value[:, program.structure.headline]):
        for customer, value in enumerate(values):
            items.total[strategy, item] += value
            items.customers[strategy, customer, item] = value[:recorded]


def item_variables(
    program: Program, items: Items, totals: Sums, horizon_value: Floats, paths: int
) -> dict[str, Any]:
    """Item variables of the registry; means are taken over all paths, their standard errors from the spread
    over the recorded ones.
    """
    recorded = {"customer": items.customers, "level": items.levels, "product": items.products}
    found: dict[str, Any] = {"item_npv": (("strategy", "item", "path"), items.total)}
    for name, kept in recorded.items():
        mean = _by_bearer(program, name, kept.shape[1], totals.series_values[..., np.newaxis])[..., 0] / paths
        if name == "customer" and program.structure.horizon:
            horizon = horizon_value[:, program.structure.headline]
            mean[..., program.items.index(HORIZON_ITEM)] = horizon.mean(axis=-1)
        if name == "product" and "tax" in program.items:  # of what a product earns, stated before tax
            kept[:, :, program.items.index("tax")], mean[..., program.items.index("tax")] = 0.0, 0.0
        dims = ("strategy", name, "item")
        found[f"{name}_item_npv"] = ((*dims, "recorded_path"), kept)
        found[f"{name}_item_npv_mean"] = (dims, mean)
        found[f"{name}_item_npv_mean_standard_error"] = (dims, _standard_error(kept, paths))
    flows = totals.series_flows.swapaxes(1, 2)
    for name in ("customer", "level"):
        mean = _by_bearer(program, name, recorded[name].shape[1], flows) / paths
        by_period = np.ascontiguousarray(mean.swapaxes(2, 3))
        found[f"{name}_item_mean"] = (("strategy", name, "period", "item"), by_period)
    by_phase = _by_bearer(program, "customer", items.customers.shape[1], totals.series_phases.swapaxes(1, 2))
    by_phase /= items.customers.shape[3]
    by_phase = np.ascontiguousarray(by_phase.swapaxes(2, 3))
    found["customer_phase_item_npv_mean"] = (("strategy", "customer", "relation_phase", "item"), by_phase)
    if items.cash_flow.size:
        found["item_cash_flow"] = (("strategy", "item", "period", "recorded_path"), items.cash_flow)
    return found


def item_coordinates(program: Program, items: Items) -> dict[str, Any]:
    """Coordinates of items, products and recorded paths."""
    booked = [ITEMS[key] for key in program.items]
    return {
        "item": list(program.items),
        "item_line": ("item", [item.line for item in booked]),
        "item_level": ("item", [item.level for item in booked]),
        "item_sign": ("item", np.array([item.sign for item in booked], dtype=np.int64)),
        "product": list(program.products),
        "relation_phase": list(PHASES),
        "recorded_path": np.arange(items.customers.shape[3], dtype=np.int64),
    }


def _by_bearer(program: Program, kind: str, size: int, totals: Floats) -> Floats:
    """Items of bearers from totals of series: [strategy, bearer, item, x] from [strategy, series, x]."""
    cascade = program.cascade
    found = np.zeros((totals.shape[0], size, len(program.items), totals.shape[2]))
    for series in range(cascade.bearer.shape[0]):
        bearer, product = int(cascade.bearer[series]), int(cascade.product[series])
        place = {"customer": bearer, "level": -1 - bearer, "product": product}[kind]
        if place >= 0:
            for entry in range(cascade.start[series], cascade.start[series + 1]):
                found[:, place, cascade.item[entry]] += cascade.coefficient[entry] * totals[:, series]
    return found


def _standard_error(kept: Floats, paths: int) -> Floats:
    """Standard error of a mean over `paths`, from the spread over the recorded ones; NaN with one path."""
    if kept.shape[-1] < 2:
        return np.full(kept.shape[:-1], np.nan)
    found = np.zeros(kept.shape[:-1])
    for place in np.ndindex(*kept.shape[:-1]):  # one row at a time: many are 0, and none needs a copy of all
        if kept[place].any():
            found[place] = np.std(kept[place], ddof=1) / np.sqrt(paths)
    return found
