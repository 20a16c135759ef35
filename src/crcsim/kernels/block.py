"""The order of the stages: one block of lanes through all groups, periods and customers.

Per period: draws, business index, wallet, share, exits, cash. Under the flow timing `begin` cash comes
first, because its flow stands at the first day of the period, before the period's growth and exits.
"""

import numpy as np

from crcsim.kernels.accelerate import entry, inline, stage
from crcsim.kernels.arrays import (
    BEGIN,
    CUSTOMER,
    CUSTOMER_ROWS,
    ECONOMY,
    ECONOMY_ROWS,
    ECONOMY_TABLE,
    FACT,
    GROUP,
    LINE_FACT_ROWS,
    LINE_ROWS,
    LINE_STATE,
    LOADING,
    LOADING_TABLE,
    MARK,
    STATE,
    Draws,
    Floats,
    Group,
    Integers,
    Outputs,
    Parameters,
    Structure,
    Sums,
)
from crcsim.kernels.cash import (
    add_lanes,
    book_to_buyers,
    charge_levels,
    discount,
    earn,
    follow_owners,
    lowest_margin,
    measure_wallet,
    share_of_wallet,
    start_working_capital,
    sum_lanes,
    value_after_horizon,
)
from crcsim.kernels.exits import follow_success, merge_targets, prepare_exits, resolve_exits, tenure_hazard
from crcsim.kernels.lanes import copy, fill, read_member, read_row
from crcsim.kernels.lifecycle import end_acquisition, start_group
from crcsim.kernels.market import simulate_industries, simulate_market
from crcsim.kernels.rng import counter_word, fill_draws
from crcsim.kernels.share import step_lines_share
from crcsim.kernels.wallet import add_industry, business_shock, step_business, step_lines_wallet

CUSTOMER_COUNT, ECONOMY_COUNT, LINE_COUNT = len(CUSTOMER_ROWS), len(ECONOMY_ROWS), len(LINE_ROWS)
LINE_FACT_COUNT = len(LINE_FACT_ROWS)
STATE_COUNT, MARK_COUNT, LINE_STATE_COUNT = len(STATE), len(MARK), len(LINE_STATE)


@entry
def allocate_group(s: Structure, lanes: int) -> Group:
    """Lane arrays for the largest coupling group."""
    members, lines, mergers = 1, 1, 1
    for group in range(s.groups.shape[1]):
        size, count = 0, 0
        for place in range(s.groups[GROUP.member_start, group], s.groups[GROUP.member_end, group]):
            customer = s.group_customer[place]
            size += 1
            count += s.customers[FACT.line_end, customer] - s.customers[FACT.line_start, customer]
        members, lines = max(members, size), max(lines, count)
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
    )


@inline
def members_only(w: Group, members: int) -> Group:
    """The group's own part of the workspace."""
    return Group(
        w.parameters[:members],
        w.state[:members],
        w.marks[:members],
        w.line_parameters,
        w.lines,
        w.line_start,
        w.line_facts,
        w.merger_hazard,
    )


@inline
def step_customer(
    s: Structure,
    p: Parameters,
    g: Group,
    member: int,
    customer: int,
    economy: Floats,
    market: Floats,
    industries: Floats,
    d: Draws,
    lo: int,
    t: int,
    lane: Floats,
) -> None:
    """Draws, business index, wallet and share of one customer in period t (counted from 0)."""
    state, customer_rows = g.state[member], g.parameters[member]
    entity = 1 + s.industry_count + customer
    low, high = s.words[entity, 0], s.words[entity, 1]
    word = counter_word(t + 1, 0, d.stream)
    normal, share_normal, uniform = state[STATE.normal], state[STATE.share_normal], state[STATE.uniform]
    fill_draws(d.path, low, high, word, d.k0, d.k1, normal, share_normal, uniform)
    business_shock(
        customer_rows[CUSTOMER.beta],
        market[1, t],
        customer_rows[CUSTOMER.shock_scale],
        normal,
        state[STATE.shock],
    )
    for loading in range(s.customers[FACT.loading_start, customer], s.customers[FACT.loading_end, customer]):
        read_row(p, LOADING_TABLE, LOADING.loading, loading, lo, lane)
        add_industry(lane, industries[s.loading_industry[loading], t], state[STATE.shock])
    step_business(customer_rows, state, economy, s.regimes)
    step_lines_wallet(g, member, d, low, high, t + 1)
    step_lines_share(g, member, d, low, high, t + 1)


