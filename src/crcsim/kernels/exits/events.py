"""What happens to a relation on a lane where something does."""

import math

from crcsim.kernels.accelerate import part, stage
from crcsim.kernels.arrays import Group, Relations, Structure
from crcsim.kernels.lifecycle import activate, enter_phase, set_line_phase
from crcsim.kernels.maths import exp
from crcsim.kernels.rows import (
    ACTIVE,
    AWAY,
    CHURN_CAUSE,
    CUSTOMER,
    ENDED,
    GROUP,
    INSOLVENCY_CAUSE,
    LINE,
    LINE_FACT,
    LINE_STATE,
    MARK,
    MERGED,
    MERGER_CAUSE,
    PROSPECT,
    STATE,
    TAKEOVER_CAUSE,
)


@part
def end_relation(g: Group | Relations, member: int, lane: int, cause: int, status: int, period: int) -> None:
    """The customer leaves: no sales, no cost from this period on; a churned one may return."""
    state, marks = g.state[member], g.marks[member]
    marks[MARK.status, lane] = status
    marks[MARK.cause, lane] = cause
    marks[MARK.period, lane] = period
    state[STATE.alive, lane] = 0.0
    state[STATE.selling, lane] = 0.0
    state[STATE.event, lane] = 0.0
    state[STATE.cost_factor, lane] = 0.0
    state[STATE.process_factor, lane] = 0.0
    state[STATE.move, lane] = g.parameters[member, CUSTOMER.win_back, lane] if status == AWAY else 0.0


@part
def write_off(g: Group | Relations, member: int, lane: int) -> None:
    """Insolvency: loss given default x receivables of the customer and of what it has bought."""
    for other in range(g.marks.shape[0]):
        if g.marks[other, MARK.owner, lane] == member:
            loss = (
                g.parameters[member, CUSTOMER.loss_given_default, lane]
                * g.state[other, STATE.receivable, lane]
            )
            g.state[other, STATE.write_off, lane] = loss


@part
def keep_after_takeover(g: Group | Relations, member: int, lane: int, normal: float) -> None:
    """A taken-over customer that stays: its wallet multiplier, price concession and share reset on all its
    lines.
    """
    p = g.parameters[member]
    multiplier = exp(p[CUSTOMER.multiplier_log_median, lane] + p[CUSTOMER.multiplier_log_sd, lane] * normal)
    keep_price = 1.0 - p[CUSTOMER.price_concession, lane]
    reset = g.line_parameters[
        g.line_start[member], LINE.logit_reset, lane
    ]  # the same for all lines of a customer
    for other in range(g.marks.shape[0]):
        if g.marks[other, MARK.owner, lane] == member:
            g.state[other, STATE.price, lane] *= keep_price
            for line in range(g.line_start[other], g.line_start[other + 1]):
                g.lines[line, LINE_STATE.wallet, lane] *= multiplier
                if g.line_facts[LINE_FACT.share_moves, line] == 1 and not math.isnan(reset):
                    g.lines[line, LINE_STATE.logit, lane] = reset
                    g.lines[line, LINE_STATE.share, lane] = 1.0 / (1.0 + exp(-reset))


@stage
def merge(s: Structure, g: Group, group: int, member: int, lane: int, part: float, period: int) -> None:
    """The target's lines go on under the buyer; both get the price terms better for the buyer (A11). `part`
    selects the buyer.
    """
    start = s.groups[GROUP.merger_start, group]
    for merger in range(s.groups[GROUP.merger_end, group] - start):
        if s.mergers[0, start + merger] != member:
            continue
        buyer = s.mergers[1, start + merger]
        hazard = g.merger_hazard[merger, lane] * g.state[buyer, STATE.alive_before, lane]
        if hazard <= 0.0 or part >= hazard:
            part -= hazard
            continue
        owner = g.marks[buyer, MARK.owner, lane]
        if owner == member:  # the buyer has merged into this customer in the same period
            return
        end_relation(g, member, lane, MERGER_CAUSE, MERGED, period)
        for other in range(g.marks.shape[0]):
            if g.marks[other, MARK.owner, lane] == member:
                g.marks[other, MARK.owner, lane] = owner
                set_line_phase(g, other, lane, g.marks[owner, MARK.phase, lane])
        better = min(g.state[member, STATE.price, lane], g.state[owner, STATE.price, lane])
        for other in range(g.marks.shape[0]):
            if g.marks[other, MARK.owner, lane] == owner:
                g.state[other, STATE.price, lane] = min(better, g.state[other, STATE.price, lane])
        return


@part
def happen(g: Group | Relations, member: int, lane: int, part: float, normal: float, period: int) -> None:
    """An event of an active customer, other than a listed merger.

    `part`, uniform on (0, 1), selects the cause in proportion to the hazards (eq. 4.3).
    """
    state, p = g.state[member], g.parameters[member]
    churn, takeover, insolvency = (
        state[STATE.churn_now, lane],
        p[CUSTOMER.takeover, lane],
        state[STATE.insolvency_now, lane],
    )
    rest = part * (churn + takeover + insolvency + state[STATE.merger_now, lane])
    if rest < churn:
        returns = p[CUSTOMER.win_back, lane] > 0.0
        end_relation(g, member, lane, CHURN_CAUSE, AWAY if returns else ENDED, period)
        return
    rest -= churn
    if rest < takeover:
        if rest < state[STATE.retained, lane] * takeover:
            keep_after_takeover(g, member, lane, normal)
        else:
            end_relation(g, member, lane, TAKEOVER_CAUSE, ENDED, period)
        return
    if rest - takeover < insolvency or state[STATE.merger_now, lane] <= 0.0:
        write_off(g, member, lane)
        end_relation(g, member, lane, INSOLVENCY_CAUSE, ENDED, period)


@part
def change_state(g: Group | Relations, member: int, lane: int) -> None:
    """No event: the next phase, the conversion of a prospect or the return of a churned customer."""
    marks = g.marks[member]
    status = marks[MARK.status, lane]
    if status == ACTIVE:
        enter_phase(g, member, lane, marks[MARK.phase, lane] + 1)
    elif status == PROSPECT:
        g.state[member, STATE.age, lane] = 0.0
        activate(g, member, lane, 1)
    elif status == AWAY:
        g.state[member, STATE.age, lane] = 0.0
        activate(g, member, lane, marks[MARK.phase, lane])
