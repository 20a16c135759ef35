"""What must hold before a run begins, so that its result can be computed, kept and replaces nothing else."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crcsim.cli.strategies import chosen_strategies, only_strategies

if TYPE_CHECKING:
    from crcsim.scenario import Scenario

__all__ = ["Order", "attributes", "refuse_to_replace", "refuse_too_large", "require_folder"]

_WORDS = {"scenario_resolved": "scenario", "crcsim_version": "version"}


@dataclass(frozen=True)
class Order:
    """One simulation that is wanted: of what, how, and into which file."""

    scenario: Scenario
    target: Path
    paths: int | None  # None: as many as the precision takes
    seed: int
    threads: int | None
    precision: float | None
    layers: bool
    labels: dict[str, str] = field(default_factory=dict)  # of a point of a sweep: place -> value
    strategies: tuple[str, ...] | None = None  # None: all of the scenario

    @property
    def label(self) -> str:
        """The labels of a point in a line, empty for a scenario without a sweep."""
        return ", ".join(f"{place} = {value}" for place, value in self.labels.items())


def require_folder(target: Path) -> None:
    """Raise StorageError before the run when its result could not be written after it."""
    from crcsim.errors import StorageError

    if not os.access(target.absolute().parent, os.W_OK):
        raise StorageError(f"The folder of {target} does not exist or cannot be written.")


def refuse_to_replace(order: Order) -> None:
    """Raise StorageError when the target is there and another run made it."""
    from crcsim.errors import StorageError

    if not order.target.exists():
        return
    try:
        there = attributes(order.target)
    except OSError:
        there = {}
    wanted = _identity(order)
    differing = [_WORDS.get(name, name) for name, value in wanted.items() if there.get(name) != value]
    if differing:
        raise StorageError(
            f"{order.target} exists and holds another result (not the same: {', '.join(differing)}). "
            "Use --force to replace it, or -o for another name."
        )


def _identity(order: Order) -> dict[str, Any]:
    """What makes two runs the same, as attributes of a result; without a number of paths none is."""
    from crcsim.results.provenance import environment

    return {
        "scenario_resolved": json.dumps(order.scenario.resolved(), sort_keys=True, ensure_ascii=False),
        "seed": str(order.seed),
        "paths": order.paths,
        "crcsim_version": json.loads(environment()["packages"]).get("crcsim", "uninstalled"),
        "layers": order.layers,
        "strategies": list(chosen_strategies(order.scenario, order.strategies)),
    }


def attributes(path: Path) -> dict[str, Any]:
    """The attributes of a result and its strategies, without its values. Raises OSError if it is none."""
    import h5py

    with h5py.File(path) as stored:
        plain: Callable[[Any], Any] = lambda value: value.item() if hasattr(value, "item") else value  # noqa: E731
        return {name: plain(value) for name, value in stored.attrs.items()} | {
            "layers": "npv_fresh" in stored,
            "strategies": [name.decode() for name in stored["strategy"][()]] if "strategy" in stored else [],
        }


def refuse_too_large(order: Order) -> float:
    """Raise UsageError when a run would not fit into the memory that is free; return its seconds, estimated.

    Without a number of paths (a precision instead) nothing is known before the run: 0 seconds.
    """
    from crcsim import engine

    if order.paths is None:
        return 0.0
    only = only_strategies(order.scenario, order.strategies)
    estimate = engine.estimate(order.scenario, order.paths, order.threads, **only)
    needed, free = estimate.memory_bytes, _free_memory()
    if free is not None and needed > free:
        fitting = float(f"{order.paths * free / needed * 0.8:.1g}")
        raise click.UsageError(
            f"{order.paths:,} paths need about {needed / 1e9:.1f} GB, and {free / 1e9:.1f} GB are free. "
            f"Use --paths {fitting:.0f} or fewer."
        )
    return estimate.seconds


def _free_memory() -> int | None:
    """Bytes that are free for this process, where the system says so."""
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):
        return None
