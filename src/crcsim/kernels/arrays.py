"""What the kernel reads and writes: parameter tables, structure and outputs, with shape and unit beside
each.

A *table* holds one group of parameters (economy, industries, customers, loadings, lines, mergers, levels).
Its rows are named by the integer constants below; its columns are the members of the group. A row is either
the same on every path (``constant``) or drawn per path (``uncertain``), so that fixed parameters cost one
broadcast and uncertain ones one copy.
"""

from collections import namedtuple
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

#: Paths of one chunk: the unit of work, of progress and of the fixed summation tree. Part of the result
#: contract: a change of it
#: changes the last bits of the means.
CHUNK_PATHS = 4096

#: Lanes of one summation leaf: path i of a chunk is added to leaf i % SUM_LANES, in the order of i.
SUM_LANES = 16

# --- economy: one member
ECONOMY_ROWS = (
    "shock_scale_good",  # sd of the Gaussian log market return per period (the only regime is `good`)
    "shock_scale_bad",
    "shock_drift_good",  # mean of the market shock per period (0 without regimes)
    "shock_drift_bad",
    "index_drift",  # log market return = shock + this (eq. 2.2)
    "leave_good",  # probability per period to leave the regime
    "leave_bad",
    "start_good",  # stationary probability of the good regime
    "jump_mean",  # expected number of market jumps per period
    "jump_log_mean",
    "jump_log_sd",
    "risk_price_good",  # a of the state-price deflator (eq. 2.6)
    "risk_price_bad",
    "deflator_drift_good",  # log deflator per period = this - a * shock
    "deflator_drift_bad",
    "deflator_first",  # factor from the end of the period to the date of the flow
    "risk_free_first",  # risk-free discount factor of the first flow
    "risk_free_step",  # risk-free discount factor of one period
    "inflation_first",  # index of fixed amounts at the first flow
    "inflation_step",  # growth factor of the index per period
    "keep",  # 1 - tax rate
    "wacc_first",  # firm's discount factor of the first flow (segment and company flows)
    "wacc_step",
)

# --- industries
INDUSTRY_ROWS = ("shock_scale",)  # sd of the industry's own log shock per period

# --- customers
PHASES = ("prospect", "build_up", "growth", "maturity", "decline")
CUSTOMER_ROWS = (
    "beta",  # loading on the market shock
    "shock_scale",  # sd of the own shock per period
    "coupling",  # chi: response of the wallet to the business shock
    "wallet_drift",  # log wallet growth per period, without the market's regime compensator
    "wallet_good",  # E[exp(chi beta shock) | regime], only read with regimes
    "wallet_bad",
    *(f"phase_growth_{phase}" for phase in PHASES),  # log growth add-on per period
    *(f"churn_{phase}" for phase in PHASES),  # churn hazard x period length
    *(
        f"event_{phase}" for phase in PHASES
    ),  # probability of churn, takeover or insolvency in a period (eq. 4.1)
    *(f"advance_{phase}" for phase in PHASES),  # probability to leave the phase in a period
    *(f"direct_cost_{phase}" for phase in PHASES),  # currency per period at base prices
    "takeover",  # hazard x period length
    "retained",  # probability that a taken-over customer stays
    "multiplier_log_median",
    "multiplier_log_sd",
    "price_concession",
    "insolvency",  # hazard x period length
    "insolvency_cap",
    "success_exponent",  # omega
    "success_drift",  # log E[exp(-omega S)] per period without the market's regime part
    "success_good",  # E[exp(-omega beta shock) | regime], only read with regimes
    "success_bad",
    "loss_given_default",
    "conversion",  # probability per period that a prospect becomes a customer
    "acquisition_spend",  # currency per period at base prices
    "win_back",  # probability per period that a churned customer returns
    "factor_loading",  # sqrt(rho) of the event factor
    "factor_own",  # sqrt(1 - rho)
    "tenure_shape",
    "tenure_scale",  # reference^(1-shape) / (shape x period length)
    "tenure_years",  # tenure at the valuation date, years
    "price",  # 1 - discount
    "receivable",  # receivables per unit of net revenue of a period
    "payable",  # payables per unit of variable cost of a period
    "discount_first",  # discount factor of the first flow at the customer's rate
    "discount_step",
    "horizon_ratio",  # ln((1+g)/(1+k)) x period length
    "horizon_ratio_deflator",
)

