"""Stopping problems whose value is known."""

import numpy as np

from crcsim.decisions.stopping import StoppingPaths, fit_martingale, fit_policy, upper_bounds


def put(spot, strike, rate, volatility, years, dates, paths, seed):
    """An American put that may be exercised at equal steps after today, on antithetic lognormal paths;
    Hermite polynomials of the normal draws as innovations.
    """
    step, half = years / dates, np.random.default_rng(seed).standard_normal((paths // 2, dates))
    z = np.concatenate([half, -half])
    log = np.cumsum((rate - 0.5 * volatility**2) * step + volatility * np.sqrt(step) * z, axis=1)
    price = spot * np.exp(np.concatenate([np.zeros((paths, 1)), log], axis=1))
    worth = np.maximum(strike - price, 0.0) * np.exp(-rate * step * np.arange(dates + 1))
    return exercised(worth, price, z)


def exercised(worth, known, z):
    """Present values of exercise [path, date], of which the last one is taken where none was before."""
    cash = np.zeros(z.shape)
    cash[:, -1] = worth[:, -1]
    allowed = worth[:, :-1] > 0.0
    allowed[:, 0] = False
    hermite = np.stack([z, z**2 - 1.0, z**3 - 3.0 * z, z**4 - 6.0 * z**2 + 3.0], axis=-1)
    return StoppingPaths(known[:, :-1, np.newaxis], cash, worth[:, :-1], allowed, hermite)


def bounds(fitting, fresh, degree, loading_degree, antithetic=False):
    """(mean, standard error) of the policy's value and of the upper bound on fresh paths, and the policy."""
    policy = fit_policy(fitting, degree=degree)
    lower = fresh.stopped(policy.dates(fresh))
    if antithetic:
        lower = lower.reshape(2, -1).mean(axis=0)
    martingale = fit_martingale(fitting, policy, degree=degree, loading_degree=loading_degree)
    upper = upper_bounds(fresh, martingale(fresh))
    return (*(estimate(values) for values in (lower, upper)), policy)


def estimate(values):
    """Mean and standard error."""
    return float(np.mean(values)), float(np.std(values) / np.sqrt(values.size))


def option_to_invest(rate, payout, volatility, years, dates, paths, seed):
    """A call to invest 1 in a project worth V, now 1, at equal steps after today, in units of the project.

    With the project as the unit V grows by rate - payout + volatility^2 a year in the mean, cash is
    discounted at the payout, and investing brings 1 - 1/V: the same value (H. Geman, N. El Karoui and J.-C.
    Rochet 1995), but bounded. Antithetic paths; 1/V is known; Hermite polynomials as innovations.
    """
    step, half = years / dates, np.random.default_rng(seed).standard_normal((paths // 2, dates))
    z = np.concatenate([half, -half])
    drift = (rate - payout + 0.5 * volatility**2) * step
    log = np.cumsum(drift + volatility * np.sqrt(step) * z, axis=1)
    cost = np.exp(-np.concatenate([np.zeros((paths, 1)), log], axis=1))
    worth = np.maximum(1.0 - cost, 0.0) * np.exp(-payout * step * np.arange(dates + 1))
    return exercised(worth, cost, z)
