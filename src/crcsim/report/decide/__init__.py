"""Decisions for people: one module per verb makes an `Answer`; all share tables, page and files.

A verb's module has one public function of its Dataset that returns an `Answer`: one sentence that says what
was found and how surely, and parts with texts, tables and charts (drawn only for the page).
"""

from __future__ import annotations

from pathlib import Path

from crcsim.report.decide.answer import Answer, Part, as_facts

__all__ = ["Answer", "Part", "as_facts", "write_decision"]


def write_decision(answer: Answer, target: Path) -> tuple[Path, Path]:
    """Write the Dataset of a decision to `target` (.nc) and its page beside it (.html); return both.

    The page holds its pictures and opens without a network. Raises StorageError when one cannot be written.
    """
    from crcsim.report.decide.files import write  # matplotlib is imported only to draw

    return write(answer, target)
