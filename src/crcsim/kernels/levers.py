"""Levers (MODEL 5): stocks that spend builds up, their response, and the shifts that they make.

Where nothing about a response depends on the path it was compiled ahead and is read from a table; a stock
that waits for a trigger, or whose parameters are uncertain, runs here by the same recursion.
"""

from crcsim.kernels.accelerate import inline, spliced, stage
from crcsim.kernels.arrays import Draws, Floats, Group, Levers, Parameters, Strategy, Structure
from crcsim.kernels.lanes import fill, read_member
from crcsim.kernels.market import count_jumps, sum_jumps
from crcsim.kernels.maths import exp, log
from crcsim.kernels.rng import counter_word, fill_draws
from crcsim.kernels.rows import (
    BY_DATE,
    EFFECT,
    EFFECT_FACT,
    EFFECT_KIND,
    EFFECT_TABLE,
    GROUP,
    LEVER,
    LEVER_STATE,
    LEVER_TABLE,
    LINE_STATE,
    NEVER,
    NOT_RUN,
    ON_PATH,
    STATE,
    TRIGGER,
)

#: Slot of the jumps of a wallet that a lever creates; each such effect is an entity of its own.
CREATION_SLOT = 0


@inline
def slots(s: Structure, group: int) -> int:
    """Levers that act in a group."""
    return int(s.groups[GROUP.slot_of_lever_end, group] - s.groups[GROUP.slot_of_lever_start, group])


@inline
def lever_of(s: Structure, group: int, slot: int) -> int:
    """The lever behind a slot of a group."""
    return int(s.group_lever[s.groups[GROUP.slot_of_lever_start, group] + slot])


@stage
def start_levers(s: Structure, st: Strategy, p: Parameters, v: Levers, group: int, lo: int) -> None:
    """Stocks at the valuation date and effects of a group on the block that starts at chunk path `lo`."""
    for slot in range(slots(s, group)):
        lever = lever_of(s, group, slot)
        read_member(p, LEVER_TABLE, lever, lo, v.parameters[slot])
        for row in range(v.levers.shape[1]):
            fill(v.levers[slot, row], 0.0)
        start = float(st.start[lever])
        if st.run[lever] == NOT_RUN or st.trigger[TRIGGER.kind, lever] != BY_DATE:
            start = NEVER
        fill(v.levers[slot, LEVER_STATE.start], start)
        for lane in range(v.levers.shape[2]):
            v.levers[slot, LEVER_STATE.stock, lane] = v.parameters[slot, LEVER.stock, lane]
    first = s.groups[GROUP.effect_start, group]
    for effect in range(first, s.groups[GROUP.effect_end, group]):
        read_member(p, EFFECT_TABLE, effect, lo, v.effects[effect - first])


@stage
def grow_stock(p: Floats, state: Floats, arriving: Floats, maintenance: float, t: int) -> None:
    """K_t = keep K_{t-1} + gain x boost x spend that arrives (eq. 5.1). p, state [row, lane]; arriving
    [period] counted from the start of the plan, before it the maintenance that keeps K_0.
    """
    stock, start, boost = state[LEVER_STATE.stock], state[LEVER_STATE.start], state[LEVER_STATE.boost]
    for i in range(stock.shape[0]):
        spend = maintenance
        if start[i] <= t:
            spend = arriving[t - int(start[i])]
        stock[i] = p[LEVER.keep, i] * stock[i] + p[LEVER.gain, i] * exp(boost[i]) * spend


@stage
def respond(p: Floats, stock: Floats, response: Floats) -> None:
    """r = (g(K) - g(K_0)) / (1 - g(K_0)) = (q - q_0) / (1 + q), q = (K / K_half)^n (eq. 5.2)."""
    for i in range(stock.shape[0]):
        ratio = stock[i] / p[LEVER.half, i]
        power = exp(p[LEVER.steepness, i] * log(max(ratio, 1e-300))) if ratio > 0.0 else 0.0
        response[i] = (power - p[LEVER.base, i]) / (1.0 + power)


@stage
def add_shift(shift: Floats, response: Floats, out: Floats) -> None:
    """out += shift at saturation x response (eq. 5.3)."""
    for i in range(out.shape[0]):
        out[i] += shift[i] * response[i]


@stage
def boost_levers(s: Structure, v: Levers, group: int) -> None:
    """What amplifiers add to the effectiveness of other levers, by their response of the last period (A7)."""
    first = s.groups[GROUP.effect_start, group]
    for slot in range(slots(s, group)):
        fill(v.levers[slot, LEVER_STATE.boost], 0.0)
    for effect in range(first, s.groups[GROUP.effect_end, group]):
        if s.effects[EFFECT_FACT.kind, effect] == EFFECT_KIND.effectiveness:
            source, target = s.effects[EFFECT_FACT.lever, effect], s.effects[EFFECT_FACT.target, effect]
            response = v.levers[source, LEVER_STATE.response]
            add_shift(v.effects[effect - first, EFFECT.shift], response, v.levers[target, LEVER_STATE.boost])


