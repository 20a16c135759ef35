"""The order of the stages: one coupling group through all periods on one block of lanes.

Per period: draws, business index, wallet, share, exits, cash. Under the flow timing `begin` cash comes
first, because its flow stands at the first day of the period, before the period's growth and exits.
"""

import numpy as np

from crcsim.kernels.accelerate import inline, spliced, stage
from crcsim.kernels.arrays import (
    Block,
    Draws,
    Executives,
    Floats,
    Group,
    Levers,
    Notes,
    Outputs,
    Parameters,
    Strategy,
    Structure,
    Sums,
)
from crcsim.kernels.cascade import book_group, close_books, collect_items, start_books
from crcsim.kernels.cash import (
    add_lanes,
    book_to_buyers,
    charge_programme,
    discount,
    earn,
    follow_owners,
    lowest_margin,
    measure_wallet,
    share_of_wallet,
    start_balances,
    value_after_horizon,
)
from crcsim.kernels.costs import USAGE, last_fixed_cost, last_volume_cost, step_firm
from crcsim.kernels.exits import churn_of_period, follow_success, merge_targets, prepare_exits, resolve_exits
from crcsim.kernels.lanes import copy, fill, read_row, sum_lanes
from crcsim.kernels.levers import clear_shifts, lever_of, slots, start_levers, step_levers
from crcsim.kernels.lifecycle import end_acquisition, start_group
from crcsim.kernels.products import drop_lines, fill_orders, start_products
from crcsim.kernels.rng import counter_word, fill_draws
from crcsim.kernels.roles import change_roles, guided, start_roles, step_roles
from crcsim.kernels.rows import (
    ACTIVE,
    BEGIN,
    CUSTOMER,
    ECONOMY,
    FACT,
    GROUP,
    LEVER_FACT,
    LEVER_STATE,
    LOADING,
    LOADING_TABLE,
    MARK,
    NOTICE_FACT,
    PROSPECT,
    RELATION,
    STATE,
)
from crcsim.kernels.share import step_lines_share
from crcsim.kernels.triggers import judge, start_triggers
from crcsim.kernels.wallet import add_industry, business_shock, step_business, step_lines_wallet


@spliced
def members_only(w: Group, members: int, changed: int, roles: int, plain: int) -> Group:
    """The group's own part of the workspace; changed, roles and plain as in `Group`."""
    return Group(
        w.parameters[:members],
        w.state[:members],
        w.marks[:members],
        w.line_parameters,
        w.lines,
        w.line_start,
        w.line_facts,
        w.merger_hazard,
        w.books,
        changed,
        roles,
        plain,
    )


@spliced
def unbooked(b: Block) -> Block:
    """A block in which nothing is booked."""
    return Block(
        b.economy,
        b.market,
        b.draws,
        b.industries,
        b.totals,
        b.lane,
        b.mask,
        b.factor,
        b.first,
        b.path,
        b.valid,
        b.detail,
        b.batch,
        0,
        b.keep,
        b.flows,
        b.scratch,
    )


@spliced
def step_customer(
    s: Structure, p: Parameters, g: Group, member: int, customer: int, b: Block, d: Draws, t: int
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
        b.market[1, t],
        customer_rows[CUSTOMER.shock_scale],
        normal,
        state[STATE.shock],
    )
    for loading in range(s.customers[FACT.loading_start, customer], s.customers[FACT.loading_end, customer]):
        read_row(p, LOADING_TABLE, LOADING.loading, loading, b.first, b.lane)
        add_industry(b.lane, b.industries[s.loading_industry[loading], t], state[STATE.shock])
    coupled = g.changed == 1 and s.customers[FACT.couples, customer] == 1
    step_business(customer_rows, state, b.economy, s.regimes, coupled)
    step_lines_wallet(g, member, d, low, high, t + 1)
    step_lines_share(g, member, d, low, high, t + 1)


