"""What levers spend on a customer (MODEL 5): a cost while it is served, and what of it goes on for ever."""

from crcsim.kernels.accelerate import inline, stage
from crcsim.kernels.arrays import Floats, Integers, Levers, Strategy, Structure
from crcsim.kernels.lanes import fill
from crcsim.kernels.levers import lever_of, slots
from crcsim.kernels.rows import FACT, FLOW, LEVER_FACT, LEVER_STATE, PROSPECT, STATE


@inline
def spend_of_lane(spend: Floats, maintenance: float, start: float, t: int) -> float:
    """Spend of a period on a lane: maintenance until the plan starts, then what the plan says."""
    return spend[t - int(start)] if start <= t else maintenance


@stage
def spend_on_customer(
    spend: Floats, maintenance: float, start: Floats, served: Floats, index: Floats, flow: Floats, t: int
) -> None:
    """Spend of a lever on a customer that is `served`, at the prices of the period."""
    for i in range(flow.shape[0]):
        flow[i] += spend_of_lane(spend, maintenance, start[i], t) * served[i] * index[i]


@stage
def serve(alive: Floats, status: Integers, courted: bool, served: Floats) -> None:
    """1 where money is spent on a customer: its relation is active, or it is a prospect that is courted."""
    for i in range(served.shape[0]):
        served[i] = 1.0 if courted and status[i] == PROSPECT else alive[i]


@stage
def add_spend(spent: Floats, cost: Floats) -> None:
    """Spend on levers is a cost of the period."""
    for i in range(cost.shape[0]):
        cost[i] += spent[i]


@stage
def leave_out(
    spend: Floats,
    lasting: float,
    start: Floats,
    served: Floats,
    index: Floats,
    keep: Floats,
    contribution: Floats,
    t: int,
) -> None:
    """Add back, after tax, what of the spend of a plan is not paid for ever."""
    for i in range(contribution.shape[0]):
        if start[i] <= t:
            ending = spend[t - int(start[i])] - lasting
            contribution[i] += ending * served[i] * index[i] * keep[i]


@stage
def carry_on(
    s: Structure,
    st: Strategy,
    state: Floats,
    v: Levers,
    group: int,
    customer: int,
    index: Floats,
    keep: Floats,
    t: int,
) -> None:
    """Before a value after the horizon: of what levers spend on the customer in the last period its
    contribution holds maintenance and what never ends.
    """
    if s.horizon == 0 or t + 1 < s.periods:
        return
    for slot in range(slots(s, group)):
        lever = lever_of(s, group, slot)
        expense = s.levers[LEVER_FACT.investment, lever] == 0
        if s.levers[LEVER_FACT.customer, lever] == customer and expense:
            start, served = v.levers[slot, LEVER_STATE.start], state[STATE.alive]
            going_on = state[STATE.contribution]
            leave_out(st.spend[lever], st.lasting[lever], start, served, index, keep, going_on, t)


@stage
def pay_investment(invested: Floats, cash: Floats) -> None:
    """What levers invest goes out of cash and is no cost."""
    for i in range(cash.shape[0]):
        cash[i] -= invested[i]


@stage
def spend_on_relation(
    s: Structure,
    st: Strategy,
    state: Floats,
    status: Integers,
    v: Levers,
    group: int,
    customer: int,
    flows: Floats,
    index: Floats,
    t: int,
) -> None:
    """What all levers on one customer cost in period t, into its cost and its FLOW rows `flows`."""
    served = state[STATE.scratch]
    serve(state[STATE.alive], status, t < s.customers[FACT.acquisition_periods, customer], served)
    spent, invested = flows[FLOW.relationship_spend], flows[FLOW.programme_investment]
    fill(spent, 0.0)
    fill(invested, 0.0)
    for slot in range(slots(s, group)):
        lever = lever_of(s, group, slot)
        if s.levers[LEVER_FACT.customer, lever] == customer:
            flow = spent
            if s.levers[LEVER_FACT.investment, lever] == 1:
                flow = invested
            start, spend = v.levers[slot, LEVER_STATE.start], st.spend[lever]
            spend_on_customer(spend, st.maintenance[lever], start, served, index, flow, t)
    add_spend(spent, state[STATE.cost])
