"""Customers of the future, against enumeration and against known chances."""

import json
from itertools import pairwise, permutations

import numpy as np
import pytest

from crcsim.decisions import select
from crcsim.decisions.select import errors_of_differences, places_among_top
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

    places = places_among_top(rows, top)
    assert np.allclose(by_enumeration(rows, top), places.sum(axis=1))
    assert np.allclose(top, places.sum(axis=0))


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


def test_errors_of_differences_are_those_of_repetition():
    """Three normals compete for one place; spread of 400 repetitions, its error 3.5 %, bound of 4.5 errors.

    Where one gains the place another loses it: the error of two independent shares is too small.
    """
    generator = np.random.default_rng(12)
    shares, stated = [], []
    for _ in range(400):
        places = places_among_top(generator.normal([[0.5], [0.3], [-1.0]], 1.0, (3, 300)), 1)
        shares.append(places.mean(axis=1))
        stated.append(errors_of_differences(places)[0])
    found = np.array(shares)
    spread = (found[:, :1] - found).std(axis=0, ddof=1)

    assert np.allclose(1.0, np.mean(stated, axis=0)[1:] / spread[1:], atol=0.16)
    assert 1.2 * np.hypot(*found[:, :2].std(axis=0, ddof=1)) < spread[1]


def test_matched_proportions_by_hand():
    """First in 3 of 4 paths: Σ D = 2, Σ D² = 4, (4 + 1 - 4/6) / 36."""
    places = np.array([[1.0, 1.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]])

    assert np.sqrt(5 - 4 / 6) / 6 == pytest.approx(errors_of_differences(places)[0, 1])


def test_the_top_of_few_customers_are_all_but_one(result):
    assert 2 == select(result).attrs["top"]
    assert 1 == select(result.isel(customer=[0])).attrs["top"]
    with pytest.raises(ValueError, match="top must lie between 1 and 2, not 5"):
        select(result, top=5)


def test_causes_without_a_chance_are_told(result):
    names = [str(name) for name in result["customer"].values]
    plain = {"churn": {"yearly_probability": 0.5}, "takeover": {"hazard": 0.0}}
    document = {
        "customers": dict.fromkeys(names, plain),
        "mergers": [{"target": names[1], "buyer": names[0]}],
    }
    found = select(result.assign_attrs(scenario_resolved=json.dumps(document)))["cause_possible"]

    assert [0, 1, 0] == found.sel(cause="merger").values.tolist()
    assert [1, 1, 1] == found.sel(cause="churn").values.tolist()
    assert [0, 0, 0] == found.sel(cause="takeover").values.tolist()
    assert 1 == select(result)["cause_possible"].min()
