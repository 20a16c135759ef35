"""Tables on a terminal and elsewhere."""

import io

import click
import pytest
from click.testing import CliRunner

from crcsim.cli import console
from crcsim.cli.application import Session
from crcsim.report.table import Table

TABLE = Table(
    "Value [bold] (EUR)",
    ("Customer", "Value"),
    "lr",
    (("[red]Nord[/red]", "1.5"), ("total", "2")),
    ("A note.",),
    1,
)


def shown(monkeypatch, terminal):
    stream = io.StringIO()
    stream.isatty = lambda: terminal
    monkeypatch.setattr("sys.stdout", stream)
    with click.Context(click.Command("x"), obj=Session()).scope():
        console.show(TABLE)
    return stream.getvalue()


def test_plain_lines_off_a_terminal(monkeypatch):
    text = shown(monkeypatch, terminal=False)

    assert "[red]Nord[/red]    1.5" in text
    assert "\x1b" not in text


def test_names_are_not_taken_for_markup_on_a_terminal(monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    text = click.unstyle(shown(monkeypatch, terminal=True))

    for part in ("Value [bold] (EUR)", "[red]Nord[/red]", "A note."):
        assert part in text


def test_no_colour_codes_when_they_are_unwanted(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    text = shown(monkeypatch, terminal=True)

    assert not any(f"\x1b[{code}m" in text for code in range(30, 38))


@pytest.mark.parametrize(("number", "text"), [(0, "0 paths"), (1, "1 path"), (2_000, "2,000 paths")])
def test_counted(number, text):
    assert text == console.counted(number, "path")


def test_warnings_go_to_the_error_stream():
    @click.command()
    @click.pass_context
    def verb(context):
        context.obj = Session()
        console.warn(["churn may be counted twice"])

    result = CliRunner().invoke(verb)

    assert "" == result.stdout
    assert "warning: churn may be counted twice\n" == result.stderr
