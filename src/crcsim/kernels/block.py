"""What Python calls: a chunk of paths, block by block, group by group (`group` orders the stages)."""

import numpy as np

from crcsim.kernels.accelerate import entry, stage
from crcsim.kernels.arrays import (
    CUSTOMER_ROWS,
    ECONOMY_ROWS,
    ECONOMY_TABLE,
    FACT,
    FLOW,
    GROUP,
    LINE_FACT_ROWS,
    LINE_ROWS,
    LINE_STATE,
    MARK,
    NOTICE_STATE,
    STATE,
    Block,
    Books,
    Draws,
    Floats,
    Group,
    Integers,
    Outputs,
    Parameters,
    Structure,
    Sums,
)
from crcsim.kernels.cash import charge_levels
from crcsim.kernels.costs import count, other_row
from crcsim.kernels.group import simulate_group
from crcsim.kernels.lanes import copy, read_member
from crcsim.kernels.market import simulate_industries, simulate_market
from crcsim.kernels.maths import exp

CUSTOMER_COUNT, ECONOMY_COUNT, LINE_COUNT = len(CUSTOMER_ROWS), len(ECONOMY_ROWS), len(LINE_ROWS)
LINE_FACT_COUNT = len(LINE_FACT_ROWS)
STATE_COUNT, MARK_COUNT, LINE_STATE_COUNT = len(STATE), len(MARK), len(LINE_STATE)
FLOW_COUNT, NOTICE_STATE_COUNT = len(FLOW), len(NOTICE_STATE)


@entry
def allocate_books(s: Structure, lanes: int) -> Books:
    """Lane arrays for the flows and costs of the largest coupling group."""
    flows, notices, notice_lines, investments = 1, 1, 1, 1
    for group in range(s.groups.shape[1]):
        for place in range(s.groups[GROUP.member_start, group], s.groups[GROUP.member_end, group]):
            customer = s.group_customer[place]
            lines = count(s.customers, FACT.line_start, FACT.line_end, customer)
            own = count(s.customers, FACT.notice_start, FACT.notice_end, customer)
            paid = count(s.customers, FACT.investment_start, FACT.investment_end, customer)
            flows = max(flows, other_row(s.customers, customer) + FLOW_COUNT)
            notices = max(notices, s.customers[FACT.group_notice, customer] + own)
            notice_lines = max(notice_lines, s.customers[FACT.group_notice_line, customer] + own * lines)
            investments = max(investments, s.customers[FACT.group_investment, customer] + paid)
    return Books(
        np.zeros((flows, lanes)),
        np.zeros((flows, lanes)),
        np.zeros((notices, NOTICE_STATE_COUNT, lanes)),
        np.zeros((2, notice_lines, lanes)),
        np.zeros((investments, lanes)),
    )


@entry
def allocate_group(s: Structure, lanes: int) -> Group:
    """Lane arrays for the largest coupling group."""
    members, lines, mergers = 1, 1, 1
    for group in range(s.groups.shape[1]):
        size, lines_of_group = 0, 0
        for place in range(s.groups[GROUP.member_start, group], s.groups[GROUP.member_end, group]):
            customer = s.group_customer[place]
            size += 1
            lines_of_group += count(s.customers, FACT.line_start, FACT.line_end, customer)
        members, lines = max(members, size), max(lines, lines_of_group)
        mergers = max(mergers, s.groups[GROUP.merger_end, group] - s.groups[GROUP.merger_start, group])
    return Group(
        np.zeros((members, CUSTOMER_COUNT, lanes)),
        np.zeros((members, STATE_COUNT, lanes)),
        np.zeros((members, MARK_COUNT, lanes), dtype=np.int64),
        np.zeros((lines, LINE_COUNT, lanes)),
        np.zeros((lines, LINE_STATE_COUNT, lanes)),
        np.zeros(members + 1, dtype=np.int64),
        np.zeros((LINE_FACT_COUNT, lines), dtype=np.int64),
        np.zeros((mergers, lanes)),
        allocate_books(s, lanes),
    )


