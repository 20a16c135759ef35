"""From an order to a result on the disk with its report, and the facts that a run tells of it."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crcsim.cli.application import session
from crcsim.cli.checks import Order, attributes
from crcsim.cli.progress import progress
from crcsim.cli.result import report_folder
from crcsim.cli.strategies import only_strategies

if TYPE_CHECKING:
    import xarray as xr

    from crcsim.report.views import Views

__all__ = ["complete", "simulated"]


def simulated(order: Order, title: str = "") -> tuple[xr.Dataset, float]:
    """The result and the seconds that it took; `title` says in the progress which of several runs it is."""
    from crcsim import engine

    start = time.perf_counter()
    with progress(session().json, title) as report:
        dataset = engine.simulate(
            order.scenario,
            paths=order.paths,
            seed=order.seed,
            threads=order.threads,
            precision=order.precision,
            layers=order.layers,
            progress=report,
            **only_strategies(order.scenario, order.strategies),
        )
    return dataset, time.perf_counter() - start


def complete(
    order: Order, dataset: xr.Dataset, seconds: float, with_report: bool, views: Views | None = None
) -> tuple[xr.Dataset, dict[str, Any]]:
    """Save and report a result; return the summary of its baseline, and what there is to tell of it as facts
    for machines.
    """
    from crcsim.report import findings, write_report
    from crcsim.report.decide.beside import answers_beside
    from crcsim.results import save
    from crcsim.results.strategies import caveats, of_strategy

    if order.labels:
        dataset.attrs["title"] = f"{dataset.attrs.get('title', order.scenario.name)}: {order.label}"
    save(dataset, order.target)
    session().kept.append(str(order.target))
    dataset.attrs["content_hash"] = attributes(order.target)["content_hash"]
    page: Path | None = None
    if with_report:
        answers = answers_beside(order.target, dataset)
        page = write_report(dataset, report_folder(order.target), views, answers=answers)
    baseline = of_strategy(dataset)
    found = findings.summarised(baseline)
    paths = dataset.sizes["path"]
    return found, {
        "result": str(order.target),
        "report": str(page) if page is not None else None,
        "seed": int(dataset.attrs["seed"]),
        "seconds": round(seconds, 3),
        "paths_per_second": round(paths / seconds),
        "content_hash": dataset.attrs["content_hash"],
        "warnings": json.loads(dataset.attrs["warnings"]),
        "caveats": list(caveats(dataset)),
        "strategy": str(found["strategy"].values),
        **findings.as_facts(baseline, found),
    }
