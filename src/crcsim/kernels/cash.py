"""From sales to cash and present value (MODEL 8, 9): lines, customer, working capital, horizon, segment and
company flows.
"""

from crcsim.kernels.accelerate import part, spliced, stage
from crcsim.kernels.arrays import (
    Block,
    Executives,
    Floats,
    Group,
    Levers,
    Notes,
    Outputs,
    Parameters,
    Strategy,
    Structure,
    Sums,
)
from crcsim.kernels.cascade import book, collect_items, take_ratios
from crcsim.kernels.costs import (
    bear_costs,
    bear_fixed,
    count,
    follow_ends,
    give_notice,
    invest,
    leave_to_company,
    other_row,
)
from crcsim.kernels.lanes import copy, fill, read_row
from crcsim.kernels.levers import carry_on, pay_investment, spend_of_lane, spend_on_relation
from crcsim.kernels.maths import exp
from crcsim.kernels.products import open_line
from crcsim.kernels.roles import concede_price, keep_margin, pay_executive
from crcsim.kernels.rows import (
    CUSTOMER,
    ECONOMY,
    FACT,
    FLOW,
    LEVEL,
    LEVEL_TABLE,
    LEVER_FACT,
    LINE,
    LINE_FACT,
    LINE_STATE,
    MARK,
    NO_ROLE,
    STATE,
)


@part
def erode_premium(premium: Floats, step: Floats, price: Floats, factor: Floats) -> None:
    """Price factor of the period, price terms x (1 + premium 2^(-tau/half-life)) (eq. 8.1); the premium
    then erodes by one period.
    """
    for i in range(premium.shape[0]):
        premium[i] *= step[i]
        factor[i] = price[i] * (1.0 + premium[i])


@part
def set_line(p: Floats, line: Floats, selling: Floats, price: Floats, state: Floats) -> None:
    """Sales, net revenue and variable cost of a customer's first line (eq. 8.2)."""
    wallet, share, net, cost = (
        line[LINE_STATE.wallet],
        line[LINE_STATE.share],
        p[LINE.net],
        p[LINE.variable_cost],
    )
    sales, revenue, variable = state[STATE.sales], state[STATE.net], state[STATE.variable]
    for i in range(wallet.shape[0]):
        quantity = wallet[i] * share[i] * selling[i]
        gross = quantity * price[i]
        sales[i] = gross
        revenue[i] = gross * net[i]
        variable[i] = quantity * cost[i]


@stage
def add_line(p: Floats, line: Floats, selling: Floats, price: Floats, state: Floats) -> None:
    """Add a further line to its customer's sales, net revenue and variable cost (eq. 8.2)."""
    wallet, share, net, cost = (
        line[LINE_STATE.wallet],
        line[LINE_STATE.share],
        p[LINE.net],
        p[LINE.variable_cost],
    )
    sales, revenue, variable = state[STATE.sales], state[STATE.net], state[STATE.variable]
    for i in range(wallet.shape[0]):
        quantity = wallet[i] * share[i] * selling[i]
        gross = quantity * price[i]
        sales[i] += gross
        revenue[i] += gross * net[i]
        variable[i] += quantity * cost[i]


@stage
def note_line(line: Floats, selling: Floats, price: Floats, sold: Floats, volume: Floats) -> None:
    """Keep what a line itself sells, and its volume."""
    wallet, share = line[LINE_STATE.wallet], line[LINE_STATE.share]
    for i in range(wallet.shape[0]):
        quantity = wallet[i] * share[i] * selling[i]
        volume[i] = quantity
        sold[i] = quantity * price[i]


@stage
def add_volume_cost(volume: Floats, rate: Floats, cost: Floats) -> None:
    """Add costs that follow the volume: they are counted at today's prices, as it is (eq. 8.7)."""
    for i in range(volume.shape[0]):
        cost[i] += volume[i] * rate[i]


@stage
def add_wallet(line: Floats, selling: Floats, total_wallet: Floats, total_volume: Floats) -> None:
    """Add a line to its customer's wallet and volume at base prices."""
    wallet, share = line[LINE_STATE.wallet], line[LINE_STATE.share]
    for i in range(wallet.shape[0]):
        total_wallet[i] += wallet[i] * selling[i]
        total_volume[i] += wallet[i] * share[i] * selling[i]


