"""Growth of sales on every path: what market and industries explain, and what is the supplier's own (D2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from crcsim.compile.program import Program
from crcsim.decisions.coalitions import TOTAL
from crcsim.decisions.switches import switched_off
from crcsim.engine.run import default_threads
from crcsim.engine.values import PathSales, path_sales
from crcsim.errors import ArgumentError
from crcsim.kernels.arrays import Floats
from crcsim.measures import estimates

if TYPE_CHECKING:
    import xarray as xr

    from crcsim.scenario.scenario import Scenario

__all__ = ["GROWTH_PARTS", "split_growth"]

#: Parts of growth: `sales` is the sum of the other three.
GROWTH_PARTS = ("sales", "market", "industry", "own")

_RUNS: tuple[tuple[str, ...], ...] = ((), ("market growth",), ("market growth", "industry growth"))


def split_growth(
    scenario: Scenario,
    *,
    paths: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> xr.Dataset:
    """Split the growth of sales from the first to the last period, as log growth a year (decomposition 5-7).

    The same draws are run again with the customers' loadings on the market at zero, and again with those on
    the industries at zero too, each without its compensator, so that expected wallets stay what they are.
    `market` and `industry` are the differences, `own` is what the last run grows. Churn, takeovers, mergers
    and phases happen as in the scenario, also where their clustering follows the market; insolvency, where it
    depends on the customer's success, follows success without the market, which counts as market.

    Returns `growth` [growth_part, path] of the portfolio's sales; `growth_mean`, `growth_sd` [growth_part,
    item] with `_standard_error`; `hidden_decline` [item] with `_standard_error`, the share of paths on which
    sales grow although the own part falls; `growth_paths` [item], the paths with sales in both periods of
    all three runs, on which all this is measured (NaN elsewhere). Customers on the first 10,000 paths.
    Log growth per year as a fraction. Raises ArgumentError for arguments out of range or a single period.
    Source: D2.
    """
    chosen = scenario.simulation.seed if seed is None else seed
    wanted = scenario.simulation.paths if paths is None else paths
    last = scenario.time.periods - 1
    if last < 1:
        raise ArgumentError("growth needs at least two periods")
    if wanted < 2:
        raise ArgumentError(f"paths must be at least 2, not {wanted}")
    sales = []
    for number, off in enumerate(_RUNS):
        program = Program(scenario, chosen, switched_off(scenario, off, horizon=True))
        report = None if progress is None else _within(progress, number)
        sales.append(path_sales(program, wanted, threads or default_threads(), (0, last), report))
    years = last / scenario.time.periods_per_year
    return _dataset(scenario, sales, years, {"seed": str(chosen), "paths": wanted})


def _within(report: Callable[[int, int], None], number: int) -> Callable[[int, int], None]:
    """Progress of one of the runs within all of them."""
    return lambda done, paths: report(number * paths + done, len(_RUNS) * paths)


def _log_growth(sales: list[Floats], years: float) -> Floats:
    """Parts of growth [growth part, ..., path] from sales [chosen period, ..., path] of the three runs."""
    with np.errstate(divide="ignore", invalid="ignore"):
        full, without_market, own = (np.log(each[1] / each[0]) / years for each in sales)
        parts = np.stack([full, full - without_market, without_market - own, own])
    return np.where(np.isfinite(parts).all(axis=0), parts, np.nan)


def _dataset(scenario: Scenario, sales: list[PathSales], years: float, facts: dict[str, Any]) -> xr.Dataset:
    import xarray as xr

    total = _log_growth([each.total for each in sales], years)
    customers = _log_growth([each.customers for each in sales], years)
    items = [*np.moveaxis(customers, 1, 0), total]
    moments = np.array([[_moments(row) for row in item] for item in items])  # [item, part, moment]
    hidden = np.array([_hidden(item) for item in items])
    by_part, rate = ("growth_part", "item"), "1/year"
    variables: dict[str, Any] = {
        "growth": (("growth_part", "path"), total, _meaning("log growth of the portfolio's sales", rate)),
        "hidden_decline": ("item", hidden[:, 0], _meaning("share of paths with a hidden decline", "1")),
        "hidden_decline_standard_error": (
            "item",
            hidden[:, 1],
            _meaning("standard error of hidden_decline", "1"),
        ),
        "growth_paths": ("item", hidden[:, 2].astype(np.int64), _meaning("paths that are measured", "1")),
    }
    names = ("growth_mean", "growth_mean_standard_error", "growth_sd", "growth_sd_standard_error")
    for place, name in enumerate(names):
        variables[name] = (by_part, moments[..., place].T, _meaning(name.replace("_", " "), rate))
    coordinates = {
        "growth_part": list(GROWTH_PARTS),
        "item": [*(customer.name for customer in scenario.customers), TOTAL],
        "path": np.arange(total.shape[-1]),
    }
    return xr.Dataset(variables, coordinates, {"title": scenario.name, "years": years, **facts})


def _meaning(words: str, unit: str) -> dict[str, str]:
    return {"long_name": words, "units": unit, "source": "D2"}


def _moments(values: Floats) -> tuple[float, float, float, float]:
    """Mean, its error, standard deviation, its error, over the paths that have a value; NaN without any."""
    counted = values[np.isfinite(values)]
    if counted.size == 0:
        return (np.nan,) * 4
    return (*estimates.mean(counted), *estimates.standard_deviation(counted))


def _hidden(parts: Floats) -> tuple[float, float, float]:
    """Share of paths on which sales grow and the own part falls, its error, and the number of paths."""
    counted = parts[:, np.isfinite(parts[0])]
    if counted.shape[1] == 0:
        return np.nan, np.nan, 0.0
    sales, own = counted[GROWTH_PARTS.index("sales")], counted[GROWTH_PARTS.index("own")]
    share, error = estimates.proportion(int(np.sum((sales > 0.0) & (own < 0.0))), counted.shape[1])
    return float(share), float(error), float(counted.shape[1])
