"""Products (MODEL 6): capacity that all customers of a product share, and lines that are no longer
offered.
"""

from crcsim.kernels.accelerate import inline, stage
from crcsim.kernels.arrays import Floats, Group, Levers, Parameters, Strategy, Structure
from crcsim.kernels.lanes import fill, read_member, read_row
from crcsim.kernels.levers import add_shift
from crcsim.kernels.rows import (
    EFFECT,
    EFFECT_FACT,
    EFFECT_KIND,
    FACT,
    FULL_SERVICE,
    FULL_SERVICE_TABLE,
    GROUP,
    LEVER_STATE,
    LINE_FACT,
    LINE_STATE,
    PRODUCT,
    PRODUCT_STATE,
    PRODUCT_TABLE,
    STATE,
)


@stage
def start_products(s: Structure, p: Parameters, g: Group, v: Levers, group: int, lo: int) -> None:
    """Capacities and full-service penalties of a group on the block that starts at chunk path `lo`;
    everything is offered.
    """
    first = s.groups[GROUP.product_start, group]
    for product in range(s.groups[GROUP.product_end, group] - first):
        member = s.group_product[first + product]
        read_row(p, PRODUCT_TABLE, PRODUCT.capacity, member, lo, v.products[product, PRODUCT_STATE.capacity])
        fill(v.products[product, PRODUCT_STATE.fill], 1.0)
    for line in range(g.line_start[g.state.shape[0]]):
        fill(g.lines[line, LINE_STATE.open], 1.0)
    for member in range(g.state.shape[0]):
        customer = s.group_customer[s.groups[GROUP.member_start, group] + member]
        read_member(p, FULL_SERVICE_TABLE, customer, lo, v.full_service[member])


@stage
def add_demand(rows: Floats, selling: Floats, demand: Floats) -> None:
    """Add the volume that a line asks for."""
    for i in range(demand.shape[0]):
        demand[i] += (
            rows[LINE_STATE.wallet, i] * rows[LINE_STATE.share, i] * selling[i] * rows[LINE_STATE.open, i]
        )


@stage
def ration(capacity: Floats, expansion: Floats, index: Floats, demand: Floats, out: Floats) -> None:
    """fill = min(1, capacity / demand), capacity at the prices of the period as the volume is (eq. 6.2)."""
    for i in range(out.shape[0]):
        offered = max(0.0, capacity[i] + expansion[i]) * index[i]
        out[i] = 1.0 if demand[i] <= offered else offered / demand[i]


@stage
def fill_orders(s: Structure, g: Group, v: Levers, group: int, index: Floats, expansion: Floats) -> None:
    """Fill rate of every product with a capacity, from the volume that all its customers ask for.

    expansion [lane] is scratch.
    """
    first, effects = s.groups[GROUP.product_start, group], s.groups[GROUP.effect_start, group]
    for product in range(s.groups[GROUP.product_end, group] - first):
        rows = v.products[product]
        fill(rows[PRODUCT_STATE.demand], 0.0)
        for member in range(g.state.shape[0]):
            for line in range(g.line_start[member], g.line_start[member + 1]):
                if g.line_facts[LINE_FACT.rationed, line] == product + 1:
                    add_demand(g.lines[line], g.state[member, STATE.selling], rows[PRODUCT_STATE.demand])
        fill(expansion, 0.0)
        for effect in range(effects, s.groups[GROUP.effect_end, group]):
            if (
                g.changed == 1
                and s.effects[EFFECT_FACT.kind, effect] == EFFECT_KIND.capacity
                and s.effects[EFFECT_FACT.target, effect] == product
            ):
                response = v.levers[s.effects[EFFECT_FACT.lever, effect], LEVER_STATE.response]
                add_shift(v.effects[effect - effects, EFFECT.shift], response, expansion)
        demand, out = rows[PRODUCT_STATE.demand], rows[PRODUCT_STATE.fill]
        ration(rows[PRODUCT_STATE.capacity], expansion, index, demand, out)


@stage
def deliver(selling: Floats, offered: Floats, rate: Floats, out: Floats) -> None:
    """What of a line's wallet and share is delivered: 1 x offered x fill rate."""
    for i in range(out.shape[0]):
        out[i] = selling[i] * offered[i] * rate[i]


@stage
def open_line(g: Group, v: Levers, member: int, line: int) -> None:
    """Delivered part of a line in the period; the fill rate of a line without capacity limit is 1."""
    rows = g.lines[line]
    product = g.line_facts[LINE_FACT.rationed, line] - 1
    rate = rows[LINE_STATE.open]
    if product >= 0:
        rate = v.products[product, PRODUCT_STATE.fill]
        deliver(g.state[member, STATE.selling], rows[LINE_STATE.open], rate, rows[LINE_STATE.selling])
    else:
        for i in range(rate.shape[0]):
            rows[LINE_STATE.selling, i] = g.state[member, STATE.selling, i] * rate[i]


@stage
def add_volume_of_line(rows: Floats, alive: Floats, volume: Floats) -> None:
    """Add the volume of a line, offered or not."""
    for i in range(volume.shape[0]):
        volume[i] += rows[LINE_STATE.wallet, i] * rows[LINE_STATE.share, i] * alive[i]


@stage
def penalise(state: Floats, terms: Floats, dropped: Floats, total: Floats) -> None:
    """Full-service penalty: log churn ratio and logit points x dropped share of the volume (eq. 6.3)."""
    for i in range(dropped.shape[0]):
        share = dropped[i] / (total[i] if total[i] > 0.0 else 1.0)
        state[STATE.drop_churn, i] += terms[FULL_SERVICE.churn, i] * share
        state[STATE.drop_share, i] += terms[FULL_SERVICE.share, i] * share


@stage
def drop_lines(
    s: Structure, st: Strategy, g: Group, v: Levers, group: int, dropped: Floats, total: Floats, t: int
) -> None:
    """Lines that are no longer offered from period t on; dropped, total [lane] are scratch.

    The total holds what was dropped before, so that the parts of several drops add up to 1 at most.
    """
    for member in range(g.state.shape[0]):
        begun, first = 0, g.line_start[member]
        customer = s.group_customer[s.groups[GROUP.member_start, group] + member]
        ends = st.drop[s.customers[FACT.line_start, customer] : s.customers[FACT.line_end, customer]]
        for line in range(ends.shape[0]):
            begun += 1 if ends[line] == t else 0
        if begun == 0:
            continue
        fill(dropped, 0.0)
        fill(total, 0.0)
        for line in range(g.line_start[member], g.line_start[member + 1]):
            add_volume_of_line(g.lines[line], g.state[member, STATE.alive], total)
            if ends[line - first] == t:
                add_volume_of_line(g.lines[line], g.state[member, STATE.alive], dropped)
                fill(g.lines[line, LINE_STATE.open], 0.0)
        penalise(g.state[member], v.full_service[member], dropped, total)


@inline
def rationed(s: Structure, group: int) -> int:
    """1 where a product of the group has a capacity."""
    return 1 if s.groups[GROUP.product_end, group] > s.groups[GROUP.product_start, group] else 0
