"""Statements of a simulated result: costing, contribution and cash flow of its customers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from crcsim.costing.items import (
    SIMULATED_CASH_FLOW,
    SIMULATED_CONTRIBUTION,
    SIMULATED_COSTING,
    statement_amounts,
)
from crcsim.costing.lines import Form, Line
from crcsim.errors import ArgumentError, NumericError
from crcsim.measures.item_checks import check_flows, check_products, check_values
from crcsim.measures.item_values import (
    COLUMNS_OF_VALUE,
    Columns,
    columns_of_value,
    item_keys,
    require_same,
)
from crcsim.measures.phase_columns import PHASE, check_phases, phase_columns
from crcsim.measures.time_columns import TIMES, flow_columns
from crcsim.measures.values import headline

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["BY", "FORMS", "check_statement", "statement"]

Floats = NDArray[np.float64]

#: The statements of customers by name (SOURCES C9, C7, C1).
FORMS: Mapping[str, Form] = {
    "cash-flow": SIMULATED_CASH_FLOW,
    "contribution": SIMULATED_CONTRIBUTION,
    "costing": SIMULATED_COSTING,
}
#: The columns into which a statement can be split.
BY = (*COLUMNS_OF_VALUE, *TIMES, PHASE)

#: Present values of a cash flow go on to the value of the customer.
_VALUE = (Line("horizon_value", 1, "value after the last period"), Line("value", 0, "customer value"))


def statement(
    dataset: xr.Dataset, form: str = "cash-flow", by: str = "total", customer: str | None = None
) -> xr.Dataset:
    """A statement of the customers of a result: `amount` [strategy, line, column] in its currency.

    `form`: "cash-flow" (diagram 4), "contribution" (diagram 3) or "costing" (diagram 1). Amounts are positive
    where the form adds or subtracts them (coordinate `sign`); lines of sign 0 are sums of all lines above.

    `by` "total", "customer", "segment", "geography", "product": mean present values over all paths at the
    headline discounting, with `amount_standard_error` (spread of the recorded paths, number of all paths);
    what no product causes stands in "(no product)". `by` "period" or "year": mean flows over all paths, the
    total being their undiscounted sum. `by` "phase": present values of the flows in each phase of the
    relation in which anything is booked, the total being that of all flows, without the value after the last
    period: means over the recorded paths. These have no standard errors. `customer`: of one customer only.

    Checked to 1e-9 of the sum of absolute lines, NumericError where not so: subtotals, totals over columns,
    customers' items against `npv` and `customer_cash_flow_mean`, phases against customers' items,
    contribution II in all three forms. Raises CrcsimError for a result without items, products or phases, or
    an unknown customer, ArgumentError for another `form` or `by`.
    Levels: `company_statement`. Source: SOURCES C1, C7, C8, C9; MODEL 8.
    """
    if form not in FORMS:
        raise ArgumentError(f"form must be one of {', '.join(FORMS)}, not {form!r}")
    keys, lines = item_keys(dataset), FORMS[form]
    if by in TIMES:
        check_flows(dataset)
        names, kinds, means = flow_columns(dataset, by, customer)
        errors = None
    elif by == PHASE:
        check_values(dataset)
        check_phases(dataset)
        names, kinds, means = phase_columns(dataset, customer)
        errors = None
    else:
        columns = columns_of_value(dataset, by, customer)
        check_values(dataset)
        if by == "product":
            check_products(dataset)
        if form == "cash-flow" and "horizon_value" in keys:
            lines = (*lines, *_VALUE)
        names, kinds, means = columns.names, columns.kinds, columns.means(dataset)
        errors = _standard_errors(dataset, lines, keys, columns)
    amounts = _amounts(lines, keys, np.moveaxis(means, -1, 0))
    found = as_dataset(dataset, lines, (names, kinds), np.stack(list(amounts.values()), axis=1), by, errors)
    found.attrs |= {"form": form, "by": by, "customer": customer or ""}
    _check_forms(keys, np.moveaxis(means, -1, 0))
    check_statement(found)
    return found


def _amounts(lines: Form, keys: tuple[str, ...], items: Floats) -> dict[str, Floats]:
    """Lines from items [item, ...]."""
    return statement_amounts(lines, dict(zip(keys, items, strict=True)), np.zeros(items.shape[1:]))


def _standard_errors(dataset: xr.Dataset, lines: Form, keys: tuple[str, ...], columns: Columns) -> Floats:
    """Of every line and column [strategy, line, column]: paths are summed before their spread is taken."""
    strategies = range(dataset.sizes["strategy"])
    found = [
        [
            spread_of_mean(_amounts(lines, keys, columns.paths(dataset, strategy, column)), dataset)
            for column in range(len(columns.names))
        ]
        for strategy in strategies
    ]
    return np.moveaxis(np.array(found), 1, 2)


def spread_of_mean(lines: Mapping[str, Floats], dataset: xr.Dataset) -> list[float]:
    """Standard errors of means over all paths from lines [recorded_path]; NaN for a single path."""
    if dataset.sizes["recorded_path"] < 2:
        return [float("nan")] * len(lines)
    root = np.sqrt(dataset.sizes["path"])
    return [float(np.std(values, ddof=1) / root) for values in lines.values()]


def as_dataset(
    dataset: xr.Dataset,
    lines: Form,
    columns: tuple[tuple[str, ...], tuple[str, ...]],
    amounts: Floats,
    by: str,
    errors: Floats | None,
) -> xr.Dataset:
    """A statement from amounts [strategy, line, column] and their standard errors, where there are any.

    By period and year, `by`, they are flows, else present values.
    """
    import xarray as xr

    money, dims = str(dataset.attrs["currency"]), ("strategy", "line", "column")
    words = "mean flow over all paths" if by in TIMES else "mean present value"
    if by == PHASE:
        words = "mean present value over the recorded paths"
    variables: dict[str, Any] = {"amount": (dims, amounts, {"long_name": words, "units": money})}
    attributes = {"basis": words, "currency": money, "paths": dataset.sizes["path"]}
    if by not in TIMES:
        attributes["discounting"] = headline(dataset)
    if errors is not None:
        text = {"long_name": "standard error of amount", "units": money}
        variables["amount_standard_error"] = (dims, errors, text)
        attributes["recorded_paths"] = dataset.sizes["recorded_path"]
    coords = {
        "strategy": dataset["strategy"].values,
        "line": [line.key for line in lines],
        "label": ("line", [line.label for line in lines]),
        "sign": ("line", [line.sign for line in lines]),
        "column": list(columns[0]),
        "kind": ("column", list(columns[1])),
    }
    return xr.Dataset(variables, coords, attributes)


def check_statement(found: xr.Dataset) -> None:
    """Raise NumericError where a subtotal is not the sum of the lines above it, or a total of its columns."""
    amounts = found["amount"].transpose("line", "strategy", "column").values
    signs = found["sign"].values[:, None, None]
    above, scale = np.cumsum(signs * amounts, axis=0), np.cumsum(np.abs(signs * amounts), axis=0)
    for place in np.flatnonzero(found["sign"].values == 0):
        label = str(found["label"].values[place])
        require_same(f"The lines above {label}", above[place], amounts[place], scale[place])
    if found["kind"].values[-1] == "total" and amounts.shape[-1] > 1:
        parts, whole = amounts[..., :-1], amounts[..., -1]
        scale_of_columns = np.abs(parts).sum(axis=-1) + scale[-1][:, -1]
        require_same("The columns and their total", parts.sum(axis=-1), whole, scale_of_columns)
    if not np.isfinite(amounts).all():
        raise NumericError("A statement holds amounts that are not finite.")


#: What diagram 4 adds back up to contribution II.
_ADDED = ("variable_add_back", "direct_add_back", "indirect_add_back", "notice_add_back")


def _check_forms(keys: tuple[str, ...], items: Floats) -> None:
    """No item falls out: the cash flow holds them all, and all forms lead to the same contribution II."""
    effective, scale = _amounts(SIMULATED_CASH_FLOW, keys, items), np.abs(items).sum(axis=0)
    paid = items[[key != "horizon_value" for key in keys]].sum(axis=0)
    require_same("All items and the customer cash flow", paid, effective["cash_flow"], scale)
    added = sum((effective[line] for line in _ADDED), np.zeros(scale.shape)) - effective["notice_costs"]
    expected = effective["payment_effective_contribution_2"] - added
    for name in ("contribution", "costing"):
        contribution = _amounts(FORMS[name], keys, items)["customer_contribution_2"]
        require_same("Contribution II in two forms", contribution, expected, scale)
