"""`crcsim compare`: before and after, or one strategy beside another."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crcsim.cli.application import json_option
from crcsim.cli.console import finish, say, show, warn
from crcsim.cli.result_file import ResultFile
from crcsim.cli.strategies import Names, tell_strategies

if TYPE_CHECKING:
    import xarray as xr

    from crcsim.report.compare import Comparison

__all__ = ["compare"]

_MOST_ROWS = 20


@click.command()
@click.argument("result", type=ResultFile(), metavar="RESULT.nc")
@click.argument("second", type=ResultFile(), metavar="[SECOND.nc]", required=False)
@click.option(
    "--strategies",
    type=Names(),
    metavar="A,B",
    help="Of one result: the others against the first named. Of two: that of the first, that of the second.",
)
@click.option(
    "--discounting",
    type=click.Choice(["wacc", "risk_free", "deflator"]),
    help="Discounting of the values [headline of both].",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="DIR", help="Write a page, pictures and CSV."
)
@json_option
def compare(
    result: Path,
    second: Path | None,
    strategies: tuple[str, ...] | None,
    discounting: str | None,
    output: Path | None,
) -> None:
    """Say what changed between two results, and what it did to value and risk.

    What differs between the scenarios; the difference of value by customer and in total with its standard
    error and distribution; stochastic dominance; which lines of the cash flow moved the value. Runs with the
    same seed and number of paths are compared path by path. With one result, its strategies are compared.
    """
    from crcsim.report.compare import compared

    first, other = _loaded(result, second)
    names = (result.name, result.name if second is None else second.name)
    pairs = _pairs(first, other, strategies)
    found = [compared(first, other, pair, discounting=discounting, names=names) for pair in pairs]
    beside = _beside(first, pairs, output) if len(pairs) > 1 else {}
    told = [
        _told(comparison, _folder(output, number, len(found)))
        for number, comparison in enumerate(found, start=1)
    ]
    finish({"comparisons": told, **beside})


def _loaded(result: Path, second: Path | None) -> tuple[xr.Dataset, xr.Dataset | None]:
    from crcsim.results import load

    return load(result), None if second is None else load(second)


def _pairs(
    first: xr.Dataset, second: xr.Dataset | None, named: tuple[str, ...] | None
) -> list[tuple[str, str] | None]:
    """Which strategies to compare: every other against the first of one result, or one of each of two."""
    if second is not None:
        if named is None:
            return [None]
        if len(named) > 2:
            raise click.UsageError("With two results name one strategy, or one of each: --strategies A,B.")
        return [(named[0], named[-1])]
    chosen = named or tuple(str(name) for name in first["strategy"].values)
    if len(chosen) < 2:
        if named is not None:
            raise click.UsageError("Name at least two strategies: --strategies A,B.")
        return [None]
    if len(set(chosen)) < len(chosen):
        raise click.UsageError("Name every strategy once.")
    return [(chosen[0], other) for other in chosen[1:]]


def _beside(
    dataset: xr.Dataset, pairs: Sequence[tuple[str, str] | None], output: Path | None
) -> dict[str, Any]:
    """Show all strategies beside the first named, before each alone; write their page."""
    from crcsim.report.compare import write_strategies
    from crcsim.results.strategies import strategy_names

    names = strategy_names(dataset)
    known = [pair for pair in pairs if pair is not None]
    chosen = dataset.isel(strategy=[names.index(known[0][0]), *(names.index(other) for _, other in known)])
    facts = tell_strategies(chosen)
    say()
    files = write_strategies(chosen, output) if output is not None else ()
    for file in files[:1]:
        say(f"Page: {file} (pictures and a CSV file beside it; every comparison in a folder by its number)\n")
    return {"strategies": facts, "files": [str(file) for file in files]}


def _folder(output: Path | None, number: int, count: int) -> Path | None:
    """Where a comparison is written: one of several has a folder of its own, by number."""
    return output if output is None or count == 1 else output / str(number)


def _told(comparison: Comparison, folder: Path | None) -> dict[str, Any]:
    """Print a comparison, write its files, and return its facts."""
    from crcsim.report.compare import as_facts, comparison_tables, sentences, write_comparison

    warn(comparison.notes)
    say(f"First:  {comparison.labels[0]}")
    say(f"Second: {comparison.labels[1]}\n")
    for tables in comparison_tables(comparison, _MOST_ROWS).values():
        for table in tables:
            show(table)
    for sentence in sentences(comparison):
        say(sentence)
    for caveat in comparison.caveats:
        say(f"Caveat: {caveat}")
    files = write_comparison(comparison, folder) if folder is not None else ()
    for file in files[:1]:
        say(f"Page: {file} (pictures and CSV files beside it)")
    return {**as_facts(comparison), "files": [str(file) for file in files]}
