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


class Compensated:
    """Log mean of the response of a wallet to the shocks, at a coupling that may change (eq. 3.2, 3.3)."""

    def __init__(self, s, e, own_variance):
        self.s, self.e, self.own_variance = s, e, own_variance
        self.weights = e["start_good"], 1.0 - e["start_good"]

    def step(self, coupling, beta):
        """ln E[exp(chi S)] of the next period, given what the regimes have carried so far."""
        own = coupling**2 * self.own_variance / 2.0
        if not self.s.regimes:
            return own + self.market(coupling * beta, "good")
        e, (in_good, in_bad) = self.e, self.weights
        good, bad = (np.exp(self.market(coupling * beta, regime)) for regime in ("good", "bad"))
        self.weights = (
            good * (in_good * (1.0 - e["leave_good"]) + in_bad * e["leave_bad"]),
            bad * (in_good * e["leave_good"] + in_bad * (1.0 - e["leave_bad"])),
        )
        return own + np.log(sum(self.weights)) - np.log(in_good + in_bad)

    def market(self, u, regime):
        """ln E[exp(u zeta)] of a period in one state of the market, its jumps included."""
        e, jump = self.e, u * self.e["jump_log_mean"] + (u * self.e["jump_log_sd"]) ** 2 / 2.0
        normal = u * e[f"shock_drift_{regime}"] + (u * e[f"shock_scale_{regime}"]) ** 2 / 2.0
        return normal + e["jump_mean"] * (np.exp(jump) - 1.0)


def log_growth(customer, t):
    """ln W_t / W_{t-1} without the line's own trend and jumps, at the coupling of the period (eq. 3.2)."""
    p = customer.parameters
    coupling = p["coupling"] + customer.shifts["coupling"]
    mean = customer.growth.step(coupling, p["beta"])
    growth = coupling * (p["log_growth"] + customer.shock) - mean
    return growth + by_phase(p, "phase_growth", customer.line_phase)


def step_wallets(customer, reader, generator, t):
    """Grow the wallet of every line; lines with wallet creation jump, their own and that of levers (eq.
    3.4).
    """
    growth = log_growth(customer, t)
    for number, line in enumerate(customer.lines):
        p = line.parameters
        line.wallet = line.wallet * np.exp(growth + np.log(p["trend"]) + line.shifts["growth"])
        if line.jumps:
            normal, _, uniform = generator.at(customer.words, t, WALLET_JUMP_SLOT + number)
            count = jump_count(uniform, p["jump_mean"])
            line.wallet = line.wallet * np.exp(jump_size(count, normal, p["jump_log_mean"], p["jump_log_sd"]))
        for address, effect, rate in line.creations:
            normal, _, uniform = generator.at(address, t, 0)
            count = jump_count(uniform, np.maximum(0.0, rate))
            size = jump_size(count, normal, np.log(reader.of(effect.median)), reader.of(effect.log_sd))
            line.wallet = line.wallet * np.exp(size)
