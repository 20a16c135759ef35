"""The option to drop a product line: what it is worth to drop it later, if ever, against today."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from crcsim.decisions import provenance
from crcsim.decisions.abandon import NEXT_SEED, paths_of
from crcsim.decisions.stopping import (
    Policy,
    StoppingPaths,
    ThresholdRule,
    fit_martingale,
    fit_policy,
    fit_threshold,
    upper_bounds,
)
from crcsim.decisions.stopping.controls import fit_controls, remaining_sums
from crcsim.decisions.stopping.judged import Judged, as_dataset, judged, means
from crcsim.decisions.stopping.lines import Dropped, GoingOn, LineOption, LineRuns
from crcsim.decisions.trials import stated_strategy
from crcsim.engine.run import default_threads
from crcsim.errors import ArgumentError, no_such
from crcsim.kernels.arrays import Floats, Integers
from crcsim.measures.values import with_error
from crcsim.scenario.strategies import BASELINE

if TYPE_CHECKING:
    import xarray as xr

    from crcsim.scenario.scenario import Scenario

__all__ = ["EVERY", "abandon_lines", "dropped_lines", "line_options_of"]

#: How often a line may be dropped.
EVERY = ("year", "period")

_WORDS = {
    "value": "expected NPV of the portfolio",
    "level": "contribution of the line since the last date",
    "period": "date",
}


def line_options_of(
    scenario: Scenario,
    products: Sequence[str] | None,
    customers: Sequence[str] | None,
    every: str,
    strategy: str,
    discounting: str | None,
) -> dict[str, Any]:
    """The arguments that the answer depends on."""
    return {
        "products": list(products) if products else "all",
        "customers": list(customers) if customers else None,
        "every": every,
        "strategy": strategy,
        "discounting": discounting or scenario.capital.discounting,
    }


def dropped_lines(
    scenario: Scenario, products: Sequence[str] | None, customers: Sequence[str] | None, strategy: str
) -> dict[str, tuple[str, ...]]:
    """Products that are valued, all that somebody buys unless named, each with its customers, sorted.

    Raises ArgumentError for a name that is unknown, a product that none of the customers buys, or one that
    the strategy drops for one of them anyway.
    """
    known = [customer.name for customer in scenario.customers]
    chosen = known if customers is None else _checked("customer", customers, known)
    buyers = {
        product: tuple(
            sorted(
                customer.name
                for customer in scenario.customers
                if customer.name in chosen and any(line.product == product for line in customer.lines)
            )
        )
        for product in scenario.products
    }
    if products is None:
        names = [name for name in buyers if buyers[name]]
    else:
        names = _checked("product", products, list(scenario.products))
    for name in names:
        if not buyers[name]:
            raise ArgumentError(f"nobody of {', '.join(chosen)} buys {name}: there is no line to drop")
        for drop in stated_strategy(scenario, strategy).drops:
            if drop.product == name and set(drop.customers) & set(buyers[name]):
                raise ArgumentError(f"strategy {strategy} drops {name} anyway")
    return {name: buyers[name] for name in names}


def _checked(kind: str, wanted: Sequence[str], known: Sequence[str]) -> list[str]:
    for name in wanted:
        if name not in known:
            raise no_such(kind, name, known)
    return list(dict.fromkeys(wanted))


def abandon_lines(
    scenario: Scenario,
    *,
    products: Sequence[str] | None = None,
    customers: Sequence[str] | None = None,
    every: str = "year",
    strategy: str = BASELINE,
    discounting: str | None = None,
    paths: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> xr.Dataset:
    """The value of the option to drop each product, one decision for all customers that buy it or for those
    named, by least-squares Monte Carlo with an upper bound.

    Dropping is possible today and at the end of every year, or of every period; each date is a run of its own
    on the same draws, so that all that a drop moves counts: NPVs of the whole portfolio are compared. Where
    nothing counts after the horizon, the working capital of the customers that buy it comes back with the
    last flow, whatever is done. A policy is fitted on the draws of the next seed and valued on those of
    `seed`. products: all that somebody buys unless given. discounting: the headline unless given. paths: of
    each of the two sets, at most 10,000 unless given.

    Returned for [product, choice] and [product] as by `abandon`, with dates a year apart, or a period: the
    level of the rule is a contribution between two dates. For [product, date] also `date_gain`, value of a
    drop at this date whatever happens less that of going on, with error.

    Raises ArgumentError for an unknown name or `every`, a product that nobody buys or that the strategy drops
    anyway, or fewer than 2 paths. Source: Longstaff and Schwartz 2001; Brown, Smith and Sun 2010;
    Belomestny, Bender and Schoenmakers 2009; SOURCES A8, C8.
    """
    count, chosen_seed = paths_of(scenario, paths), scenario.simulation.seed if seed is None else seed
    if count < 2:
        raise ArgumentError(f"paths must be at least 2, not {count}")
    if every not in EVERY:
        raise ArgumentError(f"every must be one of {', '.join(EVERY)}, not {every!r}")
    lines = dropped_lines(scenario, products, customers, strategy)
    base = stated_strategy(scenario, strategy)
    told = line_options_of(scenario, products, customers, every, strategy, discounting)
    step = scenario.time.periods_per_year if every == "year" else 1
    dates = list(range(0, scenario.time.periods, step))
    per_year = scenario.time.periods_per_year // step
    work = 2 * (len(dates) + 3) * count * len(lines)
    done = 0

    def tell(strategies: int) -> None:
        nonlocal done
        done += strategies * count
        if progress is not None:
            progress(done, work)

    found, gains = [], []
    for product, buyers in lines.items():
        option = LineOption(product, buyers, base, str(told["discounting"]))
        numbers = (count, threads or default_threads(), tell)
        fitting = LineRuns(scenario, option, chosen_seed + NEXT_SEED, *numbers)
        fresh = LineRuns(scenario, option, chosen_seed, *numbers, weights=fitting.weights)
        problems = _problems(fitting, fresh, dates, step)
        found.append(_judge(*problems, fresh, per_year))
        gains.append(means(problems[1].stopping.exit_value.T))
    attributes = provenance.of_scenario("abandon", scenario, chosen_seed, count, told, (base.name,))
    attributes |= {name: told[name] for name in ("every", "strategy", "discounting")}
    attributes |= {"periods_per_year": per_year}
    attributes["command"] = f"abandon --products {','.join(products or ['all'])}"
    attributes["warnings"] = json.dumps([*scenario.warnings, *_notes(scenario)], ensure_ascii=False)
    years = np.array(dates) / scenario.time.periods_per_year
    made = as_dataset("product", list(lines), found, years, _WORDS, attributes)
    meaning = "value of a drop at this date less that of going on"
    return made.assign(
        with_error(
            "date_gain",
            ("product", "date"),
            np.stack(gains),
            meaning,
            scenario.money.currency,
            "MODEL 10",
        )
    ).assign_coords(customers=("product", [", ".join(buyers) for buyers in lines.values()]))


@dataclass(frozen=True)
class _Problem:
    """One set of paths: gains over going on by date as a stopping problem, and what rules look at."""

    going_on: GoingOn
    stopping: StoppingPaths
    contribution: Floats  # [path, date] of the line since the date before, NaN today and where nobody buys
    lowest: Floats  # [path, date] lowest of a period since then, likewise


def _problems(fitting: LineRuns, fresh: LineRuns, dates: list[int], step: int) -> tuple[_Problem, _Problem]:
    """The same problem on both sets of draws. What a drop brings beyond going on is seen at the horizon only;
    the chance in it after the drop is controlled, by coefficients of the fitting draws.
    """
    pair = fitting.going_on, fresh.going_on
    values = np.empty((2, len(dates), pair[0].value.size))
    drops = zip(fitting.dropped(dates), fresh.dropped(dates), strict=True)
    for place, ((date, one), (_, other)) in enumerate(drops):
        both = list(zip(pair, (one, other), strict=True))
        rows = [remaining_sums(_weighted(*each), pair[0].discount, date) for each in both]
        gains = [dropped.value - going.value for going, dropped in both]
        controls = fit_controls(gains[0], _features(pair[0], date), rows[0])
        for kind in range(2):
            values[kind, place] = gains[kind] - controls(rows[kind])
    return _problem(pair[0], values[0], dates, step), _problem(pair[1], values[1], dates, step)


def _weighted(going: GoingOn, dropped: Dropped) -> list[Floats]:
    """Innovations of a world with the line and of one without it, and returns of the market times what is
    earned in each, [period, path].
    """
    earned = (going.line, going.rest, dropped.rest)
    market = [each[:-1] * found for each in earned for found in going.returns]
    return [*going.innovations, *dropped.innovations, *market]


def _features(going: GoingOn, date: int) -> Floats:
    """What a policy may look at, [path, feature]: of the last period; nothing yet today."""
    rows = (going.line, going.volume, going.rest, going.at_stake, going.active, going.market_index)
    return np.stack([row[date] for row in rows], axis=-1)


def _problem(going: GoingOn, gains: Floats, dates: list[int], step: int) -> _Problem:
    ahead = [
        *going.innovations,
        *(each[:-1] * row for each in (going.line, going.rest) for row in going.returns),
    ]
    ends = [*dates[1:], going.line.shape[0] - 1]
    drawn = np.stack(
        [
            np.stack([each[begin:end].sum(axis=0) for each in ahead], axis=-1)
            for begin, end in zip(dates, ends, strict=True)
        ],
        axis=1,
    )
    allowed = going.active[dates].T > 0.0
    stopping = StoppingPaths(
        features=np.stack([_features(going, date) for date in dates], axis=1),
        cash=np.zeros((going.value.size, len(dates))),
        exit_value=gains.T,
        allowed=allowed,
        innovations=drawn,
    )
    signals = np.full((2, *allowed.shape), np.nan)
    for place, date in enumerate(dates[1:], start=1):
        since = going.line[dates[place - 1] + 1 : date + 1]
        signals[:, :, place] = since.sum(axis=0), since.min(axis=0)
    signals[:, ~allowed] = np.nan
    return _Problem(going, stopping, *signals)


def _judge(fitting: _Problem, fresh: _Problem, runs: LineRuns, per_year: int) -> Judged:
    """Fit on one set of paths, value on the other; controls and martingale have mean zero there at any date
    of dropping, and take variance out.
    """
    known, problem = fitting.stopping, fresh.stopping
    policy = fit_policy(known)
    martingale = fit_martingale(known, policy)(problem)
    rule = fit_threshold(
        known,
        fitting.contribution,
        periods=sorted({1, 2, per_year}),
        first_dates=sorted({0, per_year, 2 * per_year}),
    )
    dates = _dates(fresh, policy, rule)
    everyone = np.arange(martingale.shape[0])
    gains = np.stack([problem.by_date[everyone, date] - martingale[everyone, date] for date in dates])
    gains[0] = 0.0
    portfolio = fresh.going_on.value + runs.others()
    upper = upper_bounds(problem, martingale)
    ends = dates[-1], problem.dates
    return judged(portfolio + gains, gains, portfolio + upper, ends, rule, fresh.going_on.line[1])


def _dates(problem: _Problem, policy: Policy, rule: ThresholdRule) -> list[Integers]:
    """Dates of dropping [path] for each choice."""
    paths = problem.stopping
    never = np.full(paths.cash.shape[0], paths.dates, dtype=np.int64)
    return [
        never,
        np.zeros_like(never),
        ThresholdRule(0.0, 1, 0).dates(paths, problem.lowest),
        rule.dates(paths, problem.contribution),
        policy.dates(paths),
    ]


def _notes(scenario: Scenario) -> list[str]:
    if scenario.capital.horizon_value is not None:
        return []
    return [
        "Nothing after the last period counts, whether a line is dropped or goes on; the working capital of "
        "the customers that buy it comes back then."
    ]
