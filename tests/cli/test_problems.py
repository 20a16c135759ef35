"""Problems point at the place in the file and say the cure."""

import pytest

from crcsim.cli.problems import problem_text
from crcsim.errors import Problem


def shown(tmp_path, text, line=1, column=1, name="a.yaml", **fields):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    fields = {"code": "out_of_range", "path": "economy.real_rate", "value": "300%"} | fields
    return problem_text([Problem(file=str(path), line=line, column=column, **fields)])


def unstyled(text):
    import click

    return click.unstyle(text)


def test_a_block_holds_place_excerpt_and_cure(tmp_path, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    text = shown(
        tmp_path, "crcsim: 1\nrate: 300%\n", 2, 7, allowed="at most 100%", nearest="30%", hint="write 3%"
    )

    assert [
        f"{tmp_path / 'a.yaml'}:2:7: out of range at economy.real_rate",
        "  2 | rate: 300%",
        "    |       ^",
        "  value:   300%",
        "  allowed: at most 100%",
        "  nearest: 30%",
        "  hint:    write 3%",
        "",
        "1 problem found",
    ] == text.splitlines()


def test_problems_are_counted(tmp_path):
    problem = Problem("missing_key", "nowhere.yaml", 1, 1, "economy")

    assert "2 problems found" in problem_text([problem, problem])


def test_a_file_that_is_not_there_has_no_excerpt():
    text = unstyled(problem_text([Problem("missing_file", "nowhere.yaml", 1, 1, "")]))

    assert "nowhere.yaml:1:1: missing file\n\n1 problem found" == text


def test_a_table_has_no_caret(tmp_path):
    text = unstyled(shown(tmp_path, "name,beta\nNordwerk,x\n", 2, 2, name="a.csv"))

    assert "2 | Nordwerk,x" in text
    assert "^" not in text


@pytest.mark.parametrize("column", [1, 60, 150, 300])
def test_the_caret_stands_below_its_column_in_a_long_line(tmp_path, column):
    line = "".join(chr(ord("a") + i % 26) for i in range(300))
    lines = unstyled(shown(tmp_path, line, 1, column)).splitlines()
    caret = lines[2].index("^")

    assert lines[1][caret] in (line[column - 1], "…")
    assert len(lines[1]) < 110


def test_control_characters_do_not_reach_the_terminal(tmp_path):
    text = unstyled(shown(tmp_path, "rate: \x1b[31m\x07 5", 1, 1, value="\x1b]0;title\x07"))

    assert "\x1b" not in text
    assert "\x07" not in text


def test_tabs_do_not_shift_the_caret(tmp_path):
    lines = unstyled(shown(tmp_path, "\t\trate: x", 1, 3)).splitlines()

    assert "r" == lines[1][lines[2].index("^")]
