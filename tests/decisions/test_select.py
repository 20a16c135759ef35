"""Customers of the future, against enumeration and against known chances."""

from itertools import pairwise, permutations

import numpy as np
import pytest

from crcsim.decisions import select
from crcsim.decisions.select import among_top
from tests.results.example import make_result


def by_enumeration(rows, top):
    """Places shared over all orders of tied customers, path by path."""
    customers, paths = rows.shape
    counts = np.zeros(customers)
    for path in range(paths):
        orders = [
            order
            for order in permutations(range(customers))
            if all(rows[a, path] >= rows[b, path] for a, b in pairwise(order))
        ]
        for order in orders:
            counts[list(order[:top])] += 1.0 / len(orders)
    return counts


@pytest.mark.parametrize("top", [1, 2, 3])
def test_chances_are_those_of_enumeration(top):
    rows = np.random.default_rng(top).integers(0, 4, (4, 60)).astype(float)  # with many ties

    assert np.allclose(by_enumeration(rows, top), among_top(rows, top))
    assert top * 60 == pytest.approx(among_top(rows, top).sum())


@pytest.fixture(scope="module")
def result():
    """A made-up result of one strategy with eight quarters and 4,000 paths."""
    generator = np.random.default_rng(2)
    made = make_result().isel(strategy=[0], path=np.zeros(4000, dtype=int))
    made = made.assign_coords(path=np.arange(4000))
    npv = made["npv"].copy()
    npv[:] = generator.normal(np.array([3.0, 2.0, 2.0])[:, None], 1.0, npv.shape)
    cause = generator.integers(0, 2, made["end_cause"].shape).astype(np.int8)
    period = np.where(cause > 0, generator.integers(1, 9, cause.shape), 0).astype(np.int16)
    return made.assign(
        npv=npv, end_cause=(made["end_cause"].dims, cause), end_period=(made["end_period"].dims, period)
    )


def test_chance_of_the_largest_of_three_normals(result):
    """P(A largest of A ~ N(3, 1), B, C ~ N(2, 1)) = ∫ φ(z) Φ(z + 1)² dz; bound of 4 errors (1 in 15,000)."""
    from scipy.integrate import quad
    from scipy.stats import norm

    expected, _ = quad(lambda z: norm.pdf(z) * norm.cdf(z + 1.0) ** 2, -9, 9)
    found = select(result, top=1).isel(customer=0)

    assert abs(float(found["top_probability"]) - expected) < 4 * float(
        found["top_probability_standard_error"]
    )
    assert float(found["top_probability_standard_error"]) < 0.01


def test_potential_is_the_ninetieth_percentile(result):
    found = select(result, top=2)

    error = found["potential_standard_error"]
    assert (abs(found["potential"] - [4.2816, 3.2816, 3.2816]) < 4 * error).all()
    assert 2.0 == pytest.approx(float(found["top_probability"].sum()))


def test_gone_by_a_date_counts_whole_periods(result):
    """Half of the relations churn in one of eight quarters, alike: after n of them 1/2 n/8 are gone."""
    for years, quarters in ((0.25, 1), (1.3, 5), (2.0, 8)):
        found = select(result, top=1, years=years)

        error = found["gone_probability_standard_error"]
        assert quarters / 4 == found.attrs["years"]
        assert (abs(found["gone_probability"] - quarters / 16) < 4 * error).all()
        assert np.allclose(found["gone_by_cause"].sel(cause="churn"), found["gone_probability"])


def test_arguments_out_of_range_are_named(result):
    with pytest.raises(ValueError, match="top must lie between 1 and 2"):
        select(result, top=3)
    with pytest.raises(ValueError, match="years must lie between"):
        select(result, top=1, years=3.0)
