"""Rates and betas that values imply, against cash flows whose values are known."""

import numpy as np
import pytest

from crcsim.measures import discount
from crcsim.measures.discount import equivalent_rate
from tests.measures.conftest import result_of, values

YEARS = np.arange(1.0, 11.0)
RISK_FREE, PREMIUM, VOLATILITY = 0.03, 0.05, 0.17


def valued(flows, rates, deflators, risk_free, levels=0.0, betas=None):
    """A result from flows [customer, period, path], rates [path] and deflators [period, path]."""
    flows = np.broadcast_to(flows, (*flows.shape[:2], len(rates)))
    factors = (1.0 + rates) ** -YEARS[:, None], (1.0 + risk_free) ** -YEARS[:, None], deflators + 0.0 * rates
    npv = np.stack([(flows * factor).sum(axis=1) for factor in factors])
    level = np.stack([np.sum(levels * factor, axis=0)[None] for factor in factors])
    result = result_of(
        npv[0],
        None if levels == 0.0 else level[0],
        customer_cash_flow_mean=(("strategy", "customer", "period"), flows.mean(axis=-1)[None]),
        cash_flow=(("strategy", "period", "path"), (flows.sum(axis=0) + levels)[None]),
        cost_of_capital=(("path",), rates),
        risk_free_rate=(("path",), risk_free),
        central_cost_of_capital=float(np.median(rates)),
        central_risk_free_rate=RISK_FREE,
        central_market_premium=PREMIUM,
        central_asset_beta=0.9,
        central_capm_gap=0.0,
    )
    result["npv"].values[0] = npv
    if levels != 0.0:
        result["level_npv"].values[0] = level
    assumed = [1.0] * len(flows) if betas is None else betas
    return result.assign_coords(years=("period", YEARS), assumed_beta=("customer", assumed))


def market(generator, paths):
    """Market shocks ζ [period, path] and the deflator that prices them."""
    shocks = np.cumsum(generator.normal(0.0, VOLATILITY, (len(YEARS), paths)), axis=0)
    price = PREMIUM / VOLATILITY**2
    convexity = 0.5 * (price * VOLATILITY) ** 2
    return shocks, np.exp(-price * shocks - (np.log1p(RISK_FREE) + convexity) * YEARS[:, None])


def lognormal_flows(shocks, beta):
    """Flows of mean 100 with a loading on the market."""
    return 100.0 * np.exp(beta * shocks - 0.5 * (beta * VOLATILITY) ** 2 * YEARS[:, None])


def fixed_rates(paths, rate=0.08):
    return np.full(paths, rate), np.full(paths, RISK_FREE)


def test_with_a_single_rate_all_values_agree(generator):
    rates, risk_free = fixed_rates(200)
    flows = generator.normal(100.0, 20.0, (2, 10, 200))
    found = discount(valued(flows, rates, (1.03**-YEARS)[:, None], risk_free))

    for name in ("value_at_central_rate", "value_at_mean_rate", "value_mean_over_rates"):
        assert values(found, "value") == pytest.approx(values(found, name), rel=1e-12)
    assert [0.08] * 3 == pytest.approx(values(found, "certainty_equivalent_rate"), rel=1e-10)
    assert [0.0] * 3 == pytest.approx(values(found, "certainty_equivalent_rate_standard_error"), abs=1e-12)


def test_an_uncertain_rate_is_worth_a_lower_one(generator):
    """With ln(1+k) normal, E[(1+k)^-τ] = exp(-τ mean + τ² var / 2); one flow makes the rate a closed form."""
    rates = np.expm1(generator.normal(0.08, 0.02, 200_000))
    flows = np.zeros((1, 10, 1))
    flows[0, -1] = 100.0
    result = valued(flows, rates, (1.03**-YEARS)[:, None], fixed_rates(200_000)[1])
    found = discount(result)

    first = {"item": "customer 0"}
    value, error = values(found, "value", **first), values(found, "value_standard_error", **first)
    assert abs(value - 100.0 * np.exp(-0.8 + 0.02)) <= 4 * error
    rate, error = (
        values(found, f"certainty_equivalent_rate{end}", **first) for end in ("", "_standard_error")
    )
    assert 0.0 < error
    assert abs(rate - np.expm1(0.08 - 10 * 0.02**2 / 2)) <= 4 * error  # false alarms: 6e-5
    assert values(found, "value_mean_over_rates", **first) == pytest.approx(value)
    assert values(found, "value_at_mean_rate", **first) < value


