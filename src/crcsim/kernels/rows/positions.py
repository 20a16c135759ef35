"""How names of rows become positions."""

from collections import namedtuple
from typing import Any


def positions(name: str, rows: tuple[str, ...]) -> Any:
    """Row names as attributes whose values are the row's positions: a constant inside compiled code."""
    return namedtuple(name, rows)(*range(len(rows)))
