"""`crcsim explain`: what a scenario means, and how two of them differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from crcsim.cli.application import json_option
from crcsim.cli.compiling import compile_when_needed
from crcsim.cli.console import counted, finish, say, show, warn
from crcsim.cli.sweep import axes, points_of

if TYPE_CHECKING:
    from crcsim.scenario import Scenario

__all__ = ["explain"]


@click.command()
@click.argument("file", type=click.Path(), required=False)
@click.option(
    "--diff", nargs=2, type=click.Path(), metavar="A B", help="Show what differs between two scenarios."
)
@click.option("--paths", type=click.IntRange(min=1), help="Estimate time and memory for so many paths.")
@json_option
def explain(file: str | None, diff: tuple[str, str] | None, paths: int | None) -> None:
    """Say what a scenario means before it is simulated.

    Customers in the deterministic limit, their costs, processes and investments, what strategies spend and
    when that pays back, assumptions with their sources, the build-up of the discount rate, uncertain numbers,
    links between customers, and the time and memory that a run will take.
    """
    if (file is None) == (diff is None):
        raise click.UsageError("Give either a scenario FILE or --diff A B.")
    if diff is not None:
        _differences(*diff)
    else:
        assert file is not None
        _meaning(file, paths)


def _meaning(file: str, paths: int | None) -> None:
    from crcsim.report.explain import explain as explained
    from crcsim.scenario import load_scenario

    points = [labels for labels, _ in points_of(file)]
    scenario = load_scenario(file)
    explanation = explained(scenario)
    warn(explanation.facts["warnings"])
    say(f"{scenario.name}: {counted(len(scenario.customers), 'customer')}, {scenario.time.years:g} years\n")
    for table in explanation.tables:
        show(table)
    sweep = _sweep(points) if points else {}
    finish({**explanation.facts, **sweep, "estimate": _estimate(scenario, paths, bool(points))})


def _sweep(points: list[dict[str, str]]) -> dict[str, Any]:
    """Show and return what the points of a sweep change."""
    from crcsim.report.table import Table

    values = axes(points)
    title = f"Sweep: {counted(len(points), 'point')}; the tables above show the scenario before it"
    rows = tuple((place, str(len(texts)), ", ".join(texts)) for place, texts in values.items())
    show(Table(title, ("Place", "Values", ""), "lrl", rows, ("The last place varies fastest.",)))
    return {"sweep": {"points": len(points), "values": values}}


def _estimate(scenario: Scenario, paths: int | None, each: bool) -> dict[str, Any]:
    """Say and return what a run needs."""
    from crcsim import engine

    wanted = paths or scenario.simulation.paths
    compile_when_needed(scenario)
    cost = engine.estimate(scenario, wanted, None)
    run = f"A run of {wanted:,} paths{' at one point' if each else ''}"
    say(f"{run} takes about {cost.seconds:.2g} s and {cost.memory_bytes / 2**20:,.0f} MB.")
    return {"paths": wanted, "seconds": cost.seconds, "memory_bytes": cost.memory_bytes}


def _differences(first: str, second: str) -> None:
    from crcsim.report.table import Table
    from crcsim.scenario import difference, load_scenario

    found = difference(load_scenario(first), load_scenario(second))
    if not found:
        say("The two scenarios mean the same.")
    else:
        rows = tuple((path, _text(one), _text(two)) for path, one, two in found)
        show(Table("Differences", ("Entry", first, second), "lll", rows))
    finish({"differences": [{"path": path, "first": one, "second": two} for path, one, two in found]})


def _text(value: Any) -> str:
    return "(absent)" if value is None else str(value)