@stage
def add_delivered(line: Floats, selling: Floats, total_wallet: Floats, total_volume: Floats) -> None:
    """The same where only a part may be delivered."""
    wallet, share, delivered = line[LINE_STATE.wallet], line[LINE_STATE.share], line[LINE_STATE.selling]
    for i in range(wallet.shape[0]):
        total_wallet[i] += wallet[i] * selling[i]
        total_volume[i] += wallet[i] * share[i] * delivered[i]


@stage
def measure_wallet(g: Group, member: int) -> None:
    """Wallet and volume of all lines of a customer; of some not all may be delivered."""
    state = g.state[member]
    fill(state[STATE.wallet], 0.0)
    fill(state[STATE.volume], 0.0)
    for line in range(g.line_start[member], g.line_start[member + 1]):
        if g.changed == 1 or g.line_facts[LINE_FACT.rationed, line] > 0:
            add_delivered(g.lines[line], state[STATE.selling], state[STATE.wallet], state[STATE.volume])
        else:
            add_wallet(g.lines[line], state[STATE.selling], state[STATE.wallet], state[STATE.volume])


@part
def present_premium(premium: Floats, price: Floats, factor: Floats) -> None:
    """Price factor with the premium as it stands."""
    for i in range(premium.shape[0]):
        factor[i] = price[i] * (1.0 + premium[i])


@stage
def raise_price(price: Floats, effect: Floats, factor: Floats) -> None:
    """Price points that levers add: price terms x (1 + premium + points) (eq. 6.1)."""
    for i in range(factor.shape[0]):
        factor[i] += price[i] * effect[i]


@stage
def save_variable(
    volume: Floats, cost: Floats, unpaid: Floats, effect: Floats, saved: Floats, state: Floats
) -> None:
    """Variable costs x exp(effect): what is saved of a line's, with its payment-ineffective part (eq.
    8.2).
    """
    for i in range(saved.shape[0]):
        saved[i] = volume[i] * cost[i] * (1.0 - exp(effect[i]))
        state[STATE.variable, i] -= saved[i]
        state[STATE.noncash, i] -= saved[i] * unpaid[i]


@stage
def save_processes(
    volume: Floats, cost: Floats, unpaid: Floats, effect: Floats, saved: Floats, state: Floats
) -> None:
    """The same of the processes that follow a line's volume."""
    for i in range(saved.shape[0]):
        saved[i] = volume[i] * cost[i] * (1.0 - exp(effect[i]))
        state[STATE.volume_cost, i] -= saved[i]
        state[STATE.noncash, i] -= saved[i] * unpaid[i]


@spliced
def save_costs(s: Structure, g: Group, member: int, customer: int) -> None:
    """What levers save of a customer's variable costs, and of the processes that follow its volume."""
    flows, state, first = g.books.flows, g.state[member], g.line_start[member]
    lines = g.line_start[member + 1] - first
    volume = s.customers[FACT.flow_row, customer] + 1
    saved = other_row(s.customers, customer) + len(FLOW) + lines
    for place in range(lines):
        p, sold = g.line_parameters[first + place], flows[volume + 2 * place]
        effect, row = g.lines[first + place, LINE_STATE.variable_effect], flows[saved + place]
        save_variable(sold, p[LINE.variable_cost], p[LINE.variable_unpaid], effect, row, state)
        if g.roles == 1:
            keep_margin(p, sold, flows[volume - 1 + 2 * place], row, state)
        effect, row = state[STATE.process_effect], flows[saved + lines + place]
        save_processes(sold, p[LINE.process_cost], p[LINE.process_unpaid], effect, row, state)


