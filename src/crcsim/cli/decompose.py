"""`crcsim decompose`: what today's wallet, growth, losses and costs add to the value; whose growth it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crcsim.cli.application import json_option, session
from crcsim.cli.checks import Order, refuse_too_large
from crcsim.cli.compiling import compile_when_needed
from crcsim.cli.console import counted, finish, say, show, warn
from crcsim.cli.progress import progress

if TYPE_CHECKING:
    import xarray as xr

    from crcsim.scenario import Scenario

__all__ = ["decompose"]

_MOST_ROWS = 20


@click.command()
@click.argument("file", type=click.Path())
@click.option("--paths", type=click.IntRange(2, 2**31 - 1), help="Number of paths [scenario, else 100,000].")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Seed of all draws [scenario, else 1].")
@click.option("--threads", type=click.IntRange(min=1), help="Threads; never changes a result [all cores].")
@click.option("--shapley", is_flag=True, help="Average over orders of switching features on; many more runs.")
@click.option("--customer", metavar="NAME", help="Show one customer instead of the portfolio.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write a page, a picture and CSV files.",
)
@json_option
def decompose(
    file: str,
    paths: int | None,
    seed: int | None,
    threads: int | None,
    shapley: bool,
    customer: str | None,
    output: Path | None,
) -> None:
    """Split the value into its parts, and the growth of sales into market and own.

    From today's wallet at today's share to customer relationship capital: share, growth, wallet created,
    losses by cause, prices, costs, capital, tax. Each part is the difference of two runs on the same draws.
    """
    from crcsim.report.decomposition import as_facts, write_decomposition
    from crcsim.scenario import load_scenario

    scenario = load_scenario(file)
    item = _item(scenario, customer)
    warn(scenario.warnings)
    order = Order(
        scenario,
        Path(),
        scenario.simulation.paths if paths is None else paths,
        scenario.simulation.seed if seed is None else seed,
        threads,
        None,
        False,
    )
    if scenario.time.periods < 2:
        raise click.UsageError("Growth needs at least two periods; the scenario has one.")
    say(f"{scenario.name}: {counted(len(scenario.customers), 'customer')}, seed {order.seed}")
    compile_when_needed(scenario)
    refuse_too_large(order)
    parts, growth = _run(order, shapley)
    _tell(parts, growth, item)
    files = write_decomposition(parts, growth, output, item) if output is not None else ()
    for page in files[:1]:
        say(f"Page: {page} ({len(files) - 1} files beside it)")
    facts = {**as_facts(parts, growth), "warnings": list(scenario.warnings)}
    finish({**facts, "files": [str(path) for path in files]})


def _item(scenario: Scenario, customer: str | None) -> str:
    """The name of what is shown. Raises UsageError for a customer that the scenario lacks."""
    known = [each.name for each in scenario.customers]
    if customer is not None and customer not in known:
        raise click.UsageError(f"No customer {customer} in the scenario; known: {', '.join(known)}")
    return customer or "total"


def _run(order: Order, shapley: bool) -> tuple[xr.Dataset, xr.Dataset]:
    from crcsim import decisions

    with progress(session().json, "Decomposing") as report:
        parts = decisions.decompose(
            order.scenario,
            paths=order.paths,
            seed=order.seed,
            threads=order.threads,
            shapley=shapley,
            progress=report,
        )
    with progress(session().json, "Splitting growth") as report:
        growth = decisions.split_growth(
            order.scenario, paths=order.paths, seed=order.seed, threads=order.threads, progress=report
        )
    return parts, growth


def _tell(parts: xr.Dataset, growth: xr.Dataset, item: str) -> None:
    from crcsim.report.decomposition import customer_table, growth_table, part_table

    say()
    show(part_table(parts, item))
    if item == "total":
        show(customer_table(parts, _MOST_ROWS))
    show(growth_table(growth, item))
