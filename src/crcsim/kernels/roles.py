"""Executive roles (MODEL 7): who serves a customer, the growth that comes with the role, and its events.

An executive serves while the relation is active. At the start of a period roles change where a term has
ended; in the period growth, events and the cost of the executive follow from the role.
"""

import numpy as np

from crcsim.kernels.accelerate import inline, spliced, stage
from crcsim.kernels.arrays import (
    Draws,
    Executives,
    Floats,
    Group,
    Integers,
    Levers,
    Parameters,
    Strategy,
    Structure,
)
from crcsim.kernels.lanes import fill, read_member
from crcsim.kernels.levers import lever_of, slots
from crcsim.kernels.market import count_jumps
from crcsim.kernels.maths import exp, log
from crcsim.kernels.rng import counter_word, fill_uniform
from crcsim.kernels.rows import (
    DEALMAKER,
    ENDED,
    EXECUTIVE,
    EXECUTIVE_TABLE,
    FACT,
    GROUP,
    GROWTH_CHAMPION,
    LEVER,
    LEVER_FACT,
    LEVER_STATE,
    LINE,
    LINE_FACT,
    LINE_STATE,
    LOOSE_CANNON,
    MARK,
    MERGED,
    MIXED,
    NO_ROLE,
    ON_PATH,
    ROLE_COUNT,
    ROLE_STATE,
    STATE,
    TERM,
)

#: Slots of a customer's own draws: its role (at the start in period 0), and the events of its executive.
ROLE_SLOT, DAMAGE_SLOT, CONCESSION_SLOT, DEAL_SLOT = 3, 4, 5, 6


@stage
def any_role(s: Structure, x: Executives, group: int) -> int:
    """1 where a customer of the group has an executive."""
    for place in range(s.groups[GROUP.member_start, group], s.groups[GROUP.member_end, group]):
        if x.role[s.group_customer[place]] != NO_ROLE:
            return 1
    return 0


@spliced
def guided(s: Structure, changed: int, x: Executives, group: int) -> int:
    """The same, asked only where the strategy changes something."""
    return any_role(s, x, group) if changed == 1 else 0


@inline
def drawn_role(weights: Floats, limits: Floats, taken: Floats, lane: int, uniform: float) -> int:
    """A role in proportion to the weights of those roles that are not yet at their limit."""
    total, found = 0.0, NO_ROLE
    for role in range(ROLE_COUNT):
        if taken[role, lane] < limits[role]:
            total += weights[role]
    rest = uniform * total
    for role in range(ROLE_COUNT):
        if taken[role, lane] < limits[role] and weights[role] > 0.0:
            found = role
            rest -= weights[role]
            if rest < 0.0:
                break
    return found


@stage
def draw_roles(terms: Floats, uniform: Floats, taken: Floats, role: Floats) -> None:
    """Roles of one customer at the start, drawn from the mix (eq. 7.5)."""
    for i in range(role.shape[0]):
        found = drawn_role(terms[TERM.mix], terms[TERM.limit], taken, i, uniform[i])
        role[i] = found
        taken[found, i] += 1.0


@stage
def start_roles(s: Structure, x: Executives, p: Parameters, g: Group, group: int, lo: int, d: Draws) -> None:
    """Roles at the valuation date on the block that starts at chunk path `lo`: those that are named, then
    in canonical order those that are drawn.
    """
    start = s.groups[GROUP.member_start, group]
    for role in range(ROLE_COUNT):
        fill(x.taken[role], 0.0)
    for member in range(g.marks.shape[0]):
        customer = s.group_customer[start + member]
        role = x.role[customer]
        for row in range(x.state.shape[1]):
            fill(x.state[member, row], 0.0)
        for place in range(x.concessions.shape[2]):
            fill(x.concessions[member, 0, place], 0.0)
            fill(x.concessions[member, 1, place], 0.0)
        if role != NO_ROLE:
            place = s.customers[FACT.executive, customer] - 1
            read_member(p, EXECUTIVE_TABLE, place, lo, x.parameters[member])
        if role != NO_ROLE and role != MIXED:
            fill(x.state[member, ROLE_STATE.role], float(role))
            for i in range(x.taken.shape[1]):
                x.taken[role, i] += 1.0
    word = counter_word(0, ROLE_SLOT, d.stream)
    for member in range(g.marks.shape[0]):
        customer = s.group_customer[start + member]
        if x.role[customer] == MIXED:
            low, high = words_of(s, customer)
            uniform = x.state[member, ROLE_STATE.uniform]
            fill_uniform(d.path, low, high, word, d.k0, d.k1, uniform)
            draw_roles(x.terms, uniform, x.taken, x.state[member, ROLE_STATE.role])


