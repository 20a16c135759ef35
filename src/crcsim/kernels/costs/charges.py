"""Fixed costs of a customer, acquisition included (eq. 8.6)."""

from crcsim.kernels.accelerate import part, spliced, stage
from crcsim.kernels.arrays import Floats, Group, Structure
from crcsim.kernels.costs.capacity import add_noncash, bear_idle, scale_processes
from crcsim.kernels.costs.places import charge_row
from crcsim.kernels.lanes import fill
from crcsim.kernels.rows import CHARGE_FACT, FACT, FLOW, PHASE_COST, PHASE_PROCESS, STATE


@part
def set_charge(amount: Floats, factor: Floats, index: Floats, cost: Floats) -> None:
    """The first fixed cost; it follows a phase factor, at the prices of the period (eq. 8.6)."""
    for i in range(cost.shape[0]):
        cost[i] = amount[i] * factor[i] * index[i]


@stage
def charge(amount: Floats, factor: Floats, index: Floats, cost: Floats) -> None:
    """Add a further fixed cost (eq. 8.6)."""
    for i in range(cost.shape[0]):
        paid = amount[i] * factor[i]
        cost[i] += paid * index[i]


@stage
def note_charge(amount: Floats, factor: Floats, index: Floats, flow: Floats) -> None:
    """Keep a fixed cost of the period."""
    for i in range(flow.shape[0]):
        flow[i] = amount[i] * factor[i] * index[i]


@stage
def pay_acquisition(spend: Floats, index: Floats, flow: Floats, cost: Floats) -> None:
    """Acquisition spending on a prospect, at the prices of the period."""
    for i in range(flow.shape[0]):
        paid = spend[i] * index[i]
        flow[i] = paid
        cost[i] += paid


@spliced
def bear_fixed(s: Structure, state: Floats, amounts: Floats, customer: int, index: Floats) -> None:
    """Fixed costs of a customer that has no others; amounts [row of the group, lane]."""
    facts, cost = s.customers, state[STATE.cost]
    row, start = charge_row(facts, customer), facts[FACT.charge_start, customer]
    if facts[FACT.charge_end, customer] == start:
        fill(cost, 0.0)
    for place in range(start, facts[FACT.charge_end, customer]):
        kind = int(s.charges[CHARGE_FACT.factor, place])
        factor = state[STATE.alive]
        if kind == PHASE_COST:
            factor = state[STATE.cost_factor]
        if kind == PHASE_PROCESS:
            factor = state[STATE.process_factor]
        if place == start:
            set_charge(amounts[row], factor, index, cost)
        else:
            charge(amounts[row], factor, index, cost)
        row += 1


@stage
def bear_costs(s: Structure, g: Group, member: int, customer: int, index: Floats) -> None:
    """All fixed costs of a customer in one period: acquisition and idle capacity included."""
    facts, books, state = s.customers, g.books, g.state[member]
    cost, noncash = state[STATE.cost], state[STATE.noncash]
    row = charge_row(facts, customer)
    if facts[FACT.charge_end, customer] == facts[FACT.charge_start, customer]:
        fill(cost, 0.0)
    start = facts[FACT.charge_start, customer]
    for place in range(start, facts[FACT.charge_end, customer]):
        kind = int(s.charges[CHARGE_FACT.factor, place])
        factor = state[STATE.alive]
        if kind == PHASE_COST:
            factor = state[STATE.cost_factor]
        if kind == PHASE_PROCESS:
            factor = state[STATE.process_factor]
            if g.changed == 1:
                scale_processes(factor, state[STATE.process_effect], state[STATE.process_now])
                factor = state[STATE.process_now]
        if place == start:
            set_charge(books.amounts[row], factor, index, cost)
        else:
            charge(books.amounts[row], factor, index, cost)
        note_charge(books.amounts[row], factor, index, books.flows[row])
        unpaid = s.charges[CHARGE_FACT.noncash, place]
        if unpaid > 0.0:
            add_noncash(books.flows[row], unpaid, noncash)
        row += 1
    for place in range(facts[FACT.reserve_start, customer], facts[FACT.reserve_end, customer]):
        bear_idle(s, g, state, customer, place, row, index)
        row += 1
    if facts[FACT.prospect, customer] == 1:
        pay_acquisition(state[STATE.acquisition], index, books.flows[row + FLOW.acquisition], cost)
