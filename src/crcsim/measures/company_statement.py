"""The company below its customers: their contribution, costs of segments and company, cash flow, value."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from crcsim.costing.company_result import (
    COMPANY_CASH_FLOW,
    COMPANY_VALUE,
    SHAREHOLDER_VALUE,
    company_amounts,
)
from crcsim.costing.lines import Form
from crcsim.errors import ArgumentError
from crcsim.measures.item_checks import check_flows, check_values
from crcsim.measures.item_values import columns_of_value, item_keys, require_same
from crcsim.measures.statements import as_dataset, check_statement, spread_of_mean
from crcsim.measures.time_columns import TIMES, flow_columns, in_columns
from crcsim.measures.values import headline

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["company_statement", "shareholder_terms"]

Floats = NDArray[np.float64]


def shareholder_terms(dataset: xr.Dataset) -> dict[str, float] | None:
    """Marketable securities and market value of debt of the scenario, in currency; None where not stated."""
    resolved = json.loads(str(dataset.attrs.get("scenario_resolved", "{}")))
    stated = resolved.get("shareholder_value")
    if not stated:
        return None
    return {name: float(stated[name]) for name in ("securities", "debt")}


def company_statement(dataset: xr.Dataset, by: str = "total") -> xr.Dataset:
    """From contribution II of all customers to the company: `amount` [strategy, line, column].

    `by` "total": mean present values with `amount_standard_error`, on to the value of the portfolio, and to
    shareholder value where the scenario states securities and debt. `by` "period" or "year": mean flows down
    to the cash flow of the portfolio. Costs of no customer stand at the segment or company that bears them.

    Checked as in `statement`, and against `cash_flow` and the portfolio's value; raises NumericError where
    they differ, CrcsimError for a result without items, ArgumentError for another `by`. Source: SOURCES C6,
    C8, C13; MODEL 9.
    """
    if by not in ("total", *TIMES):
        raise ArgumentError(f"by must be one of total, {', '.join(TIMES)}, not {by!r}")
    keys, names = item_keys(dataset), [str(name) for name in dataset["level"].values]
    errors, stated = None, None
    if by in TIMES:
        check_flows(dataset)
        form, (heads, kinds, customers) = COMPANY_CASH_FLOW, flow_columns(dataset, by)
        flows = dataset["level_item_mean"].transpose("level", "strategy", "period", "item").values
        levels = [in_columns(dataset, by, flow)[2] for flow in flows]
    else:
        check_values(dataset)
        heads, kinds, stated = ("total",), ("total",), shareholder_terms(dataset)
        form = SHAREHOLDER_VALUE if stated else COMPANY_VALUE
        customers = columns_of_value(dataset, "total").means(dataset)
        means = dataset["level_item_npv_mean"].transpose("level", "strategy", "item").values
        levels = list(means[:, :, None])
        errors = _standard_errors(dataset, form, keys, names)
    amounts = _amounts(form, keys, np.moveaxis(customers, -1, 0), _named(names, levels), stated)
    found = as_dataset(dataset, form, (heads, kinds), np.stack(list(amounts.values()), axis=1), by, errors)
    _check_bottom(dataset, found, by)
    check_statement(found)
    return found.assign_attrs(form="company", by=by)


def _named(names: list[str], levels: list[Floats]) -> list[tuple[str, Floats]]:
    """Levels with their items in front [item, ...]."""
    return [(name, np.moveaxis(items, -1, 0)) for name, items in zip(names, levels, strict=True)]


def _amounts(
    form: Form,
    keys: tuple[str, ...],
    customers: Floats,
    levels: list[tuple[str, Floats]],
    stated: Mapping[str, float] | None,
) -> dict[str, Floats]:
    nothing = np.zeros(customers.shape[1:])
    return company_amounts(
        form,
        dict(zip(keys, customers, strict=True)),
        [(name, dict(zip(keys, items, strict=True))) for name, items in levels],
        nothing,
        {name: nothing + value for name, value in (stated or {}).items()},
    )


def _standard_errors(dataset: xr.Dataset, form: Form, keys: tuple[str, ...], names: list[str]) -> Floats:
    """Of every line [strategy, line, 1]; what is stated has none and adds none."""
    columns, found = columns_of_value(dataset, "total"), []
    recorded = dataset["level_item_npv"].transpose("strategy", "level", "item", "recorded_path").values
    for strategy in range(dataset.sizes["strategy"]):
        levels = list(zip(names, recorded[strategy], strict=True))
        customers = columns.paths(dataset, strategy, 0)
        found.append(spread_of_mean(_amounts(form, keys, customers, levels, None), dataset))
    return np.array(found)[:, :, None]


def _check_bottom(dataset: xr.Dataset, found: xr.Dataset, by: str) -> None:
    """The last line that is simulated against what the result says about it."""
    amounts = found["amount"]
    scale = abs(amounts).sum("line").values
    if by == "total":
        npv = dataset[["npv", "level_npv"]].sel(discounting=headline(dataset)).mean("path")
        value = npv["npv"].sum("customer") + npv["level_npv"].sum("level")
        shown = amounts.sel(line="portfolio_value").values
        require_same(
            "The company's lines and the value of the portfolio", shown, value.values[:, None], scale
        )
        return
    flows = dataset["cash_flow"].mean("path").transpose("strategy", "period").values[..., None]
    own = in_columns(dataset, by, flows)[2][..., 0]
    shown = amounts.sel(line="portfolio_cash_flow").transpose("strategy", "column").values
    require_same("The company's lines and the cash flow of the portfolio", shown, own, scale)
