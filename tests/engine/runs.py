"""Short runs of the compiled kernel and of its NumPy twin, and how they are compared."""

import os
from unittest.mock import patch

import numpy as np

from crcsim.compile.program import Program
from crcsim.compile.values import PATH_STREAM
from crcsim.engine.items import item_store
from crcsim.engine.sinks import empty_sums, memory_outputs, outputs_of, repeat_untouched
from crcsim.kernels.arrays import Notes
from crcsim.kernels.block.chunk import simulate_chunk

WITHOUT_COMPILER = os.environ.get("NUMBA_DISABLE_JIT") == "1"

#: Paths and lanes of a short run: one block of 8 where every operation is interpreted.
PATHS, LANES = (8, 8) if WITHOUT_COMPILER else (64, 16)

#: Largest difference between kernel and twin, relative to a sum of absolute values.
TOLERANCE = 1e-12


def whole(scenario):
    """The program of a scenario with all of its strategies."""
    return Program(scenario, scenario.simulation.seed, strategies=None)


def compiled(scenario, paths):
    """The same, compiled by a look at `paths` paths instead of a whole chunk, for speed."""
    with patch.object(Program.parameters, "__defaults__", (paths,)):
        return whole(scenario)


def no_notes(program):
    """What bookings need, where none is made."""
    return Notes(program.cascade, item_store(program, 0, 0, by_period=False))


def run_kernel(program, paths=PATHS, lanes=LANES, stream=PATH_STREAM):
    """(outputs, sums [quantity, customer, period]) of the first paths of a program, on this thread, by
    strategy in the order of the program.
    """
    s, count = program.structure, len(program.strategies)
    parameters, _ = program.parameters(0, -(-paths // lanes) * lanes)
    outputs = memory_outputs(s, len(program.levels), paths, economy=True, strategies=count)
    sums, go_on = empty_sums(s, 0, count), np.zeros(1, dtype=np.int64)
    notes, work = no_notes(program), (0, paths, lanes, 0, s.groups.shape[1])
    switches = 1, 0, stream  # sums by customer and period, no items
    simulate_chunk(
        s, program.decisions, parameters, outputs, notes, sums, *work, *switches, *program.key, go_on
    )
    repeat_untouched(s, program.decisions, sums, 0, s.groups.shape[1])
    by_strategy = np.moveaxis(sums.quantities, -1, 1)
    return [(outputs_of(outputs, place), by_strategy[place]) for place in range(count)]


def difference(expected, actual, scale):
    """Largest difference relative to `scale`, infinite where one is NaN or differs from a scale of 0."""
    gap = np.abs(np.asarray(actual) - np.asarray(expected))
    relative = np.divide(gap, scale, out=np.where(gap == 0.0, 0.0, np.inf), where=np.asarray(scale) > 0.0)
    return float(np.max(np.where(np.isnan(relative), np.inf, relative), initial=0.0))


def differences(twin, outputs, sums):
    """Largest relative difference of every result, {name: number}."""
    r, economy = twin.result, twin.economy
    by_customer = r.by_customer.sum(axis=-1)
    over_paths = np.abs(r.by_customer).sum(axis=-1).max(axis=-1, keepdims=True)
    flow_scale = r.cash_flow_scale.sum(axis=0)
    found = {
        "npv": difference(r.npv, outputs.npv, r.npv_scale),
        "level_npv": difference(r.level_npv, outputs.level_npv, r.level_npv_scale),
        "cash_flow": difference(r.cash_flow, outputs.cash_flow, flow_scale),
        "sales": difference(r.sales, outputs.sales, r.sales.sum(axis=0)),
        "sums by customer and period": difference(by_customer, sums, over_paths),
        "market_index": difference(
            np.exp(economy.log_index), outputs.market_index, np.exp(economy.log_index)
        ),
        "deflator": difference(economy.deflator, outputs.deflator, economy.deflator),
        "inflation_index": difference(economy.price_index, outputs.inflation_index, economy.price_index),
    }
    if twin.s.horizon:
        found["horizon_value"] = difference(r.horizon_value, outputs.horizon_value, r.npv_scale)
    return found


def disagreements(twin, results):
    """Names of the results in which kernel and twin differ by more than rounding; ends must be the same.

    results: (outputs, sums) of every strategy.
    """
    outputs, sums = results[twin.place]
    found = [name for name, gap in differences(twin, outputs, sums).items() if not gap <= TOLERANCE]
    ends = {"end_cause": twin.result.end_cause, "end_period": twin.result.end_period}
    return found + [name for name, end in ends.items() if not np.array_equal(end, getattr(outputs, name))]
