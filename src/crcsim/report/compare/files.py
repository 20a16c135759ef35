"""A comparison as one page with its pictures, and as CSV files."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from crcsim.errors import StorageError
from crcsim.report.compare.charts import CHART_NAMES, draw_comparison
from crcsim.report.compare.comparison import Comparison
from crcsim.report.compare.facts import as_facts
from crcsim.report.compare.findings import sentences
from crcsim.report.compare.tables import comparison_tables
from crcsim.report.pictures import Picture, pictures_of
from crcsim.report.sections import Section, template
from crcsim.results.atomic import replacing

__all__ = ["PAGE", "write"]

PAGE = "comparison.html"
_SECTIONS = {
    "Difference": (("difference", "distributions"), "total"),
    "Customers": (("customers",), "customers"),
    "Products": ((), "products"),
    "Lines": (("lines",), "lines"),
    "Scenarios": ((), "scenarios"),
}


def write(comparison: Comparison, folder: Path) -> tuple[Path, ...]:
    """Write page, pictures and CSV files into `folder`; see `crcsim.report.compare.write_comparison`."""
    pictures = {picture.name: picture for picture in pictures_of(draw_comparison(comparison))}
    contents: dict[Path, bytes] = {folder / PAGE: _page(comparison, pictures).encode()}
    for picture in pictures.values():
        contents[folder / f"{picture.name}.svg"] = picture.document.encode()
        contents[folder / f"{picture.name}.png"] = picture.png
    contents |= {folder / name: text.encode() for name, text in _tables(comparison).items()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(*contents) as temporary:
            for path, content in zip(temporary, contents.values(), strict=True):
                path.write_bytes(content)
        for path in _possible(folder) - set(contents):  # of another comparison that was written here
            path.unlink(missing_ok=True)
    except OSError as problem:
        raise StorageError(f"{folder} could not be written: {problem.strerror or problem}.") from problem
    return tuple(contents)


def _possible(folder: Path) -> set[Path]:
    pictures = {folder / f"{name}{end}" for name in CHART_NAMES for end in (".svg", ".png")}
    return pictures | {folder / f"{name}.csv" for name in ("lines", "changes", "products")}


def _page(comparison: Comparison, pictures: dict[str, Picture]) -> str:
    tables = comparison_tables(comparison)
    sections = [
        Section(title, [pictures[name] for name in names if name in pictures], list(tables[subject]))
        for title, (names, subject) in _SECTIONS.items()
    ]
    headline, *rest = sentences(comparison)
    return template("comparison.html.j2").render(
        labels=comparison.labels,
        headline=headline,
        sentences=rest,
        notes=(*comparison.caveats, *comparison.notes),
        sections=[section for section in sections if section.pictures or section.tables],
    )


def _tables(comparison: Comparison) -> dict[str, str]:
    facts = as_facts(comparison)
    items = [
        {"kind": kind, **_flat(item)}
        for kind, rows in (
            ("customer", facts["customers"]),
            ("level", facts["levels"]),
            ("total", [facts["total"]]),
        )
        for item in rows
    ]
    files = {"difference.csv": _csv(items)}
    if facts["changes"] is not None and not comparison.one_result:
        files["changes.csv"] = _csv(facts["changes"], ("path", "first", "second"))
    if facts["products"] is not None:
        files["products.csv"] = _csv([_flat(each) for each in facts["products"]])
    if facts["lines"] is not None:
        files["lines.csv"] = _csv(
            facts["lines"], ("name", "item", "line", "level", "difference", "standard_error")
        )
    return files


def _flat(facts: dict[str, Any], before: str = "") -> dict[str, Any]:
    """Nested facts as columns: first_value, first_value_standard_error, difference_percentiles_P5 ..."""
    columns: dict[str, Any] = {}
    for key, value in facts.items():
        name = before if key == "estimate" else f"{before}_{key}".lstrip("_")
        columns |= _flat(value, name) if isinstance(value, dict) else {name: value}
    return columns


def _csv(rows: Sequence[dict[str, Any]], columns: Sequence[str] | None = None) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns or list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
