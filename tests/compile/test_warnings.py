"""What a reader should know about the inputs before trusting a result."""

import json

from crcsim import simulate
from crcsim.compile.program import Program


def test_a_rate_above_the_capm_rate_beside_churn_may_count_churn_twice(scenario):
    loaded = scenario(
        "capital: {rate: 18%, beta: 1}",
        "customer_defaults: {churn: {hazard: 0.08}}",
        "economy: {real_rate: 1%}",
    )
    (warning,) = Program(loaded, 1).warnings()

    assert warning == (
        "capital.rate 18.00% exceeds the CAPM rate 5.00% by 13.00% while churn is a hazard too: churn may be "
        "counted twice"
    )


def test_the_same_rate_without_churn_is_no_reason_to_warn(scenario):
    assert [] == Program(scenario("capital: {rate: 18%, beta: 1}"), 1).warnings()


def test_a_market_below_the_risk_free_rate_has_a_negative_price_of_risk(scenario):
    (warning,) = Program(scenario("economy: {real_rate: 6%}", "capital: {rate: 5%}"), 1).warnings()

    assert warning.startswith("the market earns less than the risk-free rate")


def test_a_market_without_volatility_cannot_price_its_premium(scenario):
    (warning,) = Program(scenario("economy: {market: {volatility: 0%}}"), 1).warnings()

    assert warning.startswith("a market without volatility earns a premium")


def test_a_family_that_misses_stated_quantiles_is_named(scenario):
    stated = "customers: {A: {growth: {normal: {quantiles: {5%: 0%, 50%: 1%, 95%: 8%}}}}}"
    (warning,) = Program(scenario(stated), 1).warnings()

    assert warning.startswith("customers.A.growth: the family does not reach the stated quantiles (off by")


def test_warnings_stand_in_the_result(scenario):
    result = simulate(
        scenario("economy: {real_rate: 6%}", "capital: {rate: 5%}"), paths=8, bands=False, lanes=8
    )

    assert 1 == len(json.loads(result.attrs["warnings"]))
