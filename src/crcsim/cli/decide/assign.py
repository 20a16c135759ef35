"""`crcsim decide assign`: where executives in limited number belong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from crcsim.cli.decide.frame import Numbers, Output, file_options, simulation_options, tell
from crcsim.cli.decide.simulating import Work, scenario_of
from crcsim.cli.strategies import Names

__all__ = ["assign"]


class Limit(click.ParamType[tuple[str, int]]):
    """A role and a number of posts, such as growth_champion=3."""

    name = "role=number"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int]:
        """The role and the number."""
        role, _, number = str(value).partition("=")
        if not number.strip().isdecimal():
            self.fail(f"{value!r} is not a role and a whole number, such as growth_champion=3", param, ctx)
        return role.strip(), int(number)


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="SCENARIO")
@click.option("--roles", type=Names(), metavar="A,B", help="Roles to assign [those with a limit].")
@click.option(
    "--limit",
    "limits",
    type=Limit(),
    multiple=True,
    metavar="ROLE=N",
    help="Number of posts [executives.limit]; may be repeated.",
)
@click.option("--customers", type=Names(), metavar="A,B", help="Among these customers only [all].")
@click.option(
    "--risk-aversion",
    type=click.FloatRange(min=0.0),
    default=0.0,
    show_default=True,
    help="Weight of the effect on the worst 5 % of the paths beside the mean.",
)
@click.option("--strategy", metavar="NAME", help="Beside the levers of this strategy.")
@simulation_options
@file_options
def assign(
    file: Path,
    roles: tuple[str, ...] | None,
    limits: tuple[tuple[str, int], ...],
    customers: tuple[str, ...] | None,
    risk_aversion: float,
    strategy: str | None,
    numbers: Numbers,
    output: Output,
) -> None:
    """Say with which customers the executives of a limited number belong, and what that is worth.

    Every role is tried at every customer; the best assignment is set against that by sales, with the value of
    one more post and of a sponsor programme. At most 20,000 paths unless stated.
    """
    from crcsim import decisions
    from crcsim.decisions.assign import asked, paths_of
    from crcsim.report.decide.assign import answer
    from crcsim.results.strategies import BASELINE

    scenario = scenario_of(file)
    chosen = strategy or BASELINE
    place = output.place(file, "assign", strategy)
    question: dict[str, Any] = {
        "roles": roles,
        "limits": dict(limits),
        "customers": customers,
        "risk_aversion": risk_aversion,
        "strategy": chosen,
    }
    options = asked(scenario, **question).options
    numbers = replace(numbers, paths=paths_of(scenario, numbers.paths))
    work = Work.begun(scenario, place, "assign", numbers, options)
    with work.progress("Assigning") as report:
        found = decisions.assign(scenario, progress=report, **question, **work.arguments)
    tell(answer(found), place)
