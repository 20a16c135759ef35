"""What an executive brings about in a period: growth, damage, concessions, deals (eq. 7.1 to 7.4)."""

import numpy as np

from crcsim.kernels.accelerate import stage
from crcsim.kernels.arrays import Draws, Executives, Floats, Group, Levers, Strategy, Structure
from crcsim.kernels.lanes import fill
from crcsim.kernels.levers import lever_of, slots
from crcsim.kernels.market import count_jumps
from crcsim.kernels.maths import exp, log
from crcsim.kernels.rng import counter_word, fill_uniform
from crcsim.kernels.roles.draws import CONCESSION_SLOT, DAMAGE_SLOT, DEAL_SLOT, words_of
from crcsim.kernels.rows import (
    DEALMAKER,
    EXECUTIVE,
    GROUP,
    GROWTH_CHAMPION,
    LEVER,
    LEVER_FACT,
    LEVER_STATE,
    LINE_FACT,
    LINE_STATE,
    LOOSE_CANNON,
    NO_ROLE,
    ON_PATH,
    ROLE_STATE,
    STATE,
    TERM,
)


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
