"""`crcsim decide marginal`: where the next unit of money goes."""

from __future__ import annotations

from pathlib import Path

import click

from crcsim.cli.decide.frame import Place, file_options, simulation_options, tell
from crcsim.cli.decide.simulating import Work, require_levers, require_strategy, scenario_of
from crcsim.cli.strategies import Names

__all__ = ["marginal"]


@click.command()
@click.argument("file", type=click.Path(), metavar="SCENARIO")
@click.option(
    "--strategy",
    default="baseline",
    show_default=True,
    metavar="NAME",
    help="The plan at which the spend is moved.",
)
@click.option("--levers", type=Names(), metavar="A,B", help="Only these levers [all].")
@simulation_options
@file_options
def marginal(
    file: str,
    strategy: str,
    levers: tuple[str, ...] | None,
    paths: int | None,
    seed: int | None,
    threads: int | None,
    output: Path | None,
    force: bool,
) -> None:
    """Say what the next unit of money brings on every lever, customers beside products.

    The derivative of the expected NPV by the spend at a plan, with its error, its effect on risk, and the
    average return of the whole programme beside it.
    """
    from crcsim import decisions
    from crcsim.report.decide.marginal import answer

    scenario = scenario_of(file)
    require_levers(scenario, levers)
    require_strategy(scenario, strategy)
    place = Place.of(file, "marginal", output, force)
    named = None if levers is None else sorted(set(levers))
    options = {"strategy": strategy, "levers": named}
    work = Work.begun(scenario, place, "marginal", (paths, seed, threads), options)
    with work.progress("Moving the spend") as report:
        found = decisions.marginal(
            scenario, strategy=strategy, levers=named, progress=report, **work.arguments
        )
    tell(answer(found), place)
