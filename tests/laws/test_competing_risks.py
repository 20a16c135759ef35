"""Competing risks: every cause takes its share of the first events, never more."""

import numpy as np
import pytest

from crcsim.measures import ends
from crcsim.valuation.risks import incidence
from tests.laws.support import agrees, continuous_limit, equal, mean_agrees, run, share_agrees, values

pytestmark = pytest.mark.jit

TWO_CAUSES = "customers: {A: {churn: {hazard: 0.06}, takeover: {hazard: 0.05}}}"
FOUR_CAUSES = """
customers:
  A: {churn: {hazard: 0.12}, takeover: {hazard: 0.05}, insolvency: {hazard: 0.02}}
  Buyer: {lines: {goods: {wallet: 1, share: 100%}}}
mergers: [{target: A, buyer: Buyer, hazard: 0.04}]
"""
HAZARDS = np.array([0.12, 0.05, 0.02, 0.04])


def cumulative(result, customer="A"):
    """Whether the customer has ended by a cause up to a period: [cause, period, path]."""
    cause, period = (result[name].sel(customer=customer).values[0] for name in ("end_cause", "end_period"))
    causes, periods = np.arange(1, 5)[:, None, None], result["period"].values[:, None]
    return (cause == causes) & (period <= periods)


def test_cumulative_incidence_of_two_causes(law, paths):
    """Oracle C06: h_k / h (1 - e^(-hT)) for churn and takeover after ten years."""
    ended = cumulative(run(law(TWO_CAUSES), paths))[:, -1]

    assert equal([0.363888499801, 0.303240416501], incidence([0.06, 0.05], 10), "C06 in valuation")
    assert share_agrees([0.363888499801, 0.303240416501], ended[:2], "C06 incidence")
    assert share_agrees(0.332871083698, ~ended.any(axis=0), "C06 survival")


def test_value_with_a_payment_at_takeover(law):
    """Oracle C06: a payment of 25 at a takeover is worth a flow of its hazard x 25 beside the 10 a year."""
    flow = 10 + 0.05 * 25
    change = f"""{{capital: {{rate: {np.expm1(0.1)}}}, customers: {{A: {{
        churn: {{hazard: 0.06}}, takeover: {{hazard: 0.05}}, lines: {{goods: {{wallet: {flow}}}}}}}}}}}"""

    assert equal(47.0112627722, continuous_limit(law, change), "C06 E_PV", 1e-8)


def test_yearly_probabilities_of_two_causes(law, paths):
    """Oracle C08: within a year h_k / h (1 - e^-h), neither h_k nor 1 - e^(-h_k)."""
    ended = cumulative(run(law(TWO_CAUSES, "time: {years: 1}"), paths))[:, 0]

    assert share_agrees([0.0568177443837, 0.0473481203198], ended[:2], "C08")
    assert share_agrees(0.104165864703, ended.any(axis=0), "C08 any")


@pytest.mark.parametrize("periods_per_year", [1, 4])
@pytest.mark.parametrize("factor", [None, "market"])
def test_incidence_of_four_causes(law, paths, periods_per_year, factor):
    """Churn, takeover, insolvency and a listed merger, with and without a factor (eq. 4.1, 4.3)."""
    grid = f"time: {{years: 10, periods_per_year: {periods_per_year}}}"
    correlation = (
        f"customers: {{A: {{event_correlation: {{rho: 0.3, factor: {factor}}}}}}}" if factor else "{}"
    )
    ended = cumulative(run(law(FOUR_CAUSES, grid, correlation), paths))[
        :, periods_per_year - 1 :: periods_per_year
    ]

    assert share_agrees(incidence(HAZARDS[:, None], np.arange(1, 11)), ended, "incidence of four causes")


def test_incidence_that_measures_report(law, paths):
    found = ends(run(law(FOUR_CAUSES), paths)).sel(customer="A")
    expected = incidence(HAZARDS[:, None], np.arange(1, 11))
    error = np.sqrt(expected * (1 - expected) / paths)

    assert agrees(expected, found["cumulative_incidence"], error, "reported incidence")
    assert agrees(np.exp(-0.23 * 10), found["survival"].sel(period=10), error[0, -1], "reported survival")
    assert equal(error, found["cumulative_incidence_standard_error"], "reported errors", 0.1)


@pytest.mark.parametrize("periods_per_year", [1, 12])
def test_probabilities_observed_beside_each_other(law, paths, periods_per_year):
    """Stated as observed together, each cause takes its stated share of customers in a year (eq. 1.3)."""
    scenario = law(
        f"time: {{years: 1, periods_per_year: {periods_per_year}}}",
        "customer_defaults: {churn: null}",
        """customers: {A: {observed_with_other_causes: true, churn: {yearly_probability: 10%},
            takeover: {yearly_probability: 6%}, insolvency: {yearly_probability: 3%}}}""",
    )
    ended = cumulative(run(scenario, paths))[:, -1]

    assert share_agrees([0.10, 0.06, 0.03], ended[:3], "observed together")


def test_probabilities_that_causes_have_alone(law, paths):
    """Not observed together, p is what each cause would take alone; together they take less (eq. 1.3)."""
    scenario = law(
        "time: {years: 1}",
        "customer_defaults: {churn: null}",
        "customers: {A: {churn: {yearly_probability: 10%}, takeover: {yearly_probability: 6%}}}",
    )
    ended = cumulative(run(scenario, paths))[:, -1]

    assert share_agrees(incidence(-np.log([0.9, 0.94]), 1), ended[:2], "causes alone")
    assert share_agrees(1 - 0.9 * 0.94, ended.any(axis=0), "any of them")


def test_uncertain_hazard(law, paths):
    """A hazard drawn once per path: survival is the Laplace transform of its distribution."""
    scenario = law("customers: {A: {churn: {hazard: {uniform: {low: 5%, high: 35%}}}}}")
    years = np.arange(1, 11)
    expected = (np.exp(-0.05 * years) - np.exp(-0.35 * years)) / (0.3 * years)

    assert share_agrees(1 - expected, cumulative(run(scenario, paths))[0], "uncertain hazard")


def test_no_hazard_no_end(law):
    assert not cumulative(run(law(), 1_000)).any()


def test_value_until_any_cause(law, paths):
    """An annuity that any cause may end: q = e^-h / (1 + k), whatever the mix of causes."""
    q = np.exp(-HAZARDS[:3].sum()) / 1.1
    scenario = law(
        "customers: {A: {churn: {hazard: 0.12}, takeover: {hazard: 0.05}, insolvency: {hazard: 0.02}}}"
    )

    assert mean_agrees(100 * q * (1 - q**10) / (1 - q), values(scenario, paths), "annuity until any cause")
