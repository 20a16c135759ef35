"""Competing risks (MODEL 4): one event uniform per customer and period, the cause in proportion to the
hazards.

The lane loops only find the few lanes where something happens; what happens there is written out lane by
lane.
"""

import math

import numpy as np

from crcsim.kernels.accelerate import part, spliced, stage
from crcsim.kernels.arrays import Draws, Floats, Group, Integers, Relations, Structure
from crcsim.kernels.lifecycle import activate, enter_phase, set_line_phase
from crcsim.kernels.maths import exp, log, normal_cdf
from crcsim.kernels.rng import counter_word, draw, fill_draws
from crcsim.kernels.rows import (
    ACTIVE,
    AWAY,
    CHURN_CAUSE,
    CUSTOMER,
    ENDED,
    FACT,
    GROUP,
    INSOLVENCY_CAUSE,
    LINE,
    LINE_FACT,
    LINE_STATE,
    MARK,
    MERGED,
    MERGER_CAUSE,
    PROSPECT,
    STATE,
    TAKEOVER_CAUSE,
)
from crcsim.kernels.wallet import regime_log_mean

#: Slots of the rare draws.
FACTOR_SLOT = 1
TAKEOVER_SLOT = 2


@stage
def tenure_hazard(p: Floats, state: Floats, phase: Integers, step: float) -> None:
    """Weibull tenure shape, integrated over the period, so that a shape below 1 is finite at tenure 0 (eq.
    4.4).
    """
    shape, scale = p[CUSTOMER.tenure_shape], p[CUSTOMER.tenure_scale]
    age = state[STATE.age]
    now = state[STATE.churn_now]
    for i in range(age.shape[0]):
        before = exp(shape[i] * log(max(age[i], 1e-300))) if age[i] > 0.0 else 0.0
        power = exp(shape[i] * log(age[i] + step))
        now[i] = p[CUSTOMER.churn_prospect + phase[i], i] * scale[i] * (power - before)


@stage
def phase_hazard(p: Floats, phase: Integers, now: Floats) -> None:
    """Churn hazard of the phase."""
    for i in range(now.shape[0]):
        now[i] = p[CUSTOMER.churn_prospect + phase[i], i]


@stage
def shift_hazard(state: Floats) -> None:
    """Levers and dropped lines act on the log of the churn hazard (eq. 5.3, 6.3)."""
    for i in range(state.shape[1]):
        state[STATE.churn_now, i] *= exp(state[STATE.churn_effect, i])


@stage
def shift_retention(p: Floats, state: Floats) -> None:
    """Levers act on the logit of the chance that a taken-over customer stays: r e / (1 + r (e - 1))."""
    for i in range(state.shape[1]):
        odds = exp(state[STATE.retention_effect, i])
        retained = p[CUSTOMER.retained, i]
        state[STATE.retained, i] = retained * odds / (1.0 + retained * (odds - 1.0))


@spliced
def churn_of_period(s: Structure, g: Group, member: int, customer: int) -> None:
    """Churn hazard of a customer in its phase, with tenure and shifts, where it is not that of the phase
    alone.
    """
    p, state, phase = g.parameters[member], g.state[member], g.marks[member, MARK.phase]
    if s.customers[FACT.tenure, customer] == 1:
        tenure_hazard(p, state, phase, s.step)
    elif g.changed == 1:
        phase_hazard(p, phase, state[STATE.churn_now])
    if g.changed == 1:
        shift_hazard(state)


@stage
def grow_older(age: Floats, step: float) -> None:
    """Tenure at the end of the period."""
    for i in range(age.shape[0]):
        age[i] += step


@stage
def success_hazard(p: Floats, state: Floats) -> None:
    """Insolvency hazard of the period: base x (B/(1+g)^tau)^-omega / its mean, capped (eq. 4.6). Uses the
    index of the last period.
    """
    base, cap, omega = p[CUSTOMER.insolvency], p[CUSTOMER.insolvency_cap], p[CUSTOMER.success_exponent]
    success, log_mean, now = state[STATE.success], state[STATE.success_log_mean], state[STATE.insolvency_now]
    for i in range(now.shape[0]):
        now[i] = min(cap[i], base[i] * exp(-omega[i] * success[i] - log_mean[i]))


