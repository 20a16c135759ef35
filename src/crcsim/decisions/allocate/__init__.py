"""How a budget is best spent on levers, and whether that holds on fresh draws (MODEL 10)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from crcsim.decisions.allocate.budget import Budget, box_of, stated_spends
from crcsim.decisions.allocate.floor import searches
from crcsim.decisions.allocate.outcome import outcome
from crcsim.decisions.allocate.plans import Plans, Told
from crcsim.decisions.allocate.searched import Searched
from crcsim.decisions.allocation import Objective, starts
from crcsim.decisions.trials import Trials, chosen_levers, stated_strategy
from crcsim.scenario.strategies import BASELINE

if TYPE_CHECKING:
    import xarray as xr

    from crcsim.scenario.scenario import Scenario

__all__ = ["SEARCH_PATHS", "Budget", "Objective", "allocate", "require_plan", "told_options"]

#: Paths on which plans are searched for unless stated.
SEARCH_PATHS = 4_096

#: Searches that are begun unless stated: from nothing, and from the budget shared out.
STARTS = 2


def allocate(
    scenario: Scenario,
    budget: Budget,
    objective: Objective | None = None,
    *,
    strategy: str = BASELINE,
    levers: Iterable[str] | None = None,
    search_paths: int = SEARCH_PATHS,
    begin: int = STARTS,
    paths: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> xr.Dataset:
    """The best spends on levers under a budget, and what they are worth on draws that they were not made for.

    objective: the mean value unless given. strategy: what is done beside; its plans say when its levers
    start, the others start now. levers: that may get money, all unless given. search_paths: the plan is found
    on the first so many paths of the seed, and judged on `paths` others, those of the next seed. begin: how
    many starts the search has. paths, seed: as the scenario says unless given. progress: called with (paths
    done, paths expected), expected 0 while the search goes on, since nobody knows how many plans it takes.

    The search simulates every plan that it judges, with all effects that levers have on each other. Returns,
    in the currency of the scenario, each estimate with `_standard_error`:

    - [lever] `spend`, `spend_factor`, `lower`, `upper`, `bound` (in words); `spend_low`, `spend_high` (of
      plans that are not told from the best, on the paths of the search or on fresh ones, 95 %);
      `rank` by spend; `funded`, `rank_held` (share of the plans found on resampled paths that spend on it,
      and in which it has its rank), and for all levers together `order_held`;
    - [plan] `best`, `nothing`, `least allowed` where there are lower bounds, `even split` and everything on
      each lever, on fresh draws: `value`, `tail_mean`, `gain` of the value over nothing, `behind_best` of the
      objective, `behind_established` and `ahead_established`, `ahead_share` (share of resamples of the fresh
      paths in which the best is ahead); `allowed`: whether bounds and floor allow it on the paths of the
      search;
    - [point, lever] `frontier_spend`, and [point] `frontier_value`, `frontier_tail_mean` on fresh draws: the
      best means of the worst 5 % at growing floors of the value; `frontier_behind_best` and the others as for
      plans; `frontier_beaten`: the best plan or another point is better in both beyond the error;
    - [start, lever] `start_spend`, [start] `start_objective`, `converged`;
    - `search_gain`, `fresh_gain`, `optimism`: the objective over that of nothing on the paths of the search,
      on fresh ones, and the first less the second (optimiser's curse);
    - `shadow_price`: what the next unit of budget adds to the objective, on fresh draws: the average over a
      twentieth of the budget, down and up, or up only where a smaller budget leaves no plan.

    Attribute `binding`: limits that hold the plan back, in words. Value at the headline discounting,
    `tail_mean` at the risk-free rate. `nothing` spends nothing, even where lower bounds forbid that. Raises
    ArgumentError for unknown names and bounds that leave no plan, InfeasibleError where no plan meets the
    floor. Sources: MODEL 10; Rockafellar and Uryasev (2000); Smith and Winkler (2006), The Optimizer's Curse.
    """
    wanted = objective or Objective("mean")
    names = chosen_levers(scenario, levers)
    base, stated = stated_strategy(scenario, strategy), stated_spends(scenario, names)
    currency = scenario.money.currency
    box = box_of(budget, names, stated, currency)
    told = Told(progress)
    trials = Trials(scenario, paths=search_paths, seed=seed, threads=threads, progress=told.searching)
    plans = Plans(trials, base, names, stated)
    ends = searches(plans.evaluate, box, wanted, starts(box, begin), currency)
    fresh = Trials(scenario, paths=paths, seed=trials.seed + 1, threads=threads, progress=told.judging)
    named = None if levers is None else names
    options = told_options(budget, wanted, strategy, named, search_paths, begin)
    most = np.array([budget.most.get(name, np.inf) for name in names])
    return outcome(
        Searched(names, stated, box, most, wanted, plans, ends), Plans(fresh, base, names, stated), options
    )


def told_options(
    budget: Budget,
    objective: Objective,
    strategy: str,
    levers: list[str] | None,
    search_paths: int,
    begin: int,
) -> dict[str, Any]:
    """The arguments that the decision depends on."""
    return {
        "strategy": strategy,
        "levers": levers,
        "budget": budget.options(),
        "objective": [
            objective.kind,
            objective.weight,
            objective.floor if objective.kind == "cvar" else None,
        ],
        "search_paths": search_paths,
        "starts": begin,
    }


def require_plan(scenario: Scenario, budget: Budget, levers: Iterable[str] | None) -> None:
    """Raise ArgumentError for unknown names and bounds that leave no plan."""
    names = chosen_levers(scenario, levers)
    box_of(budget, names, stated_spends(scenario, names), scenario.money.currency)
