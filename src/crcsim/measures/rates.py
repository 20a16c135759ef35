"""The firm's cost of capital from its uncertain inputs, and rates of customers (SOURCES C11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from crcsim.errors import CrcsimError, NumericError
from crcsim.measures.estimates import mean, quantiles, standard_error
from crcsim.measures.flows import AGREE, has_own_rate, resolved
from crcsim.measures.values import Floats, Variable, path_values, with_error
from crcsim.valuation.betas import customer_rate
from crcsim.valuation.capital import (
    cost_of_equity,
    log_cost_of_equity,
    log_rate_around,
    log_wacc,
    relever_beta,
    unlever_beta,
    wacc,
)

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["BANDS", "RATES", "customer_rates", "has_customer_rates", "has_inputs", "rate_build_up"]

#: Percentiles of the rates.
BANDS = (0.05, 0.95)

#: Rates of the build-up in the order in which they follow from each other, with their meaning.
RATES = {
    "real_rate": "real rate",
    "expected_inflation": "expected inflation",
    "risk_free_rate": "risk-free rate",
    "expected_market_return": "expected market return",
    "market_premium": "market premium",
    "beta": "equity beta of the firm",
    "cost_of_equity": "cost of equity",
    "cost_of_debt": "cost of debt",
    "equity_share": "equity share",
    "tax_rate": "tax rate",
    "unlevered_beta": "beta of the firm without its debt",
    "wacc": "WACC",
    "cost_of_capital": "cost of capital that discounts",
}
#: What a stated cost of capital does not use.
_OF_CAPM = ("beta", "cost_of_equity", "cost_of_debt", "equity_share", "unlevered_beta", "wacc")


def has_inputs(dataset: xr.Dataset) -> bool:
    """Whether a result holds the inputs of its cost of capital."""
    return "capital_inputs" in dataset and "central_capital_inputs" in dataset


def has_customer_rates(dataset: xr.Dataset) -> bool:
    """Whether betas give rates: not where the scenario states the firm's rate and no customer has its own."""
    return has_inputs(dataset) and (not _is_stated(dataset) or bool(has_own_rate(dataset).any()))


def rate_build_up(dataset: xr.Dataset) -> xr.Dataset:
    """The firm's cost of capital from its inputs, at central inputs and over the paths (C11).

    `central`, `mean` (with `_standard_error`) [rate] and `percentile` [rate, quantile] (P5, P95; with
    `_standard_error`) of RATES, effective annual rates; betas and shares are numbers. `wacc` is the formula
    on each path's inputs; `cost_of_capital` the rate that discounts: in the effective form ln(1 + k) is taken
    linearly around its central value so that 1 + k cannot reach zero, which lets the two differ slightly
    where inputs are uncertain. Where the scenario states the rate itself (attribute `stated`), what only the
    CAPM needs is NaN; `tax_rate` still holds for the flows.

    Checked: the rates follow from the inputs by the CAPM and the WACC, at central inputs and on every path;
    NumericError when they do not. Raises CrcsimError when the result holds no inputs. Source: SOURCES C11;
    MODEL 2.
    """
    import xarray as xr

    _require_inputs(dataset)
    stated = _is_stated(dataset)
    central = {name: float(values[0]) for name, values in _rates(dataset, central=True).items()}
    paths = _rates(dataset, central=False)
    if not stated:
        _check_follows(dataset, central, paths)
    rows: dict[str, list[Floats]] = {"mean": [], "percentile": []}
    for name in RATES:
        row = paths[name]
        rows["mean"].append(np.array(mean(row)))
        rows["percentile"].append(np.stack(quantiles(row, BANDS), axis=-1))
        if stated and name in _OF_CAPM:
            central[name] = np.nan
            rows["mean"][-1] = np.full(2, np.nan)
            rows["percentile"][-1] = np.full((len(BANDS), 2), np.nan)
    source, unit = "SOURCES C11", "1 per year; beta and shares 1"
    found: dict[str, Variable] = {
        "central": (
            ("rate",),
            np.array([central[name] for name in RATES]),
            {"long_name": "at central inputs", "units": unit, "source": source},
        )
    }
    found |= with_error("mean", ("rate",), np.array(rows["mean"]), "mean over the paths", unit, source)
    found |= with_error(
        "percentile", ("rate", "quantile"), np.array(rows["percentile"]), "percentile", unit, source
    )
    attributes = {"stated": int(stated), "form": _form(dataset), "paths": dataset.sizes["path"]}
    return xr.Dataset(found, {"rate": list(RATES), "quantile": list(BANDS)}, attributes)


