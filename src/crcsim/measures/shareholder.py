"""Shareholder value as a distribution, reconciled with the values of the customers (SOURCES C13)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from crcsim.errors import NumericError
from crcsim.measures import estimates
from crcsim.measures.flows import AGREE, check_flows, resolved
from crcsim.measures.quantiles import PROBABILITIES
from crcsim.measures.values import Floats, Variable, headline, path_values, with_error
from crcsim.valuation.shareholder import shareholder_value as build_up

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["NEAR", "Claims", "claims", "shareholder_value"]

#: Percentiles near which the lines are averaged, and the share of the paths that counts as near.
NEAR = (0.05, 0.50, 0.95)
NEAR_SHARE = 0.05
_FEWEST_NEAR = 30


@dataclass(frozen=True)
class Claims:
    """Marketable securities and the market value of debt, currency."""

    securities: float
    debt: float


def claims(dataset: xr.Dataset) -> Claims | None:
    """What the scenario states as `shareholder_value`; None when it states nothing."""
    stated = resolved(dataset).get("shareholder_value")
    if stated is None:
        return None
    return Claims(_amount(stated.get("securities", 0.0)), _amount(stated.get("debt", 0.0)))


def _amount(stated: Any) -> float:
    """A resolved amount, with or without its source beside it."""
    return float(stated["value"] if isinstance(stated, dict) else stated)


def shareholder_value(dataset: xr.Dataset) -> xr.Dataset:
    """From the customers to shareholder value, line by line (Rappaport; C13), on every path.

    Lines: each customer's present value without residual, each level's (flows that no customer causes),
    `residual` (what customers are worth after the last period), `securities`, their sum `company value`,
    `debt`, and `shareholder value`, the company value less debt. Where the scenario does not state
    `shareholder_value`, the last is `company value` and there are no securities. Line names that equal a
    customer's are told apart by the coordinate `line_kind`.

    Currency, [strategy, line], each with `_standard_error`: `mean` at the headline discounting; and, at the
    risk-free rate so that risk is not charged twice, `near_mean` [strategy, line, near]: mean of the line on
    the paths whose last line lies nearest its P5, P50 and P95 (5 % of the paths each, at least 30); these add
    up as the lines do. Of the last line, at the risk-free rate: `percentile` [strategy, quantile],
    `loss_probability` (below zero) and `risk_mean` [strategy]. `residual_share` [strategy]: part of flows
    and residual that is residual, at the headline; NaN where they are not positive together.

    Checked on every path, with NumericError when it fails: customers and levels without residual against the
    portfolio's cash flow by period, discounted at the path's rate (at the headline where one rate discounts
    all flows, and at the risk-free rate), and the residual against the item of the cash flow where the
    result has items. `reconciliation` is the largest difference, relative to the sum of the amounts.

    Source: SOURCES C13; MODEL 9.
    """
    stated = claims(dataset)
    value, risk = _Bridge(dataset, headline(dataset), stated), _Bridge(dataset, "risk_free", stated)
    reconciled = max(check_flows(dataset, each.before) or 0.0 for each in (value, risk))
    reconciled = max(reconciled, _check_residual(dataset, value))
    money, lines = value.before.currency, ("strategy", "line")
    found: dict[str, Variable] = with_error(
        "mean", lines, value.each(estimates.mean), "mean of the line", money, "SOURCES C13"
    )
    found |= with_error(
        "near_mean",
        (*lines, "near"),
        risk.near(),
        "mean of the line near a percentile of the last",
        money,
        "SOURCES C12, C13",
    )
    found |= _distribution(risk, money)
    found |= with_error(
        "residual_share", ("strategy",), value.residual_share(), "share of the value that is residual", "1"
    )
    words = {"long_name": "largest difference in the reconciliation", "units": "1", "source": "SOURCES C13"}
    found["reconciliation"] = ((), np.float64(reconciled), words)
    coordinates = {
        "line": list(value.names),
        "line_kind": ("line", list(value.kinds)),
        "near": list(NEAR),
        "quantile": list(PROBABILITIES),
    }
    made = value.before.dataset(found).assign_coords(coordinates)
    made.attrs |= {"currency": money, "stated": int(stated is not None), "horizon_value": "a line"}
    return made


class _Bridge:
    """The lines of every path under one discounting; the first are customers and levels."""

    def __init__(self, dataset: xr.Dataset, discounting: str, stated: Claims | None) -> None:
        self.before = path_values(dataset, discounting, horizon=False)
        whole = path_values(dataset, discounting)
        self.residual = whole.customers.sum(axis=1) - self.before.customers.sum(axis=1)
        owned = stated or Claims(0.0, 0.0)
        self.built = build_up(self.before.total, self.residual, owned.securities, owned.debt)
        self._stated = stated
        self.names = (*self.before.names[:-1], *(name for name, _ in self._rest()))
        self.kinds = (*self.before.kinds[:-1], *(kind for _, kind in self._rest()))

    def _rest(self) -> tuple[tuple[str, str], ...]:
        """Names and kinds of the lines after customers and levels."""
        if self._stated is None:
            return ("residual", "residual"), ("company value", "company")
        return (
            ("residual", "residual"),
            ("securities", "securities"),
            ("company value", "company"),
            ("debt", "debt"),
            ("shareholder value", "shareholder"),
        )

    def lines(self, strategy: int) -> Iterator[Floats]:
        """The lines one by one, each [path]."""
        built, paths = self.built, self.before.paths
        yield from self.before.customers[strategy]
        yield from self.before.levels[strategy]
        yield self.residual[strategy]
        if self._stated is not None:
            yield np.full(paths, float(built.securities))
        yield built.company_value[strategy]
        if self._stated is not None:
            yield np.full(paths, float(built.debt))
            yield built.shareholder_value[strategy]

    def last(self, strategy: int) -> Floats:
        """Shareholder value, or company value where no debt is stated, [path]."""
        return np.asarray(self.built.shareholder_value[strategy])

    def each(self, function: Any) -> Floats:
        """`function` of the paths of every line, [strategy, line, ...]."""
        strategies = range(len(self.before.strategies))
        return np.array([[function(row) for row in self.lines(strategy)] for strategy in strategies])

    def near(self) -> Floats:
        """Mean and error of the lines on the paths nearest each of NEAR, [strategy, line, near, 2]."""
        found = []
        for strategy in range(len(self.before.strategies)):
            order = np.argsort(self.last(strategy), kind="stable")
            chosen = [order[part] for part in _nearest(len(order))]
            rows = self.lines(strategy)
            found.append([[estimates.mean(row[paths]) for paths in chosen] for row in rows])
        return np.array(found)

    def residual_share(self) -> Floats:
        """Share of the residual in flows and residual with its error, [strategy, 2]."""
        found = []
        for flows, rest in zip(self.built.cash_flows, self.residual, strict=True):
            both = flows + rest
            found.append(estimates.ratio(rest, both) if both.mean() > 0.0 else (math.nan, math.nan))
        return np.array(found)


def _nearest(paths: int) -> list[slice]:
    """Ranks around each of NEAR: 5 % of the paths, at least 30 (all where there are fewer)."""
    count = min(max(round(NEAR_SHARE * paths), _FEWEST_NEAR), paths)
    starts = [min(max(round(level * paths - count / 2), 0), paths - count) for level in NEAR]
    return [slice(start, start + count) for start in starts]


def _distribution(risk: _Bridge, money: str) -> dict[str, Variable]:
    """Percentiles, mean and probability of a loss of the last line."""
    rows = [risk.last(strategy) for strategy in range(len(risk.before.strategies))]
    percentiles = np.array([np.stack(estimates.quantiles(row, PROBABILITIES), axis=-1) for row in rows])
    losses = [estimates.proportion(np.count_nonzero(row < 0.0), len(row)) for row in rows]
    return (
        with_error("percentile", ("strategy", "quantile"), percentiles, "percentile of the last line", money)
        | with_error(
            "risk_mean", ("strategy",), np.array([estimates.mean(row) for row in rows]), "mean", money
        )
        | with_error("loss_probability", ("strategy",), np.array(losses), "probability below zero", "1")
    )


def _check_residual(dataset: xr.Dataset, value: _Bridge) -> float:
    """Largest relative difference of the residual from the item `horizon_value`; 0 without items."""
    if "item_npv" not in dataset:
        return 0.0
    items = dataset["item_npv"].transpose("strategy", "item", "path").values
    keys = [str(key) for key in dataset["item"].values]
    expected = items[:, keys.index("horizon_value")] if "horizon_value" in keys else np.zeros(1)
    size = np.abs(items).sum(axis=1) + np.abs(value.before.total)
    difference = np.abs(value.residual - expected) / np.where(size > 0.0, size, 1.0)
    largest = float(difference.max())
    if not largest <= AGREE:
        _, path = np.unravel_index(int(np.argmax(difference)), difference.shape)
        raise NumericError(
            f"the residual value of the customers is not the item of the cash flow on path "
            f"{int(dataset['path'].values[path])}. The result is damaged; run the scenario again."
        )
    return largest
