"""Answers that stand beside a result: its report takes in those about the same scenario."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from crcsim.errors import StorageError
from crcsim.report.decide.answer import Answer, command
from crcsim.report.pictures import Chart
from crcsim.results.decided import load_decision

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["VERBS", "answers_beside", "first_charts", "told"]

#: The verbs in the order in which a report tells their answers; each has a module here.
VERBS = (
    "marginal",
    "allocate",
    "timing",
    "assign",
    "select",
    "abandon",
    "information",
    "stress",
    "contributions",
)

#: What an answer must have in common with the result of a report.
_SAME = ("scenario_resolved", "crcsim_version")


def answers_beside(result: Path, dataset: xr.Dataset) -> tuple[Answer, ...]:
    """The answers `<name>.<verb>.nc` in the folder of a result that are about its scenario; those read from
    a result only where it is this one. A file that cannot be read is none.
    """
    found = []
    for verb in VERBS:
        for path in sorted(result.parent.glob(f"*.{verb}.nc")):
            try:
                decision = load_decision(path)
            except StorageError:
                continue
            if decision.attrs["decision"] == verb and _belongs(decision, dataset):
                found.append(import_module(f"crcsim.report.decide.{verb}").answer(decision))
    return tuple(found)


def _belongs(decision: xr.Dataset, result: xr.Dataset) -> bool:
    read = decision.attrs.get("result_content_hash")
    same = all(decision.attrs[name] == result.attrs.get(name) for name in _SAME)
    return same and read in (None, result.attrs.get("content_hash"))


def told(answers: tuple[Answer, ...]) -> tuple[str, ...]:
    """What each answer found, and with which command."""
    return tuple(
        f"{answer.headline} (crcsim decide {command(answer.found.attrs)}, "
        f"{int(answer.found.attrs['paths']):,} paths.)"
        for answer in answers
    )


def first_charts(answers: tuple[Answer, ...]) -> Iterator[Chart]:
    """The first picture of each answer, named after its verb."""
    for number, answer in enumerate(answers, start=1):
        verb = str(answer.found.attrs["decision"])
        charts = (chart for part in answer.parts for chart in part.charts())
        for chart in charts:
            yield Chart(f"decision-{number}-{verb}", chart.heading, chart.figure)
            break
