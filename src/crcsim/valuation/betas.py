"""Betas of parts and of the whole: rates of customers that agree with that of the firm (Schmeisser)."""

import numpy as np
from numpy.typing import ArrayLike

from crcsim.valuation.arrays import Floats, floats
from crcsim.valuation.capital import cost_of_equity, relever_beta, wacc

__all__ = ["customer_rate", "value_weighted_beta"]


def customer_rate(
    business_beta: ArrayLike,
    risk_free: ArrayLike,
    expected_market_return: ArrayLike,
    equity_share: ArrayLike = 1.0,
    cost_of_debt: ArrayLike = 0.0,
    tax_rate: ArrayLike = 0.0,
) -> Floats:
    """WACC of a customer: its business beta relevered with the firm's debt, CAPM, then the firm's weights.

    With the firm's own unlevered beta it is the WACC of the firm.
    """
    beta = relever_beta(business_beta, equity_share, tax_rate)
    equity = cost_of_equity(risk_free, beta, expected_market_return)
    return wacc(equity, cost_of_debt, equity_share, tax_rate)


def value_weighted_beta(betas: ArrayLike, values: ArrayLike) -> Floats:
    """Beta of a whole: Σ β_c V_c / Σ V_c; NaN where the values add up to 0.

    To be held against the firm's beta: the difference is what the stated betas leave unexplained.
    """
    weights = floats(values)
    whole = weights.sum()
    if whole == 0.0:
        return floats(np.nan)
    return floats((floats(betas) * weights).sum() / whole)
