"""What is kept of a customer: sums over paths, paths of the bands, chosen relations, present values."""

import numpy as np

from crcsim.kernels.accelerate import stage
from crcsim.kernels.arrays import Block, Floats, Group, Outputs, Structure, Sums
from crcsim.kernels.costs.notices import USAGE, last_fixed_cost, last_volume_cost
from crcsim.kernels.lanes import add_lanes, copy, fill, sum_lanes
from crcsim.kernels.rows import ACTIVE, ECONOMY, FACT, MARK, NOTICE_FACT, PROSPECT, RELATION, STATE


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


@stage
def record_today(s: Structure, g: Group, start: int, members: int, o: Outputs, b: Block) -> None:
    """Keep what the chosen members of a group are today, before anything has happened."""
    for member in range(members):
        customer = s.group_customer[start + member]
        if o.relation_place[customer] >= 0:
            fill(b.lane, 0.0)
            record_relation(s, g, member, customer, o, b.lane, b, 0)
