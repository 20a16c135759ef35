"""JAX on the CPU: one jitted function per chunk of paths, a scan over periods, float64."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from benchmarks.peers.coefficients import ENDED, Coefficients, coefficients
from benchmarks.reference_workload import CASES, Floats

jax.config.update("jax_enable_x64", True)  # type: ignore[no-untyped-call]

CHUNK = 1000
"""Paths at a time. A thread per core, each with its own chunks, was faster than XLA's threads inside one."""


def prepare(case: str, paths: int, threads: int) -> Callable[[int], dict[str, Floats]]:
    """The named case as a function of the seed; the answer does not depend on `threads`."""
    model: Coefficients = jax.tree.map(jnp.asarray, coefficients(CASES[case]()))
    return lambda seed: simulate(model, paths, seed, threads)


def simulate(model: Coefficients, paths: int, seed: int, threads: int = 1) -> dict[str, Floats]:
    """NPV [customer, path] and portfolio cash flow [period, path], EUR."""
    npv = np.empty((len(model.wallet), paths))
    cash_flow = np.empty((len(model.years), paths))
    size = min(CHUNK, paths)
    starts = range(0, paths, size)

    def run(start: int, key: jax.Array) -> None:
        here = slice(start, min(start + size, paths))
        chunk_npv, chunk_cash_flow = _simulate_chunk(model, key, size)
        npv[:, here] = chunk_npv[:, : here.stop - start]
        cash_flow[:, here] = chunk_cash_flow[:, : here.stop - start]

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(run, starts, jax.random.split(jax.random.key(seed), len(starts))))
    return {"npv": npv, "cash_flow": cash_flow}


@partial(jax.jit, static_argnames="paths")
def _simulate_chunk(model: Coefficients, key: jax.Array, paths: int) -> tuple[jax.Array, jax.Array]:
    """NPV [customer, path] and portfolio cash flow [period, path] of one chunk."""
    shape, periods = (len(model.wallet), paths), len(model.years)
    rate_key, market_key, period_key = jax.random.split(key, 3)
    log_rate = model.log_rate_mean + model.log_rate_sd * jax.random.normal(rate_key, (paths,))
    discount = jnp.exp(-model.years[:, None] * log_rate)
    market = model.market_sd * jax.random.normal(market_key, (periods, paths))
    start = _State(
        wallet=_spread(model.wallet, shape),
        logit=_spread(model.logit_now, shape),
        phase=_spread(model.state_now, shape),
        price=jnp.ones(shape),
        npv=jnp.zeros(shape),
    )
    inputs = (jax.random.split(period_key, periods), market, discount)
    end, cash_flow = jax.lax.scan(partial(_step, model), start, inputs)
    return end.npv, cash_flow


class _State(NamedTuple):
    """What is carried from period to period, each [customer, path]."""

    wallet: jax.Array
    logit: jax.Array
    phase: jax.Array
    price: jax.Array
    npv: jax.Array


def _step(
    model: Coefficients, before: _State, inputs: tuple[jax.Array, jax.Array, jax.Array]
) -> tuple[_State, jax.Array]:
    """One period of all customers of the chunk: the next state and the cash flow of the portfolio [path]."""
    key, market, discount = inputs
    shape = before.wallet.shape
    own_key, share_key, event_key = jax.random.split(key, 3)

    own = model.own_sd[:, None] * jax.random.normal(own_key, shape)
    wallet = before.wallet * jnp.exp(model.drift[:, None] + model.market_beta[:, None] * market + own)
    noise = model.logit_sd[:, None] * jax.random.normal(share_key, shape)
    logit = before.logit + model.pull * (model.logit_target[:, None] - before.logit) + noise
    share = 1 / (1 + jnp.exp(-logit))

    event = jax.random.uniform(event_key, shape)
    churned = event < _by_phase(model.churn_below, before.phase)
    taken_over = ~churned & (event < _by_phase(model.event_below, before.phase))
    leaves = ~churned & ~taken_over & (event < _by_phase(model.leave_below, before.phase))
    phase = jnp.where(churned, ENDED, before.phase + leaves)
    wallet = jnp.where(taken_over, wallet * model.wallet_multiplier[:, None], wallet)
    price = jnp.where(taken_over, before.price * model.price_kept[:, None], before.price)

    margin = price - model.variable_cost_rate[:, None]
    cash = wallet * share * margin - _by_phase(model.direct_cost, phase)
    cash = jnp.where(phase == ENDED, 0.0, cash)
    return _State(wallet, logit, phase, price, before.npv + cash * discount), cash.sum(axis=0)


def _by_phase(table: Floats, phase: jax.Array) -> jax.Array:
    """Entries of a table [customer, state], by a chain of selections: faster here than a gather."""
    value = jnp.zeros(phase.shape)
    for state in range(ENDED):
        value = jnp.where(phase == state, table[:, state, None], value)
    return value


def _spread(column: ArrayLike, shape: tuple[int, int]) -> jax.Array:
    return jnp.broadcast_to(jnp.asarray(column)[:, None], shape)
