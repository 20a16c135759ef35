"""What every decision tells: a sentence, parts of its page, and its numbers for machines."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from crcsim.report.findings import PREVIEW_PATHS
from crcsim.report.numbers import finite
from crcsim.report.table import Table
from crcsim.results.strategies import BASELINE

if TYPE_CHECKING:
    import xarray as xr

    from crcsim.report.pictures import Chart

__all__ = ["Answer", "Part", "as_facts", "command", "estimate", "nothing_drawn"]

#: Dimensions with more labels are left to the file: single paths, not findings.
_MOST_LABELS = 1000


def nothing_drawn() -> Iterator[Chart]:
    """The charts of a part without any."""
    return iter(())


def estimate(cell: xr.Dataset, name: str) -> tuple[float, float]:
    """A single estimate of a Dataset and its standard error."""
    return float(cell[name]), float(cell[f"{name}_standard_error"])


def command(attributes: Mapping[Any, Any]) -> str:
    """The verb of a decision, with the option that says which of its questions was asked."""
    return str(attributes.get("command", attributes["decision"]))


@dataclass(frozen=True)
class Part:
    """A section of the page; its tables are printed too, and `charts` draws the pictures of the page."""

    title: str
    tables: tuple[Table, ...] = ()
    charts: Callable[[], Iterable[Chart]] = nothing_drawn
    texts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """A decision for people: `finding` is the one sentence, with its uncertainty; `found` holds the numbers.

    `question` is the heading above the sentence; `statements` are further sentences, in their order.
    """

    question: str
    finding: str
    found: xr.Dataset
    parts: tuple[Part, ...]
    statements: tuple[str, ...] = ()

    @property
    def headline(self) -> str:
        """The sentence with the strategy under which it holds, where that is not the baseline."""
        strategy = str(self.found.attrs.get("strategy", BASELINE))
        return self.finding if strategy == BASELINE else f"With strategy {strategy}: {self.finding}"

    @property
    def caveats(self) -> tuple[str, ...]:
        """What must be told with every number of these runs."""
        return tuple(str(text) for text in json.loads(str(self.found.attrs.get("caveats", "[]"))))

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know before the numbers."""
        told = [str(text) for text in json.loads(str(self.found.attrs.get("warnings", "[]")))]
        paths = int(self.found.attrs["paths"])
        if paths < PREVIEW_PATHS:
            told.insert(0, f"Preview: {paths:,} paths. Use 10,000 or more for numbers that you report.")
        return tuple(told)


def as_facts(answer: Answer) -> dict[str, Any]:
    """The sentence and all numbers for machines, in full and by their labels; None where undefined."""
    found = answer.found
    told = ("title", "currency", "seed", "paths", "crcsim_version", "discounting")
    return {
        "decision": str(found.attrs["decision"]),
        "finding": answer.headline,
        "statements": list(answer.statements),
        **{name: _plain(found.attrs[name]) for name in told if name in found.attrs},
        "options": json.loads(str(found.attrs["options"])),
        "caveats": list(answer.caveats),
        "notes": list(answer.notes),
        "numbers": {
            str(name): _nested(values)
            for name, values in {**found.coords, **found.data_vars}.items()
            if name not in found.dims and all(size <= _MOST_LABELS for size in values.shape)
        },
    }


def _nested(values: xr.DataArray) -> Any:
    """Values by the labels of their dimensions, one level for each."""
    if not values.dims:
        return _plain(values.values.item())
    return {
        _label(label): _nested(values[place]) for place, label in enumerate(values[values.dims[0]].values)
    }


def _label(label: Any) -> str:
    return f"{label:g}" if isinstance(label, float | np.floating) else str(label)


def _plain(value: Any) -> Any:
    if isinstance(value, float | np.floating):
        return finite(value)
    return value.item() if hasattr(value, "item") else value
