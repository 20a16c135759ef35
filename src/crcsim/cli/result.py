"""`crcsim report`, `verify` and `export`: what can be done with a finished result."""

from __future__ import annotations

from pathlib import Path

import click

from crcsim.cli.application import json_option
from crcsim.cli.console import finish, say
from crcsim.cli.result_file import ResultFile
from crcsim.cli.strategies import (
    Names,
    require_strategies,
    say_caveats,
    strategy_option,
    tell_strategies,
)

__all__ = ["export", "report", "report_folder", "verify"]


def report_folder(result: Path, strategy: str = "") -> Path:
    """Where the report of a result, or of a strategy that was asked for, lies unless a folder is named."""
    return result.with_name(f"{result.stem}-report{f'-{strategy}' if strategy else ''}")


@click.command()
@click.argument("result", type=ResultFile(), metavar="RESULT.nc")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="DIR", help="Folder of the report.")
@strategy_option
@click.option(
    "--strategies",
    type=Names(),
    metavar="A,B",
    help="Put only these beside the baseline [all of the result].",
)
@json_option
def report(
    result: Path, output: Path | None, strategy: str | None, strategies: tuple[str, ...] | None
) -> None:
    """Write a report: one page that opens without a network, and its pictures.

    It begins with what the verbs of `decide` found about the same scenario, where their files stand beside
    the result. With several strategies all of them stand beside the baseline; the rest shows the baseline, or
    the one that --strategy names.
    """
    from crcsim.report import write_report
    from crcsim.report.decide.beside import answers_beside
    from crcsim.report.views import Views
    from crcsim.results import load
    from crcsim.results.strategies import narrowed, of_strategy

    dataset = load(result)
    require_strategies(dataset, [*(strategies or ()), *([strategy] if strategy else [])])
    one = of_strategy(dataset, strategy)
    name, several = str(one["strategy"].values[0]), dataset.sizes["strategy"] > 1
    views = Views.of(one)
    folder = output or report_folder(result, name if strategy else "")
    answers = answers_beside(result, dataset)
    page = write_report(dataset, folder, views, strategy=strategy, strategies=strategies, answers=answers)
    beside = tell_strategies(narrowed(dataset, strategies))
    for sentence in views.sentences():
        say(f"{name}: {sentence}" if several else sentence)
    told = say_caveats(dataset)
    for answer in answers:
        say(answer.finding)
    say(f"Report: {page}")
    found = [answer.finding for answer in answers]
    facts = {"report": str(page), "strategy": name, "strategies": beside, "caveats": told, "findings": found}
    finish({**facts, **views.facts()})


@click.command()
@click.argument("result", type=ResultFile(), metavar="RESULT.nc")
@json_option
def verify(result: Path) -> None:
    """Check that every value in a result is the one that was saved."""
    from crcsim.errors import StorageError
    from crcsim.results import verify as checked

    found = checked(result)
    if not found.intact:
        changed = ", ".join(found.differences) or "the checksum itself"
        raise StorageError(f"{result} is not what was saved: {changed} differ. Run the scenario again.")
    say(f"{result}: intact ({found.actual[:16]}...)")
    finish({"intact": True, "content_hash": found.actual})


@click.command()
@click.argument("result", type=ResultFile(), metavar="RESULT.nc")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR",
    required=True,
    help="Folder of the tables.",
)
@json_option
def export(result: Path, output: Path) -> None:
    """Write the tables of a result as CSV files."""
    from crcsim.measures import summary_table
    from crcsim.results import export as exported
    from crcsim.results import load
    from crcsim.results.export import TABLES

    files = exported(load(result), output, {**TABLES, "summary": summary_table})
    for file in files:
        say(str(file))
    finish({"files": [str(file) for file in files]})