# --- loadings on industries
LOADING_ROWS = ("loading",)

# --- lines
LINE_ROWS = (
    "wallet",  # wallet at the valuation date, currency per period at base prices
    "logit_share",  # share at the valuation date on the logit scale
    "share",  # share at the valuation date
    *(f"logit_target_{phase}" for phase in PHASES),
    "pull",  # 1 - exp(-kappa x period length)
    "noise",  # sd of the share noise per period, logit points
    "trend",  # extra growth factor of the wallet per period
    "jump_mean",  # expected number of wallet jumps per period
    "jump_log_mean",
    "jump_log_sd",
    "premium",  # price premium at the valuation date
    "premium_step",  # 2^(-period / half-life)
    "net",  # 1 - sales deductions
    "variable_cost",  # per unit of sales at base prices
    "logit_reset",  # share after a retained takeover, logit scale
)

MERGER_ROWS = ("hazard",)  # hazard x period length
LEVEL_ROWS = ("amount",)  # cost per period at base prices, currency


TABLES = ("economy", "industries", "customers", "loadings", "lines", "mergers", "levels")
ECONOMY_TABLE, INDUSTRY_TABLE, CUSTOMER_TABLE, LOADING_TABLE, LINE_TABLE, MERGER_TABLE, LEVEL_TABLE = range(
    len(TABLES)
)


class Parameters(NamedTuple):
    """All tables on one chunk of paths. Row r of member m of a table stands in cell start[table] + r x
    members[table] + m.
    """

    constant: Floats  # [cell] value, where it is the same on every path
    column: Integers  # [cell] row of `uncertain`, -1 where constant
    uncertain: Floats  # [uncertain cell, path of the chunk]
    start: Integers  # [table] first cell
    members: Integers  # [table]


#: Whole-number facts of a customer, rows of Structure.customers.
FACT_ROWS = (
    "line_start",
    "line_end",
    "loading_start",
    "loading_end",
    "prospect",  # 1: starts as a prospect
    "phase",  # phase at the valuation date
    "acquisition_periods",  # periods of acquisition spending
    "hazards_move",  # 1: the hazards depend on more than the phase
    "event_factor",  # -1 none, 0 market, 1 + j industry j
    "tenure",  # 1: churn depends on tenure
    "success",  # 1: insolvency depends on the customer's own success
    "events",  # 1: anything can happen to this customer's relation
    "working_capital",  # 1: receivables or payables
)
#: Whole-number facts of a line, rows of Structure.lines.
LINE_FACT_ROWS = (
    "share_moves",  # 1: the share follows its own process
    "wallet_jumps",  # 1: wallet jumps
    "premium",  # 1: a price premium that may erode
)
#: Rows of Structure.groups.
GROUP_ROWS = ("member_start", "member_end", "merger_start", "merger_end")


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


class Sums(NamedTuple):
    """Partial results of one chunk, reduced outside in a fixed order."""

    lanes: Floats  # [quantity, customer, period, SUM_LANES]
    horizon_margin: Floats  # [customer] smallest yearly margin of the horizon ratio on the chunk's paths


QUANTITIES = ("cash_flow", "sales", "wallet", "share", "active")
DISCOUNTINGS = ("wacc", "risk_free", "deflator")
CAUSES = ("churn", "takeover", "insolvency", "merger")


def _positions(name: str, rows: tuple[str, ...]) -> Any:
    """Row names as attributes whose values are the row's positions: a constant inside compiled code."""
    return namedtuple(name, rows)(*range(len(rows)))