@inline
def exit_group(
    s: Structure,
    g: Group,
    group: int,
    members: int,
    market: Floats,
    industry_draws: Floats,
    economy: Floats,
    d: Draws,
    t: int,
) -> None:
    """Exits of all members in period t; then who sells under whom."""
    mergers = s.groups[GROUP.merger_end, group] > s.groups[GROUP.merger_start, group]
    if mergers:
        for member in range(members):
            copy(g.state[member, STATE.alive], g.state[member, STATE.alive_before])
    start = s.groups[GROUP.member_start, group]
    for member in range(members):
        customer = s.group_customer[start + member]
        if s.customers[FACT.events, customer] == 1:
            factor = market[0, t]
            if s.customers[FACT.event_factor, customer] > 0:
                factor = industry_draws[s.customers[FACT.event_factor, customer] - 1, t]
            prepare_exits(s, g, group, member, customer, factor, d, t + 1)
    if mergers:
        for member in range(members):
            correlated = s.customers[FACT.event_factor, s.group_customer[start + member]] >= 0
            merge_targets(s, g, group, member, correlated, t + 1)
    for member in range(members):
        customer = s.group_customer[start + member]
        if s.customers[FACT.events, customer] == 1:
            resolve_exits(s, g, member, customer, d, t + 1)
        if s.customers[FACT.success, customer] == 1:
            follow_success(g.parameters[member], g.state[member], economy, s.regimes)
    if mergers:
        follow_owners(g)


@inline
def earn_group(
    s: Structure,
    g: Group,
    group: int,
    members: int,
    o: Outputs,
    sums: Sums,
    economy: Floats,
    market: Floats,
    totals: Floats,
    t: int,
    valid: int,
    path: int,
    detail: int,
    batch: int,
    lane: Floats,
) -> None:
    """Cash of all members in period t, booked, discounted and summed. totals [cash flow or sales, period,
    lane].
    """
    for member in range(members):
        customer = s.group_customer[s.groups[GROUP.member_start, group] + member]
        earn(s, g, member, customer, market[4, t], economy[ECONOMY.keep], s.timing != BEGIN or t > 0)
        if detail > 0:
            measure_wallet(g, member)
    if s.groups[GROUP.merger_end, group] > s.groups[GROUP.merger_start, group]:
        book_to_buyers(g)
    for member in range(members):
        customer = s.group_customer[s.groups[GROUP.member_start, group] + member]
        state = g.state[member]
        discount(g.parameters[member], state, economy, market[3, t], totals[0, t])
        add_lanes(totals[1, t], state[STATE.sales])
        if detail > 0:
            share_of_wallet(state, lane)
            sum_customer(state, lane, valid, sums, customer, t)
        if detail > 1:
            record_customer(
                o, state, lane, s.groups[GROUP.member_start, group] + member - batch, t, path, valid
            )


@stage
def sum_customer(state: Floats, share: Floats, valid: int, sums: Sums, customer: int, t: int) -> None:
    """Add a customer's period to the sums over paths, quantities as in QUANTITIES."""
    sum_lanes(state[STATE.cash], valid, sums.lanes[0, customer, t])
    sum_lanes(state[STATE.sales], valid, sums.lanes[1, customer, t])
    sum_lanes(state[STATE.wallet], valid, sums.lanes[2, customer, t])
    sum_lanes(share, valid, sums.lanes[3, customer, t])
    sum_lanes(state[STATE.selling], valid, sums.lanes[4, customer, t])


@stage
def record_customer(
    o: Outputs, state: Floats, share: Floats, place: int, t: int, path: int, valid: int
) -> None:
    """Keep the paths of one customer for the bands; wallet and share are NaN where nothing is sold."""
    for i in range(valid):
        if path + i >= o.bands.shape[3]:
            return
        selling = state[STATE.selling, i]
        o.bands[0, place, t, path + i] = state[STATE.cash, i]
        o.bands[1, place, t, path + i] = state[STATE.sales, i]
        o.bands[2, place, t, path + i] = state[STATE.wallet, i] if selling > 0.5 else np.nan
        o.bands[3, place, t, path + i] = share[i] if selling > 0.5 else np.nan
        o.band_totals[0, t, path + i] += state[STATE.wallet, i]
        o.band_totals[1, t, path + i] += state[STATE.volume, i]
        o.band_totals[2, t, path + i] += selling


