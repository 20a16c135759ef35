"""Revenue, profit and value by hand; disagreements only where the standard errors carry them."""

import numpy as np
import pytest

from crcsim.errors import CrcsimError
from crcsim.measures.horizons import Disagreement, disagreements, three_horizons
from tests.measures.conftest import DISCOUNTINGS, repeated

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
Z = np.array([-1.6448536, -0.6744898, 0.0, 0.6744898, 1.6448536])
PERIODS = 8  # half-years


def ranked_result(sales, profit, values, *, items=True, spread=0.0, active=1.0, bands=True):
    """A result of half-yearly periods: flows [customer] per period, values [customer, path].

    Contribution II is `profit`: sales less half of them for material, and direct costs. Bands are those of
    a normal with `spread` times the mean as standard deviation.
    """
    import xarray as xr

    sales, values = np.asarray(sales, dtype=float), np.atleast_2d(values)
    count, paths = values.shape
    flat = np.repeat(sales[:, None], PERIODS, axis=1)
    keys = ["gross_sales", "material", "other_direct", "tax"]
    booked = np.stack([sales, -0.5 * sales, np.asarray(profit) - 0.5 * sales, -0.1 * sales], axis=-1)
    mean, band = ("strategy", "customer", "period"), ("strategy", "quantile", "customer", "period")
    variables = {
        "npv": (("strategy", "discounting", "customer", "path"), repeated(values)),
        "level_npv": (("strategy", "discounting", "level", "path"), np.zeros((1, 3, 0, paths))),
        "customer_sales_mean": (mean, flat[None]),
        "customer_cash_flow_mean": (mean, 0.25 * flat[None]),
        "customer_active_mean": (mean, np.full((1, count, PERIODS), active)),
    }
    if bands:
        at = flat * (1.0 + spread * Z[:, None, None])
        variables["customer_sales_band"] = (band, at[None])
        variables["customer_cash_flow_band"] = (band, 0.25 * at[None])
    if items:
        means = np.repeat(booked[:, None], PERIODS, axis=1)
        variables["customer_item_mean"] = ((*mean, "item"), means[None])
    return xr.Dataset(
        variables,
        {
            "strategy": ["baseline"],
            "discounting": list(DISCOUNTINGS),
            "customer": [f"customer {place}" for place in range(count)],
            "quantile": list(QUANTILES),
            "item": keys,
        },
        {"currency": "EUR", "headline": "wacc", "periods_per_year": 2},
    )


def exact(values, paths=50):
    return np.repeat(np.asarray(values, dtype=float)[:, None], paths, axis=1)


def at(found, name, view):
    return found[name].isel(strategy=0).sel(view=view).values.tolist()


def test_amounts_of_the_three_views():
    """12 months are 2 half-years of sales, three years 6 half-years of contribution II before tax."""
    found = three_horizons(ranked_result([100.0, 80.0], [10.0, 20.0], exact([5.0, 7.0])))

    assert [200.0, 160.0] == at(found, "amount", "revenue")
    assert [60.0, 120.0] == pytest.approx(at(found, "amount", "profit"))
    assert [5.0, 7.0] == at(found, "amount", "value")
    assert "contribution II" == found.attrs["profit"]
    assert (1.0, 3.0) == (found.attrs["revenue_years"], found.attrs["profit_years"])


def test_without_items_profit_is_the_cash_flow():
    found = three_horizons(ranked_result([100.0, 80.0], [10.0, 20.0], exact([5.0, 7.0]), items=False))

    assert [150.0, 120.0] == at(found, "amount", "profit")
    assert "cash flow" == found.attrs["profit"]


def test_a_short_simulation_cuts_the_views():
    short = ranked_result([100.0, 80.0], [10.0, 20.0], exact([5.0, 7.0])).isel(period=[0])
    found = three_horizons(short)

    assert [100.0, 80.0] == at(found, "amount", "revenue")
    assert (0.5, 0.5) == (found.attrs["revenue_years"], found.attrs["profit_years"])


def test_views_that_agree_and_views_that_do_not():
    found = three_horizons(ranked_result([100.0, 80.0, 60.0], [10.0, 20.0, 5.0], exact([1.0, 2.0, 3.0])))

    assert [1, 2, 3] == at(found, "rank", "revenue")
    assert [2, 1, 3] == at(found, "rank", "profit")
    assert [3, 2, 1] == at(found, "rank", "value")
    assert [1 / 3, -1.0, -1 / 3] == pytest.approx(found["kendall_tau"].isel(strategy=0).values.tolist())


