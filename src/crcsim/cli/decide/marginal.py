"""`crcsim decide marginal`: where the next unit of money goes."""

from __future__ import annotations

import click

from crcsim.cli.decide.frame import Numbers, Output, file_options, simulation_options, tell
from crcsim.cli.decide.simulating import Work, scenario_of
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
    numbers: Numbers,
    output: Output,
) -> None:
    """Say what the next unit of money brings on every lever, customers beside products.

    The derivative of the expected NPV by the spend at a plan, with its error, its effect on risk, and the
    average return of the whole programme beside it.
    """
    from crcsim import decisions
    from crcsim.decisions.trials import chosen_levers, stated_strategy
    from crcsim.report.decide.marginal import answer

    scenario = scenario_of(file)
    chosen_levers(scenario, levers)
    stated_strategy(scenario, strategy)
    place = output.place(file, "marginal", strategy)
    named = None if levers is None else sorted(set(levers))
    options = {"strategy": strategy, "levers": named}
    work = Work.begun(scenario, place, "marginal", numbers, options)
    with work.progress("Moving the spend") as report:
        found = decisions.marginal(
            scenario, strategy=strategy, levers=named, progress=report, **work.arguments
        )
    tell(answer(found), place)