@spliced
def follow_success(p: Floats, state: Floats, economy: Floats, regimes: int) -> None:
    """Carry the sum of S and the log mean of its power to the end of the period."""
    for i in range(state.shape[1]):
        state[STATE.success, i] += state[STATE.shock, i]
        state[STATE.success_log_mean, i] += p[CUSTOMER.success_drift, i]
    if regimes == 1:
        good, bad = state[STATE.success_weight_good], state[STATE.success_weight_bad]
        means = p[CUSTOMER.success_good], p[CUSTOMER.success_bad]
        regime_log_mean(good, bad, economy, means[0], means[1], state[STATE.scratch])
        for i in range(state.shape[1]):
            state[STATE.success_log_mean, i] += state[STATE.scratch, i]


@stage
def merger_hazards(s: Structure, g: Group, group: int, member: int) -> None:
    """Sum of the hazards of the listed mergers whose buyer was active at the end of the last period."""
    total = g.state[member, STATE.merger_now]
    for i in range(total.shape[0]):
        total[i] = 0.0
    start = s.groups[GROUP.merger_start, group]
    for merger in range(s.groups[GROUP.merger_end, group] - start):
        if s.mergers[0, start + merger] == member:
            buyer = g.state[s.mergers[1, start + merger], STATE.alive_before]
            for i in range(total.shape[0]):
                total[i] += g.merger_hazard[merger, i] * buyer[i]


@stage
def event_probability(p: Floats, state: Floats) -> None:
    """P(any event in the period) = 1 - exp(-sum of hazards) where the relation is active (eq. 4.1)."""
    churn, insolvency, merger = state[STATE.churn_now], state[STATE.insolvency_now], state[STATE.merger_now]
    takeover, alive, event = p[CUSTOMER.takeover], state[STATE.alive], state[STATE.event]
    for i in range(event.shape[0]):
        event[i] = alive[i] * (1.0 - exp(-(churn[i] + takeover[i] + insolvency[i] + merger[i])))


@stage
def load_factor(p: Floats, factor: Floats, own: Floats, uniform: Floats) -> None:
    """Event uniform Phi(sqrt(rho) F + sqrt(1-rho) e): losses cluster when the factor is low (eq. 4.5)."""
    loading, rest = p[CUSTOMER.factor_loading], p[CUSTOMER.factor_own]
    for i in range(uniform.shape[0]):
        uniform[i] = normal_cdf(loading[i] * factor[i] + rest[i] * own[i])


@part
def select_lanes(
    uniform: Floats, second: Floats, correlated: bool, event: Floats, move: Floats, hits: Integers
) -> int:
    """Lanes where something happens: an event, or without one a change of phase, conversion or return.
    Returns their number.
    """
    found = 0
    if correlated:
        for i in range(uniform.shape[0]):
            hits[found] = i
            found += 1 if (uniform[i] < event[i] or second[i] < move[i]) else 0
    else:
        for i in range(uniform.shape[0]):
            hits[found] = i
            found += 1 if uniform[i] < event[i] + (1.0 - event[i]) * move[i] else 0
    return found


@part
def end_relation(g: Group | Relations, member: int, lane: int, cause: int, status: int, period: int) -> None:
    """The customer leaves: no sales, no cost from this period on; a churned one may return."""
    state, marks = g.state[member], g.marks[member]
    marks[MARK.status, lane] = status
    marks[MARK.cause, lane] = cause
    marks[MARK.period, lane] = period
    state[STATE.alive, lane] = 0.0
    state[STATE.selling, lane] = 0.0
    state[STATE.event, lane] = 0.0
    state[STATE.cost_factor, lane] = 0.0
    state[STATE.process_factor, lane] = 0.0
    state[STATE.move, lane] = g.parameters[member, CUSTOMER.win_back, lane] if status == AWAY else 0.0


@part
def write_off(g: Group | Relations, member: int, lane: int) -> None:
    """Insolvency: loss given default x receivables of the customer and of what it has bought."""
    for other in range(g.marks.shape[0]):
        if g.marks[other, MARK.owner, lane] == member:
            loss = (
                g.parameters[member, CUSTOMER.loss_given_default, lane]
                * g.state[other, STATE.receivable, lane]
            )
            g.state[other, STATE.write_off, lane] = loss


