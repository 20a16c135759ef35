"""Names of the rows, tables and codes that arrays of the kernel are read by, with their units.

A tuple of row names becomes a named tuple of positions (`CUSTOMER.beta`), which compiled code reads as a
constant.
"""

from collections import namedtuple
from typing import Any


def _positions(name: str, rows: tuple[str, ...]) -> Any:
    """Row names as attributes whose values are the row's positions: a constant inside compiled code."""
    return namedtuple(name, rows)(*range(len(rows)))


#: Paths of one chunk: the unit of work, of progress and of the fixed summation tree. Part of the result
#: contract: a change of it
#: changes the last bits of the means.
CHUNK_PATHS = 4096

#: Paths of one summation leaf: added up by halves, then leaf after leaf.
SUM_LANES = 8

# --- economy: one member
ECONOMY_ROWS = (
    "shock_scale_good",  # sd of the Gaussian log market return per period (the only regime is `good`)
    "shock_scale_bad",
    "shock_drift_good",  # mean of the market shock per period (0 without regimes)
    "shock_drift_bad",
    "index_start",  # log market index at the valuation date, 0 unless it falls on that day
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
    "log_growth",  # ln(1+g) x period length, only read where the coupling changes
    "own_variance",  # variance per period of the shock that is not the market's, likewise
    *(f"phase_growth_{phase}" for phase in PHASES),  # log growth add-on per period
    *(f"churn_{phase}" for phase in PHASES),  # churn hazard x period length
    *(
        f"event_{phase}" for phase in PHASES
    ),  # probability of churn, takeover or insolvency in a period (eq. 4.1)
    *(f"advance_{phase}" for phase in PHASES),  # probability to leave the phase in a period
    *(f"cost_factor_{phase}" for phase in PHASES),  # factor on costs that follow the phase
    *(f"process_factor_{phase}" for phase in PHASES),  # factor on the fixed part of process use
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
    "prepayment_received",  # prepayments received per unit of net revenue of a period
    "prepayment_made",  # prepayments made per unit of variable cost of a period
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
    "variable_cost",  # material, production and distribution per unit of volume at base prices
    "volume_cost",  # orders, processes and other costs that follow the volume, per unit of it
    "noncash",  # payment-ineffective part of both, per unit of volume
    "logit_reset",  # share after a retained takeover, logit scale
    "process_cost",  # part of volume_cost that processes cause
    "process_unpaid",  # payment-ineffective share of it
    "variable_unpaid",  # payment-ineffective share of variable_cost
)

MERGER_ROWS = ("hazard",)  # hazard x period length

LEVEL_ROWS = ("amount",)  # cost per period at base prices, currency

CHARGE_ROWS = ("amount",)  # fixed cost of a customer per period at base prices, currency

RESERVE_ROWS = ("rate",)  # cost per process of which capacity is kept ready, at base prices

RATIO_ROWS = ("ratio",)  # uncertain cost ratio of a line: its item is booked on its own

NOTICE_ROWS = (
    "full",  # volume cost that goes on after the end, per unit of volume
    "noncash",
    "saved",  # part of the cost of a line's processes that does, by which it shares in what levers save
    "saved_noncash",
)

INVESTMENT_ROWS = ("amount",)  # payment at base prices, currency

#: Response of a lever: K_t = keep K_{t-1} + gain x spend, r_t = (q_t - base) / (1 + q_t), q_t = (K_t /
#: half)^n (eq. 5.1, 5.5).
LEVER_ROWS = (
    "keep",  # (1 - decay)^period
    "gain",  # stock per unit of spend that arrives in a period
    "half",  # stock of half the effect
    "steepness",
    "stock",  # at the valuation date
    "base",  # (that stock / half)^steepness
)

#: Effects of levers on one target: shift at saturation on the scale of the effect (eq. 5.3); size of the
#: jumps of a created wallet.
EFFECT_ROWS = ("shift", "jump_log_mean", "jump_log_sd")

PRODUCT_ROWS = ("capacity",)  # volume per period at base prices

#: When everything else were dropped: log churn ratio and logit points of the share target (eq. 6.3).
FULL_SERVICE_ROWS = ("churn", "share")

#: What executives do to one customer: how strongly it responds, and events per period of its executive with
#: their size (eq. 7.1, 7.3).
EXECUTIVE_ROWS = (
    "influence",  # causal share x receptiveness
    "damage_mean",  # expected number per period
    "damage_share",  # logit points
    "concession_mean",
    "concession_price",  # fraction by which the price is cut
    "deal_mean",
    "deal_share",
)

