"""The errors of crcsim, each with its exit code, and the problems that an input error lists."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from difflib import get_close_matches

__all__ = [
    "ArgumentError",
    "ComparisonError",
    "CrcsimError",
    "InfeasibleError",
    "NumericError",
    "Position",
    "Problem",
    "ScenarioError",
    "StorageError",
    "no_such",
]

#: So many names are listed as known; of more the first ones.
_NAMES_TOLD = 20


@dataclass(frozen=True, slots=True)
class Position:
    """Where something is written: file, line and column, both counted from 1.

    In a table `line` is the row (the header is row 1), `column` the number of the column, `cell` its header.
    """

    file: str
    line: int
    column: int
    cell: str | None = None

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in an input file, and what would cure it."""

    code: str
    file: str
    line: int
    column: int
    path: str
    value: str | int | float | bool | None = None
    allowed: str | None = None
    nearest: str | None = None
    hint: str | None = None

    def text(self) -> str:
        """Return the problem as a block of lines: `file:line:column: path: what`, then the cure."""
        head = f"{self.file}:{self.line}:{self.column}: "
        if self.path:
            head += f"{self.path}: "
        lines = [head + self.code.replace("_", " ")]
        if self.value is not None:
            lines[0] += f": {_shown(self.value)}"
        if self.allowed is not None:
            lines.append(f"    allowed: {self.allowed}")
        if self.nearest is not None:
            lines.append(f"    did you mean: {self.nearest}")
        if self.hint is not None:
            lines.append(f"    hint: {self.hint}")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, str | int | float | bool | None]:
        """Return the fields for JSON output; a number that JSON cannot hold becomes text."""
        fields = asdict(self)
        if isinstance(self.value, float) and not math.isfinite(self.value):
            fields["value"] = str(self.value)
        return fields


def _shown(value: str | int | float | bool) -> str:
    """Return a value on one line and at most 80 characters long; text that is empty or padded is quoted."""
    text = str(value)
    if text != text.strip() or not text.isprintable() or not text:
        text = repr(text)
    return text if len(text) <= 80 else text[:77] + "..."


class CrcsimError(Exception):
    """Base of every error that crcsim raises on purpose."""

    exit_code = 1


class ScenarioError(CrcsimError):
    """The scenario cannot be read as written; `problems` lists everything that was found in one pass."""

    exit_code = 2

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        count = len(self.problems)
        blocks = [problem.text() for problem in self.problems]
        return "\n".join([*blocks, f"{count} problem{'' if count == 1 else 's'} found"])

    def to_dict(self) -> dict[str, object]:
        """Return all problems for JSON output."""
        return {"problems": [problem.to_dict() for problem in self.problems]}


class ArgumentError(CrcsimError, ValueError):
    """An argument is out of range, or names what is not there; the message says what is allowed."""

    exit_code = 2


def no_such(kind: str, name: str, known: Sequence[str]) -> ArgumentError:
    """The error for a name that nothing of a kind has: with the nearest one, and those that there are."""
    near = get_close_matches(name, known, n=1)
    there = ", ".join(known[:_NAMES_TOLD]) or "none"
    more = f" and {len(known) - _NAMES_TOLD} more" if len(known) > _NAMES_TOLD else ""
    meant = f"did you mean {near[0]}? Known" if near else "known"
    return ArgumentError(f"no {kind} is called {name}; {meant}: {there}{more}")


class ComparisonError(CrcsimError):
    """Results cannot be held against each other; the message says what stands against it, and the cure."""

    exit_code = 2


class NumericError(CrcsimError):
    """A calculation has no finite or no meaningful result; the message names the parameters."""

    exit_code = 3


class InfeasibleError(NumericError):
    """No plan meets all limits of an optimisation; the message says which, and how far one can go."""


class StorageError(CrcsimError):
    """A file cannot be read, written or verified."""

    exit_code = 4
