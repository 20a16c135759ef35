"""Rates of interest and growth: effective annual rates, their logarithms and their part of a period."""

from numpy import expm1, log1p
from numpy.typing import ArrayLike

from crcsim.valuation.arrays import Floats, floats


def per_period(rate: ArrayLike, step: ArrayLike) -> Floats:
    """Effective rate of one period of `step` years: (1 + i)^Δ - 1."""
    return floats(expm1(log1p(floats(rate)) * floats(step)))


def log_growth(rate: ArrayLike) -> Floats:
    """Continuous rate per year of an effective annual rate: ln(1 + i)."""
    return floats(log1p(floats(rate)))


def nominal_rate(real: ArrayLike, inflation: ArrayLike) -> Floats:
    """Nominal rate by Fisher: (1 + real)(1 + inflation) - 1."""
    return floats(real) + floats(inflation) + floats(real) * floats(inflation)


def risk_free_rate(real: ArrayLike, inflation: ArrayLike, fisher: str = "additive") -> Floats:
    """Risk-free rate per year out of a real rate and expected inflation (Schmeisser; eq. 2.5).

    `additive` adds the two, as the source does; `exact` compounds them (Fisher).
    """
    if fisher == "additive":
        return floats(real) + floats(inflation)
    if fisher == "exact":
        return nominal_rate(real, inflation)
    raise ValueError(f"fisher must be 'additive' or 'exact', not {fisher!r}")
