"""Scenario files -> Scenario: read, lay together, validate in one pass, freeze."""

from __future__ import annotations

import itertools
from functools import partial
from os import PathLike
from typing import Any

from crcsim.errors import Position, ScenarioError
from crcsim.scenario.document import Document, put, read_document, without
from crcsim.scenario.nodes import ListNode, MapNode, Node, describe, from_python, split
from crcsim.scenario.reading import Reading, nearest
from crcsim.scenario.scenario import Scenario
from crcsim.scenario.validate import Names, validate

__all__ = ["expand_sweep", "load_scenario"]

_NOUNS = {
    "customers": "customer",
    "products": "product",
    "segments": "segment",
    "processes": "process",
    "costs": "cost",
    "investments": "investment",
    "levers": "lever",
    "strategies": "strategy",
    "product_mix": "product",
    "cost_programmes": "programme",
    "roles": "customer",
}
_REPLACED = Position("<replace>", 1, 1)


def load_scenario(path: str | PathLike[str]) -> Scenario:
    """Return the scenario in a file; of a file with a `sweep:` the scenario before the sweep.

    Raises ScenarioError with every problem that was found.
    """
    return _scenario(read_document(path))


def _scenario(document: Document) -> Scenario:
    """Return the scenario of a document."""
    found = validate(document)
    return Scenario(
        **found.parts,
        files=document.files.sources(),
        warnings=found.warnings,
        _resolved=found.resolved,
        _revise=partial(_revised, document, found.names),
    )


def _revised(document: Document, names: Names, path: str, value: object) -> Scenario:
    """Return the scenario with another value at a dotted path."""
    reading = Reading()
    keys = _keys(path, _REPLACED, names, reading)
    try:
        leaf = from_python(value, _REPLACED)
    except TypeError as error:
        reading.report("wrong_type", _REPLACED, path, value=type(value).__name__, hint=str(error))
    if reading.problems:
        raise ScenarioError(reading.sorted_problems())
    return _scenario(Document(put(document.root, keys, leaf), document.files))


def _keys(path: str, position: Position, names: Names, reading: Reading) -> tuple[str, ...]:
    """Return the keys of a dotted path; a part below an unknown name is listed, not created."""
    try:
        keys = split(path)
    except ValueError:
        reading.report("not_a_path", position, path, hint='write for example customers."Nordwerk Inc.".beta')
        return ()
    if keys[0] in ("extends", "sweep"):
        reading.report("not_a_path", position, path, hint=f"`{keys[0]}` is read from files only")
    keys = _with_dotted_names(keys, names)
    for end in range(1, len(keys) - 1):
        known = names.get(keys[:end])
        if known is not None and keys[end] not in known:
            near = nearest(keys[end], known)
            hint = None if near else f"known: {', '.join(known[:12]) or 'none'}"
            code = f"unknown_{_NOUNS[keys[end - 1]]}"
            reading.report(code, position, path, value=keys[end], nearest=near, hint=hint)
            break
    return keys


def _with_dotted_names(keys: tuple[str, ...], names: Names) -> tuple[str, ...]:
    """Return the keys with names that hold dots put together again, so that they need not be quoted."""
    start = 1
    while start < len(keys):
        known = names.get(keys[:start], ())
        for end in range(len(keys), start + 1, -1):
            name = ".".join(keys[start:end])
            if name in known:
                keys = (*keys[:start], name, *keys[end:])
                break
        start += 1
    return keys


def expand_sweep(path: str | PathLike[str]) -> list[tuple[dict[str, str], Scenario]]:
    """Return every scenario of the grid that `sweep:` spans, with its labels {dotted path: value as written}.

    The last path varies fastest. A file without a sweep yields its only scenario, without labels.
    Raises ScenarioError with every problem that was found.
    """
    document = read_document(path)
    names = validate(document).names
    axes = _axes(document.root.entries.get("sweep"), names)
    root = without(document.root, "sweep")
    grid: list[tuple[dict[str, str], Scenario]] = []
    for point in itertools.product(*axes):
        changed = root
        for _, keys, node in point:
            changed = put(changed, keys, node)
        labels = {dotted: describe(node) for dotted, _, node in point}
        grid.append((labels, _scenario(Document(changed, document.files))))
    return grid


Axis = list[tuple[str, tuple[str, ...], Node]]


def _axes(sweep: Node | None, names: Names) -> list[Axis]:
    """Return the paths of a sweep with their values."""
    reading = Reading()
    axes: list[Axis] = []
    entries: dict[str, Any] = dict(sweep.entries) if isinstance(sweep, MapNode) else {}
    for dotted, node in entries.items():
        keys = _keys(dotted, node.position, names, reading)
        items = node.items if isinstance(node, ListNode) else ()
        if not items:
            reading.report("empty", node.position, node.path, allowed="at least one value")
        axes.append([(dotted, keys, item) for item in items])
    if reading.problems:
        raise ScenarioError(reading.sorted_problems())
    return axes
