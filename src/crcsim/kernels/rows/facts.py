"""What never differs between paths: whole-number facts, and codes of what an analyst chose."""

from crcsim.kernels.rows.positions import positions

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

CHARGE_FACT = positions("ChargeFact", CHARGE_FACT_ROWS)

RESERVE_FACT = positions("ReserveFact", RESERVE_FACT_ROWS)

RATIO_FACT = positions("RatioFact", RATIO_FACT_ROWS)

NOTICE_FACT = positions("NoticeFact", NOTICE_FACT_ROWS)

TERM = positions("Term", TERM_ROWS)

EFFECT_KIND = positions("EffectKind", EFFECT_KINDS)

EFFECT_FACT = positions("EffectFact", EFFECT_FACT_ROWS)

LEVER_FACT = positions("LeverFact", LEVER_FACT_ROWS)

TRIGGER = positions("Trigger", TRIGGER_ROWS)

FACT = positions("Fact", FACT_ROWS)

LINE_FACT = positions("LineFact", LINE_FACT_ROWS)

GROUP = positions("GroupRow", GROUP_ROWS)

END, MID, BEGIN = 0, 1, 2
