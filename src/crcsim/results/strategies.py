"""The strategies of a result: which there are, one of them, what each does, and the caveats of the result."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from crcsim.errors import CrcsimError

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["BASELINE", "alone", "caveats", "deeds", "narrowed", "of_strategy", "strategy_names"]

#: The strategy that changes nothing; the first of every result.
BASELINE = "baseline"


def strategy_names(dataset: xr.Dataset) -> tuple[str, ...]:
    """All strategies of a result, the baseline first."""
    return tuple(str(name) for name in dataset["strategy"].values)


def of_strategy(dataset: xr.Dataset, name: str | None = None) -> xr.Dataset:
    """One strategy of a result, the baseline unless named; the dimension stays, with one label.

    Raises CrcsimError for a strategy that the result does not have.
    """
    return dataset.isel(strategy=[_place(dataset, name)])


def narrowed(dataset: xr.Dataset, names: Iterable[str] | None) -> xr.Dataset:
    """The baseline and the named strategies, in the order of the result; all of them with None.

    Raises CrcsimError for a strategy that the result does not have.
    """
    if names is None:
        return dataset
    return dataset.isel(strategy=sorted({0, *(_place(dataset, name) for name in names)}))


def _place(dataset: xr.Dataset, name: str | None) -> int:
    known = strategy_names(dataset)
    if name is not None and name not in known:
        raise CrcsimError(f"No strategy {name} in the result; known: {', '.join(known)}.")
    return 0 if name is None else known.index(name)


def alone(dataset: xr.Dataset) -> xr.Dataset:
    """A result, or a measure of it, of one strategy without the dimension.

    Raises CrcsimError where there are several: none of them is ever picked in silence.
    """
    if dataset.sizes["strategy"] > 1:
        known = ", ".join(strategy_names(dataset))
        raise CrcsimError(f"The result holds several strategies ({known}): say of which one.")
    return dataset.isel(strategy=0)


def deeds(dataset: xr.Dataset, names: Iterable[str] | None = None) -> dict[str, tuple[str, ...]]:
    """What each strategy does, in words, from the attribute `strategies`; only of those that say it.

    `names`: of these, by default of all in the result.
    """
    told = json.loads(str(dataset.attrs.get("strategies", "[]")))
    found = {str(entry["name"]): tuple(_in_words(entry)) for entry in told}
    wanted = strategy_names(dataset) if names is None else names
    return {name: found[name] for name in wanted if found.get(name)}


def _in_words(entry: Mapping[str, Any]) -> Iterable[str]:
    """Everything that an entry says beside its name: `extends act_now`, `embedded_team: start now`."""
    for key, value in entry.items():
        if key == "name" or value is None or value is False or value in ("", [], {}):
            continue
        words = str(key).replace("_", " ")
        if key in _SAID_ALONE:
            yield from _listed(value)
        elif value is True:
            yield words
        else:
            yield f"{words} {', '.join(_listed(value))}"


#: Entries whose texts need no heading.
_SAID_ALONE = ("levers", "meaning")


def _listed(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [f"{name}: {', '.join(_listed(each))}" for name, each in value.items()]
    if isinstance(value, list | tuple):
        return [text for each in value for text in _listed(each)]
    return [str(value)]


def caveats(*datasets: xr.Dataset) -> tuple[str, ...]:
    """What must be told with every number of these results: sentences, each once."""
    sentences = (text for each in datasets for text in json.loads(str(each.attrs.get("caveats", "[]"))))
    return tuple(dict.fromkeys(str(text) for text in sentences))