@stage
def step_responses(s: Structure, st: Strategy, v: Levers, group: int, t: int) -> None:
    """Response of every lever of a group in period t."""
    boost_levers(s, v, group)
    for slot in range(slots(s, group)):
        lever, state = lever_of(s, group, slot), v.levers[slot]
        mode = st.run[lever]
        if mode == ON_PATH:
            arriving = st.arriving[lever]
            grow_stock(v.parameters[slot], state, arriving, st.maintenance[lever], t)
            respond(v.parameters[slot], state[LEVER_STATE.stock], state[LEVER_STATE.response])
        elif mode != NOT_RUN:
            fill(state[LEVER_STATE.response], st.response[lever, t])


@stage
def clear_shifts(g: Group) -> None:
    """No shifts, but what is no longer offered."""
    for member in range(g.state.shape[0]):
        state = g.state[member]
        fill(state[STATE.retention_effect], 0.0)
        fill(state[STATE.coupling_effect], 0.0)
        fill(state[STATE.process_effect], 0.0)
        for i in range(state.shape[1]):
            state[STATE.churn_effect, i] = state[STATE.drop_churn, i]
        for line in range(g.line_start[member], g.line_start[member + 1]):
            rows = g.lines[line]
            for i in range(rows.shape[1]):
                rows[LINE_STATE.share_effect, i] = state[STATE.drop_share, i]
                rows[LINE_STATE.growth_effect, i] = 0.0
                rows[LINE_STATE.price_effect, i] = 0.0
                rows[LINE_STATE.variable_effect, i] = 0.0


@inline
def line_row(kind: int) -> int:
    """Row of a line's state that an effect shifts, -1 where it shifts none."""
    row = -1
    if kind == EFFECT_KIND.share:
        row = LINE_STATE.share_effect
    elif kind == EFFECT_KIND.growth:
        row = LINE_STATE.growth_effect
    elif kind == EFFECT_KIND.price:
        row = LINE_STATE.price_effect
    elif kind == EFFECT_KIND.variable_cost:
        row = LINE_STATE.variable_effect
    return row


@inline
def customer_row(kind: int) -> int:
    """Row of a customer's state that an effect shifts, -1 where it shifts none."""
    row = -1
    if kind == EFFECT_KIND.churn:
        row = STATE.churn_effect
    elif kind == EFFECT_KIND.retention:
        row = STATE.retention_effect
    elif kind == EFFECT_KIND.coupling:
        row = STATE.coupling_effect
    elif kind == EFFECT_KIND.process_cost:
        row = STATE.process_effect
    return row


@stage
def shift_parameters(s: Structure, g: Group, v: Levers, group: int) -> None:
    """Shifts of the period: effects of several levers on one target add up (eq. 5.3)."""
    clear_shifts(g)
    first = s.groups[GROUP.effect_start, group]
    for effect in range(first, s.groups[GROUP.effect_end, group]):
        kind, target = s.effects[EFFECT_FACT.kind, effect], s.effects[EFFECT_FACT.target, effect]
        response = v.levers[s.effects[EFFECT_FACT.lever, effect], LEVER_STATE.response]
        shift = v.effects[effect - first, EFFECT.shift]
        if line_row(kind) >= 0:
            add_shift(shift, response, g.lines[target, line_row(kind)])
        elif customer_row(kind) >= 0:
            add_shift(shift, response, g.state[target, customer_row(kind)])


@stage
def jump_wallet(effect: Floats, response: Floats, line: Floats) -> None:
    """Compound Poisson jumps of a line's wallet at shift x response jumps per period, never below none; the
    draws lie in the line's normal and uniform.
    """
    count, jump, wallet = line[LINE_STATE.count], line[LINE_STATE.jump], line[LINE_STATE.wallet]
    for i in range(count.shape[0]):
        jump[i] = max(0.0, effect[EFFECT.shift, i] * response[i])
    count_jumps(line[LINE_STATE.uniform], jump, count)
    sum_jumps(count, line[LINE_STATE.normal], effect[EFFECT.jump_log_mean], effect[EFFECT.jump_log_sd], jump)
    for i in range(wallet.shape[0]):
        wallet[i] *= exp(jump[i])


@stage
def create_by_levers(s: Structure, g: Group, v: Levers, group: int, d: Draws, t: int) -> None:
    """Wallet that levers create in period t (A6)."""
    first = s.groups[GROUP.effect_start, group]
    word = counter_word(t + 1, CREATION_SLOT, d.stream)
    for effect in range(first, s.groups[GROUP.effect_end, group]):
        if s.effects[EFFECT_FACT.kind, effect] == EFFECT_KIND.creation:
            line = g.lines[s.effects[EFFECT_FACT.target, effect]]
            low, high = s.creation_words[effect, 0], s.creation_words[effect, 1]
            normal, spare = line[LINE_STATE.normal], line[LINE_STATE.spare_normal]
            fill_draws(d.path, low, high, word, d.k0, d.k1, normal, spare, line[LINE_STATE.uniform])
            response = v.levers[s.effects[EFFECT_FACT.lever, effect], LEVER_STATE.response]
            jump_wallet(v.effects[effect - first], response, line)


@spliced
def step_levers(s: Structure, st: Strategy, g: Group, v: Levers, group: int, d: Draws, t: int) -> None:
    """Responses and shifts of period t, and the wallet that it creates."""
    step_responses(s, st, v, group, t)
    shift_parameters(s, g, v, group)
    create_by_levers(s, g, v, group, d, t)
