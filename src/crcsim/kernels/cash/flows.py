"""From the sales of a customer to its cash (eq. 8.3 to 8.12)."""

from crcsim.kernels.accelerate import part, spliced, stage
from crcsim.kernels.arrays import Block, Executives, Floats, Group, Levers, Strategy, Structure
from crcsim.kernels.cascade import take_ratios
from crcsim.kernels.cash.lines import sell
from crcsim.kernels.cash.working_capital import change_working_capital, set_working_capital
from crcsim.kernels.costs.charges import bear_costs, bear_fixed
from crcsim.kernels.costs.investments import invest
from crcsim.kernels.costs.notices import follow_ends, give_notice, leave_to_company
from crcsim.kernels.costs.places import count, other_row
from crcsim.kernels.lanes import fill
from crcsim.kernels.roles.cash import pay_executive
from crcsim.kernels.rows import CUSTOMER, ECONOMY, FACT, FLOW, MARK, NO_ROLE, STATE
from crcsim.kernels.spend import carry_on, pay_investment, spend_on_relation


@part
def contribute(state: Floats, keep: Floats) -> None:
    """Profit = net revenue - all costs; contribution = profit after tax + what is not paid (eq. 8.3)."""
    net, variable, volume_cost = state[STATE.net], state[STATE.variable], state[STATE.volume_cost]
    cost, noncash = state[STATE.cost], state[STATE.noncash]
    profit, contribution, cash = state[STATE.profit], state[STATE.contribution], state[STATE.cash]
    for i in range(net.shape[0]):
        earned = net[i] - variable[i] - volume_cost[i] - cost[i]
        profit[i] = earned
        contribution[i] = earned * keep[i] + noncash[i]
        cash[i] = contribution[i]


@part
def contribute_plainly(state: Floats, keep: Floats) -> None:
    """The same without other costs of the volume, where everything is paid."""
    net, variable, cost = state[STATE.net], state[STATE.variable], state[STATE.cost]
    profit, contribution, cash = state[STATE.profit], state[STATE.contribution], state[STATE.cash]
    for i in range(net.shape[0]):
        earned = net[i] - variable[i] - cost[i]
        profit[i] = earned
        contribution[i] = earned * keep[i]
        cash[i] = contribution[i]


@stage
def bear_notice(state: Floats, notice: Floats, noncash: Floats, keep: Floats) -> None:
    """Costs in notice lower profit and cash, and are no part of the contribution that goes on."""
    for i in range(notice.shape[0]):
        state[STATE.profit, i] -= notice[i]
        state[STATE.cash, i] += noncash[i] - notice[i] * keep[i]


@stage
def conceded_part(price: Floats, now: Floats, out: Floats) -> None:
    """By how much of themselves the sales of the period would be more at the price terms of the valuation
    date (eq. 8.11).
    """
    for i in range(out.shape[0]):
        out[i] = price[i] / now[i] - 1.0


@part
def concede(sales: Floats, part_of_sales: Floats, flow: Floats) -> None:
    """Price concession on a line."""
    for i in range(flow.shape[0]):
        flow[i] = sales[i] * part_of_sales[i]


@stage
def pay_tax(profit: Floats, keep: Floats, flow: Floats) -> None:
    """Tax on the profit of the period, write-offs deducted; a loss gives tax back at once (eq. 8.10)."""
    for i in range(flow.shape[0]):
        flow[i] = profit[i] * (1.0 - keep[i])


@spliced
def complete_flows(s: Structure, g: Group, member: int, customer: int, keep: Floats) -> None:
    """Flows that only the items need: uncertain ratios, price concessions and tax."""
    facts, state, flows = s.customers, g.state[member], g.books.flows
    first = other_row(facts, customer)
    take_ratios(s, g, customer)
    if facts[FACT.concessions, customer] == 1:
        row, conceded = facts[FACT.flow_row, customer], state[STATE.scratch]
        conceded_part(g.parameters[member, CUSTOMER.price], state[STATE.price], conceded)
        for line in range(count(facts, FACT.line_start, FACT.line_end, customer)):
            concede(flows[row + 2 * line], conceded, flows[first + len(FLOW) + line])
    if s.taxed == 1:
        pay_tax(state[STATE.profit], keep, flows[first + FLOW.tax])


@spliced
def earn(
    s: Structure,
    st: Strategy,
    g: Group,
    v: Levers,
    x: Executives,
    group: int,
    member: int,
    customer: int,
    b: Block,
    t: int,
    erode: bool,
) -> None:
    """Sales, costs, contribution and cash of one customer in one period (stage `cash`)."""
    facts, state, books = s.customers, g.state[member], g.books
    index, keep = b.market[4, t], b.economy[ECONOMY.keep]
    first = other_row(facts, customer)
    flows = books.flows[first : first + len(FLOW)]
    notices = g.plain == 0 and facts[FACT.notice_end, customer] > facts[FACT.notice_start, customer]
    spends = g.plain == 0 and facts[FACT.spends, customer] == 1
    if notices:
        follow_ends(s, g, member, customer, b, t)
    sell(s, g, v, member, customer, erode)
    if g.plain == 1:
        bear_fixed(s, state, g.books.amounts, customer, index)
    else:
        bear_costs(s, g, member, customer, index)
    if spends:
        spend_on_relation(s, st, state, g.marks[member, MARK.status], v, group, customer, flows, index, t)
    if g.roles == 1 and x.role[customer] != NO_ROLE:
        flow, executive = flows[FLOW.executive_cost], x.state[member]
        pay_executive(x.terms, executive, state[STATE.alive], index, flow, state[STATE.cost])
    if g.plain == 0 and facts[FACT.volume_cost, customer] + facts[FACT.noncash, customer] > 0:
        contribute(state, keep)
    else:
        contribute_plainly(state, keep)
    if spends:
        pay_investment(flows[FLOW.programme_investment], state[STATE.cash])
        carry_on(s, st, state, v, group, customer, index, keep, t)
    if notices:
        give_notice(s, g, member, customer, index, t)
        bear_notice(state, flows[FLOW.notice], flows[FLOW.notice_noncash], keep)
        if facts[FACT.company_series, customer] >= 0:
            leave_to_company(s, g, member, customer, b, t)
    if facts[FACT.working_capital, customer] == 1:
        change_working_capital(g.parameters[member], state, keep, flows)
    if g.plain == 0 and facts[FACT.investment_end, customer] > facts[FACT.investment_start, customer]:
        invest(s, g, member, customer, index, t)
    if b.booked == 1:
        complete_flows(s, g, member, customer, keep)


@stage
def start_balances(s: Structure, g: Group, v: Levers, member: int, customer: int) -> None:
    """Working capital at the valuation date, from the sales rate of that date; the costs of that date are
    what goes on in notice where the relation ends before its first flow.
    """
    facts, state = s.customers, g.state[member]
    notices = facts[FACT.notice_end, customer] > facts[FACT.notice_start, customer]
    if facts[FACT.working_capital, customer] == 1 or notices:
        sell(s, g, v, member, customer, False)
    if facts[FACT.working_capital, customer] == 1:
        set_working_capital(g.parameters[member], state)
    if notices:
        fill(state[STATE.profit], 1.0)  # the price index of the valuation date
        bear_costs(s, g, member, customer, state[STATE.profit])
