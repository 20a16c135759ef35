"""`crcsim validate`: everything that is wrong with a scenario, in one pass."""

from __future__ import annotations

import click

from crcsim.cli.application import json_option
from crcsim.cli.console import counted, finish, say, warn

__all__ = ["validate"]


@click.command()
@click.argument("file", type=click.Path())
@json_option
def validate(file: str) -> None:
    """Check a scenario and list all its problems."""
    from crcsim.scenario import load_scenario

    scenario = load_scenario(file)
    warn(scenario.warnings)
    customers, lines = len(scenario.customers), sum(len(customer.lines) for customer in scenario.customers)
    size = f"{counted(customers, 'customer')}, {counted(lines, 'line')}, {scenario.time.years:g} years"
    say(f"{file}: ok ({size})")
    finish({"problems": [], "warnings": list(scenario.warnings), "customers": customers, "lines": lines})
