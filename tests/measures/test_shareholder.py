"""Shareholder value: the published build-up, a closed form of its distribution, and reconciliation."""

from statistics import NormalDist

import numpy as np
import pytest

from crcsim.errors import NumericError
from crcsim.measures.shareholder import claims, shareholder_value
from tests.measures.booked import booked

CLAIMS = {"securities": 25.0, "debt": 300.0}
YEARS = [1.0, 2.0, 3.0]


def line(found, name, kind, variable="mean", **place):
    """The number of one line, by its kind, of the one strategy."""
    which = [str(each) for each in found["line_kind"].values].index(kind)
    assert name == str(found["line"].values[which])
    return float(found[variable].isel(strategy=0, line=which).sel(**place))


def published(**more):
    """Oracle B06: flows 100, 110, 120, of which a tenth are paid by the company; residual at 2 % growth."""
    residual = 120.0 * 1.02 / 0.08 / 1.1**3
    customer = {"gross_sales": [110.0, 121.0, 132.0]}
    company = {"other_direct:company": [-10.0, -11.0, -12.0]}
    parts = {"levels": {"company": company}, "residual": {"A": [residual]}, "shareholder_value": CLAIMS}
    return booked({"A": customer}, YEARS, [0.1], **(parts | more))


def test_published_build_up():
    found = shareholder_value(published())

    flows = line(found, "A", "customer") + line(found, "company", "level")
    assert 271.975957926 == pytest.approx(flows, rel=1e-10)
    assert 1149.51164538 == pytest.approx(line(found, "residual", "residual"), rel=1e-10)
    assert 1446.48760331 == pytest.approx(line(found, "company value", "company"), rel=1e-10)
    assert 1146.48760331 == pytest.approx(line(found, "shareholder value", "shareholder"), rel=1e-10)
    assert 0.80866807611 == pytest.approx(float(found["residual_share"].isel(strategy=0)), rel=1e-10)


def test_without_claims_there_is_company_value_only():
    result = published(shareholder_value=None)
    found = shareholder_value(result)

    assert claims(result) is None
    assert 0 == found.attrs["stated"]
    assert ["customer", "level", "residual", "company"] == found["line_kind"].values.tolist()
    assert 1421.48760331 == pytest.approx(line(found, "company value", "company"), rel=1e-10)


def test_claims_are_read_with_and_without_a_source():
    stated = {"securities": {"value": 2.0, "source": "data: ledger"}, "debt": 7.0}
    found = claims(published(shareholder_value=stated))

    assert (2.0, 7.0) == (found.securities, found.debt)


def test_distribution_of_a_normal_company_value(generator):
    """Company value normal(100, 40) and debt 60: shareholder value is normal(40, 40)."""
    flows = generator.normal(100.0, 40.0, (1, 20_000))
    result = booked(
        {"A": {"gross_sales": flows}},
        [0.0],
        np.full(20_000, 0.1),
        shareholder_value={"securities": 0.0, "debt": 60.0},
    )
    found = shareholder_value(result).isel(strategy=0)
    law = NormalDist(40.0, 40.0)

    for level in (0.05, 0.25, 0.5, 0.75, 0.95):
        error = float(found["percentile_standard_error"].sel(quantile=level))
        assert abs(float(found["percentile"].sel(quantile=level)) - law.inv_cdf(level)) < 4 * error
    loss = float(found["loss_probability"]), float(found["loss_probability_standard_error"])
    assert abs(loss[0] - law.cdf(0.0)) < 4 * loss[1]
    assert 40.0 == pytest.approx(float(found["risk_mean"]), abs=4 * float(found["risk_mean_standard_error"]))


def test_lines_near_a_percentile_add_up_and_are_conditional_means(generator):
    """Normal customers of sd 30 and 40: near the percentile z of their sum each is at mean + sd²/50 z."""
    paths = 20_000
    first, second = generator.normal(100.0, 30.0, (1, paths)), generator.normal(50.0, 40.0, (1, paths))
    result = booked(
        {"A": {"gross_sales": first}, "B": {"gross_sales": second}},
        [0.0],
        np.full(paths, 0.1),
        shareholder_value={"securities": 10.0, "debt": 20.0},
    )
    found = shareholder_value(result).isel(strategy=0)
    near, errors = found["near_mean"].values, found["near_mean_standard_error"].values

    np.testing.assert_allclose(near[0] + near[1] + near[2] + 10.0, near[4])
    np.testing.assert_allclose(near[4] - 20.0, near[6])
    law = NormalDist()
    for place, level in enumerate((0.05, 0.5, 0.95)):
        low, high = law.inv_cdf(level - 0.025), law.inv_cdf(level + 0.025)
        z = (law.pdf(low) - law.pdf(high)) / 0.05  # mean of the slice of the sum
        assert abs(near[0, place] - (100.0 + 30.0**2 / 50.0 * z)) < 4 * errors[0, place] + 0.6
        assert abs(near[1, place] - (50.0 + 40.0**2 / 50.0 * z)) < 4 * errors[1, place] + 0.6


def test_errors_of_certain_lines_are_zero(generator):
    flows = generator.normal(100.0, 40.0, (1, 300))
    result = booked({"A": {"gross_sales": flows}}, [0.0], np.full(300, 0.1), shareholder_value=CLAIMS)
    found = shareholder_value(result)

    assert 0.0 == line(found, "debt", "debt", "mean_standard_error")
    assert 0.0 == line(found, "securities", "securities", "mean_standard_error")
    expected = flows.std(ddof=1) / np.sqrt(300)
    assert expected == pytest.approx(line(found, "shareholder value", "shareholder", "mean_standard_error"))


@pytest.mark.parametrize(
    ("name", "place", "message"),
    [
        ("npv", 0, "do not add up to the portfolio's cash flow"),
        ("level_npv", 1, "do not add up to the portfolio's cash flow"),
        ("cash_flow", 2, "do not add up to the portfolio's cash flow"),
        ("item_npv", -1, "residual value of the customers is not the item"),
    ],
)
def test_a_line_that_does_not_reconcile_is_refused(name, place, message):
    result = published()
    result[name].values.reshape(-1)[place] += 1e-3

    with pytest.raises(NumericError, match=message):
        shareholder_value(result)


def test_value_moved_from_flows_to_the_residual_is_refused():
    result = published()
    result["horizon_value"].values += 5.0

    with pytest.raises(NumericError, match="do not add up"):
        shareholder_value(result)


def test_customers_at_their_own_rate_are_reconciled_at_the_risk_free_rate():
    own = {"A": {"rate": "own"}}
    result = published(customers=own)
    result["npv"].loc[{"discounting": "wacc"}] += 7.0  # no single rate to hold it against
    result["item_npv"].values[0, 0] += 7.0

    assert 7.0 + 271.975957926 == pytest.approx(
        line(shareholder_value(result), "A", "customer")
        + line(shareholder_value(result), "company", "level"),
        rel=1e-10,
    )
    result["npv"].loc[{"discounting": "risk_free"}] += 7.0
    with pytest.raises(NumericError, match="discounting risk_free"):
        shareholder_value(result)
