"""`crcsim decide contributions`: who brings the value, and who the risk."""

from __future__ import annotations

from pathlib import Path

import click

from crcsim.cli.decide.frame import Output, file_options, loaded, tell
from crcsim.cli.result_file import ResultFile
from crcsim.cli.run import Share
from crcsim.cli.strategies import require_strategies, strategy_option

__all__ = ["contributions"]


@click.command()
@click.argument("file", type=ResultFile(), metavar="RESULT.nc")
@click.option(
    "--level", type=Share(), default="5%", show_default=True, help="Share of the paths in the tail."
)
@strategy_option
@file_options
def contributions(file: Path, level: float, strategy: str | None, output: Output) -> None:
    """Say what each customer and product adds to value and to risk, and what the largest would cost.

    Euler contributions to the mean of the worst 5 % of the paths (CVaR); they add up to it.
    """
    from crcsim import decisions
    from crcsim.report.decide.contributions import answer

    result = loaded(file)
    require_strategies(result, [strategy] if strategy else [])
    place = output.place(file, "contributions", strategy)
    tell(answer(decisions.contributions(result, level=level, strategy=strategy)), place)
