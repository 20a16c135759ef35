"""NumPy tuned: chunks of paths that stay in the cache, every result into a buffer, threads over chunks."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers.coefficients import ENDED, Coefficients, coefficients
from benchmarks.reference_workload import CASES, Floats

Indices = NDArray[np.int64]

CHUNK = 500
"""Paths at a time: the fastest of 125 to 4,000 where it was measured."""

STATES = ENDED + 1


def prepare(case: str, paths: int, threads: int) -> Callable[[int], dict[str, Floats]]:
    """The named case as a function of the seed; the answer does not depend on `threads`."""
    model = coefficients(CASES[case]())
    return lambda seed: simulate(model, paths, seed, threads)


def simulate(model: Coefficients, paths: int, seed: int, threads: int = 1) -> dict[str, Floats]:
    """NPV [customer, path] and portfolio cash flow [period, path], EUR."""
    npv = np.zeros((len(model.wallet), paths))
    cash_flow = np.empty((len(model.years), paths))
    chunks = [slice(start, min(start + CHUNK, paths)) for start in range(0, paths, CHUNK)]
    streams = [np.random.SFC64(child) for child in np.random.SeedSequence(seed).spawn(len(chunks))]

    def run(chunk: slice, stream: np.random.SFC64) -> None:
        _simulate_chunk(model, np.random.Generator(stream), npv[:, chunk], cash_flow[:, chunk])

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(run, chunks, streams))
    return {"npv": npv, "cash_flow": cash_flow}


def _simulate_chunk(model: Coefficients, random: np.random.Generator, npv: Floats, cash_flow: Floats) -> None:
    """Fill the columns of one chunk: `npv` [customer, path] starts at zero."""
    customers, paths = npv.shape
    drift, market_beta, own_sd = model.drift[:, None], model.market_beta[:, None], model.own_sd[:, None]
    pulled_target, logit_sd = model.pull * model.logit_target[:, None], model.logit_sd[:, None]

    rate = model.log_rate_mean + model.log_rate_sd * random.standard_normal(paths)
    wallet = np.repeat(model.wallet[:, None], paths, axis=1)
    logit = np.repeat(model.logit_now[:, None], paths, axis=1)
    margin = np.repeat(1 - model.variable_cost_rate[:, None], paths, axis=1)
    # Index of customer and state into the flattened tables [customer, state].
    entry = np.repeat((STATES * np.arange(customers) + model.state_now)[:, None], paths, axis=1)
    normal, work, table = np.empty_like(wallet), np.empty_like(wallet), np.empty_like(wallet)
    happens = np.empty(wallet.shape, dtype=bool)
    for period, years in enumerate(model.years):
        random.standard_normal(out=normal)
        normal *= own_sd
        np.multiply(market_beta, model.market_sd * random.standard_normal(paths), out=work)
        work += drift
        work += normal
        wallet *= np.exp(work, out=work)

        random.standard_normal(out=normal)
        normal *= logit_sd
        logit *= 1 - model.pull
        logit += pulled_target
        logit += normal

        event = random.random(out=normal)
        np.less(event, model.leave_below.take(entry, out=table, mode="clip"), out=happens)
        _apply_events(model, np.flatnonzero(happens), event, wallet, margin, entry)

        np.exp(np.negative(logit, out=work), out=work)
        work += 1
        cash = np.divide(wallet, work, out=work)
        cash *= margin
        cash -= model.direct_cost.take(entry, out=table, mode="clip")
        cash.sum(axis=0, out=cash_flow[period])
        cash *= np.exp(-years * rate)
        npv += cash


def _apply_events(
    model: Coefficients, where: Indices, event: Floats, wallet: Floats, margin: Floats, entry: Indices
) -> None:
    """Change the few cells `where` (flat index) in which something happens; the others are not touched."""
    wallet, margin, entry = wallet.reshape(-1), margin.reshape(-1), entry.reshape(-1)
    customer = where // (len(wallet) // len(model.wallet))
    before, uniform = entry[where], event.reshape(-1)[where]
    churned = uniform < model.churn_below.take(before)
    taken_over = ~churned & (uniform < model.event_below.take(before))
    leaves = ~churned & ~taken_over

    entry[where[leaves]] += 1
    entry[where[churned]] = STATES * customer[churned] + ENDED
    wallet[where[churned]] = 0.0
    kept, customer = where[taken_over], customer[taken_over]
    wallet[kept] *= model.wallet_multiplier[customer]
    price = margin[kept] + model.variable_cost_rate[customer]
    margin[kept] = price * model.price_kept[customer] - model.variable_cost_rate[customer]
