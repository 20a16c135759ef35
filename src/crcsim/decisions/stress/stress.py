"""What named shocks do to value and risk: the scenario again on the same draws, shocked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from crcsim.compile.program import Program
from crcsim.decisions import differences, provenance
from crcsim.decisions.parameters import parameter_draws
from crcsim.decisions.stress.reverse import WORST, reverse_stress, worst_paths
from crcsim.decisions.stress.shocks import ALL, SHOCKS, Sizes, adjustment, largest_industries, refuse_unknown
from crcsim.engine import simulate
from crcsim.engine.run import default_threads
from crcsim.engine.values import discounted_values, path_wallets
from crcsim.kernels.arrays import Floats
from crcsim.measures import estimates
from crcsim.measures.values import path_values, with_error
from crcsim.results.strategies import BASELINE, of_strategy

if TYPE_CHECKING:
    import xarray as xr

    from crcsim.scenario.scenario import Scenario

__all__ = ["RISK_DISCOUNTING", "options_of", "stress"]

RISK_DISCOUNTING = "risk_free"
_SOURCE = "MODEL 10"
_DIMS = ("shock", "item")
Progress = Callable[[int, int], None]


def stress(
    scenario: Scenario,
    *,
    shocks: Iterable[str] | None = None,
    sizes: Sizes | None = None,
    worst: float = WORST,
    strategy: str = BASELINE,
    paths: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> xr.Dataset:
    """Simulate a scenario, then again with each shock on the same draws; and a reverse stress test.

    `shocks`: names out of SHOCKS; unless given all that the scenario allows, and all of them together. The
    largest customer is the one with the largest mean value, the largest industries those on which most of
    today's sales depend. `worst`: share of the paths of the reverse stress test. Returned, each with
    `_standard_error` and in the scenario's currency:

    - `value_mean` [item] and `value_change` [shock, item]: mean NPV at the headline, and shocked less not
      shocked, path by path; changes of items add up to that of the total;
    - `cvar`, `cvar_change` [shock]: mean of the worst 5 % of the paths at the risk-free rate, of the total;
    - `loss_probability_change` [shock]: change of P(NPV < 0) at the risk-free rate, of the total.

    And all variables of `reverse_stress` by `driver`. Raises ArgumentError for a name that the scenario
    lacks or arguments out of range, NumericError for values that are not finite.
    Source: MODEL 10.
    """
    chosen_seed = scenario.simulation.seed if seed is None else seed
    wanted = scenario.simulation.paths if paths is None else paths
    options = options_of(shocks, sizes or Sizes(), worst, strategy)
    refuse_unknown(scenario, options["shocks"], sizes or Sizes())
    worst_paths(worst, wanted)
    threads, others = threads or default_threads(), () if strategy == BASELINE else (strategy,)
    report = _Runs(progress)
    result = simulate(
        scenario,
        strategies=others,
        paths=wanted,
        seed=chosen_seed,
        threads=threads,
        record=["economy"],
        bands=False,
        progress=report.next(),
    )
    one = of_strategy(result, strategy)
    plain = Program(scenario, chosen_seed, strategies=others)
    compiled = plain.scenario
    sizes = _named(sizes or Sizes(), compiled, one)
    names = options["shocks"] or _chosen(compiled, sizes)
    report.expect(1 + len(names))
    values, risks = path_values(one, str(one.attrs["headline"])), path_values(one, RISK_DISCOUNTING)
    before = np.concatenate([values.customers[0], values.levels[0], values.total])
    changes, tails, losses = [], [], []
    cvar = differences.cvar(risks.total[0])
    for name in names:
        program = Program(scenario, chosen_seed, adjustment(compiled, name, sizes), others)
        found = discounted_values(program, wanted, threads, report.next())[-1]
        after = found.at(values.discounting)
        apart = np.concatenate([after, after.sum(axis=0, keepdims=True)]) - before
        changes.append([estimates.mean(row) for row in apart])
        total = found.at(RISK_DISCOUNTING).sum(axis=0)
        tails.append(differences.difference(cvar, differences.cvar(total), paired=True))
        losses.append(differences.frequency_difference(risks.total[0] < 0.0, total < 0.0, paired=True))
    drawn = parameter_draws(scenario, chosen_seed, wanted)
    wallets = path_wallets(plain, wanted, threads)
    common = reverse_stress(one, drawn, wallets=wallets, worst=worst)
    return _dataset(
        one,
        values.names,
        values.kinds,
        {name: _meaning(name, sizes) for name in names},
        {
            "value_mean": np.array([estimates.mean(row) for row in before]),
            "value_change": np.array(changes).reshape(len(names), len(before), 2),
            "cvar": np.array([cvar[0], estimates.standard_error(cvar[1])]),
            "cvar_change": np.array(tails).reshape(len(names), 2),
            "loss_probability_change": np.array(losses).reshape(len(names), 2),
        },
        common,
        provenance.of_scenario("stress", scenario, chosen_seed, wanted, options, others),
    )


def options_of(shocks: Iterable[str] | None, sizes: Sizes, worst: float, strategy: str) -> dict[str, Any]:
    """The arguments that an answer depends on, as they were given."""
    given = None if shocks is None else list(dict.fromkeys(shocks))
    return {**vars(sizes), "shocks": given, "worst": worst, "strategy": strategy}


def _named(sizes: Sizes, compiled: Scenario, one: xr.Dataset) -> Sizes:
    """The sizes with the customer and the industries that are hit."""
    values = path_values(one, str(one.attrs["headline"])).customers[0].mean(axis=1)
    customer = sizes.customer or compiled.customers[int(np.argmax(values))].name
    industries = sizes.industries
    if industries is None:
        industries = largest_industries(compiled, _sales(compiled))
    return replace(sizes, customer=customer, industries=industries)


def _sales(compiled: Scenario) -> Floats:
    """Today's sales by customer at central values, [customer], currency per year."""
    from crcsim.compile.lines import line_owners, line_rows
    from crcsim.compile.values import Sampler

    rows = line_rows(compiled, Sampler(compiled, 0).central(), 1.0 / compiled.time.periods_per_year)
    volumes = (rows["wallet"] * rows["share"])[:, 0] * compiled.time.periods_per_year
    sales = dict.fromkeys((customer.name for customer in compiled.customers), 0.0)
    for (customer, _), volume in zip(line_owners(compiled), volumes, strict=True):
        sales[customer.name] += float(volume)
    return np.array(list(sales.values()))


