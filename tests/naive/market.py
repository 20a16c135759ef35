"""Economy on all paths (MODEL 2): market, industries, state-price deflator and index of fixed amounts."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import poisson

from crcsim.kernels.market import MOST_JUMPS
from crcsim.kernels.rows import BEGIN, ECONOMY_ROWS, ECONOMY_TABLE, INDUSTRY_ROWS, INDUSTRY_TABLE
from tests.naive.tables import table


@dataclass
class Economy:
    """Series [period, path] of the market and [industry, period, path] of the industries."""

    parameters: dict
    normal: np.ndarray  # Gaussian draw of the market: the factor of clustered losses
    shock: np.ndarray  # zeta
    log_index: np.ndarray  # sum of the log market returns, under `begin` to the start of the period
    deflator: np.ndarray  # D at the date of the flow
    price_index: np.ndarray  # of fixed amounts
    industry_normal: np.ndarray
    industry_shock: np.ndarray


def jump_count(uniform, mean):
    """Poisson count by inversion, at most MOST_JUMPS: the least n with u <= P(N <= n)."""
    return np.minimum(poisson.ppf(uniform, mean), MOST_JUMPS)


def jump_size(count, normal, log_mean, log_sd):
    """Sum of `count` independent normal log sizes."""
    return count * log_mean + np.sqrt(count) * log_sd * normal


def regimes(uniforms, e):
    """True where the market is in its bad state, [period, path]: stationary start, then a two-state chain."""
    bad = [uniforms[0] >= e["start_good"]]
    for uniform in uniforms[1:]:
        leaves = np.where(bad[-1], uniform < e["leave_bad"], uniform < e["leave_good"])
        bad.append(bad[-1] ^ leaves)
    return np.array(bad)


def log_mean_of_shocks(e, good, bad, periods):
    """ln E[exp(u sum of zeta)] after 0..periods periods, [period + 1, path] (eq. 3.3).

    By the product of two-state matrices; good, bad [path] = E[exp(u zeta) | regime].
    """
    in_good, in_bad = e["start_good"], 1.0 - e["start_good"]
    logs = [np.zeros_like(good)]
    for _ in range(periods):
        in_good, in_bad = (
            good * (in_good * (1.0 - e["leave_good"]) + in_bad * e["leave_bad"]),
            bad * (in_good * e["leave_good"] + in_bad * (1.0 - e["leave_bad"])),
        )
        logs.append(np.log(in_good + in_bad))
    return np.array(logs)


def in_regime(e, name, bad):
    """The parameter of the regime that holds, [period, path]."""
    return np.where(bad, e[f"{name}_bad"], e[f"{name}_good"])


def market_shocks(s, e, generator):
    """Gaussian draw, shock zeta (eq. 2.1) and regime of all periods, each [period, path]."""
    periods = range(1, s.periods + 1)
    draws = np.array([generator.at(s.economy_words, t, 0) for t in periods])
    normals, uniforms = draws[:, 0], draws[:, 2]
    bad = regimes(uniforms, e) if s.regimes else np.zeros(normals.shape, dtype=bool)
    shocks = in_regime(e, "shock_drift", bad) + in_regime(e, "shock_scale", bad) * normals
    if s.market_jumps:
        for t in periods:
            normal, _, uniform = generator.at(s.economy_words, t, 1)
            count = jump_count(uniform, e["jump_mean"])
            shocks[t - 1] += jump_size(count, normal, e["jump_log_mean"], e["jump_log_sd"])
    return normals, shocks, bad


def deflators(s, e, shocks, bad):
    """D at the date of each flow (eq. 2.6): under `begin` that of the last period's end, 1 for the first."""
    steps = in_regime(e, "deflator_drift", bad) - in_regime(e, "risk_price", bad) * shocks
    return np.exp(at_the_flow(s, np.cumsum(steps, axis=0))) * e["deflator_first"]


def at_the_flow(s, logs):
    """Sums to the end of each period [period, path]; under `begin` to its start."""
    if s.timing == BEGIN:
        return np.concatenate([np.zeros_like(logs[:1]), logs[:-1]])
    return logs


def start_economy(s, tables, generator, paths):
    """The economy of the tables of a chunk."""
    (e,) = table(tables, ECONOMY_TABLE, ECONOMY_ROWS, paths)
    return simulate_economy(s, e, table(tables, INDUSTRY_TABLE, INDUSTRY_ROWS, paths), generator)


def simulate_economy(s, e, industries, generator):
    """All series of the economy; e: parameters of the economy, industries: those of each industry."""
    normals, shocks, bad = market_shocks(s, e, generator)
    times = np.arange(s.periods)[:, np.newaxis]
    own = [[generator.at(words, t, 0)[0] for t in range(1, s.periods + 1)] for words in s.industry_words]
    own, paths = np.array(own).reshape(len(industries), *normals.shape), normals.shape[1]
    scales = [industry["shock_scale"] for industry in industries]
    return Economy(
        parameters=e,
        normal=normals,
        shock=shocks,
        log_index=at_the_flow(s, e["index_start"] + np.cumsum(shocks + e["index_drift"], axis=0)),
        deflator=deflators(s, e, shocks, bad),
        price_index=e["inflation_first"] * e["inflation_step"] ** times,
        industry_normal=own,
        industry_shock=own * np.array(scales).reshape(len(industries), 1, paths),
    )
