"""Business index and wallet of a customer (MODEL 3): shocks, growth, regime compensator, wallet created."""

import numpy as np

from crcsim.kernels.accelerate import inline, part, spliced, stage
from crcsim.kernels.arrays import Draws, Floats, Group
from crcsim.kernels.market import count_jumps, sum_jumps
from crcsim.kernels.maths import exp, log
from crcsim.kernels.rng import counter_word, fill_draws
from crcsim.kernels.rows import CUSTOMER, ECONOMY, LINE, LINE_FACT, LINE_STATE, STATE

#: First slot of the wallet jumps: line n of a customer draws number and size of its jumps in slot
#: WALLET_JUMP_SLOT + n.
WALLET_JUMP_SLOT = 1024


@part
def business_shock(beta: Floats, market: Floats, scale: Floats, normal: Floats, shock: Floats) -> None:
    """S_t = beta zeta_t + sigma sqrt(dt) epsilon_t (eq. 3.1); the industries are added one by one."""
    for i in range(shock.shape[0]):
        shock[i] = beta[i] * market[i] + scale[i] * normal[i]


@stage
def add_industry(loading: Floats, industry: Floats, shock: Floats) -> None:
    """S_t += loading_j iota_j,t (eq. 3.1)."""
    for i in range(shock.shape[0]):
        shock[i] += loading[i] * industry[i]


@stage
def regime_log_mean(
    weight_good: Floats, weight_bad: Floats, economy: Floats, good: Floats, bad: Floats, out: Floats
) -> None:
    """ln E[exp(u zeta_t) | regime weights], and the weights after it: one step of the two-state matrix
    product (eq. 3.3).

    weights [lane]: share of E[exp(u sum zeta)] carried by each regime; good, bad [lane] = E[exp(u zeta) |
    regime].
    """
    leave_good, leave_bad = economy[ECONOMY.leave_good], economy[ECONOMY.leave_bad]
    for i in range(out.shape[0]):
        to_good = weight_good[i] * (1.0 - leave_good[i]) + weight_bad[i] * leave_bad[i]
        to_bad = weight_good[i] * leave_good[i] + weight_bad[i] * (1.0 - leave_bad[i])
        to_good *= good[i]
        to_bad *= bad[i]
        total = to_good + to_bad
        weight_good[i] = to_good / total
        weight_bad[i] = to_bad / total
        out[i] = log(total)


@part
def wallet_growth(
    shock: Floats, coupling: Floats, drift: Floats, phase_growth: Floats, growth: Floats
) -> None:
    """W_t / W_{t-1} = exp(chi ln(1+g) dt + chi S_t - compensator + add-on of the phase) (eq. 3.2)."""
    for i in range(shock.shape[0]):
        growth[i] = exp(drift[i] + phase_growth[i] + coupling[i] * shock[i])


@stage
def remove_log_mean(log_mean: Floats, growth: Floats) -> None:
    """Divide by the regimes' conditional mean, so that E[W_t] stays at its stated growth."""
    for i in range(growth.shape[0]):
        growth[i] *= exp(-log_mean[i])


@part
def grow_wallet(growth: Floats, trend: Floats, wallet: Floats) -> None:
    """One period of growth of a line's wallet."""
    for i in range(wallet.shape[0]):
        wallet[i] *= growth[i] * trend[i]


@stage
def grow_by_levers(growth: Floats, wallet: Floats) -> None:
    """Log growth of the period that levers add to a line's wallet."""
    for i in range(wallet.shape[0]):
        wallet[i] *= exp(growth[i])


@stage
def create_wallet(parameters: Floats, line: Floats) -> None:
    """Compound Poisson jumps of a line's wallet, ln(J_t / J_{t-1}) of eq. 3.2; the draws lie in the line's
    normal and uniform.
    """
    count, jump, wallet = line[LINE_STATE.count], line[LINE_STATE.jump], line[LINE_STATE.wallet]
    count_jumps(line[LINE_STATE.uniform], parameters[LINE.jump_mean], count)
    sum_jumps(
        count, line[LINE_STATE.normal], parameters[LINE.jump_log_mean], parameters[LINE.jump_log_sd], jump
    )
    for i in range(wallet.shape[0]):
        wallet[i] *= exp(jump[i])


