"""Marginal values from the totals of the runs, with paired standard errors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from crcsim.decisions import differences
from crcsim.decisions.marginal.runs import Move, Runs
from crcsim.decisions.marginal.steps import Step
from crcsim.decisions.trials import Trials
from crcsim.measures import estimates
from crcsim.measures.values import Floats, Variable, with_error
from crcsim.scenario.strategies import Strategy

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["CONFIDENCE", "measured"]

#: Confidence of intervals and of what is said of all levers together.
CONFIDENCE = 0.95

_SOURCE = "MODEL 10"


@dataclass(frozen=True)
class _Marginals:
    """Marginal values [lever], their influences [lever, path], and present values of the spend [lever, 2]."""

    values: Floats
    influences: Floats
    spend: Floats  # estimate, standard error

    @property
    def errors(self) -> Floats:
        """Standard errors [lever], the present value of the spend as known as it is."""
        paths = self.influences.shape[1]
        own = self.influences.std(axis=1, ddof=1) / math.sqrt(paths)
        return np.asarray(np.hypot(own, self.values * self.spend[:, 1] / self.spend[:, 0]))

    def less(self, one: int, other: int) -> tuple[float, float]:
        """Marginal value of a lever less that of another one, and the error of the pair."""
        apart = self.influences[one] - self.influences[other]
        spends = [self.values[each] * self.spend[each, 1] / self.spend[each, 0] for each in (one, other)]
        error = math.hypot(estimates.standard_error(apart), *spends)
        return float(self.values[one] - self.values[other]), error


def measured(
    trials: Trials, strategy: Strategy, steps: Sequence[Step], runs: Runs, options: dict[str, Any]
) -> xr.Dataset:
    """Everything that `marginal` returns."""
    import xarray as xr

    fewer = runs.spent.value.shape[1]
    spend = np.array([estimates.mean(row) for row in runs.plan.value[:, :fewer] - runs.spent.value])
    riskless = (runs.plan.risk[:, :fewer] - runs.spent.risk).mean(axis=1)
    found = _marginals(steps, runs, spend)
    currency = trials.scenario.money.currency
    variables = {
        **_values(found, currency),
        **_risks(steps, runs, riskless, currency),
        **_programmes(steps, runs, spend, currency),
        **_ranking(found),
    }
    for name, values, words in (
        ("spend_factor", [each.now for each in steps], "part of the stated spend in the plan"),
        ("step", [each.step for each in steps], "stated spends by which the spend was moved"),
    ):
        variables[name] = (("lever",), np.array(values), {"long_name": words, "units": "1"})
    made = xr.Dataset(variables, _coordinates(steps))
    made.attrs = {
        **trials.attributes("marginal", options),
        "risk_discounting": "risk_free",
        "strategy": strategy.name,
        "average_paths": fewer,
        "confidence": CONFIDENCE,
        **_first(found, steps),
    }
    return made


def _marginals(steps: Sequence[Step], runs: Runs, spend: Floats) -> _Marginals:
    rows = []
    for step, moves in zip(steps, runs.moves, strict=True):
        apart = [each.moved.value[0] - each.plan.value[0] for each in moves]
        rows.append(_joined(moves, apart, runs.plan.value.shape[1]) / step.step)
    influences = np.array(rows) / spend[:, :1]
    return _Marginals(influences.mean(axis=1), influences, spend)


def _joined(moves: Sequence[Move], rows: Sequence[Floats], paths: int) -> Floats:
    """Influences [path] of Σ weight × mean of the row of a move, each on the window of its paths."""
    total = np.zeros(paths)
    for move, row in zip(moves, rows, strict=True):
        total[move.window] += move.weight * paths / row.size * row
    return total


def _values(found: _Marginals, currency: str) -> dict[str, Variable]:
    unit = f"{currency} per {currency}"
    pairs = np.stack([found.values, found.errors], axis=-1)
    reach = estimates.INTERVAL * found.errors
    interval = np.stack([found.values - reach, found.values + reach], axis=-1)
    certain = [_probability(*pair) for pair in pairs]
    words = "probability that the marginal value is above 0, given its sampling error"
    return {
        **with_error("marginal", ("lever",), pairs, "value of the next unit spent, less it", unit, _SOURCE),
        "marginal_interval": (
            ("lever", "bound"),
            interval,
            {"long_name": "95 % interval of marginal, of each lever alone", "units": unit},
        ),
        "probability_positive": (("lever",), np.array(certain), {"long_name": words, "units": "1"}),
        **with_error(
            "spend", ("lever",), found.spend, "present value of the stated spend", currency, _SOURCE
        ),
    }


def _probability(value: float, error: float) -> float:
    return NormalDist().cdf(value / error) if error > 0.0 else float(value > 0.0)


def _risks(steps: Sequence[Step], runs: Runs, spend: Floats, currency: str) -> dict[str, Variable]:
    """Changes at the risk-free rate by the present value of the spend [lever] at the same rate."""
    tails, losses = [], []
    for step, moves, money in zip(steps, runs.moves, spend, strict=True):
        tails.append(tuple(each / (step.step * money) for each in _tail(moves, runs.plan.risk.shape[1])))
        losses.append(tuple(each / (step.step * money) for each in _losses(moves)))
    words = "P(NPV < 0) that the next unit spent adds"
    unit = f"{currency} per {currency}"
    tail = "mean of the worst 5 % that the next unit spent adds"
    return {
        **with_error("cvar_change", ("lever",), np.array(tails), tail, unit, _SOURCE),
        **with_error(
            "loss_probability_change", ("lever",), np.array(losses), words, f"1 per {currency}", _SOURCE
        ),
    }


def _tail(moves: Sequence[Move], paths: int) -> tuple[float, float]:
    """Change of the mean of the worst 5 % by a step, and its standard error."""
    value, rows = 0.0, []
    for move in moves:
        (high, after), (low, before) = (differences.cvar(each.risk[0]) for each in (move.moved, move.plan))
        value += move.weight * (high - low)
        rows.append(after - before)
    return value, estimates.standard_error(_joined(moves, rows, paths))


def _losses(moves: Sequence[Move]) -> tuple[float, float]:
    """Change of the chance of a loss by a step, and its standard error."""
    value, squares = 0.0, 0.0
    for move in moves:
        events = (each.risk[0] < 0.0 for each in (move.plan, move.moved))
        apart, error = differences.frequency_difference(*events, paired=True)
        value, squares = value + move.weight * apart, squares + (move.weight * error) ** 2
    return value, math.sqrt(squares)


def _programmes(steps: Sequence[Step], runs: Runs, spend: Floats, currency: str) -> dict[str, Variable]:
    """What whole programmes bring on average, and on which part of the paths."""
    averages, pays = [], []
    for place, step in enumerate(steps):
        money = float(spend[place, 0]) * (step.now or step.programme.spend)
        value, error = estimates.mean(_gain(runs, "value", place))
        known = float(spend[place, 1]) / float(spend[place, 0])
        averages.append((value / money, math.hypot(error / money, value / money * known)))
        better = _gain(runs, "risk", place) > 0.0
        pays.append(estimates.proportion(np.count_nonzero(better), better.size))
    words = "share of paths on which the whole programme pays"
    unit = f"{currency} per {currency}"
    return {
        **with_error(
            "average",
            ("lever",),
            np.array(averages),
            "value of the whole programme, less its spend",
            unit,
            _SOURCE,
        ),
        **with_error("pays", ("lever",), np.array(pays, dtype=float), words, "1", _SOURCE),
    }


def _gain(runs: Runs, name: str, place: int) -> Floats:
    return np.asarray(getattr(runs.whole, name)[place] - getattr(runs.without, name)[place])


def _critical(comparisons: int) -> float:
    """Standard errors of a two-sided statement among so many, 95 % for all of them (Bonferroni)."""
    return NormalDist().inv_cdf(1.0 - (1.0 - CONFIDENCE) / (2.0 * max(comparisons, 1)))


def _ranking(found: _Marginals) -> dict[str, Variable]:
    """Which lever is first, how far the others are behind, and what of it is beyond the sampling error."""
    count, first = found.values.size, int(np.argmax(found.values))
    pairs = np.array([(0.0, 0.0) if place == first else found.less(first, place) for place in range(count)])
    behind = pairs[:, 0] > _critical(count - 1) * pairs[:, 1]
    signs = np.abs(found.values) > _critical(count) * found.errors
    words = "marginal value of the first lever less that of this one"
    return {
        **with_error("behind_first", ("lever",), pairs, words, "1", _SOURCE),
        "behind_established": (
            ("lever",),
            behind,
            {"long_name": "whether it is behind the first lever beyond the sampling error", "units": "1"},
        ),
        "sign_established": (
            ("lever",),
            signs,
            {"long_name": "whether the marginal value differs from 0 beyond its error", "units": "1"},
        ),
    }


def _first(found: _Marginals, steps: Sequence[Step]) -> dict[str, Any]:
    """The first lever, and the first one of customers against the first one of products."""
    first, count = int(np.argmax(found.values)), len(steps)
    others = [found.less(first, place) for place in range(count) if place != first]
    told: dict[str, Any] = {
        "first": steps[first].lever,
        "first_distinguishable": int(all(value > _critical(count - 1) * error for value, error in others)),
        "critical": _critical(count - 1),
    }
    sides = {
        side: [place for place, each in enumerate(steps) if each.side == side]
        for side in ("customer", "product")
    }
    if all(sides.values()):
        best = {side: max(places, key=lambda place: found.values[place]) for side, places in sides.items()}
        value, error = found.less(best["customer"], best["product"])
        reach = _critical(len(sides["customer"]) * len(sides["product"])) * error
        told |= {f"first_{side}": steps[place].lever for side, place in best.items()}
        told |= {
            "side_difference": value,
            "side_difference_standard_error": error,
            "side_difference_low": value - reach,
            "side_difference_high": value + reach,
        }
    return told


def _coordinates(steps: Sequence[Step]) -> dict[str, Any]:
    return {
        "lever": [each.lever for each in steps],
        "side": ("lever", [each.side for each in steps]),
        "method": ("lever", [each.method for each in steps]),
        "bound": ["low", "high"],
    }
