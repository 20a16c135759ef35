"""The cascade of a path (MODEL 8): every flow of a period, discounted into the series of its bearer; items
are sums of series.
"""

from crcsim.kernels.accelerate import entry, inline, stage
from crcsim.kernels.arrays import (
    FACT,
    FLOW,
    GROUP,
    MARK,
    STATE,
    Block,
    Floats,
    Group,
    Integers,
    Outputs,
    Structure,
    Sums,
)
from crcsim.kernels.costs import other_row, ratio_row
from crcsim.kernels.lanes import copy, sum_lanes


@stage
def add_series(values: Floats, factor: Floats, series: Floats, valid: int, sums: Floats) -> None:
    """Discount one flow into its series and add it to the sums over paths."""
    for i in range(values.shape[0]):
        series[i] += values[i] * factor[i]
    sum_lanes(values, valid, sums)


@stage
def record_flow(s: Structure, o: Outputs, series: int, values: Floats, b: Block, t: int) -> None:
    """Add one flow to the items of the portfolio's cash flow on every path."""
    for place in range(s.cascade.start[series], s.cascade.start[series + 1]):
        item, coefficient = s.cascade.item[place], s.cascade.coefficient[place]
        for i in range(b.valid):
            o.item_cash_flow[item, t, b.path + i] += coefficient * values[i]


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
def take_ratios(s: Structure, g: Group, customer: int) -> None:
    """Items of a line that an uncertain ratio of its volume or its sales gives."""
    facts, books = s.customers, g.books
    row, first = ratio_row(facts, customer), facts[FACT.flow_row, customer]
    for place in range(facts[FACT.ratio_start, customer], facts[FACT.ratio_end, customer]):
        source = first + 2 * s.costs.ratio_line[place] + (0 if s.costs.ratio_sales[place] == 1 else 1)
        mask_values(books.flows[source], books.amounts[row], books.flows[row])
        row += 1


@inline
def book(
    s: Structure, o: Outputs, sums: Sums, series: int, values: Floats, factor: Floats, b: Block, t: int
) -> None:
    """Book one flow of a period."""
    lanes = values.shape[0]
    own = sums.series[series, b.first : b.first + lanes]
    add_series(values, factor, own, b.valid, sums.series_lanes[series, t])
    if o.item_cash_flow.shape[2] > 0:
        record_flow(s, o, series, values, b, t)


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
def book_company(
    s: Structure, g: Group, member: int, customer: int, o: Outputs, sums: Sums, b: Block, t: int
) -> None:
    """Costs that stay with the company after a member's end."""
    state, series = g.state[member], s.customers[FACT.company_series, customer]
    if s.headline == 0:
        copy(state[STATE.firm], b.factor)
    else:
        headline_factor(s, state, b.market[3, t], b.factor)
    row = other_row(s.customers, customer) + FLOW.unavoidable
    for place in range(len(FLOW) - FLOW.unavoidable):
        book(s, o, sums, series + place, g.books.flows[row + place], b.factor, b, t)


@stage
def book_group(
    s: Structure, g: Group, group: int, members: int, o: Outputs, sums: Sums, b: Block, t: int
) -> None:
    """All flows of a coupling group in one period, before its discount factors move on."""
    start, slot = s.groups[GROUP.member_start, group], s.groups[GROUP.slot_start, group]
    for owner in range(members):
        headline_factor(s, g.state[owner], b.market[3, t], b.factor)
        for member in range(members):
            if members > 1:
                owned_lanes(g.marks[member, MARK.owner], owner, b.mask)
            for series in range(s.cascade.slot_series[slot], s.cascade.slot_series[slot + 1]):
                values = g.books.flows[s.cascade.row[series]]
                if members > 1:
                    mask_values(values, b.mask, b.lane)
                    values = b.lane
                book(s, o, sums, series, values, b.factor, b, t)
            slot += 1
    for member in range(members):
        customer = s.group_customer[start + member]
        if s.customers[FACT.company_series, customer] >= 0:
            book_company(s, g, member, customer, o, sums, b, t)


@stage
def add_scaled(values: Floats, coefficient: float, out: Floats) -> None:
    """out += coefficient x values, over the length of `out`."""
    for i in range(out.shape[0]):
        out[i] += coefficient * values[i]


@entry
def collect_items(s: Structure, o: Outputs, sums: Sums, first: int, last: int, path: int, paths: int) -> None:
    """Items of a chunk from its series first..last-1: of the portfolio on every path, of customers, levels
    and products on the recorded ones. `path` is the chunk's first path.
    """
    kept = min(paths, max(0, o.customer_items.shape[2] - path))
    for series in range(first, last):
        bearer, product, values = s.cascade.bearer[series], s.cascade.product[series], sums.series[series]
        for place in range(s.cascade.start[series], s.cascade.start[series + 1]):
            item, coefficient = s.cascade.item[place], s.cascade.coefficient[place]
            add_scaled(values, coefficient, o.item_npv[item, path : path + paths])
            if kept > 0 and bearer >= 0:
                add_scaled(values, coefficient, o.customer_items[bearer, item, path : path + kept])
            if kept > 0 and bearer < 0:
                add_scaled(values, coefficient, o.level_items[-1 - bearer, item, path : path + kept])
            if kept > 0 and product >= 0:
                add_scaled(values, coefficient, o.product_items[product, item, path : path + kept])
