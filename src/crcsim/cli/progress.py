"""How far a simulation is: a bar with rate and time left on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

__all__ = ["progress"]

Report = Callable[[int, int], None]
_SECONDS_BETWEEN_LINES = 5.0


@contextmanager
def progress(quiet: bool, title: str = "") -> Iterator[Report | None]:
    """What the engine calls with (paths done, paths in all); None when nothing is to be shown.

    Paths in all are 0 where nobody knows them yet: then only what is done is told. `title` names the run
    where there are several.
    """
    if quiet:
        yield None
    elif sys.stderr.isatty():
        with _bar(title or "Simulating") as report:
            yield report
    else:
        yield _lines(f"{title.lower()}: " if title else "")


@contextmanager
def _bar(title: str) -> Iterator[Report]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"{task.speed or 0:,.0f} paths/s", style="dim")

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:.0f}%"),
        Rate(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)

        def report(done: int, total: int) -> None:
            if done < bar.tasks[task].completed:
                bar.reset(task, description=f"{title}, second run")
            bar.update(task, completed=done, total=total or None)

        yield report


def _lines(prefix: str) -> Report:
    start = last = time.monotonic()
    before, shown, which = 0, 0, ""

    def report(done: int, total: int) -> None:
        nonlocal start, last, before, shown, which
        now = time.monotonic()
        if done < before:  # the same paths once more, to tell parameters from chance
            start, which = last, "second run, "
        before = done
        if now - last >= _SECONDS_BETWEEN_LINES and done not in (0, shown):
            last, shown = now, done
            rate = done / (now - start)
            left = f", {max(total - done, 0) / rate:.0f} s left" if total else ""
            of = f" of {total:,}" if total else ""
            click.echo(f"{prefix}{which}simulated {done:,}{of} paths ({rate:,.0f} paths/s{left})", err=True)

    return report
