"""Risks that end a relation: yearly probabilities, hazards, competing causes and the effect of tenure.

A hazard is a rate of events per year. Causes compete: only the first event counts, so the probabilities of
the causes are never added up and never drawn apart from each other.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from crcsim.valuation.arrays import Floats, average_decay, floats


def hazard_from_yearly_probability(probability: ArrayLike) -> Floats:
    """Hazard per year of a cause that alone would end a share p of relations in a year: -ln(1 - p).

    Raises ValueError outside [0, 1): a certain event has no finite hazard.
    """
    p = floats(probability)
    if np.any((p < 0.0) | (p >= 1.0)):
        raise ValueError("a yearly probability must be at least 0 and below 1 to have a hazard")
    return floats(-np.log1p(-p))


def hazards_observed_together(probabilities: Sequence[ArrayLike]) -> list[Floats]:
    """Hazards per year of causes whose yearly probabilities were counted beside each other.

    h_k = -ln(1 - Σp) p_k / Σp, so that incidence over one year gives the p_k back (eq. 1.3). One array per
    cause, all broadcast. Raises ValueError where a probability is negative or their sum is 1 or more.
    """
    causes = [floats(p) for p in probabilities]
    total = floats(sum(causes, start=np.float64(0.0)))
    if any(np.any(p < 0.0) for p in causes) or np.any(total >= 1.0):
        raise ValueError(
            "yearly probabilities observed together must be at least 0 and add up to less than 1"
        )
    none = total == 0.0
    hazard_per_probability = np.where(none, 1.0, -np.log1p(-total) / np.where(none, 1.0, total))
    return [floats(p * hazard_per_probability) for p in causes]


def event_probability(hazard: ArrayLike, step: ArrayLike) -> Floats:
    """Probability of an event within `step` years: 1 - e^(-h Δ) (eq. 4.1)."""
    return floats(-np.expm1(-floats(hazard) * floats(step)))


def incidence(hazards: ArrayLike, time: ArrayLike) -> Floats:
    """Probability that each cause is the first event within `time` years (cumulative incidence).

    h_k / h (1 - e^(-h τ)) with h = Σ h_k, constant hazards. `hazards` is [cause, ...]; the result has the
    causes in front too. Never 1 - e^(-h_k τ), which ignores that another cause may come first.
    """
    by_cause = floats(hazards)
    years = floats(time)
    return floats(by_cause * years * average_decay(by_cause.sum(axis=0) * years))


def weibull_period_hazard(
    base: ArrayLike, shape: ArrayLike, reference: ArrayLike, age: ArrayLike, step: ArrayLike
) -> Floats:
    """Hazard integrated over the period from `age` to `age + step` years of tenure (no unit).

    The hazard is base (age / reference)^(shape - 1) per year: `base` holds at tenure `reference`, a shape
    below 1 lets it fall with tenure. Integrated: base reference^(1-k) [(age+Δ)^k - age^k] / k, finite at
    tenure 0 (eq. 4.4).
    """
    k, start = floats(shape), floats(age)
    grown = np.power(start + floats(step), k) - np.power(start, k)
    return floats(floats(base) * np.power(floats(reference), 1.0 - k) * grown / k)
