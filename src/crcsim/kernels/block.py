"""What Python calls: a chunk of paths, block by block, group by group (`group` orders the stages)."""

import numpy as np

from crcsim.kernels.accelerate import launch, spliced, stage
from crcsim.kernels.arrays import (
    Block,
    Books,
    Draws,
    Executives,
    Floats,
    Group,
    Integers,
    Items,
    Levers,
    Notes,
    Outputs,
    Parameters,
    Strategies,
    Strategy,
    Structure,
    Sums,
)
from crcsim.kernels.cash import charge_levels
from crcsim.kernels.group import repeat_group, simulate_group
from crcsim.kernels.lanes import copy, read_member
from crcsim.kernels.market import simulate_industries, simulate_market
from crcsim.kernels.maths import exp
from crcsim.kernels.rows import (
    CUSTOMER_ROWS,
    ECONOMY_ROWS,
    ECONOMY_TABLE,
    EFFECT,
    EXECUTIVE,
    FACT,
    FLOW,
    FULL_SERVICE,
    GROUP,
    LEVER,
    LEVER_STATE,
    LINE_FACT_ROWS,
    LINE_ROWS,
    LINE_STATE,
    MARK,
    NOTICE,
    PHASES,
    PRODUCT_STATE,
    ROLE_COUNT,
    ROLE_STATE,
    STATE,
    TERM,
)

CUSTOMER_COUNT, ECONOMY_COUNT, LINE_COUNT = len(CUSTOMER_ROWS), len(ECONOMY_ROWS), len(LINE_ROWS)
LINE_FACT_COUNT = len(LINE_FACT_ROWS)
STATE_COUNT, MARK_COUNT, LINE_STATE_COUNT = len(STATE), len(MARK), len(LINE_STATE)
FLOW_COUNT = len(FLOW)


def allocate_group(s: Structure, lanes: int) -> Group:
    """Lane arrays for the largest coupling group, and for the flows and costs of the largest one."""
    members = s.groups[GROUP.member_end] - s.groups[GROUP.member_start]
    mergers = s.groups[GROUP.merger_end] - s.groups[GROUP.merger_start]
    facts = s.customers
    lines = facts[FACT.line_end] - facts[FACT.line_start]
    notices = facts[FACT.notice_end] - facts[FACT.notice_start]
    investments = facts[FACT.investment_end] - facts[FACT.investment_start]
    group = np.repeat(np.arange(members.shape[0]), members)
    lines_of_group = np.bincount(group, weights=lines[s.group_customer]).astype(np.int64)
    ratios, charges, reserves = (
        facts[FACT.ratio_end] - facts[FACT.ratio_start],
        facts[FACT.charge_end] - facts[FACT.charge_start],
        facts[FACT.reserve_end] - facts[FACT.reserve_start],
    )
    rows = largest(facts[FACT.flow_row] + 5 * lines + ratios + charges + reserves + FLOW_COUNT)
    size = largest(members)
    series = largest(s.groups[GROUP.series_end] - s.groups[GROUP.series_start])
    books = Books(
        np.zeros((series, lanes)),
        np.zeros((series, lanes)),
        np.zeros((len(PHASES), series, lanes)),
        np.zeros((rows, lanes)),
        np.zeros((rows if size > 1 else 1, lanes)),
        np.zeros((rows, lanes)),
        np.zeros((size, 2, lanes)),
        np.zeros((size, 2, 2, s.notice_ring, lanes)),
        np.zeros((size, 2, 2, lanes)),
        np.zeros((len(NOTICE), largest(facts[FACT.group_notice_line] + notices * lines), lanes)),
        np.zeros((largest(facts[FACT.group_investment] + investments), lanes)),
    )
    return Group(
        np.zeros((size, CUSTOMER_COUNT, lanes)),
        np.zeros((size, STATE_COUNT, lanes)),
        np.zeros((size, MARK_COUNT, lanes), dtype=np.int64),
        np.zeros((largest(lines_of_group), LINE_COUNT, lanes)),
        np.zeros((largest(lines_of_group), LINE_STATE_COUNT, lanes)),
        np.zeros(size + 1, dtype=np.int64),
        np.zeros((LINE_FACT_COUNT, largest(lines_of_group)), dtype=np.int64),
        np.zeros((largest(mergers), lanes)),
        books,
        0,
        0,
        0,
    )


def allocate_levers(s: Structure, lanes: int) -> Levers:
    """Lane arrays for what a strategy changes in the largest group."""
    groups = s.groups
    levers = largest(groups[GROUP.slot_of_lever_end] - groups[GROUP.slot_of_lever_start])
    products = largest(groups[GROUP.product_end] - groups[GROUP.product_start])
    return Levers(
        np.zeros((levers, len(LEVER_STATE), lanes)),
        np.zeros((levers, len(LEVER), lanes)),
        np.zeros((largest(groups[GROUP.effect_end] - groups[GROUP.effect_start]), len(EFFECT), lanes)),
        np.zeros((products, len(PRODUCT_STATE), lanes)),
        np.zeros((largest(groups[GROUP.member_end] - groups[GROUP.member_start]), len(FULL_SERVICE), lanes)),
    )


def allocate_executives(s: Structure, strategies: Strategies, lanes: int) -> Executives:
    """Lane arrays for the executives of the largest group; small ones where no strategy has any."""
    served = int(np.max(strategies.role, initial=-1)) >= 0
    members = largest(s.groups[GROUP.member_end] - s.groups[GROUP.member_start]) if served else 1
    return Executives(
        strategies.role[0],
        strategies.terms[0],
        np.zeros((members, len(EXECUTIVE), lanes)),
        np.zeros((members, len(ROLE_STATE), lanes)),
        np.zeros((members, 2, s.concession_ring, lanes)),
        np.zeros((ROLE_COUNT, lanes)),
    )


def largest(counts: Integers) -> int:
    """The largest of some counts, at least 1."""
    return max(1, int(np.max(counts, initial=1)))


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
def one_strategy(st: Strategies, k: int) -> Strategy:
    """One of the strategies of a run."""
    return Strategy(
        st.touched[k],
        st.run[k],
        st.start[k],
        st.trigger[k],
        st.response[k],
        st.spend[k],
        st.lasting[k],
        st.arriving[k],
        st.maintenance,
        st.drop[k],
    )


@spliced
def executives_of(st: Strategies, w: Executives, k: int) -> Executives:
    """What one strategy says of executives, with the workspace for them."""
    return Executives(st.role[k], st.terms[k], w.parameters, w.state, w.concessions, w.taken)


@spliced
def outputs_of(o: Outputs, k: int) -> Outputs:
    """Outputs of one strategy."""
    return Outputs(
        o.npv[k],
        o.horizon_value[k],
        o.level_npv[k],
        o.cash_flow[k],
        o.sales[k],
        o.end_cause[k],
        o.end_period[k],
        o.market_index,
        o.deflator,
        o.inflation_index,
        o.band_totals[k],
        o.bands[k],
        o.relations[k],
        o.relation_place,
    )


@spliced
def notes_of(n: Notes, k: int) -> Notes:
    """Bookings of one strategy."""
    items = n.items
    return Notes(
        n.cascade,
        Items(items.total[k], items.customers[k], items.levels[k], items.products[k], items.cash_flow[k]),
    )


@spliced
def sums_of(sums: Sums, k: int) -> Sums:
    """Sums of one strategy."""
    return Sums(
        sums.quantities[k],
        sums.series_values[k],
        sums.series_flows[k],
        sums.series_phases[k],
        sums.horizon_margin[k],
    )


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
