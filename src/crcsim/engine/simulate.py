"""simulate(scenario) -> Dataset: the one verb of the engine."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import xarray as xr

from crcsim.compile.program import Program
from crcsim.compile.values import FRESH_PATH_STREAM
from crcsim.engine.dataset import Fresh, build_dataset
from crcsim.engine.items import add_horizon_items
from crcsim.engine.run import Bands, Progress, Run, default_threads, result_items, split_work
from crcsim.engine.sinks import MemorySink, memory_outputs
from crcsim.errors import ArgumentError, NumericError
from crcsim.kernels.rows import CHUNK_PATHS, DISCOUNTINGS
from crcsim.scenario.scenario import Scenario
from crcsim.valuation.discounting import LEAST_YEARLY_MARGIN

#: Paths of the pilot run that finds how many paths a wanted precision needs.
PILOT_PATHS = 10 * CHUNK_PATHS
MOST_PATHS = 2**31

#: Numbers of lanes that divide a chunk. 8 is for trials where nothing is compiled: the last bits of its means
#: are others, because a sum over paths has 16 leaves.
LANES = (8, 16, 32, 64, 128, 256, 512)


def simulate(
    scenario: Scenario,
    *,
    strategies: Iterable[str] | None = None,
    paths: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    precision: float | None = None,
    layers: bool = False,
    record: Iterable[str] | None = None,
    bands: bool = True,
    cascade: bool | None = None,
    lanes: int | None = None,
    progress: Progress | None = None,
) -> xr.Dataset:
    """Simulate a scenario and return its result.

    strategies: those that are simulated beside the baseline, on the same draws; all unless given.
    paths, seed: as the scenario says unless given. threads: all cores unless given; never changes a bit of
    the result. precision: wanted standard error of the portfolio's mean value relative to that mean;
    replaces `paths`. layers: a second run with the same parameters and fresh path draws, to tell parameter
    from path uncertainty. record: 'economy' keeps market index, deflator and price index by path and
    period, 'cascade' every item of every customer on all paths and every item by period. bands: means by
    customer and period over all paths and percentile bands over the first 10,000. cascade: items of the
    cash flow, with `bands` unless stated: of the portfolio on all paths, of customers on the first 10,000.
    lanes: paths of a block (16 to 128). progress: called with (paths done, paths in all).

    Returns a Dataset as described in docs/result-reference.md. Raises NumericError where a path has no
    finite value, naming the parameters; ArgumentError for arguments out of range.
    """
    chosen = scenario.simulation.seed if seed is None else seed
    wanted = scenario.simulation.paths if paths is None else paths
    kept = set(scenario.record if record is None else record)
    _check(wanted, threads, precision, lanes, kept)
    program = Program(scenario, chosen, strategies=None if strategies is None else tuple(strategies))
    threads = threads or default_threads()
    if precision is not None:
        wanted = paths_for_precision(program, precision, threads)
    economy, count = "economy" in kept, len(program.strategies)
    outputs = memory_outputs(program.structure, len(program.levels), wanted, economy, count)
    items = result_items(program, wanted, kept) if (bands if cascade is None else cascade) else None
    sink = MemorySink(outputs)
    run = Run(program, sink, wanted, threads, lanes=lanes, detail=bands, items=items, progress=progress)
    found = _simulate(run, bands)
    check_horizon(program, sink)
    if items is not None:
        add_horizon_items(program, items, outputs.horizon_value)
    fresh = _fresh(program, wanted, threads, lanes, progress) if layers else None
    return build_dataset(program, run, sink, found, fresh, chosen)


def _check(
    paths: int, threads: int | None, precision: float | None, lanes: int | None, record: set[str]
) -> None:
    if not isinstance(paths, int | np.integer):
        raise ArgumentError(f"paths must be a whole number, not {paths!r}")
    if lanes is not None and lanes not in LANES:
        raise ArgumentError(f"lanes must be one of {', '.join(map(str, LANES))}, not {lanes}")
    if unknown := record - {"economy", "cascade"}:
        raise ArgumentError(f"record knows 'economy' and 'cascade', not {', '.join(sorted(unknown))}")
    if not 1 <= paths < MOST_PATHS:
        raise ArgumentError(f"paths must be at least 1 and below {MOST_PATHS}, not {paths}")
    if threads is not None and threads < 1:
        raise ArgumentError(f"threads must be at least 1, not {threads}")
    if precision is not None and not precision > 0:
        raise ArgumentError(f"precision must be above 0, not {precision}")


def _simulate(run: Run, bands: bool) -> Bands | None:
    """All paths once: those of the bands first, then the rest."""
    kept, rest = split_work(run.paths, bands)
    found = run.bands(kept) if kept else None
    if rest:
        run.all_paths(rest)
    return found


def _fresh(program: Program, paths: int, threads: int, lanes: int | None, progress: Progress | None) -> Fresh:
    """NPV of customers and levels in a second run: the same parameters, fresh path draws."""
    outputs = memory_outputs(
        program.structure, len(program.levels), paths, economy=False, strategies=len(program.strategies)
    )
    sink = MemorySink(outputs)
    run = Run(
        program, sink, paths, threads, lanes=lanes, stream=FRESH_PATH_STREAM, detail=False, progress=progress
    )
    _simulate(run, bands=False)
    return outputs.npv, outputs.level_npv


def check_horizon(program: Program, sink: MemorySink) -> None:
    """A value after the horizon needs discounting and losses to outrun growth by a point of yearly margin
    on every path (MODEL 9). Raises NumericError naming the customers.
    """
    if not program.structure.horizon:
        return
    margins = sink.totals().horizon_margin.min(axis=0)
    bad = [
        name
        for name, margin in zip(program.customers, margins, strict=True)
        if not margin >= LEAST_YEARLY_MARGIN
    ]
    if bad:
        lowest = float(np.min(margins))
        named = ", ".join(bad[:5]) + (" and others" if len(bad) > 5 else "")
        raise NumericError(
            f"no finite value after the horizon for {named}: on some path the yearly margin "
            f"(1 + rate) e^hazard / (1 + growth) - 1 is {lowest:.2%}, below {LEAST_YEARLY_MARGIN:.0%}. Lower "
            "or truncate capital.horizon_value growth (or customers.*.growth), or raise the floor of the "
            "discount rate (capital.beta, economy.market) or of churn, takeover and insolvency"
        )


def paths_for_precision(program: Program, precision: float, threads: int) -> int:
    """Paths at which the standard error of the portfolio's mean value is `precision` times that mean, from
    a pilot run.
    """
    outputs = memory_outputs(
        program.structure, len(program.levels), PILOT_PATHS, economy=False, strategies=len(program.strategies)
    )
    run = Run(
        program,
        MemorySink(outputs),
        PILOT_PATHS,
        threads,
        detail=False,
    )
    _simulate(run, bands=False)
    headline = DISCOUNTINGS.index(program.scenario.capital.discounting)
    total = outputs.npv[0, headline].sum(axis=0) + outputs.level_npv[0, headline].sum(axis=0)
    mean = float(np.mean(total))
    if mean == 0.0:
        raise NumericError("a relative precision needs a portfolio value other than 0; state --paths instead")
    needed = float(np.var(total)) / (precision * abs(mean)) ** 2
    if needed >= MOST_PATHS:
        raise NumericError(f"a precision of {precision:g} needs {needed:.2g} paths; ask for a coarser one")
    return max(PILOT_PATHS, int(-(-needed // CHUNK_PATHS)) * CHUNK_PATHS)
