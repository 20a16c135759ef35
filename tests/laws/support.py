"""What every law uses: a scenario from a few lines of YAML, its paths, comparisons that print figures.

Laws go through the public API only: `load_scenario`, `simulate`, `measures`, `valuation` and `explain`. A law
without chance holds to 1e-9 of its value, one about random paths within 4 standard errors. Seeds are fixed;
with another seed a true law is missed in 6e-5 of the comparisons. `pytest -rP` shows the figures.
"""

import math
from pathlib import Path

import numpy as np
import yaml

from crcsim import load_scenario, simulate
from crcsim.report.explain import explain

LIMIT = 4.0  # standard errors
AT_ONCE = 200_000  # paths of one run; more are gathered from several seeds
PERIODS_PER_YEAR = (1, 2, 4, 12)

#: One customer that spends 100 a year, all of it here, for ten years, and that nothing ever happens to.
QUIET = """
crcsim: 1
time: {valuation_date: 2026-01-01, years: 10, periods_per_year: 1}
money: {currency: EUR}
economy: {real_rate: 0%, expected_inflation: 0%, market: {expected_return: 5%, volatility: 20%}}
capital: {rate: 10%}
products: {goods: {}}
customer_defaults: {beta: 0, growth: 0%, volatility: 0%, churn: {hazard: 0}}
customers: {A: {lines: {goods: {wallet: 100, share: 100%}}}}
"""


# --- scenarios ----------------------------------------------------------------------------------------------
def merge_patch(document, change):
    """`document` with `change` laid over it (RFC 7396): maps merge, null removes, all else replaces."""
    if not isinstance(change, dict):
        return change
    merged = dict(document) if isinstance(document, dict) else {}
    for key, value in change.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), value)
    return merged


def write_scenario(folder: Path, seed: int, *changes: str):
    """The quiet customer with these changes, written to a file and loaded from it."""
    document: dict = {}
    for text in (QUIET, f"simulation: {{seed: {seed}}}", *changes):
        document = merge_patch(document, yaml.safe_load(text))
    file = folder / "law.yaml"
    file.write_text(yaml.safe_dump(document), encoding="utf-8")
    return load_scenario(file)


# --- results ------------------------------------------------------------------------------------------------
def run(scenario, paths, **options):
    """One run, without what is told by customer and period."""
    return simulate(scenario, paths=paths, **{"bands": False, **options})


def sample(scenario, paths, pick, at_once=AT_ONCE):
    """`pick(result of the strategy)` [..., path] of so many paths: runs of at most `at_once`, a seed each."""
    sizes = [min(at_once, paths - start) for start in range(0, paths, at_once)]
    first = scenario.simulation.seed
    runs = (run(scenario, size, seed=first + place) for place, size in enumerate(sizes))
    return np.concatenate([np.asarray(pick(result.isel(strategy=0))) for result in runs], axis=-1)


def total_value(result, discounting="wacc"):
    """Present value [path] of customers and levels together."""
    npv, levels = (result[name].sel(discounting=discounting) for name in ("npv", "level_npv"))
    return npv.sum("customer").values + levels.sum("level").values


def values(scenario, paths, discounting="wacc"):
    """Present value [path] of the portfolio."""
    return sample(scenario, paths, lambda result: total_value(result, discounting))


def certain_value(scenario, discounting="wacc"):
    """Present value [path] on a few paths, where all of them are alike."""
    return values(scenario, 100, discounting)


def sales(scenario, paths):
    """Portfolio sales [period, path]."""
    return sample(scenario, paths, lambda result: result["sales"].values)


def expected_value(scenario):
    """Present value in the deterministic limit that `explain` states."""
    return explain(scenario).facts["deterministic_limit"]["total"]


def continuous_limit(law, change):
    """The deterministic limit as periods shrink, from the four grids with flows at both ends of the period.

    The mean of `begin` and `end` is the trapezoidal rule; its error is a series in the square of the period,
    and the polynomial through the four grids is taken at 0.
    """

    def trapezoid(periods_per_year):
        grids = (
            f"time: {{periods_per_year: {periods_per_year}, flow_timing: {t}}}" for t in ("begin", "end")
        )
        return sum(expected_value(law(change, grid)) for grid in grids) / 2.0

    squares = [1.0 / number**2 for number in PERIODS_PER_YEAR]
    limit = 0.0
    for place, number in enumerate(PERIODS_PER_YEAR):
        others = [square for other, square in enumerate(squares) if other != place]
        limit += trapezoid(number) * math.prod(square / (square - squares[place]) for square in others)
    return limit


# --- comparisons --------------------------------------------------------------------------------------------
def equal(expected, got, name, relative=1e-9):
    """Whether all of `got` is `expected` to this relative precision (absolute where 0 is expected)."""
    expected, got = np.broadcast_arrays(np.asarray(expected, dtype=float), np.asarray(got, dtype=float))
    gap = np.abs(got - expected) / np.where(expected == 0.0, 1.0, np.abs(expected))
    worst = np.unravel_index(np.argmax(gap), gap.shape)
    print(f"{name}: expected {expected[worst]:.10g}, got {got[worst]:.10g}, relative {gap[worst]:.1e}")
    return bool(np.all(gap <= relative))


def agrees(expected, got, error, name):
    """Whether estimates `got` lie within four standard `error`s of what is expected."""
    expected, got, error = np.broadcast_arrays(*(np.asarray(x, dtype=float) for x in (expected, got, error)))
    same = np.isclose(got, expected, rtol=1e-12, atol=0.0)  # where nothing scatters
    scores = np.where(same, 0.0, (got - expected) / np.maximum(error, 1e-300))
    worst = np.unravel_index(np.argmax(np.abs(scores)), scores.shape)
    print(f"{name}: expected {expected[worst]:.6g}, got {got[worst]:.6g}, z {scores[worst]:+.2f}")
    return bool(np.all(np.abs(scores) <= LIMIT))


def mean_agrees(expected, paths, name):
    """Whether means over paths [..., path] are what is expected."""
    paths = np.asarray(paths, dtype=float)
    error = paths.std(axis=-1, ddof=1) / math.sqrt(paths.shape[-1])
    return agrees(expected, paths.mean(axis=-1), error, name)


def share_agrees(expected, events, name):
    """Whether events [..., path] are as frequent as expected, by the binomial standard error of that."""
    events, expected = np.asarray(events), np.asarray(expected, dtype=float)
    return agrees(
        expected, events.mean(axis=-1), np.sqrt(expected * (1.0 - expected) / events.shape[-1]), name
    )


# --- expectations -------------------------------------------------------------------------------------------
def gaussian(nodes=80):
    """Nodes and weights of Gauss-Hermite quadrature for the mean over a standard normal."""
    z, weight = np.polynomial.hermite_e.hermegauss(nodes)
    return z, weight / math.sqrt(2.0 * math.pi)
