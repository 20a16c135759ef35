"""NetCDF-4 files read and written by name, with every name looked up once.

h5netcdf keeps no object of the file that it works on: it finds a variable again by its name for each of its
attributes and for each length of a dimension, some 50 times per variable. In a file of a hundred small
variables that is most of the time.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5netcdf
import h5py
import xarray as xr
from xarray.backends import H5NetCDFStore

__all__ = ["read_netcdf", "write_netcdf"]


class _File(h5py.File):  # type: ignore[misc]
    """A file that remembers the members of its root until they are deleted."""

    def __getitem__(self, name: Any) -> Any:
        """The member of a name; the file itself is its root group."""
        if not isinstance(name, str):
            return super().__getitem__(name)
        if name == "/":
            return self
        members = self.__dict__.setdefault("_members", {})
        key = name.strip("/")
        if key not in members:
            members[key] = super().__getitem__(name)
        return members[key]

    def __delitem__(self, name: Any) -> None:
        """Delete a member, and forget it."""
        self.__dict__.get("_members", {}).pop(name.strip("/"), None)
        super().__delitem__(name)


def read_netcdf(path: Path) -> xr.Dataset:
    """Read a file into memory. Raises what h5py, h5netcdf and xarray raise."""
    with _File(path, "r") as stored, h5netcdf.File(stored, "r", decode_vlen_strings=True) as file:
        # a unit such as "year" must not turn numbers into dates
        dataset = xr.load_dataset(H5NetCDFStore(file), decode_times=False, decode_timedelta=False)
    dataset.encoding["source"] = str(path)
    return dataset


def write_netcdf(dataset: xr.Dataset, path: Path) -> None:
    """Write a new file. Raises what h5py, h5netcdf and xarray raise."""
    with _File(path, "w", track_order=True) as stored, h5netcdf.File(stored, "w") as file:
        dataset.dump_to_store(H5NetCDFStore(file))