TABLES = (
    "economy",
    "industries",
    "customers",
    "loadings",
    "lines",
    "mergers",
    "levels",
    "charges",
    "reserves",
    "ratios",
    "notices",
    "investments",
    "levers",
    "effects",
    "products",
    "full_service",
    "executives",
)

(
    ECONOMY_TABLE,
    INDUSTRY_TABLE,
    CUSTOMER_TABLE,
    LOADING_TABLE,
    LINE_TABLE,
    MERGER_TABLE,
    LEVEL_TABLE,
    CHARGE_TABLE,
    RESERVE_TABLE,
    RATIO_TABLE,
    NOTICE_TABLE,
    INVESTMENT_TABLE,
    LEVER_TABLE,
    EFFECT_TABLE,
    PRODUCT_TABLE,
    FULL_SERVICE_TABLE,
    EXECUTIVE_TABLE,
) = range(len(TABLES))

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
    "working_capital",  # 1: receivables, payables or prepayments
    "noncash",  # 1: some costs are not paid
    "concessions",  # 1: its price terms can change
    "charge_start",
    "charge_end",
    "reserve_start",
    "reserve_end",
    "ratio_start",
    "ratio_end",
    "notice_start",
    "notice_end",
    "investment_start",
    "investment_end",
    "company_series",  # first series of costs that stay with the company after its end, -1 none
    "flow_row",  # first row of its flows within the group
    "group_notice_line",  # first line of a notice within the group
    "group_investment",  # first investment within the group
    "saves",  # 1: a lever may change its variable costs or the cost of its processes
    "spends",  # 1: the spend on a lever is its cost
    "couples",  # 1: a lever may change its coupling
    "volume_cost",  # 1: some costs beside variable ones follow its volume
    "plain",  # 1: no costs but variable and fixed ones, all of them paid while the relation lasts
    "executive",  # 1 + member of the table `executives`; 0: no strategy gives it an executive
)

#: Whole-number facts of a line, rows of Structure.lines.
LINE_FACT_ROWS = (
    "share_moves",  # 1: the share follows its own process
    "wallet_jumps",  # 1: wallet jumps
    "premium",  # 1: a price premium that may erode
    "volume_cost",  # 1: costs beside material, production and distribution follow its volume
    "rationed",  # 1 + place of its product among those of the group with a capacity; 0 none
)

#: Rows of Structure.groups.
GROUP_ROWS = (
    "member_start",
    "member_end",
    "merger_start",
    "merger_end",
    "slot_start",
    "series_start",
    "series_end",
    "slot_of_lever_start",  # levers that act in the group
    "slot_of_lever_end",
    "effect_start",
    "effect_end",
    "product_start",  # products of the group with a capacity
    "product_end",
)

#: What a fixed cost of a customer follows.
NOTHING, PHASE_COST, PHASE_PROCESS = 0, 1, 2

#: A notice that never ends, periods.
ENDLESS = 1e18

#: Facts of a fixed cost: what it follows, its payment-ineffective share, first cell of
#: Structure.notice_shares (one for each notice of the customer).
CHARGE_FACT_ROWS = ("factor", "noncash", "share_start")

#: Facts of capacity kept ready: processes per period that are reserved, that do not follow the volume,
#: payment-ineffective share; first cell of Structure.reserve_use (per unit of volume of each line of the
#: customer) and of Structure.notice_shares.
RESERVE_FACT_ROWS = ("reserved", "fixed", "noncash", "use_start", "share_start")

#: Facts of an uncertain ratio: line, counted from the customer's first one; 1: of its sales, 0: its volume.
RATIO_FACT_ROWS = ("line", "sales")

#: Facts of a notice: 1: of costs of the volume (until its lines end), 0: of fixed costs (until the relation
#: ends); periods, or ENDLESS; first member of the table `notices`, one for each line of the customer.
NOTICE_FACT_ROWS = ("usage", "periods", "line_start")

#: What an effect of a lever shifts, each on its own scale (eq. 5.3).
EFFECT_KINDS = (
    "share",  # logit points of a line's share target
    "growth",  # log growth of a line's wallet per period
    "creation",  # jumps of a line's wallet per period
    "price",  # price points of a line
    "variable_cost",  # log of a line's variable costs
    "churn",  # log of a customer's churn hazard
    "retention",  # logit of the chance that a taken-over customer stays
    "coupling",
    "process_cost",  # log of a customer's process costs
    "capacity",  # volume per period of a product
    "effectiveness",  # log of what the spend of another lever adds to its stock
)

#: Facts of an effect: what it shifts; slot of its lever within the group; its target within the group: line,
#: member, product or slot of the other lever.
EFFECT_FACT_ROWS = ("kind", "lever", "target")