def customer_rates(dataset: xr.Dataset) -> xr.Dataset:
    """A rate for each customer's business risk: its beta relevered with the firm's debt, CAPM, WACC (C11).

    [customer]: `business_beta` (loading of its sales on the market, coupling x beta, at central inputs),
    `equity_beta` (relevered, central), `own_rate` (1 where the customer is discounted at it), `central`,
    `mean` (with `_standard_error`) of the rate, and `percentile` [customer, quantile]; effective annual. The
    customer's own beta is held at its central value: the spread is that of the economy and of the firm's
    capital.

    Reconciled with the firm, [strategy]: `weighted_rate`, the rates averaged with the customers' values under
    the deflator as weights (which no rate of this table enters), and `difference`, that less the mean of the
    firm's rate; both with `_standard_error`. NaN where the values do not add up to more than 0.

    Checked, with NumericError: a customer with the firm's unlevered beta would get the firm's WACC. Raises
    CrcsimError when the result holds no inputs, or where the scenario states the firm's rate itself and no
    customer has its own: then betas price nothing. Source: SOURCES C11; MODEL 2.
    """
    import xarray as xr

    _require_inputs(dataset)
    own = has_own_rate(dataset)
    if not has_customer_rates(dataset):
        raise CrcsimError("The scenario states the firm's cost of capital itself; betas do not enter it.")
    betas = dataset["business_beta"].values
    form, central, paths = _form(dataset), _rates(dataset, central=True), _rates(dataset, central=False)
    centres = np.array([float(_customer_rate(form, beta, central)[0]) for beta in betas])
    rates = np.stack(
        [
            _around(form, _customer_rate(form, beta, paths), centre)
            for beta, centre in zip(betas, centres, strict=True)
        ]
    )
    firm = _customer_rate(form, paths["unlevered_beta"], paths)
    if not float(np.abs(firm - paths["wacc"]).max()) <= AGREE:
        raise NumericError("the firm's unlevered beta, relevered, does not give the firm's WACC")
    relevered = relever_beta(betas, central["equity_share"][0], central["tax_rate"][0])
    values = path_values(dataset, "deflator")
    weighted = np.array([_weighted(each, rates, paths["cost_of_capital"]) for each in values.customers])
    source, unit = "SOURCES C11", "1 per year"

    def plain(numbers: Floats, meaning: str, units: str) -> Variable:
        return ("customer",), numbers, {"long_name": meaning, "units": units, "source": source}

    found: dict[str, Variable] = {
        "business_beta": plain(betas, "beta of the customer's business", "1"),
        "equity_beta": plain(np.asarray(relevered), "relevered with the firm's debt", "1"),
        "own_rate": plain(own.astype(np.int64), "1: discounted at its own rate", "1"),
        "central": plain(centres, "rate at central inputs", unit),
    }
    found |= with_error(
        "mean", ("customer",), np.array([mean(row) for row in rates]), "mean rate", unit, source
    )
    percentiles = np.array([np.stack(quantiles(row, BANDS), axis=-1) for row in rates])
    found |= with_error("percentile", ("customer", "quantile"), percentiles, "percentile", unit, source)
    meaning = "customers' rates, weighted with value"
    found |= with_error("weighted_rate", ("strategy",), weighted[:, 0], meaning, unit, source)
    meaning += ", less the firm's rate"
    found |= with_error("difference", ("strategy",), weighted[:, 1], meaning, unit, source)
    coordinates = {
        "strategy": list(values.strategies),
        "customer": list(values.names[: len(betas)]),
        "quantile": list(BANDS),
    }
    return xr.Dataset(found, coordinates, {"form": form, "paths": values.paths})


def _require_inputs(dataset: xr.Dataset) -> None:
    if not has_inputs(dataset):
        raise CrcsimError(
            "The result holds no inputs of its cost of capital. Run the scenario again with this version."
        )


def _is_stated(dataset: xr.Dataset) -> bool:
    """Whether the scenario states the firm's cost of capital itself."""
    return "rate" in resolved(dataset).get("capital", {})


