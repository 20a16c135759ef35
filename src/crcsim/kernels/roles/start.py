"""Who serves whom at the valuation date (eq. 7.5)."""

from crcsim.kernels.accelerate import inline, spliced, stage
from crcsim.kernels.arrays import Draws, Executives, Floats, Group, Parameters, Structure
from crcsim.kernels.lanes import fill, read_member
from crcsim.kernels.rng import counter_word, fill_uniform
from crcsim.kernels.roles.draws import ROLE_SLOT, words_of
from crcsim.kernels.rows import EXECUTIVE_TABLE, FACT, GROUP, MIXED, NO_ROLE, ROLE_COUNT, ROLE_STATE, TERM


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