@part
def keep_after_takeover(g: Group | Relations, member: int, lane: int, normal: float) -> None:
    """A taken-over customer that stays: its wallet multiplier, price concession and share reset on all its
    lines.
    """
    p = g.parameters[member]
    multiplier = exp(p[CUSTOMER.multiplier_log_median, lane] + p[CUSTOMER.multiplier_log_sd, lane] * normal)
    keep_price = 1.0 - p[CUSTOMER.price_concession, lane]
    reset = g.line_parameters[
        g.line_start[member], LINE.logit_reset, lane
    ]  # the same for all lines of a customer
    for other in range(g.marks.shape[0]):
        if g.marks[other, MARK.owner, lane] == member:
            g.state[other, STATE.price, lane] *= keep_price
            for line in range(g.line_start[other], g.line_start[other + 1]):
                g.lines[line, LINE_STATE.wallet, lane] *= multiplier
                if g.line_facts[LINE_FACT.share_moves, line] == 1 and not math.isnan(reset):
                    g.lines[line, LINE_STATE.logit, lane] = reset
                    g.lines[line, LINE_STATE.share, lane] = 1.0 / (1.0 + exp(-reset))


@stage
def merge(s: Structure, g: Group, group: int, member: int, lane: int, part: float, period: int) -> None:
    """The target's lines go on under the buyer; both get the price terms better for the buyer (A11). `part`
    selects the buyer.
    """
    start = s.groups[GROUP.merger_start, group]
    for merger in range(s.groups[GROUP.merger_end, group] - start):
        if s.mergers[0, start + merger] != member:
            continue
        buyer = s.mergers[1, start + merger]
        hazard = g.merger_hazard[merger, lane] * g.state[buyer, STATE.alive_before, lane]
        if hazard <= 0.0 or part >= hazard:
            part -= hazard
            continue
        owner = g.marks[buyer, MARK.owner, lane]
        if owner == member:  # the buyer has merged into this customer in the same period
            return
        end_relation(g, member, lane, MERGER_CAUSE, MERGED, period)
        for other in range(g.marks.shape[0]):
            if g.marks[other, MARK.owner, lane] == member:
                g.marks[other, MARK.owner, lane] = owner
                set_line_phase(g, other, lane, g.marks[owner, MARK.phase, lane])
        better = min(g.state[member, STATE.price, lane], g.state[owner, STATE.price, lane])
        for other in range(g.marks.shape[0]):
            if g.marks[other, MARK.owner, lane] == owner:
                g.state[other, STATE.price, lane] = min(better, g.state[other, STATE.price, lane])
        return


@part
def happen(g: Group | Relations, member: int, lane: int, part: float, normal: float, period: int) -> None:
    """An event of an active customer, other than a listed merger.

    `part`, uniform on (0, 1), selects the cause in proportion to the hazards (eq. 4.3).
    """
    state, p = g.state[member], g.parameters[member]
    churn, takeover, insolvency = (
        state[STATE.churn_now, lane],
        p[CUSTOMER.takeover, lane],
        state[STATE.insolvency_now, lane],
    )
    rest = part * (churn + takeover + insolvency + state[STATE.merger_now, lane])
    if rest < churn:
        returns = p[CUSTOMER.win_back, lane] > 0.0
        end_relation(g, member, lane, CHURN_CAUSE, AWAY if returns else ENDED, period)
        return
    rest -= churn
    if rest < takeover:
        if rest < state[STATE.retained, lane] * takeover:
            keep_after_takeover(g, member, lane, normal)
        else:
            end_relation(g, member, lane, TAKEOVER_CAUSE, ENDED, period)
        return
    if rest - takeover < insolvency or state[STATE.merger_now, lane] <= 0.0:
        write_off(g, member, lane)
        end_relation(g, member, lane, INSOLVENCY_CAUSE, ENDED, period)


