"""YAML 1.2: types of plain text, positions, and what is refused."""

import math

import pytest

from crcsim.scenario.nodes import ListNode, MapNode, ScalarNode
from crcsim.scenario.yaml_reader import read_yaml
from crcsim.scenario.yaml_types import plain_value


@pytest.mark.parametrize(
    "text", ["no", "yes", "on", "off", "1_000", "1:30", "2026-01-01", "0o9", "+.5.1", "5%"]
)
def test_text_of_other_versions_stays_text(text: str) -> None:
    assert text == plain_value(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("true", True),
        ("False", False),
        ("010", 10),
        ("0o10", 8),
        ("0x1F", 31),
        ("-7", -7),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("-.inf", -math.inf),
    ],
)
def test_plain_text_has_the_type_of_the_core_schema(text: str, expected: object) -> None:
    value = plain_value(text)

    assert expected == value
    assert type(expected) is type(value)


def test_not_a_number_is_recognised() -> None:
    assert math.isnan(plain_value(".nan"))  # type: ignore[arg-type]


def test_a_very_long_integer_is_no_danger() -> None:
    assert plain_value("9" * 5000) == math.inf


def test_every_node_knows_its_position() -> None:
    tree, problems = read_yaml(b"a:\n  - x\n  - {b: 'y'}\n", "f.yaml")

    assert problems == ()
    assert isinstance(tree, MapNode)
    items = tree.entries["a"]
    assert isinstance(items, ListNode)
    inner = items.items[1]
    assert isinstance(inner, MapNode)
    leaf = inner.entries["b"]
    assert isinstance(leaf, ScalarNode)
    assert ["f.yaml:2:5", "f.yaml:3:9", True] == [
        str(items.items[0].position),
        str(leaf.position),
        leaf.quoted,
    ]


def test_keys_are_equal_after_normalisation() -> None:
    tree, problems = read_yaml("O\u0308resta: 1\n\u00d6resta: 2\n".encode(), "f.yaml")

    assert isinstance(tree, MapNode)
    assert ["\u00d6resta"] == list(tree.entries)
    assert ["duplicate_key"] == [problem.code for problem in problems]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xfe", "not_utf_8"),
        (b"", "empty_file"),
        (b"a: \x00", "forbidden_character"),
        (b"%YAML 1.1\n---\na: 1", "yaml_version"),
        (b"a: [", "not_yaml"),
        (b"a: 1\n---\nb: 2", "second_document"),
    ],
)
def test_unreadable_text_is_a_problem(content: bytes, code: str) -> None:
    _, problems = read_yaml(content, "f.yaml")

    assert [code] == [problem.code for problem in problems]


def test_a_syntax_error_is_found_where_it_is() -> None:
    _, problems = read_yaml(b"a: {b: 1\nc: 2\n", "f.yaml")

    assert [("not_yaml", 2)] == [(problem.code, problem.line) for problem in problems]
    assert problems[0].hint


def test_a_byte_order_mark_is_no_problem() -> None:
    tree, problems = read_yaml(b"\xef\xbb\xbfa: 1", "f.yaml")

    assert isinstance(tree, MapNode)
    assert (["a"], ()) == (list(tree.entries), problems)
