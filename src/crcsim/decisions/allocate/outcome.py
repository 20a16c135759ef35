"""What a search found, judged on fresh draws and on resampled ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from crcsim.decisions import differences
from crcsim.decisions.allocate.plans import Plans
from crcsim.decisions.allocate.stability import resampled
from crcsim.decisions.allocation import Box, Found, Objective, Problem, solve, starts, surroundings
from crcsim.decisions.differences import Estimate
from crcsim.decisions.trials import Totals, side_of
from crcsim.errors import NumericError
from crcsim.kernels.arrays import Floats
from crcsim.measures import estimates
from crcsim.measures.values import Variable, with_error

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["CONFIDENCE", "Searched", "outcome"]

CONFIDENCE = 0.95

#: Plans of the efficient frontier.
POINTS = 6

#: Part of the budget over which its shadow price is taken.
NEXT = 0.05

_SOURCE = "MODEL 10"


@dataclass(frozen=True)
class Searched:
    """A problem and the ends of the searches, one for every start."""

    levers: list[str]
    stated: Floats
    box: Box
    objective: Objective
    plans: Plans
    ends: list[Found]

    @property
    def best(self) -> Found:
        """The end with the highest objective."""
        return max(self.ends, key=lambda each: each.objective)


def outcome(searched: Searched, fresh: Plans, options: dict[str, Any]) -> xr.Dataset:
    """Everything that `allocate` returns."""
    import xarray as xr

    best, currency = searched.best, fresh.trials.scenario.money.currency
    around = surroundings(searched.plans.evaluate, searched.box, best)
    named, points = _plans(searched), _frontier(around, searched.objective.level)
    spends, nearby = np.array(list(named.values())), _nearby(around, searched.objective)
    judged = fresh.totals(np.concatenate([spends, points, nearby]))
    parts = np.cumsum([len(spends), len(points)])
    variables = {
        **_levers(searched, around, currency),
        **_judged(searched, judged[: parts[0]], currency),
        **_points(judged[parts[0] : parts[1]], points, currency),
        **_shadow_price(searched, judged[parts[1] :], currency),
        **_starts(searched, currency),
        **_optimism(searched, spends, judged, currency),
        "plan_spend": (("plan", "lever"), spends, {"long_name": "spend of a plan", "units": currency}),
    }
    made = xr.Dataset(variables, _coordinates(searched, list(named), len(points)))
    made.attrs = {
        **fresh.trials.attributes("allocate", options),
        "seed": str(searched.plans.trials.seed),
        "fresh_seed": str(fresh.trials.seed),
        "risk_discounting": "risk_free",
        "search_paths": searched.plans.trials.paths,
        "budget": searched.box.budget,
        "objective": searched.objective.kind,
        "risk_weight": searched.objective.weight,
        "confidence": CONFIDENCE,
        "binding": "; ".join(_binding(searched, best.spend)),
    }
    return made


def _plans(searched: Searched) -> dict[str, Floats]:
    """The plans that are judged beside the best one."""
    low, even, *alone = starts(searched.box, 2 + len(searched.levers))
    return {
        "best": searched.best.spend,
        "nothing": low,
        "even split": even,
        **{f"all on {name}": plan for name, plan in zip(searched.levers, alone, strict=True)},
    }


def _nearby(around: Problem, objective: Objective) -> Floats:
    """The best plans [below, above; lever] with a twentieth of the budget less and more."""
    return np.array(
        [
            solve(replace(around, budget=around.budget * factor), objective).spend
            for factor in (1.0 - NEXT, 1.0 + NEXT)
        ]
    )


def _shadow_price(searched: Searched, judged: Totals, currency: str) -> dict[str, Variable]:
    """What the next unit of budget adds to the objective on fresh draws, from the plans nearby."""
    low, high = (
        _estimate(searched.objective, value, risk)
        for value, risk in zip(judged.value, judged.risk, strict=True)
    )
    pair = np.array(differences.difference(low, high, paired=True)) / (2.0 * NEXT * searched.box.budget)
    words = "what the next unit of budget adds to the objective on fresh draws"
    return with_error("shadow_price", (), pair, words, f"{currency} per {currency}", _SOURCE)


def _frontier(problem: Problem, level: float) -> Floats:
    """Plans [point, lever] with the best tails at growing floors of the mean value."""
    safest = solve(problem, Objective("cvar", level=level))
    richest = solve(problem, Objective("mean", level=level))
    found = [safest.spend]
    for floor in np.linspace(safest.value, richest.value, POINTS)[1:-1]:
        try:
            found.append(solve(problem, Objective("cvar", floor=float(floor), level=level)).spend)
        except NumericError:  # the floor is met by rounding only
            continue
    return np.array([*found, richest.spend])


def _estimate(objective: Objective, value: Floats, risk: Floats) -> Estimate:
    """The objective on paths, with its influences."""
    if objective.kind == "mean":
        return differences.mean(value)
    tail = differences.cvar(risk)
    if objective.kind == "cvar":
        return tail
    mean = differences.mean(risk)
    return mean[0] + objective.weight * tail[0], mean[1] + objective.weight * tail[1]


def _levers(searched: Searched, around: Problem, currency: str) -> dict[str, Variable]:
    best, box = searched.best, searched.box
    again = resampled(searched.plans, best.spend, around, searched.objective)
    if not len(again):
        again = np.full((1, len(searched.levers)), np.nan)
    least = 1e-3 * box.budget
    found = {
        "spend": (best.spend, "spend over the horizon at prices of the valuation date", currency),
        "spend_factor": (best.spend / searched.stated, "part of the stated programme", "1"),
        "stated_spend": (searched.stated, "spend of the stated programme", currency),
        "lower": (box.lower, "least that must be spent", currency),
        "upper": (box.upper, "most that may be spent", currency),
        "spend_low": (np.quantile(again, 0.05, axis=0), "5 % quantile over resampled paths", currency),
        "spend_high": (np.quantile(again, 0.95, axis=0), "95 % quantile over resampled paths", currency),
        "funded": ((again > least).mean(axis=0), "share of resamples in which it gets money", "1"),
    }
    return {
        name: (("lever",), values, {"long_name": words, "units": unit})
        for name, (values, words, unit) in found.items()
    }


def _judged(searched: Searched, judged: Totals, currency: str) -> dict[str, Variable]:
    """Values of the plans on fresh draws; the second one is that of nothing."""
    values, tails, gains, behind = [], [], [], []
    wanted = [
        _estimate(searched.objective, value, risk)
        for value, risk in zip(judged.value, judged.risk, strict=True)
    ]
    for place, (value, risk) in enumerate(zip(judged.value, judged.risk, strict=True)):
        values.append(estimates.mean(value))
        tail, influences = differences.cvar(risk)
        tails.append((tail, estimates.standard_error(influences)))
        gains.append(estimates.mean(value - judged.value[1]))
        behind.append(differences.difference(wanted[place], wanted[0], paired=True))
    pairs = np.array(behind)
    critical = NormalDist().inv_cdf(1.0 - (1.0 - CONFIDENCE) / (2.0 * max(len(pairs) - 1, 1)))
    words = "whether the best plan is ahead beyond the sampling error of fresh draws"
    dims = ("plan",)
    return {
        **with_error("value", dims, np.array(values), "mean NPV on fresh draws", currency, _SOURCE),
        **with_error(
            "tail_mean", dims, np.array(tails), "mean of the worst 5 % on fresh draws", currency, _SOURCE
        ),
        **with_error("gain", dims, np.array(gains), "mean NPV less that of nothing", currency, _SOURCE),
        **with_error(
            "behind_best", dims, pairs, "objective of the best plan less that of this one", currency, _SOURCE
        ),
        "behind_established": (
            dims,
            pairs[:, 0] > critical * pairs[:, 1],
            {"long_name": words, "units": "1"},
        ),
    }


def _points(judged: Totals, points: Floats, currency: str) -> dict[str, Variable]:
    values = np.array([estimates.mean(row) for row in judged.value])
    tails = []
    for row in judged.risk:
        tail, influences = differences.cvar(row)
        tails.append((tail, estimates.standard_error(influences)))
    words = "mean of the worst 5 % on fresh draws, of a plan on the frontier"
    beaten = [
        any(other[0] >= one[0] and low[0] > tail[0] for other, low in zip(values, tails, strict=True))
        for one, tail in zip(values, tails, strict=True)
    ]
    return {
        "frontier_beaten": (
            ("point",),
            np.array(beaten),
            {"long_name": "whether another one is better in both on fresh draws", "units": "1"},
        ),
        **with_error(
            "frontier_value", ("point",), values, "mean NPV on fresh draws, of a plan on the frontier",
            currency, _SOURCE,
        ),
        **with_error("frontier_tail_mean", ("point",), np.array(tails), words, currency, _SOURCE),
        "frontier_spend": (
            ("point", "lever"), points, {"long_name": "spend of a plan on the frontier", "units": currency}
        ),
    }  # fmt: skip


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


def _optimism(searched: Searched, spends: Floats, judged: Totals, currency: str) -> dict[str, Variable]:
    """The objective over that of nothing on the paths of the search and on fresh ones."""
    inside, pairs = searched.plans.totals(spends[:2]), []
    for found in (inside, judged):
        best, nothing = (_estimate(searched.objective, found.value[row], found.risk[row]) for row in (0, 1))
        pairs.append(differences.difference(nothing, best, paired=True))
    (own, own_error), (other, other_error) = pairs
    pairs.append((own - other, float(np.hypot(own_error, other_error))))
    words = (
        "objective over that of nothing on the paths of the search",
        "objective over that of nothing on fresh draws",
        "gain on the paths of the search less that on fresh draws",
    )
    found_all: dict[str, Variable] = {}
    for name, pair, meaning in zip(("search_gain", "fresh_gain", "optimism"), pairs, words, strict=True):
        found_all |= with_error(name, (), np.array(pair), meaning, currency, _SOURCE)
    return found_all


def _binding(searched: Searched, spend: Floats) -> list[str]:
    """In words, which limits hold the plan back."""
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
    ends = ["nothing", "even split", *(f"all on {name}" for name in searched.levers)]
    scenario = searched.plans.trials.scenario
    return {
        "lever": searched.levers,
        "side": ("lever", [side_of(each) for each in scenario.levers if each.name in searched.levers]),
        "bound": ("lever", _bounds(searched, searched.best.spend)),
        "plan": list(plans),
        "point": np.arange(1, points + 1),
        "start": ends[: len(searched.ends)],
    }
