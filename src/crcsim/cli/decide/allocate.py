"""`crcsim decide allocate`: how a budget is best spent on levers."""

from __future__ import annotations

import click

from crcsim.cli.decide.amounts import Amount, LeverAmount, Money, by_levers
from crcsim.cli.decide.frame import Numbers, Output, file_options, simulation_options, tell
from crcsim.cli.decide.simulating import Work, scenario_of
from crcsim.cli.strategies import Names

__all__ = ["allocate"]

_Limits = tuple[tuple[str, Money], ...]


@click.command()
@click.argument("file", type=click.Path(), metavar="SCENARIO")
@click.option(
    "--budget", type=Amount(), required=True, help="Most that is spent over the horizon, such as '2 M EUR'."
)
@click.option(
    "--maximise",
    type=click.Choice(("mean", "mean-cvar", "cvar")),
    default="mean",
    show_default=True,
    help="The mean, the mean less --risk-weight times CVaR, or the worst 5% with a --floor of the mean.",
)
@click.option(
    "--risk-weight", type=click.FloatRange(min=0.0), default=1.0, show_default=True, help="See above."
)
@click.option("--floor", type=Amount(), help="Least mean NPV, with --maximise cvar.")
@click.option("--at-most", type=LeverAmount(), multiple=True, metavar="LEVER=AMOUNT", help="An upper bound.")
@click.option("--at-least", type=LeverAmount(), multiple=True, metavar="LEVER=AMOUNT", help="A lower bound.")
@click.option(
    "--together", type=LeverAmount(), multiple=True, metavar="A,B=AMOUNT", help="Most for levers together."
)
@click.option("--whole", type=Names(), metavar="A,B", help="Levers bought as whole programmes only.")
@click.option("--levers", type=Names(), metavar="A,B", help="Levers that may get money [all].")
@click.option(
    "--strategy", default="baseline", show_default=True, metavar="NAME", help="What is done beside."
)
@click.option(
    "--search-paths",
    type=click.IntRange(min=200),
    default=4_096,
    show_default=True,
    help="Paths of the search; --paths are those on which its plan is judged.",
)
@click.option("--starts", type=click.IntRange(min=1), default=2, show_default=True, help="Searches begun.")
@simulation_options
@file_options
def allocate(
    file: str,
    budget: Money,
    maximise: str,
    risk_weight: float,
    floor: Money | None,
    at_most: _Limits,
    at_least: _Limits,
    together: _Limits,
    whole: tuple[str, ...] | None,
    levers: tuple[str, ...] | None,
    strategy: str,
    search_paths: int,
    starts: int,
    numbers: Numbers,
    output: Output,
) -> None:
    """Say how a budget is best spent on levers, and what that is worth on fresh draws.

    Spend counts over the horizon at prices of the valuation date. Every plan of the search is simulated.
    """
    from crcsim import decisions
    from crcsim.decisions.allocate import Budget, Objective, require_plan, told_options
    from crcsim.decisions.trials import stated_strategy
    from crcsim.report.decide.allocate import answer

    if (floor is None) == (maximise == "cvar"):
        raise click.UsageError("--maximise cvar needs a --floor of the mean, and only it has one.")
    scenario = scenario_of(file)
    stated_strategy(scenario, strategy)
    currency = scenario.money.currency
    stated = Budget(
        budget.of(currency, "--budget"),
        by_levers(at_most, currency, "--at-most"),
        by_levers(at_least, currency, "--at-least"),
        by_levers(together, currency, "--together"),
        whole or (),
    )
    weight = risk_weight if maximise == "mean-cvar" else 0.0
    wanted = Objective(maximise, weight, *(() if floor is None else (floor.of(currency, "--floor"),)))
    named = None if levers is None else sorted(set(levers))
    place = output.place(file, "allocate", strategy)
    require_plan(scenario, stated, named)
    options = told_options(stated, wanted, strategy, named, search_paths, starts)
    work = Work.begun(scenario, place, "allocate", numbers, options)
    with work.progress("Searching") as report:
        found = decisions.allocate(
            scenario,
            stated,
            wanted,
            strategy=strategy,
            levers=named,
            search_paths=search_paths,
            begin=starts,
            progress=report,
            **work.arguments,
        )
    tell(answer(found), place)
