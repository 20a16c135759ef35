"""A result as one NetCDF-4 file: saved whole or not at all, loaded, and verified value by value."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from crcsim.errors import StorageError
from crcsim.results.atomic import replacing
from crcsim.results.checksum import combined, variable_hashes
from crcsim.results.provenance import environment
from crcsim.results.registry import describe, problems

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Verification", "load", "read", "save", "stamped", "verify", "written"]


@dataclass(frozen=True)
class Verification:
    """What `verify` found; `differences` names every variable whose values are not those that were saved."""

    path: Path
    expected: str
    actual: str
    differences: tuple[str, ...]

    @property
    def intact(self) -> bool:
        """Whether every value is the one that was saved."""
        return self.expected == self.actual and not self.differences


def save(dataset: xr.Dataset, path: str | os.PathLike[str], *, overwrite: bool = True) -> Path:
    """Write a result to `path` and return it; the file is there completely or not at all.

    Units and meanings of the registry, `content_hash` and the hashes per variable are added, and where the
    run did not say them, versions, machine and time. Attributes that are true or false become 1 or 0.
    Uncompressed. Raises StorageError when the Dataset is no result, when the file cannot be written, or when
    it exists and `overwrite` is false.
    """
    target = Path(path)
    found = problems(dataset)
    if found:
        raise StorageError(
            f"{target} was not written, because the Dataset is not a result: {'; '.join(found)}."
        )
    if not overwrite and target.exists():
        raise StorageError(f"{target} exists already and was not overwritten.")
    return written(stamped(describe(dataset)), target)


def written(dataset: xr.Dataset, target: Path) -> Path:
    """Write a Dataset as it is, whole or not at all. Raises StorageError when the file cannot be written."""
    from crcsim.results.netcdf import write_netcdf

    try:
        with replacing(target) as (temporary,):
            write_netcdf(dataset, temporary)
    except (OSError, RuntimeError) as problem:  # h5py reports a full disk as either
        raise StorageError(f"{target} was not written: {_reason(problem)}.") from problem
    return target


def load(path: str | os.PathLike[str]) -> xr.Dataset:
    """Read a result into memory.

    Raises StorageError when the file cannot be read or does not hold a result.
    """
    target = Path(path)
    dataset = read(target)
    found = problems(dataset)
    if found:
        raise StorageError(f"{target} does not hold a result of crcsim: {'; '.join(found)}.")
    return dataset


def verify(path: str | os.PathLike[str]) -> Verification:
    """Compute the hashes of a saved result again and say which variables differ from what was saved.

    Raises StorageError when the file cannot be read or carries no hashes.
    """
    target = Path(path)
    dataset = read(target)
    try:
        expected, saved = str(dataset.attrs["content_hash"]), json.loads(dataset.attrs["variable_hashes"])
    except (KeyError, TypeError, ValueError) as problem:
        raise StorageError(f"{target} carries no checksums of crcsim.") from problem
    actual = variable_hashes(dataset)
    names = sorted(set(saved) | set(actual))
    differences = tuple(name for name in names if saved.get(name) != actual.get(name))
    return Verification(target, expected, combined(actual), differences)


def stamped(dataset: xr.Dataset) -> xr.Dataset:
    """A copy with checksums and, where it does not say them, versions, machine and time in its attributes."""
    copy = dataset.copy(deep=False)
    hashes = variable_hashes(dataset)
    attributes = environment() | {str(name): value for name, value in dataset.attrs.items()}
    attributes |= {"content_hash": combined(hashes), "variable_hashes": json.dumps(hashes)}
    copy.attrs = {
        name: int(value) if isinstance(value, bool | np.bool_) else value
        for name, value in attributes.items()
    }
    return copy


def read(path: Path) -> xr.Dataset:
    """Read a NetCDF file into memory. Raises StorageError when that fails."""
    from crcsim.results.netcdf import read_netcdf

    if not path.is_file():
        raise StorageError(f"{path} does not exist or is not a file.")
    try:
        return read_netcdf(path)
    except (OSError, RuntimeError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise StorageError(f"{path} cannot be read as NetCDF-4: {_reason(problem)}.") from problem


def _reason(problem: BaseException) -> str:
    text = getattr(problem, "strerror", None) or str(problem)
    return " ".join(text.split()).rstrip(".")
