"""Everything that `allocate` returns: the plan, its stability, and what it is worth on fresh draws."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from crcsim.decisions.allocate.judged import (
    CONFIDENCE,
    Compared,
    beside_best,
    judged_plans,
    judged_points,
    optimism,
    shadow_price,
)
from crcsim.decisions.allocate.plans import Plans
from crcsim.decisions.allocate.searched import NEXT, Searched, estimate, frontier, nearby, plans_beside
from crcsim.decisions.allocate.stability import Surface, alike, ranks, resampled
from crcsim.decisions.trials import Totals, side_of
from crcsim.kernels.arrays import Floats
from crcsim.measures.values import Variable

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["outcome"]

#: Less than this part of the budget is no money.
LEAST = 1e-3


def outcome(searched: Searched, fresh: Plans, options: dict[str, Any]) -> xr.Dataset:
    """Everything that `allocate` returns."""
    import xarray as xr

    best, objective, currency = searched.best, searched.objective, fresh.trials.scenario.money.currency
    named, points = plans_beside(searched), frontier(searched.around, objective.level)
    spends, (near, between) = np.array(list(named.values())), nearby(searched)
    inside = searched.plans.totals(spends[:2])
    both = np.concatenate([spends, points])
    judged = fresh.totals(np.concatenate([both, near]))
    plans, rows = len(spends), len(both)
    compared = Compared.with_best(searched, judged[:rows], both)
    as_good = both[compared.as_good]
    variables = {
        **_levers(searched, inside, as_good, currency),
        **judged_plans(objective, judged[:plans], spends, currency),
        **beside_best(compared, plans, currency),
        **judged_points(judged[plans:rows], judged[:1], points, currency),
        **shadow_price(objective, judged[rows:], between, currency),
        **_starts(searched, currency),
        **optimism(objective, inside, judged, currency),
    }
    made = xr.Dataset(variables, _coordinates(searched, list(named), len(points)))
    made.attrs = {
        **fresh.trials.attributes("allocate", options),
        "seed": str(searched.plans.trials.seed),
        "fresh_seed": str(fresh.trials.seed),
        "risk_discounting": "risk_free",
        "search_paths": searched.plans.trials.paths,
        "strategy": str(options["strategy"]),
        "budget": searched.box.budget,
        "objective": objective.kind,
        "risk_weight": objective.weight,
        **({"floor": objective.floor} if objective.kind == "cvar" else {}),
        "confidence": CONFIDENCE,
        "shadow_price_over": between / searched.box.budget,
        "shadow_price_sides": "down and up" if between > 1.5 * NEXT * searched.box.budget else "up",
        "binding": "; ".join(_binding(searched, best.spend)),
    }
    return made


def _levers(searched: Searched, inside: Totals, as_good: Floats, currency: str) -> dict[str, Variable]:
    """The best plan, and how far it is settled; `inside`: of it and of nothing on the paths of the search,
    `as_good`: plans [plan, lever] that fresh draws do not tell from it.
    """
    best, box, objective = searched.best, searched.box, searched.objective
    surface = Surface.around(searched.plans, best.spend, searched.around)
    again, least = resampled(surface, objective), LEAST * box.budget
    if not len(again):
        again = np.full((1, len(searched.levers)), np.nan)
    reached = [estimate(objective, *row)[0] for row in zip(inside.value, inside.risk, strict=True)]
    ends = alike(searched, surface, reached[0] - reached[1])
    low, high = np.minimum(ends[:, 0], as_good.min(axis=0)), np.maximum(ends[:, 1], as_good.max(axis=0))
    rank = ranks(best.spend, least)
    held = np.where(np.isnan(again), np.nan, ranks(again, least) == rank)
    found = {
        "spend": (best.spend, "spend over the horizon at prices of the valuation date", currency),
        "spend_factor": (best.spend / searched.stated, "part of the stated programme", "1"),
        "stated_spend": (searched.stated, "spend of the stated programme", currency),
        "lower": (box.lower, "least that must be spent", currency),
        "upper": (box.upper, "most that may be spent", currency),
        "spend_low": (low, "least spend of plans that are not told from the best", currency),
        "spend_high": (high, "most spend of plans that are not told from the best", currency),
        "funded": (
            np.where(np.isnan(again), np.nan, again > least).mean(axis=0),
            "share of resamples in which it gets money",
            "1",
        ),
        "rank": (rank, "rank by spend, 1 for the most", "1"),
        "rank_held": (held.mean(axis=0), "share of resamples in which it has this rank", "1"),
    }
    variables: dict[str, Variable] = {
        name: (("lever",), values, {"long_name": words, "units": unit})
        for name, (values, words, unit) in found.items()
    }
    order = {"long_name": "share of resamples in which all levers have their ranks", "units": "1"}
    return {**variables, "order_held": ((), float(held.min(axis=1).mean()), order)}


def _starts(searched: Searched, currency: str) -> dict[str, Variable]:
    ends = searched.ends
    return {
        "start_spend": (
            ("start", "lever"),
            np.array([each.spend for each in ends]),
            {"long_name": "spend of the plan found from a start", "units": currency},
        ),
        "start_objective": (
            ("start",),
            np.array([each.objective for each in ends]),
            {"long_name": "objective of the plan found from a start", "units": currency},
        ),
        "converged": (
            ("start",),
            np.array([each.converged for each in ends]),
            {"long_name": "whether no move was left that improves the plan", "units": "1"},
        ),
    }


def _binding(searched: Searched, spend: Floats) -> list[str]:
    """In words, which limits hold the plan back; the budget first."""
    box, reach = searched.box, 1e-6 * searched.box.budget
    told = ["the budget is spent"] if box.budget - spend.sum() <= reach else ["the budget is not spent"]
    for limit in box.limits:
        if limit.most - spend[list(limit.members)].sum() <= reach:
            told.append(f"{limit.name} together are at their limit")
    for name, words in zip(searched.levers, _bounds(searched, spend), strict=True):
        if words:
            told.append(f"{name} is at its {words}")
    return told


def _bounds(searched: Searched, spend: Floats) -> list[str]:
    """Bounds that a lever stands at; nothing at all is no bound worth telling."""
    box, reach = searched.box, 1e-6 * searched.box.budget
    found = []
    for low, high, money in zip(box.lower, box.upper, spend, strict=True):
        if high - money <= reach and high < box.budget:
            found.append("upper bound")
        else:
            found.append("lower bound" if low > 0.0 and money - low <= reach else "")
    return found


def _coordinates(searched: Searched, plans: Sequence[str], points: int) -> dict[str, Any]:
    least = "least allowed" if searched.box.lower.any() else "nothing"
    ends = [least, "even split", *(f"all on {name}" for name in searched.levers)]
    scenario = searched.plans.trials.scenario
    return {
        "lever": searched.levers,
        "side": ("lever", [side_of(each) for each in scenario.levers if each.name in searched.levers]),
        "bound": ("lever", _bounds(searched, searched.best.spend)),
        "plan": list(plans),
        "point": np.arange(1, points + 1),
        "start": ends[: len(searched.ends)],
    }
