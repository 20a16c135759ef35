"""What lives while a group is simulated: one lane array per row."""

from crcsim.kernels.rows.positions import positions

#: State of a customer while it is simulated: one lane array per row.
STATE = positions(
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
MARK = positions("Mark", ("status", "phase", "owner", "cause", "period", "hits", "booked_phase"))

#: State of a line.
LINE_STATE = positions(
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
LEVER_STATE = positions(
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
ROLE_STATE = positions(
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
PRODUCT_STATE = positions("ProductState", ("capacity", "demand", "fill"))

PROSPECT, ACTIVE, AWAY, ENDED, MERGED = 0, 1, 2, 3, 4