@spliced
def set_price(g: Group, member: int, line: int, erode: bool) -> None:
    """Price factor of a line in this period: premium and what levers add (eq. 6.1, 8.1)."""
    terms, factor, lines = g.state[member, STATE.price], g.state[member, STATE.price_factor], g.lines[line]
    if g.line_facts[LINE_FACT.premium, line] == 0:
        copy(terms, factor)
    elif erode:
        erode_premium(lines[LINE_STATE.premium], g.line_parameters[line, LINE.premium_step], terms, factor)
    else:
        present_premium(lines[LINE_STATE.premium], terms, factor)
    if g.changed == 1:
        raise_price(terms, lines[LINE_STATE.price_effect], factor)
    if g.roles == 1:
        concede_price(g.state[member, STATE.concession], factor)


@spliced
def sell(s: Structure, g: Group, v: Levers, member: int, customer: int, erode: bool) -> None:
    """Sales of all lines of a customer in this period, and the costs that follow its volume."""
    state, flows = g.state[member], g.books.flows
    first, row = g.line_start[member], s.customers[FACT.flow_row, customer]
    if g.plain == 0:
        fill(state[STATE.volume_cost], 0.0)
        fill(state[STATE.noncash], 0.0)
    for line in range(first, g.line_start[member + 1]):
        p, lines = g.line_parameters[line], g.lines[line]
        price, selling = state[STATE.price], state[STATE.selling]
        if g.line_facts[LINE_FACT.premium, line] == 1 or g.changed == 1:
            price = state[STATE.price_factor]
            set_price(g, member, line, erode)
        if g.changed == 1 or (g.plain == 0 and g.line_facts[LINE_FACT.rationed, line] > 0):
            open_line(g, v, member, line)
            selling = lines[LINE_STATE.selling]
        if line == first:
            set_line(p, lines, selling, price, state)
        else:
            add_line(p, lines, selling, price, state)
        if g.plain == 0:
            note_line(lines, selling, price, flows[row], flows[row + 1])
            if g.line_facts[LINE_FACT.volume_cost, line] == 1:
                add_volume_cost(flows[row + 1], p[LINE.volume_cost], state[STATE.volume_cost])
            if s.customers[FACT.noncash, customer] == 1:
                add_volume_cost(flows[row + 1], p[LINE.noncash], state[STATE.noncash])
        row += 2
    if g.changed == 1 and (g.roles == 1 or s.customers[FACT.saves, customer] == 1):
        save_costs(s, g, member, customer)


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
def set_working_capital(p: Floats, state: Floats) -> None:
    """Receivables, prepayments and payables that stand behind the sales of the period (eq. 8.4)."""
    for i in range(state.shape[1]):
        state[STATE.receivable, i] = state[STATE.net, i] * p[CUSTOMER.receivable, i]
        state[STATE.prepayment_received, i] = state[STATE.net, i] * p[CUSTOMER.prepayment_received, i]
        state[STATE.prepayment_made, i] = state[STATE.variable, i] * p[CUSTOMER.prepayment_made, i]
        state[STATE.payable, i] = state[STATE.variable, i] * p[CUSTOMER.payable, i]


@stage
def change_working_capital(p: Floats, state: Floats, keep: Floats, flows: Floats) -> None:
    """Cash = contribution - change of working capital - write-off; the write-off lowers tax, the rest is
    collected (eq. 8.5). flows: the FLOW rows of the customer.
    """
    for i in range(state.shape[1]):
        receivable = state[STATE.net, i] * p[CUSTOMER.receivable, i]
        received = state[STATE.net, i] * p[CUSTOMER.prepayment_received, i]
        made = state[STATE.variable, i] * p[CUSTOMER.prepayment_made, i]
        payable = state[STATE.variable, i] * p[CUSTOMER.payable, i]
        loss = state[STATE.write_off, i]
        collected = state[STATE.receivable, i] - receivable
        advanced = received - state[STATE.prepayment_received, i]
        returned = state[STATE.prepayment_made, i] - made
        owed = payable - state[STATE.payable, i]
        state[STATE.cash, i] += collected + advanced + returned + owed - loss * keep[i]
        flows[FLOW.receivables, i] = collected
        flows[FLOW.prepayments_received, i] = advanced
        flows[FLOW.prepayments_made, i] = returned
        flows[FLOW.payables, i] = owed
        flows[FLOW.write_off, i] = loss
        state[STATE.profit, i] -= loss
        state[STATE.write_off, i] = 0.0
    set_working_capital(p, state)


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


