"""Capacity kept ready: what its idle part costs (eq. 8.8)."""

from crcsim.kernels.accelerate import spliced, stage
from crcsim.kernels.arrays import Floats, Group, Structure
from crcsim.kernels.costs.places import count
from crcsim.kernels.lanes import fill
from crcsim.kernels.maths import exp
from crcsim.kernels.rows import FACT, RESERVE_FACT, STATE


@stage
def add_noncash(flow: Floats, share: float, noncash: Floats) -> None:
    """Add the payment-ineffective part of a cost."""
    for i in range(flow.shape[0]):
        noncash[i] += flow[i] * share


@stage
def idle_capacity(
    reserved: float,
    fixed: float,
    used: Floats,
    rate: Floats,
    state: Floats,
    index: Floats,
    flow: Floats,
) -> None:
    """Cost of idle capacity = max(0, reserved - used) x rate (eq. 8.8); `used` is what the volume needs,
    which counts at today's prices.
    """
    alive, factor, cost = state[STATE.alive], state[STATE.process_factor], state[STATE.cost]
    for i in range(used.shape[0]):
        idle = alive[i] * (reserved - fixed * factor[i]) - used[i] / index[i]
        paid = max(0.0, idle) * rate[i] * index[i]
        flow[i] = paid
        cost[i] += paid


@stage
def add_use(volume: Floats, use: float, used: Floats) -> None:
    """Add the processes that a line's volume needs."""
    for i in range(used.shape[0]):
        used[i] += use * volume[i]


@stage
def save_idle(effect: Floats, flow: Floats, cost: Floats) -> None:
    """Levers act on the log of the cost of a process, so on that of its idle capacity too."""
    for i in range(flow.shape[0]):
        saved = flow[i] * (1.0 - exp(effect[i]))
        flow[i] -= saved
        cost[i] -= saved


@stage
def scale_processes(factor: Floats, effect: Floats, now: Floats) -> None:
    """Factor on the fixed part of process use x exp(effect of levers on the cost of a process)."""
    for i in range(now.shape[0]):
        now[i] = factor[i] * exp(effect[i])


@spliced
def bear_idle(
    s: Structure, g: Group, state: Floats, customer: int, place: int, row: int, index: Floats
) -> None:
    """Cost of the idle capacity of one process, into `row` of the flows (eq. 8.8)."""
    facts, books, used = s.customers, g.books, state[STATE.scratch]
    fill(used, 0.0)
    volume_row, use = facts[FACT.flow_row, customer] + 1, int(s.reserves[RESERVE_FACT.use_start, place])
    for line in range(count(facts, FACT.line_start, FACT.line_end, customer)):
        add_use(books.flows[volume_row + 2 * line], s.reserve_use[use + line], used)
    rate, flow = books.amounts[row], books.flows[row]
    reserved, fixed = s.reserves[RESERVE_FACT.reserved, place], s.reserves[RESERVE_FACT.fixed, place]
    idle_capacity(reserved, fixed, used, rate, state, index, flow)
    if g.changed == 1:
        save_idle(state[STATE.process_effect], flow, state[STATE.cost])
    unpaid = s.reserves[RESERVE_FACT.noncash, place]
    if unpaid > 0.0:
        add_noncash(flow, unpaid, state[STATE.noncash])
