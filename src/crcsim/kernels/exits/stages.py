"""The exits of a period: on which lanes something happens, first to targets of mergers, then to all."""

import numpy as np

from crcsim.kernels.accelerate import part, spliced, stage
from crcsim.kernels.arrays import Draws, Floats, Group, Integers, Relations, Structure
from crcsim.kernels.exits.events import change_state, happen, merge
from crcsim.kernels.exits.hazards import (
    churn_of_period,
    event_probability,
    grow_older,
    merger_hazards,
    shift_retention,
    success_hazard,
)
from crcsim.kernels.maths import normal_cdf
from crcsim.kernels.rng import counter_word, draw, fill_draws
from crcsim.kernels.rows import CUSTOMER, FACT, MARK, STATE

#: Slots of the rare draws.
FACTOR_SLOT = 1

TAKEOVER_SLOT = 2


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
