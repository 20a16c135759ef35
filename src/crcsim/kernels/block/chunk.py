"""A chunk of paths, block by block, group by group: what Python calls."""

import numpy as np

from crcsim.kernels.accelerate import launch, spliced, stage
from crcsim.kernels.arrays import (
    Block,
    Draws,
    Executives,
    Floats,
    Group,
    Integers,
    Levers,
    Notes,
    Outputs,
    Parameters,
    Strategies,
    Structure,
    Sums,
)
from crcsim.kernels.block.strategies import executives_of, notes_of, one_strategy, outputs_of, sums_of
from crcsim.kernels.block.workspace import allocate_executives, allocate_group, allocate_levers
from crcsim.kernels.cash.levels import charge_levels
from crcsim.kernels.group.periods import repeat_group, simulate_group
from crcsim.kernels.lanes import copy, read_member
from crcsim.kernels.market import simulate_industries, simulate_market
from crcsim.kernels.maths import exp
from crcsim.kernels.rows import ECONOMY_ROWS, ECONOMY_TABLE, GROUP, TERM

ECONOMY_COUNT = len(ECONOMY_ROWS)


@stage
def write_economy(s: Structure, o: Outputs, market: Floats, path: int, valid: int) -> None:
    """Keep market index, deflator and price index where they are asked for."""
    if o.market_index.shape[1] > 0:
        for t in range(s.periods):
            for i in range(valid):
                o.market_index[t, path + i] = exp(market[2, t, i])
                o.deflator[t, path + i] = market[3, t, i]
                o.inflation_index[t, path + i] = market[4, t, i]


@spliced
def run_group(
    s: Structure,
    strategies: Strategies,
    p: Parameters,
    outputs: Outputs,
    notes: Notes,
    all_sums: Sums,
    workspace: Group,
    levers: Levers,
    executives: Executives,
    group: int,
    k: int,
    repeated: bool,
    b: Block,
    d: Draws,
) -> None:
    """One group in strategy k, after the costs of the levels; repeated: its results are those of the
    baseline.
    """
    o, n, sums = outputs_of(outputs, k), notes_of(notes, k), sums_of(all_sums, k)
    st = one_strategy(strategies, k)
    if group == 0:
        for item in range(s.level.shape[0]):
            if item != s.sponsor_item or strategies.terms[k, TERM.programme, 0] == 1.0:
                charge_levels(s, p, o, n, sums, b, item, b.scratch)
    if repeated:
        repeat_group(s, st, workspace, levers, group, outputs_of(outputs, 0), o, n, sums, b)
    else:
        x = executives_of(strategies, executives, k)
        simulate_group(s, st, p, workspace, levers, x, group, o, n, sums, b, d)


