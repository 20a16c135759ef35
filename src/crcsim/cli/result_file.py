"""The file of a result on the command line; a scenario in its place is refused with the way to a result."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

__all__ = ["ResultFile"]

_SCENARIOS = (".yaml", ".yml")


class ResultFile(click.Path):
    """The path of a result."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path; raises UsageError where a scenario is given."""
        path = Path(value)
        if path.suffix.lower() in _SCENARIOS and path.is_file():
            text = f"{path} is a scenario; this verb reads a result: run `crcsim run {path}` first."
            raise click.UsageError(text, ctx)
        return super().convert(value, param, ctx)
