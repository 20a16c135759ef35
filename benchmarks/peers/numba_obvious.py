"""Numba, the obvious way: a parallel loop over paths, scalar code inside, `np.random` for the draws."""
# ruff: noqa: NPY002 (the generator that a parallel Numba loop offers)

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numba import njit, prange, set_num_threads

from benchmarks.peers.coefficients import Coefficients, coefficients
from benchmarks.reference_workload import CASES, Floats


def prepare(case: str, paths: int, threads: int) -> Callable[[int], dict[str, Floats]]:
    """The named case as a function of the seed; every path has its own seed, so threads change nothing."""
    model = coefficients(CASES[case]())

    def run(seed: int) -> dict[str, Floats]:
        set_num_threads(threads)
        npv, cash_flow = simulate(model, paths, seed)
        return {"npv": npv.T, "cash_flow": cash_flow.T}

    return run


@njit(parallel=True, cache=True)
def simulate(model: Coefficients, paths: int, seed: int) -> tuple[Floats, Floats]:
    """NPV [path, customer] and portfolio cash flow [path, period], EUR."""
    customers, periods = len(model.wallet), len(model.years)
    npv = np.zeros((paths, customers))
    cash_flow = np.zeros((paths, periods))
    for path in prange(paths):
        np.random.seed(seed * paths + path)
        log_rate = model.log_rate_mean + model.log_rate_sd * np.random.normal()
        discount = np.exp(-log_rate * model.years)
        market = model.market_sd * np.random.normal(0.0, 1.0, periods)
        for customer in range(customers):
            wallet, logit = model.wallet[customer], model.logit_now[customer]
            state, price = model.state_now[customer], 1.0
            for period in range(periods):
                wallet *= math.exp(
                    model.drift[customer]
                    + model.market_beta[customer] * market[period]
                    + model.own_sd[customer] * np.random.normal()
                )
                logit += model.pull * (model.logit_target[customer] - logit)
                logit += model.logit_sd[customer] * np.random.normal()
                share = 1 / (1 + math.exp(-logit))

                event = np.random.random()
                if event < model.churn_below[customer, state]:
                    break
                if event < model.event_below[customer, state]:
                    wallet *= model.wallet_multiplier[customer]
                    price *= model.price_kept[customer]
                elif event < model.leave_below[customer, state]:
                    state += 1

                margin = price - model.variable_cost_rate[customer]
                cash = wallet * share * margin - model.direct_cost[customer, state]
                npv[path, customer] += cash * discount[period]
                cash_flow[path, period] += cash
    return npv, cash_flow
