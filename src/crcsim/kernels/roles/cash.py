"""What executives cost, and what they make of prices and margins."""

from crcsim.kernels.accelerate import stage
from crcsim.kernels.arrays import Floats
from crcsim.kernels.maths import exp
from crcsim.kernels.rows import LINE, ROLE_STATE, STATE, TERM


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
