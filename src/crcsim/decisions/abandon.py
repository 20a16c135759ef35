"""The option to end a relation: what it is worth to end it later, if ever, against ending it today."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from crcsim.compile.program import Program
from crcsim.decisions import provenance
from crcsim.decisions.stopping import (
    Policy,
    StoppingPaths,
    ThresholdRule,
    fit_martingale,
    fit_policy,
    fit_threshold,
    upper_bounds,
)
from crcsim.decisions.stopping.judged import CHOICES, Judged, as_dataset, judged
from crcsim.decisions.stopping.relations import avoidable_contribution, relation_problem
from crcsim.decisions.trials import stated_strategy
from crcsim.engine.relations import RelationPaths, relation_paths
from crcsim.engine.run import default_threads
from crcsim.errors import ArgumentError, no_such
from crcsim.kernels.arrays import Integers
from crcsim.scenario.strategies import BASELINE

if TYPE_CHECKING:
    import xarray as xr

    from crcsim.scenario.scenario import Scenario

__all__ = ["CHOICES", "MOST_PATHS", "NEXT_SEED", "abandon", "ended_customers", "options_of", "paths_of"]

#: Paths unless stated: each customer keeps all of its periods on all of them.
MOST_PATHS = 10_000

NEXT_SEED = 1  # the policy is fitted on the draws of seed + 1

_WORDS = {
    "value": "expected present value of avoidable cash",
    "level": "contribution without costs that stay",
    "period": "period",
}


def _cannot_be_ended(scenario: Scenario) -> dict[str, str]:
    """Why some customers have no value of their own to end, by name: they are named in a merger."""
    return {
        name: f"it may merge with {other}, which would then hold its lines"
        for merger in scenario.mergers
        for name, other in ((merger.target, merger.buyer), (merger.buyer, merger.target))
    }


def paths_of(scenario: Scenario, paths: int | None) -> int:
    """Paths of each of the two sets."""
    return min(scenario.simulation.paths, MOST_PATHS) if paths is None else paths


def options_of(
    scenario: Scenario, customers: Sequence[str] | None, strategy: str, discounting: str | None
) -> dict[str, Any]:
    """The arguments that the answer depends on."""
    return {
        "customers": list(customers) if customers else None,
        "strategy": strategy,
        "discounting": discounting or scenario.capital.discounting,
    }


def abandon(
    scenario: Scenario,
    *,
    customers: Sequence[str] | None = None,
    strategy: str = BASELINE,
    discounting: str | None = None,
    paths: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> xr.Dataset:
    """The value of the option to end each relation, by least-squares Monte Carlo, with an upper bound.

    Ending is possible today and at the end of every period; what counts is avoidable cash (costs that stay
    with the company count on neither side), working capital that comes back, and costs in notice. A policy is
    fitted on the draws of the next seed and valued on those of `seed`; its value is a lower bound. customers:
    all that have no listed merger unless given. discounting: the headline unless given. paths: of each of the
    two sets, at most 10,000 unless given.

    Returned for [customer, choice], in currency and each with `_standard_error`: `value`, the expected
    present value of avoidable cash, and `gain` over going on, on the same draws; choices are to go on for
    ever, to end today, to end after the first period with a negative contribution, to follow the best simple
    rule, to follow the fitted policy. For [customer]: `upper`, at or above the best policy's value in
    expectation; `gap` between it and the policy; `rule_level` (contribution per period, -inf: never),
    `rule_periods`, `rule_first`; `captured`, share of the policy's gain that the rule brings (NaN without a
    gain); `first_contribution` of the first period, costs that stay included. For [customer, date]: `ended`,
    share of paths that the policy has ended by then.

    Raises ArgumentError for an unknown name or one in a merger, or fewer than 2 paths.
    Source: Longstaff and Schwartz 2001; Belomestny, Bender and Schoenmakers 2009; SOURCES C8.
    """
    chosen_seed = scenario.simulation.seed if seed is None else seed
    count = paths_of(scenario, paths)
    if count < 2:
        raise ArgumentError(f"paths must be at least 2, not {count}")
    names = ended_customers(scenario, customers)
    chosen = stated_strategy(scenario, strategy).name
    strategies = () if chosen == BASELINE else (chosen,)
    fresh = Program(scenario, chosen_seed, strategies=strategies)
    fitting = Program(scenario, chosen_seed + NEXT_SEED, strategies=strategies)
    options: dict[str, Any] = {"threads": threads or default_threads(), "discounting": discounting}
    found = []
    for place, name in enumerate(names):
        one = relation_paths(fresh, name, count, **options)
        other = relation_paths(fitting, name, count, **options)
        found.append(_judge(one, other, scenario.time.periods_per_year))
        if progress is not None:
            progress((place + 1) * count, len(names) * count)
    told = options_of(scenario, customers, chosen, discounting)
    attributes = provenance.of_scenario("abandon", scenario, chosen_seed, count, told, strategies)
    attributes |= {name: told[name] for name in ("strategy", "discounting")}
    attributes |= {"periods_per_year": scenario.time.periods_per_year}
    attributes["warnings"] = json.dumps(
        [*scenario.warnings, *_notes(scenario, customers is None)], ensure_ascii=False
    )
    years = np.arange(scenario.time.periods) / scenario.time.periods_per_year
    return as_dataset("customer", names, found, years, _WORDS, attributes)


def _judge(fresh: RelationPaths, fitting: RelationPaths, per_year: int) -> Judged:
    """Fit on one set of paths, value on the other. A fitted martingale has mean zero on fresh paths, at any
    date of stopping too, so that it takes variance out of all values without moving their means.
    """
    known, problem = relation_problem(fitting), relation_problem(fresh)
    policy = fit_policy(known)
    martingale = fit_martingale(known, policy)(problem)
    rule = fit_threshold(
        known,
        avoidable_contribution(fitting),
        periods=sorted({1, 2, per_year}),
        first_dates=sorted({0, per_year, 2 * per_year}),
    )
    dates = _dates(problem, policy, rule, fresh)
    everyone = np.arange(martingale.shape[0])
    rows = np.stack([problem.by_date[everyone, date] - martingale[everyone, date] for date in dates])
    gains = rows - rows[0]
    first = fresh.row("contribution")[1][fresh.row("phase")[1] >= 0.0]
    ends = dates[-1], problem.dates
    return judged(rows, gains, upper_bounds(problem, martingale), ends, rule, first)


def _dates(
    paths: StoppingPaths, policy: Policy, rule: ThresholdRule, relation: RelationPaths
) -> list[Integers]:
    """Dates of ending [path] for each choice."""
    never = np.full(paths.cash.shape[0], paths.dates, dtype=np.int64)
    reported = np.where(relation.row("phase") >= 0.0, relation.row("contribution"), np.nan)[:-1].T.copy()
    reported[:, 0] = np.nan
    negative = ThresholdRule(0.0, 1, 0)
    return [
        never,
        np.zeros_like(never),
        negative.dates(paths, reported),
        rule.dates(paths, avoidable_contribution(relation)),
        policy.dates(paths),
    ]


def ended_customers(scenario: Scenario, wanted: Sequence[str] | None) -> list[str]:
    """Names of the customers that are valued. Raises ArgumentError for one that is unknown or in a merger."""
    known, linked = [customer.name for customer in scenario.customers], _cannot_be_ended(scenario)
    if wanted is None:
        names = [name for name in known if name not in linked]
        if not names:
            raise ArgumentError("every customer is named in a merger: none has a value of its own to end")
        return names
    for name in wanted:
        if name not in known:
            raise no_such("customer", name, known)
        if name in linked:
            raise ArgumentError(f"{name} cannot be ended on its own: {linked[name]}")
    return list(dict.fromkeys(wanted))


def _notes(scenario: Scenario, everybody: bool) -> list[str]:
    """What was left out of the numbers."""
    notes = []
    left = [customer.name for customer in scenario.customers if customer.name in _cannot_be_ended(scenario)]
    if left and everybody:
        notes.append(f"Not valued, because a merger may move their lines: {', '.join(left)}.")
    limited = [name for name, product in scenario.products.items() if product.capacity is not None]
    if limited:
        notes.append(
            f"{', '.join(limited)} has a capacity: what an end frees for other customers is not counted."
        )
    if scenario.capital.horizon_value is None:
        notes.append("Nothing after the last period counts, whether a relation is ended or goes on.")
    return notes