@inline
def market_cumulant(economy: Floats, scale: float, drift: float, u: float, lane: int) -> float:
    """ln E[exp(u zeta)] per period in a market state with this volatility and drift (eq. 2.2)."""
    mean, log_sd = economy[ECONOMY.jump_log_mean, lane], economy[ECONOMY.jump_log_sd, lane]
    jumps = economy[ECONOMY.jump_mean, lane] * (exp(u * mean + 0.5 * (u * log_sd) * (u * log_sd)) - 1.0)
    return float(u * drift + 0.5 * (u * scale) * (u * scale) + jumps)


@stage
def change_coupling(p: Floats, state: Floats, economy: Floats, regimes: int) -> None:
    """Another coupling chi + change: growth x exp(change (ln(1+g) dt + S) - change of the compensator), so
    that the mean growth of the wallet stays (chi + change) ln(1+g) dt (eq. 3.2, A4).
    """
    for i in range(state.shape[1]):
        before, change = p[CUSTOMER.coupling, i], state[STATE.coupling_effect, i]
        beta, after = p[CUSTOMER.beta, i], before + change
        scale, drift = economy[ECONOMY.shock_scale_good, i], economy[ECONOMY.shock_drift_good, i]
        good = market_cumulant(economy, scale, drift, after * beta, i)
        good -= market_cumulant(economy, scale, drift, before * beta, i)
        scale, drift = economy[ECONOMY.shock_scale_bad, i], economy[ECONOMY.shock_drift_bad, i]
        bad = market_cumulant(economy, scale, drift, after * beta, i)
        bad -= market_cumulant(economy, scale, drift, before * beta, i)
        state[STATE.coupled_good, i] = p[CUSTOMER.wallet_good, i] * exp(good)
        state[STATE.coupled_bad, i] = p[CUSTOMER.wallet_bad, i] * exp(bad)
        own = 0.5 * p[CUSTOMER.own_variance, i] * (after * after - before * before)
        market = good if regimes == 0 else 0.0
        moved = change * (p[CUSTOMER.log_growth, i] + state[STATE.shock, i])
        state[STATE.growth, i] *= exp(moved - own - market)


@spliced
def step_business(customer: Floats, state: Floats, economy: Floats, regimes: int, coupled: bool) -> None:
    """Wallet growth of the period from the business shock: customer [row, lane], state [STATE row, lane].
    coupled: a lever may have changed the coupling.
    """
    growth = state[STATE.growth]
    wallet_growth(
        state[STATE.shock],
        customer[CUSTOMER.coupling],
        customer[CUSTOMER.wallet_drift],
        state[STATE.phase_growth],
        growth,
    )
    means = customer[CUSTOMER.wallet_good], customer[CUSTOMER.wallet_bad]
    if coupled:
        change_coupling(customer, state, economy, regimes)
        means = state[STATE.coupled_good], state[STATE.coupled_bad]
    if regimes == 1:
        good, bad = state[STATE.wallet_weight_good], state[STATE.wallet_weight_bad]
        regime_log_mean(good, bad, economy, means[0], means[1], state[STATE.scratch])
        remove_log_mean(state[STATE.scratch], growth)


@spliced
def step_lines_wallet(g: Group, member: int, d: Draws, low: np.uint64, high: np.uint64, period: int) -> None:
    """Grow the wallet of every line of a customer."""
    first = g.line_start[member]
    growth = g.state[member, STATE.growth]
    for line in range(first, g.line_start[member + 1]):
        state = g.lines[line]
        grow_wallet(growth, g.line_parameters[line, LINE.trend], state[LINE_STATE.wallet])
        if g.changed == 1:
            grow_by_levers(state[LINE_STATE.growth_effect], state[LINE_STATE.wallet])
        if g.line_facts[LINE_FACT.wallet_jumps, line] == 1:
            word = counter_word(period, WALLET_JUMP_SLOT + line - first, d.stream)
            normal, spare, uniform = (
                state[LINE_STATE.normal],
                state[LINE_STATE.spare_normal],
                state[LINE_STATE.uniform],
            )
            fill_draws(d.path, low, high, word, d.k0, d.k1, normal, spare, uniform)
            create_wallet(g.line_parameters[line], state)