def _form(dataset: xr.Dataset) -> str:
    return str(resolved(dataset).get("capital", {}).get("form", "effective"))


def _rates(dataset: xr.Dataset, *, central: bool) -> dict[str, Floats]:
    """All of RATES on the paths, or at central inputs, [path]."""
    name = "central_capital_inputs" if central else "capital_inputs"
    stored = (
        dataset[name].values[:, None] if central else dataset[name].transpose("capital_input", "path").values
    )
    found = {str(key): row for key, row in zip(dataset["capital_input"].values, stored, strict=True)}
    if central:
        used = np.array([dataset.attrs["central_cost_of_capital"]])
        risk_free = np.array([dataset.attrs["central_risk_free_rate"]])
    else:
        used, risk_free = dataset["cost_of_capital"].values, dataset["risk_free_rate"].values
    market, tax, share = (found[key] for key in ("expected_market_return", "tax_rate", "equity_share"))
    if _form(dataset) == "log":
        premium = np.log1p(market) - np.log1p(risk_free)
        equity = np.expm1(log_cost_of_equity(risk_free, found["beta"], premium))
        average = np.expm1(log_wacc(np.log1p(equity), found["cost_of_debt"], share, tax))
    else:
        premium = market - risk_free
        equity = cost_of_equity(risk_free, found["beta"], market)
        average = wacc(equity, found["cost_of_debt"], share, tax)
    return found | {
        "risk_free_rate": risk_free,
        "market_premium": premium,
        "cost_of_equity": equity,
        "unlevered_beta": unlever_beta(found["beta"], share, tax),
        "wacc": average,
        "cost_of_capital": used,
    }


def _customer_rate(form: str, business_beta: Floats, rates: dict[str, Floats]) -> Floats:
    """WACC of a business with this beta, effective annual, [path]."""
    share, debt, tax = rates["equity_share"], rates["cost_of_debt"], rates["tax_rate"]
    risk_free, market = rates["risk_free_rate"], rates["expected_market_return"]
    if form != "log":
        return customer_rate(business_beta, risk_free, market, share, debt, tax)
    beta = relever_beta(business_beta, share, tax)
    equity = log_cost_of_equity(risk_free, beta, rates["market_premium"])
    return np.asarray(np.expm1(log_wacc(equity, debt, share, tax)))


def _around(form: str, rates: Floats, central: float) -> Floats:
    """The rate that would discount: in the effective form linear in ln(1 + k) around the central one."""
    return rates if form == "log" else np.asarray(np.expm1(log_rate_around(rates, central)))


def _check_follows(dataset: xr.Dataset, central: dict[str, float], paths: dict[str, Floats]) -> None:
    """The rates of the result are those that its inputs give; NumericError otherwise."""
    economy = resolved(dataset).get("economy", {})
    for rates in (central, paths):
        real, inflation = rates["real_rate"], rates["expected_inflation"]
        risk_free = real + inflation + (real * inflation if economy.get("fisher") == "exact" else 0.0)
        used = _around(_form(dataset), np.asarray(rates["wacc"]), central["wacc"])
        for name, expected in (("risk_free_rate", risk_free), ("cost_of_capital", used)):
            gap = float(np.abs(np.asarray(rates[name]) - expected).max())
            if not gap <= AGREE:
                raise NumericError(
                    f"the {RATES[name]} does not follow from its inputs: it is {gap:.3g} off. The result is "
                    "damaged; run the scenario again."
                )


def _weighted(values: Floats, rates: Floats, firm: Floats) -> Floats:
    """Value-weighted rate and its distance from the firm's, each with its error, [2, 2].

    `values` and `rates` [customer, path], `firm` [path]. Errors by the delta method: both the weights and the
    rates vary over the paths.
    """
    weights, means = values.mean(axis=1), rates.mean(axis=1)
    whole = float(weights.sum())
    if not whole > 0.0:
        return np.full((2, 2), np.nan)
    average = float((weights * means).sum()) / whole
    influence = ((means - average) @ values + weights @ (rates - means[:, None])) / whole
    return np.array(
        [
            [average, standard_error(influence)],
            [average - float(firm.mean()), standard_error(influence - firm)],
        ]
    )
