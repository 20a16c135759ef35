"""`crcsim decide information`: which question to answer before deciding."""

from __future__ import annotations

from pathlib import Path

import click

from crcsim.cli.decide.frame import Numbers, Output, file_options, simulation_options, tell
from crcsim.cli.decide.simulating import Work, scenario_of
from crcsim.cli.strategies import Names

__all__ = ["information"]


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="SCENARIO")
@click.option(
    "--strategies",
    type=Names(),
    metavar="A,B",
    help="What is to be chosen from; `baseline` if named [all and the baseline].",
)
@click.option(
    "--examine",
    type=click.IntRange(min=0),
    default=8,
    show_default=True,
    help="Parameters with tornado and total-order index, three more runs each.",
)
@click.option(
    "--paired-paths",
    type=click.IntRange(min=100),
    default=4096,
    show_default=True,
    help="Paths of these runs.",
)
@simulation_options
@file_options
def information(
    file: Path,
    strategies: tuple[str, ...] | None,
    examine: int,
    paired_paths: int,
    numbers: Numbers,
    output: Output,
) -> None:
    """Say which uncertain parameter to ask about before choosing a strategy, or that none is worth it.

    Expected value of perfect information on each parameter and on all, Sobol indices of first and total
    order, and a tornado of paired runs.
    """
    from crcsim import decisions
    from crcsim.decisions.information import options_of
    from crcsim.report.decide.information import answer

    scenario = scenario_of(file)
    place = output.place(file, "information")
    options = options_of(scenario, strategies, examine, paired_paths)
    work = Work.begun(scenario, place, "information", numbers, options)
    with work.progress("Asking") as report:
        found = decisions.information(
            scenario,
            strategies=strategies,
            examine=examine,
            paired_paths=paired_paths,
            progress=report,
            **work.arguments,
        )
    tell(answer(found), place)
