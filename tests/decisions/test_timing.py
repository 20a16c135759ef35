"""Starts of programmes against closed forms; random comparisons within 4 standard errors at fixed seeds."""

import math

import numpy as np
import pytest

from crcsim.decisions import timing

LIMIT = 4.0  # standard errors; a true comparison is missed in 6e-5 of the seeds


def lever(effects, rest="", target="{customer: A}"):
    """Money that has all of its effect at once and for ever."""
    return (
        f"levers: {{care: {{target: {target}, spend: {{once: 50}}, {rest} "
        f"response: {{decay: 0.0001%, half_effect_spend: 0.000000001}}, effects: {effects}}}}}"
    )


WAIT = "strategies: {wait: {levers: {care: {start: {when: {market_below: 90%}}}}}}"


@pytest.mark.jit
def test_delay_costs_an_exponential_as_periods_shrink(quiet):
    """Premium p on sales m for ever: V(s) = e^(-(k+h)s) (p m / (k + h) - C), delay costs 1 - e^(-(k+h)s).

    Quarterly periods with flows in their middle over 40 years: less than 1 % from the limit.
    """
    hazard, rate, premium = 0.08, math.log(1.1), 0.3
    scenario = quiet(
        "time: {years: 40, periods_per_year: 4, flow_timing: mid}",
        f"customer_defaults: {{churn: {{hazard: {hazard}}}}}",
        lever(f"{{price_premium: {premium}}}"),
    )
    found = timing(scenario, paths=6_000).sel(lever="care")
    years = found["years"].values
    total = rate + hazard
    left = np.exp(-total * years)
    perpetuity = premium * 100.0 / total * (1.0 - np.exp(-total * (40.0 - years)))
    true = left * (perpetuity - 50.0)
    error = found["value_standard_error"].values
    print(true, found["value"].values, error)

    assert (np.abs(found["value"].values - true) < LIMIT * error + 0.01 * np.abs(true)).all()
    share = found["delay_cost"].values[1] / found["value"].values[0]
    assert 1.0 - math.exp(-total) == pytest.approx(share, abs=0.01)
    saved = 50.0 * (1.0 - left)
    reach = LIMIT * found["spend_saved_standard_error"].values + 0.01 * saved
    assert (np.abs(found["spend_saved"].values - saved) <= reach).all()
    assert "now" == found["best"].item()
    assert bool(found["best_established"])


@pytest.mark.jit
def test_a_programme_that_does_not_pay_is_put_off(quiet):
    found = timing(quiet(lever("{price_premium: 1%}")), paths=200, latest=3).sel(lever="care")

    assert ["now", "after 1 year", "after 2 years", "after 3 years"] == found["start"].values.tolist()
    assert "after 3 years" == found["best"].item()
    assert not bool(found["pays_established"])
    total = found["benefit_lost"] - found["spend_saved"]
    assert total.values == pytest.approx(found["delay_cost"].values, abs=1e-9)


@pytest.mark.jit
def test_waiting_for_news_is_worth_its_price_where_it_saves_the_money(quiet):
    """A premium that pays in no year but those after a crash of the market, when volumes are high.

    The customer moves against the market (beta -3), so that the trigger fires where the premium pays.
    """
    crash = "customer_defaults: {beta: -3, volatility: 0%}"
    scenario = quiet(crash, lever("{price_premium: 6%}"), WAIT)
    found = timing(scenario, paths=4_000).sel(lever="care")
    values = found["value"]
    dates = values.isel(start=np.isfinite(found["years"].values))
    apart = float(values.sel(start="wait")) - float(dates.max())

    assert apart == pytest.approx(float(found["waiting_value"]), abs=1e-9)
    assert apart > LIMIT * float(found["waiting_value_standard_error"])
    assert "wait" == found["best"].item()
    assert np.isnan(found["best_years"])


@pytest.mark.jit
def test_two_starts_that_are_alike_are_not_told_apart(quiet):
    """A programme worth next to nothing, on a customer that comes and goes."""
    churn = "customer_defaults: {volatility: 60%, churn: {hazard: 0.3}}"
    free = lever("{churn_hazard_ratio: 0.985}").replace("once: 50", "once: 1")
    found = timing(quiet(churn, free), paths=300, latest=2).sel(lever="care")

    assert not bool(found["best_established"])
    assert found["latest"] > found["earliest"]


def test_arguments_out_of_range_are_refused(quiet):
    with pytest.raises(ValueError, match="latest must be at least 1 year"):
        timing(quiet(lever("{price_premium: 1%}")), latest=0)
    with pytest.raises(ValueError, match="no lever is called cure"):
        timing(quiet(lever("{price_premium: 1%}")), levers=["cure"])
