"""Costs of a customer beyond the variable ones of its lines (MODEL 8): fixed costs, capacity kept ready,
costs in notice after the end, investments. Every flow stays in `Books`, so that `cascade` can book it.
"""

from crcsim.kernels.accelerate import inline, stage
from crcsim.kernels.arrays import (
    CHARGE_TABLE,
    ENDLESS,
    FACT,
    FLOW,
    INVESTMENT_TABLE,
    NOTICE,
    NOTICE_STATE,
    NOTICE_TABLE,
    PHASE_COST,
    PHASE_PROCESS,
    RATIO_TABLE,
    RESERVE_TABLE,
    STATE,
    Block,
    Floats,
    Group,
    Integers,
    Outputs,
    Parameters,
    Structure,
)
from crcsim.kernels.lanes import fill, read_row


@inline
def count(facts: Integers, start: int, end: int, customer: int) -> int:
    """Members of a range of a customer."""
    return int(facts[end, customer] - facts[start, customer])


@inline
def ratio_row(facts: Integers, customer: int) -> int:
    """First row of a customer's uncertain ratios within its group."""
    return int(facts[FACT.flow_row, customer] + 2 * count(facts, FACT.line_start, FACT.line_end, customer))


@inline
def charge_row(facts: Integers, customer: int) -> int:
    """First row of a customer's fixed costs within its group."""
    return ratio_row(facts, customer) + count(facts, FACT.ratio_start, FACT.ratio_end, customer)


@inline
def reserve_row(facts: Integers, customer: int) -> int:
    """First row of a customer's reserves within its group."""
    return charge_row(facts, customer) + count(facts, FACT.charge_start, FACT.charge_end, customer)


@inline
def other_row(facts: Integers, customer: int) -> int:
    """First FLOW row of a customer within its group."""
    return reserve_row(facts, customer) + count(facts, FACT.reserve_start, FACT.reserve_end, customer)


@stage
def read_rows(p: Parameters, table: int, first: int, last: int, lo: int, out: Floats) -> None:
    """Values of consecutive members of a table of one row."""
    for place in range(first, last):
        read_row(p, table, 0, place, lo, out[place - first])


@stage
def start_costs(s: Structure, p: Parameters, g: Group, member: int, customer: int, lo: int) -> None:
    """Load the cost parameters of a member on the block that starts at chunk path `lo`; nothing is in
    notice yet.
    """
    facts, books = s.customers, g.books
    row = facts[FACT.flow_row, customer]
    for place in range(row, other_row(facts, customer) + len(FLOW)):
        fill(books.flows[place], 0.0)
    ratio, charge, reserve = (
        ratio_row(facts, customer),
        charge_row(facts, customer),
        reserve_row(facts, customer),
    )
    start, end = facts[FACT.ratio_start, customer], facts[FACT.ratio_end, customer]
    read_rows(p, RATIO_TABLE, start, end, lo, books.amounts[ratio:])
    start, end = facts[FACT.charge_start, customer], facts[FACT.charge_end, customer]
    read_rows(p, CHARGE_TABLE, start, end, lo, books.amounts[charge:])
    start, end = facts[FACT.reserve_start, customer], facts[FACT.reserve_end, customer]
    read_rows(p, RESERVE_TABLE, start, end, lo, books.amounts[reserve:])
    start, end = facts[FACT.investment_start, customer], facts[FACT.investment_end, customer]
    first = facts[FACT.group_investment, customer]
    read_rows(p, INVESTMENT_TABLE, start, end, lo, books.investments[first:])
    start_notices(s, p, g, member, customer, lo)


@stage
def start_notices(s: Structure, p: Parameters, g: Group, member: int, customer: int, lo: int) -> None:
    """Load what a member's volume goes on to cost after its end; nothing is in notice yet."""
    books, facts, c = g.books, s.customers, s.costs
    lines = count(facts, FACT.line_start, FACT.line_end, customer)
    start, line_row = facts[FACT.notice_start, customer], facts[FACT.group_notice_line, customer]
    for place in range(start, facts[FACT.notice_end, customer]):
        own = facts[FACT.group_notice, customer] + place - start
        for row in range(books.notices.shape[1]):
            fill(books.notices[own, row], 0.0)
        if c.notice_usage[place] == 1:
            for line in range(lines):
                cell = c.notice_line_start[place] + line
                at = line_row + cell - c.notice_line_start[start]
                read_row(p, NOTICE_TABLE, NOTICE.full, cell, lo, books.notice_rates[0, at])
                read_row(p, NOTICE_TABLE, NOTICE.noncash, cell, lo, books.notice_rates[1, at])


@stage
def charge(amount: Floats, factor: Floats, index: Floats, flow: Floats, cost: Floats) -> None:
    """A fixed cost that follows a phase factor, at the prices of the period (eq. 8.6)."""
    for i in range(flow.shape[0]):
        paid = amount[i] * factor[i] * index[i]
        flow[i] = paid
        cost[i] += paid


