"""Strategies on the command line: naming them, simulating some of them, telling of all side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from crcsim.cli.console import say, show

if TYPE_CHECKING:
    import xarray as xr

    from crcsim.scenario import Scenario

__all__ = [
    "Names",
    "chosen_strategies",
    "only_strategies",
    "require_strategies",
    "say_caveats",
    "strategy_option",
    "tell_strategies",
]

#: `--strategy NAME` of the verbs that show one strategy of a result.
strategy_option = click.option("--strategy", metavar="NAME", help="Of another strategy than the baseline.")


class Names(click.ParamType[tuple[str, ...]]):
    """Names with commas between them."""

    name = "names"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """The names, without blanks around them."""
        names = tuple(part.strip() for part in str(value).split(","))
        if not all(names):
            self.fail(f"{value!r} holds an empty name", param, ctx)
        return names


def chosen_strategies(scenario: Scenario, wanted: Sequence[str] | None) -> tuple[str, ...]:
    """The strategies that a run simulates, the baseline first, then the others by name.

    Raises UsageError for a strategy that the scenario lacks.
    """
    from crcsim.results.strategies import BASELINE

    known = [str(each.name) for each in getattr(scenario, "strategies", ())]
    if wanted is None:
        return (BASELINE, *known)
    unknown = [name for name in wanted if name not in (BASELINE, *known)]
    if unknown:
        there = f"known: {', '.join(known)}" if known else "it has no `strategies:`"
        raise click.UsageError(f"No strategy {unknown[0]} in the scenario; {there}.")
    return (BASELINE, *(name for name in known if name in wanted))


def only_strategies(scenario: Scenario, wanted: Sequence[str] | None) -> dict[str, Any]:
    """The strategies beside the baseline as a keyword of the engine; nothing where all are simulated."""
    chosen = chosen_strategies(scenario, wanted)
    return {} if chosen == chosen_strategies(scenario, None) else {"strategies": chosen[1:]}


def require_strategies(dataset: xr.Dataset, wanted: Sequence[str]) -> None:
    """Raise UsageError for a strategy that a result lacks."""
    from crcsim.results.strategies import strategy_names

    known = strategy_names(dataset)
    for name in wanted:
        if name not in known:
            raise click.UsageError(f"No strategy {name} in the result; known: {', '.join(known)}")


def tell_strategies(dataset: xr.Dataset) -> list[dict[str, Any]]:
    """Show all strategies of a result beside the baseline, and return them as facts; nothing for one."""
    from crcsim.decisions import compare_strategies
    from crcsim.report.strategies import facts, sentences, strategy_table

    if dataset.sizes["strategy"] < 2:
        return []
    found = compare_strategies(dataset)
    show(strategy_table(found))
    for sentence in sentences(found):
        say(sentence)
    return facts(found)


def say_caveats(*datasets: xr.Dataset) -> list[str]:
    """Say what must be told with every number of these results, and return it."""
    from crcsim.results.strategies import caveats

    found = list(caveats(*datasets))
    for text in found:
        say(f"Caveat: {text}")
    return found
