"""Phases of a relation (MODEL 4): what a customer's lane holds in each phase. Called only where a phase
changes.
"""

from crcsim.kernels.accelerate import part, stage
from crcsim.kernels.arrays import Floats, Group, Parameters, Relations, Structure
from crcsim.kernels.costs.start import start_costs
from crcsim.kernels.lanes import copy, fill, read_member, read_row
from crcsim.kernels.rows import (
    ACTIVE,
    CUSTOMER,
    CUSTOMER_TABLE,
    ECONOMY,
    FACT,
    GROUP,
    LINE,
    LINE_STATE,
    LINE_TABLE,
    MARK,
    MERGER,
    MERGER_TABLE,
    PROSPECT,
    STATE,
)


@part
def set_line_phase(g: Group | Relations, member: int, lane: int, phase: int) -> None:
    """Growth add-on and share targets of a member's lines in a phase, its own or that of its owner."""
    g.state[member, STATE.phase_growth, lane] = g.parameters[
        member, CUSTOMER.phase_growth_prospect + phase, lane
    ]
    for line in range(g.line_start[member], g.line_start[member + 1]):
        g.lines[line, LINE_STATE.target, lane] = g.line_parameters[
            line, LINE.logit_target_prospect + phase, lane
        ]


@part
def enter_phase(g: Group | Relations, member: int, lane: int, phase: int) -> None:
    """Load a phase's cost, probabilities (eq. 4.1, 4.2), growth add-on and share targets into a lane."""
    p = g.parameters[member]
    state = g.state[member]
    g.marks[member, MARK.phase, lane] = phase
    state[STATE.churn_now, lane] = p[CUSTOMER.churn_prospect + phase, lane]
    state[STATE.cost_factor, lane] = p[CUSTOMER.cost_factor_prospect + phase, lane]
    state[STATE.process_factor, lane] = p[CUSTOMER.process_factor_prospect + phase, lane]
    state[STATE.event, lane] = p[CUSTOMER.event_prospect + phase, lane]
    state[STATE.move, lane] = p[CUSTOMER.advance_prospect + phase, lane]
    set_line_phase(g, member, lane, phase)
    if g.marks.shape[0] > 1:
        lead_lines(g, member, lane, phase)


@stage
def lead_lines(g: Group | Relations, member: int, lane: int, phase: int) -> None:
    """Lines of the customers that have merged into this one follow its lifecycle."""
    for other in range(g.marks.shape[0]):
        if other != member and g.marks[other, MARK.owner, lane] == member:
            set_line_phase(g, other, lane, phase)


@part
def activate(g: Group | Relations, member: int, lane: int, phase: int) -> None:
    """Start or resume the relation in a phase."""
    enter_phase(g, member, lane, phase)
    g.marks[member, MARK.status, lane] = ACTIVE
    g.marks[member, MARK.cause, lane] = 0
    g.marks[member, MARK.period, lane] = 0
    g.state[member, STATE.acquisition, lane] = 0.0
    g.state[member, STATE.alive, lane] = 1.0
    g.state[member, STATE.selling, lane] = 1.0


@stage
def start_phase(g: Group, member: int, phase: int) -> None:
    """The phase of the valuation date on all lanes, as `enter_phase` loads it into one."""
    p, state = g.parameters[member], g.state[member]
    copy(p[CUSTOMER.churn_prospect + phase], state[STATE.churn_now])
    copy(p[CUSTOMER.cost_factor_prospect + phase], state[STATE.cost_factor])
    copy(p[CUSTOMER.process_factor_prospect + phase], state[STATE.process_factor])
    copy(p[CUSTOMER.event_prospect + phase], state[STATE.event])
    copy(p[CUSTOMER.advance_prospect + phase], state[STATE.move])
    copy(p[CUSTOMER.phase_growth_prospect + phase], state[STATE.phase_growth])
    for line in range(g.line_start[member], g.line_start[member + 1]):
        copy(g.line_parameters[line, LINE.logit_target_prospect + phase], g.lines[line, LINE_STATE.target])
    for lane in range(g.marks.shape[2]):
        g.marks[member, MARK.phase, lane] = phase
        g.marks[member, MARK.status, lane] = ACTIVE
    fill(state[STATE.alive], 1.0)
    fill(state[STATE.selling], 1.0)


