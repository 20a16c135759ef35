"""One period of all members of a group: growth, exits, cash."""

from crcsim.kernels.accelerate import spliced
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
from crcsim.kernels.cascade import book_group
from crcsim.kernels.cash.flows import earn
from crcsim.kernels.cash.lines import measure_wallet, share_of_wallet
from crcsim.kernels.cash.owners import book_to_buyers, follow_owners
from crcsim.kernels.cash.value import discount
from crcsim.kernels.costs.notices import step_firm
from crcsim.kernels.exits.hazards import follow_success
from crcsim.kernels.exits.stages import merge_targets, prepare_exits, resolve_exits
from crcsim.kernels.group.records import record_customer, record_relation, sum_customer
from crcsim.kernels.lanes import add_lanes, copy, read_row
from crcsim.kernels.products import fill_orders, rationed
from crcsim.kernels.rng import counter_word, fill_draws
from crcsim.kernels.rows import BEGIN, CUSTOMER, ECONOMY, FACT, GROUP, LOADING, LOADING_TABLE, STATE
from crcsim.kernels.share import step_lines_share
from crcsim.kernels.wallet import add_industry, business_shock, step_business, step_lines_wallet


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