@spliced
def exit_group(s: Structure, g: Group, group: int, members: int, b: Block, d: Draws, t: int) -> None:
    """Exits of all members in period t; then who sells under whom."""
    mergers = s.groups[GROUP.merger_end, group] > s.groups[GROUP.merger_start, group]
    if mergers:
        for member in range(members):
            copy(g.state[member, STATE.alive], g.state[member, STATE.alive_before])
    start = s.groups[GROUP.member_start, group]
    for member in range(members):
        customer = s.group_customer[start + member]
        if s.customers[FACT.events, customer] == 1:
            factor = b.market[0, t]
            if s.customers[FACT.event_factor, customer] > 0:
                factor = b.draws[s.customers[FACT.event_factor, customer] - 1, t]
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
            follow_success(g.parameters[member], g.state[member], b.economy, s.regimes)
    if mergers:
        follow_owners(g)


@spliced
def earn_group(
    s: Structure,
    st: Strategy,
    g: Group,
    v: Levers,
    x: Executives,
    group: int,
    members: int,
    o: Outputs,
    n: Notes,
    sums: Sums,
    b: Block,
    t: int,
) -> None:
    """Cash of all members in period t, booked, discounted and summed."""
    if g.plain == 0 and rationed(s, group) == 1:
        fill_orders(s, g, v, group, b.market[4, t], b.lane)
    for member in range(members):
        customer = s.group_customer[s.groups[GROUP.member_start, group] + member]
        earn(s, st, g, v, x, group, member, customer, b, t, s.timing != BEGIN or t > 0)
        if b.detail > 0:
            measure_wallet(g, member)
    if s.groups[GROUP.merger_end, group] > s.groups[GROUP.merger_start, group]:
        book_to_buyers(g)
    if b.booked == 1:
        book_group(s, g, group, members, n, sums, b, t)
    for member in range(members):
        customer = s.group_customer[s.groups[GROUP.member_start, group] + member]
        state = g.state[member]
        if b.keep == 1:
            copy(state[STATE.cash], b.flows[1, member, t])
            copy(state[STATE.sales], b.flows[2, member, t])
        discount(g.parameters[member], state, b.economy, b.market[3, t], b.totals[0, t])
        if g.plain == 0 and s.customers[FACT.company_series, customer] >= 0:
            step_firm(state[STATE.firm], b.economy[ECONOMY.wacc_step])
        add_lanes(b.totals[1, t], state[STATE.sales])
        if b.detail > 0:
            share_of_wallet(state, b.lane)
            sum_customer(state, b.lane, b.valid, sums, customer, t)
        if b.detail > 1:
            record_customer(
                o, state, b.lane, s.groups[GROUP.member_start, group] + member - b.batch, t, b.path, b.valid
            )
            if o.relation_place[customer] >= 0:
                record_relation(s, g, member, customer, o, b.lane, b, t + 1)