@stage
def write_economy(s: Structure, o: Outputs, market: Floats, path: int, valid: int) -> None:
    """Keep market index, deflator and price index where they are asked for."""
    if o.market_index.shape[1] > 0:
        for t in range(s.periods):
            for i in range(valid):
                o.market_index[t, path + i] = exp(market[2, t, i])
                o.deflator[t, path + i] = market[3, t, i]
                o.inflation_index[t, path + i] = market[4, t, i]


@stage
def run_blocks(
    s: Structure,
    p: Parameters,
    o: Outputs,
    sums: Sums,
    workspace: Group,
    lane_arrays: Floats,
    series: Floats,
    chunk_path: int,
    paths: int,
    lanes: int,
    first_group: int,
    last_group: int,
    detail: int,
    cascade: int,
    stream: int,
    k0: np.uint64,
    k1: np.uint64,
    stop: Integers,
) -> None:
    """The blocks of a chunk, one after the other. lane_arrays [.., lane] and series [.., period, lane] are
    scratch.
    """
    industries_count = s.industry_count
    lane, scratch, economy = lane_arrays[0], lane_arrays[3:12], lane_arrays[12 : 12 + ECONOMY_COUNT]
    market, totals = series[:5], series[5:7]
    draws, industries = series[7 : 7 + industries_count], series[7 + industries_count :]
    batch = s.groups[GROUP.member_start, first_group] if last_group > first_group else 0
    for lo in range(0, paths, lanes):
        if stop[0] != 0:
            return
        valid, path = min(lanes, paths - lo), chunk_path + lo
        d = Draws(k0, k1, stream, np.uint64(path))
        read_member(p, ECONOMY_TABLE, 0, lo, economy)
        simulate_market(s, economy, d, market, scratch)
        simulate_industries(s, p, lo, d, draws, industries, scratch)
        for t in range(s.periods):
            copy(o.cash_flow[t, path : path + valid], totals[0, t])
            copy(o.sales[t, path : path + valid], totals[1, t])
        b = Block(
            economy,
            market,
            draws,
            industries,
            totals,
            lane,
            lane_arrays[1],
            lane_arrays[2],
            lo,
            path,
            valid,
            detail,
            batch,
            cascade,
        )
        if first_group == 0:
            for item in range(s.level.shape[0]):
                charge_levels(s, p, o, sums, b, item, scratch)
            write_economy(s, o, market, path, valid)
        for group in range(first_group, last_group):
            simulate_group(s, p, workspace, group, o, sums, b, d)
        for t in range(s.periods):
            copy(totals[0, t], o.cash_flow[t, path : path + valid])
            copy(totals[1, t], o.sales[t, path : path + valid])


@entry
def simulate_chunk(
    s: Structure,
    p: Parameters,
    o: Outputs,
    sums: Sums,
    chunk_path: int,
    paths: int,
    lanes: int,
    first_group: int,
    last_group: int,
    detail: int,
    cascade: int,
    stream: int,
    k0: np.uint64,
    k1: np.uint64,
    stop: Integers,
) -> None:
    """Simulate groups first_group..last_group-1 on the paths chunk_path..chunk_path+paths-1, block by
    block.

    `p` holds the parameters of the chunk's paths (at least `paths`, rounded up to whole blocks). Writes
    into `o` at the paths' places and adds to `sums`. detail: 0 present values and totals only, 1 sums by
    customer and period too, 2 and every path of the bands. cascade: 1 books every item. Totals by period
    are read from `o` and carried on, so that any split of the groups gives the same bits. Segment and
    company flows belong to the call with first_group 0. stop[0] != 0 ends the chunk early.
    """
    lane_arrays = np.zeros((12 + ECONOMY_COUNT, lanes))
    series = np.zeros((7 + 2 * s.industry_count, s.periods, lanes))
    workspace = allocate_group(s, lanes)
    run_blocks(
        s,
        p,
        o,
        sums,
        workspace,
        lane_arrays,
        series,
        chunk_path,
        paths,
        lanes,
        first_group,
        last_group,
        detail,
        cascade,
        stream,
        k0,
        k1,
        stop,
    )
