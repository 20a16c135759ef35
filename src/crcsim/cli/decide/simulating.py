"""What verbs of `decide` share that simulate a scenario: reading it, refusals before the work, progress."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crcsim.cli.application import session
from crcsim.cli.checks import Order, refuse_too_large
from crcsim.cli.compiling import compile_when_needed
from crcsim.cli.console import counted, say
from crcsim.cli.decide.frame import Numbers, Place
from crcsim.cli.progress import Report, progress

if TYPE_CHECKING:
    from crcsim.scenario import Scenario

__all__ = ["Work", "scenario_of"]


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
        numbers: Numbers,
        options: Mapping[str, Any],
    ) -> Work:
        """Refuse to replace another answer, say what is done, and compile."""
        from crcsim.decisions.provenance import of_scenario

        simulation = scenario.simulation
        work = cls(
            scenario,
            simulation.paths if numbers.paths is None else numbers.paths,
            simulation.seed if numbers.seed is None else numbers.seed,
            numbers.threads,
            place,
        )
        place.refuse_to_replace(of_scenario(verb, scenario, work.seed, work.paths, options))
        customers = counted(len(scenario.customers), "customer")
        say(f"{scenario.name}: {customers}, {counted(work.paths, 'path')}, seed {work.seed}")
        compile_when_needed(scenario)
        order = Order(
            scenario, place.target, work.paths, work.seed, numbers.threads, None, False, strategies=()
        )
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
