"""Draws of parameters: named by their place, the same in any chunk, shared where the scenario shares them."""

import numpy as np
import pytest
from scipy.special import ndtr

from crcsim.compile.values import Sampler
from crcsim.errors import NumericError

TWO = """
customer_defaults:
  growth: {normal: {mean: 2%, sd: 1%}}
  volatility: {uniform: {low: 10%, high: 20%}, each: true}
customers:
  A: {beta: {normal: {mean: 1, sd: 0.2}}}
  B: {lines: {goods: {wallet: 100, share: 100%}}}
"""


def test_a_quantity_has_the_same_values_in_every_chunk(scenario):
    sampler = Sampler(scenario(TWO), seed=5)
    beta = sampler.draw(0, 64)._drawn["customers.A.beta"]

    assert np.array_equal(beta[32:], sampler.draw(32, 32)._drawn["customers.A.beta"])


def test_a_shared_quantity_is_one_draw_and_each_is_one_per_customer(scenario):
    loaded = scenario(TWO)
    values = Sampler(loaded, seed=5).draw(0, 16)
    first, second = loaded.customers

    assert np.array_equal(values.of(first.growth), values.of(second.growth))
    assert not np.array_equal(values.of(first.volatility), values.of(second.volatility))


def test_another_customer_changes_no_draw(scenario):
    alone = Sampler(scenario(TWO), seed=5).draw(0, 16)
    together = Sampler(scenario(TWO, "customers: {Z: {lines: {goods: {wallet: 1, share: 50%}}}}"), seed=5)

    for place, drawn in alone._drawn.items():
        assert np.array_equal(drawn, together.draw(0, 16)._drawn[place])


def test_fixed_members_stand_beside_drawn_ones(scenario):
    loaded = scenario(TWO)
    matrix = Sampler(loaded, seed=5).draw(0, 16).matrix([customer.beta for customer in loaded.customers])

    assert (2, 16) == matrix.shape
    assert np.all(matrix[1] == 0.0)
    assert np.ptp(matrix[0]) > 0.0


def test_correlated_places_have_the_stated_rank_correlation(scenario):
    loaded = scenario(
        TWO, "correlations: [{rank: 0.6, between: [customer_defaults.growth, customers.A.beta]}]"
    )
    drawn = Sampler(loaded, seed=5).draw(0, 40_000)._drawn
    ranks = [
        np.argsort(np.argsort(drawn[place])) for place in ("customer_defaults.growth", "customers.A.beta")
    ]

    # standard error of a rank correlation at 40,000 pairs is below 0.005; false alarms 6e-5
    assert abs(np.corrcoef(ranks)[0, 1] - 0.6) < 4 * 0.005


def test_a_correlation_does_not_move_the_shared_place(scenario):
    link = "correlations: [{rank: 0.6, between: [customers.A.beta, customer_defaults.growth]}]"
    plain, linked = Sampler(scenario(TWO), 5).draw(0, 16), Sampler(scenario(TWO, link), 5).draw(0, 16)

    assert np.array_equal(plain._drawn["customer_defaults.growth"], linked._drawn["customer_defaults.growth"])


def test_uniforms_fill_their_range(scenario):
    volatility = Sampler(scenario(TWO), 5).draw(0, 2000)._drawn["customers.A.volatility"]

    assert 0.10 < volatility.min() < 0.101
    assert 0.199 < volatility.max() < 0.20
    assert ndtr(0.0) == 0.5


def test_a_draw_outside_its_range_names_the_place(scenario):
    stated = "customers: {A: {beta: 1, growth: {normal: {mean: 5%, sd: 5%}}, volatility: 0%}}"
    sampler = Sampler(scenario(stated), 1)
    sampler._support["customers.A.growth"] = (0.0, 1.0)

    with pytest.raises(NumericError, match=r"customers\.A\.growth is drawn as .* outside its range 0 to 1"):
        sampler.draw(0, 64)


def test_a_distribution_that_cannot_be_fitted_names_the_place(scenario):
    stated = "customers: {A: {growth: {triangular: {quantiles: {5%: 2%, 50%: 5%, 95%: 30%}}}}}"

    with pytest.raises(NumericError, match=r"customers\.A\.growth: no triangular distribution"):
        Sampler(scenario(stated), 1)


def test_central_values_are_means(scenario):
    loaded = scenario(TWO)

    assert 0.15 == pytest.approx(float(Sampler(loaded, 1).central().of(loaded.customers[0].volatility)[0]))
