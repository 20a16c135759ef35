"""YAML text -> tree with positions, by libyaml events.

Aliases, tags, duplicate keys and depth are policed here.
"""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from crcsim.errors import Position, Problem
from crcsim.scenario.nodes import ListNode, MapNode, Node, ScalarNode, normalised
from crcsim.scenario.yaml_types import plain_value

__all__ = ["MAXIMUM_DEPTH", "read_yaml"]

MAXIMUM_DEPTH = 16
_LOADER = getattr(yaml, "CLoader", yaml.Loader)


class _Unreadable(Exception):
    """Nothing after this point of the file can be trusted; the problem is already listed."""


def read_yaml(content: bytes, file: str) -> tuple[Node | None, tuple[Problem, ...]]:
    """Return the tree of one YAML document and the problems of its text; None where it cannot be read."""
    builder = _Builder(file)
    try:
        return builder.document(content), tuple(builder.problems)
    except _Unreadable:
        return None, tuple(builder.problems)


class _Builder:
    """Builds the tree of one file from parser events."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.events: Iterator[yaml.Event] = iter(())

    def document(self, content: bytes) -> Node:
        """Return the only document of the file."""
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            self.report("not_utf_8", Position(self.file, line, 1), hint="save the file as UTF-8 text")
            raise _Unreadable from None
        try:
            self.events = iter(yaml.parse(text, Loader=_LOADER))
            return self._only_document()
        except yaml.MarkedYAMLError as error:
            self._report_syntax(error, text)
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            self.report("forbidden_character", Position(self.file, line, 1), value=repr(chr(error.character)))
        except yaml.YAMLError as error:
            self.report("not_yaml", Position(self.file, 1, 1), hint=" ".join(str(error).split()))
        raise _Unreadable

    def _only_document(self) -> Node:
        next(self.events)
        start = next(self.events)
        if isinstance(start, yaml.StreamEndEvent):
            self.report("empty_file", Position(self.file, 1, 1), hint="a scenario begins with `crcsim: 1`")
            raise _Unreadable
        if isinstance(start, yaml.DocumentStartEvent) and start.version not in (None, (1, 2)):
            self.report("yaml_version", self.at(start), allowed="YAML 1.2", hint="remove the %YAML line")
        root = self.node(next(self.events), depth=0)
        next(self.events)
        following = next(self.events)
        if isinstance(following, yaml.DocumentStartEvent):
            hint = "one file holds one scenario: remove the line `---`"
            self.report("second_document", self.at(following), hint=hint)
        return root

    def node(self, event: yaml.Event, depth: int) -> Node:
        """Return the tree that begins with `event`."""
        self._police(event)
        if depth > MAXIMUM_DEPTH:
            self.report("nested_too_deeply", self.at(event), allowed=f"at most {MAXIMUM_DEPTH} levels")
            raise _Unreadable
        if isinstance(event, yaml.MappingStartEvent):
            return self._map(event, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(event, depth)
        return self._scalar(event)

    def _police(self, event: yaml.Event) -> None:
        """Refuse what makes a file mean something else than it shows: aliases, anchors and tags."""
        anchor = getattr(event, "anchor", None)
        if isinstance(event, yaml.AliasEvent):
            hint = "write the value out, or use `extends:`"
            self.report("alias", self.at(event), value=f"*{anchor}", hint=hint)
        elif anchor is not None:
            hint = "write the value out where it is used"
            self.report("anchor", self.at(event), value=f"&{anchor}", hint=hint)
        if (tag := getattr(event, "tag", None)) is not None:
            self.report("tag", self.at(event), value=tag, hint="remove the tag; types follow from the place")

    def _map(self, start: yaml.Event, depth: int) -> MapNode:
        entries: dict[str, Node] = {}
        keys: dict[str, Position] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key_node = self.node(event, depth + 1)
            child = self.node(next(self.events), depth + 1)
            if not isinstance(key_node, ScalarNode) or not key_node.text.strip():
                self.report("key_without_text", key_node.position, hint="write the key as a word or a name")
            elif key_node.text in entries:
                first = keys[key_node.text]
                hint = f"first stated in line {first.line}; keep one of them"
                self.report("duplicate_key", key_node.position, value=key_node.text, hint=hint)
            else:
                entries[key_node.text] = child
                keys[key_node.text] = key_node.position
        return MapNode(entries, keys, self.at(start))

    def _list(self, start: yaml.Event, depth: int) -> ListNode:
        items: list[Node] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self.node(event, depth + 1))
        return ListNode(tuple(items), self.at(start))

    def _scalar(self, event: yaml.Event) -> ScalarNode:
        text = normalised(getattr(event, "value", ""))
        quoted = bool(getattr(event, "style", None))
        value = text if quoted else plain_value(text)
        return ScalarNode(value, text, self.at(event), quoted=quoted)

    def at(self, event: yaml.Event) -> Position:
        """Return where an event begins."""
        mark = event.start_mark
        return Position(self.file, mark.line + 1, mark.column + 1) if mark else Position(self.file, 1, 1)

    def report(
        self,
        code: str,
        position: Position,
        *,
        value: str | None = None,
        allowed: str | None = None,
        hint: str | None = None,
    ) -> None:
        """List a problem of the text itself."""
        where = (position.file, position.line, position.column)
        self.problems.append(Problem(code, *where, path="", value=value, allowed=allowed, hint=hint))

    def _report_syntax(self, error: yaml.MarkedYAMLError, text: str) -> None:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        written = text.split("\n")[line - 1 : line] or [""]
        hint = " ".join(part for part in (error.context, error.problem) if part)
        if "\t" in written[0][: column + 1]:
            hint = "indent with spaces, not with tabs"
        self.report("not_yaml", Position(self.file, line, column), hint=hint or None)