def test_error_of_the_equivalent_rate_is_as_large_as_the_rate_scatters(generator):
    found = []
    for _ in range(200):
        shocks, deflators = market(generator, 500)
        rates = np.expm1(generator.normal(0.08, 0.02, 500))
        measure = discount(valued(lognormal_flows(shocks, 0.7)[None], rates, deflators, fixed_rates(500)[1]))
        names = ("certainty_equivalent_rate", "certainty_equivalent_rate_standard_error")
        found.append([values(measure, name, item="customer 0") for name in names])
    rate, error = np.array(found).T

    # the scatter of 200 has a relative standard deviation of 5 %; the error is of first order
    assert rate.std() == pytest.approx(error.mean(), rel=0.25)


def test_the_implied_beta_of_lognormal_flows_is_their_loading(generator):
    shocks, deflators = market(generator, 100_000)
    flows = np.stack([lognormal_flows(shocks, beta) for beta in (0.0, 0.8, 1.3)])
    rates, risk_free = fixed_rates(100_000)
    found = discount(valued(flows, rates, deflators, risk_free, betas=[0.1, 0.8, 1.0]))

    for place, exact in enumerate((0.0, 0.8, 1.3)):
        names = ("implied_beta", "implied_beta_standard_error")
        beta, error = (values(found, name, item=f"customer {place}") for name in names)
        assert abs(beta - exact) <= 4 * error  # false alarms: 6e-5
        assert error < 0.05
    assert [0.1, 0.8, 1.0] == values(found, "assumed_beta")[:3]


def test_betas_are_reconciled_with_value_weights(generator):
    shocks, deflators = market(generator, 20_000)
    flows = np.stack([2.0 * lognormal_flows(shocks, 0.5), lognormal_flows(shocks, 1.0)])
    result = valued(flows, *fixed_rates(20_000)[:1], deflators, fixed_rates(20_000)[1], betas=[0.5, 1.0])
    found = discount(result)
    weights = result["npv"].sel(discounting="deflator").mean("path").values[0]
    implied = values(found, "implied_beta")

    assert np.average(implied[:2], weights=weights) == pytest.approx(
        values(found, "value_weighted_implied_beta")
    )
    assert np.average([0.5, 1.0], weights=weights) == pytest.approx(
        values(found, "value_weighted_assumed_beta")
    )
    assert implied[-1] - values(found, "value_weighted_implied_beta") == pytest.approx(
        values(found, "beta_difference")
    )
    assert abs(values(found, "beta_difference")) < 0.05


def test_errors_of_beta_are_as_large_as_beta_scatters(generator):
    found = []
    for _ in range(200):
        shocks, deflators = market(generator, 1000)
        rates, risk_free = fixed_rates(1000)
        measure = discount(valued(lognormal_flows(shocks, 0.8)[None], rates, deflators, risk_free))
        found.append(
            [values(measure, name, item="total") for name in ("implied_beta", "implied_beta_standard_error")]
        )
    beta, error = np.array(found).T

    assert beta.std() == pytest.approx(error.mean(), rel=0.3)


def test_levels_have_no_rate_but_the_total_contains_them(generator):
    rates, risk_free = fixed_rates(100)
    result = valued(
        generator.normal(100.0, 5.0, (1, 10, 100)), rates, (1.03**-YEARS)[:, None], risk_free, -30.0
    )
    found = discount(result)

    assert np.isnan(values(found, "certainty_equivalent_rate", item="company"))
    assert 0.08 == pytest.approx(values(found, "certainty_equivalent_rate", item="total"), rel=1e-9)


def test_without_a_market_premium_there_is_no_beta(generator):
    rates, risk_free = fixed_rates(100)
    result = valued(generator.normal(100.0, 5.0, (1, 10, 100)), rates, (1.03**-YEARS)[:, None], risk_free)

    assert np.isnan(values(discount(result.assign_attrs(central_market_premium=0.0)), "implied_beta")).all()


def test_of_several_equivalent_rates_the_nearest_is_given():
    flows, years = np.array([-100.0, 230.0, -132.0]), np.array([0.0, 1.0, 2.0])  # worth 0 at 10 % and at 20 %

    assert 0.10 == pytest.approx(equivalent_rate(flows, years, 0.0, near=0.08))
    assert 0.20 == pytest.approx(equivalent_rate(flows, years, 0.0, near=0.25))


@pytest.mark.parametrize("value", [1000.0, -1.0])
def test_a_value_that_no_rate_gives_has_none(value):
    assert np.isnan(equivalent_rate(np.array([100.0, 100.0]), np.array([1.0, 2.0]), value, near=0.08))


def test_flows_of_nothing_have_no_rate():
    assert np.isnan(equivalent_rate(np.zeros(2), np.array([1.0, 2.0]), 0.0, near=0.08))
