"""Triggers of levers (MODEL 5): judged path by path at the end of a period, acting from the next one."""

from crcsim.kernels.accelerate import stage
from crcsim.kernels.arrays import Block, Floats, Group, Levers, Strategy, Structure
from crcsim.kernels.exits.hazards import churn_of_period
from crcsim.kernels.levers import lever_of, slots
from crcsim.kernels.maths import exp
from crcsim.kernels.rows import (
    BAD_YEARS,
    BEGIN,
    BY_DATE,
    CHURN_ABOVE,
    GOOD_YEARS,
    GROUP,
    LEVER_STATE,
    LINE_STATE,
    MARKET_ABOVE,
    MARKET_BELOW,
    NEVER,
    NOT_RUN,
    SAME_VOLUME,
    SHARE_ABOVE,
    SHARE_BELOW,
    STATE,
    TRIGGER,
)


@stage
def begin_below(values: Floats, level: float, on: Floats, start: Floats, t: int) -> None:
    """Plans that have not begun do so in period t where the relation is active and a value is below a
    level.
    """
    for i in range(start.shape[0]):
        if start[i] >= NEVER and on[i] > 0.5 and values[i] < level:
            start[i] = t


@stage
def begin_above(values: Floats, level: float, on: Floats, start: Floats, t: int) -> None:
    """As `begin_below`, above the level."""
    for i in range(start.shape[0]):
        if start[i] >= NEVER and on[i] > 0.5 and values[i] > level:
            start[i] = t


@stage
def begin_by_market(kind: int, log_index: Floats, level: float, start: Floats, t: int) -> None:
    """Plans begin in period t where the market index stands below or above a level of today's."""
    for i in range(start.shape[0]):
        index = exp(log_index[i])
        if start[i] >= NEVER and (index > level if kind == MARKET_ABOVE else index < level):
            start[i] = t


@stage
def add_volume(g: Group, member: int, volume: Floats) -> None:
    """Add a customer's volume of the period at base prices."""
    for line in range(g.line_start[member], g.line_start[member + 1]):
        rows = g.lines[line]
        for i in range(volume.shape[0]):
            volume[i] += (
                rows[LINE_STATE.wallet, i] * rows[LINE_STATE.share, i] * g.state[member, STATE.alive, i]
            )


@stage
def close_year(kind: int, state: Floats) -> None:
    """A year with a lower volume than the year before is a bad one, with a higher volume a good one; those
    of the kind that is waited for are counted while they follow each other.
    """
    year, last, in_a_row = state[LEVER_STATE.year], state[LEVER_STATE.last_year], state[LEVER_STATE.in_a_row]
    for i in range(year.shape[0]):
        gained = year[i] - last[i] if kind == GOOD_YEARS else last[i] - year[i]
        in_a_row[i] = in_a_row[i] + 1.0 if gained > SAME_VOLUME * last[i] else 0.0
        last[i] = year[i]
        year[i] = 0.0


@stage
def start_triggers(s: Structure, st: Strategy, g: Group, v: Levers, group: int, per_year: int) -> None:
    """The year before the first one had the volume of the valuation date."""
    for slot in range(slots(s, group)):
        lever = lever_of(s, group, slot)
        kind = int(st.trigger[TRIGGER.kind, lever])
        if kind in (BAD_YEARS, GOOD_YEARS):
            last = v.levers[slot, LEVER_STATE.last_year]
            add_volume(g, int(st.trigger[TRIGGER.member, lever]), last)
            for i in range(last.shape[0]):
                last[i] *= per_year


@stage
def judge(
    s: Structure, st: Strategy, g: Group, v: Levers, group: int, b: Block, per_year: int, t: int
) -> None:
    """Triggers by the state at the end of period t - 1; their plans begin in period t."""
    for slot in range(slots(s, group)):
        lever, state = lever_of(s, group, slot), v.levers[slot]
        kind = int(st.trigger[TRIGGER.kind, lever])
        if st.run[lever] == NOT_RUN or kind == BY_DATE:
            continue
        level, start = st.trigger[TRIGGER.level, lever], state[LEVER_STATE.start]
        if kind in (MARKET_BELOW, MARKET_ABOVE):
            end = t if s.timing == BEGIN else t - 1  # under `begin` the index stands at the start of a period
            begin_by_market(kind, b.market[2, end], level, start, t)
            continue
        member = int(st.trigger[TRIGGER.member, lever])
        on = g.state[member, STATE.alive]
        line = g.line_start[member] + int(st.trigger[TRIGGER.line, lever])
        if kind == SHARE_BELOW:
            begin_below(g.lines[line, LINE_STATE.share], level, on, start, t)
        elif kind == SHARE_ABOVE:
            begin_above(g.lines[line, LINE_STATE.share], level, on, start, t)
        elif kind == CHURN_ABOVE:
            churn_of_period(s, g, member, s.group_customer[s.groups[GROUP.member_start, group] + member])
            begin_above(g.state[member, STATE.churn_now], level, on, start, t)
        else:
            add_volume(g, member, state[LEVER_STATE.year])
            if t % per_year == 0:
                close_year(kind, state)
                begin_above(state[LEVER_STATE.in_a_row], level - 0.5, on, start, t)
