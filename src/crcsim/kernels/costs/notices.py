"""Costs in notice (eq. 8.9): what the last flow cost goes on after an end, or for ever with the company."""

from crcsim.kernels.accelerate import stage
from crcsim.kernels.arrays import Block, Books, Floats, Group, Integers, Parameters, Structure
from crcsim.kernels.costs.places import charge_row, count, other_row
from crcsim.kernels.lanes import copy, fill, read_row
from crcsim.kernels.rows import (
    CHARGE_FACT,
    ECONOMY,
    ENDLESS,
    FACT,
    FLOW,
    MARK,
    NOTICE,
    NOTICE_FACT,
    NOTICE_TABLE,
    RESERVE_FACT,
    STATE,
)

#: What goes on after an end: fixed costs after that of the relation, costs of the volume after that of its
#: lines.
FIXED, USAGE = 0, 1


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
    for kind in range(2):
        for row in range(2):
            fill(books.endless[member, kind, row], 0.0)
            for place in range(books.ahead.shape[3]):
                fill(books.ahead[member, kind, row, place], 0.0)


@stage
def forget(books: Books, member: int, kind: int, lane: int) -> None:
    """Nothing is in notice on a lane."""
    for row in range(2):
        books.endless[member, kind, row, lane] = 0.0
        for place in range(books.ahead.shape[3]):
            books.ahead[member, kind, row, place, lane] = 0.0


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