@part
def change_state(g: Group | Relations, member: int, lane: int) -> None:
    """No event: the next phase, the conversion of a prospect or the return of a churned customer."""
    marks = g.marks[member]
    status = marks[MARK.status, lane]
    if status == ACTIVE:
        enter_phase(g, member, lane, marks[MARK.phase, lane] + 1)
    elif status == PROSPECT:
        g.state[member, STATE.age, lane] = 0.0
        activate(g, member, lane, 1)
    elif status == AWAY:
        g.state[member, STATE.age, lane] = 0.0
        activate(g, member, lane, marks[MARK.phase, lane])


@spliced
def prepare_exits(
    s: Structure, g: Group, group: int, member: int, customer: int, factor: Floats, d: Draws, period: int
) -> None:
    """Hazards of the period and the uniforms that decide, for one customer."""
    state, p = g.state[member], g.parameters[member]
    if s.customers[FACT.hazards_move, customer] == 1 or g.changed == 1:
        churn_of_period(s, g, member, customer)
        if s.customers[FACT.tenure, customer] == 1:
            grow_older(state[STATE.age], s.step)
        if g.changed == 1:
            shift_retention(p, state)
        if s.customers[FACT.success, customer] == 1:
            success_hazard(p, state)
        merger_hazards(s, g, group, member)
        event_probability(p, state)
    if s.customers[FACT.event_factor, customer] >= 0:
        entity = 1 + s.industry_count + customer
        word = counter_word(period, FACTOR_SLOT, d.stream)
        own, spare, second = state[STATE.scratch], state[STATE.share_normal], state[STATE.second_uniform]
        fill_draws(d.path, s.words[entity, 0], s.words[entity, 1], word, d.k0, d.k1, own, spare, second)
        load_factor(p, factor, own, state[STATE.uniform])


@stage
def merge_targets(s: Structure, g: Group, group: int, member: int, correlated: bool, period: int) -> None:
    """The listed mergers of the period, before any other event, so that the order of customers does not
    matter.
    """
    state, p = g.state[member], g.parameters[member]
    for lane in range(state.shape[1]):
        event = state[STATE.event, lane]
        if state[STATE.merger_now, lane] > 0.0 and state[STATE.uniform, lane] < event:
            part = state[STATE.second_uniform, lane] if correlated else state[STATE.uniform, lane] / event
            others = (
                state[STATE.churn_now, lane] + p[CUSTOMER.takeover, lane] + state[STATE.insolvency_now, lane]
            )
            rest = part * (others + state[STATE.merger_now, lane]) - others
            if rest >= 0.0:
                merge(s, g, group, member, lane, rest, period)


@spliced
def resolve_exits(s: Structure, g: Group, member: int, customer: int, d: Draws, period: int) -> None:
    """All that happens to one customer in one period, listed mergers apart."""
    state = g.state[member]
    uniform, second = state[STATE.uniform], state[STATE.second_uniform]
    entity = 1 + s.industry_count + customer
    low, high = s.words[entity, 0], s.words[entity, 1]
    correlated = s.customers[FACT.event_factor, customer] >= 0
    hits = g.marks[member, MARK.hits]
    found = select_lanes(uniform, second, correlated, state[STATE.event], state[STATE.move], hits)
    if found > 0:
        relations = Relations(
            g.parameters, g.state, g.marks, g.line_parameters, g.lines, g.line_start, g.line_facts
        )
        resolve_lanes(relations, member, found, correlated, low, high, d, period)


@stage
def resolve_lanes(
    g: Relations,
    member: int,
    found: int,
    correlated: bool,
    low: np.uint64,
    high: np.uint64,
    d: Draws,
    period: int,
) -> None:
    """What happens to one customer on the `found` lanes that are noted in its hits."""
    state, p, hits = g.state[member], g.parameters[member], g.marks[member, MARK.hits]
    uniform, second = state[STATE.uniform], state[STATE.second_uniform]
    word = counter_word(period, TAKEOVER_SLOT, d.stream)
    for hit in range(found):
        lane = hits[hit]
        event = state[STATE.event, lane]
        if uniform[lane] < event:
            part_of_event = second[lane] if correlated else uniform[lane] / event
            normal = 0.0
            if p[CUSTOMER.multiplier_log_sd, lane] > 0.0:
                normal = draw(d.path + np.uint64(lane), low, high, word, d.k0, d.k1)[0]
            happen(g, member, lane, part_of_event, normal, period)
        else:
            change_state(g, member, lane)
