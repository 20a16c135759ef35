"""`crcsim new`: a small scenario to begin with."""

from __future__ import annotations

from pathlib import Path

import click

from crcsim.cli.application import json_option
from crcsim.cli.console import finish, say

__all__ = ["minimal_scenario", "new"]


@click.command()
@click.argument("target", metavar="[NAME|PATH]", default="scenario")
@json_option
def new(target: str) -> None:
    """Write a small, complete scenario file to begin with.

    NAME becomes NAME.yaml in the current folder. A file that exists is never overwritten.
    """
    from crcsim.errors import StorageError

    path = Path(target)
    if path.suffix.lower() not in (".yaml", ".yml"):
        path = path.with_name(path.name + ".yaml")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("xb") as stream:
            stream.write(minimal_scenario().read_bytes())
    except FileExistsError:
        raise StorageError(f"{path} exists already and was not overwritten; choose another name.") from None
    say(f"Wrote {path}. Next: crcsim explain {path}, then crcsim run {path}")
    finish({"scenario": str(path)})


def minimal_scenario() -> Path:
    """The scenario that ships with crcsim."""
    return Path(__file__).with_name("minimal.yaml")
