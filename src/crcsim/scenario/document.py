"""A scenario file as written, with the files that it extends laid below it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from os import PathLike, fspath
from typing import Any

from crcsim.errors import Position, Problem, ScenarioError
from crcsim.scenario.containers import Removable, states_nothing
from crcsim.scenario.files import Files
from crcsim.scenario.kinds import Kind
from crcsim.scenario.nodes import ListNode, MapNode, Node, Path, ScalarNode, describe, with_path
from crcsim.scenario.reading import Reading
from crcsim.scenario.root import ROOT
from crcsim.scenario.yaml_reader import read_yaml

__all__ = ["Document", "put", "read_document", "without"]


@dataclass(frozen=True)
class Document:
    """The tree of a scenario, the files that it was read from and the problems of their text."""

    root: MapNode
    files: Files
    problems: tuple[Problem, ...] = ()


def read_document(path: str | PathLike[str]) -> Document:
    """Return the tree of a scenario file, overlays applied.

    Raises ScenarioError where a file is missing or cannot be read as YAML.
    """
    files = Files(fspath(path))
    reading = Reading()
    root = _read_chain(files.main, Position(files.main, 1, 1), (), files, reading)
    if root is None:
        raise ScenarioError(reading.sorted_problems())
    return Document(root, files, reading.sorted_problems())


def _read_chain(
    file: str, stated_at: Position, below: tuple[str, ...], files: Files, reading: Reading
) -> MapNode | None:
    """Return the tree of a file laid over the one that it extends; `below` are the files that lead here."""
    path: Path = ("extends",) if below else ()
    if file in below:
        chain = " -> ".join([*below, file])
        reading.report(
            "extends_itself", stated_at, path, value=chain, hint="remove one `extends:` of this circle"
        )
        return None
    content = files.read(file, stated_at, path, reading)
    if content is None:
        return None
    tree, problems = read_yaml(content, file)
    reading.add(problems)
    if not isinstance(tree, MapNode):
        if tree is not None:
            allowed = "a map that begins with `crcsim: 1`"
            reading.report("wrong_type", tree.position, "", value=describe(tree), allowed=allowed)
        return None
    root = _located(tree)
    base_at = root.entries.get("extends")
    if not isinstance(base_at, ScalarNode) or not base_at.text.strip():
        return root
    base_file = files.beside(base_at.position, base_at.text)
    base = _read_chain(base_file, base_at.position, (*below, file), files, reading)
    return None if base is None else _as_map(ROOT.merge(without(base, "name"), without(root, "extends")))


def _as_map(node: Node) -> MapNode:
    if not isinstance(node, MapNode):
        raise TypeError("two maps merge to a map")
    return node


def _located(tree: MapNode) -> MapNode:
    """Return the tree with its paths; what stands in defaults and segments is marked as shared."""
    root = _as_map(with_path(tree, ()))
    shared = {
        key: with_path(node, (key,), shared=True, source=root.source)
        for key, node in root.entries.items()
        if key in SHARED_LAYERS
    }
    return replace(root, entries={**root.entries, **shared})


SHARED_LAYERS = ("customer_defaults", "segments")


def without(root: MapNode, *keys: str) -> MapNode:
    """Return the tree without some keys at its top."""
    return replace(root, entries={key: node for key, node in root.entries.items() if key not in keys})


def put(root: MapNode, keys: tuple[str, ...], leaf: Node) -> MapNode:
    """Return the tree with `leaf` at the dotted path `keys`; what it overrides by its kind is dropped."""
    shared = keys[0] in SHARED_LAYERS
    return _as_map(_put(root, ROOT, keys, with_path(leaf, keys, shared=shared), leaf.position))


def _put(
    node: Node | None, kind: Kind[Any] | None, keys: tuple[str, ...], leaf: Node, position: Position
) -> Node:
    if not keys:
        if isinstance(kind, Removable) and node is not None and states_nothing(leaf):
            return kind.merge(node, leaf)
        return leaf
    key, rest = keys[0], keys[1:]
    part = kind.part(key) if kind is not None else None
    if isinstance(node, ListNode) and key.isdigit() and int(key) < len(node.items):
        items = list(node.items)
        items[int(key)] = _put(items[int(key)], part, rest, leaf, position)
        return replace(node, items=tuple(items))
    prefix = leaf.path[: len(leaf.path) - len(keys)]
    old = node if isinstance(node, MapNode) else MapNode({}, {}, position, prefix, leaf.shared)
    child = _put(old.entries.get(key), part, rest, leaf, position)
    change = MapNode({key: child}, {key: position}, position)
    if kind is not None:
        old = kind.without_overridden(old, change)
    return replace(old, entries={**old.entries, key: child}, keys={**old.keys, key: position})
