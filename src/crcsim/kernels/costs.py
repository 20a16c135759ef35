"""Costs of a customer beyond the variable ones of its lines (MODEL 8): fixed costs, capacity kept ready,
costs in notice after the end, investments. Every flow stays in `Books`, so that `cascade` can book it.
"""

from crcsim.kernels.accelerate import inline, stage
from crcsim.kernels.arrays import Block, Books, Floats, Group, Integers, Parameters, Structure
from crcsim.kernels.lanes import copy, fill, read_row
from crcsim.kernels.maths import exp
from crcsim.kernels.rows import (
    CHARGE_FACT,
    CHARGE_TABLE,
    ECONOMY,
    ENDLESS,
    FACT,
    FLOW,
    INVESTMENT_TABLE,
    MARK,
    NOTICE,
    NOTICE_FACT,
    NOTICE_TABLE,
    PHASE_COST,
    PHASE_PROCESS,
    RATIO_TABLE,
    RESERVE_FACT,
    RESERVE_TABLE,
    STATE,
)

#: What goes on after an end: fixed costs after that of the relation, costs of the volume after that of its
#: lines.
FIXED, USAGE = 0, 1


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
    lines = count(facts, FACT.line_start, FACT.line_end, customer)
    for place in range(row, other_row(facts, customer) + len(FLOW) + 3 * lines):
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
    books, facts = g.books, s.customers
    lines = count(facts, FACT.line_start, FACT.line_end, customer)
    start, at = facts[FACT.notice_start, customer], facts[FACT.group_notice_line, customer]
    for place in range(start, facts[FACT.notice_end, customer]):
        if s.notices[NOTICE_FACT.usage, place] == 1.0:
            for line in range(lines):
                cell = int(s.notices[NOTICE_FACT.line_start, place]) + line
                for row in range(books.notice_rates.shape[0]):
                    read_row(p, NOTICE_TABLE, row, cell, lo, books.notice_rates[row, at])
                at += 1
    copy(g.state[member, STATE.alive], books.was[member, FIXED])
    copy(g.state[member, STATE.selling], books.was[member, USAGE])
    for lane in range(g.state.shape[2]):
        forget(books, member, FIXED, lane)
        forget(books, member, USAGE, lane)


@stage
def forget(books: Books, member: int, kind: int, lane: int) -> None:
    """Nothing is in notice on a lane."""
    for row in range(2):
        books.endless[member, kind, row, lane] = 0.0
        for place in range(books.ahead.shape[3]):
            books.ahead[member, kind, row, place, lane] = 0.0


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
def save_idle(effect: Floats, flow: Floats, cost: Floats) -> None:
    """Levers act on the log of the cost of a process, so on that of its idle capacity too."""
    for i in range(flow.shape[0]):
        saved = flow[i] * (1.0 - exp(effect[i]))
        flow[i] -= saved
        cost[i] -= saved


@stage
def scale_processes(factor: Floats, effect: Floats, now: Floats) -> None:
    """Factor on the fixed part of process use x exp(effect of levers on the cost of a process)."""
    for i in range(now.shape[0]):
        now[i] = factor[i] * exp(effect[i])


@stage
def bear_costs(s: Structure, g: Group, member: int, customer: int, index: Floats) -> None:
    """All fixed costs of a customer in one period: acquisition and idle capacity included."""
    facts, books, state = s.customers, g.books, g.state[member]
    cost, noncash = state[STATE.cost], state[STATE.noncash]
    fill(cost, 0.0)
    row = charge_row(facts, customer)
    start = facts[FACT.charge_start, customer]
    for place in range(start, facts[FACT.charge_end, customer]):
        kind = int(s.charges[CHARGE_FACT.factor, place])
        factor = state[STATE.alive]
        if kind == PHASE_COST:
            factor = state[STATE.cost_factor]
        if kind == PHASE_PROCESS:
            factor = state[STATE.process_factor]
            if g.changed == 1:
                scale_processes(factor, state[STATE.process_effect], state[STATE.process_now])
                factor = state[STATE.process_now]
        charge(books.amounts[row], factor, index, books.flows[row], cost)
        unpaid = s.charges[CHARGE_FACT.noncash, place]
        if unpaid > 0.0:
            add_noncash(books.flows[row], unpaid, noncash)
        row += 1
    start = facts[FACT.reserve_start, customer]
    for place in range(start, facts[FACT.reserve_end, customer]):
        used = state[STATE.scratch]
        fill(used, 0.0)
        volume_row, use = facts[FACT.flow_row, customer] + 1, int(s.reserves[RESERVE_FACT.use_start, place])
        for line in range(count(facts, FACT.line_start, FACT.line_end, customer)):
            add_use(books.flows[volume_row + 2 * line], s.reserve_use[use + line], used)
        rate, flow = books.amounts[row], books.flows[row]
        reserved, fixed = s.reserves[RESERVE_FACT.reserved, place], s.reserves[RESERVE_FACT.fixed, place]
        idle_capacity(reserved, fixed, used, rate, state, index, flow)
        if g.changed == 1:
            save_idle(state[STATE.process_effect], flow, cost)
        unpaid = s.reserves[RESERVE_FACT.noncash, place]
        if unpaid > 0.0:
            add_noncash(flow, unpaid, noncash)
        row += 1
    if facts[FACT.prospect, customer] == 1:
        pay_acquisition(state[STATE.acquisition], index, books.flows[row + FLOW.acquisition], cost)


