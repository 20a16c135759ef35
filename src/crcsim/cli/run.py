"""`crcsim run`: simulate a scenario, save the result, write the report, say what came out."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crcsim.cli.application import json_option, session
from crcsim.cli.console import counted, finish, say, show, warn
from crcsim.cli.progress import progress
from crcsim.cli.result import report_folder

if TYPE_CHECKING:
    import xarray as xr

    from crcsim.scenario import Scenario

__all__ = ["run"]

_MOST_ROWS = 20


class Share(click.ParamType[float]):
    """A share such as 1% or 0.01."""

    name = "share"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The share as a fraction."""
        text = str(value).strip()
        try:
            number = float(text.removesuffix("%")) / (100.0 if text.endswith("%") else 1.0)
        except ValueError:
            number = -1.0
        if not 0.0 < number < 1.0:
            self.fail(f"{value!r} is no share between 0% and 100%, such as 0.5%", param, ctx)
        return number


@click.command()
@click.argument("file", type=click.Path())
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="OUT.nc", help="Result file [<scenario>.nc]."
)
@click.option("--paths", type=click.IntRange(1, 2**31 - 1), help="Number of paths [scenario, else 100,000].")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Seed of all draws [scenario, else 1].")
@click.option("--threads", type=click.IntRange(min=1), help="Threads; never changes a result [all cores].")
@click.option(
    "--precision",
    type=Share(),
    metavar="P",
    help="Instead of --paths: standard error of the value, as a share of it.",
)
@click.option(
    "--layers", is_flag=True, help="Tell apart what parameters and what chance contribute; a second run."
)
@click.option("--no-report", is_flag=True, help="Write the result only.")
@click.option("--force", is_flag=True, help="Replace a result of another scenario, seed or number of paths.")
@json_option
def run(
    file: str,
    output: Path | None,
    paths: int | None,
    seed: int | None,
    threads: int | None,
    precision: float | None,
    layers: bool,
    no_report: bool,
    force: bool,
) -> None:
    """Simulate a scenario; write the result and a report.

    A result of something else is never replaced unless --force says so.
    """
    if paths is not None and precision is not None:
        raise click.UsageError("Give either --paths or --precision.")
    from crcsim.scenario import load_scenario

    scenario = load_scenario(file)
    seed = scenario.simulation.seed if seed is None else seed
    wanted = scenario.simulation.paths if paths is None else paths
    target = output or Path(f"{Path(file).stem}.nc")
    if not force:
        _refuse_to_replace(target, _identity(scenario, seed, None if precision else wanted, layers))
    _require_folder(target)
    say(f"{scenario.name}: {counted(len(scenario.customers), 'customer')}, seed {seed}")
    dataset, seconds = _simulated(
        scenario, wanted, {"seed": seed, "threads": threads, "precision": precision, "layers": layers}
    )
    _finish(dataset, seconds, target, not no_report)


def _simulated(scenario: Scenario, paths: int, options: dict[str, Any]) -> tuple[xr.Dataset, float]:
    """The result and the seconds that it took."""
    from crcsim import engine

    if options["precision"] is None:
        _refuse_too_large(engine.estimate(scenario, paths, options["threads"]).memory_bytes, paths)
    start = time.perf_counter()
    with progress(session().json) as report:
        dataset = engine.simulate(
            scenario, paths=None if options["precision"] else paths, progress=report, **options
        )
    return dataset, time.perf_counter() - start


