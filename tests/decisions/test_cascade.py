"""Which lines moved the value."""

import math

import numpy as np
import pytest

from crcsim.decisions import compare
from tests.decisions.results import result_of, with_items

PATHS = 2_000


def result(margin, notice=None, recorded=None, level=-1.0, **attributes):
    """A customer with sales, material and perhaps notice costs, and a company level."""
    sales = np.random.default_rng(20260101).normal(10.0, 2.0, PATHS)
    items = {"gross_sales": sales, "material": -(1 - margin) * sales}
    items |= {} if notice is None else {"notice_costs": np.full(PATHS, -notice)}
    levels = {"indirect_administration:company": np.full(PATHS, level)}
    customer = sum(items.values())
    plain = result_of(
        {"Nordwerk": customer}, {"company": levels["indirect_administration:company"]}, **attributes
    )
    return with_items(plain, {"Nordwerk": items}, {"company": levels}, recorded)


def line(found, item, key, name="line_difference"):
    return float(found[name].sel(item=item, cascade_item=key))


def test_lines_add_up_to_every_difference():
    found = compare(result(0.4), result(0.5, notice=0.25, level=-1.5))

    assert np.allclose(found["value_mean_difference"], found["line_difference"].sum("cascade_item"))
    assert np.allclose(
        found["line_difference"].sel(item="total"),
        found["line_difference"].isel(item=found["kind"].values != "total").sum("item"),
    )
    assert ["gross_sales", "material", "notice_costs", "indirect_administration:company"] == found[
        "cascade_item"
    ].values.tolist()
    assert "company" == str(found["item_level"].sel(cascade_item="indirect_administration:company").values)


def test_an_item_of_one_side_is_zero_in_the_other():
    found = compare(result(0.4), result(0.4, notice=0.25))

    assert -0.25 == pytest.approx(line(found, "Nordwerk", "notice_costs"))
    assert 0.0 == line(found, "Nordwerk", "gross_sales")


@pytest.mark.parametrize("recorded", [PATHS, 500])
def test_paired_errors_are_those_of_the_difference(recorded):
    """The material of both moves with the same sales: the error of 10 % of sales, not of 60 % and 50 %.

    From 500 recorded paths the spread is known to 1 / √1000; 4 of them.
    """
    found = compare(result(0.4, recorded=recorded), result(0.5, recorded=recorded))
    expected = 0.1 * 2.0 / math.sqrt(PATHS)

    for item in ("Nordwerk", "total"):
        error = line(found, item, "material", "line_difference_standard_error")
        assert expected == pytest.approx(error, rel=4 / math.sqrt(2 * recorded))


def test_without_recorded_paths_errors_are_those_of_independent_draws():
    without = ["customer_item_npv", "level_item_npv"]
    found = compare(result(0.4).drop_vars(without), result(0.5).drop_vars(without))
    expected = math.hypot(0.6, 0.5) * 2.0 / math.sqrt(PATHS)

    assert expected == pytest.approx(
        line(found, "Nordwerk", "material", "line_difference_standard_error"), rel=0.1
    )


def test_unpaired_errors_are_those_of_independent_draws():
    found = compare(result(0.4), result(0.5, seed="8"))
    expected = math.hypot(0.6, 0.5) * 2.0 / math.sqrt(PATHS)

    for item in ("Nordwerk", "total"):
        error = line(found, item, "material", "line_difference_standard_error")
        assert expected == pytest.approx(error, rel=0.1)


def test_a_customer_of_one_side_brings_all_its_lines():
    both = result(0.4)
    alone = both.isel(customer=[]).assign(item_npv=both["item_npv"] * 0.0 - 0.5)
    found = compare(both, alone)

    assert -10.0 == pytest.approx(line(found, "Nordwerk", "gross_sales"), abs=0.2)


def test_lines_are_left_out_where_they_are_not_known():
    plain = result(0.4).drop_vars("item_npv")

    assert "line_difference" not in compare(plain, result(0.5))
    assert "line_difference" not in compare(result(0.4), result(0.5), discounting="risk_free")
