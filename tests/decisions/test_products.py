"""Two plans by product, with known answers."""

import numpy as np
import pytest

from crcsim.decisions import compare
from tests.decisions.results import result_of, with_products

PATHS, RECORDED = 2_000, 500  # of the result; of `with_products`


@pytest.fixture
def values():
    return np.random.default_rng(20260101).normal(10.0, 2.0, PATHS)


def one(found, name, product, **place):
    return found[f"product_{name}"].sel(product=product, **place).item()


def test_a_product_that_earns_two_more_and_one_that_nothing_changes(values):
    first = with_products({"coatings": values, "service": values})
    found = compare(first, with_products({"coatings": values + 2.0, "service": values}))

    assert 2.0 == pytest.approx(one(found, "difference", "coatings"))
    assert one(found, "difference_standard_error", "coatings") < 1e-12
    assert values.mean() == pytest.approx(one(found, "value", "coatings", side="first"))
    assert 1.0 == one(found, "second_worth_more", "coatings")
    assert 2.0 == pytest.approx(one(found, "difference_percentile", "coatings", quantile=0.05))
    assert ("second", "equal") == tuple(
        one(found, "first_order_dominance", name) for name in ("coatings", "service")
    )
    assert (False, True) == tuple(one(found, "untouched", name) for name in ("coatings", "service"))
    assert RECORDED == found.attrs["product_paths"]


def test_a_product_that_a_side_lacks_earns_nothing_there(values):
    found = compare(with_products({"coatings": values}), with_products({"coatings": values, "new": values}))

    assert 0.0 == one(found, "value", "new", side="first")
    assert values.mean() == pytest.approx(one(found, "difference", "new"))
    spread = values[:RECORDED].std(ddof=1) / np.sqrt(PATHS)
    assert spread == pytest.approx(one(found, "difference_standard_error", "new"))


def test_unpaired_products_say_nothing_path_by_path(values):
    found = compare(with_products({"coatings": values}), with_products({"coatings": values}, seed="8"))

    assert np.isnan(one(found, "second_worth_more", "coatings"))
    assert not one(found, "untouched", "coatings")
    spread = values[:RECORDED].std(ddof=1) / np.sqrt(PATHS)
    assert np.sqrt(2) * spread == pytest.approx(one(found, "difference_standard_error", "coatings"))


def test_products_are_stated_at_the_headline_alone(values):
    result = with_products({"coatings": values})

    assert "product_difference" not in compare(result, result, discounting="risk_free")
    assert "product_difference" not in compare(result, result_of({"N": values}))