def _finish(dataset: xr.Dataset, seconds: float, target: Path, with_report: bool) -> None:
    """Save, report, and say what came out."""
    from crcsim.report import findings, write_report
    from crcsim.results import save

    save(dataset, target)
    dataset.attrs["content_hash"] = _attributes(target)["content_hash"]
    page = write_report(dataset, report_folder(target)) if with_report else None
    warnings = json.loads(dataset.attrs["warnings"])
    warn(warnings)
    found = findings.summarised(dataset)
    paths = dataset.sizes["path"]
    if not session().json:
        _tell(dataset, found)
        say(f"Result: {target}")
        if page is not None:
            say(f"Report: {page}")
        rate, seed = paths / seconds, dataset.attrs["seed"]
        say(f"{paths:,} paths in {seconds:.2f} s ({rate:,.0f} paths/s), seed {seed}")
    finish(
        {
            "result": str(target),
            "report": str(page) if page is not None else None,
            "seed": int(dataset.attrs["seed"]),
            "seconds": round(seconds, 3),
            "paths_per_second": round(paths / seconds),
            "content_hash": dataset.attrs["content_hash"],
            "warnings": warnings,
            **findings.as_facts(dataset, found),
        }
    )


def _tell(dataset: xr.Dataset, found: xr.Dataset) -> None:
    """The tables and sentences at the end of a run."""
    from crcsim.report import findings, tables

    rates = float(dataset["cost_of_capital"].mean()), float(dataset["risk_free_rate"].mean())
    say()
    show(tables.value_table(found, _MOST_ROWS))
    show(tables.ends_table(found, _MOST_ROWS))
    show(tables.discounting_table(findings.totals_by_discounting(dataset), found, rates))
    say(f"{findings.headline(found)}. {findings.digits_verdict(found)}")
    if dataset.sizes["path"] < findings.PREVIEW_PATHS:
        say("Preview: use 10,000 paths or more for numbers that you report.")


def _identity(scenario: Scenario, seed: int, paths: int | None, layers: bool) -> dict[str, Any]:
    """What makes two runs the same, as attributes of a result; without a number of paths none is."""
    from crcsim.results.provenance import environment

    return {
        "scenario_resolved": json.dumps(scenario.resolved(), sort_keys=True, ensure_ascii=False),
        "seed": str(seed),
        "paths": paths,
        "crcsim_version": json.loads(environment()["packages"]).get("crcsim", "uninstalled"),
        "layers": layers,
    }


_WORDS = {"scenario_resolved": "scenario", "crcsim_version": "version"}


def _require_folder(target: Path) -> None:
    """Raise StorageError before the run when its result could not be written after it."""
    from crcsim.errors import StorageError

    if not os.access(target.absolute().parent, os.W_OK):
        raise StorageError(f"The folder of {target} does not exist or cannot be written.")


def _refuse_to_replace(target: Path, identity: dict[str, Any]) -> None:
    """Raise StorageError when `target` is there and another run made it."""
    from crcsim.errors import StorageError

    if not target.exists():
        return
    try:
        there = _attributes(target)
    except OSError:
        there = {}
    differing = [_WORDS.get(name, name) for name, value in identity.items() if there.get(name) != value]
    if differing:
        raise StorageError(
            f"{target} exists and holds another result (not the same: {', '.join(differing)}). "
            "Use --force to replace it, or -o for another name."
        )


def _attributes(path: Path) -> dict[str, Any]:
    """The attributes of a result without its values. Raises OSError when the file is none."""
    import h5py

    with h5py.File(path) as stored:
        plain: Callable[[Any], Any] = lambda value: value.item() if hasattr(value, "item") else value  # noqa: E731
        return {name: plain(value) for name, value in stored.attrs.items()} | {
            "layers": "npv_fresh" in stored
        }


def _refuse_too_large(needed: int, paths: int) -> None:
    """Raise UsageError when a run would not fit into the memory that is free."""
    free = _free_memory()
    if free is not None and needed > free:
        fitting = float(f"{paths * free / needed * 0.8:.1g}")
        raise click.UsageError(
            f"{paths:,} paths need about {needed / 1e9:.1f} GB, and {free / 1e9:.1f} GB are free. "
            f"Use --paths {fitting:.0f} or fewer."
        )


def _free_memory() -> int | None:
    """Bytes that are free for this process, where the system says so."""
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):
        return None
