"""`crcsim run`: simulate a scenario, save the result, write the report, say what came out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crcsim.cli.application import json_option, session
from crcsim.cli.checks import Order, refuse_to_replace, refuse_too_large, require_folder
from crcsim.cli.compiling import compile_when_needed
from crcsim.cli.complete import complete, simulated
from crcsim.cli.console import counted, finish, say, show, warn
from crcsim.cli.strategies import Names, chosen_strategies, say_caveats, tell_strategies
from crcsim.cli.sweep import points_of, refuse_to_replace_table, run_sweep, table_file

if TYPE_CHECKING:
    import xarray as xr

    from crcsim.report.views import Views
    from crcsim.scenario import Scenario

__all__ = ["run"]

_MOST_ROWS = 20


class Share(click.ParamType[float]):
    """A share such as 1% or 0.01."""

    name = "share"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The share as a fraction."""
        text = str(value).strip()
        try:
            number = float(text.removesuffix("%")) / (100.0 if text.endswith("%") else 1.0)
        except ValueError:
            number = -1.0
        if not 0.0 < number < 1.0:
            self.fail(f"{value!r} is no share between 0% and 100%, such as 0.5%", param, ctx)
        return number


@click.command()
@click.argument("file", type=click.Path())
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="OUT.nc",
    help="Result file, or a folder for it [<scenario>.nc].",
)
@click.option("--paths", type=click.IntRange(1, 2**31 - 1), help="Number of paths [scenario, else 100,000].")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Seed of all draws [scenario, else 1].")
@click.option("--threads", type=click.IntRange(min=1), help="Threads; never changes a result [all cores].")
@click.option(
    "--precision",
    type=Share(),
    metavar="P",
    help="Instead of --paths: standard error of the value, as a share of it.",
)
@click.option(
    "--strategies",
    type=Names(),
    metavar="A,B",
    help="Simulate these beside the baseline [all of the scenario].",
)
@click.option(
    "--layers", is_flag=True, help="Tell apart what parameters and what chance contribute; a second run."
)
@click.option("--no-report", is_flag=True, help="Write the result only.")
@click.option("--force", is_flag=True, help="Replace a result of another scenario, seed or number of paths.")
@json_option
def run(
    file: str,
    output: Path | None,
    paths: int | None,
    seed: int | None,
    threads: int | None,
    precision: float | None,
    strategies: tuple[str, ...] | None,
    layers: bool,
    no_report: bool,
    force: bool,
) -> None:
    """Simulate a scenario; write the result and a report.

    Of a scenario with `sweep:` every point of the grid is run, with the same draws: results <scenario>-1.nc,
    <scenario>-2.nc ..., a report of each, and their table <scenario>-sweep.csv.

    A result of something else is never replaced unless --force says so.
    """
    if paths is not None and precision is not None:
        raise click.UsageError("Give either --paths or --precision.")
    from crcsim.scenario import load_scenario

    target = _target(file, output)

    def order(scenario: Scenario, target: Path, labels: dict[str, str]) -> Order:
        chosen = scenario.simulation.seed if seed is None else seed
        wanted = scenario.simulation.paths if paths is None else paths
        count = None if precision else wanted
        chosen_strategies(scenario, strategies)
        return Order(scenario, target, count, chosen, threads, precision, layers, labels, strategies)

    points = points_of(file)
    if points:
        _refuse_to_override(points[0][0], paths, seed, precision)
        orders = [
            order(scenario, target.with_name(f"{target.stem}-{number}{target.suffix}"), labels)
            for number, (labels, scenario) in enumerate(points, start=1)
        ]
        _check(orders, force, table_file(target))
        run_sweep(orders, table_file(target), not no_report)
    else:
        only = order(load_scenario(file), target, {})
        _check([only], force)
        _run_one(only, not no_report)


def _refuse_to_override(
    labels: Mapping[str, str], paths: int | None, seed: int | None, precision: float | None
) -> None:
    """Raise UsageError for an option that would make the labels of a sweep untrue."""
    given = {"--paths": paths, "--precision": precision, "--seed": seed}
    places = {"--paths": "simulation.paths", "--precision": "simulation.paths", "--seed": "simulation.seed"}
    for option, place in places.items():
        if given[option] is not None and place in labels:
            raise click.UsageError(f"The sweep varies {place}; leave {option} out.")


def _target(file: str, output: Path | None) -> Path:
    """The file of the result; for the points of a sweep, the pattern of their names."""
    name = f"{Path(file).stem}.nc"
    if output is None:
        return Path(name)
    return output / name if output.is_dir() else output


def _check(orders: list[Order], force: bool, table: Path | None = None) -> None:
    """Everything that can be known before the first run begins; say what will be run."""
    require_folder(orders[0].target)
    if not force:
        for order in orders:
            refuse_to_replace(order)
        if table is not None:
            refuse_to_replace_table(table, orders)
    scenario = orders[0].scenario
    size = counted(len(scenario.customers), "customer")
    several = f"{counted(len(orders), 'point')}, " if table is not None else ""
    seeds = ", ".join(str(seed) for seed in dict.fromkeys(order.seed for order in orders))
    say(f"{scenario.name}: {several}{size}, seed {seeds}")
    compile_when_needed(scenario)
    seconds = sum([refuse_too_large(order) for order in orders])
    if table is not None and seconds >= 1.0:
        say(f"All points will take about {seconds:.0f} s, and some more for their reports.")


def _run_one(order: Order, with_report: bool) -> None:
    """Simulate, save, report, and say what came out."""
    dataset, seconds = simulated(order)
    views = _views(dataset) if with_report or not session().json else None
    found, facts = complete(order, dataset, seconds, with_report, views)
    warn(facts["warnings"])
    if not session().json:
        _tell(dataset, found, views)
    facts["strategies"] = tell_strategies(dataset)
    say_caveats(dataset)
    if not session().json:
        say(f"Result: {facts['result']}")
        if facts["report"] is not None:
            say(f"Report: {facts['report']}")
        pace = f"{facts['paths']:,} paths in {seconds:.2f} s ({facts['paths_per_second']:,} paths/s)"
        say(f"{pace}, seed {facts['seed']}")
    finish(facts)


def _views(dataset: xr.Dataset) -> Views:
    from crcsim.report.views import Views
    from crcsim.results.strategies import of_strategy

    return Views.of(of_strategy(dataset))


def _tell(dataset: xr.Dataset, found: xr.Dataset, views: Views | None) -> None:
    """The tables and sentences of the baseline at the end of a run."""
    from crcsim.measures import layers
    from crcsim.report import findings, tables
    from crcsim.results.strategies import alone, of_strategy

    rates = float(dataset["cost_of_capital"].mean()), float(dataset["risk_free_rate"].mean())
    one, names = of_strategy(dataset), tables.ranked(found)
    made = [tables.value_table(found, _MOST_ROWS), tables.ends_table(found, _MOST_ROWS)]
    if "npv_fresh" in dataset:
        made.append(tables.layer_table(alone(layers(one)), names, _MOST_ROWS))
    made.append(tables.discounting_table(findings.totals_by_discounting(one), found, rates))
    label = f"strategy {found['strategy'].values}" if dataset.sizes["strategy"] > 1 else ""
    say()
    for table in made:
        show(table.labelled(label))
    whose = f" ({label})" if label else ""
    say(f"{findings.headline(found)}{whose}. {findings.digits_verdict(found)}")
    for sentence in views.sentences(brief=True) if views is not None else ():
        say(sentence)
    if dataset.sizes["path"] < findings.PREVIEW_PATHS:
        say("Preview: use 10,000 paths or more for numbers that you report.")
