"""`crcsim decide abandon`: which relations to end, and when."""

from __future__ import annotations

from pathlib import Path

import click

from crcsim.cli.decide.frame import Place, file_options, simulation_options, tell
from crcsim.cli.decide.simulating import Work, require_strategy, scenario_of
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
    paths: int | None,
    seed: int | None,
    threads: int | None,
    output: Path | None,
    force: bool,
) -> None:
    """Say which relations to end and when: the option to leave, between a lower and an upper bound.

    Ending today, ending at the first loss, and a policy fitted by least squares are set against going on; the
    policy is put in words. At most 10,000 paths unless stated.
    """
    from crcsim import decisions
    from crcsim.decisions.abandon import ended_customers, options_of, paths_of
    from crcsim.report.decide.abandon import answer
    from crcsim.results.strategies import BASELINE

    scenario = scenario_of(file)
    chosen = strategy or BASELINE
    require_strategy(scenario, chosen)
    place = Place.of(file, "abandon", output, force)
    options = options_of(scenario, customers, chosen, discounting)
    try:
        ended_customers(scenario, customers)
        work = Work.begun(scenario, place, "abandon", (paths_of(scenario, paths), seed, threads), options)
        with work.progress("Deciding") as report:
            found = decisions.abandon(
                scenario,
                customers=customers,
                strategy=chosen,
                discounting=discounting,
                progress=report,
                **work.arguments,
            )
    except ValueError as problem:
        raise click.UsageError(f"{problem}.") from problem
    tell(answer(found), place)
