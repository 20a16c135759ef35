"""Rows of the parameter tables, with their units: what is uncertain differs between paths."""

from crcsim.kernels.rows.positions import positions

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

ECONOMY = positions("Economy", ECONOMY_ROWS)

INDUSTRY = positions("Industry", INDUSTRY_ROWS)

CUSTOMER = positions("Customer", CUSTOMER_ROWS)

LOADING = positions("Loading", LOADING_ROWS)

LINE = positions("Line", LINE_ROWS)

MERGER = positions("Merger", MERGER_ROWS)

LEVEL = positions("Level", LEVEL_ROWS)

NOTICE = positions("Notice", NOTICE_ROWS)

LEVER = positions("Lever", LEVER_ROWS)

EFFECT = positions("Effect", EFFECT_ROWS)

PRODUCT = positions("Product", PRODUCT_ROWS)

FULL_SERVICE = positions("FullService", FULL_SERVICE_ROWS)

EXECUTIVE = positions("Executive", EXECUTIVE_ROWS)
