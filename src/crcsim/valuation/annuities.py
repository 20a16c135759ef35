"""Closed forms for a customer without uncertainty but its end: the plausibility check beside a simulation."""

import numpy as np
from numpy.typing import ArrayLike

from crcsim.valuation.arrays import Floats, average_decay, floats


def expected_lifetime(hazard: ArrayLike) -> Floats:
    """Mean years until the first event at a constant hazard: 1 / h, infinite at h = 0."""
    with np.errstate(divide="ignore"):
        return 1.0 / floats(hazard)


def expected_years_active(hazard: ArrayLike, years: ArrayLike) -> Floats:
    """Mean years active within a horizon of `years` at a constant hazard: (1 - e^(-h T)) / h, T at h = 0."""
    horizon = floats(years)
    return horizon * average_decay(floats(hazard) * horizon)


def annuity_multiple(ratio: ArrayLike, periods: ArrayLike) -> Floats:
    """Value of T flows over the first one's base: Σ_{t=1..T} q^t = q (1 - q^T) / (1 - q), T at q = 1.

    The ratio q holds growth, discounting and survival of one period (`discounting.horizon_ratio`). With T =
    inf and q < 1 it is the margin multiple of Gupta and Lehmann (2003), r / (1 + i - r) at q = r / (1 + i).
    """
    q, count = floats(ratio), floats(periods)
    level = q == 1.0
    distinct = np.where(level, 0.5, q)
    return floats(np.where(level, count, distinct * (1.0 - np.power(distinct, count)) / (1.0 - distinct)))
