"""From sales to cash and present value (MODEL 8, 9): lines, customer, working capital, horizon, segment and
company flows.
"""

from crcsim.kernels.accelerate import inline, stage
from crcsim.kernels.arrays import (
    CUSTOMER,
    ECONOMY,
    FACT,
    LEVEL,
    LEVEL_TABLE,
    LINE,
    LINE_FACT,
    LINE_STATE,
    MARK,
    STATE,
    SUM_LANES,
    Floats,
    Group,
    Parameters,
    Structure,
)
from crcsim.kernels.lanes import fill, read_row
from crcsim.kernels.maths import exp


@stage
def erode_premium(premium: Floats, step: Floats, price: Floats, factor: Floats) -> None:
    """Price factor of the period, price terms x (1 + premium 2^(-tau/half-life)) (eq. 8.1); the premium
    then erodes by one period.
    """
    for i in range(premium.shape[0]):
        premium[i] *= step[i]
        factor[i] = price[i] * (1.0 + premium[i])


@stage
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
        volume = wallet[i] * share[i] * selling[i]
        gross = volume * price[i]
        sales[i] = gross
        revenue[i] = gross * net[i]
        variable[i] = volume * cost[i]


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
        volume = wallet[i] * share[i] * selling[i]
        gross = volume * price[i]
        sales[i] += gross
        revenue[i] += gross * net[i]
        variable[i] += volume * cost[i]


@stage
def add_wallet(line: Floats, selling: Floats, total_wallet: Floats, total_volume: Floats) -> None:
    """Add a line to its customer's wallet and volume at base prices."""
    wallet, share = line[LINE_STATE.wallet], line[LINE_STATE.share]
    for i in range(wallet.shape[0]):
        total_wallet[i] += wallet[i] * selling[i]
        total_volume[i] += wallet[i] * share[i] * selling[i]


@stage
def measure_wallet(g: Group, member: int) -> None:
    """Wallet and volume of all lines of a customer."""
    state = g.state[member]
    fill(state[STATE.wallet], 0.0)
    fill(state[STATE.volume], 0.0)
    for line in range(g.line_start[member], g.line_start[member + 1]):
        add_wallet(g.lines[line], state[STATE.selling], state[STATE.wallet], state[STATE.volume])


@stage
def present_premium(premium: Floats, price: Floats, factor: Floats) -> None:
    """Price factor with the premium as it stands."""
    for i in range(premium.shape[0]):
        factor[i] = price[i] * (1.0 + premium[i])


@inline
def sell(g: Group, member: int, erode: bool) -> None:
    """Sales of all lines of a customer in this period."""
    state = g.state[member]
    first = g.line_start[member]
    for line in range(first, g.line_start[member + 1]):
        p, lines = g.line_parameters[line], g.lines[line]
        price = state[STATE.price]
        if g.line_facts[LINE_FACT.premium, line] == 1:
            price = state[STATE.price_factor]
            if erode:
                erode_premium(lines[LINE_STATE.premium], p[LINE.premium_step], state[STATE.price], price)
            else:
                present_premium(lines[LINE_STATE.premium], state[STATE.price], price)
        if line == first:
            set_line(p, lines, state[STATE.selling], price, state)
        else:
            add_line(p, lines, state[STATE.selling], price, state)


@stage
def contribute(state: Floats, index: Floats, keep: Floats) -> None:
    """Contribution after tax = (net revenue - variable cost - indexed direct cost) (1 - tax) (eq. 8.3)."""
    net, variable, cost = state[STATE.net], state[STATE.variable], state[STATE.cost]
    contribution, cash = state[STATE.contribution], state[STATE.cash]
    for i in range(net.shape[0]):
        contribution[i] = (net[i] - variable[i] - cost[i] * index[i]) * keep[i]
        cash[i] = contribution[i]


