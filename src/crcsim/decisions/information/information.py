"""Which question to answer before deciding between strategies: value of information, indices, tornado."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from crcsim.compile.program import Program
from crcsim.compile.values import FRESH_PATH_STREAM, PATH_STREAM, Sampler
from crcsim.decisions import provenance
from crcsim.decisions.information import perfect
from crcsim.decisions.information.sobol import first_order, total_order
from crcsim.decisions.information.used import used_places
from crcsim.decisions.parameters import parameter_draws
from crcsim.engine.run import default_threads
from crcsim.engine.values import discounted_values
from crcsim.errors import ArgumentError, no_such
from crcsim.kernels.arrays import Floats
from crcsim.measures import estimates
from crcsim.measures.values import with_error
from crcsim.results.strategies import BASELINE

if TYPE_CHECKING:
    import xarray as xr

    from crcsim.scenario.scenario import Scenario

__all__ = ["CHANCE", "OTHERS", "information", "options_of"]

#: Factors beside the parameters: what is drawn every period, and all parameters that are not examined.
CHANCE, OTHERS = "(chance)", "(all other parameters)"
LOW, HIGH = 0.1, 0.9
EXAMINED = 8
PAIRED_PATHS = 4096
#: Added to the seed for the second draws of parameters.
_SECOND_SEED = 1_000_003
_LIKELY = 2.0  # standard errors of an EVPPI below which parameters are put in order of their first order
_SOURCE = "MODEL 10"
Progress = Callable[[int, int], None]


def information(
    scenario: Scenario,
    *,
    strategies: Iterable[str] | None = None,
    examine: int = EXAMINED,
    paths: int | None = None,
    paired_paths: int = PAIRED_PATHS,
    seed: int | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> xr.Dataset:
    """What it is worth to know each uncertain parameter before choosing among strategies, and what drives
    the uncertainty.

    `strategies`: the alternatives, of which `baseline` is one only if named; all unless given. The best is
    the one of the largest mean value at the headline. Y, whose uncertainty is explained, is the NPV of the
    best less that of the second, or the NPV itself where there is one alternative. Returned, money in the
    scenario's currency, each with `_standard_error`:

    - `value_mean`, `difference` (to the best) [alternative];
    - `evppi` [parameter]: expected value of perfect information, see `perfect.value_of_knowing`;
      `changes_choice`, the share of the paths on which the answer would change the choice; `evppi_behind`,
      how far it is behind the question that is worth most (attribute `first_question`: the first that is
      surely worth something, else the first), on the same paths;
    - `evpi`: on all parameters together, a lower bound by a rule; `evpi_with_chance`: on everything that
      happens too, which nobody can ask for, an upper bound of all questions;
    - `first_order` [parameter]: share of the variance of Y, that of chance included (see `sobol`);
    - of the `examine` parameters with the largest EVPPI (then first order), by further runs of
      `paired_paths` paths on the same draws: `at_low`, `at_high` [parameter]: mean of Y with the parameter at
      its 10 % (90 %) quantile less the mean of Y (NaN for the others), and `total_order` [factor], with
      correlated parameters, all others together and chance as factors.

    Parameters that no alternative uses are left out, because they are worth exactly nothing (attribute
    `left_out`, see `used.used_places`). The others are in the order of EVPPI where it is likely above 0, then
    of first order; without any, everything by parameter is empty. Raises ArgumentError for arguments out of
    range or strategies that the scenario lacks, NumericError for values that are not finite.
    Sources: MODEL 10; M. Strong, J. E. Oakley and A. Brennan (2014); M. J. W. Jansen (1999).
    """
    seed = scenario.simulation.seed if seed is None else seed
    wanted = scenario.simulation.paths if paths is None else paths
    names = _alternatives(scenario, strategies)
    if wanted < 100 or paired_paths < 100 or examine < 0:
        raise ArgumentError("paths and paired_paths must be at least 100, and examine at least 0")
    runs = _Runs(scenario, seed, names, threads, progress)
    drawn = parameter_draws(scenario, seed, wanted)
    drawn = {place: values for place, values in drawn.items() if np.ptp(values) > 0.0}
    used = used_places(scenario, names, runs.sampler.blocks)
    left_out = [place for place in drawn if place not in used]
    drawn = {place: values for place, values in drawn.items() if place in used}
    runs.expect(1.0 + (3 * min(examine, len(drawn)) + 2) * min(paired_paths, wanted) / wanted, wanted)
    values = runs.values(wanted)
    order = np.argsort(-values.mean(axis=1), kind="stable")
    pair = [int(place) for place in order[:2]]
    output = _output(values, pair)
    known = [perfect.value_of_knowing(values, each) for each in drawn.values()]
    first = [first_order(output, each) for each in drawn.values()]
    evppi = np.array([estimates.mean(gains) for gains, _ in known]).reshape(-1, 2)
    changes = [estimates.proportion(np.count_nonzero(changed), wanted) for _, changed in known]
    shares = np.array(first).reshape(-1, 2)
    likely = np.where(evppi[:, 0] > _LIKELY * evppi[:, 1], evppi[:, 0], 0.0)
    ranked = [int(place) for place in np.lexsort((-shares[:, 0], -likely))]
    places = list(drawn)
    sure = perfect.surely_worth(evppi)
    leading = next((place for place in ranked if place in sure), ranked[0] if ranked else -1)
    behind = [estimates.mean(known[leading][0] - gains) for gains, _ in known]
    chosen = [places[k] for k in ranked[:examine]]
    swings, levels, totals = _by_runs(runs, chosen, places, pair, output, min(paired_paths, wanted))
    best = values[order[0]]
    pairs = {
        "value_mean": (("alternative",), np.array([estimates.mean(row) for row in values])),
        "difference": (("alternative",), np.array([estimates.mean(row - best) for row in values])),
        "evppi": (("parameter",), evppi),
        "evppi_behind": (("parameter",), np.array(behind).reshape(-1, 2)),
        "changes_choice": (("parameter",), np.array(changes).reshape(-1, 2)),
        "evpi": ((), np.array(perfect.value_of_all(values, list(drawn.values())))),
        "evpi_with_chance": ((), np.array(perfect.value_of_everything(values))),
        "first_order": (("parameter",), shares),
        "at_low": (("parameter",), np.array([swings.get(each, _NONE)[0] for each in places]).reshape(-1, 2)),
        "at_high": (("parameter",), np.array([swings.get(each, _NONE)[1] for each in places]).reshape(-1, 2)),
        "total_order": (("factor",), np.array(list(totals.values())).reshape(-1, 2)),
    }
    options = options_of(scenario, names, examine, paired_paths)
    attributes = provenance.of_scenario("information", scenario, seed, wanted, options, names)
    attributes |= {
        "warnings": json.dumps([*scenario.warnings, *runs.warnings]),
        "discounting": scenario.capital.discounting,
        "best": names[int(order[0])],
        "second": names[int(order[1])] if len(names) > 1 else "",
        "first_question": places[leading] if places else "",
        "left_out": json.dumps(left_out),
        "low": LOW,
        "high": HIGH,
    }
    return _dataset(pairs, levels, names, places, list(totals), ranked, attributes)


_NONE = ((np.nan, np.nan), (np.nan, np.nan))


def options_of(
    scenario: Scenario, strategies: Iterable[str] | None, examine: int, paired_paths: int
) -> dict[str, Any]:
    """The arguments that an answer depends on. Raises ArgumentError for an unknown strategy."""
    names = _alternatives(scenario, strategies)
    return {"strategies": names, "examine": examine, "paired_paths": paired_paths}


def _alternatives(scenario: Scenario, wanted: Iterable[str] | None) -> list[str]:
    known = [BASELINE, *(str(each.name) for each in scenario.strategies)]
    names = known if wanted is None else list(dict.fromkeys(wanted))
    for name in names:
        if name not in known:
            raise no_such("strategy", name, known)
    return names


def _output(values: Floats, pair: Sequence[int]) -> Floats:
    """Y [path] of values [alternative, path]: the best less the second, or the only one."""
    found: Floats = values[pair[0]] - values[pair[1]] if len(pair) > 1 else values[pair[0]]
    return found


class _Runs:
    """Values of the alternatives at the headline, [alternative, path], from runs on the same draws."""

    def __init__(
        self,
        scenario: Scenario,
        seed: int,
        names: list[str],
        threads: int | None,
        progress: Progress | None,
    ) -> None:
        self.scenario, self.seed, self.names = scenario, seed, names
        self.sampler = Sampler(scenario, seed)
        self.warnings: list[str] = []
        self._threads, self._report, self._done, self._all = threads or default_threads(), progress, 0, 1

    def expect(self, runs: float, paths: int) -> None:
        """How many runs of so many paths there will be, for the progress."""
        self._all = round(runs * paths)

    def values(self, paths: int, sampler: Sampler | None = None, stream: int = PATH_STREAM) -> Floats:
        """One run, with other parameters or fresh path draws."""
        others = tuple(name for name in self.names if name != BASELINE)
        program = Program(self.scenario, self.seed, strategies=others, sampler=sampler)
        if not self._done:
            self.warnings = program.warnings()
        found = discounted_values(program, paths, self._threads, self._progress(paths), stream)
        at = {
            name: each.at(self.scenario.capital.discounting).sum(axis=0)
            for name, each in zip(program.strategies, found, strict=True)
        }
        return np.stack([at[name] for name in self.names])

    def _progress(self, paths: int) -> Progress | None:
        before, report = self._done, self._report
        self._done += paths
        if report is None:
            return None
        return lambda done, _: report(min(before + done, self._all), self._all)


def _by_runs(
    runs: _Runs, chosen: list[str], places: list[str], pair: Sequence[int], output: Floats, paths: int
) -> tuple[dict[str, Any], dict[str, tuple[float, float]], dict[str, tuple[float, float]]]:
    """Swings and quantiles of the chosen parameters, and total indices of all factors."""
    plain, swings, levels = output[:paths], {}, {}
    for place in chosen:
        ends = [_quantile(runs.sampler, place, level) for level in (LOW, HIGH)]
        levels[place] = (ends[0], ends[1])
        moved = [_output(runs.values(paths, runs.sampler.pinned(place, end)), pair) - plain for end in ends]
        swings[place] = tuple(estimates.mean(each) for each in moved)
    totals, second = {}, Sampler(runs.scenario, runs.seed + _SECOND_SEED)
    for name, members in _factors(runs.sampler, chosen, places).items():
        sampler = runs.sampler.exchanged(second, members)
        totals[name] = total_order(plain, _output(runs.values(paths, sampler), pair))
    fresh = _output(runs.values(paths, stream=FRESH_PATH_STREAM), pair)
    totals[CHANCE] = total_order(plain, fresh)
    return swings, levels, totals


def _quantile(sampler: Sampler, place: str, probability: float) -> float:
    from scipy.special import ndtri

    return float(sampler.fitted[place].quantile_of_normal(np.array([ndtri(probability)]))[0])


def _factors(sampler: Sampler, chosen: list[str], places: list[str]) -> dict[str, list[str]]:
    """Parameters that are drawn afresh together: correlated ones, and all that are not examined."""
    together = {name: block.names for block in sampler.blocks for name in block.names}
    factors: dict[str, list[str]] = {}
    placed: set[str] = set()
    for place in chosen:
        if place not in placed:
            members = list(together.get(place, (place,)))
            factors[" with ".join(members)] = members
            placed |= set(members)
    rest = [place for place in places if place not in placed]
    return {**factors, OTHERS: rest} if rest else factors


def _dataset(
    pairs: dict[str, tuple[tuple[str, ...], Floats]],
    levels: dict[str, tuple[float, float]],
    names: list[str],
    places: list[str],
    factors: list[str],
    ranked: list[int],
    attributes: dict[str, Any],
) -> xr.Dataset:
    import xarray as xr

    money = str(attributes["currency"])
    described = {
        "value_mean": ("mean NPV at the headline", money),
        "difference": ("mean NPV less that of the best alternative", money),
        "evppi": ("expected value of perfect information on the parameter", money),
        "evppi_behind": ("EVPPI of the first question less that of the parameter", money),
        "changes_choice": ("share of the paths on which the answer changes the choice", "1"),
        "evpi": ("expected value of perfect information on all parameters, lower bound", money),
        "evpi_with_chance": ("expected value of knowing chance too", money),
        "first_order": ("share of the variance that the parameter alone explains", "1"),
        "at_low": ("mean of Y with the parameter at its 10 % quantile less the mean of Y", money),
        "at_high": ("mean of Y with the parameter at its 90 % quantile less the mean of Y", money),
        "total_order": ("share of the variance that involves the factor", "1"),
    }
    variables: dict[str, Any] = {}
    for name, (dims, values) in pairs.items():
        meaning, unit = described[name]
        variables |= with_error(name, dims, values, meaning, unit, _SOURCE)
    ends = np.array([levels.get(place, (np.nan, np.nan)) for place in places]).reshape(-1, 2)
    for column, name in enumerate(("low_quantile", "high_quantile")):
        told = {"long_name": f"{name.replace('_', ' ')} of the parameter", "units": "unit of the parameter"}
        variables[name] = (("parameter",), ends[:, column], told)
    coords = {
        "alternative": np.array(names, dtype=np.str_),
        "parameter": np.array(places, dtype=np.str_),
        "factor": np.array(factors, dtype=np.str_),
    }
    attributes["places"] = json.dumps(places)
    return xr.Dataset(variables, coords, attributes).isel(parameter=ranked)