@stage
def pay_acquisition(spend: Floats, index: Floats, flow: Floats, cost: Floats) -> None:
    """Acquisition spending on a prospect, at the prices of the period."""
    for i in range(flow.shape[0]):
        paid = spend[i] * index[i]
        flow[i] = paid
        cost[i] += paid


@stage
def add_noncash(flow: Floats, share: float, noncash: Floats) -> None:
    """Add the payment-ineffective part of a cost."""
    for i in range(flow.shape[0]):
        noncash[i] += flow[i] * share


@stage
def idle_capacity(
    reserved: float,
    fixed: float,
    used: Floats,
    rate: Floats,
    state: Floats,
    index: Floats,
    flow: Floats,
) -> None:
    """Cost of idle capacity = max(0, reserved - used) x rate (eq. 8.8); `used` is what the volume needs,
    which counts at today's prices.
    """
    alive, factor, cost = state[STATE.alive], state[STATE.process_factor], state[STATE.cost]
    for i in range(used.shape[0]):
        idle = alive[i] * (reserved - fixed * factor[i]) - used[i] / index[i]
        paid = max(0.0, idle) * rate[i] * index[i]
        flow[i] = paid
        cost[i] += paid


@stage
def add_use(volume: Floats, use: float, used: Floats) -> None:
    """Add the processes that a line's volume needs."""
    for i in range(used.shape[0]):
        used[i] += use * volume[i]


@stage
def bear_costs(s: Structure, g: Group, member: int, customer: int, index: Floats) -> None:
    """All fixed costs of a customer in one period: acquisition and idle capacity included."""
    facts, books, c, state = s.customers, g.books, s.costs, g.state[member]
    cost, noncash = state[STATE.cost], state[STATE.noncash]
    fill(cost, 0.0)
    row = charge_row(facts, customer)
    start = facts[FACT.charge_start, customer]
    for place in range(start, facts[FACT.charge_end, customer]):
        kind = c.charge_factor[place]
        factor = state[STATE.alive]
        if kind == PHASE_COST:
            factor = state[STATE.cost_factor]
        if kind == PHASE_PROCESS:
            factor = state[STATE.process_factor]
        charge(books.amounts[row], factor, index, books.flows[row], cost)
        if c.charge_noncash[place] > 0.0:
            add_noncash(books.flows[row], c.charge_noncash[place], noncash)
        row += 1
    start = facts[FACT.reserve_start, customer]
    for place in range(start, facts[FACT.reserve_end, customer]):
        used = state[STATE.scratch]
        fill(used, 0.0)
        volume_row, use = facts[FACT.flow_row, customer] + 1, c.reserve_use_start[place]
        for line in range(count(facts, FACT.line_start, FACT.line_end, customer)):
            add_use(books.flows[volume_row + 2 * line], c.reserve_use[use + line], used)
        rate, flow = books.amounts[row], books.flows[row]
        idle_capacity(c.reserved[place], c.reserve_fixed[place], used, rate, state, index, flow)
        if c.reserve_noncash[place] > 0.0:
            add_noncash(flow, c.reserve_noncash[place], noncash)
        row += 1
    if facts[FACT.prospect, customer] == 1:
        pay_acquisition(state[STATE.acquisition], index, books.flows[row + FLOW.acquisition], cost)


@stage
def add_parts(flow: Floats, share: float, share_noncash: float, full: Floats, noncash: Floats) -> None:
    """Add the part of a flow that has a notice, and its payment-ineffective part."""
    for i in range(flow.shape[0]):
        full[i] += flow[i] * share
        noncash[i] += flow[i] * share_noncash


@stage
def fixed_rates(s: Structure, g: Group, customer: int, position: int, full: Floats, noncash: Floats) -> None:
    """Fixed costs of this period that have a notice, and their payment-ineffective part."""
    c, books, facts = s.costs, g.books, s.customers
    row = charge_row(facts, customer)
    for place in range(facts[FACT.charge_start, customer], facts[FACT.charge_end, customer]):
        if c.charge_notice[place] == position:
            add_parts(books.flows[row], 1.0, c.charge_noncash[place], full, noncash)
        row += 1
    for reserve in range(facts[FACT.reserve_start, customer], facts[FACT.reserve_end, customer]):
        cell = c.reserve_share_start[reserve] + position
        if c.reserve_share[cell] > 0.0:
            shares = c.reserve_share[cell], c.reserve_share_noncash[cell]
            add_parts(books.flows[row], shares[0], shares[1], full, noncash)
        row += 1


@stage
def add_usage(volume: Floats, rate: Floats, rate_noncash: Floats, full: Floats, noncash: Floats) -> None:
    """Add what a line's volume costs at rates per unit of it."""
    for i in range(volume.shape[0]):
        full[i] += volume[i] * rate[i]
        noncash[i] += volume[i] * rate_noncash[i]