@stage
def start_prospect(g: Group, member: int) -> None:
    """A prospect: no sales, acquisition spend, converts with a probability per period."""
    start_phase(g, member, PROSPECT)
    p, state = g.parameters[member], g.state[member]
    for lane in range(g.marks.shape[2]):
        g.marks[member, MARK.status, lane] = PROSPECT
    copy(p[CUSTOMER.conversion], state[STATE.move])
    copy(p[CUSTOMER.acquisition_spend], state[STATE.acquisition])
    for row in (STATE.event, STATE.cost_factor, STATE.process_factor, STATE.alive, STATE.selling):
        fill(state[row], 0.0)


@stage
def end_acquisition(g: Group, member: int) -> None:
    """After the last period of acquisition spending a remaining prospect costs nothing and no longer
    converts.
    """
    for lane in range(g.state.shape[2]):
        if g.marks[member, MARK.status, lane] == PROSPECT:
            g.state[member, STATE.acquisition, lane] = 0.0
            g.state[member, STATE.move, lane] = 0.0


@stage
def start_line(g: Group, line: int) -> None:
    """Wallet, share and premium of a line at the valuation date."""
    p, state = g.line_parameters[line], g.lines[line]
    for lane in range(state.shape[1]):
        state[LINE_STATE.wallet, lane] = p[LINE.wallet, lane]
        state[LINE_STATE.logit, lane] = p[LINE.logit_share, lane]
        state[LINE_STATE.share, lane] = p[LINE.share, lane]
        state[LINE_STATE.premium, lane] = p[LINE.premium, lane]


@stage
def start_customer(s: Structure, g: Group, member: int, customer: int, economy: Floats) -> None:
    """State of a customer at the valuation date."""
    p, state, marks = g.parameters[member], g.state[member], g.marks[member]
    for row in range(state.shape[0]):
        for lane in range(state.shape[1]):
            state[row, lane] = 0.0
    if s.customers[FACT.prospect, customer] == 1:
        start_prospect(g, member)
    else:
        start_phase(g, member, s.customers[FACT.phase, customer])
    for lane in range(state.shape[1]):
        marks[MARK.cause, lane] = 0
        marks[MARK.period, lane] = 0
        state[STATE.insolvency_now, lane] = p[CUSTOMER.insolvency, lane]
        state[STATE.retained, lane] = p[CUSTOMER.retained, lane]
        state[STATE.price, lane] = p[CUSTOMER.price, lane]
        state[STATE.age, lane] = p[CUSTOMER.tenure_years, lane]
        state[STATE.wallet_weight_good, lane] = economy[ECONOMY.start_good, lane]
        state[STATE.wallet_weight_bad, lane] = 1.0 - economy[ECONOMY.start_good, lane]
        state[STATE.success_weight_good, lane] = economy[ECONOMY.start_good, lane]
        state[STATE.success_weight_bad, lane] = 1.0 - economy[ECONOMY.start_good, lane]
        state[STATE.wacc, lane] = p[CUSTOMER.discount_first, lane]
        state[STATE.risk_free, lane] = economy[ECONOMY.risk_free_first, lane]
        state[STATE.firm, lane] = economy[ECONOMY.wacc_first, lane]


@stage
def start_group(s: Structure, p: Parameters, group: int, lo: int, economy: Floats, g: Group) -> None:
    """Load parameters and starting state of all members of a coupling group on the block that starts at
    chunk path `lo`.
    """
    start = s.groups[GROUP.member_start, group]
    for member in range(g.marks.shape[0]):  # nobody owns anybody else's lines yet
        for lane in range(g.marks.shape[2]):
            g.marks[member, MARK.owner, lane] = member
    line = 0
    for member in range(s.groups[GROUP.member_end, group] - start):
        customer = s.group_customer[start + member]
        read_member(p, CUSTOMER_TABLE, customer, lo, g.parameters[member])
        g.line_start[member] = line
        for source in range(s.customers[FACT.line_start, customer], s.customers[FACT.line_end, customer]):
            read_member(p, LINE_TABLE, source, lo, g.line_parameters[line])
            for row in range(g.line_facts.shape[0]):
                g.line_facts[row, line] = s.lines[row, source]
            start_line(g, line)
            line += 1
        g.line_start[member + 1] = line
        start_customer(s, g, member, customer, economy)
        start_costs(s, p, g, member, customer, lo)
    first = s.groups[GROUP.merger_start, group]
    for merger in range(s.groups[GROUP.merger_end, group] - first):
        read_row(p, MERGER_TABLE, MERGER.hazard, first + merger, lo, g.merger_hazard[merger])
