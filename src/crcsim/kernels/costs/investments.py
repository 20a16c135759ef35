"""Investments in a customer: out of cash, no cost (eq. 8.12)."""

from crcsim.kernels.accelerate import stage
from crcsim.kernels.arrays import Floats, Group, Structure
from crcsim.kernels.costs.places import other_row
from crcsim.kernels.lanes import fill
from crcsim.kernels.rows import FACT, FLOW, STATE


@stage
def pay(amount: Floats, alive: Floats, index: Floats, flow: Floats, cash: Floats) -> None:
    """One investment payment at the prices of the period, while the relation is active."""
    for i in range(flow.shape[0]):
        paid = amount[i] * alive[i] * index[i]
        flow[i] += paid
        cash[i] -= paid


@stage
def invest(s: Structure, g: Group, member: int, customer: int, index: Floats, t: int) -> None:
    """Investment payments of the period: out of cash, no cost (eq. 8.12)."""
    state, facts = g.state[member], s.customers
    flow = g.books.flows[other_row(facts, customer) + FLOW.investment]
    fill(flow, 0.0)
    start, first = facts[FACT.investment_start, customer], facts[FACT.group_investment, customer]
    for place in range(start, facts[FACT.investment_end, customer]):
        if s.investment_period[place] == t:
            amount = g.books.investments[first + place - start]
            pay(amount, state[STATE.alive], index, flow, state[STATE.cash])
