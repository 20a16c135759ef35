"""Discounting of a period's cash, and the value after the horizon (eq. 2.6, 2.7, 9.1)."""

from crcsim.kernels.accelerate import part, stage
from crcsim.kernels.arrays import Floats
from crcsim.kernels.maths import exp
from crcsim.kernels.rows import CUSTOMER, ECONOMY, STATE


@part
def discount(p: Floats, state: Floats, economy: Floats, deflator: Floats, total: Floats) -> None:
    """Add the period's cash to the total and, discounted, to the three values; move the factors on by a
    period (eq. 2.6, 2.7).
    """
    cash, wacc, risk_free = state[STATE.cash], state[STATE.wacc], state[STATE.risk_free]
    value, plain, priced = state[STATE.npv_wacc], state[STATE.npv_risk_free], state[STATE.npv_deflator]
    step, free_step = p[CUSTOMER.discount_step], economy[ECONOMY.risk_free_step]
    for i in range(cash.shape[0]):
        value[i] += cash[i] * wacc[i]
        plain[i] += cash[i] * risk_free[i]
        priced[i] += cash[i] * deflator[i]
        wacc[i] *= step[i]
        risk_free[i] *= free_step[i]
        total[i] += cash[i]


@stage
def value_after_horizon(p: Floats, state: Floats, ratio: Floats, factor: Floats, out: Floats) -> None:
    """Normalised cash x q/(1-q), ln q = ln((1+g)/(1+k)) dt - hazards (eq. 9.1), discounted with the last
    flow's factor.

    The normalised cash is the last period's contribution after tax, without the spend on levers that ends;
    hazards are those of the present phase.
    """
    for i in range(out.shape[0]):
        lost = (1.0 - state[STATE.retained, i]) * p[CUSTOMER.takeover, i]
        log_q = ratio[i] - state[STATE.churn_now, i] - lost - p[CUSTOMER.insolvency, i]
        q = exp(log_q)
        state[STATE.horizon_log_q, i] = log_q
        out[i] = state[STATE.alive, i] * state[STATE.contribution, i] * factor[i] * q / (1.0 - q)


@stage
def lowest_margin(state: Floats, valid: int, step: float) -> float:
    """Smallest yearly margin 1/q - 1 of the horizon ratio over the lanes."""
    lowest = 1e300
    for i in range(valid):
        lowest = min(lowest, exp(-state[STATE.horizon_log_q, i] / step) - 1.0)
    return lowest
