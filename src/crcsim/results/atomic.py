"""Writing files so that a reader finds the old file or the whole new one, never a part of one."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["replacing"]


@contextmanager
def replacing(*paths: Path) -> Iterator[tuple[Path, ...]]:
    """Temporary names beside `paths`, to be written in the block; on success they take the places of `paths`.

    Whatever ends the block early, an interruption included, leaves the old files alone and no temporary one
    behind. Raises OSError when the folder does not exist or cannot be written.
    """
    token = secrets.token_hex(4)
    temporary = tuple(path.with_name(f".{path.name}.{token}.tmp") for path in paths)
    try:
        yield temporary
        for name in temporary:
            _flush(name)
        for name, path in zip(temporary, paths, strict=True):
            os.replace(name, path)
        for folder in {path.parent for path in paths}:
            _flush(folder)
    finally:
        for name in temporary:
            name.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    """Wait until `path`, a file or (where the system can) a folder, is on the disk."""
    if path.is_dir() and os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
