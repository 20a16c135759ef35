"""The cost of capital and what it is made of: published numbers, laws of betas, inputs that do not fit."""

import json

import numpy as np
import pytest

from crcsim.errors import CrcsimError, NumericError
from crcsim.measures.rates import RATES, customer_rates, has_customer_rates, rate_build_up
from tests.measures.conftest import result_of

INPUTS = {
    "real_rate": 0.02,
    "expected_inflation": 0.02,
    "expected_market_return": 0.09,
    "beta": 1.2,
    "cost_of_debt": 0.05,
    "equity_share": 0.7,
    "tax_rate": 0.3,
}
#: 1.2 / (1 + 0.7 x 3/7)
UNLEVERED = 1.2 / 1.3


def capital(betas=(UNLEVERED,), worth=None, paths=4, form="effective", scenario=None, **uncertain):
    """A result with these inputs, `uncertain` ones [path]; the firm's rate by the formulas, written out."""
    table = {name: np.broadcast_to(uncertain.get(name, value), paths) for name, value in INPUTS.items()}
    risk_free = table["real_rate"] + table["expected_inflation"]
    market, share = table["expected_market_return"], table["equity_share"]
    debt = (1.0 - share) * table["cost_of_debt"] * (1.0 - table["tax_rate"])
    if form == "log":
        equity = (1.0 + risk_free) * ((1.0 + market) / (1.0 + risk_free)) ** table["beta"]
        cost_of_debt = 1.0 + table["cost_of_debt"] * (1.0 - table["tax_rate"])
        rate, central = equity**share * cost_of_debt ** (1.0 - share) - 1.0, None
    else:
        rate = share * (risk_free + table["beta"] * (market - risk_free)) + debt
        central = 0.0805
        rate = 1.0805 * np.exp((rate - central) / 1.0805) - 1.0
    result = result_of(
        np.ones((len(betas), paths)) if worth is None else worth,
        capital_inputs=(("capital_input", "path"), np.stack(list(table.values()))),
        central_capital_inputs=(("capital_input",), np.array(list(INPUTS.values()))),
        cost_of_capital=(("path",), rate),
        risk_free_rate=(("path",), risk_free),
        central_cost_of_capital=float(rate[0]) if central is None else central,
        central_risk_free_rate=0.04,
        scenario_resolved=json.dumps({"capital": {"form": form}} | (scenario or {})),
    )
    return result.assign_coords(capital_input=list(INPUTS), business_beta=("customer", list(betas)))


def test_published_rates():
    """Oracle B05: risk-free 4 %, cost of equity 10 %, WACC 8.05 %."""
    found = rate_build_up(capital())

    for name, expected in {
        "risk_free_rate": 0.04,
        "market_premium": 0.05,
        "cost_of_equity": 0.1,
        "unlevered_beta": UNLEVERED,
        "wacc": 0.0805,
        "cost_of_capital": 0.0805,
    }.items():
        for variable in ("central", "mean"):
            assert expected == pytest.approx(float(found[variable].sel(rate=name)), rel=1e-12)
        assert 0.0 == pytest.approx(float(found["mean_standard_error"].sel(rate=name)), abs=1e-15)


def test_the_log_form_multiplies():
    found = rate_build_up(capital(form="log"))

    equity = 1.04 * (1.09 / 1.04) ** 1.2
    assert equity - 1.0 == pytest.approx(float(found["central"].sel(rate="cost_of_equity")))
    assert equity**0.7 * 1.035**0.3 - 1.0 == pytest.approx(float(found["mean"].sel(rate="wacc")))


def test_exact_risk_free_rate_is_compounded():
    result = capital(scenario={"capital": {}, "economy": {"fisher": "exact"}})
    with pytest.raises(NumericError, match="risk-free rate does not follow from its inputs"):
        rate_build_up(result)


def test_means_and_percentiles_of_an_uncertain_input(generator):
    beta = generator.normal(1.2, 0.2, 20_000)
    found = rate_build_up(capital(paths=20_000, beta=beta))

    one = found.sel(rate="cost_of_equity")
    assert abs(float(one["mean"]) - 0.1) < 4 * float(one["mean_standard_error"])
    for level, z in ((0.05, -1.6448536), (0.95, 1.6448536)):
        at = one.sel(quantile=level)
        assert abs(float(at["percentile"]) - (0.1 + 0.01 * z)) < 4 * float(at["percentile_standard_error"])
    # the rate that discounts is convex in the uncertain one: above the WACC by half its variance
    excess = float(found["mean"].sel(rate="cost_of_capital") - found["mean"].sel(rate="wacc"))
    assert 0.5 * (0.7 * 0.05 * beta.std()) ** 2 / 1.0805 == pytest.approx(excess, rel=0.05)


