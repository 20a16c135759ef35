"""Draws, economy and growth: every stage of the kernel alone against the twin's, on random lanes."""

import numpy as np
import pytest

from crcsim.kernels import lanes as tables
from crcsim.kernels import market, share, wallet
from crcsim.kernels.rng import counter_word, entity_words, fill_draws, seed_key
from crcsim.kernels.rows import CUSTOMER, ECONOMY, FACT, LINE_STATE, LOADING, LOADING_TABLE
from tests.engine.lanes import members, plain, same
from tests.engine.runs import PATHS
from tests.naive import market as naive_market
from tests.naive import wallet as naive_wallet
from tests.naive.rng import Generator, philox
from tests.naive.share import step_shares


def words(lanes, customer):
    """Both halves of the address of a customer's draws."""
    return customer.words[0], customer.words[1]


def test_draws():
    key, address = seed_key(0x0123456789ABCDEF), entity_words("customer:Nordwerk")
    first, second, uniform = np.empty((3, PATHS))
    low, high = (np.uint64(word) for word in address)
    fill_draws(np.uint64(2048), low, high, counter_word(7, 16, 2), *key, first, second, uniform)
    expected = Generator(key, PATHS, stream=2, first_path=2048).at(address, 7, 16)

    assert same(expected[0], first)
    assert same(expected[1], second)
    assert np.array_equal(expected[2], uniform)


def test_the_twins_philox_gives_the_published_words():
    """Random123, kat_vectors, philox4x32 10: digits of pi as counter and key."""
    counter = (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344)

    assert (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1) == philox(counter, (0xA4093822, 0x299F31D0))


def test_jumps(r):
    uniform, mean = r.random(PATHS), r.uniform(0.0, 3.0, PATHS)
    normal, log_mean, log_sd = r.normal(size=PATHS), r.normal(size=PATHS), r.random(PATHS)
    count, size = np.empty(PATHS), np.empty(PATHS)
    market.count_jumps(uniform, mean, count)
    market.sum_jumps(count, normal, log_mean, log_sd, size)

    assert np.array_equal(naive_market.jump_count(uniform, mean), count)
    assert same(naive_market.jump_size(count, normal, log_mean, log_sd), size)


def test_market(groups):
    lanes, economy = groups[0], groups[0].twin.economy
    series, scratch = np.zeros((5, lanes.s.periods, PATHS)), np.zeros((9, PATHS))
    market.simulate_market(lanes.s, lanes.economy, lanes.draws, series, scratch)
    expected = economy.normal, economy.shock, economy.log_index, economy.deflator, economy.price_index

    assert [True] * 5 == [same(*pair) for pair in zip(expected, series, strict=True)]


def test_industries(groups):
    lanes, economy = groups[0], groups[0].twin.economy
    draws, shocks = np.zeros((2, lanes.s.industry_count, lanes.s.periods, PATHS))
    market.simulate_industries(lanes.s, lanes.parameters, 0, lanes.draws, draws, shocks, np.zeros((3, PATHS)))

    assert same(economy.industry_normal, draws)
    assert same(economy.industry_shock, shocks)


def test_business_shock(groups, r):
    for lanes, member, customer in members(groups):
        economy, p, t = lanes.twin.economy, lanes.g.parameters[member], lanes.t
        normal, loading, shock = r.normal(size=PATHS), np.empty(PATHS), np.empty(PATHS)
        wallet.business_shock(p[CUSTOMER.beta], economy.shock[t - 1], p[CUSTOMER.shock_scale], normal, shock)
        facts = lanes.s.customers[:, customer.place]
        for k in range(facts[FACT.loading_start], facts[FACT.loading_end]):
            tables.read_row(lanes.parameters, LOADING_TABLE, LOADING.loading, k, 0, loading)
            industry = lanes.s.loading_industry[k]
            wallet.add_industry(loading, economy.industry_shock[industry, t - 1], shock)

        assert same(naive_wallet.business_shock(customer, economy, normal, t), shock)


@pytest.mark.parametrize(("power", "start"), [("wallet", "wallet_good"), ("success", "success_good")])
def test_compensator_of_regimes(groups, power, start):
    for lanes, member, customer in members(groups):
        p, steps = lanes.g.parameters[member], []
        good, bad = p[getattr(CUSTOMER, start)], p[getattr(CUSTOMER, start) + 1]
        weights = lanes.economy[ECONOMY.start_good].copy(), 1.0 - lanes.economy[ECONOMY.start_good]
        for _ in range(lanes.s.periods if lanes.s.regimes else 0):
            log_mean = np.empty(PATHS)
            wallet.regime_log_mean(*weights, lanes.economy, good, bad, log_mean)
            steps.append(log_mean)

        expected = getattr(customer, f"{power}_compensator")
        assert same(expected, np.array(steps).reshape(-1, PATHS) if steps else np.zeros_like(expected))


def test_wallets(groups, r):
    for lanes, member, customer in members(groups):
        customer.shock = r.normal(0.0, 0.2, PATHS)
        lanes.state(member, "shock")[:] = customer.shock
        p, state = lanes.g.parameters[member], lanes.g.state[member]
        plain(wallet.step_business)(p, state, lanes.economy, 0, False)
        lanes.state(member, "growth")[:] *= np.exp(-customer.wallet_compensator[lanes.t - 1])
        plain(wallet.step_lines_wallet)(lanes.g, member, lanes.draws, *words(lanes, customer), lanes.t)
        naive_wallet.step_wallets(customer, lanes.twin.reader, lanes.twin.generator, lanes.t)

    for row, _, line in (entry for lanes in groups for entry in lanes.lines()):
        assert same(line.wallet, row[LINE_STATE.wallet])


def test_shares(groups, r):
    for lanes, member, customer in members(groups):
        normal = r.normal(size=PATHS)
        lanes.state(member, "share_normal")[:] = normal
        plain(share.step_lines_share)(lanes.g, member, lanes.draws, *words(lanes, customer), lanes.t)
        step_shares(customer, normal, lanes.twin.generator, lanes.t)

    for row, _, line in (entry for lanes in groups for entry in lanes.lines()):
        assert same(line.share, row[LINE_STATE.share])