#: Facts of a lever: customer whose cost its spend is, -1 for that of a level; level, -1 for that of a
#: customer; 1: an investment, 0: an expense; first series of its spend at a level, -1 none; group with
#: which that is charged.
LEVER_FACT_ROWS = ("customer", "level", "investment", "series", "group")

#: How a strategy runs a lever: not at all (only its maintenance goes on), with a response known
#: beforehand, or with a stock that depends on the path.
NOT_RUN, TABULATED, ON_PATH = 0, 1, 2

#: What starts a lever: a date, or the state of a customer or of the market at the end of a period.
BY_DATE, SHARE_BELOW, SHARE_ABOVE, CHURN_ABOVE, BAD_YEARS, GOOD_YEARS, MARKET_BELOW, MARKET_ABOVE = range(8)

#: Volumes of two years are the same within this part of them: what rounding makes of equal periods.
SAME_VOLUME = 1e-9

#: Facts of the trigger of a lever in a strategy: kind, level, member and line within the group.
TRIGGER_ROWS = ("kind", "level", "member", "line")

#: Executive roles in the order of all arrays by role; what stands in place of one: none, or drawn at the
#: start.
HANDS_OFF, LOOSE_CANNON, SOCIAL_VISITOR, DEALMAKER, GROWTH_CHAMPION = range(5)
ROLE_COUNT, NO_ROLE, MIXED = 5, -1, 5

#: What is the same for all executives of a strategy: by role, by number of periods served, or one number.
TERM_ROWS = (
    "sales",  # [role] log growth of sales per year above the reference mix (eq. 7.1)
    "margin",  # [role] the same of profit less sales (eq. 7.2)
    "cost",  # [role] currency per period at base prices
    "limit",  # [role] most customers at a time
    "mix",  # [role] shares from which roles are drawn at the start (eq. 7.5)
    "move_hands_off",  # [role] probability of this role after a term in another one
    "move_loose_cannon",
    "move_social_visitor",
    "move_dealmaker",
    "move_growth_champion",
    "weight",  # [periods served before] years of full effect in the period (eq. 7.4)
    "serving",  # [periods served before] part of the period that an executive serves
    "change",  # [periods served before] 1.0 where a term has ended since the last period
    "setback",  # periods by which damage sets a stock back
    "duration",  # periods that a concession holds
    "programme",  # 1.0: the sponsor programme runs
)

QUANTITIES = ("cash_flow", "sales", "wallet", "share", "active")

#: What is recorded of a chosen customer on every path at the end of every period, and today; after these its
#: notices, in their order: what the last flow's costs go on to cost in a period, after tax.
RELATION_ROWS = (
    "cash_flow",
    "contribution",  # after tax
    "working_capital",
    "sales",
    "wallet",  # 0 where nothing is sold
    "share",
    "phase",  # of an active relation or a prospect, -1 where there is none
    "shock",  # S_t of the period
    "normal",  # draws of the period: own shock of the business index, share noise of the first line
    "share_normal",
    "uniform",  # event uniform
    "event",  # probability that something happens to the relation in the next period, as known now
)

DISCOUNTINGS = ("wacc", "risk_free", "deflator")

CAUSES = ("churn", "takeover", "insolvency", "merger")

ECONOMY = _positions("Economy", ECONOMY_ROWS)

INDUSTRY = _positions("Industry", INDUSTRY_ROWS)

CUSTOMER = _positions("Customer", CUSTOMER_ROWS)

LOADING = _positions("Loading", LOADING_ROWS)

LINE = _positions("Line", LINE_ROWS)

MERGER = _positions("Merger", MERGER_ROWS)

LEVEL = _positions("Level", LEVEL_ROWS)

NOTICE = _positions("Notice", NOTICE_ROWS)

CHARGE_FACT = _positions("ChargeFact", CHARGE_FACT_ROWS)

RESERVE_FACT = _positions("ReserveFact", RESERVE_FACT_ROWS)

RATIO_FACT = _positions("RatioFact", RATIO_FACT_ROWS)

NOTICE_FACT = _positions("NoticeFact", NOTICE_FACT_ROWS)

LEVER = _positions("Lever", LEVER_ROWS)

EFFECT = _positions("Effect", EFFECT_ROWS)

PRODUCT = _positions("Product", PRODUCT_ROWS)

FULL_SERVICE = _positions("FullService", FULL_SERVICE_ROWS)

EXECUTIVE = _positions("Executive", EXECUTIVE_ROWS)

TERM = _positions("Term", TERM_ROWS)

EFFECT_KIND = _positions("EffectKind", EFFECT_KINDS)

EFFECT_FACT = _positions("EffectFact", EFFECT_FACT_ROWS)

LEVER_FACT = _positions("LeverFact", LEVER_FACT_ROWS)