@stage
def sum_customer(state: Floats, share: Floats, valid: int, sums: Sums, customer: int, t: int) -> None:
    """Add a customer's period to the sums over paths, quantities as in QUANTITIES."""
    rows = state[STATE.cash], state[STATE.sales], state[STATE.wallet], share, state[STATE.selling]
    for quantity, values in enumerate(rows):
        total = sums.quantities[customer, t, quantity]
        sums.quantities[customer, t, quantity] = sum_lanes(values, valid, total)


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
def record_relation(
    s: Structure, g: Group, member: int, customer: int, o: Outputs, share: Floats, b: Block, date: int
) -> None:
    """Keep the paths of one chosen customer at the end of a period (date 0: today): its rows, then what it
    would go on to cost if it ended now.
    """
    state, marks = g.state[member], g.marks[member]
    out, place = o.relations, o.relation_place[customer]
    keep, first = b.economy[ECONOMY.keep], s.customers[FACT.notice_start, customer]
    if b.path + b.valid > out.shape[3]:
        return
    for i in range(b.valid):
        path, status = b.path + i, marks[MARK.status, i]
        held = state[STATE.receivable, i] + state[STATE.prepayment_made, i]
        owed = state[STATE.prepayment_received, i] + state[STATE.payable, i]
        out[RELATION.cash_flow, place, date, path] = state[STATE.cash, i]
        out[RELATION.contribution, place, date, path] = state[STATE.contribution, i]
        out[RELATION.working_capital, place, date, path] = held - owed
        out[RELATION.sales, place, date, path] = state[STATE.sales, i]
        out[RELATION.wallet, place, date, path] = state[STATE.wallet, i]
        out[RELATION.share, place, date, path] = share[i]
        present = status in (ACTIVE, PROSPECT)
        out[RELATION.phase, place, date, path] = marks[MARK.phase, i] if present else -1
        out[RELATION.shock, place, date, path] = state[STATE.shock, i]
        out[RELATION.normal, place, date, path] = state[STATE.normal, i]
        out[RELATION.share_normal, place, date, path] = state[STATE.share_normal, i]
        out[RELATION.uniform, place, date, path] = state[STATE.uniform, i]
        out[RELATION.event, place, date, path] = state[STATE.event, i]
    for notice in range(first, s.customers[FACT.notice_end, customer]):
        row = len(RELATION) + notice - first
        for i in range(b.valid):
            if int(s.notices[NOTICE_FACT.usage, notice]) == USAGE:
                full, noncash = last_volume_cost(s, g, customer, notice, i)
            else:
                full, noncash = last_fixed_cost(s, g, customer, notice - first, i)
            out[row, place, date, b.path + i] = full * keep[i] - noncash


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
    s: Structure, g: Group, member: int, customer: int, o: Outputs, sums: Sums, b: Block
) -> None:
    """Value after the horizon of one customer under the three discountings."""
    state, p = g.state[member], g.parameters[member]
    for place in range(3):
        last_flow_factor(p, state, b.economy, b.market[3, s.periods - 1], place, b.lane)
        ratio = p[CUSTOMER.horizon_ratio_deflator] if place == 2 else p[CUSTOMER.horizon_ratio]
        value = state[STATE.scratch]
        value_after_horizon(p, state, ratio, b.lane, value)
        add_lanes(state[STATE.npv_wacc + place], value)
        copy(value, o.horizon_value[place, customer, b.path : b.path + b.valid])
        margin = lowest_margin(state, b.valid, s.step)
        sums.horizon_margin[customer] = min(sums.horizon_margin[customer], margin)


@stage
def look_beyond(
    s: Structure, g: Group, group: int, members: int, o: Outputs, sums: Sums, b: Block, t: int
) -> None:
    """After the last flow: the value of all that follows it, for the relations that are active at that
    flow.
    """
    if s.horizon == 0 or t + 1 < s.periods:
        return
    start = s.groups[GROUP.member_start, group]
    for member in range(members):
        customer = s.group_customer[start + member]
        if s.customers[FACT.tenure, customer] == 1 or g.changed == 1:
            churn_of_period(s, g, member, customer)
        add_horizon_value(s, g, member, customer, o, sums, b)


@stage
def write_customer(
    s: Structure, g: Group, member: int, customer: int, o: Outputs, path: int, valid: int
) -> None:
    """Present values and the end of one customer, and what it leaves to the company."""
    state, marks = g.state[member], g.marks[member]
    if s.customers[FACT.company_series, customer] >= 0:
        for place in range(3):
            left = state[STATE.left_wacc + place]
            add_lanes(o.level_npv[place, s.company, path : path + valid], left[:valid])
    for place in range(3):
        copy(state[STATE.npv_wacc + place], o.npv[place, customer, path : path + valid])
    for i in range(valid):
        o.end_cause[customer, path + i] = marks[MARK.cause, i]
        o.end_period[customer, path + i] = marks[MARK.period, i]