def _chosen(compiled: Scenario, sizes: Sizes) -> list[str]:
    """All shocks that the scenario allows, and all of them together."""
    absent = set() if sizes.industries else {"industries down"}
    if not any(np.any(product.premium.value != 0.0) for product in compiled.products.values()):
        absent.add("premium gone")
    return [*(name for name in SHOCKS if name not in absent), ALL]


def _meaning(name: str, sizes: Sizes) -> str:
    """What a shock is, with its size."""
    if name == ALL:
        return "all of these at once"
    return SHOCKS[name].format(**{**vars(sizes), "industries": " and ".join(sizes.industries or ())})


class _Runs:
    """Progress of one run after another within all of them."""

    def __init__(self, report: Progress | None) -> None:
        self._report, self._done, self._expected = report, 0, len(SHOCKS) + 2

    def expect(self, runs: int) -> None:
        """Say how many runs there are."""
        self._expected = runs

    def next(self) -> Progress | None:
        """What the next run reports to."""
        report, before = self._report, self._done
        self._done += 1
        if report is None:
            return None
        return lambda done, paths: report(before * paths + done, self._expected * paths)


def _dataset(
    one: xr.Dataset,
    names: tuple[str, ...],
    kinds: tuple[str, ...],
    shocks: dict[str, str],
    pairs: dict[str, Floats],
    common: xr.Dataset,
    attributes: dict[str, Any],
) -> xr.Dataset:
    import xarray as xr

    money = str(one.attrs["currency"])
    described = {
        "value_mean": (("item",), "mean NPV without a shock", money),
        "value_change": (_DIMS, "mean NPV with the shock less without", money),
        "cvar": ((), "mean NPV of the worst 5 % of the paths, of the total", money),
        "cvar_change": (("shock",), "change of cvar", money),
        "loss_probability_change": (("shock",), "change of P(NPV < 0) of the total", "1"),
    }
    variables: dict[str, Any] = {}
    for name, (dims, meaning, unit) in described.items():
        variables |= with_error(name, dims, pairs[name], meaning, unit, _SOURCE)
    coords = {
        "shock": list(shocks),
        "shock_meaning": ("shock", list(shocks.values())),
        "item": list(names),
        "kind": ("item", list(kinds)),
    }
    attributes |= {
        "discounting": str(one.attrs["headline"]),
        "risk_discounting": RISK_DISCOUNTING,
        "caveats": str(one.attrs.get("caveats", "[]")),
        "warnings": str(one.attrs.get("warnings", "[]")),
        **{name: value for name, value in common.attrs.items() if name in ("worst", "worst_paths")},
        "strategy": str(one["strategy"].values[0]),
    }
    return xr.Dataset(variables, coords, attributes).merge(common.drop_attrs(deep=False), join="exact")