@inline
def words_of(s: Structure, customer: int) -> tuple[np.uint64, np.uint64]:
    """Stream words of a customer."""
    entity = 1 + s.industry_count + customer
    return s.words[entity, 0], s.words[entity, 1]


# --- terms --------------------------------------------------------------------------------------------------
@stage
def serve(alive: Floats, change: Floats, state: Floats) -> int:
    """Count the last period as served where the relation was active in it; where a term has ended in it,
    the executive is moving. Returns the number of those lanes.
    """
    found = 0
    served, on, moving = state[ROLE_STATE.served], state[ROLE_STATE.on], state[ROLE_STATE.moving]
    for i in range(alive.shape[0]):
        served[i] += on[i]
        moving[i] = on[i] * change[int(served[i])]
        found += 1 if moving[i] > 0.5 else 0
        on[i] = alive[i]
    return found


@inline
def lasting(status: int) -> bool:
    """Whether a relation may still be active; where it may not, its executive is free."""
    return status != ENDED and status != MERGED


@stage
def count_roles(s: Structure, x: Executives, g: Group, group: int) -> None:
    """Customers with each role, those left out whose relation has ended for good."""
    for role in range(ROLE_COUNT):
        fill(x.taken[role], 0.0)
    for member in range(g.marks.shape[0]):
        if x.role[s.group_customer[s.groups[GROUP.member_start, group] + member]] != NO_ROLE:
            role, status = x.state[member, ROLE_STATE.role], g.marks[member, MARK.status]
            for i in range(role.shape[0]):
                if lasting(status[i]):
                    x.taken[int(role[i]), i] += 1.0


@stage
def move(state: Floats, status: Integers, terms: Floats, taken: Floats) -> None:
    """Roles after a term, by the transition matrix; an executive stays in its role where the next one is at
    its limit.
    """
    role, uniform, moving = state[ROLE_STATE.role], state[ROLE_STATE.uniform], state[ROLE_STATE.moving]
    for i in range(role.shape[0]):
        if moving[i] < 0.5 or not lasting(status[i]):
            continue
        now, rest, wanted = int(role[i]), uniform[i], int(role[i])
        for each in range(ROLE_COUNT):
            if terms[TERM.move_hands_off + now, each] > 0.0:
                wanted = each
                rest -= terms[TERM.move_hands_off + now, each]
                if rest < 0.0:
                    break
        if wanted != now and taken[wanted, i] < terms[TERM.limit, wanted]:
            taken[now, i] -= 1.0
            taken[wanted, i] += 1.0
            role[i] = wanted


@stage
def change_roles(s: Structure, x: Executives, g: Group, group: int, d: Draws, t: int) -> None:
    """Roles at the start of period t, by the state of the relations at the end of the last one."""
    start, found = s.groups[GROUP.member_start, group], 0
    for member in range(g.marks.shape[0]):
        if x.role[s.group_customer[start + member]] != NO_ROLE:
            found += serve(g.state[member, STATE.alive], x.terms[TERM.change], x.state[member])
    if found == 0:
        return
    count_roles(s, x, g, group)
    word = counter_word(t + 1, ROLE_SLOT, d.stream)
    for member in range(g.marks.shape[0]):
        customer = s.group_customer[start + member]
        if x.role[customer] != NO_ROLE:
            low, high = words_of(s, customer)
            fill_uniform(d.path, low, high, word, d.k0, d.k1, x.state[member, ROLE_STATE.uniform])
            move(x.state[member], g.marks[member, MARK.status], x.terms, x.taken)


