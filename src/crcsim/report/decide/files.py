"""A decision as a file and a page beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from crcsim.errors import StorageError
from crcsim.report.decide.answer import Answer, command
from crcsim.report.pictures import pictures_of
from crcsim.report.sections import Section, template
from crcsim.results.atomic import replacing
from crcsim.results.decided import load_decision, save_decision

__all__ = ["write"]


def write(answer: Answer, target: Path) -> tuple[Path, Path]:
    """See `crcsim.report.decide.write_decision`."""
    sections = [
        Section(part.title, pictures_of(part.charts()), list(part.tables), part.texts)
        for part in answer.parts
    ]
    save_decision(answer.found, target)
    attributes = load_decision(target).attrs
    page = target.with_suffix(".html")
    text = template("decision.html.j2").render(
        question=answer.question,
        name=attributes.get("title") or "Scenario",
        finding=answer.headline,
        statements=answer.statements,
        notes=(*answer.caveats, *answer.notes),
        sections=sections,
        provenance=_provenance(attributes),
    )
    try:
        with replacing(page) as (temporary,):
            temporary.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise StorageError(f"{page} could not be written: {problem.strerror or problem}.") from problem
    return target, page


def _provenance(attributes: dict[str, Any]) -> list[tuple[str, str]]:
    """What is needed to find the same numbers again."""
    options = json.loads(str(attributes["options"]))
    packages = json.loads(str(attributes.get("packages", "{}")))
    told = ", ".join(f"{name} {value}" for name, value in options.items() if value is not None)
    result = str(attributes.get("result_content_hash", ""))
    return [
        ("Question", f"crcsim decide {command(attributes)}"),
        ("Options", told or "none"),
        ("Seed", str(attributes["seed"])),
        ("Paths", f"{int(attributes['paths']):,}"),
        ("crcsim", f"{attributes['crcsim_version']}, stream version {attributes.get('stream_version', '')}"),
        ("Valuation date", str(attributes.get("valuation_date", ""))),
        *([("Result read", f"content hash {result}")] if result else []),
        ("Content hash", str(attributes["content_hash"])),
        ("Made", str(attributes["created"])),
        ("Packages", ", ".join(f"{name} {version}" for name, version in packages.items())),
    ]
