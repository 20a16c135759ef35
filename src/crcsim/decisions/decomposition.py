"""Customer relationship capital, part by part: what each feature of the scenario adds (A2, MODEL 9)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from crcsim.decisions import shapley as orders_of_features
from crcsim.decisions.coalitions import Coalitions
from crcsim.decisions.parts import HORIZON, TODAY, Parts
from crcsim.errors import ArgumentError
from crcsim.kernels.arrays import Floats

if TYPE_CHECKING:
    import xarray as xr

    from crcsim.scenario.scenario import Scenario

__all__ = ["decompose"]

Progress = Callable[[int, int], None]


def decompose(
    scenario: Scenario,
    *,
    paths: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    shapley: bool = False,
    orders: int = 16,
    progress: Progress | None = None,
) -> xr.Dataset:
    """Split the NPV of every path, at the headline discounting, into what features add (decomposition 1-4).

    paths, seed: as the scenario says unless given. threads: all cores unless given; never changes a bit.
    shapley: the average over all orders of the features instead of the stated one: exactly with at most six
    of them, else over `orders` random ones (even, at least 4), each with its reverse. progress: called with
    (paths done, paths of all runs).

    Returns `part_value` [part, path] of the portfolio, `item_part_value` [part, item, recorded_path] of
    customers, levels and their total on the first 10,000 paths, `part_mean` [part, item] with
    `_standard_error`; `npv` [path], `npv_mean` [item] with `_standard_error`. All in the scenario's currency.

    On every path the parts add up to the NPV; a part that the scenario does not have is exactly 0. The error
    of a part is that of its difference on the same draws, and holds the choice of orders where these are
    sampled. Raises NumericError where a path has no finite value, ArgumentError for arguments out of range.
    Sources: A2, MODEL 9; L. S. Shapley, A value for n-person games (1953).
    """
    if orders < 4 or orders % 2:
        raise ArgumentError(f"orders must be even and at least 4, not {orders}")
    runs = Coalitions(scenario, paths=paths, seed=seed, threads=threads, progress=progress)
    parts = Parts(runs.names, runs.kinds, runs.paths)
    if not shapley or len(runs.features) < 2:
        method = "stated order"
        _in_order(runs, parts)
    elif len(runs.features) <= orders_of_features.MOST_EXACT:
        method = "Shapley value, all orders"
        _keep(parts, runs, *orders_of_features.exact(runs))
    else:
        method = f"Shapley value, {orders} sampled orders"
        _keep(parts, runs, *orders_of_features.sampled(runs, orders))
    parts.keep(HORIZON, runs.horizon)
    return parts.dataset(runs.npv, {"method": method, **runs.attributes})


def _in_order(runs: Coalitions, parts: Parts) -> None:
    """One more feature with every run; the part of the feature is the difference to the run before."""
    runs.expect(len(runs.features))
    before = runs.values(frozenset())
    parts.keep(TODAY, before)
    for place, name in enumerate(runs.features, start=1):
        now = runs.values(frozenset(runs.features[:place]))
        parts.keep(name, now - before)
        before = now


def _keep(parts: Parts, runs: Coalitions, averages: Floats, spread: Floats | None, today: Floats) -> None:
    """Take over averages [feature, item, path] and their means by pair of orders [pair, feature, item]."""
    parts.keep(TODAY, today)
    for place, name in enumerate(runs.features):
        parts.keep(name, averages[place], None if spread is None else spread[:, place])
