"""`crcsim decide timing`: when to start each programme."""

from __future__ import annotations

import click

from crcsim.cli.decide.frame import Numbers, Output, file_options, simulation_options, tell
from crcsim.cli.decide.simulating import Work, scenario_of
from crcsim.cli.strategies import Names

__all__ = ["timing"]


@click.command()
@click.argument("file", type=click.Path(), metavar="SCENARIO")
@click.option("--levers", type=Names(), metavar="A,B", help="Only these levers [all].")
@click.option(
    "--latest",
    type=click.IntRange(1, 50),
    default=5,
    show_default=True,
    help="Last start that is tried, years.",
)
@click.option(
    "--strategy", default="baseline", show_default=True, metavar="NAME", help="What is done beside."
)
@click.option(
    "--discounting",
    type=click.Choice(["wacc", "risk_free", "deflator"]),
    help="Of the present values [headline]; `deflator` prices the right to wait by itself.",
)
@simulation_options
@file_options
def timing(
    file: str,
    levers: tuple[str, ...] | None,
    latest: int,
    strategy: str,
    discounting: str | None,
    numbers: Numbers,
    output: Output,
) -> None:
    """Say when to start each programme: now, after some years, or on a trigger of the scenario.

    The cost of delay (benefits lost less spend saved) beside the value of waiting for a trigger.
    """
    from crcsim import decisions
    from crcsim.decisions.timing import options_of
    from crcsim.decisions.trials import chosen_levers, stated_strategy
    from crcsim.report.decide.timing import answer

    scenario = scenario_of(file)
    chosen_levers(scenario, levers)
    stated_strategy(scenario, strategy)
    place = output.place(file, "timing", strategy)
    named = None if levers is None else sorted(set(levers))
    options = options_of(strategy, named, latest, discounting or scenario.capital.discounting)
    work = Work.begun(scenario, place, "timing", numbers, options)
    with work.progress("Moving the starts") as report:
        found = decisions.timing(
            scenario,
            strategy=strategy,
            levers=named,
            latest=latest,
            discounting=discounting,
            progress=report,
            **work.arguments,
        )
    tell(answer(found), place)
