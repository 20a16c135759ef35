"""The cascade of a path (MODEL 8): every flow of a period, discounted into the series of its bearer; items
are sums of series.
"""

from crcsim.kernels.accelerate import stage
from crcsim.kernels.arrays import (
    Block,
    Books,
    Cascade,
    Floats,
    Group,
    Integers,
    Items,
    Notes,
    Structure,
    Sums,
)
from crcsim.kernels.costs.places import ratio_row
from crcsim.kernels.lanes import copy, fill, sum_lanes
from crcsim.kernels.rows import FACT, GROUP, MARK, RATIO_FACT, STATE


@stage
def add_series(
    flows: Floats,
    rows: Integers,
    factor: Floats,
    values: Floats,
    first: int,
    valid: int,
    sums: Floats,
    t: int,
) -> None:
    """Discount flows[rows[k]] into values[k], and add it to the sum [period, series] of series first + k over
    paths.
    """
    for k in range(rows.shape[0]):
        flow, value = flows[rows[k]], values[k]
        for i in range(factor.shape[0]):
            value[i] += flow[i] * factor[i]
        sums[t, first + k] = sum_lanes(flow, valid, sums[t, first + k])


@stage
def record_flow(c: Cascade, out: Floats, series: int, flow: Floats, path: int, valid: int, t: int) -> None:
    """Add one flow to the items of the portfolio's cash flow on every path."""
    for place in range(c.start[series], c.start[series + 1]):
        item, coefficient = c.item[place], c.coefficient[place]
        for i in range(valid):
            out[item, t, path + i] += coefficient * flow[i]


@stage
def add_scaled(values: Floats, coefficient: float, out: Floats) -> None:
    """out += coefficient x values, over the length of `out`."""
    for i in range(out.shape[0]):
        out[i] += coefficient * values[i]


@stage
def collect_items(
    c: Cascade, out: Items, sums: Floats, values: Floats, first: int, path: int, valid: int
) -> None:
    """Items of a block from its series first, first + 1, ... [series, lane]: of the portfolio on every path,
    of customers, levels and products on the recorded ones; and the sums of the series over paths.
    """
    last, kept = path + valid, path + min(valid, max(0, out.customers.shape[2] - path))
    for k in range(values.shape[0]):
        number = first + k
        bearer, product = c.bearer[number], c.product[number]
        sums[number] = sum_lanes(values[k], valid, sums[number])
        for place in range(c.start[number], c.start[number + 1]):
            item, coefficient = c.item[place], c.coefficient[place]
            add_scaled(values[k], coefficient, out.total[item, path:last])
            if kept > path and bearer >= 0:
                add_scaled(values[k], coefficient, out.customers[bearer, item, path:kept])
            if kept > path and bearer < 0:
                add_scaled(values[k], coefficient, out.levels[-1 - bearer, item, path:kept])
            if kept > path and product >= 0:
                add_scaled(values[k], coefficient, out.products[product, item, path:kept])


@stage
def mask_values(values: Floats, mask: Floats, out: Floats) -> None:
    """out = values where the mask is 1, else 0."""
    for i in range(out.shape[0]):
        out[i] = values[i] * mask[i]


@stage
def owned_lanes(owners: Integers, owner: int, mask: Floats) -> None:
    """1 where the owner has the member's lines, 0 elsewhere."""
    for i in range(mask.shape[0]):
        mask[i] = 1.0 if owners[i] == owner else 0.0


@stage
def own_flows(g: Group, member: int, owner: int, rows: Integers, mask: Floats) -> None:
    """A member's flows on the lanes where the owner has its lines, 0 elsewhere."""
    owned_lanes(g.marks[member, MARK.owner], owner, mask)
    for k in range(rows.shape[0]):
        mask_values(g.books.flows[rows[k]], mask, g.books.owned[rows[k]])


@stage
def take_ratios(s: Structure, g: Group, customer: int) -> None:
    """Items of a line that an uncertain ratio of its volume or its sales gives."""
    facts, books = s.customers, g.books
    row, first = ratio_row(facts, customer), facts[FACT.flow_row, customer]
    for place in range(facts[FACT.ratio_start, customer], facts[FACT.ratio_end, customer]):
        source = first + 2 * int(s.ratios[RATIO_FACT.line, place])
        if s.ratios[RATIO_FACT.sales, place] == 0.0:
            source += 1
        mask_values(books.flows[source], books.amounts[row], books.flows[row])
        row += 1


@stage
def book(
    n: Notes,
    sums: Sums,
    values: Floats,
    first: int,
    flows: Floats,
    rows: Integers,
    factor: Floats,
    b: Block,
    t: int,
) -> None:
    """Book flows[row, lane] of a period to the series from `first` on, one for each of `rows`; values
    [series, lane] are theirs.
    """
    add_series(flows, rows, factor, values, first, b.valid, sums.series_flows, t)
    if n.items.cash_flow.shape[2] > 0:
        for k in range(rows.shape[0]):
            record_flow(n.cascade, n.items.cash_flow, first + k, flows[rows[k]], b.path, b.valid, t)


@stage
def headline_factor(s: Structure, state: Floats, deflator: Floats, factor: Floats) -> None:
    """Discount factor of the period's flow at the headline discounting."""
    if s.headline == 0:
        copy(state[STATE.wacc], factor)
    elif s.headline == 1:
        copy(state[STATE.risk_free], factor)
    else:
        copy(deflator, factor)


