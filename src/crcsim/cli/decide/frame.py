"""What the verbs of `decide` share: options, files that are never replaced in silence, and telling."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crcsim.cli.application import json_option
from crcsim.cli.console import finish, say, show, warn

if TYPE_CHECKING:
    import xarray as xr

    from crcsim.report.decide import Answer

__all__ = ["Numbers", "Output", "Place", "file_options", "loaded", "simulation_options", "tell"]

Command = Callable[..., Any]


@dataclass(frozen=True)
class Numbers:
    """How a verb was told to simulate; None: as the scenario says, and on all cores."""

    paths: int | None
    seed: int | None
    threads: int | None


@dataclass(frozen=True)
class Output:
    """Where a verb was told to write."""

    folder: Path | None
    force: bool

    def place(self, file: str | Path, verb: str, *parts: str | None) -> Place:
        """`<name>.<verb>.nc` beside a result, and for a scenario where `run` would write.

        parts: what else tells this answer from others of the verb, such as a strategy other than the
        baseline; they stand before the verb. Raises StorageError before the work where it cannot be written.
        """
        from crcsim.cli.checks import require_folder
        from crcsim.results.strategies import BASELINE

        path = Path(file)
        folder = self.folder or (path.parent if path.suffix == ".nc" else Path())
        told = [_slug(part) for part in parts if part and part != BASELINE]
        target = folder / ".".join([path.stem, *told, verb, "nc"])
        require_folder(target)
        return Place(target, self.force)


def file_options(command: Command) -> Command:
    """Add `-o`, `--force` and `--json` to a verb, which gets an `output`."""

    @wraps(command)
    def collected(*given: Any, folder: Path | None, force: bool, **others: Any) -> Any:
        return command(*given, output=Output(folder, force), **others)

    for option in (
        json_option,
        click.option("--force", is_flag=True, help="Replace the answer to another question or scenario."),
        click.option(
            "-o",
            "--output",
            "folder",
            type=click.Path(path_type=Path),
            metavar="DIR",
            help="Folder of the answer [that of a result; of a scenario the current one].",
        ),
    ):
        collected = option(collected)
    return collected


def simulation_options(command: Command) -> Command:
    """Add `--paths`, `--seed` and `--threads` to a verb that simulates, which gets `numbers`."""

    @wraps(command)
    def collected(
        *given: Any, paths: int | None, seed: int | None, threads: int | None, **others: Any
    ) -> Any:
        return command(*given, numbers=Numbers(paths, seed, threads), **others)

    for option in (
        click.option("--threads", type=click.IntRange(min=1), help="Threads; never changes a result [all]."),
        click.option(
            "--seed", type=click.IntRange(0, 2**63 - 1), help="Seed of all draws [scenario, else 1]."
        ),
        click.option("--paths", type=click.IntRange(2, 2**31 - 1), help="Number of paths [scenario]."),
    ):
        collected = option(collected)
    return collected


def _slug(text: str) -> str:
    """A name as part of a file name: letters and digits, everything else a hyphen."""
    return re.sub(r"[^\w]+", "-", text.casefold()).strip("-") or "other"


@dataclass(frozen=True)
class Place:
    """Where an answer is written: `<stem>.<verb>.nc` and `.html`."""

    target: Path
    force: bool

    def refuse_to_replace(self, attributes: Mapping[str, Any]) -> None:
        """Raise StorageError when a file is there that answers another question, unless `--force`.

        `attributes`: of `decisions.provenance`, known before a simulation.
        """
        from crcsim.cli.checks import attributes as attributes_of
        from crcsim.errors import StorageError
        from crcsim.results.decided import IDENTITY

        if self.force or not self.target.exists():
            return
        try:
            there = attributes_of(self.target)
        except OSError:
            there = {}
        differing = [name for name in IDENTITY if there.get(name) != attributes.get(name)]
        if differing:
            words = ", ".join(_WORDS.get(name, name) for name in differing)
            raise StorageError(
                f"{self.target} exists and holds another answer (not the same: {words}). "
                "Use --force to replace it, or -o for another folder."
            )


_WORDS = {"scenario_resolved": "scenario", "crcsim_version": "version", "decision": "question"}


def loaded(file: Path) -> xr.Dataset:
    """The result that a verb reads."""
    from crcsim.results import load

    return load(file)


def tell(answer: Answer, place: Place) -> None:
    """Write an answer, print its tables and its sentence."""
    from crcsim.report.decide import as_facts, write_decision

    place.refuse_to_replace(answer.found.attrs)
    written = write_decision(answer, place.target)
    warn(answer.notes)
    say(f"{answer.found.attrs['title']}: {answer.question}\n")
    for part in answer.parts:
        for table in part.tables:
            show(table)
    for caveat in answer.caveats:
        say(f"Caveat: {caveat}")
    for statement in answer.statements:
        say(statement)
    say(answer.headline)
    say(f"Answer: {written[0]}\nPage: {written[1]}")
    finish({**as_facts(answer), "files": [str(path) for path in written]})