@pytest.mark.parametrize("name", ["cost_of_capital", "risk_free_rate", "capital_inputs"])
def test_rates_that_do_not_follow_from_their_inputs_are_refused(name):
    result = capital()
    result[name].values.reshape(-1)[-1] += 1e-6

    with pytest.raises(NumericError, match="does not follow from its inputs"):
        rate_build_up(result)


def test_a_stated_rate_has_no_capm_behind_it():
    result = capital(scenario={"capital": {"rate": {"value": 0.11}}})
    result["cost_of_capital"].values[:] = 0.11
    found = rate_build_up(result)

    assert 1 == found.attrs["stated"]
    assert 0.11 == pytest.approx(float(found["mean"].sel(rate="cost_of_capital")))
    empty = [name for name in RATES if np.isnan(float(found["mean"].sel(rate=name)))]
    assert ["beta", "cost_of_equity", "cost_of_debt", "equity_share", "unlevered_beta", "wacc"] == empty
    assert not has_customer_rates(result)
    with pytest.raises(CrcsimError, match="betas do not enter"):
        customer_rates(result)


def test_a_customer_like_the_firm_has_the_rate_of_the_firm():
    found = customer_rates(capital(betas=[UNLEVERED]))

    assert 1.2 == pytest.approx(float(found["equity_beta"].sel(customer="customer 0")))
    assert 0.0805 == pytest.approx(float(found["central"].sel(customer="customer 0")))
    assert 0.0 == pytest.approx(float(found["difference"].isel(strategy=0)), abs=1e-15)


def test_rates_weighted_with_value_are_held_against_the_firms():
    """Without market risk 0.7 x 4 % + 0.3 x 3.5 % = 3.85 %; twice the firm's beta 0.7 x 16 % + 1.05 %."""
    worth = np.array([[3.0] * 4, [1.0] * 4])
    found = customer_rates(capital(betas=[0.0, 2.0 * UNLEVERED], worth=worth))

    np.testing.assert_allclose([0.0385, 0.1225], found["central"])
    weighted = 0.75 * 0.0385 + 0.25 * 0.1225
    assert weighted == pytest.approx(float(found["weighted_rate"].isel(strategy=0)))
    assert weighted - 0.0805 == pytest.approx(float(found["difference"].isel(strategy=0)))


def test_error_of_the_weighted_rate_is_calibrated(generator):
    """400 small runs: the difference scatters as widely as its standard error says."""
    estimates, errors = [], []
    for _ in range(400):
        worth = np.array([[3.0], [1.0]]) * generator.lognormal(0.0, 0.3, (2, 200))
        market = generator.normal(0.09, 0.01, 200)
        result = capital([0.3, 1.4], worth, 200, expected_market_return=market)
        found = customer_rates(result).isel(strategy=0)
        estimates.append(float(found["difference"]))
        errors.append(float(found["difference_standard_error"]))
    premium = 0.7 * 1.3 * 0.05
    truth = premium * (0.75 * 0.3 + 0.25 * 1.4 - UNLEVERED)
    standardised = (np.array(estimates) - truth) / np.array(errors)

    assert 356 <= np.count_nonzero(np.abs(standardised) <= 1.96)
    assert 0.82 <= standardised.std() <= 1.18


def test_values_that_do_not_add_up_to_more_than_nothing_weigh_nothing():
    found = customer_rates(capital(betas=[0.5, 1.0], worth=np.array([[1.0] * 4, [-1.0] * 4])))

    assert np.isnan(float(found["weighted_rate"].isel(strategy=0)))


def test_customers_at_their_own_rate_are_marked():
    own = {"customers": {"customer 1": {"rate": "own"}, "customer 0": {"rate": "firm"}}}
    found = customer_rates(capital(betas=[0.5, 1.0], scenario=own))

    assert [0, 1] == found["own_rate"].values.tolist()


def test_a_result_without_inputs_says_so():
    with pytest.raises(CrcsimError, match="holds no inputs"):
        rate_build_up(capital().drop_vars("capital_inputs"))
