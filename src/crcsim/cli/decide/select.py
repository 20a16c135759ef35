"""`crcsim decide select`: which customers are those of the future."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crcsim.cli.decide.frame import Output, file_options, loaded, tell
from crcsim.cli.result_file import ResultFile
from crcsim.cli.strategies import require_strategies, strategy_option

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["select"]


@click.command()
@click.argument("file", type=ResultFile(), metavar="RESULT.nc")
@click.option("--top", type=click.IntRange(min=1), help="How many are the top [5; all but one of fewer].")
@click.option("--by", "until", metavar="DATE", help="Gone by this date, or after so many years [the end].")
@strategy_option
@file_options
def select(file: Path, top: int | None, until: str | None, strategy: str | None, output: Output) -> None:
    """Say which customers will be among the top, which are large today, and which may be gone.

    The chance to be among the top by realised value, potential against today's size, and the chance to be
    acquired or gone by a date such as 2030-12-31, or within a number of years.
    """
    from crcsim import decisions
    from crcsim.report.decide.select import answer

    result = loaded(file)
    require_strategies(result, [strategy] if strategy else [])
    years = None if until is None else _years(until, result)
    place = output.place(file, "select", strategy)
    tell(answer(decisions.select(result, top=top, years=years, strategy=strategy)), place)


def _years(text: str, result: xr.Dataset) -> float:
    """Years from the valuation date to the end of a day, or the number given; raises UsageError otherwise."""
    try:
        return float(text)
    except ValueError:
        pass
    try:
        begin, end = date.fromisoformat(str(result.attrs["valuation_date"])), date.fromisoformat(text)
    except ValueError as problem:
        words = f"--by takes a date such as 2030-12-31 or years such as 5, not {text}"
        raise click.UsageError(words) from problem
    end += timedelta(days=1)  # a day counts to its end
    whole = end.year - begin.year - ((end.month, end.day) < (begin.month, begin.day))
    birthday = date(begin.year + whole, begin.month, min(begin.day, 28))
    return whole + (end - birthday).days / 365.25