@stage
def usage_rates(s: Structure, g: Group, customer: int, place: int, full: Floats, noncash: Floats) -> None:
    """Costs of this period's volume that have a notice, and their payment-ineffective part."""
    facts, books = s.customers, g.books
    first = s.costs.notice_line_start[facts[FACT.notice_start, customer]]
    at = facts[FACT.group_notice_line, customer] + s.costs.notice_line_start[place] - first
    row = facts[FACT.flow_row, customer] + 1
    for line in range(count(facts, FACT.line_start, FACT.line_end, customer)):
        rates = books.notice_rates[0, at + line], books.notice_rates[1, at + line]
        add_usage(books.flows[row + 2 * line], rates[0], rates[1], full, noncash)


@stage
def follow_notice(
    on: Floats,
    full: Floats,
    noncash: Floats,
    periods: float,
    index: Floats,
    notice: Floats,
    paid: Floats,
    unpaid: Floats,
) -> None:
    """Costs follow the relation while it lasts; after it the last ones go on for the periods of notice, at
    the prices of the period (eq. 8.9).
    """
    for i in range(on.shape[0]):
        lasting = on[i] > 0.5
        left = notice[NOTICE_STATE.left, i]
        part = 0.0 if lasting else min(1.0, left)
        base, base_noncash = notice[NOTICE_STATE.base, i], notice[NOTICE_STATE.noncash, i]
        paid[i] += base * part * index[i]
        unpaid[i] += base_noncash * part * index[i]
        notice[NOTICE_STATE.base, i] = full[i] / index[i] if lasting else base
        notice[NOTICE_STATE.noncash, i] = noncash[i] / index[i] if lasting else base_noncash
        notice[NOTICE_STATE.left, i] = periods if lasting else left - part


@stage
def give_notice(s: Structure, g: Group, member: int, customer: int, index: Floats, full: Floats) -> None:
    """Costs in notice of one customer in one period; those without an end stay with the company. `full`
    [lane] is scratch.
    """
    state, books, facts = g.state[member], g.books, s.customers
    first = other_row(facts, customer)
    for row in (FLOW.notice, FLOW.notice_noncash, FLOW.unavoidable, FLOW.unavoidable_noncash):
        fill(books.flows[first + row], 0.0)
    start, noncash = facts[FACT.notice_start, customer], state[STATE.scratch]
    for place in range(start, facts[FACT.notice_end, customer]):
        fill(full, 0.0)
        fill(noncash, 0.0)
        on = state[STATE.alive]
        if s.costs.notice_usage[place] == 1:
            on = state[STATE.selling]
            usage_rates(s, g, customer, place, full, noncash)
        else:
            fixed_rates(s, g, customer, place - start, full, noncash)
        periods = s.costs.notice_periods[place]
        row = first + (FLOW.unavoidable if periods >= ENDLESS else FLOW.notice)
        notice = books.notices[facts[FACT.group_notice, customer] + place - start]
        follow_notice(on, full, noncash, periods, index, notice, books.flows[row], books.flows[row + 1])


@stage
def leave_to_company(
    s: Structure, g: Group, member: int, customer: int, keep: Floats, o: Outputs, b: Block, t: int
) -> None:
    """Costs that stay after an end are the company's: after tax, in its present values and in the total."""
    state, row = g.state[member], other_row(s.customers, customer)
    full, noncash = g.books.flows[row + FLOW.unavoidable], g.books.flows[row + FLOW.unavoidable_noncash]
    tax, cash = g.books.flows[row + FLOW.unavoidable_tax], state[STATE.scratch]
    for i in range(full.shape[0]):
        tax[i] = full[i] * (keep[i] - 1.0)
        cash[i] = noncash[i] - full[i] * keep[i]
        b.totals[0, t, i] += cash[i]
    for i in range(b.valid):
        o.level_npv[0, s.company, b.path + i] += cash[i] * state[STATE.firm, i]
        o.level_npv[1, s.company, b.path + i] += cash[i] * state[STATE.risk_free, i]
        o.level_npv[2, s.company, b.path + i] += cash[i] * b.market[3, t, i]


@stage
def step_firm(firm: Floats, step: Floats) -> None:
    """The firm's discount factor of the next flow."""
    for i in range(firm.shape[0]):
        firm[i] *= step[i]


@stage
def pay(amount: Floats, alive: Floats, index: Floats, flow: Floats, cash: Floats) -> None:
    """One investment payment at the prices of the period, while the relation is active."""
    for i in range(flow.shape[0]):
        paid = amount[i] * alive[i] * index[i]
        flow[i] += paid
        cash[i] -= paid


@stage
def invest(s: Structure, g: Group, member: int, customer: int, index: Floats, t: int) -> None:
    """Investment payments of the period: out of cash, no cost (eq. 8.12)."""
    state, facts = g.state[member], s.customers
    flow = g.books.flows[other_row(facts, customer) + FLOW.investment]
    fill(flow, 0.0)
    start, first = facts[FACT.investment_start, customer], facts[FACT.group_investment, customer]
    for place in range(start, facts[FACT.investment_end, customer]):
        if s.costs.investment_period[place] == t:
            amount = g.books.investments[first + place - start]
            pay(amount, state[STATE.alive], index, flow, state[STATE.cash])