ECONOMY = _positions("Economy", ECONOMY_ROWS)
INDUSTRY = _positions("Industry", INDUSTRY_ROWS)
CUSTOMER = _positions("Customer", CUSTOMER_ROWS)
LOADING = _positions("Loading", LOADING_ROWS)
LINE = _positions("Line", LINE_ROWS)
MERGER = _positions("Merger", MERGER_ROWS)
LEVEL = _positions("Level", LEVEL_ROWS)
FACT = _positions("Fact", FACT_ROWS)
LINE_FACT = _positions("LineFact", LINE_FACT_ROWS)
GROUP = _positions("GroupRow", GROUP_ROWS)

#: State of a customer while it is simulated: one lane array per row.
STATE = _positions(
    "State",
    (
        "normal",  # own shock of the business index, standard normal
        "share_normal",  # share noise of the first line, standard normal
        "uniform",  # event uniform
        "second_uniform",  # cause and phase, only with an event factor
        "shock",  # S_t
        "growth",  # wallet growth factor of the period
        "wallet_weight_good",  # regime weights of the wallet's compensator
        "wallet_weight_bad",
        "success_weight_good",
        "success_weight_bad",
        "success",  # sum of S
        "success_log_mean",  # ln E[exp(-omega sum of S)]
        "phase_growth",
        "churn_now",  # churn hazard of this period, of the phase and with tenure
        "insolvency_now",
        "merger_now",
        "event",  # probability that the relation ends or changes hands this period
        "move",  # probability to leave the phase, convert or return, given no event
        "alive_before",  # at the end of the last period, only with listed mergers
        "alive",  # 1.0 while the customer's own relation is active
        "selling",  # 1.0 while its lines sell (under a buyer after a merger)
        "cost",  # direct cost or acquisition spend per period at base prices
        "price",  # price terms, 1 - discount
        "price_factor",
        "age",  # tenure, years
        "sales",
        "net",
        "variable",
        "wallet",
        "volume",
        "contribution",
        "cash",
        "receivable",
        "payable",
        "write_off",
        "wacc",  # discount factor of the next flow
        "risk_free",
        "npv_wacc",
        "npv_risk_free",
        "npv_deflator",
        "horizon_log_q",
        "horizon_value",
        "scratch",
    ),
)
#: Whole-number state of a customer.
MARK = _positions("Mark", ("status", "phase", "owner", "cause", "period", "hits"))
#: State of a line.
LINE_STATE = _positions(
    "LineState",
    ("wallet", "logit", "share", "target", "premium", "normal", "spare_normal", "uniform", "count", "jump"),
)

PROSPECT, ACTIVE, AWAY, ENDED, MERGED = 0, 1, 2, 3, 4
CHURN_CAUSE, TAKEOVER_CAUSE, INSOLVENCY_CAUSE, MERGER_CAUSE = 1, 2, 3, 4
END, MID, BEGIN = 0, 1, 2


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


class Block(NamedTuple):
    """What all groups share on one block of lanes. `totals` collects cash flow and sales over the groups."""

    economy: Floats  # [economy row, lane]
    market: Floats  # [5, period, lane], as `simulate_market` fills it
    draws: Floats  # [industry, period, lane] Gaussian draws
    industries: Floats  # [industry, period, lane] shocks
    totals: Floats  # [cash flow or sales, period, lane]
    lane: Floats  # [lane] scratch
    first: int  # first path within the chunk
    path: int  # first path of the run
    valid: int  # lanes that are paths of the run
    detail: int  # 0 values and totals, 1 sums by customer and period too, 2 every path of the bands too
    batch: int  # customers before the first one of this batch


class Draws(NamedTuple):
    """Identity of the draws of one block: seed words, stream, first path."""

    k0: np.uint64
    k1: np.uint64
    stream: int
    path: np.uint64