@inline
def rationed(s: Structure, group: int) -> int:
    """1 where a product of the group has a capacity."""
    return 1 if s.groups[GROUP.product_end, group] > s.groups[GROUP.product_start, group] else 0


@spliced
def act(
    s: Structure,
    st: Strategy,
    g: Group,
    v: Levers,
    x: Executives,
    group: int,
    b: Block,
    d: Draws,
    t: int,
) -> None:
    """What a strategy does at the start of period t, by the state at the end of the last one."""
    if g.roles == 1 and t < s.periods:
        change_roles(s, x, g, group, d, t)
    if 0 < t < s.periods:
        judge(s, st, g, v, group, b, round(1.0 / s.step), t)
    drop_lines(s, st, g, v, group, b.lane, b.factor, t)


@spliced
def run_periods(
    s: Structure,
    st: Strategy,
    p: Parameters,
    g: Group,
    v: Levers,
    x: Executives,
    group: int,
    members: int,
    o: Outputs,
    n: Notes,
    sums: Sums,
    b: Block,
    d: Draws,
) -> None:
    """The periods of a group: growth and exits of a period come before its flow, under `begin` after it."""
    begin = s.timing == BEGIN
    start = s.groups[GROUP.member_start, group]
    for t in range(s.periods + 1):
        flow = t if begin else t - 1
        if begin:
            end_acquisitions(s, g, start, members, t)
            if g.changed == 1:
                act(s, st, g, v, x, group, b, d, t)
        if 0 <= flow < s.periods:
            earn_group(s, st, g, v, x, group, members, o, n, sums, b, flow)
            look_beyond(s, g, group, members, o, sums, b, flow)
        if not begin:
            end_acquisitions(s, g, start, members, t)
            if g.changed == 1:
                act(s, st, g, v, x, group, b, d, t)
        if t < s.periods:
            if g.changed == 1:
                step_levers(s, st, g, v, group, d, t)
            if g.roles == 1:
                step_roles(s, st, x, g, v, group, d, t)
            for member in range(members):
                customer = s.group_customer[start + member]
                step_customer(s, p, g, member, customer, b, d, t)
            exit_group(s, g, group, members, b, d, t)


@stage
def end_acquisitions(s: Structure, g: Group, start: int, members: int, done: int) -> None:
    """After so many periods, those who have spent as long as they wanted on a prospect stop."""
    for member in range(members):
        if done == s.customers[FACT.acquisition_periods, s.group_customer[start + member]]:
            end_acquisition(g, member)


@stage
def run_alone(
    s: Structure,
    st: Strategy,
    p: Parameters,
    w: Group,
    v: Levers,
    x: Executives,
    group: int,
    o: Outputs,
    n: Notes,
    sums: Sums,
    b: Block,
    d: Draws,
) -> None:
    """The periods of a customer that is alone in its group, has plain costs, and of which nothing is booked:
    a copy of `run_periods` from which the compiler leaves out everything else.
    """
    run_periods(s, st, p, members_only(w, 1, 0, 0, 1), v, x, group, 1, o, n, sums, unbooked(b), d)


@stage
def record_today(s: Structure, g: Group, start: int, members: int, o: Outputs, b: Block) -> None:
    """Keep what the chosen members of a group are today, before anything has happened."""
    for member in range(members):
        customer = s.group_customer[start + member]
        if o.relation_place[customer] >= 0:
            fill(b.lane, 0.0)
            record_relation(s, g, member, customer, o, b.lane, b, 0)


