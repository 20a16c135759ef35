"""Problems of an input file, one block each: where, what, the line with a caret, and the cure."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from crcsim.cli.paint import paint

if TYPE_CHECKING:
    from crcsim.errors import Problem

__all__ = ["problem_text"]

_WIDTH = 100  # characters of a source line that are shown
_WITH_CARET = {".yaml", ".yml"}


def problem_text(problems: Iterable[Problem]) -> str:
    """All problems and their number."""
    blocks = [_block(problem) for problem in problems]
    count = f"{len(blocks)} problem{'' if len(blocks) == 1 else 's'} found"
    return "\n\n".join([*blocks, paint(count, bold=True)])


def _block(problem: Problem) -> str:
    where = paint(f"{problem.file}:{problem.line}:{problem.column}:", bold=True)
    what = paint(problem.code.replace("_", " "), fg="red", bold=True)
    lines = [f"{where} {what}" + (f" at {_printable(problem.path)}" if problem.path else "")]
    lines += _excerpt(problem)
    facts = {
        "value": None if problem.value is None else str(problem.value),
        "allowed": problem.allowed,
        "nearest": problem.nearest,
        "hint": problem.hint,
    }
    lines += [f"  {name + ':':<9}{_printable(text)}" for name, text in facts.items() if text is not None]
    return "\n".join(lines)


def _excerpt(problem: Problem) -> list[str]:
    """The line of the file and a caret below the column; nothing where the file has no such line of text."""
    source = _source_lines(problem.file)
    if not 1 <= problem.line <= len(source):
        return []
    line = source[problem.line - 1].expandtabs(1)
    start = max(0, min(problem.column - 1 - _WIDTH // 2, len(line) - _WIDTH))
    number = str(problem.line)
    lines = [f"  {number} | {_printable(_cut(line, start))}"]
    if Path(problem.file).suffix.lower() in _WITH_CARET and 1 <= problem.column <= len(line) + 1:
        pointer = paint("^", fg="red", bold=True)
        lines.append(f"  {' ' * len(number)} | {' ' * (problem.column - 1 - start)}{pointer}")
    return lines


def _cut(line: str, start: int) -> str:
    """A part of a long line, with an ellipsis where something is left out."""
    part = line[start : start + _WIDTH]
    before, after = start > 0, start + _WIDTH < len(line)
    return ("…" if before else "") + part[before : len(part) - after] + ("…" if after else "")


@lru_cache(maxsize=16)
def _source_lines(file: str) -> tuple[str, ...]:
    try:
        return tuple(Path(file).read_text(encoding="utf-8-sig").splitlines())
    except (OSError, UnicodeDecodeError):
        return ()


def _printable(text: str) -> str:
    """The text with control characters made visible: a file must not steer the terminal."""
    return "".join(char if char.isprintable() else "�" for char in text)
