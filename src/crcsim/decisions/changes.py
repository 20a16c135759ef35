"""What differs between the scenarios of two results, read from the results themselves."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crcsim.scenario.resolved import document_difference

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Change", "scenario_changes"]


@dataclass(frozen=True)
class Change:
    """One entry of a scenario in canonical units before and after; None: not there."""

    path: str
    before: Any
    after: Any


def scenario_changes(first: xr.Dataset, second: xr.Dataset) -> tuple[Change, ...] | None:
    """Every entry in which the resolved scenarios of two results differ, in order of their paths.

    The name of the scenario and where a number comes from are left out: they change no number. None when a
    result does not carry its scenario (`scenario_resolved`), which is not the same as no change.
    """
    documents = [_document(result) for result in (first, second)]
    if documents[0] is None or documents[1] is None:
        return None
    found = document_difference(documents[0], documents[1])
    return tuple(
        Change(path, before, after)
        for path, before, after in found
        if path != "name" and not path.endswith(".source")
    )


def _document(result: xr.Dataset) -> Any:
    try:
        return json.loads(result.attrs["scenario_resolved"])
    except (KeyError, TypeError, ValueError):
        return None
