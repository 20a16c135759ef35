"""One hash over every value of a result, the same on every machine that computed the same values."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["combined", "content_hash", "variable_hashes"]

_DIGEST_BYTES = 32


def content_hash(dataset: xr.Dataset) -> str:
    """BLAKE2b-256, in hexadecimal, over all variables and coordinates of `dataset`.

    Hashed in order of the names: name, dimensions, type, shape and values of each, as little-endian bytes in
    C order, text as UTF-8. Attributes take no part, so that the hash does not depend on where, when and with
    how many threads the values were computed. Every NaN counts as the same NaN.
    """
    return combined(variable_hashes(dataset))


def combined(hashes: dict[str, str]) -> str:
    """The hash of a result from the hashes of its variables."""
    text = "\n".join(f"{name} {hashes[name]}" for name in sorted(hashes))
    return hashlib.blake2b(text.encode(), digest_size=_DIGEST_BYTES).hexdigest()


def variable_hashes(dataset: xr.Dataset) -> dict[str, str]:
    """The hash of each variable and coordinate by name; they tell which one differs."""
    return {str(name): _hash(dataset[name]) for name in sorted(map(str, dataset.variables))}


def _hash(values: xr.DataArray) -> str:
    digest = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    kind, data = _canonical(values.values)
    digest.update(f"{tuple(map(str, values.dims))} {kind} {values.shape}".encode())
    digest.update(data)
    return digest.hexdigest()


def _canonical(values: NDArray[Any]) -> tuple[str, bytes | memoryview]:
    """The type's name and the bytes of `values`, independent of the machine and of how text is stored."""
    if values.dtype.kind in "OTU":
        return "text", b"".join(_prefixed(str(text)) for text in values.ravel())
    if values.dtype.kind == "f" and np.isnan(values).any():
        values = np.where(np.isnan(values), values.dtype.type(np.nan), values)
    ordered = np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<"))
    return ordered.dtype.str, ordered.reshape(-1).view(np.uint8).data


def _prefixed(text: str) -> bytes:
    data = text.encode()
    return len(data).to_bytes(8, "little") + data
