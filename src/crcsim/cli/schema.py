"""`crcsim schema`: the JSON Schema of scenario files, for editors."""

from __future__ import annotations

import json

import click

__all__ = ["schema"]


@click.command()
def schema() -> None:
    """Print the JSON Schema of a scenario file, for completion and checks in an editor."""
    from crcsim.scenario import json_schema

    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
