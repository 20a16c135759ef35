"""Estimate the market figures that scenarios/coatings cites from the price table that matplotlib ships.

`python tools/estimate_market.py` prints one estimate with its standard error per line. The table stays in
matplotlib (`Stocks.csv` of its sample data: monthly prices 1990-2022 of a broad index, a sector composite and
single stocks). Single stocks enter only through their equally weighted basket.

The table knows nothing of the industries of the coatings case: basket and composite are stand-ins for a
narrow and for a broad industry index.
"""

import csv
from typing import NamedTuple

import numpy as np
from matplotlib import cbook
from numpy.typing import NDArray

MONTHS_PER_YEAR = 12
CRASH = -0.10  # a month with a market log return below this is a crash
MARKET, COMPOSITE = "^GSPC", "^IXIC"

Returns = NDArray[np.float64]  # monthly returns, shape (months,)


class Estimate(NamedTuple):
    """A figure with its standard error; `percent` says how to print it."""

    name: str
    value: float
    standard_error: float
    meaning: str
    percent: bool = True

    def __str__(self) -> str:
        if self.percent:
            figures = f"{self.value:8.1%}   {self.standard_error:.1%}"
        else:
            figures = f"{self.value:8.2f}   {self.standard_error:.2f}"
        return f"{self.name:22}{figures:18}{self.meaning}"


def read_prices() -> dict[str, Returns]:
    """Return the monthly prices by column; NaN where the table has none."""
    path = cbook.get_sample_data("Stocks.csv", asfileobj=False)
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    months = [
        row for row in rows if row["Date"].endswith("-01")
    ]  # other days are dividends or part of a month
    names = [name for name in months[0] if name != "Date"]
    return {name: np.array([float(row[name] or "nan") for row in months]) for name in names}


def basket_log_returns(prices: dict[str, Returns]) -> Returns:
    """Return the log returns of the single stocks in equal weights, set back to equal every month."""
    stocks = [prices[name] for name in prices if not name.startswith("^")]
    simple = np.array([price[1:] / price[:-1] - 1 for price in stocks])
    basket: Returns = np.log1p(np.nanmean(simple, axis=0))
    return basket


def annual_volatility(returns: Returns, lost: int = 1) -> tuple[float, float]:
    """Return the annual standard deviation and its standard error, robust to fat tails.

    Var(s) = s^2 (k + 2) / (4 n) with k the excess kurtosis; `lost` degrees of freedom.
    """
    deviations = returns - returns.mean()
    variance = deviations @ deviations / (returns.size - lost)
    excess_kurtosis = np.mean(deviations**4) / np.mean(deviations**2) ** 2 - 3
    volatility = float(np.sqrt(variance * MONTHS_PER_YEAR))
    return volatility, float(volatility * np.sqrt((excess_kurtosis + 2) / (4 * returns.size)))


def regress(returns: Returns, market: Returns) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return beta and the annual volatility beside the market, with standard errors (least squares)."""
    x, y = market - market.mean(), returns - returns.mean()
    beta = float(x @ y / (x @ x))
    own = y - beta * x
    beta_error = float(np.sqrt(own @ own / (own.size - 2) / (x @ x)))
    return (beta, beta_error), annual_volatility(own, lost=2)


def crash_estimates(market: Returns) -> list[Estimate]:
    """Return rate and size of crashes, and the volatility of the other months."""
    crashes, years = market[market < CRASH], market.size / MONTHS_PER_YEAR
    spread = float(crashes.std(ddof=1))
    count = crashes.size
    return [
        Estimate(
            "crash_rate", count / years, np.sqrt(count) / years, f"crashes a year ({count} months)", False
        ),
        Estimate(
            "crash_log_mean", float(crashes.mean()), spread / np.sqrt(count), "mean log return of a crash"
        ),
        Estimate("crash_log_sd", spread, spread / np.sqrt(2 * (count - 1)), "its standard deviation"),
        Estimate(
            "calm_volatility", *annual_volatility(market[market >= CRASH]), "market in the other months"
        ),
    ]


def estimates() -> list[Estimate]:
    """Return all figures in the order in which they are printed."""
    prices = read_prices()
    market = np.diff(np.log(prices[MARKET]))
    basket_beta, basket_own = regress(basket_log_returns(prices), market)
    composite_beta, composite_own = regress(np.diff(np.log(prices[COMPOSITE])), market)
    volatility = annual_volatility(market)
    mean, mean_error = (
        float(market.mean()) * MONTHS_PER_YEAR,
        volatility[0] / np.sqrt(market.size / MONTHS_PER_YEAR),
    )
    return [
        Estimate(
            "market_log_return", mean, mean_error, "broad index, mean log return a year, without dividends"
        ),
        Estimate("market_volatility", *volatility, "broad index, standard deviation of log returns a year"),
        Estimate("basket_beta", *basket_beta, "narrow industry index (equally weighted basket)", False),
        Estimate("basket_volatility", *basket_own, "its volatility beside the market"),
        Estimate("composite_beta", *composite_beta, "broad industry index (sector composite)", False),
        Estimate("composite_volatility", *composite_own, "its volatility beside the market"),
        *crash_estimates(market),
    ]


def main() -> None:
    print(f"{'figure':22}{'estimate':>8}   {'s.e.':7}meaning")
    for estimate in estimates():
        print(estimate)


if __name__ == "__main__":
    main()
