"""Concentration by hand, its limits, negative values and its standard errors."""

import numpy as np
import pytest

from crcsim.measures import concentration
from tests.measures.conftest import calibrated, result_of, values


def constant(*means):
    """Customers worth the same on both paths."""
    return result_of(np.repeat(np.array(means)[:, None], 2, axis=1))


def test_concentration_by_hand():
    found = concentration(constant(10.0, 60.0, 30.0))

    assert 0.46 == pytest.approx(values(found, "herfindahl_index"))
    assert 1 / 0.46 == pytest.approx(values(found, "effective_number"))
    assert [0.6, 0.9, 1.0] == pytest.approx(values(found, "share_of_top"))
    assert 0.0 == values(found, "negative_share")


def test_equal_customers_count_one_each_and_a_single_one_alone():
    assert 5.0 == pytest.approx(values(concentration(constant(*[7.0] * 5)), "effective_number"))
    assert 1.0 == pytest.approx(values(concentration(constant(7.0)), "effective_number"))


def test_customers_that_destroy_value_hold_no_share():
    found = concentration(constant(60.0, -25.0, 40.0, 0.0))

    assert 0.52 == pytest.approx(values(found, "herfindahl_index"))
    assert [0.6, 1.0, 1.0, 1.0] == pytest.approx(values(found, "share_of_top"))
    assert 0.25 == pytest.approx(values(found, "negative_share"))


def test_without_positive_values_there_is_no_concentration():
    found = concentration(constant(-1.0, 0.0))

    assert np.isnan(values(found, "herfindahl_index"))
    assert np.isnan(values(found, "share_of_top")).all()


def test_levels_are_no_customers(generator):
    customers = generator.normal(50.0, 5.0, (3, 100))
    names = ("herfindahl_index", "share_of_top")

    with_levels, without = (
        concentration(result) for result in (result_of(customers, np.full(100, -20.0)), result_of(customers))
    )

    assert [values(without, name) for name in names] == [values(with_levels, name) for name in names]


def test_standard_errors_cover_the_truth(generator):
    means = np.array([60.0, 30.0, 10.0, -20.0])
    common = generator.normal(0.0, 10.0, (400, 1, 1000))
    samples = means[:, None] + common + generator.normal(0.0, 20.0, (400, 4, 1000))
    measured = [concentration(result_of(sample)) for sample in samples]
    truth = {"herfindahl_index": 0.46, "effective_number": 1 / 0.46, "negative_share": 0.2}

    for name, exact in truth.items():
        pairs = [[values(found, name), values(found, f"{name}_standard_error")] for found in measured]
        assert calibrated(*np.array(pairs).T, exact), name
    top = [
        [values(found, name, top=2) for name in ("share_of_top", "share_of_top_standard_error")]
        for found in measured
    ]
    assert calibrated(*np.array(top).T, 0.9)
