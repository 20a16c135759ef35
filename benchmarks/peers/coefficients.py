"""The reference workload per period: the coefficients that every array program starts from."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from benchmarks.reference_workload import PERIODS_PER_YEAR, PHASES, Floats, Workload

ENDED = len(PHASES)
"""State of a customer that has churned, after the four phases."""


class Coefficients(NamedTuple):
    """Numbers of one period; arrays are [customer] or [customer, state], state = phase or ENDED."""

    market_sd: float
    wallet: Floats
    """At the valuation date, EUR per period."""
    drift: Floats
    """Of the log wallet, compensated so that the expected wallet grows at the stated rate."""
    market_beta: Floats
    own_sd: Floats
    logit_now: Floats
    logit_target: Floats
    pull: float
    """Part of the distance to the target that the logit of the share covers in a period."""
    logit_sd: Floats
    state_now: np.ndarray[tuple[int], np.dtype[np.int64]]
    churn_below: Floats
    """An event uniform below this is a churn [customer, state]."""
    event_below: Floats
    """... else below this a takeover [customer, state]."""
    leave_below: Floats
    """... else below this the phase is left for the next one [customer, state]."""
    wallet_multiplier: Floats
    price_kept: Floats
    """Factor on the price at every takeover."""
    variable_cost_rate: Floats
    """Of sales at base prices."""
    direct_cost: Floats
    """EUR per period [customer, state]."""
    log_rate_mean: float
    log_rate_sd: float
    """Of ln(1 + cost of capital), per year."""
    years: Floats
    """Time of the flows [period]."""


def coefficients(workload: Workload) -> Coefficients:
    """Translate yearly statements into numbers per period."""
    length = 1 / PERIODS_PER_YEAR
    variance = (workload.market_beta * workload.market_volatility) ** 2 + workload.volatility**2
    pull = -np.expm1(-workload.share_reversion * length)
    logit_sd_factor = np.sqrt(
        -np.expm1(-2 * workload.share_reversion * length) / (2 * workload.share_reversion)
    )
    churn_below, event_below, leave_below = _event_bounds(workload, length)
    cost_of_equity = workload.risk_free_rate + workload.beta_mean * workload.market_premium
    rate = workload.equity_share * cost_of_equity + (1 - workload.equity_share) * workload.cost_of_debt
    rate_sd = workload.equity_share * workload.beta_sd * workload.market_premium
    return Coefficients(
        market_sd=workload.market_volatility * np.sqrt(length),
        wallet=workload.wallet * length,
        drift=(np.log1p(workload.growth) - variance / 2) * length,
        market_beta=workload.market_beta,
        own_sd=workload.volatility * np.sqrt(length),
        logit_now=_logit(workload.share_now),
        logit_target=_logit(workload.share_target),
        pull=float(pull),
        logit_sd=workload.share_volatility * logit_sd_factor,
        state_now=workload.phase_now,
        churn_below=churn_below,
        event_below=event_below,
        leave_below=leave_below,
        wallet_multiplier=workload.wallet_multiplier,
        price_kept=1 - workload.price_concession,
        variable_cost_rate=workload.variable_cost_rate,
        direct_cost=_with_ended(np.outer(workload.direct_cost * length, workload.direct_cost_factor)),
        log_rate_mean=float(np.log1p(rate)),
        log_rate_sd=rate_sd / (1 + rate),
        years=np.arange(1, workload.periods + 1, dtype=np.float64) * length,
    )


def _event_bounds(workload: Workload, length: float) -> tuple[Floats, Floats, Floats]:
    """Bounds on one uniform: churn, takeover in proportion to the hazards, then the end of the phase."""
    churn = np.outer(workload.churn_hazard, workload.churn_factor)
    total = churn + workload.takeover_hazard[:, None]
    event = -np.expm1(-total * length)
    churn_part = np.divide(churn, total, out=np.zeros_like(churn), where=total > 0)
    leave = event + (1 - event) * np.minimum(1.0, length / workload.phase_duration)
    return _with_ended(event * churn_part), _with_ended(event), _with_ended(leave)


def _with_ended(table: Floats) -> Floats:
    """Add the state ENDED, in which nothing happens and nothing is paid."""
    return np.hstack([table, np.zeros((len(table), 1))])


def _logit(share: Floats) -> Floats:
    return np.log(share / (1 - share))
