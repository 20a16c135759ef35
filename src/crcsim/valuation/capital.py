"""Cost of capital: CAPM, WACC, betas, and rates that are themselves uncertain.

Two forms, chosen by the user and never mixed: `effective` works on effective annual rates as textbooks and
Schmeisser do; `log` works on ln(1 + rate), in which a state-price deflator agrees with the CAPM
exactly (eq. 2.4). Rates are per year; equity_share is E / V.
"""

import numpy as np
from numpy.typing import ArrayLike

from crcsim.valuation.arrays import Floats, floats


def cost_of_equity(risk_free: ArrayLike, beta: ArrayLike, expected_market_return: ArrayLike) -> Floats:
    """CAPM in effective rates: k_e = r_f + β (E[r_m] - r_f)."""
    r = floats(risk_free)
    return r + floats(beta) * (floats(expected_market_return) - r)


def log_cost_of_equity(risk_free: ArrayLike, beta: ArrayLike, log_premium: ArrayLike) -> Floats:
    """CAPM in logarithms: ln(1 + k_e) = ln(1 + r_f) + β π, with π = ln(1 + E[r_m]) - ln(1 + r_f).

    `risk_free` is the effective rate; the result is ln(1 + k_e).
    """
    return floats(np.log1p(floats(risk_free)) + floats(beta) * floats(log_premium))


def wacc(
    cost_of_equity: ArrayLike, cost_of_debt: ArrayLike, equity_share: ArrayLike, tax_rate: ArrayLike
) -> Floats:
    """Weighted average cost of capital: E/V k_e + (1 - E/V) k_d (1 - tax), all effective."""
    share = floats(equity_share)
    return share * floats(cost_of_equity) + (1.0 - share) * floats(cost_of_debt) * (1.0 - floats(tax_rate))


def log_wacc(
    log_cost_of_equity: ArrayLike, cost_of_debt: ArrayLike, equity_share: ArrayLike, tax_rate: ArrayLike
) -> Floats:
    """WACC in logarithms: E/V ln(1 + k_e) + (1 - E/V) ln(1 + k_d (1 - tax)).

    Takes ln(1 + k_e) and the effective cost of debt; the result is ln(1 + WACC).
    """
    share = floats(equity_share)
    debt = np.log1p(floats(cost_of_debt) * (1.0 - floats(tax_rate)))
    return floats(share * floats(log_cost_of_equity) + (1.0 - share) * debt)


def unlever_beta(beta: ArrayLike, equity_share: ArrayLike, tax_rate: ArrayLike) -> Floats:
    """Beta of the business without debt: β_U = β_L / (1 + (1 - tax) D/E) (Hamada 1972)."""
    return floats(beta) / _leverage(equity_share, tax_rate)


def relever_beta(beta: ArrayLike, equity_share: ArrayLike, tax_rate: ArrayLike) -> Floats:
    """Beta of the equity: β_L = β_U (1 + (1 - tax) D/E) (Hamada 1972)."""
    return floats(beta) * _leverage(equity_share, tax_rate)


def _leverage(equity_share: ArrayLike, tax_rate: ArrayLike) -> Floats:
    share = floats(equity_share)
    return 1.0 + (1.0 - floats(tax_rate)) * (1.0 - share) / share


def log_rate_around(rate: ArrayLike, central_rate: ArrayLike) -> Floats:
    """ln(1 + k) of an uncertain rate, linear around the central one.

    ln(1 + k_c) + (k - k_c) / (1 + k_c): exact at the central rate and for small deviations, and finite for
    every draw, so that 1 + k cannot reach zero and E[(1 + k)^-τ] exists.
    """
    central = floats(central_rate)
    return floats(np.log1p(central) + (floats(rate) - central) / (1.0 + central))


def certainty_equivalent_rate(mean_discount_factor: ArrayLike, time: ArrayLike) -> Floats:
    """The one rate that discounts a certain flow at `time` years as the uncertain rates do on average.

    E[(1 + k)^-τ]^(-1/τ) - 1; below the mean rate, and falling with the horizon. Time must not be 0.
    """
    return floats(np.expm1(-np.log(floats(mean_discount_factor)) / floats(time)))


def expected_discount_factor_log_capm(
    time: ArrayLike,
    beta_mean: ArrayLike,
    beta_sd: ArrayLike,
    premium_mean: ArrayLike,
    premium_sd: ArrayLike,
    intercept: ArrayLike,
    slope: ArrayLike = 1.0,
) -> Floats:
    """Mean discount factor at `time` years when beta and the log market premium are independent normals.

    ln(1 + k) = a + b β π with intercept a (ln(1 + r_f) for equity alone; with debt E/V ln(1 + r_f) plus the
    part of debt) and slope b (1, or E/V). The moment generating function of a product of normals gives, with
    t = -bτ,

        E[(1+k)^-τ] = e^(-aτ) exp{[t μ_β μ_π + t² (μ_β² σ_π² + μ_π² σ_β²) / 2] / d} / √d
        d = 1 - t² σ_β² σ_π²

    Raises ValueError where d <= 0: the mean is infinite there.
    """
    years = floats(time)
    t = -floats(slope) * years
    mean_b, sd_b, mean_p, sd_p = floats(beta_mean), floats(beta_sd), floats(premium_mean), floats(premium_sd)
    d = 1.0 - (t * sd_b * sd_p) ** 2
    if np.any(d <= 0.0):
        raise ValueError("infinite mean discount factor: time x sd of beta x sd of the premium reaches 1")
    exponent = t * mean_b * mean_p + t**2 * ((mean_b * sd_p) ** 2 + (mean_p * sd_b) ** 2) / 2.0
    return floats(np.exp(exponent / d - floats(intercept) * years) / np.sqrt(d))
