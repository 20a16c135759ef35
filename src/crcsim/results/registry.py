"""Every variable of a result: name, dimensions, unit, meaning and source, in one place.

The registry describes a Dataset (`describe` attaches units and meanings), checks it (`problems`) and prints
the reference page (`table`). "currency" in a unit stands for the currency of the result.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["REGISTRY", "Variable", "describe", "problems", "table"]


@dataclass(frozen=True)
class Variable:
    """One data variable or coordinate of a result."""

    name: str
    dims: tuple[str, ...]
    unit: str
    meaning: str
    source: str = "MODEL 9"
    kind: str = "f"  # f floating point, i integer, U text
    required: bool = True
    nan_allowed: bool = False
    coordinate: bool = False

    def unit_in(self, currency: str) -> str:
        """The unit with the result's own currency in it."""
        return self.unit.replace("currency", currency)


_VALUE = ("strategy", "discounting", "customer", "path")
_ENDS = ("strategy", "customer", "path")
_TOTALS = ("strategy", "period", "path")
_MEAN = ("strategy", "customer", "period")
_BAND = ("strategy", "quantile", "customer", "period")
_TOTAL_BAND = ("strategy", "quantile", "period")
_FLOW = "currency per period"


def _coordinates() -> Iterator[Variable]:
    def coordinate(name: str, dims: tuple[str, ...], unit: str, meaning: str, **more: Any) -> Variable:
        return Variable(name, dims, unit, meaning, **({"kind": "U"} | more), coordinate=True)

    yield coordinate("strategy", ("strategy",), "1", "strategy; the first is the baseline")
    yield coordinate("discounting", ("discounting",), "1", "how flows are discounted", source="MODEL 2")
    yield coordinate("customer", ("customer",), "1", "customer, in canonical order of names")
    yield coordinate("level", ("level",), "1", "segment or company that bears flows of no customer")
    yield coordinate("path", ("path",), "1", "number of the simulated path", kind="i")
    yield coordinate("period", ("period",), "1", "number of the period, from 1", kind="i", source="MODEL 1")
    yield coordinate("quantile", ("quantile",), "1", "probability of the percentile", kind="f")
    yield coordinate("cause", ("cause",), "1", "cause of an end", source="MODEL 4", required=False)
    yield coordinate("years", ("period",), "year", "time of the flow", kind="f", source="MODEL 1")
    yield coordinate("segment", ("customer",), "1", "segment of the customer, empty when none")
    yield coordinate("geography", ("customer",), "1", "geography of the customer, empty when none")
    yield coordinate("phase", ("customer",), "1", "phase at the valuation date", source="MODEL 4")
    yield coordinate("assumed_beta", ("customer",), "1", "beta in the scenario", kind="f", source="MODEL 2")
    loading = "loading of the customer's sales on the market, coupling x beta, at central inputs"
    yield coordinate("business_beta", ("customer",), "1", loading, kind="f", source="MODEL 2", required=False)
    yield coordinate(
        "capital_input",
        ("capital_input",),
        "1",
        "input of the cost of capital",
        source="SOURCES C11",
        required=False,
    )


def _values() -> Iterator[Variable]:
    yield Variable(
        "npv", _VALUE, "currency", "present value of the customer's cash flows, with its horizon value"
    )
    yield Variable(
        "level_npv",
        ("strategy", "discounting", "level", "path"),
        "currency",
        "present value of the flows that stay at a segment or the company",
    )
    yield Variable(
        "horizon_value",
        _VALUE,
        "currency",
        "the part of npv that comes after the last period",
        required=False,
    )
    yield Variable(
        "npv_fresh",
        _VALUE,
        "currency",
        "npv of a second run with the same parameters and fresh path draws",
        "MODEL 1",
        required=False,
    )
    yield Variable(
        "level_npv_fresh",
        ("strategy", "discounting", "level", "path"),
        "currency",
        "level_npv of a second run with the same parameters and fresh path draws",
        "MODEL 1",
        required=False,
    )
    yield Variable("cash_flow", _TOTALS, _FLOW, "cash flow of the portfolio, levels included", "MODEL 8")
    yield Variable("sales", _TOTALS, _FLOW, "sales of the portfolio", "MODEL 6")
    yield Variable(
        "end_cause",
        _ENDS,
        "1",
        "cause of the end: 0 none, 1 churn, 2 takeover, 3 insolvency, 4 merger",
        "MODEL 4",
        "i",
    )
    yield Variable("end_period", _ENDS, "1", "period of the last end, 0 when none", "MODEL 4", "i")


