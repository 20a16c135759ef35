"""Progress is told on the error stream: a bar on a terminal, lines elsewhere."""

import io

import pytest

from crcsim.cli import progress as module
from crcsim.cli.progress import progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_nothing_is_told_when_quiet():
    with progress(quiet=True) as report:
        assert report is None


def test_lines_come_now_and_then(monkeypatch, capsys):
    seconds = iter([0.0, 2.0, 10.0, 11.0])
    monkeypatch.setattr(module.time, "monotonic", lambda: next(seconds))
    with progress(quiet=False) as report:
        for done in (100, 500, 550):
            report(done, 1_000)

    assert "simulated 500 of 1,000 paths (50 paths/s, 10 s left)\n" == capsys.readouterr().err


def test_no_line_is_told_twice(monkeypatch, capsys):
    seconds = iter([0.0, 10.0, 20.0, 30.0])
    monkeypatch.setattr(module.time, "monotonic", lambda: next(seconds))
    with progress(quiet=False) as report:
        for done in (500, 500, 900):
            report(done, 1_000)

    assert ["500", "900"] == [line.split()[1] for line in capsys.readouterr().err.splitlines()]


def test_no_end_is_promised_where_nobody_knows_it(monkeypatch, capsys):
    seconds = iter([0.0, 10.0, 20.0])
    monkeypatch.setattr(module.time, "monotonic", lambda: next(seconds))
    with progress(quiet=False, title="Searching") as report:
        report(500, 0)
        report(900, 1_000)

    assert [
        "searching: simulated 500 paths (50 paths/s)",
        "searching: simulated 900 of 1,000 paths (45 paths/s, 2 s left)",
    ] == capsys.readouterr().err.splitlines()


def test_lines_say_which_of_several_runs_it_is(monkeypatch, capsys):
    seconds = iter([0.0, 10.0, 11.0, 21.0])
    monkeypatch.setattr(module.time, "monotonic", lambda: next(seconds))
    with progress(quiet=False, title="Point 2 of 3") as report:
        for done in (1_000, 100, 600):
            report(done, 1_000)

    assert [
        "point 2 of 3: simulated 1,000 of 1,000 paths (100 paths/s, 0 s left)",
        "point 2 of 3: second run, simulated 600 of 1,000 paths (55 paths/s, 7 s left)",
    ] == capsys.readouterr().err.splitlines()


@pytest.mark.parametrize("colour", [None, "1"])
def test_a_bar_on_a_terminal(monkeypatch, colour):
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm-256color")
    if colour:
        monkeypatch.setenv("NO_COLOR", colour)
    with progress(quiet=False) as report:
        report(500, 1_000)
        report(1_000, 1_000)
        report(200, 1_000)

    assert "paths/s" in terminal.getvalue()
    assert "second run" in terminal.getvalue()