TRIGGER = _positions("Trigger", TRIGGER_ROWS)

FACT = _positions("Fact", FACT_ROWS)

LINE_FACT = _positions("LineFact", LINE_FACT_ROWS)

RELATION = _positions("Relation", RELATION_ROWS)

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
        "cost_factor",  # of the phase, 0 while there is no relation
        "process_factor",
        "acquisition",  # acquisition spend per period at base prices
        "cost",  # fixed costs of the period, with idle capacity and acquisition
        "volume_cost",
        "noncash",  # payment-ineffective part of all costs of the period
        "price",  # price terms, 1 - discount
        "price_factor",
        "age",  # tenure, years
        "sales",
        "net",
        "variable",
        "wallet",
        "volume",
        "profit",  # before tax and write-offs
        # after tax, without costs in notice, with what is not paid added back; before a value after the
        # horizon that of the last period without the spend on levers that ends
        "contribution",
        "cash",
        "receivable",
        "prepayment_received",
        "prepayment_made",
        "payable",
        "write_off",
        "firm",  # the firm's discount factor of the next flow, only with costs that stay with the company
        "left_wacc",  # present values of the costs that stay with the company
        "left_risk_free",
        "left_deflator",
        "wacc",  # discount factor of the next flow
        "risk_free",
        "npv_wacc",
        "npv_risk_free",
        "npv_deflator",
        "horizon_log_q",
        "horizon_value",
        "churn_effect",  # shifts by levers, on the scales of EFFECT_KINDS
        "retention_effect",
        "coupling_effect",
        "process_effect",
        "drop_churn",  # log of the churn hazard, for what is no longer offered
        "drop_share",  # logit points of the share targets, likewise
        "retained",  # probability that a taken-over customer stays
        "coupled_good",  # E[exp(chi beta shock) | regime] with the coupling of the period
        "coupled_bad",
        "process_now",  # factor on the fixed part of process use, with shifts
        "margin_effect",  # log of what its executive has made of its contribution per unit of sales
        "concession",  # log of what its executive makes of its prices
        "scratch",
    ),
)

#: Whole-number state of a customer.
MARK = _positions("Mark", ("status", "phase", "owner", "cause", "period", "hits", "booked_phase"))

#: State of a line.
LINE_STATE = _positions(
    "LineState",
    (
        "wallet",
        "logit",
        "share",
        "target",
        "premium",
        "normal",
        "spare_normal",
        "uniform",
        "count",
        "jump",
        "share_effect",  # shifts by levers, on the scales of EFFECT_KINDS
        "growth_effect",
        "price_effect",
        "variable_effect",
        "wanted",  # share target with all shifts
        "open",  # 1.0 while its product is offered
        "selling",  # part of its wallet and share that is delivered
    ),
)

#: State of a lever in a group.
LEVER_STATE = _positions(
    "LeverState",
    (
        "response",
        "stock",
        "start",  # period from which the plan runs; NEVER while nothing has started it
        "boost",  # log of what amplifiers add to its effectiveness
        "year",  # volume of the judged customer in the present year, at base prices
        "last_year",
        "in_a_row",  # bad or good years
    ),
)

#: State of a customer's executive.
ROLE_STATE = _positions(
    "RoleState",
    (
        "role",
        "served",  # periods before this one in which the relation was active
        "on",  # 1.0 while it is, since the start of the period
        "moving",  # 1.0 where a term has ended at the start of the period
        "uniform",
        "mean",  # expected number of events in the period
        "count",
        "jump",  # logit points by which the shares jump in the period
        "growth",  # log growth of the wallets in the period
    ),
)

#: A period that does not come.
NEVER = 1e9

#: State of a product with a capacity in a group.
PRODUCT_STATE = _positions("ProductState", ("capacity", "demand", "fill"))

#: Flows of a customer that are booked beside those of its lines, its ratios, charges and reserves; in
#: this order.
FLOW = _positions(
    "Flow",
    (
        "acquisition",
        "notice",
        "notice_noncash",
        "receivables",
        "prepayments_received",
        "prepayments_made",
        "payables",
        "write_off",
        "tax",
        "investment",
        "relationship_spend",  # by levers, an expense
        "programme_investment",  # by levers, out of cash
        "executive_cost",  # of the executive that deals with the customer
        "unavoidable",  # of the company, as are the next two
        "unavoidable_noncash",
        "unavoidable_tax",
    ),
)

PROSPECT, ACTIVE, AWAY, ENDED, MERGED = 0, 1, 2, 3, 4

CHURN_CAUSE, TAKEOVER_CAUSE, INSOLVENCY_CAUSE, MERGER_CAUSE = 1, 2, 3, 4

END, MID, BEGIN = 0, 1, 2
