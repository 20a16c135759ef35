"""`crcsim decide`: questions that follow from a value, each a verb of its own.

A new verb is three files: `decisions/<verb>.py` (the numbers), `report/decide/<verb>.py` (the answer) and
`cli/decide/<verb>.py` (the arguments), and a name in `_VERBS`.
"""

from __future__ import annotations

import click

from crcsim.cli.application import Application
from crcsim.cli.decide.abandon import abandon
from crcsim.cli.decide.allocate import allocate
from crcsim.cli.decide.assign import assign
from crcsim.cli.decide.contributions import contributions
from crcsim.cli.decide.information import information
from crcsim.cli.decide.marginal import marginal
from crcsim.cli.decide.select import select
from crcsim.cli.decide.stress import stress
from crcsim.cli.decide.timing import timing

__all__ = ["decide"]


@click.group(cls=Application)
def decide() -> None:
    """Answer a question about where the next dollar goes.

    Each verb writes <name>.<verb>.nc and a page <name>.<verb>.html beside the run, prints its table, and says
    in one sentence what it found and how surely.
    """


_VERBS = (
    abandon,
    allocate,
    assign,
    contributions,
    information,
    marginal,
    select,
    stress,
    timing,
)
for _verb in _VERBS:
    decide.add_command(_verb)
