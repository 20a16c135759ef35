"""`python -m benchmarks.decisions`: time of every decision on the coatings case, and in simulations of it.

The levers are those of the marginal-dollar case, the executives those of champions: both are the coatings
case with something more. Unless `--paths` is given each decision takes the paths that `crcsim decide` would.
A simulation is one of the baseline on as many paths, with the bands and the cascade of `crcsim run`, in the
same process; `select` and `contributions` have one in theirs. Before anything is timed, every decision must
give the same bits on one thread and on two.

`marginal, 20 levers` has the six levers of the case and fourteen more, each for one customer.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.environment import REPOSITORY, facts, usable_cores
from crcsim import Scenario, decisions, load_scenario, simulate
from crcsim.decisions.allocate import Budget

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["SUBJECTS", "Subject", "Timing", "measure"]

MANY_LEVERS = 20

#: Paths on which the answers of one and of two threads are compared.
COMPARED_PATHS = 256

Decide = Callable[[Scenario, "int | None", int], "xr.Dataset"]


@dataclass(frozen=True)
class Subject:
    """A decision on a scenario: `decide` of (scenario, paths or None, threads)."""

    name: str
    case: str
    decide: Decide
    paths: int | None = None
    """As many as it takes unless told, where these are not those of the scenario."""


@dataclass(frozen=True)
class Timing:
    """Seconds of a decision, and of how many simulations of its case on as many paths."""

    subject: str
    paths: int
    wall: float
    processor: float
    simulations: float


def _marginal(scenario: Scenario, paths: int | None, threads: int) -> xr.Dataset:
    return decisions.marginal(scenario, paths=paths, threads=threads)


def _allocate(scenario: Scenario, paths: int | None, threads: int) -> xr.Dataset:
    search = {} if paths is None else {"search_paths": min(paths, 4096)}
    return decisions.allocate(scenario, Budget(4e6), paths=paths, threads=threads, **search)


def _timing(scenario: Scenario, paths: int | None, threads: int) -> xr.Dataset:
    return decisions.timing(scenario, paths=paths, threads=threads)


def _assign(scenario: Scenario, paths: int | None, threads: int) -> xr.Dataset:
    return decisions.assign(scenario, paths=paths, threads=threads)


def _abandon(scenario: Scenario, paths: int | None, threads: int) -> xr.Dataset:
    return decisions.abandon(scenario, paths=paths, threads=threads)


def _information(scenario: Scenario, paths: int | None, threads: int) -> xr.Dataset:
    paired = {} if paths is None else {"paired_paths": min(paths, 4096)}
    return decisions.information(scenario, paths=paths, threads=threads, **paired)


def _stress(scenario: Scenario, paths: int | None, threads: int) -> xr.Dataset:
    return decisions.stress(scenario, worst=0.05, paths=paths, threads=threads)


def _select(scenario: Scenario, paths: int | None, threads: int) -> xr.Dataset:
    return decisions.select(simulated(scenario, paths, threads))


def _contributions(scenario: Scenario, paths: int | None, threads: int) -> xr.Dataset:
    return decisions.contributions(simulated(scenario, paths, threads))


def simulated(scenario: Scenario, paths: int | None, threads: int) -> xr.Dataset:
    """The baseline as `crcsim run` simulates it."""
    return simulate(scenario, strategies=(), paths=paths, threads=threads)


SUBJECTS = (
    Subject("marginal", "marginal-dollar", _marginal),
    Subject(f"marginal, {MANY_LEVERS} levers", "many levers", _marginal),
    Subject("allocate", "marginal-dollar", _allocate),
    Subject("timing", "marginal-dollar", _timing),
    Subject("assign", "champions", _assign, 20_000),
    Subject("select", "coatings", _select),
    Subject("abandon", "coatings", _abandon, 10_000),
    Subject("information", "coatings", _information),
    Subject("stress", "coatings", _stress),
    Subject("contributions", "coatings", _contributions),
)


def scenario_of(case: str) -> Scenario:
    """A scenario of the repository by name, or the marginal-dollar case with many levers."""
    if case != "many levers":
        return load_scenario(REPOSITORY / "scenarios" / case / f"{case}.yaml")
    plain = scenario_of("marginal-dollar")
    names = [customer.name for customer in plain.customers][: MANY_LEVERS - len(plain.levers)]
    levers = {
        f"relation with {name}": {
            "preset": "invest_in_relationship",
            "target": {"customer": name},
            "spend": {"payments": ["200 k EUR", "150 k EUR", "150 k EUR"]},
            "response": {"half_effect_spend": "150 k EUR per year"},
        }
        for name in names
    }
    stated = REPOSITORY / "scenarios" / "marginal-dollar" / "marginal-dollar.yaml"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "many-levers.yaml")
        file.write_text(json.dumps({"extends": str(stated), "levers": levers}), encoding="utf-8")
        return load_scenario(file)


def measure(
    names: Sequence[str], paths: int | None, repeats: int, told: Callable[[Timing], None] = lambda _: None
) -> list[Timing]:
    """Times of the named decisions, the best of the repeats; `told` hears of each.

    Raises AssertionError where threads change an answer.
    """
    chosen = [subject for subject in SUBJECTS if subject.name in names]
    scenarios = {subject.case: scenario_of(subject.case) for subject in chosen}
    for subject in chosen:
        one, two = (subject.decide(scenarios[subject.case], COMPARED_PATHS, threads) for threads in (1, 2))
        assert one.drop_attrs().identical(two.drop_attrs()), f"{subject.name}: threads change the answer"
    found = []
    for subject in chosen:
        scenario = scenarios[subject.case]
        count = paths or subject.paths or scenario.simulation.paths
        runs = [_timed(subject, scenario, count) for _ in range(repeats)]
        best = replace(
            runs[0],
            wall=min(run.wall for run in runs),
            processor=min(run.processor for run in runs),
            simulations=float(np.median([run.simulations for run in runs])),
        )
        told(best)
        found.append(best)
    return found


def _timed(subject: Subject, scenario: Scenario, paths: int) -> Timing:
    """One simulation and one decision, one after the other, on all cores; a decision about a result has
    simulated it.
    """
    threads = usable_cores()
    start = time.process_time()
    simulated(scenario, paths, threads)
    simulation = time.process_time() - start
    start, clock = time.process_time(), time.perf_counter()
    subject.decide(scenario, paths, threads)
    wall, processor = time.perf_counter() - clock, time.process_time() - start
    return Timing(subject.name, paths, wall, processor, processor / simulation)


def line(timing: Timing) -> str:
    """A row of the table."""
    return (
        f"{timing.subject:<22}{timing.paths:>9,}{timing.wall:>9.1f}{timing.processor:>11.1f}"
        f"{timing.simulations:>13.1f}"
    )


def _print(timing: Timing) -> None:
    print(line(timing), flush=True)


def main(arguments: Sequence[str]) -> int:
    """Run the command."""
    names = [subject.name for subject in SUBJECTS]
    parser = argparse.ArgumentParser(prog="python -m benchmarks.decisions", description=__doc__)
    parser.add_argument("--decisions", nargs="+", choices=names, default=names, metavar="NAME")
    parser.add_argument("--paths", type=int, help="default: those of `crcsim decide`")
    parser.add_argument("--repeats", type=int, default=1, help="default: %(default)s")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write everything that was found")
    options = parser.parse_args(arguments)
    conditions = facts()
    print(
        f"{conditions['cpu']}, {conditions['cores']} cores, load average {conditions['load_average']}"
        f"\n{'decision':<22}{'paths':>9}{'wall, s':>9}{'processor':>11}{'simulations':>13}"
    )
    found = measure(
        options.decisions, options.paths, options.repeats, lambda each: print(line(each), flush=True)
    )
    if options.json:
        document = {"environment": conditions, "decisions": [asdict(each) for each in found]}
        options.json.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
