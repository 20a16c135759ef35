"""Present values: times of flows, discounting, customer value in both forms, and horizon value."""

import numpy as np
from numpy.typing import ArrayLike

from crcsim.valuation.arrays import Floats, floats

#: When the flow of a period comes, in periods after its start.
FLOW_SHIFTS = {"end": 1.0, "mid": 0.5, "begin": 0.0}

#: The least yearly margin of discounting and losses over growth that a perpetuity needs (model section 9).
LEAST_YEARLY_MARGIN = 0.01


def discount_exponent_shift(flow_timing: str) -> float:
    """Periods from the start of a period to its flow: end 1, mid 0.5, begin 0."""
    if flow_timing not in FLOW_SHIFTS:
        raise ValueError(f"flow_timing must be one of {', '.join(FLOW_SHIFTS)}, not {flow_timing!r}")
    return FLOW_SHIFTS[flow_timing]


def flow_times(periods: int, periods_per_year: int, flow_timing: str = "end") -> Floats:
    """Years from the valuation date to the flow of each period 1..T, [T]."""
    return floats((np.arange(periods) + discount_exponent_shift(flow_timing)) / periods_per_year)


def present_value(flows: ArrayLike, rate: ArrayLike, times: ArrayLike) -> Floats:
    """Σ_t flow_t (1 + i)^-τ_t.

    `flows` is [..., T] in currency, `times` [T] in years, `rate` effective per year, of the shape [...] or
    one number. Flows at τ = 0 are not discounted. The result is [...].
    """
    exponents = -np.log1p(floats(rate))[..., np.newaxis] * floats(times)
    return floats(np.sum(floats(flows) * np.exp(exponents), axis=-1))


def customer_value(receipts: ArrayLike, expenses: ArrayLike, rate: ArrayLike, step: float = 1.0) -> Floats:
    """Customer value, first form: CV = e_0 - a_0 + Σ_t (e_t - a_t)(1 + i)^-t (Schmeisser).

    Receipts e and expenses a are [..., T+1] from t = 0 (the valuation date) on, `step` years apart.
    """
    flows = floats(receipts) - floats(expenses)
    return present_value(flows, rate, step * np.arange(flows.shape[-1]))


def customer_value_from_contributions(
    investments: ArrayLike, contributions: ArrayLike, rate: ArrayLike, step: float = 1.0
) -> Floats:
    """Customer value, second form: -Σ_t I_t (1+i)^-t + Σ_t PECC_t (1+i)^-t (Schmeisser).

    Investment payments I and payment-effective customer contributions PECC, both [..., T+1] from t = 0 on,
    `step` years apart. The source invests at t = 0 only; equal to the first form where PECC - I = e - a.
    """
    paid, earned = floats(investments), floats(contributions)
    return present_value(earned, rate, step * np.arange(earned.shape[-1])) - present_value(
        paid, rate, step * np.arange(paid.shape[-1])
    )


def horizon_ratio(
    growth: ArrayLike, discount_rate: ArrayLike, hazard: ArrayLike, step: ArrayLike = 1.0
) -> Floats:
    """Value today of the next period's cash over this period's: q = [(1+g)/(1+k)]^Δ e^(-hΔ) (eq. 9.1)."""
    yearly = np.log1p(floats(growth)) - np.log1p(floats(discount_rate)) - floats(hazard)
    return floats(np.exp(yearly * floats(step)))


def horizon_multiple(ratio: ArrayLike) -> Floats:
    """All later cash over this period's, valued at its flow: q / (1 - q).

    Raises ValueError where q >= 1: growth outruns discounting and losses, and the sum has no limit.
    """
    q = floats(ratio)
    if np.any(q >= 1.0):
        raise ValueError("a perpetuity needs growth below the discount rate and hazards together (q < 1)")
    return q / (1.0 - q)


def yearly_margin(growth: ArrayLike, discount_rate: ArrayLike, hazard: ArrayLike) -> Floats:
    """How far discounting and losses outrun growth in a year: (1+k) e^h / (1+g) - 1, positive iff q < 1.

    Below `LEAST_YEARLY_MARGIN` a perpetuity says more about its last digits than about the customer.
    """
    yearly = np.log1p(floats(discount_rate)) + floats(hazard) - np.log1p(floats(growth))
    return floats(np.expm1(yearly))
