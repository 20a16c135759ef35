"""The average over orders: by hand for two features, sampled against exact, and its random orders."""

import numpy as np
import pytest

from crcsim.decisions import decompose, shapley
from crcsim.decisions.coalitions import Coalitions

T = np.arange(1, 11)
DISCOUNT = 1.1**-T


def test_two_features_share_their_interplay(quiet):
    scenario = quiet("{customer_defaults: {growth: 5%}, capital: {tax_rate: 30%}}")
    found = decompose(scenario, paths=2, shapley=True).sel(item="total")["part_mean"]
    flat, grown = 100 * DISCOUNT.sum(), (100 * 1.05**T * DISCOUNT).sum()

    assert flat == pytest.approx(float(found.sel(part="today's wallet")))
    assert 0.85 * (grown - flat) == pytest.approx(float(found.sel(part="own growth")))
    assert -0.3 * (flat + grown) / 2 == pytest.approx(float(found.sel(part="tax")))


def test_weights_of_all_orders_add_up_to_one():
    for features in range(1, 7):
        sizes = range(features)
        ways = [shapley.weight(size, features) * shapley.comb(features - 1, size) for size in sizes]

        assert 1.0 == pytest.approx(sum(ways))


def test_orders_come_with_their_reverse_and_from_the_seed():
    pairs = shapley.order_pairs(7, 6, 1)

    assert 3 == len(pairs)
    assert all(sorted(order) == list(range(7)) and order[::-1] == reverse for order, reverse in pairs)
    assert pairs == shapley.order_pairs(7, 6, 1) != shapley.order_pairs(7, 6, 2)


FIVE = """
capital: {tax_rate: 30%}
products: {goods: {premium: 20%, premium_half_life: 3}}
customer_defaults: {growth: 5%, direct_cost: 30, receivable_days: 60, churn: {hazard: 0.1}}
"""


@pytest.mark.jit
def test_sampled_orders_agree_with_all_orders(quiet):
    runs = Coalitions(quiet(FIVE), paths=500, seed=1, threads=1, progress=None)
    exact, none, _ = shapley.exact(runs)
    sampled, by_pair, _ = shapley.sampled(runs, 40)
    gap = np.abs(sampled.mean(axis=2) - exact.mean(axis=2))
    error = by_pair.std(axis=0, ddof=1) / 20**0.5

    assert none is None
    assert 6 == len(runs.features)
    assert np.all(gap <= 4 * error + 1e-9)
    assert np.any(error > 0.01)
    assert sampled.sum(axis=0) == pytest.approx(exact.sum(axis=0), rel=1e-12)


def test_error_holds_the_sampling_of_orders(quiet, monkeypatch):
    monkeypatch.setattr(shapley, "MOST_EXACT", 2)
    certain = "customer_defaults: {churn: {hazard: 0}}"
    found = decompose(quiet(FIVE, certain), paths=2, shapley=True, orders=8)
    errors = found["part_mean_standard_error"].sel(item="total")

    assert "Shapley value, 8 sampled orders" == found.attrs["method"]
    assert not np.any(found["part_value"].values.std(axis=1) > 1e-9)
    assert float(errors.sel(part="price erosion")) > 0.01
    assert 0.0 == float(errors.sel(part="today's wallet"))
