"""`crcsim decide stress`: named shocks, and what the worst paths have in common."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from crcsim.cli.decide.frame import Numbers, Output, Place, file_options, loaded, simulation_options, tell
from crcsim.cli.decide.simulating import Work, scenario_of
from crcsim.cli.run import Share
from crcsim.cli.strategies import Names, require_strategies, strategy_option

if TYPE_CHECKING:
    import xarray as xr

    from crcsim.decisions.stress import Sizes

__all__ = ["stress"]

#: Parameters that only runs of a scenario use, with their options.
_SIMULATED = {
    "shocks": "--shocks",
    "market_fall": "--market-fall",
    "customer": "--customer",
    "industries": "--industries",
    "industry_fall": "--industry-fall",
    "premium_lost": "--premium-lost",
    "paths": "--paths",
    "seed": "--seed",
    "threads": "--threads",
}


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="SCENARIO|RESULT.nc")
@click.option("--shocks", type=Names(), metavar="A,B", help="Only these, such as 'market crash,takeover'.")
@click.option("--market-fall", type=Share(), default="40%", show_default=True, help="Size of the crash.")
@click.option("--customer", metavar="NAME", help="Who is taken over [the largest by value].")
@click.option("--industries", type=Names(), metavar="A,B", help="Which go down [the two largest].")
@click.option("--industry-fall", type=Share(), default="30%", show_default=True, help="By how much.")
@click.option("--premium-lost", type=Share(), help="Part of the price premiums that is gone [all].")
@click.option("--worst", type=Share(), default="1%", show_default=True, help="Paths of the reverse test.")
@strategy_option
@simulation_options
@file_options
def stress(
    file: Path,
    shocks: tuple[str, ...] | None,
    market_fall: float,
    customer: str | None,
    industries: tuple[str, ...] | None,
    industry_fall: float,
    premium_lost: float | None,
    worst: float,
    strategy: str | None,
    numbers: Numbers,
    output: Output,
) -> None:
    """Say what named shocks would take away, and what the worst paths have in common.

    The scenario is simulated again with each shock on the same draws: a market crash, the largest customer
    taken over, two industries down, the price premium gone, and all together. Of a finished RESULT.nc only
    the reverse stress test is made.
    """
    from crcsim.decisions.stress import Sizes, reverse_stress
    from crcsim.report.decide.stress import answer
    from crcsim.results.strategies import BASELINE

    place = output.place(file, "stress", strategy)
    if file.suffix == ".nc":
        _refuse_simulated(file)
        result = loaded(file)
        require_strategies(result, [strategy] if strategy else [])
        found = reverse_stress(result, worst=worst, strategy=strategy)
    else:
        sizes = Sizes(market_fall, customer, industries, industry_fall, premium_lost or 1.0)
        found = _simulated(file, place, shocks, sizes, worst, strategy or BASELINE, numbers)
    tell(answer(found), place)


def _refuse_simulated(file: Path) -> None:
    """Raise UsageError for options that say nothing about a finished result."""
    context = click.get_current_context()
    given = [
        option
        for name, option in _SIMULATED.items()
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    ]
    if given:
        raise click.UsageError(
            f"{', '.join(given)}: only for a simulation with shocks. {file} is a result, of which only the "
            "reverse stress test is made (--worst, --strategy); give its scenario (YAML) for shocks."
        )


def _simulated(
    file: Path,
    place: Place,
    shocks: tuple[str, ...] | None,
    sizes: Sizes,
    worst: float,
    strategy: str,
    numbers: Numbers,
) -> xr.Dataset:
    """The answer from runs of a scenario."""
    from crcsim import decisions
    from crcsim.decisions.stress import options_of, refuse_unknown
    from crcsim.decisions.trials import stated_strategy

    scenario = scenario_of(file)
    stated_strategy(scenario, strategy)
    refuse_unknown(scenario, shocks, sizes)
    work = Work.begun(scenario, place, "stress", numbers, options_of(shocks, sizes, worst, strategy))
    with work.progress("Stressing") as report:
        return decisions.stress(
            scenario,
            shocks=shocks,
            sizes=sizes,
            worst=worst,
            strategy=strategy,
            progress=report,
            **work.arguments,
        )
