"""What may lie behind a bad path: the market, losses of customers, rates, parameters, by path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from crcsim.kernels.arrays import Floats
from crcsim.kernels.rows import CAUSES
from crcsim.results.strategies import alone

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Driver", "drivers"]

#: Largest customers whose own losses are looked at.
_CUSTOMERS = 10
_EARLY_YEARS = 3.0


@dataclass(frozen=True)
class Driver:
    """A quantity of every path; `kind` is market, losses, customer, rates, sales, wallet, share or parameter.

    `unit`: "event" for what happens (1) or not (0), "share" for a fraction.
    """

    name: str
    kind: str
    unit: str
    values: Floats  # [path], of the first paths where not all were recorded


def drivers(
    result: xr.Dataset,
    parameters: Mapping[str, Floats],
    wallets: tuple[Floats, Floats] | None = None,
) -> list[Driver]:
    """All that a result of one strategy says of its paths and that varies between them.

    `parameters`: values [path] of the uncertain parameters by place. `wallets`: wallet of all active
    customers and the share of it that is won, [period, path].
    """
    one = alone(result)
    found = [*_market(one), *_losses(one), *_customers(one), *_rates(one), *_sales(one)]
    if wallets is not None:
        found += _wallets(one, *wallets)
    found += [Driver(place, "parameter", "", values) for place, values in parameters.items()]
    return [driver for driver in found if np.ptp(driver.values) > 0.0]


def _early(one: xr.Dataset) -> tuple[int, str]:
    """Number of the periods of the first years, and what to call them."""
    per_year, periods = int(one.attrs["periods_per_year"]), one.sizes["period"]
    early = min(round(_EARLY_YEARS * per_year), periods)
    return early, f"within {early / per_year:g} years"


def _market(one: xr.Dataset) -> Iterator[Driver]:
    if "market_index" not in one:
        return
    index = one["market_index"].transpose("period", "path").values
    early, _ = _early(one)
    per_year = int(one.attrs["periods_per_year"])
    for period in sorted({early, index.shape[0]}):
        name = f"market index after {period / per_year:g} years against today"
        yield Driver(name, "market", "multiple", index[period - 1])
    yield Driver("lowest market index against today", "market", "multiple", index.min(axis=0))


def _losses(one: xr.Dataset) -> Iterator[Driver]:
    """How many customers have ended, by cause, and how many of them soon."""
    causes = one["end_cause"].transpose("customer", "path").values
    periods = one["end_period"].transpose("customer", "path").values
    early, words = _early(one)
    if causes.shape[0] == 1:
        return
    for number, cause in enumerate(CAUSES, start=1):
        yield Driver(_LOST[cause], "losses", "customers", (causes == number).sum(axis=0).astype(float))
    yield Driver("customers gone", "losses", "customers", (causes > 0).sum(axis=0).astype(float))
    if early < one.sizes["period"]:
        soon = ((causes > 0) & (periods <= early)).sum(axis=0).astype(float)
        yield Driver(f"customers gone {words}", "losses", "customers", soon)


_LOST = {
    "churn": "customers churned",
    "takeover": "customers taken over",
    "insolvency": "customers insolvent",
    "merger": "customers merged",
}


def _customers(one: xr.Dataset) -> Iterator[Driver]:
    """Whether each of the customers with the largest mean values has ended, soon or at all."""
    names = [str(name) for name in one["customer"].values]
    means = one["npv"].sel(discounting=str(one.attrs["headline"])).mean("path").values
    causes = one["end_cause"].transpose("customer", "path").values
    periods = one["end_period"].transpose("customer", "path").values
    early, words = _early(one)
    for place in np.argsort(-means, kind="stable")[:_CUSTOMERS]:
        gone = causes[place] > 0
        if early < one.sizes["period"]:
            soon = (gone & (periods[place] <= early)).astype(float)
            yield Driver(f"{names[place]} gone {words}", "customer", "event", soon)
        yield Driver(f"{names[place]} gone", "customer", "event", gone.astype(float))


def _rates(one: xr.Dataset) -> Iterator[Driver]:
    yield Driver("cost of capital", "rates", "1 per year", one["cost_of_capital"].values)
    yield Driver("risk-free rate", "rates", "1 per year", one["risk_free_rate"].values)


def _sales(one: xr.Dataset) -> Iterator[Driver]:
    """Sales of the portfolio after some years, as a multiple of the mean of the first year."""
    per_year = int(one.attrs["periods_per_year"])
    sales = one["sales"].transpose("period", "path").values
    if sales.shape[0] < 2 * per_year:
        return
    first = sales[:per_year].sum(axis=0).mean()
    if first <= 0.0:
        return
    early, _ = _early(one)
    yield Driver(
        f"sales of year {early / per_year:g} against year 1",
        "sales",
        "multiple",
        sales[max(early - per_year, 0) : early].sum(axis=0) / first,
    )


def _wallets(one: xr.Dataset, wallet: Floats, share: Floats) -> Iterator[Driver]:
    """Wallet of all active customers, as a multiple of its mean in the first period, and the share of it."""
    early, _ = _early(one)
    per_year, first = int(one.attrs["periods_per_year"]), float(wallet[0].mean())
    for period in sorted({early, wallet.shape[0]}):
        years = f"after {period / per_year:g} years"
        if first > 0.0:
            yield Driver(f"wallet {years} against today", "wallet", "multiple", wallet[period - 1] / first)
        yield Driver(f"share of wallet {years}", "share", "share", share[period - 1])
