"""The command `crcsim`: each verb parses its arguments, calls one function and prints what came back.

Only click and the standard library are imported here, so that `crcsim --help` answers at once; a verb imports
what it needs when it runs.
"""

from __future__ import annotations

import click

from crcsim import __version__
from crcsim.cli.accounts import statement, tree
from crcsim.cli.application import Application
from crcsim.cli.compare import compare
from crcsim.cli.cost import cost
from crcsim.cli.decide import decide
from crcsim.cli.decompose import decompose
from crcsim.cli.explain import explain
from crcsim.cli.new import new
from crcsim.cli.result import export, report, verify
from crcsim.cli.run import run
from crcsim.cli.schema import schema
from crcsim.cli.validate import validate
from crcsim.cli.warmup import warmup

__all__ = ["main"]


@click.group(cls=Application, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="crcsim %(version)s")
def main() -> None:
    """Value strategic customer relationships as assets, by simulation.

    \b
    Begin with:
      crcsim new acme           write a small scenario, acme.yaml
      crcsim explain acme.yaml  see what it means
      crcsim run acme.yaml      simulate it; writes acme.nc and a report
    """


_VERBS = (
    new,
    validate,
    explain,
    run,
    statement,
    tree,
    decompose,
    compare,
    decide,
    cost,
    report,
    verify,
    export,
    schema,
    warmup,
)
for _verb in _VERBS:
    main.add_command(_verb)
