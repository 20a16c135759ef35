"""`crcsim validate`: everything that is wrong with a scenario, in one pass."""

from __future__ import annotations

import click

from crcsim.cli.application import json_option
from crcsim.cli.console import counted, finish, say, warn
from crcsim.cli.sweep import points_of

__all__ = ["validate"]


@click.command()
@click.argument("file", type=click.Path())
@json_option
def validate(file: str) -> None:
    """Check a scenario, and every point of its sweep, and list all problems."""
    from crcsim.scenario import load_scenario

    points = [scenario for _, scenario in points_of(file)]
    scenario = points[0] if points else load_scenario(file)
    warnings = list(dict.fromkeys(text for point in points or [scenario] for text in point.warnings))
    warn(warnings)
    customers, lines = len(scenario.customers), sum(len(customer.lines) for customer in scenario.customers)
    size = f"{counted(customers, 'customer')}, {counted(lines, 'line')}, {scenario.time.years:g} years"
    if points:
        size = f"a sweep of {counted(len(points), 'point')}; {size}"
    say(f"{file}: ok ({size})")
    told = {"problems": [], "warnings": warnings, "customers": customers, "lines": lines}
    finish(told | ({"points": len(points)} if points else {}))
