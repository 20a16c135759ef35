"""What one reading of a scenario collects: problems, warnings and the resolved document."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from crcsim.errors import Position, Problem
from crcsim.scenario.nodes import Path, join
from crcsim.scenario.quantity import Quantity

__all__ = ["INVALID", "Address", "Invalid", "Json", "Reading", "nearest"]

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


class Invalid:
    """The type of INVALID, which stands for a part whose problems are already listed."""


INVALID = Invalid()


@dataclass(frozen=True, slots=True)
class Address:
    """Where a part belongs: `path` in the resolved document (an int is an index), `place` of its draws."""

    path: Path
    place: Path

    def child(self, key: str | int) -> Address:
        """Return the address of a part of this part."""
        return Address((*self.path, key), (*self.place, key))


def nearest(word: str, words: Iterable[str]) -> str | None:
    """Return the word that was probably meant, if any is close; case does not count."""
    known = {candidate.lower(): candidate for candidate in words}
    found = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    return known[found[0]] if found else None


@dataclass
class Reading:
    """Collects, in one pass, everything that is found while a document is read.

    `quantities` and `broken` hold the places that were read and those that could not be. `currency` and
    `basis` are those of the scenario. `partial` is set while a layer is checked on its own: what it leaves
    out may come from another layer. `tables_broken` says that customers miss what their tables would state.
    """

    problems: dict[tuple[str, str, int, int, str], Problem] = field(default_factory=dict)
    warnings: dict[str, None] = field(default_factory=dict)
    quantities: dict[str, Quantity] = field(default_factory=dict)
    recorded: dict[Path, Json] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    unreadable: set[tuple[str, int, int]] = field(default_factory=set)
    currency: str | None = None
    basis: str = "nominal"
    partial: bool = False
    tables_broken: bool = False

    def report(
        self,
        code: str,
        position: Position,
        path: str | Path,
        *,
        value: str | int | float | bool | None = None,
        allowed: str | None = None,
        nearest: str | None = None,
        hint: str | None = None,
    ) -> Invalid:
        """List a problem, once per place where it is written; returns INVALID for convenience."""
        dotted = path if isinstance(path, str) else join(path)
        if position.cell is not None:
            column = f"row {position.line}, column '{position.cell}'"
            hint = f"{column}: {hint}" if hint else column
        where = (position.file, position.line, position.column)
        if where not in self.unreadable:
            problem = Problem(code, *where, dotted, value, allowed, nearest, hint)
            self.problems.setdefault((code, *where, dotted), problem)
        return INVALID

    def add(self, problems: Iterable[Problem]) -> None:
        """List problems of the text itself; what follows at the same position is not listed again."""
        for problem in problems:
            where = (problem.file, problem.line, problem.column)
            self.problems[problem.code, *where, problem.path] = problem
            self.unreadable.add(where)

    def warn(self, position: Position, path: str | Path, text: str) -> None:
        """List something that is allowed but probably not meant."""
        dotted = path if isinstance(path, str) else join(path)
        self.warnings[f"{position}: {dotted}: {text}"] = None

    def record(self, path: Path, value: Json) -> None:
        """Keep a value of the resolved document."""
        if not self.partial:
            self.recorded[path] = value

    def keep(self, quantity: Quantity) -> Quantity:
        """Keep a quantity, so that references to its place can be checked."""
        if not self.partial:
            self.quantities[quantity.place] = quantity
        return quantity

    @contextmanager
    def one_layer(self) -> Iterator[None]:
        """Check a layer on its own: nothing is missing, nothing is recorded."""
        self.partial = True
        try:
            yield
        finally:
            self.partial = False

    def sorted_problems(self) -> tuple[Problem, ...]:
        """Return the problems in the order of the files."""
        return tuple(sorted(self.problems.values(), key=lambda each: (each.file, each.line, each.column)))
