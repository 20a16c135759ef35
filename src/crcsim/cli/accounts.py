"""`crcsim statement` and `crcsim tree`: what a finished result says in accounting terms."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crcsim.cli.application import json_option
from crcsim.cli.console import finish, say, show
from crcsim.cli.result_file import ResultFile
from crcsim.cli.strategies import require_strategies, say_caveats, strategy_option

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["statement", "tree"]

_FORMS = ("cash-flow", "contribution", "costing")
_BY = ("total", "customer", "period", "year", "product", "segment", "geography", "phase")
_OF_ONE = ("total", "period", "year", "phase")  # how a single customer can be split
_DRILLS = ("customer", "product", "segment", "geography")


@click.command()
@click.argument("result", type=ResultFile(), metavar="RESULT.nc")
@click.option("--form", type=click.Choice(_FORMS), default="cash-flow", help="Which statement.")
@click.option("--by", type=click.Choice(_BY), default="total", help="Split into columns.")
@click.option("--customer", metavar="NAME", help="Of one customer instead of all.")
@strategy_option
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="DIR", help="Write CSV files.")
@json_option
def statement(
    result: Path, form: str, by: str, customer: str | None, strategy: str | None, output: Path | None
) -> None:
    """Print a statement of a result: customer cash flow, contribution or costing.

    Present values; by period and year the mean flows. By phase: what the relations bring in each of their
    phases, without the value after the last period. The statement of all customers as a whole, by period
    or by year is followed by that of the company: costs of no customer, tax, cash flow, value.
    """
    from crcsim.measures.company_statement import company_statement
    from crcsim.measures.statements import statement as made
    from crcsim.report.statements import statement_csv, statement_facts, statement_table
    from crcsim.results.strategies import alone

    if customer is not None and by not in _OF_ONE:
        raise click.UsageError(
            f"One customer cannot be split by {by}; use --by total, period, year or phase."
        )
    dataset, label = _with_items(result, strategy)
    known = [str(name) for name in dataset["customer"].values]
    if customer is not None and customer not in known:
        raise click.UsageError(f"No customer {customer} in the result; known: {', '.join(known)}")
    _require_products(dataset, by)
    _require_phases(dataset, by)
    shown = {f"{form}-by-{by}": alone(made(dataset, form, by, customer))}
    if customer is None and by in ("total", "period", "year"):
        shown[f"company-result-by-{by}"] = alone(company_statement(dataset, by))
    for each in shown.values():
        show(statement_table(each).labelled(label))
    told = say_caveats(dataset)
    files = _written(output, {f"{name}.csv": statement_csv(each) for name, each in shown.items()})
    finish(
        {
            "strategy": str(dataset["strategy"].values[0]),
            "caveats": told,
            "statements": [statement_facts(each) for each in shown.values()],
            "files": files,
        }
    )


@click.command()
@click.argument("result", type=ResultFile(), metavar="RESULT.nc")
@click.option(
    "--percentiles", default="5,50,95", metavar="P,P,...", help="Of the value; 5,50,95 unless given."
)
@click.option("--by", type=click.Choice(_DRILLS), help="Drill every line down.")
@strategy_option
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="DIR", help="Write a CSV file and the picture."
)
@json_option
def tree(result: Path, percentiles: str, by: str | None, strategy: str | None, output: Path | None) -> None:
    """Print the value tree of a result: what every line adds to the value, from sales up.

    In the mean, and on the paths whose value lies near its percentiles: those add up, percentiles would not.
    """
    from crcsim.measures.value_tree import value_tree
    from crcsim.report.value_tree import drill_table, member_tables, tree_csv, tree_facts, tree_table
    from crcsim.results.strategies import alone

    wanted = _percentiles(percentiles)
    dataset, label = _with_items(result, strategy)
    _require_products(dataset, by)
    found = alone(value_tree(dataset, percentiles=wanted, drill=by))
    for table in (tree_table(found),) if by is None else (drill_table(found), *member_tables(found)):
        show(table.labelled(label))
    told = say_caveats(dataset)
    files: list[str] = []
    if output is not None:
        name = "value-tree" if by is None else f"value-tree-by-{by}"
        contents: dict[str, str | bytes] = {f"{name}.csv": tree_csv(found)}
        contents |= _pictures(found, label) if by is None else {}
        files = _written(output, contents)
    name = str(dataset["strategy"].values[0])
    finish({"strategy": name, "caveats": told, **tree_facts(found), "files": files})


def _with_items(result: Path, strategy: str | None) -> tuple[xr.Dataset, str]:
    """One strategy of a result that holds items, and words for it where the result has others.

    Raises UsageError where the result holds no items, or lacks the strategy.
    """
    from crcsim.measures.item_values import NO_ITEMS, holds_items
    from crcsim.results import load
    from crcsim.results.strategies import of_strategy

    dataset = load(result)
    if not holds_items(dataset):
        raise click.UsageError(NO_ITEMS)
    require_strategies(dataset, [strategy] if strategy else [])
    one = of_strategy(dataset, strategy)
    return one, f"strategy {one['strategy'].values[0]}" if dataset.sizes["strategy"] > 1 else ""


def _require_products(dataset: xr.Dataset, by: str | None) -> None:
    if by == "product" and dataset.sizes.get("product", 0) == 0:
        raise click.UsageError("The result holds no items of products.")


def _require_phases(dataset: xr.Dataset, by: str) -> None:
    from crcsim.measures.phase_columns import NO_PHASES, holds_phases

    if by == "phase" and not holds_phases(dataset):
        raise click.UsageError(NO_PHASES)


def _percentiles(text: str) -> tuple[float, ...]:
    """Numbers between 0 and 100, each once, in rising order."""
    try:
        found = tuple(sorted(float(part) for part in text.split(",")))
    except ValueError:
        found = ()
    if not found or len(set(found)) < len(found) or not all(0.0 < each < 100.0 for each in found):
        raise click.UsageError(
            f"--percentiles {text} must be different numbers between 0 and 100, separated by commas."
        )
    return found


def _pictures(found: xr.Dataset, label: str) -> dict[str, bytes]:
    from crcsim.report import figures
    from crcsim.report.tree_chart import tree_chart

    with figures.look():
        _, figure = tree_chart(found)
        if label:
            figures.add_to_title(figure, label)
        document, picture = figures.svg_text(figure), figures.png_bytes(figure)
    return {"value_tree.svg": document.encode(), "value_tree.png": picture}


def _written(folder: Path | None, contents: Mapping[str, str | bytes]) -> list[str]:
    """Write all files or none, and say where they are."""
    from crcsim.errors import StorageError
    from crcsim.results.atomic import replacing

    if folder is None:
        return []
    paths = [folder / name for name in contents]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(*paths) as temporary:
            for path, content in zip(temporary, contents.values(), strict=True):
                path.write_bytes(content.encode() if isinstance(content, str) else content)
    except OSError as problem:
        raise StorageError(f"{folder} could not be written: {problem.strerror or problem}.") from problem
    for path in paths:
        say(f"File: {path}")
    return [str(path) for path in paths]
