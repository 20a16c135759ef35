"""Working capital: what stands behind the sales of a period (eq. 8.4, 8.5)."""

from crcsim.kernels.accelerate import stage
from crcsim.kernels.arrays import Floats
from crcsim.kernels.rows import CUSTOMER, FLOW, STATE


@stage
def set_working_capital(p: Floats, state: Floats) -> None:
    """Receivables, prepayments and payables that stand behind the sales of the period (eq. 8.4)."""
    for i in range(state.shape[1]):
        state[STATE.receivable, i] = state[STATE.net, i] * p[CUSTOMER.receivable, i]
        state[STATE.prepayment_received, i] = state[STATE.net, i] * p[CUSTOMER.prepayment_received, i]
        state[STATE.prepayment_made, i] = state[STATE.variable, i] * p[CUSTOMER.prepayment_made, i]
        state[STATE.payable, i] = state[STATE.variable, i] * p[CUSTOMER.payable, i]


@stage
def change_working_capital(p: Floats, state: Floats, keep: Floats, flows: Floats) -> None:
    """Cash = contribution - change of working capital - write-off; the write-off lowers tax, the rest is
    collected (eq. 8.5). flows: the FLOW rows of the customer.
    """
    for i in range(state.shape[1]):
        receivable = state[STATE.net, i] * p[CUSTOMER.receivable, i]
        received = state[STATE.net, i] * p[CUSTOMER.prepayment_received, i]
        made = state[STATE.variable, i] * p[CUSTOMER.prepayment_made, i]
        payable = state[STATE.variable, i] * p[CUSTOMER.payable, i]
        loss = state[STATE.write_off, i]
        collected = state[STATE.receivable, i] - receivable
        advanced = received - state[STATE.prepayment_received, i]
        returned = state[STATE.prepayment_made, i] - made
        owed = payable - state[STATE.payable, i]
        state[STATE.cash, i] += collected + advanced + returned + owed - loss * keep[i]
        flows[FLOW.receivables, i] = collected
        flows[FLOW.prepayments_received, i] = advanced
        flows[FLOW.prepayments_made, i] = returned
        flows[FLOW.payables, i] = owed
        flows[FLOW.write_off, i] = loss
        state[STATE.profit, i] -= loss
        state[STATE.write_off, i] = 0.0
    set_working_capital(p, state)