@stage
def last_flow_factor(
    p: Floats, state: Floats, economy: Floats, deflator: Floats, discounting: int, out: Floats
) -> None:
    """Discount factor of the last flow; the running factors already stand one period further."""
    for i in range(out.shape[0]):
        if discounting == 0:
            out[i] = state[STATE.wacc, i] / p[CUSTOMER.discount_step, i]
        elif discounting == 1:
            out[i] = state[STATE.risk_free, i] / economy[ECONOMY.risk_free_step, i]
        else:
            out[i] = deflator[i]


@stage
def add_horizon_value(
    s: Structure,
    g: Group,
    member: int,
    customer: int,
    o: Outputs,
    sums: Sums,
    economy: Floats,
    market: Floats,
    path: int,
    valid: int,
    lane: Floats,
) -> None:
    """Value after the horizon of one customer under the three discountings."""
    state, p = g.state[member], g.parameters[member]
    for place in range(3):
        last_flow_factor(p, state, economy, market[3, s.periods - 1], place, lane)
        ratio = p[CUSTOMER.horizon_ratio_deflator] if place == 2 else p[CUSTOMER.horizon_ratio]
        value = state[STATE.scratch]
        value_after_horizon(p, state, ratio, lane, value)
        add_lanes(state[STATE.npv_wacc + place], value)
        copy(value, o.horizon_value[place, customer, path : path + valid])
        margin = lowest_margin(state, valid, s.step)
        sums.horizon_margin[customer] = min(sums.horizon_margin[customer], margin)


@stage
def look_beyond(
    s: Structure,
    g: Group,
    group: int,
    members: int,
    o: Outputs,
    sums: Sums,
    economy: Floats,
    market: Floats,
    t: int,
    path: int,
    valid: int,
    lane: Floats,
) -> None:
    """After the last flow: the value of all that follows it, for the relations that are active at that
    flow.
    """
    if s.horizon == 0 or t + 1 < s.periods:
        return
    start = s.groups[GROUP.member_start, group]
    for member in range(members):
        customer = s.group_customer[start + member]
        if s.customers[FACT.tenure, customer] == 1:
            tenure_hazard(g.parameters[member], g.state[member], g.marks[member, MARK.phase], s.step)
        add_horizon_value(s, g, member, customer, o, sums, economy, market, path, valid, lane)


@stage
def write_customer(g: Group, member: int, customer: int, o: Outputs, path: int, valid: int) -> None:
    """Present values and the end of one customer."""
    state, marks = g.state[member], g.marks[member]
    for place in range(3):
        copy(state[STATE.npv_wacc + place], o.npv[place, customer, path : path + valid])
    for i in range(valid):
        o.end_cause[customer, path + i] = marks[MARK.cause, i]
        o.end_period[customer, path + i] = marks[MARK.period, i]


@inline
def run_periods(
    s: Structure,
    p: Parameters,
    g: Group,
    group: int,
    members: int,
    o: Outputs,
    sums: Sums,
    economy: Floats,
    market: Floats,
    draws: Floats,
    industries: Floats,
    totals: Floats,
    d: Draws,
    lo: int,
    path: int,
    valid: int,
    detail: int,
    batch: int,
    lane: Floats,
) -> None:
    """The periods of a group: growth and exits of a period come before its flow, under `begin` after it."""
    begin = s.timing == BEGIN
    start = s.groups[GROUP.member_start, group]
    for t in range(s.periods + 1):
        flow = t if begin else t - 1
        if begin:
            end_acquisitions(s, g, start, members, t)
        if 0 <= flow < s.periods:
            earn_group(
                s, g, group, members, o, sums, economy, market, totals, flow, valid, path, detail, batch, lane
            )
            look_beyond(s, g, group, members, o, sums, economy, market, flow, path, valid, lane)
        if not begin:
            end_acquisitions(s, g, start, members, t)
        if t < s.periods:
            for member in range(members):
                customer = s.group_customer[start + member]
                step_customer(s, p, g, member, customer, economy, market, industries, d, lo, t, lane)
            exit_group(s, g, group, members, market, draws, economy, d, t)


