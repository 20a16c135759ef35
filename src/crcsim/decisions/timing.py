"""When to start each programme: the cost of delay beside the value of waiting (MODEL 10)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from crcsim.decisions import differences
from crcsim.decisions.trials import (
    Change,
    Totals,
    Trials,
    chosen_levers,
    side_of,
    stated_strategy,
    with_plan,
)
from crcsim.errors import ArgumentError
from crcsim.kernels.arrays import Floats, Strategies
from crcsim.kernels.rows import TABULATED
from crcsim.measures import estimates
from crcsim.measures.values import Variable, with_error
from crcsim.scenario.scenario import Scenario
from crcsim.scenario.strategies import BASELINE, Plan, Strategy

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["LATEST", "options_of", "timing"]

#: Latest start that is tried, years, unless stated.
LATEST = 5

#: Paths on which the present value of the spend is simulated.
SPEND_PATHS = 5_000

#: Confidence of what is said of all starts of a lever together.
CONFIDENCE = 0.95

_SOURCE = "MODEL 10"
_DIMS = ("lever", "start")


@dataclass(frozen=True)
class _Start:
    """A start of a lever: its label, the years until it (NaN where a trigger decides), and its plan."""

    lever: str
    label: str
    years: float
    plan: Plan


def timing(
    scenario: Scenario,
    *,
    strategy: str = BASELINE,
    levers: Iterable[str] | None = None,
    latest: int = LATEST,
    discounting: str | None = None,
    paths: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> xr.Dataset:
    """What every programme is worth by its start: now, after 1, 2, .. years, and on its triggers.

    strategy: what is done beside; a lever that it uses is moved in time with the spend that it has there.
    latest: last start that is tried, in years; never at the horizon or beyond. Triggers are those of the
    scenario: of every strategy that has the lever wait for one. discounting: the headline unless given; the
    right to wait for news is an option, whose risk `deflator` prices by itself. paths, seed: as the scenario
    says unless given. progress: called with (paths done, paths expected).

    All [lever, start] in the currency of the scenario at that discounting, on the same draws, each with
    `_standard_error`; NaN where a lever has no such start:

    - `value`: expected NPV with the programme less that without it;
    - `delay_cost`: value of a start now less this; it is `benefit_lost` less `spend_saved`, the present value
      of the spend that waiting puts off or saves where customers leave (on the first 5,000 paths);
    - `behind_best`: value of the best start less this; `behind_established`: beyond the sampling error, 95 %
      for all starts of the lever together (Bonferroni).

    [lever]: `waiting_value`, value on the best trigger less that of the best date, both chosen on one half of
    the paths and valued on the other, with error; `best`, `best_years`, `best_established` (ahead of all
    other starts), `pays_established` (its value is above 0), and the earliest and latest date that is not
    behind, `earliest`, `latest` (years).

    Raises ArgumentError for unknown names and arguments out of range, NumericError where a path has no finite
    value. Sources: MODEL 10; A. K. Dixit and R. S. Pindyck, Investment under Uncertainty (1994).
    """
    if latest < 1:
        raise ArgumentError(f"latest must be at least 1 year, not {latest}")
    names, base = chosen_levers(scenario, levers), stated_strategy(scenario, strategy)
    trials = Trials(
        scenario, paths=paths, seed=seed, threads=threads, discounting=discounting, progress=progress
    )
    starts = [start for name in names for start in _starts(scenario, base, name, latest)]
    labels = list(dict.fromkeys(start.label for start in starts))
    fewer = min(SPEND_PATHS, trials.paths)
    trials.expect((1 + fewer / trials.paths) * (len(starts) + len(names)))
    gains = np.full((len(names), len(labels), trials.paths), np.nan)
    spends = np.full((len(names), len(labels), fewer), np.nan)
    for row, name in enumerate(names):
        own = [start for start in starts if start.lever == name]
        without = with_plan(base, None, name)
        values, spent = _simulated(trials, without, own, fewer)
        for place, start in enumerate(own):
            gains[row, labels.index(start.label)] = values[place]
            spends[row, labels.index(start.label)] = spent[place]
    years = {start.label: start.years for start in starts}
    options = options_of(strategy, None if levers is None else names, latest, trials.discounting)
    variables = _measured(gains, spends, scenario.money.currency)
    return _dataset(trials, variables, names, [(label, years[label]) for label in labels], gains, options)


def options_of(strategy: str, levers: list[str] | None, latest: int, discounting: str) -> dict[str, Any]:
    """The arguments that the answer depends on."""
    return {"strategy": strategy, "levers": levers, "latest": latest, "discounting": discounting}


def _starts(scenario: Scenario, base: Strategy, lever: str, latest: int) -> list[_Start]:
    """The starts of one lever: dates a year apart, then the triggers of the scenario."""
    begun = {plan.lever: plan for plan in base.plans}.get(lever, Plan(lever, 0.0, None))
    last = min(latest, int(np.ceil(scenario.time.years)) - 1)
    found = [
        _Start(lever, _label(year), float(year), replace(begun, start=float(year), trigger=None))
        for year in range(last + 1)
    ]
    for strategy in scenario.strategies:
        for plan in strategy.plans:
            if plan.lever == lever and plan.trigger is not None:
                waiting = replace(begun, start=0.0, trigger=plan.trigger)
                found.append(_Start(lever, strategy.name, np.nan, waiting))
    return found


def _label(year: int) -> str:
    if year == 0:
        return "now"
    return f"after {year} year{'s' if year > 1 else ''}"


def _simulated(
    trials: Trials, without: Strategy, starts: Sequence[_Start], fewer: int
) -> tuple[Floats, Floats]:
    """Value over that without the lever [start, path], and present value of the spend [start, fewer]."""
    strategies = [with_plan(without, start.plan, start.lever) for start in starts]
    found: Totals = trials.run([without, *strategies])
    spent = trials.run(
        strategies, window=slice(fewer), change=_without_effect(starts[0].lever), beside=[without]
    )
    return found.value[1:] - found.value[0], found.value[0, :fewer] - spent.value


def _without_effect(lever: str) -> Change:
    """Money that is spent when the plan says and does nothing."""

    def change(scenario: Scenario, decisions: Strategies, first: int) -> Strategies:
        place = [each.name for each in scenario.levers].index(lever)
        run, response = decisions.run.copy(), decisions.response.copy()
        run[2:], response[2:] = run[1], response[1]
        run[2:, place], response[2:, place] = TABULATED, 0.0
        return decisions._replace(run=run, response=response)

    return change


def _measured(gains: Floats, spends: Floats, currency: str) -> dict[str, Variable]:
    """Estimates [lever, start] with errors, and what is said of all starts of a lever."""
    shape = gains.shape[:2]
    values, delays, saved, lost, behind = (np.full((*shape, 2), np.nan) for _ in range(5))
    established, fewer = np.zeros(shape, dtype=bool), spends.shape[2]
    for row, (own, money) in enumerate(zip(gains, spends, strict=True)):
        there = [place for place in range(shape[1]) if np.isfinite(own[place]).all()]
        best = max(there, key=lambda place: own[place].mean())
        critical = _critical(len(there) - 1)
        for place in there:
            values[row, place] = estimates.mean(own[place])
            delays[row, place] = differences.difference(
                differences.mean(own[place]), differences.mean(own[0]), paired=True
            )
            saved[row, place] = estimates.mean(money[0] - money[place])
            lost[row, place] = (
                delays[row, place, 0] + saved[row, place, 0],
                np.hypot(delays[row, place, 1], saved[row, place, 1]) if place else 0.0,
            )
            behind[row, place] = estimates.mean(own[best] - own[place])
            established[row, place] = behind[row, place, 0] > critical * behind[row, place, 1]
    told = f"on the first {fewer} paths"
    words = "value of the best start less that of this one"
    return {
        **with_error("value", _DIMS, values, "NPV with the programme less without it", currency, _SOURCE),
        **with_error("delay_cost", _DIMS, delays, "value of a start now less this", currency, _SOURCE),
        **with_error(
            "spend_saved", _DIMS, saved, f"spend now less spend at this start, {told}", currency, _SOURCE
        ),
        **with_error("benefit_lost", _DIMS, lost, "delay_cost and spend_saved together", currency, _SOURCE),
        **with_error("behind_best", _DIMS, behind, words, currency, _SOURCE),
        "behind_established": (
            _DIMS,
            established,
            {"long_name": "whether it is behind the best start beyond the sampling error", "units": "1"},
        ),
    }


def _critical(comparisons: int) -> float:
    return NormalDist().inv_cdf(1.0 - (1.0 - CONFIDENCE) / (2.0 * max(comparisons, 1)))


def _dataset(
    trials: Trials,
    variables: dict[str, Variable],
    names: list[str],
    starts: list[tuple[str, float]],
    gains: Floats,
    options: dict[str, Any],
) -> xr.Dataset:
    import xarray as xr

    labels, years = [label for label, _ in starts], np.array([year for _, year in starts])
    value, error = variables["value"][1], variables["value_standard_error"][1]
    behind = variables["behind_established"][1]
    best = np.argmax(np.where(np.isfinite(value), value, -np.inf), axis=1)
    rows = np.arange(len(names))
    critical = np.array([_critical(count) for count in np.isfinite(value).sum(axis=1)])
    dated = np.isfinite(years)[np.newaxis] & np.isfinite(value) & ~behind
    others = np.isfinite(value) & (np.arange(len(labels))[np.newaxis] != best[:, np.newaxis])
    told = {
        "best_established": ((~others | behind).all(axis=1), "whether the best start is ahead of all", "1"),
        "pays_established": (
            value[rows, best] > critical * error[rows, best],
            "whether the value of the best start is above 0, all starts of the lever considered",
            "1",
        ),
        "best_years": (years[best], "best start, NaN for a trigger", "years"),
        "earliest": (_extreme(years, dated, np.min), "earliest date not behind the best start", "years"),
        "latest": (_extreme(years, dated, np.max), "latest date not behind the best start", "years"),
    }
    for name, (row, words, unit) in told.items():
        variables[name] = (("lever",), row, {"long_name": words, "units": unit})
    waiting = np.array([_waiting(own, years) for own in gains])
    words = "value on the best trigger less that of the best date, chosen on other paths"
    variables |= with_error(
        "waiting_value", ("lever",), waiting, words, trials.scenario.money.currency, _SOURCE
    )
    sides = {lever.name: side_of(lever) for lever in trials.scenario.levers}
    coordinates = {
        "lever": names,
        "side": ("lever", [sides[name] for name in names]),
        "best": ("lever", [labels[place] for place in best]),
        "start": labels,
        "years": ("start", years),
    }
    made = xr.Dataset(variables, coordinates)
    made.attrs = {
        **trials.attributes("timing", options),
        "strategy": options["strategy"],
        "discounting": options["discounting"],
        "spend_paths": min(SPEND_PATHS, trials.paths),
        "confidence": CONFIDENCE,
    }
    return made


def _extreme(years: Floats, chosen: Any, pick: Callable[[Floats], Any]) -> Floats:
    """The earliest or latest chosen year [lever], NaN where none is."""
    return np.array([float(pick(years[row])) if row.any() else np.nan for row in chosen])


def _waiting(gains: Floats, years: Floats) -> tuple[float, float]:
    """The best trigger of a lever less its best date, [start, path]; NaN where it has no trigger.

    Both are chosen on one half of the paths and valued on the other, so that choosing the luckiest of several
    adds nothing.
    """
    there = np.isfinite(gains).all(axis=1)
    dates, triggers = (np.flatnonzero(there & each) for each in (np.isfinite(years), np.isnan(years)))
    if not triggers.size:
        return np.nan, np.nan
    apart = np.empty(gains.shape[1])
    for half in (0, 1):
        means = gains[:, 1 - half :: 2].mean(axis=1)
        date, trigger = (each[np.argmax(means[each])] for each in (dates, triggers))
        apart[half::2] = gains[trigger, half::2] - gains[date, half::2]
    return estimates.mean(apart)