@launch
def run_blocks(
    s: Structure,
    strategies: Strategies,
    p: Parameters,
    outputs: Outputs,
    notes: Notes,
    all_sums: Sums,
    workspace: Group,
    levers: Levers,
    executives: Executives,
    flows: Floats,
    lane_arrays: Floats,
    series: Floats,
    chunk_path: int,
    paths: int,
    lanes: int,
    first_group: int,
    last_group: int,
    detail: int,
    booked: int,
    stream: int,
    k0: np.uint64,
    k1: np.uint64,
    stop: Integers,
) -> None:
    """The blocks of a chunk, one after the other. lane_arrays [.., lane] and series [.., period, lane] are
    scratch; flows as in `Block`.
    """
    count = strategies.touched.shape[0]
    industries_count = s.industry_count
    lane, scratch, economy = lane_arrays[0], lane_arrays[3:13], lane_arrays[13 : 13 + ECONOMY_COUNT]
    market, totals = series[:5], series[5 : 5 + 2 * count]
    first = 5 + 2 * count
    draws, industries = series[first : first + industries_count], series[first + industries_count :]
    # every path of a strategy is wanted: all groups are simulated again
    again = detail > 1 or notes.items.cash_flow.shape[3] > 0
    batch = s.groups[GROUP.member_start, first_group] if last_group > first_group else 0
    for lo in range(0, paths, lanes):
        if stop[0] != 0:
            return
        valid, path = min(lanes, paths - lo), chunk_path + lo
        d = Draws(k0, k1, stream, np.uint64(path))
        read_member(p, ECONOMY_TABLE, 0, lo, economy)
        simulate_market(s, economy, d, market, scratch)
        simulate_industries(s, p, lo, d, draws, industries, scratch)
        if first_group == 0:
            write_economy(s, outputs_of(outputs, 0), market, path, valid)
        for k in range(count):
            for t in range(s.periods):
                copy(outputs.cash_flow[k, t, path : path + valid], totals[2 * k, t])
                copy(outputs.sales[k, t, path : path + valid], totals[2 * k + 1, t])
        for group in range(first_group, last_group):
            # the baseline, then strategies that repeat it, then those that change something
            for turn in range(2 * count):
                k = turn % count
                changing = k > 0 and (again or strategies.touched[k, group] == 1)
                if (turn >= count) != changing:
                    continue
                b = Block(
                    economy,
                    market,
                    draws,
                    industries,
                    totals[2 * k : 2 * k + 2],
                    lane,
                    lane_arrays[1],
                    lane_arrays[2],
                    lo,
                    path,
                    valid,
                    detail,
                    batch,
                    booked,
                    1 if k == 0 and count > 1 and not again else 0,
                    flows,
                    scratch,
                )
                run_group(
                    s,
                    strategies,
                    p,
                    outputs,
                    notes,
                    all_sums,
                    workspace,
                    levers,
                    executives,
                    group,
                    k,
                    k > 0 and not changing,
                    b,
                    d,
                )
        for k in range(count):
            for t in range(s.periods):
                copy(totals[2 * k, t], outputs.cash_flow[k, t, path : path + valid])
                copy(totals[2 * k + 1, t], outputs.sales[k, t, path : path + valid])


def simulate_chunk(
    s: Structure,
    strategies: Strategies,
    p: Parameters,
    o: Outputs,
    n: Notes,
    sums: Sums,
    chunk_path: int,
    paths: int,
    lanes: int,
    first_group: int,
    last_group: int,
    detail: int,
    booked: int,
    stream: int,
    k0: np.uint64,
    k1: np.uint64,
    stop: Integers,
) -> None:
    """Simulate groups first_group..last_group-1 on the paths chunk_path..chunk_path+paths-1, block by
    block.

    `p` holds the parameters of the chunk's paths (at least `paths`, rounded up to whole blocks). Writes
    into `o` at the paths' places and adds to `sums`. detail: 0 present values and totals only, 1 sums by
    customer and period too, 2 and every path of the bands. booked: 1 books every item. Totals by period
    are read from `o` and carried on, so that any split of the groups gives the same bits. Segment and
    company flows belong to the call with first_group 0. stop[0] != 0 ends the chunk early. Outputs, notes and
    sums have a leading axis of strategies; groups that a strategy does not touch repeat the baseline, but for
    the sums over paths and where every path is recorded.
    """
    lane_arrays = np.zeros((13 + ECONOMY_COUNT, lanes))
    count = strategies.touched.shape[0]
    series = np.zeros((5 + 2 * count + 2 * s.industry_count, s.periods, lanes))
    workspace = allocate_group(s, lanes)
    members = workspace.state.shape[0] if count > 1 else 0
    run_blocks(
        s,
        strategies,
        p,
        o,
        n,
        sums,
        workspace,
        allocate_levers(s, lanes),
        allocate_executives(s, strategies, lanes),
        np.zeros((3, members, s.periods, lanes)),
        lane_arrays,
        series,
        chunk_path,
        paths,
        lanes,
        first_group,
        last_group,
        detail,
        booked,
        stream,
        k0,
        k1,
        stop,
    )
