"""Measurements as text for a terminal and as a Markdown page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

from benchmarks.measurement import Figures, Measurement

Row = tuple[str, ...]

NPV_HEADINGS = ("NPV, M EUR", "mean", "s.e.", "sd", "P5", "P25", "P50", "P75", "P95")
NPV_COLUMNS = ("mean", "standard_error", "sd", "p05", "p25", "p50", "p75", "p95")

EXPLANATION = """\
Answers are compared before anything is timed: a number is the largest relative deviation from the baseline,
z the largest of the absolute z-scores of means, standard deviations and percentiles. best, median: wall time
of the timed runs; cpu: processor time of the best run, all threads; first: the run before the clock, which
may compile; ratio: speed against the baseline with as many threads (one, where it can use no more); peak:
largest memory of the peer's process, libraries and inputs included."""


def text(measurements: Sequence[Measurement], facts: Mapping[str, object]) -> str:
    """Plain text with aligned columns."""
    parts = [_facts(facts)]
    for one in measurements:
        parts += ["", _title(one)]
        for rows in _tables(one):
            parts += ["", *_aligned(rows)]
    return "\n".join(parts)


def markdown(measurements: Sequence[Measurement], facts: Mapping[str, object]) -> str:
    """A page of its own, with the machine that the figures come from."""
    parts = ["# Figures", "", f"Written by `python -m benchmarks.run`. {_facts(facts)}", "", EXPLANATION]
    for one in measurements:
        parts += ["", f"## {_title(one)}"]
        for rows in _tables(one):
            parts += ["", *_piped(rows)]
    return "\n".join(parts) + "\n"


def _facts(facts: Mapping[str, object]) -> str:
    packages = facts["packages"]
    assert isinstance(packages, Mapping)
    versions = ", ".join(f"{name} {version}" for name, version in packages.items() if version)
    return (
        f"{facts['cpu']}, {facts['cores']} cores, load average {facts['load_average']} at the start; "
        f"Python {facts['python']}, {versions}; commit {facts['commit'] or 'unknown'}."
    )


def _title(one: Measurement) -> str:
    return f"{one.subject.title}; {one.settings.paths:,} paths, {one.settings.repeats} timed runs"


def _tables(one: Measurement) -> list[list[Row]]:
    """Checks, figures and values; a table without rows is left out."""
    tables = [_check_rows(one), _figure_rows(one), _npv_rows(one)]
    return [rows for rows in tables if len(rows) > 1]


def _check_rows(one: Measurement) -> list[Row]:
    cases = (*one.subject.exact_cases, one.subject.case)
    rows: dict[Row, list[str]] = {}
    for check in one.checks:
        verdict = "" if check.agrees else "DISAGREES: "
        rows.setdefault((check.peer, str(check.threads)), []).append(verdict + check.finding)
    return [("agreement", "threads", *cases), *((*worker, *found) for worker, found in rows.items())]


def _figure_rows(one: Measurement) -> list[Row]:
    speed = f"M{one.subject.unit}/s"
    headings = ("speed", "threads", "best s", "median s", "cpu s", "first s", speed, "ratio", "peak MiB")
    return [headings, *(_figure_row(figures, one.ratio(figures)) for figures in one.figures)]


def _figure_row(figures: Figures, ratio: float | None) -> Row:
    cpu = figures.cpu[figures.wall.index(figures.best)]
    return (
        figures.title,
        str(figures.threads),
        *(f"{seconds:.3f}" for seconds in (figures.best, median(figures.wall), cpu, figures.first)),
        f"{figures.speed / 1e6:.1f}",
        "" if ratio is None else f"{ratio:.2f}",
        f"{figures.peak:.0f}",
    )


def _npv_rows(one: Measurement) -> list[Row]:
    rows = [
        (peer, *(f"{summary[column][-1] / 1e6:.2f}" for column in NPV_COLUMNS))
        for peer, summary in one.npv.items()
    ]
    return [NPV_HEADINGS, *rows]


def _aligned(rows: list[Row]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(_padded(row, widths)) for row in rows]


def _padded(row: Row, widths: list[int]) -> list[str]:
    """The first column to the left, the numbers to the right."""
    padded = [cell.rjust(width) for cell, width in zip(row, widths, strict=True)]
    return [row[0].ljust(widths[0]), *padded[1:]]


def _piped(rows: list[Row]) -> list[str]:
    rule = ("---", *("---:" for _ in rows[0][1:]))
    return [f"| {' | '.join(row)} |" for row in (rows[0], rule, *rows[1:])]
