"""What verbs of `decide` share that simulate a scenario: reading it, refusals before the work, progress."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crcsim.cli.application import session
from crcsim.cli.checks import Order, refuse_too_large
from crcsim.cli.compiling import compile_when_needed
from crcsim.cli.console import counted, say
from crcsim.cli.decide.frame import Place
from crcsim.cli.progress import Report, progress

if TYPE_CHECKING:
    from crcsim.scenario import Scenario

__all__ = ["Work", "require_levers", "require_strategy", "scenario_of"]


@dataclass(frozen=True)
class Work:
    """A scenario with what a verb was told to simulate, and where its answer goes."""

    scenario: Scenario
    paths: int
    seed: int
    threads: int | None
    place: Place

    @property
    def arguments(self) -> dict[str, Any]:
        """Keywords of every decision that simulates."""
        return {"paths": self.paths, "seed": self.seed, "threads": self.threads}

    @classmethod
    def begun(
        cls,
        scenario: Scenario,
        place: Place,
        verb: str,
        numbers: tuple[int | None, int | None, int | None],
        options: Mapping[str, Any],
    ) -> Work:
        """Refuse to replace another answer, say what is done, and compile; numbers: paths, seed, threads."""
        from crcsim.decisions.provenance import of_scenario

        paths, seed, threads = numbers
        work = cls(
            scenario,
            scenario.simulation.paths if paths is None else paths,
            scenario.simulation.seed if seed is None else seed,
            threads,
            place,
        )
        place.refuse_to_replace(of_scenario(verb, scenario, work.seed, work.paths, options))
        customers = counted(len(scenario.customers), "customer")
        say(f"{scenario.name}: {customers}, {counted(work.paths, 'path')}, seed {work.seed}")
        compile_when_needed(scenario)
        order = Order(scenario, place.target, work.paths, work.seed, threads, None, False, strategies=())
        refuse_too_large(order)
        return work

    def progress(self, title: str) -> AbstractContextManager[Report | None]:
        """How far the runs are."""
        return progress(session().json, title)


def scenario_of(file: str | Path) -> Scenario:
    """The scenario of a file; raises UsageError where a result is given."""
    from crcsim.scenario import load_scenario

    if Path(file).suffix == ".nc":
        raise click.UsageError(f"{file} is a result; this verb simulates: give the scenario (YAML).")
    return load_scenario(file)


def require_levers(scenario: Scenario, wanted: Iterable[str] | None) -> None:
    """Raise UsageError where there are no levers, or for one that the scenario lacks."""
    known = [lever.name for lever in scenario.levers]
    if not known:
        raise click.UsageError("The scenario has no levers; state at least one under `levers:`.")
    _require("lever", known, wanted or ())


def require_strategy(scenario: Scenario, wanted: str) -> None:
    """Raise UsageError for a strategy that the scenario lacks."""
    _require("strategy", ["baseline", *(each.name for each in scenario.strategies)], [wanted])


def _require(kind: str, known: list[str], wanted: Iterable[str]) -> None:
    for name in wanted:
        if name not in known:
            near = get_close_matches(name, known, 1)
            meant = f"; did you mean {near[0]}?" if near else "."
            raise click.UsageError(f"No {kind} {name} in the scenario{meant} Known: {', '.join(known)}.")