def test_disagreements_name_the_two_views_that_lie_farthest_apart():
    found = three_horizons(ranked_result([100.0, 80.0, 60.0], [10.0, 20.0, 5.0], exact([1.0, 2.0, 3.0])))
    rows = disagreements(found.isel(strategy=0))

    assert [
        Disagreement("customer 0", "revenue", 1, "value", 3),
        Disagreement("customer 2", "revenue", 3, "value", 1),
        Disagreement("customer 1", "revenue", 2, "profit", 1),
    ] == rows
    assert [2, 2, 1] == [row.places for row in rows]


def test_what_the_errors_do_not_support_is_not_named(generator):
    """The order by value is turned round, but the values lie within one standard error."""
    values = np.array([[1.0], [1.1]]) + generator.normal(0.0, 5.0, (2, 400))
    values += np.array([[1.0], [1.1]]) - values.mean(axis=1, keepdims=True)
    found = three_horizons(ranked_result([100.0, 80.0], [20.0, 10.0], values))

    assert [2, 1] == at(found, "rank", "value")
    assert [1, 1] == at(found, "best_rank", "value")
    assert [] == disagreements(found.isel(strategy=0))


def test_a_difference_on_the_same_paths_is_known_better_than_each_value(generator):
    shared = generator.normal(0.0, 50.0, 400)
    found = three_horizons(ranked_result([100.0, 80.0], [20.0, 10.0], np.stack([shared, shared + 0.1])))

    assert 2.0 < at(found, "amount_standard_error", "value")[0]
    assert [2, 1] == at(found, "best_rank", "value")
    assert 2 == len(disagreements(found.isel(strategy=0)))


def test_error_of_sales_comes_from_bands_and_exits():
    """Per half-year: bands of sd 20 and exits of √(0.2/0.8) x 100 = 50; two half-years, 400 paths."""
    result = ranked_result([100.0, 80.0], [10.0, 20.0], exact([5.0, 7.0], 400), spread=0.2, active=0.8)
    found = three_horizons(result)

    expected = 2 * np.hypot(20.0, 50.0) / 20.0
    assert expected == pytest.approx(at(found, "amount_standard_error", "revenue")[0], rel=1e-6)
    # contribution I is half of sales and larger than contribution II; six half-years
    assert 6 * np.hypot(10.0, 25.0) / 20.0 == pytest.approx(
        at(found, "amount_standard_error", "profit")[0], rel=1e-6
    )


def test_bound_of_the_error_holds_for_independent_and_for_equal_periods(generator):
    """Lognormal sales with exits, 2,000 paths: the bound is no less than the error taken from the paths."""
    paths, levels = 2_000, np.array(QUANTILES)
    alive = generator.random((PERIODS, paths)) < 0.97
    for shocks in (
        generator.normal(0, 0.3, (PERIODS, paths)),
        np.repeat(generator.normal(0, 0.3, (1, paths)), PERIODS, 0),
    ):
        flows = 100.0 * np.exp(shocks) * alive
        result = ranked_result([100.0], [50.0], exact([5.0], paths), active=0.97)
        result["customer_sales_mean"].values[0, 0] = flows.mean(axis=1)
        result["customer_sales_band"].values[0, :, 0] = np.quantile(flows, levels, axis=1)
        found = at(three_horizons(result), "amount_standard_error", "revenue")[0]
        error = flows[:2].sum(axis=0).std() / np.sqrt(paths)

        assert error <= found <= 2.5 * error


def test_without_bands_no_order_of_flows_is_sure():
    found = three_horizons(ranked_result([100.0, 80.0], [10.0, 20.0], exact([5.0, 7.0]), bands=False))

    assert [1, 1] == at(found, "best_rank", "revenue")
    assert [] == disagreements(found.isel(strategy=0))


def test_a_result_without_means_says_so():
    result = ranked_result([100.0], [10.0], exact([5.0])).drop_vars("customer_sales_mean")

    with pytest.raises(CrcsimError, match="without bands"):
        three_horizons(result)