@spliced
def simulate_group(
    s: Structure,
    st: Strategy,
    p: Parameters,
    w: Group,
    v: Levers,
    x: Executives,
    group: int,
    o: Outputs,
    n: Notes,
    sums: Sums,
    b: Block,
    d: Draws,
) -> None:
    """All periods of one coupling group on one block."""
    start = s.groups[GROUP.member_start, group]
    changed = st.touched[group]
    roles = guided(s, changed, x, group)
    g = members_only(w, s.groups[GROUP.member_end, group] - start, changed, roles, 0)
    members = g.state.shape[0]
    start_group(s, p, group, b.first, b.economy, g)
    if s.groups[GROUP.slot_of_lever_end, group] > s.groups[GROUP.slot_of_lever_start, group]:
        start_levers(s, st, p, v, group, b.first)
    if g.changed == 1 or rationed(s, group) == 1:
        start_products(s, p, g, v, group, b.first)
    if g.changed == 1:
        clear_shifts(g)
        start_triggers(s, st, g, v, group, round(1.0 / s.step))
    if g.roles == 1:
        start_roles(s, x, p, g, group, b.first, d)
    if rationed(s, group) == 1:
        fill(b.factor, 1.0)  # prices of the valuation date
        fill_orders(s, g, v, group, b.factor, b.lane)
    for member in range(members):
        start_balances(s, g, v, member, s.group_customer[start + member])
    if b.detail > 1:
        record_today(s, g, start, members, o, b)
    if b.booked == 1:
        start_books(s, g, group, b.path < n.items.customers.shape[2])
    customer = s.group_customer[start]
    plain = b.booked + g.changed + rationed(s, group) == 0 and s.customers[FACT.plain, customer] == 1
    if members == 1 and plain:
        run_alone(s, st, p, w, v, x, group, o, n, sums, b, d)
    else:
        run_periods(s, st, p, g, v, x, group, members, o, n, sums, b, d)
    if b.booked == 1:
        close_books(s, g, group, n, sums, b)
    for member in range(members):
        write_customer(s, g, member, s.group_customer[start + member], o, b.path, b.valid)
    charge_programmes(s, st, v, group, o, n, sums, b)


@stage
def repeat_group(
    s: Structure,
    st: Strategy,
    w: Group,
    v: Levers,
    group: int,
    base: Outputs,
    o: Outputs,
    n: Notes,
    sums: Sums,
    b: Block,
) -> None:
    """Results of a group that a strategy does not touch, from the baseline that has just been simulated: in
    the order in which a simulation would add them up.
    """
    start = s.groups[GROUP.member_start, group]
    members = s.groups[GROUP.member_end, group] - start
    g = members_only(w, members, 0, 0, 0)
    for t in range(s.periods):
        for member in range(members):
            if s.customers[FACT.company_series, s.group_customer[start + member]] >= 0:
                add_lanes(b.totals[0, t], b.flows[0, member, t])
        for member in range(members):
            add_lanes(b.totals[0, t], b.flows[1, member, t])
            add_lanes(b.totals[1, t], b.flows[2, member, t])
    if b.booked == 1:
        first, last = s.groups[GROUP.series_start, group], s.groups[GROUP.series_end, group]
        values = g.books.series[: last - first]
        collect_items(n.cascade, n.items, sums.series_values, values, first, b.path, b.valid)
    for member in range(members):
        customer = s.group_customer[start + member]
        write_customer(s, g, member, customer, o, b.path, b.valid)
        if s.horizon == 1:
            for place in range(3):
                value = base.horizon_value[place, customer, b.path : b.path + b.valid]
                copy(value, o.horizon_value[place, customer, b.path : b.path + b.valid])
    charge_programmes(s, st, v, group, o, n, sums, b)


@spliced
def charge_programmes(
    s: Structure, st: Strategy, v: Levers, group: int, o: Outputs, n: Notes, sums: Sums, b: Block
) -> None:
    """Spend at segments and the company on the levers that are charged with this group."""
    for slot in range(slots(s, group)):
        lever = lever_of(s, group, slot)
        if s.levers[LEVER_FACT.level, lever] >= 0 and s.levers[LEVER_FACT.group, lever] == group:
            start = v.levers[slot, LEVER_STATE.start]
            charge_programme(s, st, lever, start, o, n, sums, b, b.scratch)
