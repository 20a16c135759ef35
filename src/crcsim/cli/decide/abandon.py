"""`crcsim decide abandon`: which relations to end or product lines to drop, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crcsim.cli.decide.frame import Numbers, Output, Place, file_options, simulation_options, tell
from crcsim.cli.decide.simulating import Work, scenario_of
from crcsim.cli.strategies import Names

if TYPE_CHECKING:
    from crcsim.report.decide import Answer
    from crcsim.scenario import Scenario

__all__ = ["abandon"]


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="SCENARIO")
@click.option("--customers", type=Names(), metavar="A,B", help="Of these customers only [all].")
@click.option(
    "--products",
    type=Names(),
    metavar="A,B",
    help="Drop these product lines (`all`: each) instead of ending relations.",
)
@click.option(
    "--every",
    type=click.Choice(["year", "period"]),
    help="How often a line may be dropped [year]; each date is a run of its own.",
)
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
    products: tuple[str, ...] | None,
    every: str | None,
    strategy: str | None,
    discounting: str | None,
    numbers: Numbers,
    output: Output,
) -> None:
    """Say which relations to end and when: the option to leave, between a lower and an upper bound.

    Ending today, ending at the first loss, and a policy fitted by least squares are set against going on; the
    policy is put in words. With --products the same is asked of product lines, one decision for all customers
    that buy a line, or for those of --customers; its answer is <name>.lines.abandon.nc. At most 10,000 paths
    unless stated.
    """
    from crcsim.decisions.trials import stated_strategy
    from crcsim.results.strategies import BASELINE

    scenario = scenario_of(file)
    chosen = strategy or BASELINE
    if products is None and every is not None:
        raise click.UsageError("--every says when product lines may be dropped: give --products too.")
    asked = _Asked(chosen, customers, discounting, numbers)
    place = output.place(file, "abandon", None if products is None else "lines", chosen)
    stated_strategy(scenario, chosen)
    if products is None:
        found = _relations(scenario, asked, place)
    else:
        found = _lines(scenario, asked, place, None if products == ("all",) else products, every or "year")
    tell(found, place)


@dataclass(frozen=True)
class _Asked:
    """What both questions depend on."""

    strategy: str
    customers: tuple[str, ...] | None
    discounting: str | None
    numbers: Numbers

    def work(self, scenario: Scenario, place: Place, options: Mapping[str, Any]) -> Work:
        """The simulation begins."""
        from crcsim.decisions.abandon import paths_of

        numbers = replace(self.numbers, paths=paths_of(scenario, self.numbers.paths))
        return Work.begun(scenario, place, "abandon", numbers, options)


def _relations(scenario: Scenario, asked: _Asked, place: Place) -> Answer:
    from crcsim import decisions
    from crcsim.decisions.abandon import ended_customers, options_of
    from crcsim.report.decide.abandon import answer

    ended_customers(scenario, asked.customers)
    options = options_of(scenario, asked.customers, asked.strategy, asked.discounting)
    work = asked.work(scenario, place, options)
    with work.progress("Deciding") as report:
        found = decisions.abandon(
            scenario,
            customers=asked.customers,
            strategy=asked.strategy,
            discounting=asked.discounting,
            progress=report,
            **work.arguments,
        )
    return answer(found)


def _lines(
    scenario: Scenario, asked: _Asked, place: Place, products: tuple[str, ...] | None, every: str
) -> Answer:
    from crcsim import decisions
    from crcsim.decisions.abandon_lines import dropped_lines, line_options_of
    from crcsim.report.decide.abandon import answer

    dropped_lines(scenario, products, asked.customers, asked.strategy)
    options = line_options_of(scenario, products, asked.customers, every, asked.strategy, asked.discounting)
    work = asked.work(scenario, place, options)
    with work.progress("Deciding") as report:
        found = decisions.abandon_lines(
            scenario,
            products=products,
            customers=asked.customers,
            every=every,
            strategy=asked.strategy,
            discounting=asked.discounting,
            progress=report,
            **work.arguments,
        )
    return answer(found)