# --- effects ------------------------------------------------------------------------------------------------
@stage
def expect_events(rate: Floats, serving: Floats, first: int, last: int, state: Floats) -> bool:
    """Expected number of the events of a period that come with the roles first..last; rate [lane] per
    period. Returns whether there can be any.
    """
    role, served, on = state[ROLE_STATE.role], state[ROLE_STATE.served], state[ROLE_STATE.on]
    mean, count, total = state[ROLE_STATE.mean], state[ROLE_STATE.count], 0.0
    for i in range(mean.shape[0]):
        with_role = on[i] if first <= role[i] <= last else 0.0
        mean[i] = rate[i] * serving[int(served[i])] * with_role
        count[i] = 0.0
        total += mean[i]
    return total > 0.0


@stage
def draw_events(low: np.uint64, high: np.uint64, word: np.uint64, d: Draws, state: Floats) -> None:
    """Poisson number of events with the mean that is expected."""
    uniform = state[ROLE_STATE.uniform]
    fill_uniform(d.path, low, high, word, d.k0, d.k1, uniform)
    count_jumps(uniform, state[ROLE_STATE.mean], state[ROLE_STATE.count])


@stage
def add_jump(size: Floats, state: Floats) -> None:
    """Logit points x (number of events - its mean): nothing on average (eq. 7.3)."""
    count, mean, jump = state[ROLE_STATE.count], state[ROLE_STATE.mean], state[ROLE_STATE.jump]
    for i in range(jump.shape[0]):
        jump[i] += size[i] * (count[i] - mean[i])


@stage
def set_back(keep: Floats, periods: float, state: Floats, stock: Floats) -> None:
    """K x f^N / E[f^N], f what is left of a stock after so many periods without spend (eq. 7.3)."""
    count, mean = state[ROLE_STATE.count], state[ROLE_STATE.mean]
    for i in range(stock.shape[0]):
        if mean[i] > 0.0:
            lost = periods * log(max(keep[i], 1e-300))
            stock[i] *= exp(max(-700.0, count[i] * lost) - mean[i] * (exp(max(-700.0, lost)) - 1.0))


@stage
def cut_prices(price: Floats, duration: float, t: int, made: Floats, state: Floats, total: Floats) -> None:
    """Log price factor of the concessions that hold in period t, with the mean 1: Σ N ln(1 - cut) + E[N] cut
    (eq. 7.3). made [number or expected number, period % ring, lane]; in its last period a cut counts for the
    part in which it holds.
    """
    ring = made.shape[1]
    for i in range(total.shape[0]):
        made[0, t % ring, i] = state[ROLE_STATE.count, i]
        made[1, t % ring, i] = state[ROLE_STATE.mean, i]
        total[i] = 0.0
    for age in range(min(ring, t + 1)):
        place, part = (t - age) % ring, min(1.0, duration - age)
        for i in range(total.shape[0]):
            if made[1, place, i] > 0.0:
                cut = price[i] * part
                total[i] += made[0, place, i] * log(1.0 - cut) + made[1, place, i] * cut


@stage
def grow_with_role(influence: Floats, terms: Floats, state: Floats, margin: Floats) -> None:
    """Log growth of the wallets in the period, and that of the margin since the start (eq. 7.1, 7.2, 7.4)."""
    role, served, on = state[ROLE_STATE.role], state[ROLE_STATE.served], state[ROLE_STATE.on]
    growth = state[ROLE_STATE.growth]
    for i in range(growth.shape[0]):
        years = influence[i] * terms[TERM.weight, int(served[i])] * on[i]
        growth[i] = years * terms[TERM.sales, int(role[i])]
        margin[i] += years * terms[TERM.margin, int(role[i])]


@stage
def add_lane(values: Floats, out: Floats) -> None:
    """out += values."""
    for i in range(out.shape[0]):
        out[i] += values[i]


