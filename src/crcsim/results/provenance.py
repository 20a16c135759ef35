"""Where a result comes from: versions, machine, time and the files of the scenario, as JSON text."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib import metadata
from typing import Protocol

__all__ = ["environment", "files_as_json"]

_PACKAGES = ("crcsim", "numpy", "scipy", "numba", "llvmlite", "xarray", "pandas", "h5netcdf", "h5py")


class _SourceFile(Protocol):
    @property
    def path(self) -> str: ...

    @property
    def sha256(self) -> str: ...

    @property
    def content(self) -> bytes: ...


def environment() -> dict[str, str]:
    """The attributes `packages`, `machine` (JSON) and `created` (UTC); no name of host or user."""
    machine = {
        "system": platform.system(),
        "release": platform.release(),
        "architecture": platform.machine(),
        "processor": platform.processor(),
        "cpus": os.cpu_count() or 1,
    }
    return {
        "packages": json.dumps({"python": platform.python_version(), **_versions()}),
        "machine": json.dumps(machine),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _versions() -> dict[str, str]:
    found = {}
    for package in _PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def files_as_json(files: Iterable[_SourceFile]) -> str:
    """Path, SHA-256 and content of every file, as JSON: text where the bytes are UTF-8, else `hex`."""
    return json.dumps([_file(file) for file in files], ensure_ascii=False)


def _file(file: _SourceFile) -> dict[str, str]:
    named = {"path": str(file.path), "sha256": file.sha256}
    try:
        return {**named, "text": file.content.decode()}
    except UnicodeDecodeError:
        return {**named, "hex": file.content.hex()}