def _customer_means() -> Iterator[Variable]:
    def mean(quantity: str, unit: str, meaning: str, source: str, nan_allowed: bool = False) -> Variable:
        name = f"customer_{quantity}_mean"
        return Variable(name, _MEAN, unit, meaning, source, nan_allowed=nan_allowed, required=False)

    yield mean("cash_flow", _FLOW, "mean cash flow over all paths", "MODEL 8")
    yield mean("sales", _FLOW, "mean sales over all paths", "MODEL 6")
    yield mean("wallet", _FLOW, "mean wallet over the paths on which the customer is active", "MODEL 3", True)
    yield mean("share", "1", "mean share of wallet over the active paths", "MODEL 3", True)
    yield mean("active", "1", "share of the paths on which the customer is active", "MODEL 4")


def _bands() -> Iterator[Variable]:
    def band(quantity: str, unit: str, meaning: str, source: str, nan_allowed: bool = False) -> Variable:
        dims = _BAND if quantity.startswith("customer") else _TOTAL_BAND
        name, text = f"{quantity}_band", f"percentiles of {meaning}"
        return Variable(name, dims, unit, text, source, required=False, nan_allowed=nan_allowed)

    for quantity, word, source in (("cash_flow", "cash flow", "MODEL 8"), ("sales", "sales", "MODEL 6")):
        yield band(f"customer_{quantity}", _FLOW, word, source)
        yield band(f"total_{quantity}", _FLOW, f"the portfolio's {word}", source)
    for quantity, unit, word in (("wallet", _FLOW, "the wallet"), ("share", "1", "the share of wallet")):
        yield band(f"customer_{quantity}", unit, f"{word} over the active paths", "MODEL 3", True)
        yield band(f"total_{quantity}", unit, f"{word} of all active customers together", "MODEL 3", True)
    yield band("total_active", "1", "the number of active customers", "MODEL 4")
    yield Variable(
        "customer_active_count",
        _MEAN,
        "1",
        "number of the band's paths on which the customer is active",
        "MODEL 4",
        "fi",
        required=False,
    )


def _items() -> Iterator[Variable]:
    """The cascade of costing/items: signed amounts that add up to cash flow and value."""
    source, money = "MODEL 8", "currency"
    bearers = (
        ("customer_", "customer", "of a customer, lines that it took over included"),
        ("level_", "level", "that stay at a segment or the company"),
        ("product_", "product", "of a product with all customers, before tax"),
    )

    def item(
        name: str, dims: tuple[str, ...], unit: str, meaning: str, nan_allowed: bool = False
    ) -> Variable:
        every = ("strategy", *dims)
        return Variable(name, every, unit, meaning, source, required=False, nan_allowed=nan_allowed)

    value = "present value at the headline discounting of the items"
    yield item("item_npv", ("item", "path"), money, f"{value} of the portfolio, levels included")
    for prefix, dim, words in bearers:
        yield item(
            f"{prefix}item_npv",
            (dim, "item", "recorded_path"),
            money,
            f"{value} {words}, on the recorded paths",
        )
        mean = f"{prefix}item_npv_mean"
        yield item(mean, (dim, "item"), money, f"{value} {words}: mean over all paths")
        error = f"standard error of {mean}, NaN with one path"
        yield item(f"{mean}_standard_error", (dim, "item"), money, error, nan_allowed=True)
    for prefix, dim, words in bearers[:2]:
        yield item(
            f"{prefix}item_mean",
            (dim, "period", "item"),
            _FLOW,
            f"items {words}: mean over all paths",
        )
    yield item(
        "customer_phase_item_npv_mean",
        ("customer", "relation_phase", "item"),
        money,
        "present value at the headline discounting of the flows in each phase of the relation, without the "
        "value after the horizon: mean over the recorded paths",
    )
    yield item(
        "item_cash_flow",
        ("item", "period", "recorded_path"),
        _FLOW,
        "items of the portfolio's cash flow, levels included, with `record: [cascade]`",
    )


def _item_coordinates() -> Iterator[Variable]:
    def coordinate(name: str, dim: str, meaning: str, kind: str = "U") -> Variable:
        return Variable(name, (dim,), "1", meaning, "MODEL 8", kind=kind, required=False, coordinate=True)

    yield coordinate("item", "item", "item of the cash flow, in the order of the statement")
    yield coordinate("item_line", "item", "line of the cash-flow statement in which the item stands")
    yield coordinate("item_level", "item", "level that causes the item")
    yield coordinate("item_sign", "item", "1: added in the statement, -1: subtracted", "i")
    yield coordinate("product", "product", "product, in canonical order of names")
    yield coordinate("relation_phase", "relation_phase", "phase of a flow; after an end the last one")
    yield coordinate("recorded_path", "recorded_path", "number of the recorded path", "i")


