"""The summary holds what the single measures say, for customers and for groups, and makes a table."""

import numpy as np
import pytest

from crcsim.measures import discount, ends, grouped, moments, quantiles, summary, summary_table, tail
from tests.results.example import make_result

ERROR = "_standard_error"


@pytest.fixture
def result():
    return make_result()


@pytest.fixture
def found(result):
    return summary(result)


def test_value_is_at_the_headline_and_risk_at_the_risk_free_rate(found, result):
    assert np.array_equal(moments(result, "wacc")["mean"], found["value_mean"])
    assert np.array_equal(moments(result, "risk_free")["sd"], found["risk_sd"])
    assert np.array_equal(quantiles(result)["percentile"], found["risk_percentile"])
    assert np.array_equal(tail(result)["cvar_contribution"], found["risk_cvar_contribution"])
    assert np.array_equal(
        tail(result, horizon=False)["value_at_risk"], found["risk_value_at_risk_without_horizon"]
    )
    assert np.array_equal(discount(result)["implied_beta"], found["rate_implied_beta"], equal_nan=True)
    assert ("wacc", "risk_free", "left out") == (
        found["value_mean"].attrs["discounting"],
        found["risk_cvar_contribution"].attrs["discounting"],
        found["risk_loss_probability_without_horizon"].attrs["horizon_value"],
    )


def test_every_estimate_has_a_standard_error_unit_and_meaning(found):
    exact = {"rate_assumed_beta", "rate_value_at_central_rate", "rate_value_at_mean_rate"}
    exact |= {"rate_value_mean_over_rates", "rate_beta_difference", "rate_firm_beta_difference"}
    exact |= {"rate_value_weighted_implied_beta", "rate_value_weighted_assumed_beta"}
    names = {str(name) for name in found.data_vars}
    estimates = {name for name in names if not name.endswith(ERROR)}

    assert exact == {name for name in estimates if f"{name}{ERROR}" not in names}
    assert all({"units", "long_name", "source"} <= set(found[name].attrs) for name in names)


def test_ends_belong_to_customers(found, result):
    probability = found["end_probability"]

    assert np.array_equal(ends(result)["end_probability"], probability[:, :3])
    assert np.isnan(probability[:, 3:]).all()


def test_without_a_horizon_value_there_is_nothing_to_leave_out(result):
    names = summary(result.drop_vars("horizon_value")).data_vars

    assert [] == [name for name in names if "without_horizon" in str(name)]


def test_risk_stays_at_the_risk_free_rate_under_another_headline(result):
    found = summary(result.assign_attrs(headline="deflator"))

    assert np.array_equal(moments(result, "deflator")["mean"], found["value_mean"])
    assert np.array_equal(moments(result, "risk_free")["mean"], found["risk_mean"])


# --- groups -------------------------------------------------------------------------------------------------


def test_a_segment_is_the_sum_of_its_customers_and_its_level(result):
    groups = grouped(result, "segment")
    npv, level = result["npv"].values, result["level_npv"].values

    assert ["(none)", "industry"] == groups["customer"].values.tolist()
    assert ["company"] == groups["level"].values.tolist()
    assert np.array_equal(npv[:, :, 1], groups["npv"].values[:, :, 0])
    assert np.array_equal((npv[:, :, 0] + npv[:, :, 2]) + level[:, :, 1], groups["npv"].values[:, :, 1])


def test_a_geography_leaves_the_levels_alone(result):
    groups = grouped(result, "geography")

    assert ["north", "south"] == groups["customer"].values.tolist()
    assert ["company", "segment:industry"] == groups["level"].values.tolist()


@pytest.mark.parametrize("by", ["segment", "geography"])
def test_groups_have_the_same_total(result, found, by):
    groups = summary(result, by)

    for name in ("value_mean", "value_horizon_share", "risk_sd", "risk_value_at_risk"):
        expected, actual = (one[name].sel(item="total").values for one in (found, groups))
        assert expected == pytest.approx(actual, rel=1e-9)


def test_percentiles_of_a_group_are_those_of_its_sum(result):
    industry = summary(result, "segment")["risk_percentile"].sel(item="industry", quantile=0.05).values
    paths = grouped(result, "segment")["npv"].sel(discounting="risk_free", customer="industry").values

    assert np.quantile(paths, 0.05, axis=-1) == pytest.approx(industry)


def test_groups_by_something_else_are_an_error(result):
    with pytest.raises(ValueError, match="phase"):
        grouped(result, "phase")


# --- table --------------------------------------------------------------------------------------------------


def test_the_table_has_a_row_per_strategy_and_item(found, result):
    rows = summary_table(result).set_index(["strategy", "item"])

    assert 2 * 6 == len(rows)
    place = {"strategy": "act_now", "item": "Nordwerk"}
    row = rows.loc[("act_now", "Nordwerk")]
    assert found["value_mean"].sel(place).item() == row["value_mean"]
    assert found["risk_percentile"].sel(quantile=0.05, **place).item() == row["risk_percentile_P5"]
    assert found["end_probability"].sel(cause="takeover", **place).item() == row["end_probability_takeover"]


def test_numbers_of_all_customers_stand_with_the_total(found, result):
    rows = summary_table(result).set_index(["strategy", "item"])

    assert found["value_share_of_top"].values[1, 1] == rows.loc[("act_now", "total"), "value_share_of_top_2"]
    assert np.isnan(rows.loc[("act_now", "Nordwerk"), "value_herfindahl_index"])


def test_the_summary_can_be_kept_as_a_file(found, tmp_path):
    import xarray as xr

    found.to_netcdf(tmp_path / "summary.nc", engine="h5netcdf")

    xr.testing.assert_equal(found, xr.load_dataset(tmp_path / "summary.nc", engine="h5netcdf"))
