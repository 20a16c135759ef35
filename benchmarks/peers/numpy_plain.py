"""NumPy as an analyst writes it: whole arrays [customer, path], one expression per line of the model."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.peers.coefficients import ENDED, Coefficients, coefficients
from benchmarks.reference_workload import CASES, Floats


def prepare(case: str, paths: int, threads: int) -> Callable[[int], dict[str, Floats]]:
    """The named case as a function of the seed; NumPy runs these expressions on one thread."""
    model = coefficients(CASES[case]())
    return lambda seed: simulate(model, paths, seed)


def simulate(model: Coefficients, paths: int, seed: int) -> dict[str, Floats]:
    """NPV [customer, path] and portfolio cash flow [period, path], EUR."""
    random = np.random.default_rng(seed)
    customers, periods = len(model.wallet), len(model.years)
    shape = (customers, paths)
    customer = np.arange(customers)[:, None]
    drift, market_beta, own_sd = model.drift[:, None], model.market_beta[:, None], model.own_sd[:, None]
    logit_target, logit_sd = model.logit_target[:, None], model.logit_sd[:, None]

    log_rate = model.log_rate_mean + model.log_rate_sd * random.standard_normal(paths)
    wallet = np.repeat(model.wallet[:, None], paths, axis=1)
    logit = np.repeat(model.logit_now[:, None], paths, axis=1)
    state = np.repeat(model.state_now[:, None], paths, axis=1)
    price = np.ones(shape)
    npv = np.zeros(shape)
    cash_flow = np.zeros((periods, paths))
    for period in range(periods):
        market = model.market_sd * random.standard_normal(paths)
        wallet *= np.exp(drift + market_beta * market + own_sd * random.standard_normal(shape))
        logit += model.pull * (logit_target - logit) + logit_sd * random.standard_normal(shape)
        share = 1 / (1 + np.exp(-logit))

        event = random.random(shape)
        churned = event < model.churn_below[customer, state]
        taken_over = ~churned & (event < model.event_below[customer, state])
        leaves = ~churned & ~taken_over & (event < model.leave_below[customer, state])
        state = np.where(churned, ENDED, state + leaves)
        wallet = np.where(taken_over, wallet * model.wallet_multiplier[:, None], wallet)
        price = np.where(taken_over, price * model.price_kept[:, None], price)

        margin = price - model.variable_cost_rate[:, None]
        cash = wallet * share * margin - model.direct_cost[customer, state]
        cash = np.where(state == ENDED, 0.0, cash)
        npv += cash * np.exp(-log_rate * model.years[period])
        cash_flow[period] = cash.sum(axis=0)
    return {"npv": npv, "cash_flow": cash_flow}
