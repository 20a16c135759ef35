"""`crcsim decide abandon`: which relations to end, and when."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from crcsim.cli.decide.frame import Numbers, Output, file_options, simulation_options, tell
from crcsim.cli.decide.simulating import Work, scenario_of
from crcsim.cli.strategies import Names

__all__ = ["abandon"]


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="SCENARIO")
@click.option("--customers", type=Names(), metavar="A,B", help="Of these customers only [all].")
@click.option("--strategy", metavar="NAME", help="Under another strategy than the baseline.")
@click.option(
    "--discounting",
    type=click.Choice(["wacc", "risk_free", "deflator"]),
    help="Of the present values [headline]; `deflator` prices the option itself.",
)
@simulation_options
@file_options
def abandon(
    file: Path,
    customers: tuple[str, ...] | None,
    strategy: str | None,
    discounting: str | None,
    numbers: Numbers,
    output: Output,
) -> None:
    """Say which relations to end and when: the option to leave, between a lower and an upper bound.

    Ending today, ending at the first loss, and a policy fitted by least squares are set against going on; the
    policy is put in words. At most 10,000 paths unless stated.
    """
    from crcsim import decisions
    from crcsim.decisions.abandon import ended_customers, options_of, paths_of
    from crcsim.decisions.trials import stated_strategy
    from crcsim.report.decide.abandon import answer
    from crcsim.results.strategies import BASELINE

    scenario = scenario_of(file)
    chosen = strategy or BASELINE
    place = output.place(file, "abandon")
    options = options_of(scenario, customers, chosen, discounting)
    ended_customers(scenario, customers)
    stated_strategy(scenario, chosen)
    numbers = replace(numbers, paths=paths_of(scenario, numbers.paths))
    work = Work.begun(scenario, place, "abandon", numbers, options)
    with work.progress("Deciding") as report:
        found = decisions.abandon(
            scenario,
            customers=customers,
            strategy=chosen,
            discounting=discounting,
            progress=report,
            **work.arguments,
        )
    tell(answer(found), place)
