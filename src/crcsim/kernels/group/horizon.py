"""After the last flow: what the relations that are active then are worth (eq. 9.1)."""

from crcsim.kernels.accelerate import stage
from crcsim.kernels.arrays import Block, Floats, Group, Outputs, Structure, Sums
from crcsim.kernels.cash.value import lowest_margin, value_after_horizon
from crcsim.kernels.exits.hazards import churn_of_period
from crcsim.kernels.lanes import add_lanes, copy
from crcsim.kernels.rows import CUSTOMER, ECONOMY, FACT, GROUP, STATE


@stage
def last_flow_factor(
    p: Floats, state: Floats, economy: Floats, deflator: Floats, discounting: int, out: Floats
) -> None:
    """Discount factor of the last flow; the running factors already stand one period further."""
    for i in range(out.shape[0]):
        if discounting == 0:
            out[i] = state[STATE.wacc, i] / p[CUSTOMER.discount_step, i]
        elif discounting == 1:
            out[i] = state[STATE.risk_free, i] / economy[ECONOMY.risk_free_step, i]
        else:
            out[i] = deflator[i]


@stage
def add_horizon_value(
    s: Structure, g: Group, member: int, customer: int, o: Outputs, sums: Sums, b: Block
) -> None:
    """Value after the horizon of one customer under the three discountings."""
    state, p = g.state[member], g.parameters[member]
    for place in range(3):
        last_flow_factor(p, state, b.economy, b.market[3, s.periods - 1], place, b.lane)
        ratio = p[CUSTOMER.horizon_ratio_deflator] if place == 2 else p[CUSTOMER.horizon_ratio]
        value = state[STATE.scratch]
        value_after_horizon(p, state, ratio, b.lane, value)
        add_lanes(state[STATE.npv_wacc + place], value)
        copy(value, o.horizon_value[place, customer, b.path : b.path + b.valid])
        margin = lowest_margin(state, b.valid, s.step)
        sums.horizon_margin[customer] = min(sums.horizon_margin[customer], margin)


@stage
def look_beyond(
    s: Structure, g: Group, group: int, members: int, o: Outputs, sums: Sums, b: Block, t: int
) -> None:
    """After the last flow: the value of all that follows it, for the relations that are active at that
    flow.
    """
    if s.horizon == 0 or t + 1 < s.periods:
        return
    start = s.groups[GROUP.member_start, group]
    for member in range(members):
        customer = s.group_customer[start + member]
        if s.customers[FACT.tenure, customer] == 1 or g.changed == 1:
            churn_of_period(s, g, member, customer)
        add_horizon_value(s, g, member, customer, o, sums, b)
