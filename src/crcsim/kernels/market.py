"""Economy of a block: market shock, industries, deflator and price index for all periods (MODEL 2).

Draws of the economy: slot 0 gives the Gaussian market draw and the uniform of the regime; slot 1 the number
and size of market jumps.
"""

import math

from crcsim.kernels.accelerate import stage
from crcsim.kernels.arrays import Draws, Floats, Parameters, Structure
from crcsim.kernels.lanes import copy, read_row
from crcsim.kernels.maths import exp
from crcsim.kernels.rng import counter_word, fill_draws
from crcsim.kernels.rows import BEGIN, ECONOMY, INDUSTRY, INDUSTRY_TABLE

#: More jumps than this in one period are counted as this many; far beyond any rate that a scenario may state.
MOST_JUMPS = 1000


@stage
def count_jumps(uniform: Floats, mean: Floats, count: Floats) -> None:
    """Poisson count by inversion, one uniform per lane: P(N = n) = exp(-m) m^n / n!."""
    for i in range(uniform.shape[0]):
        probability = exp(-mean[i])
        cumulative = probability
        jumps = 0.0
        while uniform[i] >= cumulative and jumps < MOST_JUMPS:
            jumps += 1.0
            probability *= mean[i] / jumps
            cumulative += probability
        count[i] = jumps


@stage
def sum_jumps(count: Floats, normal: Floats, log_mean: Floats, log_sd: Floats, size: Floats) -> None:
    """Sum of `count` normal log jumps: count x mean + sqrt(count) x sd x Z."""
    for i in range(count.shape[0]):
        size[i] = count[i] * log_mean[i] + math.sqrt(count[i]) * log_sd[i] * normal[i]


@stage
def step_regime(
    first: bool, uniform: Floats, leave_good: Floats, leave_bad: Floats, start: Floats, bad: Floats
) -> None:
    """Two-state chain, stationary start; `bad` is 1.0 in the bad regime."""
    for i in range(uniform.shape[0]):
        stay_bad = 0.0 if uniform[i] < leave_bad[i] else 1.0
        go_bad = 1.0 if uniform[i] < leave_good[i] else 0.0
        moved = stay_bad if bad[i] > 0.5 else go_bad
        begin = 0.0 if uniform[i] < start[i] else 1.0
        bad[i] = begin if first else moved


@stage
def market_shock(normal: Floats, bad: Floats, rows: Floats, shock: Floats) -> None:
    """zeta_t = drift(regime) + sd(regime) Z_t, before jumps (eq. 2.1)."""
    for i in range(normal.shape[0]):
        good = rows[ECONOMY.shock_drift_good, i] + rows[ECONOMY.shock_scale_good, i] * normal[i]
        worse = rows[ECONOMY.shock_drift_bad, i] + rows[ECONOMY.shock_scale_bad, i] * normal[i]
        shock[i] = worse if bad[i] > 0.5 else good


@stage
def log_deflator_step(shock: Floats, bad: Floats, rows: Floats, total: Floats) -> None:
    """ln D_t = ln D_{t-1} + drift(regime) - a(regime) zeta_t (eq. 2.6)."""
    for i in range(shock.shape[0]):
        good = rows[ECONOMY.deflator_drift_good, i] - rows[ECONOMY.risk_price_good, i] * shock[i]
        worse = rows[ECONOMY.deflator_drift_bad, i] - rows[ECONOMY.risk_price_bad, i] * shock[i]
        total[i] += worse if bad[i] > 0.5 else good


@stage
def exponentials(logs: Floats, out: Floats) -> None:
    """out = exp(logs), lane by lane."""
    for i in range(logs.shape[0]):
        out[i] = exp(logs[i])


@stage
def simulate_market(s: Structure, rows: Floats, d: Draws, m: Floats, scratch: Floats) -> None:
    """Fill m[MARKET..] for all periods: normal, shock, log index and deflator at the dates of the flows.

    rows [economy row, lane]; m [5, period, lane] = Gaussian draw, shock zeta, log market index, deflator at
    the flow, price index at the flow.
    """
    low, high = s.words[0, 0], s.words[0, 1]
    z2, uniform, bad, count, jump = scratch[0], scratch[1], scratch[2], scratch[3], scratch[4]
    log_index, log_deflator, index, mean = scratch[5], scratch[6], scratch[7], scratch[8]
    lanes = rows.shape[1]
    for i in range(lanes):
        bad[i] = 0.0
        log_index[i] = rows[ECONOMY.index_start, i]
        log_deflator[i] = 0.0
        index[i] = rows[ECONOMY.inflation_first, i]
    for t in range(s.periods):
        normal, shock = m[0, t], m[1, t]
        fill_draws(d.path, low, high, counter_word(t + 1, 0, d.stream), d.k0, d.k1, normal, z2, uniform)
        if s.regimes == 1:
            step_regime(
                t == 0,
                uniform,
                rows[ECONOMY.leave_good],
                rows[ECONOMY.leave_bad],
                rows[ECONOMY.start_good],
                bad,
            )
        market_shock(normal, bad, rows, shock)
        if s.market_jumps == 1:
            fill_draws(d.path, low, high, counter_word(t + 1, 1, d.stream), d.k0, d.k1, z2, mean, uniform)
            count_jumps(uniform, rows[ECONOMY.jump_mean], count)
            sum_jumps(count, z2, rows[ECONOMY.jump_log_mean], rows[ECONOMY.jump_log_sd], jump)
            for i in range(lanes):
                shock[i] += jump[i]
        if s.timing == BEGIN:  # state price and market index of the period's first day
            exponentials(log_deflator, m[3, t])
            copy(log_index, m[2, t])
        log_deflator_step(shock, bad, rows, log_deflator)
        if s.timing != BEGIN:
            exponentials(log_deflator, m[3, t])
        for i in range(lanes):
            m[3, t, i] *= rows[ECONOMY.deflator_first, i]
            log_index[i] += shock[i] + rows[ECONOMY.index_drift, i]
            m[4, t, i] = index[i]
            index[i] *= rows[ECONOMY.inflation_step, i]
        if s.timing != BEGIN:
            copy(log_index, m[2, t])


@stage
def simulate_industries(
    s: Structure, p: Parameters, lo: int, d: Draws, draws: Floats, shocks: Floats, scratch: Floats
) -> None:
    """Own Gaussian draw and shock of every industry and period: iota = sd Z (eq. 2.3); draws and shocks
    [industry, period, lane].
    """
    scale, z2, uniform = scratch[0], scratch[1], scratch[2]
    for j in range(shocks.shape[0]):
        read_row(p, INDUSTRY_TABLE, INDUSTRY.shock_scale, j, lo, scale)
        for t in range(s.periods):
            word = counter_word(t + 1, 0, d.stream)
            low, high = s.words[1 + j, 0], s.words[1 + j, 1]
            fill_draws(d.path, low, high, word, d.k0, d.k1, draws[j, t], z2, uniform)
            for i in range(scale.shape[0]):
                shocks[j, t, i] = scale[i] * draws[j, t, i]