@stage
def set_working_capital(p: Floats, state: Floats) -> None:
    """Receivables and payables that stand behind the sales of the period (eq. 8.4)."""
    for i in range(state.shape[1]):
        state[STATE.receivable, i] = state[STATE.net, i] * p[CUSTOMER.receivable, i]
        state[STATE.payable, i] = state[STATE.variable, i] * p[CUSTOMER.payable, i]


@stage
def change_working_capital(p: Floats, state: Floats, keep: Floats) -> None:
    """Cash = contribution - change of (receivables - payables) - write-off; the write-off lowers tax, the
    rest is collected (eq. 8.5).
    """
    for i in range(state.shape[1]):
        before = state[STATE.receivable, i] - state[STATE.payable, i]
        after = (
            state[STATE.net, i] * p[CUSTOMER.receivable, i]
            - state[STATE.variable, i] * p[CUSTOMER.payable, i]
        )
        loss = state[STATE.write_off, i]
        state[STATE.cash, i] += before - after - loss * keep[i]
        state[STATE.write_off, i] = 0.0
    set_working_capital(p, state)


@inline
def earn(
    s: Structure, g: Group, member: int, customer: int, index: Floats, keep: Floats, erode: bool
) -> None:
    """Sales, contribution and cash of one customer in one period (stage `cash`)."""
    state = g.state[member]
    sell(g, member, erode)
    contribute(state, index, keep)
    if s.customers[FACT.working_capital, customer] == 1:
        change_working_capital(g.parameters[member], state, keep)


@stage
def start_working_capital(s: Structure, g: Group, member: int, customer: int) -> None:
    """Working capital at the valuation date, from the sales rate of that date."""
    if s.customers[FACT.working_capital, customer] == 1:
        sell(g, member, False)
        set_working_capital(g.parameters[member], g.state[member])


@stage
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


@stage
def add_lanes(total: Floats, values: Floats) -> None:
    """total += values."""
    for i in range(values.shape[0]):
        total[i] += values[i]


@stage
def sum_lanes(values: Floats, valid: int, sums: Floats) -> None:
    """Add lane i to sums[i % SUM_LANES], in the order of i, so that the sum does not depend on the number
    of lanes.
    """
    whole = valid - valid % SUM_LANES
    for start in range(0, whole, SUM_LANES):
        for j in range(SUM_LANES):
            sums[j] += values[start + j]
    for i in range(whole, valid):
        sums[i % SUM_LANES] += values[i]


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

    The normalised cash is the last period's contribution after tax; hazards are those of the present phase.
    """
    for i in range(out.shape[0]):
        lost = (1.0 - p[CUSTOMER.retained, i]) * p[CUSTOMER.takeover, i]
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
    s: Structure,
    p: Parameters,
    lo: int,
    economy: Floats,
    market: Floats,
    item: int,
    cash_flow: Floats,
    values: Floats,
    lanes: Floats,
) -> None:
    """Segment and company costs: indexed with base prices, after tax; values [discounting, lane] collect
    the present values.

    market [.., period, lane] as filled by `simulate_market`; cash_flow [period, lane]; lanes [5, lane] is
    scratch.
    """
    amount, wacc, risk_free, deflator, index = lanes[0], lanes[1], lanes[2], market[3], market[4]
    read_row(p, LEVEL_TABLE, LEVEL.amount, item, lo, amount)
    for i in range(amount.shape[0]):
        wacc[i] = economy[ECONOMY.wacc_first, i]
        risk_free[i] = economy[ECONOMY.risk_free_first, i]
    for t in range(s.periods):
        for i in range(amount.shape[0]):
            cash = -amount[i] * index[t, i] * economy[ECONOMY.keep, i]
            cash_flow[t, i] += cash
            values[0, i] += cash * wacc[i]
            values[1, i] += cash * risk_free[i]
            values[2, i] += cash * deflator[t, i]
            wacc[i] *= economy[ECONOMY.wacc_step, i]
            risk_free[i] *= economy[ECONOMY.risk_free_step, i]
