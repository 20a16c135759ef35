"""`crcsim warmup`: compile the simulation ahead of the first run."""

from __future__ import annotations

import click

from crcsim.cli.application import json_option
from crcsim.cli.console import finish, say
from crcsim.cli.new import minimal_scenario

__all__ = ["warmup"]


@click.command()
@json_option
def warmup() -> None:
    """Compile the simulation now, so that the first run does not wait for it."""
    from crcsim import engine
    from crcsim.scenario import load_scenario

    seconds = engine.warmup(load_scenario(minimal_scenario()))
    say(f"Compiled and kept for later runs ({seconds:.1f} s)")
    finish({"seconds": round(seconds, 3)})