@stage
def change_phase(books: Books, first: int, last: int, phase: int, lane: int) -> None:
    """What a lane has booked since the last change belongs to the phase that ends."""
    for series in range(first, last):
        value = books.series[series, lane]
        books.series_by_phase[phase, series, lane] += value - books.series_before[series, lane]
        books.series_before[series, lane] = value


@stage
def follow_phases(s: Structure, g: Group, group: int, members: int) -> None:
    """Flows from now on belong to the phase in which their owner is."""
    begin = s.groups[GROUP.series_start, group]
    for owner in range(members):
        slot = s.groups[GROUP.slot_start, group] + owner * members
        first, last = s.slot_series[slot] - begin, s.slot_series[slot + members] - begin
        phase, booked, hits = (
            g.marks[owner, MARK.phase],
            g.marks[owner, MARK.booked_phase],
            g.marks[owner, MARK.hits],
        )
        for hit in range(changed_phases(phase, booked, hits)):
            lane = hits[hit]
            change_phase(g.books, first, last, booked[lane], lane)
            booked[lane] = phase[lane]


@stage
def changed_phases(phase: Integers, booked: Integers, hits: Integers) -> int:
    """Lanes on which the phase is another one than that of the last flow. Returns their number."""
    found = 0
    for i in range(phase.shape[0]):
        hits[found] = i
        found += 1 if phase[i] != booked[i] else 0
    return found


@stage
def book_company(
    s: Structure,
    g: Group,
    group: int,
    member: int,
    customer: int,
    n: Notes,
    sums: Sums,
    b: Block,
    t: int,
) -> None:
    """Costs that stay with the company after a member's end."""
    state, series = g.state[member], s.customers[FACT.company_series, customer]
    if s.headline == 0:
        copy(state[STATE.firm], b.factor)
    else:
        headline_factor(s, state, b.market[3, t], b.factor)
    own = series - s.groups[GROUP.series_start, group]
    rows = s.series_row[series : series + 2 + s.taxed]
    book(n, sums, g.books.series[own:], series, g.books.flows, rows, b.factor, b, t)


@stage
def book_group(
    s: Structure, g: Group, group: int, members: int, n: Notes, sums: Sums, b: Block, t: int
) -> None:
    """All flows of a coupling group in one period, before its discount factors move on."""
    start, slot = s.groups[GROUP.member_start, group], s.groups[GROUP.slot_start, group]
    mergers = s.groups[GROUP.merger_end, group] > s.groups[GROUP.merger_start, group]
    if b.path < n.items.customers.shape[2]:
        follow_phases(s, g, group, members)
    for owner in range(members):
        headline_factor(s, g.state[owner], b.market[3, t], b.factor)
        for member in range(members):
            first, last = s.slot_series[slot], s.slot_series[slot + 1]
            rows = s.series_row[first:last]
            values = g.books.series[first - s.groups[GROUP.series_start, group] :]
            if member == owner and not mergers:
                book(n, sums, values, first, g.books.flows, rows, b.factor, b, t)
            elif last > first:
                own_flows(g, member, owner, rows, b.mask)
                book(n, sums, values, first, g.books.owned, rows, b.factor, b, t)
            slot += 1
    for member in range(members):
        customer = s.group_customer[start + member]
        if s.customers[FACT.company_series, customer] >= 0:
            book_company(s, g, group, member, customer, n, sums, b, t)


@stage
def start_books(s: Structure, g: Group, group: int, recorded: bool) -> None:
    """No series of the group has a value yet; on recorded paths, in no phase."""
    for series in range(s.groups[GROUP.series_end, group] - s.groups[GROUP.series_start, group]):
        fill(g.books.series[series], 0.0)
        if recorded:
            fill(g.books.series_before[series], 0.0)
            for phase in range(g.books.series_by_phase.shape[0]):
                fill(g.books.series_by_phase[phase, series], 0.0)
    for member in range(g.marks.shape[0]):
        for lane in range(g.marks.shape[2]):
            g.marks[member, MARK.booked_phase, lane] = g.marks[member, MARK.phase, lane]


@stage
def close_phases(s: Structure, g: Group, group: int, sums: Sums, kept: int) -> None:
    """Sum the present values of the phases over the recorded paths of a block, its first `kept` lanes."""
    begin, slot = s.groups[GROUP.series_start, group], s.groups[GROUP.slot_start, group]
    members = g.marks.shape[0]
    for owner in range(members):
        first, last = s.slot_series[slot] - begin, s.slot_series[slot + members] - begin
        for lane in range(kept):
            change_phase(g.books, first, last, g.marks[owner, MARK.booked_phase, lane], lane)
        for series in range(first, last):
            for phase in range(g.books.series_by_phase.shape[0]):
                values = g.books.series_by_phase[phase, series]
                total = sums.series_phases[phase, begin + series]
                sums.series_phases[phase, begin + series] = sum_lanes(values, kept, total)
        slot += members


@stage
def close_books(s: Structure, g: Group, group: int, n: Notes, sums: Sums, b: Block) -> None:
    """Items of a coupling group on one block, after its last period."""
    first, last = s.groups[GROUP.series_start, group], s.groups[GROUP.series_end, group]
    kept = min(b.valid, n.items.customers.shape[2] - b.path)
    if kept > 0:
        close_phases(s, g, group, sums, kept)
    values = g.books.series[: last - first]
    collect_items(n.cascade, n.items, sums.series_values, values, first, b.path, b.valid)
