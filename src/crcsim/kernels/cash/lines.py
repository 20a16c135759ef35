"""Price, sales and variable costs of a customer's lines, and what of its wallet they are (eq. 8.1, 8.2)."""

from crcsim.kernels.accelerate import part, spliced, stage
from crcsim.kernels.arrays import Floats, Group, Levers, Structure
from crcsim.kernels.costs.places import other_row
from crcsim.kernels.lanes import copy, fill
from crcsim.kernels.maths import exp
from crcsim.kernels.products import open_line
from crcsim.kernels.roles.cash import concede_price, keep_margin
from crcsim.kernels.rows import FACT, FLOW, LINE, LINE_FACT, LINE_STATE, STATE


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


@stage
def share_of_wallet(state: Floats, out: Floats) -> None:
    """Volume / wallet over all lines of a customer, 0 where nothing is sold."""
    wallet, volume = state[STATE.wallet], state[STATE.volume]
    for i in range(out.shape[0]):
        out[i] = volume[i] / (wallet[i] if wallet[i] > 0.0 else 1.0)
