"""Growth of sales told apart: against the recorded market, by a normal law, and on active paths only."""

from statistics import NormalDist

import numpy as np
import pytest

from crcsim import simulate
from crcsim.decisions import split_growth

PATHS = 4000


@pytest.mark.jit
def test_market_part_is_the_market_beyond_its_expectation(quiet):
    scenario = quiet("customers: {A: {beta: 1, growth: 3%}}")
    growth = split_growth(scenario, paths=500)["growth"]
    market = np.log(simulate(scenario, paths=500, record=["economy"], bands=False)["market_index"].values)

    assert np.log(1.03) == pytest.approx(growth.sel(growth_part="own").values, rel=1e-9)
    assert (market[-1] - market[0]) / 9 - np.log(1.05) == pytest.approx(
        growth.sel(growth_part="market").values, abs=1e-12
    )
    assert not np.any(growth.sel(growth_part="industry").values)


@pytest.mark.jit
def test_parts_add_up_on_every_path(quiet):
    scenario = quiet(
        "{economy: {industries: {steel: {volatility: 10%}}}, time: {periods_per_year: 4}}",
        "customer_defaults: {beta: 1, volatility: 20%, churn: {hazard: 0.05}, industry: {steel: 1}}",
        "customers: {B: {lines: {goods: {wallet: 30, share: 50%}}}}",
    )
    growth = split_growth(scenario, paths=1000)["growth"].values
    counted = growth[:, np.isfinite(growth[0])]

    assert 0 < counted.shape[1] < 1000
    assert counted[0] == pytest.approx(counted[1:].sum(axis=0), abs=1e-13)
    assert np.all(counted[1:].std(axis=1) > 0.0)


@pytest.mark.jit
def test_a_good_market_hides_a_decline_as_often_as_the_normal_law_says(quiet):
    found = split_growth(quiet("customers: {A: {beta: 1, growth: -2%}}"), paths=PATHS)
    mean, sd = np.log(0.98) - 0.2**2 / 2, 0.2 / 9**0.5
    expected = 1 - NormalDist(mean, sd).cdf(0.0)
    total = found.sel(item="total")
    share, error = float(total["hidden_decline"]), float(total["hidden_decline_standard_error"])

    assert abs(share - expected) <= 4 * error
    assert abs(float(total["growth_mean"].sel(growth_part="sales")) - mean) <= 4 * sd / PATHS**0.5
    assert float(total["growth_sd"].sel(growth_part="market")) == pytest.approx(sd, rel=0.05)


@pytest.mark.jit
def test_customers_are_measured_where_they_are_active(quiet):
    scenario = quiet("customer_defaults: {beta: 1, growth: 3%, churn: {hazard: 0.1}}")
    found = split_growth(scenario, paths=PATHS)
    active = simulate(scenario, paths=PATHS, bands=False)["end_period"].values == 0

    assert int(active.sum()) == int(found["growth_paths"].sel(item="A"))
    assert np.log(1.03) == pytest.approx(float(found["growth_mean"].sel(item="A", growth_part="own")))


def test_a_customer_that_never_sells_has_no_growth(quiet):
    acquisition = "acquisition: {spend: 1, conversion: {hazard: 0}}, phase: prospect"
    found = split_growth(quiet(f"customers: {{A: {{{acquisition}}}}}"), paths=100).sel(item="A")

    assert 0 == int(found["growth_paths"])
    assert np.isnan(float(found["growth_mean"].sel(growth_part="sales")))
    assert np.isnan(float(found["hidden_decline"]))


def test_growth_needs_two_periods_and_two_paths(quiet):
    with pytest.raises(ValueError, match="two periods"):
        split_growth(quiet("time: {years: 1}"), paths=10)
    with pytest.raises(ValueError, match="at least 2"):
        split_growth(quiet(), paths=1)