@stage
def last_fixed_cost(s: Structure, g: Group, customer: int, position: int, lane: int) -> tuple[float, float]:
    """Fixed costs of the last flow with a notice on one lane, and their payment-ineffective part."""
    facts, flows = s.customers, g.books.flows
    row, full, noncash = charge_row(facts, customer), 0.0, 0.0
    for place in range(facts[FACT.charge_start, customer], facts[FACT.charge_end, customer]):
        cell = int(s.charges[CHARGE_FACT.share_start, place]) + position
        full += flows[row, lane] * s.notice_shares[0, cell]
        noncash += flows[row, lane] * s.notice_shares[1, cell]
        row += 1
    for place in range(facts[FACT.reserve_start, customer], facts[FACT.reserve_end, customer]):
        cell = int(s.reserves[RESERVE_FACT.share_start, place]) + position
        full += flows[row, lane] * s.notice_shares[0, cell]
        noncash += flows[row, lane] * s.notice_shares[1, cell]
        row += 1
    return full, noncash


@stage
def last_volume_cost(s: Structure, g: Group, customer: int, place: int, lane: int) -> tuple[float, float]:
    """Costs of the last flow's volume with a notice on one lane, and their payment-ineffective part; less
    what levers have saved of its processes.
    """
    facts, books = s.customers, g.books
    first = int(s.notices[NOTICE_FACT.line_start, facts[FACT.notice_start, customer]])
    at = facts[FACT.group_notice_line, customer] + int(s.notices[NOTICE_FACT.line_start, place]) - first
    row, full, noncash = facts[FACT.flow_row, customer] + 1, 0.0, 0.0
    lines = count(facts, FACT.line_start, FACT.line_end, customer)
    of_processes = other_row(facts, customer) + len(FLOW) + 2 * lines
    for line in range(lines):
        volume, saved = books.flows[row + 2 * line, lane], books.flows[of_processes + line, lane]
        rates = books.notice_rates[:, at + line, lane]
        full += volume * rates[NOTICE.full] - saved * rates[NOTICE.saved]
        noncash += volume * rates[NOTICE.noncash] - saved * rates[NOTICE.saved_noncash]
    return full, noncash


@stage
def end_costs(
    s: Structure, g: Group, member: int, customer: int, kind: int, lane: int, index: float, t: int
) -> None:
    """What the last flow cost goes on for the periods of its notice, from period t on, at base prices
    (eq. 8.9); `index` is the price index of the last flow.
    """
    books, start = g.books, s.customers[FACT.notice_start, customer]
    for place in range(start, s.customers[FACT.notice_end, customer]):
        if int(s.notices[NOTICE_FACT.usage, place]) != kind:
            continue
        if kind == USAGE:
            full, noncash = last_volume_cost(s, g, customer, place, lane)
        else:
            full, noncash = last_fixed_cost(s, g, customer, place - start, lane)
        left, period = s.notices[NOTICE_FACT.periods, place], t
        if left >= ENDLESS:
            books.endless[member, kind, 0, lane] += full / index
            books.endless[member, kind, 1, lane] += noncash / index
            continue
        while left > 0.0 and period < s.periods:
            part = min(1.0, left) / index
            books.ahead[member, kind, 0, period % s.notice_ring, lane] += full * part
            books.ahead[member, kind, 1, period % s.notice_ring, lane] += noncash * part
            left -= 1.0
            period += 1


