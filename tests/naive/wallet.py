"""Business index and wallet (MODEL 3)."""

import numpy as np

from crcsim.kernels.wallet import WALLET_JUMP_SLOT
from tests.naive.market import jump_count, jump_size, log_mean_of_shocks
from tests.naive.tables import by_phase


def business_shock(customer, economy, normal, t):
    """S_t = beta zeta_t + sum of loading_j iota_j,t + own shock (eq. 3.1); t counts from 1."""
    p = customer.parameters
    shock = p["beta"] * economy.shock[t - 1] + p["shock_scale"] * normal
    for industry, loading in customer.loadings:
        shock = shock + loading * economy.industry_shock[industry, t - 1]
    return shock


def regime_compensator(s, e, p, name):
    """ln E[exp(u sum of zeta)] gained in each period, [period, path]: the mean that regimes add."""
    if not s.regimes:
        return np.zeros((s.periods, len(p["beta"])))
    return np.diff(log_mean_of_shocks(e, p[f"{name}_good"], p[f"{name}_bad"], s.periods), axis=0)


def log_growth(customer, t):
    """ln W_t / W_{t-1} without the line's own trend and jumps (eq. 3.2)."""
    p = customer.parameters
    growth = (
        p["wallet_drift"] + by_phase(p, "phase_growth", customer.line_phase) + p["coupling"] * customer.shock
    )
    return growth - customer.wallet_compensator[t - 1]


def step_wallets(customer, generator, t):
    """Grow the wallet of every line; lines with wallet creation jump (eq. 3.4)."""
    growth = log_growth(customer, t)
    for number, line in enumerate(customer.lines):
        p = line.parameters
        line.wallet = line.wallet * np.exp(growth + np.log(p["trend"]))
        if line.jumps:
            normal, _, uniform = generator.at(customer.words, t, WALLET_JUMP_SLOT + number)
            count = jump_count(uniform, p["jump_mean"])
            line.wallet = line.wallet * np.exp(jump_size(count, normal, p["jump_log_mean"], p["jump_log_sd"]))
