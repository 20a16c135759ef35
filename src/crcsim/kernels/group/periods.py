"""All periods of a group, one after the other."""

from crcsim.kernels.accelerate import spliced, stage
from crcsim.kernels.arrays import (
    Block,
    Draws,
    Executives,
    Group,
    Levers,
    Notes,
    Outputs,
    Parameters,
    Strategy,
    Structure,
    Sums,
)
from crcsim.kernels.cascade import close_books, collect_items, start_books
from crcsim.kernels.cash.flows import start_balances
from crcsim.kernels.cash.levels import charge_programmes
from crcsim.kernels.group.horizon import look_beyond
from crcsim.kernels.group.records import record_today, write_customer
from crcsim.kernels.group.stages import earn_group, exit_group, step_customer
from crcsim.kernels.group.views import members_only, unbooked
from crcsim.kernels.lanes import add_lanes, copy, fill
from crcsim.kernels.levers import clear_shifts, start_levers, step_levers
from crcsim.kernels.lifecycle import end_acquisition, start_group
from crcsim.kernels.products import drop_lines, fill_orders, rationed, start_products
from crcsim.kernels.roles.events import step_roles
from crcsim.kernels.roles.start import guided, start_roles
from crcsim.kernels.roles.terms import change_roles
from crcsim.kernels.rows import BEGIN, FACT, GROUP
from crcsim.kernels.triggers import judge, start_triggers


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
