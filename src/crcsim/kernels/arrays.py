"""What the kernel reads and writes: parameter tables, structure, workspace and outputs, with shape and unit
beside each; `rows` names their rows.

A *table* holds one group of parameters. Its rows are named by the constants of `rows`; its columns are the
members of the group. A row is either the same on every path (``constant``) or drawn per path (``uncertain``),
so that fixed parameters cost one broadcast and uncertain ones one copy.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

Integers = NDArray[np.int64]


class Parameters(NamedTuple):
    """All tables on one chunk of paths. Row r of member m of a table stands in cell start[table] + r x
    members[table] + m.
    """

    constant: Floats  # [cell] value, where it is the same on every path
    column: Integers  # [cell] row of `uncertain`, -1 where constant
    uncertain: Floats  # [uncertain cell, path of the chunk]
    start: Integers  # [table] first cell
    members: Integers  # [table]


class Structure(NamedTuple):
    """What never differs between paths. Customers and lines stand in canonical (name) order."""

    periods: int
    step: float  # period length, years
    timing: int  # 0 end, 1 mid, 2 begin
    regimes: int
    market_jumps: int
    horizon: int  # 1: a value after the horizon is added
    industry_count: int
    words: NDArray[np.uint64]  # [entity, 2]: the economy, the industries, then the customers
    customers: Integers  # [FACT row, customer]
    lines: Integers  # [LINE_FACT row, line]
    loading_industry: Integers  # [loading]
    groups: Integers  # [GROUP row, group]
    group_customer: Integers  # [customer], the members of the groups one after the other
    mergers: Integers  # [target or buyer, merger] place in the group
    level: Integers  # [level item] level of the result it belongs to
    company: int  # level of the company, -1 where nothing is borne there
    headline: int  # discounting at which items are valued
    taxed: int  # 1: a tax rate that differs between paths, so that the tax is a series of its own
    charges: Floats  # [CHARGE_FACT row, charge]
    reserves: Floats  # [RESERVE_FACT row, reserve]
    reserve_use: Floats  # [cell] processes per unit of volume of a line
    notice_shares: Floats  # [share of a fixed cost with a notice or payment-ineffective part of it, cell]
    ratios: Floats  # [RATIO_FACT row, ratio]
    notices: Floats  # [NOTICE_FACT row, notice + 1]
    notice_ring: int  # periods of the longest notice that ends
    investment_period: Integers  # [investment] period, counted from 0
    level_noncash: Floats  # [level item] payment-ineffective share
    slot_series: Integers  # [slot] first series: a slot holds what one member of a group books to one owner
    series_row: Integers  # [series] row of the group's flows
    levers: Integers  # [LEVER_FACT row, lever]
    group_lever: Integers  # [slot of a lever] lever, group after group
    effects: Integers  # [EFFECT_FACT row, effect], group after group
    creation_words: NDArray[np.uint64]  # [effect, 2] identity of the draws of the wallet that it creates
    group_product: Integers  # [product with a capacity] member of the table `products`, group after group
    sponsor_item: int  # level item that only strategies with a sponsor programme bear, -1 none
    concession_ring: int  # periods in which a concession of an executive may hold


class Strategies(NamedTuple):
    """What the strategies of a run decide; the first one is the baseline. Periods count from 0."""

    touched: Integers  # [strategy, group] 1: the strategy changes something in the group
    run: Integers  # [strategy, lever] NOT_RUN, TABULATED or ON_PATH
    start: Integers  # [strategy, lever] period from which the plan runs, where a date says so
    trigger: Floats  # [strategy, TRIGGER row, lever]
    response: Floats  # [strategy, lever, period] where it is TABULATED
    spend: Floats  # [strategy, lever, period] at base prices, counted from the start of the plan
    lasting: Floats  # [strategy, lever] what of it is paid in every period for ever, at base prices
    arriving: Floats  # [strategy, lever, period] spend that adds to the stock, counted from the start
    maintenance: Floats  # [lever] spend per period at base prices before any plan
    drop: Integers  # [strategy, line] period from which the line is no longer offered
    role: Integers  # [strategy, customer] executive role, NO_ROLE or MIXED
    terms: Floats  # [strategy, TERM row, column] what holds for all executives


class Strategy(NamedTuple):
    """One of `Strategies`, as the stages read it."""

    touched: Integers  # [group]
    run: Integers  # [lever]
    start: Integers  # [lever]
    trigger: Floats  # [TRIGGER row, lever]
    response: Floats  # [lever, period]
    spend: Floats  # [lever, period]
    lasting: Floats  # [lever]
    arriving: Floats  # [lever, period]
    maintenance: Floats  # [lever]
    drop: Integers  # [line]


class Outputs(NamedTuple):
    """Arrays the kernel writes, each over all paths of the run; switched-off ones have length 0 on the path
    axis.
    """

    npv: Floats  # [discounting, customer, path]
    horizon_value: Floats  # [discounting, customer, path]
    level_npv: Floats  # [discounting, level, path]
    cash_flow: Floats  # [period, path]
    sales: Floats  # [period, path]
    end_cause: NDArray[np.int8]  # [customer, path]
    end_period: NDArray[np.int16]  # [customer, path]
    market_index: Floats  # [period, path]
    deflator: Floats  # [period, path]
    inflation_index: Floats  # [period, path]
    band_totals: Floats  # [wallet, share-weighted volume, active customers][period, path of the band]
    bands: Floats  # [quantity][batch customer, period, path of the band]
    relations: Floats  # [RELATION row, then notices][chosen customer, date, path]; date 0 is today
    relation_place: Integers  # [customer] place among the chosen ones, -1 for the others


class Cascade(NamedTuple):
    """How series become items. A *series* is one flow of one source (a line's sales, a fixed cost, ...)
    booked to one bearer; items are sums of series times coefficients.
    """

    bearer: Integers  # [series] customer, or -1 - level
    product: Integers  # [series] product, -1 none
    start: Integers  # [series + 1] first coefficient
    item: Integers  # [coefficient] item
    coefficient: Floats  # [coefficient] amount of the item per unit of the series


class Items(NamedTuple):
    """Items of a run: present values at the headline discounting; and flows, where they are recorded."""

    total: Floats  # [item, path]
    customers: Floats  # [customer, item, recorded path]
    levels: Floats  # [level, item, recorded path]
    products: Floats  # [product, item, recorded path]
    cash_flow: Floats  # [item, period, recorded path]


class Notes(NamedTuple):
    """What every booking needs: how series become items, and the items of the run."""

    cascade: Cascade
    items: Items


class Sums(NamedTuple):
    """Partial results of one chunk, reduced outside in a fixed order."""

    quantities: Floats  # [customer, period, quantity]
    series_values: Floats  # [series] present values at the headline discounting
    series_flows: Floats  # [period, series]
    series_phases: Floats  # [phase of the owner, series] present values on the recorded paths
    horizon_margin: Floats  # [customer] smallest yearly margin of the horizon ratio on the chunk's paths


class Books(NamedTuple):
    """Lane arrays of the flows and costs of one coupling group on one block.

    A member's rows stand one after the other from FACT.flow_row: sales and volume of each line, then its
    uncertain ratios, fixed costs, reserves, the FLOW rows, and the price concession on each line.
    """

    series: Floats  # [series of the group, lane] present values so far
    series_before: Floats  # [series of the group, lane] those at the owner's last change of phase
    series_by_phase: Floats  # [phase, series of the group, lane] those of the phases before it
    flows: Floats  # [row of the group, lane] this period's
    owned: Floats  # [row of the group, lane] those of them that one owner has, in groups of several
    amounts: Floats  # [row of the group, lane] parameter behind a ratio, a fixed cost or a reserve
    was: Floats  # [member, relation or lines, lane] 1.0 where it was on at the last flow
    ahead: Floats  # [member, of fixed costs or volume, full or noncash, period % ring, lane] base prices
    endless: Floats  # [member, of fixed costs or volume, full or noncash, lane] base prices, per period
    notice_rates: Floats  # [NOTICE row, line of a notice of the group, lane]
    investments: Floats  # [investment of the group, lane]


class Group(NamedTuple):
    """Lane arrays of one coupling group on one block; members in canonical order."""

    parameters: Floats  # [member, customer row, lane]
    state: Floats  # [member, STATE row, lane]
    marks: Integers  # [member, MARK row, lane]
    line_parameters: Floats  # [line of the group, line row, lane]
    lines: Floats  # [line of the group, LINE_STATE row, lane]
    line_start: Integers  # [member + 1] first line of each member within the group
    line_facts: Integers  # [LINE_FACT row, line of the group]
    merger_hazard: Floats  # [merger of the group, lane]
    books: Books
    changed: int  # 1: the strategy changes something in the group
    roles: int  # 1: some of its customers have an executive
    plain: int  # 1: its members have no costs but fixed and variable ones, all paid while the relation lasts


class Relations(NamedTuple):
    """What of a `Group` an event changes; a call with all of it would cost as much as the event."""

    parameters: Floats
    state: Floats
    marks: Integers
    line_parameters: Floats
    lines: Floats
    line_start: Integers
    line_facts: Integers


class Levers(NamedTuple):
    """Lane arrays of what a strategy changes in one coupling group on one block."""

    levers: Floats  # [lever of the group, LEVER_STATE row, lane]
    parameters: Floats  # [lever of the group, LEVER row, lane]
    effects: Floats  # [effect of the group, EFFECT row, lane]
    products: Floats  # [product of the group with a capacity, PRODUCT_STATE row, lane]
    full_service: Floats  # [member, FULL_SERVICE row, lane]


class Executives(NamedTuple):
    """Lane arrays of the executives of one coupling group on one block, and what a strategy says of them."""

    role: Integers  # [customer] NO_ROLE, MIXED or the role of the valuation date
    terms: Floats  # [TERM row, column]
    parameters: Floats  # [member, EXECUTIVE row, lane]
    state: Floats  # [member, ROLE_STATE row, lane]
    concessions: Floats  # [member, number or expected number, period % ring, lane]
    taken: Floats  # [role, lane] customers with this role


class Block(NamedTuple):
    """What all groups share on one block of lanes. `totals` collects cash flow and sales over the groups."""

    economy: Floats  # [economy row, lane]
    market: Floats  # [5, period, lane], as `simulate_market` fills it
    draws: Floats  # [industry, period, lane] Gaussian draws
    industries: Floats  # [industry, period, lane] shocks
    totals: Floats  # [cash flow or sales, period, lane]
    lane: Floats  # [lane] scratch
    mask: Floats  # [lane] scratch
    factor: Floats  # [lane] scratch
    first: int  # first path within the chunk
    path: int  # first path of the run
    valid: int  # lanes that are paths of the run
    detail: int  # 0 values and totals, 1 sums by customer and period too, 2 every path of the bands too
    batch: int  # customers before the first one of this batch
    booked: int  # 1: book every item
    keep: int  # 1: the flows of the group's members are kept for strategies that do not touch it
    flows: Floats  # [left to the company, cash, sales][member, period, lane], where kept
    scratch: Floats  # [10, lane]


class Draws(NamedTuple):
    """Identity of the draws of one block: seed words, stream, first path."""

    k0: np.uint64
    k1: np.uint64
    stream: int
    path: np.uint64
