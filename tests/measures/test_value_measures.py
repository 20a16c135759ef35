"""Mean, spread and percentiles per item: labels, additivity, discounting and horizon."""

import numpy as np
import pytest

from crcsim.errors import CrcsimError, NumericError
from crcsim.measures import horizon_share, moments, quantiles
from crcsim.measures.values import path_values
from tests.measures.conftest import repeated, result_of, values

HORIZON = ("strategy", "discounting", "customer", "path")


@pytest.fixture
def result(generator):
    customers = generator.normal([[100.0], [20.0], [-5.0]], [[40.0], [10.0], [3.0]], (3, 4000))
    return result_of(customers, generator.normal(-10.0, 1.0, (2, 4000)))


def test_items_are_customers_levels_and_their_total(result):
    found = moments(result)
    items = ["customer 0", "customer 1", "customer 2", "company", "segment:industry", "total"]

    assert items == found["item"].values.tolist()
    assert ["customer"] * 3 + ["level"] * 2 + ["total"] == found["kind"].values.tolist()
    assert "EUR" == found["mean"].attrs["units"] == found["mean_standard_error"].attrs["units"]


def test_means_add_up_and_standard_deviations_do_not(result):
    mean, sd = (values(moments(result), name) for name in ("mean", "sd"))

    assert sum(mean[:-1]) == pytest.approx(mean[-1], rel=1e-12)
    assert sd[-1] == pytest.approx(np.sqrt(np.sum(np.square(sd[:-1]))), rel=0.05)  # independent customers


def test_the_total_is_the_sum_in_the_order_of_the_result(result):
    npv, level = result["npv"].values[0, 0], result["level_npv"].values[0, 0]

    assert np.array_equal(
        (((npv[0] + npv[1]) + npv[2]) + level[0]) + level[1], path_values(result, "wacc").total[0]
    )


def test_percentiles_of_the_total_come_from_its_own_paths(result):
    found = quantiles(result)
    total = path_values(result, "risk_free").total[0]

    assert np.quantile(total, 0.05) == values(found, "percentile", item="total", quantile=0.05)
    assert sum(values(found, "percentile", quantile=0.05)[:-1]) != pytest.approx(
        np.quantile(total, 0.05), rel=0.05
    )


def test_value_is_at_the_headline_and_risk_at_the_risk_free_rate(result):
    result["npv"].values[0, 1] *= 2.0
    result["npv"].values[0, 2] *= 3.0
    shifted = result.assign_attrs(headline="deflator")
    first = {"item": "customer 0"}

    assert 3.0 * values(moments(result), "mean", **first) == pytest.approx(
        values(moments(shifted), "mean", **first)
    )
    assert ("wacc", "deflator", "risk_free") == tuple(
        measure.attrs["discounting"] for measure in (moments(result), moments(shifted), quantiles(shifted))
    )


def test_every_strategy_has_its_own_numbers(result):
    other = result.assign_coords(strategy=["act_now"])
    other["npv"] = other["npv"] + 1.0
    both = result.merge(other, join="outer", compat="no_conflicts")
    found = moments(both)["mean"].sel(item="total")

    assert 3.0 == pytest.approx(float(found.sel(strategy="act_now") - found.sel(strategy="baseline")))


def test_a_number_that_is_not_finite_names_its_customer(result):
    result["npv"].values[0, 0, 1, 7] = np.nan

    with pytest.raises(NumericError, match="customer 1"):
        moments(result)


def test_a_customer_named_like_the_total_is_an_error(result):
    with pytest.raises(CrcsimError, match="total"):
        moments(result.assign_coords(customer=["a", "b", "total"]))


# --- horizon ------------------------------------------------------------------------------------------------


def test_horizon_share_of_a_known_split(generator):
    before, after = generator.normal(60.0, 5.0, (2, 4000)), generator.normal(40.0, 5.0, (2, 4000))
    result = result_of(before + after, np.full(4000, -50.0), horizon_value=(HORIZON, repeated(after)))
    found = horizon_share(result)

    shares = np.array([values(found, "horizon_share"), values(found, "horizon_share_standard_error")])
    assert np.all(np.abs(shares[0] - [0.4, 0.4, np.nan, 80 / 150])[[0, 1, 3]] <= 4 * shares[1][[0, 1, 3]])
    assert np.isnan(shares[:, 2]).all()  # a cost has no share
    assert values(found, "horizon_mean", item="company") == 0.0
    assert after.mean(axis=1).sum() == pytest.approx(values(found, "horizon_mean", item="total"))


def test_without_a_horizon_value_its_share_is_zero(result):
    assert 0.0 == values(horizon_share(result), "horizon_share", item="total")


def test_measures_without_the_horizon_leave_out_what_comes_after(generator):
    before, after = generator.normal(60.0, 5.0, (2, 4000)), generator.normal(40.0, 5.0, (2, 4000))
    whole = result_of(before + after, horizon_value=(HORIZON, repeated(after)))

    assert values(moments(result_of(before)), "mean") == pytest.approx(
        values(moments(whole, horizon=False), "mean")
    )
    assert values(quantiles(result_of(before)), "percentile")[0] == pytest.approx(
        values(quantiles(whole, horizon=False), "percentile")[0]
    )
    assert "left out" == moments(whole, horizon=False).attrs["horizon_value"]
