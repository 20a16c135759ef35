"""What comes out: units of work and summation, quantities, flows, discountings, causes of an end."""

from crcsim.kernels.rows.positions import positions

#: Paths of one chunk: the unit of work, of progress and of the fixed summation tree. Part of the result
#: contract: a change of it changes the last bits of the means.
CHUNK_PATHS = 4096

#: Paths of one summation leaf: added up by halves, then leaf after leaf.
SUM_LANES = 8

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

RELATION = positions("Relation", RELATION_ROWS)

#: Flows of a customer that are booked beside those of its lines, its ratios, charges and reserves; in
#: this order.
FLOW = positions(
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

CHURN_CAUSE, TAKEOVER_CAUSE, INSOLVENCY_CAUSE, MERGER_CAUSE = 1, 2, 3, 4
