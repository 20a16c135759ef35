"""`crcsim warmup`: compile the simulation ahead of the first run."""

from __future__ import annotations

import click

from crcsim.cli.application import json_option
from crcsim.cli.compiling import compile_when_needed
from crcsim.cli.console import finish, say
from crcsim.cli.new import minimal_scenario

__all__ = ["warmup"]


@click.command()
@json_option
def warmup() -> None:
    """Compile the simulation now, so that the first run does not wait for it."""
    from crcsim.scenario import load_scenario

    seconds = compile_when_needed(load_scenario(minimal_scenario()))
    if seconds is None:
        say("Nothing to do: the simulation is compiled for this machine already.")
    else:
        say(f"Compiled and kept for later runs ({seconds:.1f} s)")
    finish({"compiled": seconds is not None, "seconds": round(seconds or 0.0, 3)})
