"""A scenario with `sweep:` is a grid of scenarios: every point is run with the same draws."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from crcsim.cli.application import session
from crcsim.cli.checks import Order
from crcsim.cli.complete import complete, simulated
from crcsim.cli.console import counted, finish, say, show, warn
from crcsim.cli.strategies import tell_strategies

if TYPE_CHECKING:
    import xarray as xr

    from crcsim.report.sweep import Point
    from crcsim.scenario import Scenario
    from crcsim.scenario.nodes import Node

__all__ = ["axes", "points_of", "refuse_to_replace_table", "run_sweep", "table_file"]


def points_of(file: str) -> list[tuple[dict[str, str], Scenario]]:
    """The grid of a file with `sweep:`, each point with its labels; nothing for a file without.

    A label {place: value} holds the value as it is written. Raises ScenarioError.
    """
    from crcsim.scenario import expand_sweep
    from crcsim.scenario.document import read_document
    from crcsim.scenario.nodes import ListNode, MapNode

    sweep = read_document(file).root.entries.get("sweep")
    if not isinstance(sweep, MapNode) or not sweep.entries:
        return []
    scenarios = [scenario for _, scenario in expand_sweep(file)]
    lists = [node for node in sweep.entries.values() if isinstance(node, ListNode)]
    texts = [[_written(item) for item in node.items] for node in lists]
    labels = (dict(zip(sweep.entries, values, strict=True)) for values in itertools.product(*texts))
    return list(zip(labels, scenarios, strict=True))


def _written(node: Node) -> str:
    """A value on one line: 3%, or {normal: {mean: 3%, sd: 1%}}."""
    from crcsim.scenario.nodes import ListNode, MapNode

    if isinstance(node, MapNode):
        return f"{{{', '.join(f'{key}: {_written(value)}' for key, value in node.entries.items())}}}"
    if isinstance(node, ListNode):
        return f"[{', '.join(_written(item) for item in node.items)}]"
    return node.text


def axes(labels: Iterable[Mapping[str, str]]) -> dict[str, list[str]]:
    """Place -> the values that it takes, in the order of the file."""
    found: dict[str, dict[str, None]] = {}
    for point in labels:
        for place, value in point.items():
            found.setdefault(place, {})[value] = None
    return {place: list(values) for place, values in found.items()}


def table_file(target: Path) -> Path:
    """Where the table of a sweep lies whose results are named after `target`."""
    return target.with_name(f"{target.stem}-sweep.csv")


def refuse_to_replace_table(target: Path, orders: list[Order]) -> None:
    """Raise StorageError when the place of the table holds something else."""
    from crcsim.errors import StorageError
    from crcsim.report.sweep import heading

    try:
        first = target.read_text(encoding="utf-8").splitlines()[:1] if target.exists() else []
    except (OSError, UnicodeDecodeError):
        first = ["not to be read"]
    if target.exists() and first != [heading(list(orders[0].labels))]:
        raise StorageError(
            f"{target} exists and is not the table of this sweep. Use --force to replace it, or -o for "
            "another name."
        )


def run_sweep(orders: list[Order], table: Path, with_report: bool) -> None:
    """Run all points, then show and write their table; what is finished stays when a later point fails."""
    from crcsim.report.sweep import sweep_table, write_csv

    points: list[Point] = []
    told: list[dict[str, object]] = []
    for number, order in enumerate(orders, start=1):
        session().place = f"Point {number} of {len(orders)} ({order.label})"
        point, facts = _run_point(order, f"Point {number} of {len(orders)}", with_report)
        warnings = [text for text in point.warnings if not any(text in other.warnings for other in points)]
        warn(warnings)
        points.append(point)
        told.append({"labels": order.labels, **facts})
        say(f"{session().place}: {point.in_words()}")
    session().place = ""
    write_csv(points, table)
    say()
    show(sweep_table(points))
    for text in dict.fromkeys(text for point in points for text in point.caveats):
        say(f"Caveat: {text}")
    say(f"Table: {table}")
    say(f"{counted(len(points), 'result')}: {orders[0].target} to {orders[-1].target}")
    finish({"table": str(table), "points": told})


def _run_point(order: Order, title: str, with_report: bool) -> tuple[Point, dict[str, object]]:
    """One point, saved and reported; its paths are dropped before the next one begins."""
    from crcsim.report.sweep import Point

    dataset, seconds = simulated(order, title)
    found, facts = complete(order, dataset, seconds, with_report)
    total: xr.Dataset = found.sel(item="total")
    facts["strategies"] = tell_strategies(dataset)
    warnings = tuple(facts["warnings"])
    strategy = str(facts["strategy"]) if facts["strategies"] else ""
    told = warnings, tuple(facts["caveats"])
    point = Point(order.labels, total, order.seed, str(order.target), *told, strategy)
    return point, facts