@part
def discount(p: Floats, state: Floats, economy: Floats, deflator: Floats, total: Floats) -> None:
    """Add the period's cash to the total and, discounted, to the three values; move the factors on by a
    period (eq. 2.6, 2.7).
    """
    cash, wacc, risk_free = state[STATE.cash], state[STATE.wacc], state[STATE.risk_free]
    value, plain, priced = state[STATE.npv_wacc], state[STATE.npv_risk_free], state[STATE.npv_deflator]
    step, free_step = p[CUSTOMER.discount_step], economy[ECONOMY.risk_free_step]
    for i in range(cash.shape[0]):
        value[i] += cash[i] * wacc[i]
        plain[i] += cash[i] * risk_free[i]
        priced[i] += cash[i] * deflator[i]
        wacc[i] *= step[i]
        risk_free[i] *= free_step[i]
        total[i] += cash[i]


@part
def add_lanes(total: Floats, values: Floats) -> None:
    """total += values."""
    for i in range(values.shape[0]):
        total[i] += values[i]


@stage
def share_of_wallet(state: Floats, out: Floats) -> None:
    """Volume / wallet over all lines of a customer, 0 where nothing is sold."""
    wallet, volume = state[STATE.wallet], state[STATE.volume]
    for i in range(out.shape[0]):
        out[i] = volume[i] / (wallet[i] if wallet[i] > 0.0 else 1.0)


@stage
def book_to_buyers(g: Group) -> None:
    """Lines of a merged customer count for the customer that owns them now (A11)."""
    for member in range(g.marks.shape[0]):
        for lane in range(g.marks.shape[2]):
            owner = g.marks[member, MARK.owner, lane]
            if owner != member:
                for row in (STATE.sales, STATE.cash, STATE.wallet, STATE.volume, STATE.contribution):
                    g.state[owner, row, lane] += g.state[member, row, lane]
                    g.state[member, row, lane] = 0.0
                g.state[member, STATE.selling, lane] = 0.0


@stage
def follow_owners(g: Group) -> None:
    """A merged customer's lines sell while their owner's relation is active."""
    for member in range(g.marks.shape[0]):
        for lane in range(g.marks.shape[2]):
            owner = g.marks[member, MARK.owner, lane]
            if owner != member:
                g.state[member, STATE.selling, lane] = g.state[owner, STATE.alive, lane]


@stage
def value_after_horizon(p: Floats, state: Floats, ratio: Floats, factor: Floats, out: Floats) -> None:
    """Normalised cash x q/(1-q), ln q = ln((1+g)/(1+k)) dt - hazards (eq. 9.1), discounted with the last
    flow's factor.

    The normalised cash is the last period's contribution after tax, without the spend on levers that ends;
    hazards are those of the present phase.
    """
    for i in range(out.shape[0]):
        lost = (1.0 - state[STATE.retained, i]) * p[CUSTOMER.takeover, i]
        log_q = ratio[i] - state[STATE.churn_now, i] - lost - p[CUSTOMER.insolvency, i]
        q = exp(log_q)
        state[STATE.horizon_log_q, i] = log_q
        out[i] = state[STATE.alive, i] * state[STATE.contribution, i] * factor[i] * q / (1.0 - q)


@stage
def lowest_margin(state: Floats, valid: int, step: float) -> float:
    """Smallest yearly margin 1/q - 1 of the horizon ratio over the lanes."""
    lowest = 1e300
    for i in range(valid):
        lowest = min(lowest, exp(-state[STATE.horizon_log_q, i] / step) - 1.0)
    return lowest


