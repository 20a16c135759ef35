"""Roles change where a term has ended."""

from crcsim.kernels.accelerate import inline, stage
from crcsim.kernels.arrays import Draws, Executives, Floats, Group, Integers, Structure
from crcsim.kernels.lanes import fill
from crcsim.kernels.rng import counter_word, fill_uniform
from crcsim.kernels.roles.draws import ROLE_SLOT, words_of
from crcsim.kernels.rows import ENDED, GROUP, MARK, MERGED, NO_ROLE, ROLE_COUNT, ROLE_STATE, STATE, TERM


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