@stage
def damage_stocks(
    s: Structure, st: Strategy, x: Executives, v: Levers, group: int, member: int, customer: int
) -> None:
    """Set back the stocks of all levers on one customer alone; one visit does not undo what is shared."""
    for slot in range(slots(s, group)):
        lever = lever_of(s, group, slot)
        if s.levers[LEVER_FACT.customer, lever] == customer and st.run[lever] == ON_PATH:
            stock, keep = v.levers[slot, LEVER_STATE.stock], v.parameters[slot, LEVER.keep]
            set_back(keep, x.terms[TERM.setback, 0], x.state[member], stock)


@stage
def step_roles(
    s: Structure, st: Strategy, x: Executives, g: Group, v: Levers, group: int, d: Draws, t: int
) -> None:
    """Growth and events of period t; to be called after the shifts of levers. A stock that is set back is
    so at the end of the period.
    """
    start = s.groups[GROUP.member_start, group]
    for member in range(g.marks.shape[0]):
        customer = s.group_customer[start + member]
        if x.role[customer] == NO_ROLE:
            continue
        low, high = words_of(s, customer)
        p, state, serving = x.parameters[member], x.state[member], x.terms[TERM.serving]
        jump = state[ROLE_STATE.jump]
        fill(jump, 0.0)
        if expect_events(p[EXECUTIVE.damage_mean], serving, LOOSE_CANNON, LOOSE_CANNON, state):
            draw_events(low, high, counter_word(t + 1, DAMAGE_SLOT, d.stream), d, state)
            add_jump(p[EXECUTIVE.damage_share], state)
            damage_stocks(s, st, x, v, group, member, customer)
        if expect_events(p[EXECUTIVE.deal_mean], serving, DEALMAKER, GROWTH_CHAMPION, state):
            draw_events(low, high, counter_word(t + 1, DEAL_SLOT, d.stream), d, state)
            add_jump(p[EXECUTIVE.deal_share], state)
        if expect_events(p[EXECUTIVE.concession_mean], serving, DEALMAKER, DEALMAKER, state):
            draw_events(low, high, counter_word(t + 1, CONCESSION_SLOT, d.stream), d, state)
        made, total = x.concessions[member], g.state[member, STATE.concession]
        cut_prices(p[EXECUTIVE.concession_price], x.terms[TERM.duration, 0], t, made, state, total)
        grow_with_role(p[EXECUTIVE.influence], x.terms, state, g.state[member, STATE.margin_effect])
        for line in range(g.line_start[member], g.line_start[member + 1]):
            add_lane(state[ROLE_STATE.growth], g.lines[line, LINE_STATE.growth_effect])
            if g.line_facts[LINE_FACT.share_moves, line] == 1:
                add_lane(jump, g.lines[line, LINE_STATE.logit])


# --- cash ---------------------------------------------------------------------------------------------------
@stage
def pay_executive(
    terms: Floats, executive: Floats, alive: Floats, index: Floats, flow: Floats, cost: Floats
) -> None:
    """Cost of the executive in the period while the relation is active, at the prices of the period."""
    role, served = executive[ROLE_STATE.role], executive[ROLE_STATE.served]
    for i in range(flow.shape[0]):
        paid = terms[TERM.cost, int(role[i])] * terms[TERM.serving, int(served[i])] * alive[i] * index[i]
        flow[i] = paid
        cost[i] += paid


@stage
def concede_price(concession: Floats, factor: Floats) -> None:
    """Price factor with the concessions of the executive."""
    for i in range(factor.shape[0]):
        factor[i] *= exp(concession[i])


@stage
def keep_margin(p: Floats, volume: Floats, sales: Floats, saved: Floats, state: Floats) -> None:
    """Contribution of a line x exp(margin effect), by lower or higher variable costs, which cannot fall below
    zero; a loss stays as it is (eq. 7.2). p [LINE row, lane]; adds to what levers have saved.
    """
    for i in range(saved.shape[0]):
        cost = volume[i] * p[LINE.variable_cost, i] - saved[i]
        gained = max(0.0, sales[i] * p[LINE.net, i] - cost) * (exp(state[STATE.margin_effect, i]) - 1.0)
        gained = min(gained, cost) if cost > 0.0 else 0.0
        saved[i] += gained
        state[STATE.variable, i] -= gained
        state[STATE.noncash, i] -= gained * p[LINE.variable_unpaid, i]