@stage
def changed_lanes(on: Floats, was: Floats, hits: Integers) -> int:
    """Lanes on which something ended or began since the last flow. Returns their number."""
    found = 0
    for i in range(on.shape[0]):
        hits[found] = i
        found += 1 if on[i] != was[i] else 0
    return found


@stage
def follow_ends(s: Structure, g: Group, member: int, customer: int, b: Block, t: int) -> None:
    """Notice begins where the relation (fixed costs) or its lines (costs of the volume) have ended since the
    last flow, and is forgotten where they are back. To be called while `flows` are still the last ones.
    """
    state, hits = g.state[member], g.marks[member, MARK.hits]
    for kind in range(2):
        on = state[STATE.alive]
        if kind == USAGE:
            on = state[STATE.selling]
        was = g.books.was[member, kind]
        for hit in range(changed_lanes(on, was, hits)):
            lane = hits[hit]
            if on[lane] > 0.5:
                forget(g.books, member, kind, lane)
            else:
                index = b.market[4, t - 1, lane] if t > 0 else 1.0
                end_costs(s, g, member, customer, kind, lane, index, t)
        copy(on, was)


@stage
def pay_notice(ahead: Floats, place: int, index: Floats, full: Floats, noncash: Floats) -> None:
    """Costs in notice of the period; ahead [of fixed costs or volume, full or noncash, place, lane]."""
    for i in range(index.shape[0]):
        full[i] = (ahead[0, 0, place, i] + ahead[1, 0, place, i]) * index[i]
        noncash[i] = (ahead[0, 1, place, i] + ahead[1, 1, place, i]) * index[i]
        ahead[0, 0, place, i], ahead[1, 0, place, i] = 0.0, 0.0
        ahead[0, 1, place, i], ahead[1, 1, place, i] = 0.0, 0.0


@stage
def stay(endless: Floats, index: Floats, full: Floats, noncash: Floats) -> None:
    """Costs that stay for ever, of the period; endless [of fixed costs or volume, full or noncash, lane]."""
    for i in range(index.shape[0]):
        full[i] = (endless[0, 0, i] + endless[1, 0, i]) * index[i]
        noncash[i] = (endless[0, 1, i] + endless[1, 1, i]) * index[i]


@stage
def give_notice(s: Structure, g: Group, member: int, customer: int, index: Floats, t: int) -> None:
    """Costs in notice of one customer in one period; those without an end stay with the company."""
    flows, row = g.books.flows, other_row(s.customers, customer)
    place = t % s.notice_ring
    full, noncash = flows[row + FLOW.notice], flows[row + FLOW.notice_noncash]
    pay_notice(g.books.ahead[member], place, index, full, noncash)
    if s.customers[FACT.company_series, customer] >= 0:
        full, noncash = flows[row + FLOW.unavoidable], flows[row + FLOW.unavoidable_noncash]
        stay(g.books.endless[member], index, full, noncash)


@stage
def leave_to_company(s: Structure, g: Group, member: int, customer: int, b: Block, t: int) -> None:
    """Costs that stay after an end are the company's: after tax, in its present values and in the total."""
    state, row = g.state[member], other_row(s.customers, customer)
    full, noncash = g.books.flows[row + FLOW.unavoidable], g.books.flows[row + FLOW.unavoidable_noncash]
    tax, keep = g.books.flows[row + FLOW.unavoidable_tax], b.economy[ECONOMY.keep]
    left = b.lane
    if b.keep == 1:
        left = b.flows[0, member, t]
    for i in range(full.shape[0]):
        tax[i] = full[i] * (keep[i] - 1.0)
        cash = noncash[i] - full[i] * keep[i]
        b.totals[0, t, i] += cash
        left[i] = cash
        state[STATE.left_wacc, i] += cash * state[STATE.firm, i]
        state[STATE.left_risk_free, i] += cash * state[STATE.risk_free, i]
        state[STATE.left_deflator, i] += cash * b.market[3, t, i]


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
        if s.investment_period[place] == t:
            amount = g.books.investments[first + place - start]
            pay(amount, state[STATE.alive], index, flow, state[STATE.cash])
