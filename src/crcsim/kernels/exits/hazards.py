"""Hazards of the period and the probability that anything happens (eq. 4.1 to 4.4)."""

from crcsim.kernels.accelerate import spliced, stage
from crcsim.kernels.arrays import Floats, Group, Integers, Structure
from crcsim.kernels.maths import exp, log
from crcsim.kernels.rows import CUSTOMER, FACT, GROUP, MARK, STATE
from crcsim.kernels.wallet import regime_log_mean


@stage
def tenure_hazard(p: Floats, state: Floats, phase: Integers, step: float) -> None:
    """Weibull tenure shape, integrated over the period, so that a shape below 1 is finite at tenure 0 (eq.
    4.4).
    """
    shape, scale = p[CUSTOMER.tenure_shape], p[CUSTOMER.tenure_scale]
    age = state[STATE.age]
    now = state[STATE.churn_now]
    for i in range(age.shape[0]):
        before = exp(shape[i] * log(max(age[i], 1e-300))) if age[i] > 0.0 else 0.0
        power = exp(shape[i] * log(age[i] + step))
        now[i] = p[CUSTOMER.churn_prospect + phase[i], i] * scale[i] * (power - before)


@stage
def phase_hazard(p: Floats, phase: Integers, now: Floats) -> None:
    """Churn hazard of the phase."""
    for i in range(now.shape[0]):
        now[i] = p[CUSTOMER.churn_prospect + phase[i], i]


@stage
def shift_hazard(state: Floats) -> None:
    """Levers and dropped lines act on the log of the churn hazard (eq. 5.3, 6.3)."""
    for i in range(state.shape[1]):
        state[STATE.churn_now, i] *= exp(state[STATE.churn_effect, i])


@stage
def shift_retention(p: Floats, state: Floats) -> None:
    """Levers act on the logit of the chance that a taken-over customer stays: r e / (1 + r (e - 1))."""
    for i in range(state.shape[1]):
        odds = exp(state[STATE.retention_effect, i])
        retained = p[CUSTOMER.retained, i]
        state[STATE.retained, i] = retained * odds / (1.0 + retained * (odds - 1.0))


@spliced
def churn_of_period(s: Structure, g: Group, member: int, customer: int) -> None:
    """Churn hazard of a customer in its phase, with tenure and shifts, where it is not that of the phase
    alone.
    """
    p, state, phase = g.parameters[member], g.state[member], g.marks[member, MARK.phase]
    if s.customers[FACT.tenure, customer] == 1:
        tenure_hazard(p, state, phase, s.step)
    elif g.changed == 1:
        phase_hazard(p, phase, state[STATE.churn_now])
    if g.changed == 1:
        shift_hazard(state)


@stage
def grow_older(age: Floats, step: float) -> None:
    """Tenure at the end of the period."""
    for i in range(age.shape[0]):
        age[i] += step


@stage
def success_hazard(p: Floats, state: Floats) -> None:
    """Insolvency hazard of the period: base x (B/(1+g)^tau)^-omega / its mean, capped (eq. 4.6). Uses the
    index of the last period.
    """
    base, cap, omega = p[CUSTOMER.insolvency], p[CUSTOMER.insolvency_cap], p[CUSTOMER.success_exponent]
    success, log_mean, now = state[STATE.success], state[STATE.success_log_mean], state[STATE.insolvency_now]
    for i in range(now.shape[0]):
        now[i] = min(cap[i], base[i] * exp(-omega[i] * success[i] - log_mean[i]))


@spliced
def follow_success(p: Floats, state: Floats, economy: Floats, regimes: int) -> None:
    """Carry the sum of S and the log mean of its power to the end of the period."""
    for i in range(state.shape[1]):
        state[STATE.success, i] += state[STATE.shock, i]
        state[STATE.success_log_mean, i] += p[CUSTOMER.success_drift, i]
    if regimes == 1:
        good, bad = state[STATE.success_weight_good], state[STATE.success_weight_bad]
        means = p[CUSTOMER.success_good], p[CUSTOMER.success_bad]
        regime_log_mean(good, bad, economy, means[0], means[1], state[STATE.scratch])
        for i in range(state.shape[1]):
            state[STATE.success_log_mean, i] += state[STATE.scratch, i]


@stage
def merger_hazards(s: Structure, g: Group, group: int, member: int) -> None:
    """Sum of the hazards of the listed mergers whose buyer was active at the end of the last period."""
    total = g.state[member, STATE.merger_now]
    for i in range(total.shape[0]):
        total[i] = 0.0
    start = s.groups[GROUP.merger_start, group]
    for merger in range(s.groups[GROUP.merger_end, group] - start):
        if s.mergers[0, start + merger] == member:
            buyer = g.state[s.mergers[1, start + merger], STATE.alive_before]
            for i in range(total.shape[0]):
                total[i] += g.merger_hazard[merger, i] * buyer[i]


@stage
def event_probability(p: Floats, state: Floats) -> None:
    """P(any event in the period) = 1 - exp(-sum of hazards) where the relation is active (eq. 4.1)."""
    churn, insolvency, merger = state[STATE.churn_now], state[STATE.insolvency_now], state[STATE.merger_now]
    takeover, alive, event = p[CUSTOMER.takeover], state[STATE.alive], state[STATE.event]
    for i in range(event.shape[0]):
        event[i] = alive[i] * (1.0 - exp(-(churn[i] + takeover[i] + insolvency[i] + merger[i])))
