"""The file of a decision: a Dataset with its provenance, saved whole, and verified like a result."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from crcsim.errors import StorageError
from crcsim.results.storage import read, stamped, written

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["IDENTITY", "decision_problems", "load_decision", "save_decision"]

#: Attributes that make two decisions the same question about the same future.
IDENTITY = ("decision", "scenario_resolved", "seed", "paths", "crcsim_version", "options")


def save_decision(dataset: xr.Dataset, path: str | os.PathLike[str]) -> Path:
    """Write a decision to `path` and return it; the file is there completely or not at all.

    Raises StorageError when a variable lacks its unit or meaning, when the decision does not say where it
    comes from, or when the file cannot be written.
    """
    target = Path(path)
    found = decision_problems(dataset)
    if found:
        raise StorageError(f"{target} was not written, because it is no decision: {'; '.join(found)}.")
    return written(stamped(dataset), target)


def load_decision(path: str | os.PathLike[str]) -> xr.Dataset:
    """Read a decision into memory. Raises StorageError when the file does not hold one."""
    target = Path(path)
    dataset = read(target)
    found = decision_problems(dataset)
    if found:
        raise StorageError(f"{target} does not hold a decision of crcsim: {'; '.join(found)}.")
    return dataset


def decision_problems(dataset: xr.Dataset) -> tuple[str, ...]:
    """Everything that keeps a Dataset from being a decision, in words; empty when it is one."""
    lacking = [f"the attribute {name} is missing" for name in IDENTITY if name not in dataset.attrs]
    unnamed = [
        f"{name} has no {attribute}"
        for name, variable in dataset.data_vars.items()
        for attribute in ("units", "long_name")
        if attribute not in variable.attrs
    ]
    unsaid = [
        f"the attribute {name} is {type(value).__name__}, neither text nor a number"
        for name, value in dataset.attrs.items()
        if not isinstance(value, str | int | float | np.integer | np.floating | np.bool_)
    ]
    unlabelled = [f"{dim} has no labels" for dim in dataset.dims if dim not in dataset.coords]
    return (*lacking, *unnamed, *unsaid, *unlabelled)