@stage
def end_acquisitions(s: Structure, g: Group, start: int, members: int, done: int) -> None:
    """After so many periods, those who have spent as long as they wanted on a prospect stop."""
    for member in range(members):
        if done == s.customers[FACT.acquisition_periods, s.group_customer[start + member]]:
            end_acquisition(g, member)


@inline
def simulate_group(
    s: Structure,
    p: Parameters,
    w: Group,
    group: int,
    o: Outputs,
    sums: Sums,
    economy: Floats,
    market: Floats,
    draws: Floats,
    industries: Floats,
    totals: Floats,
    d: Draws,
    lo: int,
    path: int,
    valid: int,
    detail: int,
    batch: int,
    lane: Floats,
) -> None:
    """All periods of one coupling group on one block."""
    start = s.groups[GROUP.member_start, group]
    g = members_only(w, s.groups[GROUP.member_end, group] - start)
    members = g.state.shape[0]
    start_group(s, p, group, lo, economy, g)
    for member in range(members):
        start_working_capital(s, g, member, s.group_customer[start + member])
    if members == 1:  # most groups; with one member known, addresses of its rows stay in registers
        run_periods(
            s,
            p,
            g,
            group,
            1,
            o,
            sums,
            economy,
            market,
            draws,
            industries,
            totals,
            d,
            lo,
            path,
            valid,
            detail,
            batch,
            lane,
        )
    else:
        run_periods(
            s,
            p,
            g,
            group,
            members,
            o,
            sums,
            economy,
            market,
            draws,
            industries,
            totals,
            d,
            lo,
            path,
            valid,
            detail,
            batch,
            lane,
        )
    for member in range(members):
        write_customer(g, member, s.group_customer[start + member], o, path, valid)


@stage
def charge_all_levels(
    s: Structure,
    p: Parameters,
    o: Outputs,
    economy: Floats,
    market: Floats,
    totals: Floats,
    lo: int,
    path: int,
    valid: int,
    scratch: Floats,
) -> None:
    """Segment and company flows of one block."""
    for item in range(s.level.shape[0]):
        values = scratch[5:8]
        for row in range(3):
            fill(values[row], 0.0)
        charge_levels(s, p, lo, economy, market, item, totals[0], values, scratch[:5])
        for row in range(3):
            for i in range(valid):
                o.level_npv[row, s.level[item], path + i] += values[row, i]


@stage
def write_economy(s: Structure, o: Outputs, market: Floats, path: int, valid: int) -> None:
    """Keep market index, deflator and price index where they are asked for."""
    if o.market_index.shape[1] > 0:
        for t in range(s.periods):
            for i in range(valid):
                o.market_index[t, path + i] = np.exp(market[2, t, i])
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
    stream: int,
    k0: np.uint64,
    k1: np.uint64,
    stop: Integers,
) -> None:
    """The blocks of a chunk, one after the other. lane_arrays [.., lane] and series [.., period, lane] are
    scratch.
    """
    industries_count = s.industry_count
    lane, scratch, economy = lane_arrays[0], lane_arrays[1:10], lane_arrays[10 : 10 + ECONOMY_COUNT]
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
        if first_group == 0:
            charge_all_levels(s, p, o, economy, market, totals, lo, path, valid, scratch)
            write_economy(s, o, market, path, valid)
        for group in range(first_group, last_group):
            simulate_group(
                s,
                p,
                workspace,
                group,
                o,
                sums,
                economy,
                market,
                draws,
                industries,
                totals,
                d,
                lo,
                path,
                valid,
                detail,
                batch,
                lane,
            )
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
    stream: int,
    k0: np.uint64,
    k1: np.uint64,
    stop: Integers,
) -> None:
    """Simulate groups first_group..last_group-1 on the paths chunk_path..chunk_path+paths-1, block by
    block.

    `p` holds the parameters of the chunk's paths (at least `paths`, rounded up to whole blocks). Writes
    into `o` at the paths' places and adds to `sums`. detail: 0 present values and totals only, 1 sums by
    customer and period too, 2 and every path of the bands. Totals by period are read from `o` and carried
    on, so that any split of the groups gives the same bits. Segment and company flows belong to the call
    with first_group 0. stop[0] != 0 ends the chunk early.
    """
    lane_arrays = np.zeros((2 + ECONOMY_COUNT + 9, lanes))
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
        stream,
        k0,
        k1,
        stop,
    )