def _rates() -> Iterator[Variable]:
    yield Variable(
        "cost_of_capital", ("path",), "1 per year", "the firm's cost of capital, effective annual", "MODEL 2"
    )
    yield Variable(
        "risk_free_rate", ("path",), "1 per year", "nominal risk-free rate, effective annual", "MODEL 2"
    )
    inputs, unit = "inputs of the cost of capital", "1 per year; beta and shares 1"
    source = "SOURCES C11"
    yield Variable("capital_inputs", ("capital_input", "path"), unit, inputs, source, required=False)
    yield Variable(
        "central_capital_inputs",
        ("capital_input",),
        unit,
        f"{inputs} at the mean of every quantity",
        source,
        required=False,
    )
    for name, meaning in (
        (
            "market_index",
            "value of 1 invested in the market at the valuation date, at the end of the period "
            "(flow timing begin: at its start)",
        ),
        (
            "deflator",
            "state-price deflator of the period's flow (flow timing mid: that of the end of the "
            "period, moved half a period at the risk-free rate)",
        ),
        ("inflation_index", "price level behind the period's flow, 1 at the valuation date"),
    ):
        yield Variable(name, ("period", "path"), "1", meaning, "MODEL 2", required=False)


REGISTRY: Mapping[str, Variable] = MappingProxyType(
    {
        variable.name: variable
        for part in (_values, _customer_means, _bands, _items, _rates, _coordinates, _item_coordinates)
        for variable in part()
    }
)


def describe(dataset: xr.Dataset) -> xr.Dataset:
    """A copy (sharing the data) whose known variables carry `long_name`, `units` and `source`."""
    described = dataset.copy(deep=False)
    currency = str(dataset.attrs.get("currency", "currency"))
    for name, variable in REGISTRY.items():
        if name in described.variables:
            described[name].attrs.update(
                long_name=variable.meaning, units=variable.unit_in(currency), source=variable.source
            )
    return described


def problems(dataset: xr.Dataset) -> tuple[str, ...]:
    """Everything that keeps `dataset` from being a result, in words; empty when it is one.

    Checked: missing and unknown variables, dimensions, kinds of data, NaN and infinity where none may be,
    labels that are not unique, the headline, and attributes that a file cannot hold.
    """
    return (
        *_missing(dataset),
        *_wrong_variables(dataset),
        *_wrong_labels(dataset),
        *_wrong_attributes(dataset),
    )


def _missing(dataset: xr.Dataset) -> Iterator[str]:
    for name, variable in REGISTRY.items():
        if variable.required and name not in dataset.variables:
            yield f"{name} is missing"


def _wrong_variables(dataset: xr.Dataset) -> Iterator[str]:
    for name in map(str, dataset.variables):
        if name not in REGISTRY:
            yield f"{name} is not a variable of a result"
            continue
        variable, values = REGISTRY[name], dataset[name]
        if tuple(values.dims) != variable.dims:
            yield f"{name} has dimensions {tuple(values.dims)}, not {variable.dims}"
        kind = "U" if values.dtype.kind in "OTU" else values.dtype.kind
        if kind not in variable.kind:
            yield f"{name} holds {values.dtype}, not {_KIND_NAMES[variable.kind]}"
        elif kind == "f" and not _numbers_allowed(values.values, variable.nan_allowed):
            yield f"{name} holds {'infinity' if variable.nan_allowed else 'NaN or infinity'}"


_KIND_NAMES = {"f": "floating-point numbers", "i": "integers", "fi": "numbers", "U": "text"}


def _numbers_allowed(values: np.ndarray[Any, Any], nan_allowed: bool) -> bool:
    return not np.isinf(values).any() if nan_allowed else bool(np.isfinite(values).all())


def _wrong_labels(dataset: xr.Dataset) -> Iterator[str]:
    for name in ("strategy", "discounting", "customer", "level", "quantile"):
        if (
            name in dataset.variables
            and len(np.unique(dataset[name].values.astype(str))) < dataset.sizes[name]
        ):
            yield f"the labels of {name} are not unique"
    headline = dataset.attrs.get("headline")
    if "discounting" in dataset.variables and headline not in dataset["discounting"].values:
        yield f"the headline {headline!r} is none of the discountings"


def _wrong_attributes(dataset: xr.Dataset) -> Iterator[str]:
    for name, value in dataset.attrs.items():
        if not isinstance(value, str | int | float | np.integer | np.floating | np.bool_):
            yield f"the attribute {name} is {type(value).__name__}, neither text nor a number"


def table() -> str:
    """The registry as a Markdown table: the reference page of a result."""
    lines = ["| variable | dimensions | unit | meaning | source |", "|---|---|---|---|---|"]
    for variable in REGISTRY.values():
        dims = ", ".join(variable.dims)
        meaning = variable.meaning if variable.required else f"{variable.meaning} (optional)"
        lines.append(f"| `{variable.name}` | {dims} | {variable.unit} | {meaning} | {variable.source} |")
    return "\n".join(lines) + "\n"