@stage
def charge_levels(
    s: Structure, p: Parameters, o: Outputs, n: Notes, sums: Sums, b: Block, item: int, lanes: Floats
) -> None:
    """Segment and company costs: indexed with base prices, after tax, what is not paid added back; into
    the present values of their level, the total and the items.

    lanes [10, lane] is scratch.
    """
    amount, wacc, risk_free, paid, tax = lanes[0], lanes[1], lanes[2], lanes[3], lanes[4]
    first = (1 + s.taxed) * item
    values, keep, noncash = lanes[5:8], b.economy[ECONOMY.keep], s.level_noncash[item]
    read_row(p, LEVEL_TABLE, LEVEL.amount, item, b.first, amount)
    for i in range(amount.shape[0]):
        wacc[i] = b.economy[ECONOMY.wacc_first, i]
        risk_free[i] = b.economy[ECONOMY.risk_free_first, i]
        values[0, i], values[1, i], values[2, i] = 0.0, 0.0, 0.0
        lanes[8, i], lanes[9, i] = 0.0, 0.0
    for t in range(s.periods):
        deflator, index = b.market[3, t], b.market[4, t]
        for i in range(amount.shape[0]):
            paid[i] = amount[i] * index[i]
            tax[i] = paid[i] * (keep[i] - 1.0)
            cash = paid[i] * noncash - paid[i] * keep[i]
            b.totals[0, t, i] += cash
            values[0, i] += cash * wacc[i]
            values[1, i] += cash * risk_free[i]
            values[2, i] += cash * deflator[i]
        if b.booked == 1:
            factor = deflator
            if s.headline == 0:
                factor = wacc
            if s.headline == 1:
                factor = risk_free
            book(n, sums, lanes[8:10], first, lanes, s.series_row[first : first + 1 + s.taxed], factor, b, t)
        for i in range(amount.shape[0]):
            wacc[i] *= b.economy[ECONOMY.wacc_step, i]
            risk_free[i] *= b.economy[ECONOMY.risk_free_step, i]
    for row in range(3):
        for i in range(b.valid):
            o.level_npv[row, s.level[item], b.path + i] += values[row, i]
    if b.booked == 1:
        own = lanes[8 : 9 + s.taxed]
        collect_items(n.cascade, n.items, sums.series_values, own, first, b.path, b.valid)


@stage
def charge_programme(
    s: Structure,
    st: Strategy,
    lever: int,
    start: Floats,
    o: Outputs,
    n: Notes,
    sums: Sums,
    b: Block,
    lanes: Floats,
) -> None:
    """Spend on a lever that is the cost of a segment or of the company, after tax unless it is an investment;
    start [lane]: period from which its plan runs. lanes [10, lane] is scratch.
    """
    wacc, risk_free, paid, tax = lanes[1], lanes[2], lanes[3], lanes[4]
    values, keep, level = lanes[5:8], b.economy[ECONOMY.keep], s.levers[LEVER_FACT.level, lever]
    expense, first = 1 - s.levers[LEVER_FACT.investment, lever], s.levers[LEVER_FACT.series, lever]
    series = 1 + s.taxed * expense
    for i in range(paid.shape[0]):
        wacc[i] = b.economy[ECONOMY.wacc_first, i]
        risk_free[i] = b.economy[ECONOMY.risk_free_first, i]
        values[0, i], values[1, i], values[2, i] = 0.0, 0.0, 0.0
        lanes[8, i], lanes[9, i] = 0.0, 0.0
    for t in range(s.periods):
        deflator, index = b.market[3, t], b.market[4, t]
        for i in range(paid.shape[0]):
            paid[i] = spend_of_lane(st.spend[lever], st.maintenance[lever], start[i], t) * index[i]
            tax[i] = paid[i] * (keep[i] - 1.0) * expense
            cash = -paid[i] - tax[i]
            b.totals[0, t, i] += cash
            values[0, i] += cash * wacc[i]
            values[1, i] += cash * risk_free[i]
            values[2, i] += cash * deflator[i]
        if b.booked == 1:
            factor = deflator
            if s.headline == 0:
                factor = wacc
            if s.headline == 1:
                factor = risk_free
            book(n, sums, lanes[8:10], first, lanes, s.series_row[first : first + series], factor, b, t)
        for i in range(paid.shape[0]):
            wacc[i] *= b.economy[ECONOMY.wacc_step, i]
            risk_free[i] *= b.economy[ECONOMY.risk_free_step, i]
    for row in range(3):
        for i in range(b.valid):
            o.level_npv[row, level, b.path + i] += values[row, i]
    if b.booked == 1:
        collect_items(n.cascade, n.items, sums.series_values, lanes[8 : 8 + series], first, b.path, b.valid)
