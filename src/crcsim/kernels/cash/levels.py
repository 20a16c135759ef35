"""Costs of segments and the company, and what they spend on levers."""

from crcsim.kernels.accelerate import spliced, stage
from crcsim.kernels.arrays import Block, Floats, Levers, Notes, Outputs, Parameters, Strategy, Structure, Sums
from crcsim.kernels.cascade import book, collect_items
from crcsim.kernels.lanes import read_row
from crcsim.kernels.levers import lever_of, slots
from crcsim.kernels.rows import ECONOMY, LEVEL, LEVEL_TABLE, LEVER_FACT, LEVER_STATE
from crcsim.kernels.spend import spend_of_lane


@stage
def start_charge(economy: Floats, lanes: Floats) -> None:
    """Discount factors of the first flow; no value yet. lanes [10, lane]: amount, the two factors, what is
    paid in a period, its tax; three present values; those of its two series.
    """
    for i in range(lanes.shape[1]):
        lanes[1, i] = economy[ECONOMY.wacc_first, i]
        lanes[2, i] = economy[ECONOMY.risk_free_first, i]
        lanes[5, i], lanes[6, i], lanes[7, i] = 0.0, 0.0, 0.0
        lanes[8, i], lanes[9, i] = 0.0, 0.0


@stage
def charge_period(
    s: Structure, n: Notes, sums: Sums, first: int, series: int, b: Block, lanes: Floats, cash: Floats, t: int
) -> None:
    """Add the cash of period t to the total and the present values, book `series` from the `first` one on,
    and move the factors on by a period; lanes as in `start_charge`.
    """
    wacc, risk_free, values, deflator = lanes[1], lanes[2], lanes[5:8], b.market[3, t]
    for i in range(cash.shape[0]):
        b.totals[0, t, i] += cash[i]
        values[0, i] += cash[i] * wacc[i]
        values[1, i] += cash[i] * risk_free[i]
        values[2, i] += cash[i] * deflator[i]
    if b.booked == 1:
        factor = deflator
        if s.headline == 0:
            factor = wacc
        if s.headline == 1:
            factor = risk_free
        book(n, sums, lanes[8:10], first, lanes, s.series_row[first : first + series], factor, b, t)
    for i in range(cash.shape[0]):
        wacc[i] *= b.economy[ECONOMY.wacc_step, i]
        risk_free[i] *= b.economy[ECONOMY.risk_free_step, i]


@stage
def close_charge(
    level: int, o: Outputs, n: Notes, sums: Sums, first: int, series: int, b: Block, lanes: Floats
) -> None:
    """Present values go to their level and, where they are booked, to the items; lanes as above."""
    for row in range(3):
        for i in range(b.valid):
            o.level_npv[row, level, b.path + i] += lanes[5 + row, i]
    if b.booked == 1:
        collect_items(n.cascade, n.items, sums.series_values, lanes[8 : 8 + series], first, b.path, b.valid)


@stage
def charge_levels(
    s: Structure, p: Parameters, o: Outputs, n: Notes, sums: Sums, b: Block, item: int, lanes: Floats
) -> None:
    """Segment and company costs: indexed with base prices, after tax, what is not paid added back; into
    the present values of their level, the total and the items.

    lanes [10, lane] is scratch.
    """
    amount, paid, tax, cash = lanes[0], lanes[3], lanes[4], b.lane
    keep, noncash = b.economy[ECONOMY.keep], s.level_noncash[item]
    series = 1 + s.taxed
    first = series * item
    read_row(p, LEVEL_TABLE, LEVEL.amount, item, b.first, amount)
    start_charge(b.economy, lanes)
    for t in range(s.periods):
        index = b.market[4, t]
        for i in range(amount.shape[0]):
            paid[i] = amount[i] * index[i]
            tax[i] = paid[i] * (keep[i] - 1.0)
            cash[i] = paid[i] * noncash - paid[i] * keep[i]
        charge_period(s, n, sums, first, series, b, lanes, cash, t)
    close_charge(s.level[item], o, n, sums, first, series, b, lanes)


@stage
def charge_programme(
    s: Structure,
    st: Strategy,
    lever: int,
    start: Floats,
    o: Outputs,
    n: Notes,
    sums: Sums,
    b: Block,
    lanes: Floats,
) -> None:
    """Spend on a lever that is the cost of a segment or of the company, after tax unless it is an investment;
    start [lane]: period from which its plan runs. lanes [10, lane] is scratch.
    """
    paid, tax, cash, keep = lanes[3], lanes[4], b.lane, b.economy[ECONOMY.keep]
    expense, first = 1 - s.levers[LEVER_FACT.investment, lever], s.levers[LEVER_FACT.series, lever]
    series = 1 + s.taxed * expense
    start_charge(b.economy, lanes)
    for t in range(s.periods):
        index = b.market[4, t]
        for i in range(paid.shape[0]):
            paid[i] = spend_of_lane(st.spend[lever], st.maintenance[lever], start[i], t) * index[i]
            tax[i] = paid[i] * (keep[i] - 1.0) * expense
            cash[i] = -paid[i] - tax[i]
        charge_period(s, n, sums, first, series, b, lanes, cash, t)
    close_charge(s.levers[LEVER_FACT.level, lever], o, n, sums, first, series, b, lanes)


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
