"""The files of a scenario: read once, kept with their hash, named relative to the scenario file."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from crcsim.errors import Position
from crcsim.scenario.nodes import Path
from crcsim.scenario.reading import Reading, nearest

__all__ = ["Files", "SourceFile"]


@dataclass(frozen=True)
class SourceFile:
    """A file that the scenario was read from; `path` is relative to the scenario file."""

    path: str
    sha256: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Files:
    """Files by the path under which messages name them; `main` is the scenario file.

    `known` holds bytes that were read before, so that no file is read twice; `parsed` keeps what takes long
    to make of a file, by its path.
    """

    main: str
    contents: dict[str, bytes] = field(default_factory=dict)
    known: Mapping[str, bytes] = field(default_factory=dict)
    parsed: dict[str, Any] = field(default_factory=dict)

    def beside(self, position: Position, stated: str) -> str:
        """Return the path of a file that is stated relative to the file of `position`."""
        file = position.file if position.file in self.contents else self.main
        return os.path.normpath(os.path.join(os.path.dirname(file), stated))

    def read(self, file: str, position: Position, path: Path, reading: Reading) -> bytes | None:
        """Return the bytes of a file; one that cannot be read is listed."""
        if file not in self.contents:
            try:
                known = self.known.get(file)
                self.contents[file] = FilePath(file).read_bytes() if known is None else known
            except (OSError, ValueError) as error:
                self._report(file, error, position, path, reading)
                return None
        return self.contents[file]

    def _report(
        self, file: str, error: OSError | ValueError, position: Position, path: Path, reading: Reading
    ) -> None:
        if not isinstance(error, FileNotFoundError):
            reason = getattr(error, "strerror", None) or str(error)
            reading.report("unreadable_file", position, path, value=file, hint=reason)
            return
        folder = os.path.dirname(file)
        try:
            near = nearest(os.path.basename(file), sorted(os.listdir(folder or ".")))
        except OSError:
            near = None
        reading.report(
            "missing_file", position, path, value=file, nearest=os.path.join(folder, near) if near else None
        )

    def sources(self) -> tuple[SourceFile, ...]:
        """Return all files that were read, the scenario file first."""
        folder = os.path.dirname(self.main) or "."
        return tuple(
            SourceFile(
                FilePath(os.path.relpath(file, folder)).as_posix(),
                hashlib.sha256(content).hexdigest(),
                content,
            )
            for file, content in self.contents.items()
        )
