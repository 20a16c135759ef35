"""Phases of a relation: their durations and factors, prospects that convert, customers that come back."""

import numpy as np
import pytest

from tests.laws.support import equal, expected_value, mean_agrees, run, sales, sample, share_agrees, values

pytestmark = pytest.mark.jit

#: Direct cost tells the phase: 1, 10, 100, 1000 a year. Phases last one, two and three years on average.
CODES = np.array([1, 10, 100, 1000])
PHASES = """
time: {years: 5, periods_per_year: 4}
customers:
  A:
    phase: build_up
    direct_cost: 1
    phases:
      build_up: {duration: 1 year, direct_cost_factor: 1}
      growth: {duration: 24 months, direct_cost_factor: 10}
      maturity: {duration: 3 years, direct_cost_factor: 100}
      decline: {direct_cost_factor: 1000}
    lines: {goods: {wallet: 4}}
"""
LEAVE = np.array([1 / 4, 1 / 8, 1 / 12, 0])  # chance to leave in a quarter


def phases(scenario, paths):
    """Whether the active customer is in each phase at the ends of the quarters [phase, quarter, path]."""
    cost = sample(
        scenario, paths, lambda r: np.where(r["sales"] > 0, (r["sales"] - r["cash_flow"]).values * 4, 0)
    )
    return np.rint(cost) == CODES[:, None, None]


def chain(stay, weight=1.0):
    """Occupancy [phase, quarter] of a relation that starts in build-up: exits first, then the next phase."""
    step = np.diag(stay * weight * (1 - LEAVE)) + np.diag((stay * weight * LEAVE)[:3], 1)
    occupied, row = [], np.array([1.0, 0, 0, 0])
    for _ in range(20):
        row = row @ step
        occupied.append(row)
    return np.array(occupied).T


def test_phases_follow_each_other(law, paths):
    """Occupancy of the phases: left with probability step / duration in every period (eq. 4.2)."""
    watched = [0, 3, 7, 19]

    assert share_agrees(chain(np.ones(4))[:3, watched], phases(law(PHASES), paths)[:3, watched], "phases")


def test_mean_duration(law, paths):
    """A phase of expected duration d is left after d years on average."""
    in_build_up = phases(law(PHASES, "time: {years: 12}"), paths // 2)[0].sum(axis=0)
    expected = 1.0 * (1 - 0.75**48)

    assert mean_agrees(expected, (1 + in_build_up) / 4 - 0.75**48 / 4, "years in build-up")


@pytest.mark.parametrize("factor", [None, "market"])
def test_phases_beside_churn(law, paths, factor):
    """Churn strikes first, at a hazard of its own in every phase; who stays may go on (eq. 4.1, 4.2)."""
    correlation = f", event_correlation: {{rho: 0.4, factor: {factor}}}" if factor else ""
    churn = f"""customers: {{A: {{churn: {{hazard: 0.2}}{correlation},
        phases: {{build_up: {{churn_factor: 2}}, maturity: {{churn_factor: 0.5}},
            decline: {{churn_factor: 3}}}}}}}}"""
    stay = np.exp(-0.05 * np.array([2, 1, 0.5, 3]))
    watched = [0, 3, 7, 19]

    assert share_agrees(
        chain(stay)[:, watched][:, 1:],
        phases(law(PHASES, churn), paths)[:, watched][:, 1:],
        "phases beside churn",
    )


def test_growth_of_a_phase_enters_the_wallet(law, paths):
    """Mean wallet with add-ons of 10 %, 5 %, 0 and -10 % a year, by the phase in which a period begins."""
    growth = (
        "customers: {A: {phases: {build_up: {growth: 10%}, growth: {growth: 5%}, decline: {growth: -10%}}}}"
    )
    weight = np.array([1.10, 1.05, 1.0, 0.9]) ** 0.25
    expected = chain(np.ones(4), weight).sum(axis=0)
    watched = [0, 7, 19]

    wallet = sales(law(PHASES, growth), paths)[watched]
    assert equal(expected[0], wallet[0], "wallet after a quarter")
    assert mean_agrees(expected[watched[1:]], wallet[1:], "wallet by phase")


def test_explained_value_with_phases(law, paths):
    """The value of the whole lifecycle equals that of the deterministic limit."""
    churn = """customers: {A: {churn: {hazard: 0.2}, phases: {build_up: {churn_factor: 2, growth: 8%}},
        lines: {goods: {wallet: 400}}}}"""
    scenario = law(PHASES, churn)

    assert mean_agrees(expected_value(scenario), values(scenario, paths), "value with phases")


# --- prospects ----------------------------------------------------------------------------------------------
PROSPECT = """
time: {years: 6, periods_per_year: 4}
customers: {A: {phase: prospect, acquisition: {spend: 40, duration: 3 years, conversion: {hazard: 0.5}}}}
"""


def test_conversion_of_prospects(law, paths):
    """Converted by tau: 1 - e^(-c tau) while money is spent, and nobody afterwards."""
    active = sample(law(PROSPECT), paths, lambda result: result["sales"].values > 0)[[0, 7, 11, 19]]

    assert share_agrees(-np.expm1(-0.5 * np.array([0.25, 2, 3, 3])), active, "conversion")


def test_acquisition_spending(law, paths):
    """A prospect costs its spend in every period at whose end it is still one, for three years."""
    cash = sample(law(PROSPECT), paths, lambda result: result["cash_flow"].values)[[0, 7, 10, 12]]

    assert share_agrees(np.exp(-0.5 * np.array([0.25, 2, 2.75])), cash[:3] == -10, "spending")
    assert not (cash[3] < 0).any()


def test_acquisition_spending_of_the_last_period(law, paths):
    """Three years of spending are twelve quarters."""
    cash = sample(law(PROSPECT), paths, lambda result: result["cash_flow"].values)[11]

    assert share_agrees(np.exp(-1.5), cash == -10, "spending in the last quarter")


def test_a_short_acquisition_ends(law):
    """Five months of acquisition are over after a year."""
    scenario = law(
        PROSPECT, "time: {periods_per_year: 1}", "customers: {A: {acquisition: {duration: 5 months}}}"
    )

    assert not (run(scenario, 1_000)["cash_flow"].values[0, 1:] < 0).any()


@pytest.mark.parametrize("shape", [1.0, 0.6])
def test_customers_won_and_lost_again(law, paths, shape):
    """Active at the end of t: converted in some period, not lost since; tenure counts from then."""
    scenario = law(PROSPECT, f"customers: {{A: {{churn: {{hazard: 0.3, tenure_shape: {shape}}}}}}}")
    active = sample(scenario, paths, lambda result: result["sales"].values > 0)
    quarters = np.arange(1, 25)
    converted = np.where(quarters <= 12, np.exp(-0.125 * (quarters - 1)) * -np.expm1(-0.125), 0)
    tenure = (quarters[:, None] - quarters) / 4  # [now, quarter of the conversion]
    kept = np.where(tenure >= 0, np.exp(-0.3 * np.maximum(tenure, 0) ** shape / shape), 0)
    expected = kept @ converted
    watched = [0, 3, 11, 23]

    assert share_agrees(expected[watched], active[watched], "active after conversion")


def test_explained_value_of_a_prospect(law, paths):
    scenario = law(
        PROSPECT,
        "customers: {A: {churn: {hazard: 0.3}, growth: 4%, volatility: 20%, acquisition: {duration: inf}}}",
    )

    assert mean_agrees(expected_value(scenario), values(scenario, paths), "value of a prospect")


# --- win-back -----------------------------------------------------------------------------------------------
def test_share_of_time_that_a_customer_is_back(law, paths):
    """Stationary probability of being active: w / (w + p), chances of return and of churn in a period."""
    scenario = law("{time: {years: 40}, customers: {A: {churn: {hazard: 0.4}, win_back: {hazard: 0.25}}}}")
    active = sample(scenario, paths, lambda result: result["sales"].values > 0, at_once=100_000)[-1]
    leave, back = -np.expm1([-0.4, -0.25])

    assert share_agrees(back / (back + leave), active, "stationary probability")


def test_only_churn_can_be_won_back(law, paths):
    """Lost by takeover is lost for good: the chain of active, away and gone."""
    scenario = law("customers: {A: {churn: {hazard: 0.3}, takeover: {hazard: 0.1}, win_back: {hazard: 0.5}}}")
    event, back = -np.expm1([-0.4, -0.5])
    step = np.array([[1 - event, event * 0.75, event * 0.25], [back, 1 - back, 0], [0, 0, 1]])
    expected = np.linalg.matrix_power(step, 10)[0]
    result = sample(scenario, paths, lambda r: r["end_cause"].sel(customer="A").values)

    assert share_agrees(expected, result == np.arange(3)[:, None], "active, away and gone")


def test_value_with_win_back(law, paths):
    scenario = law(
        "time: {years: 6, periods_per_year: 2}",
        "customers: {A: {churn: {hazard: 0.4}, win_back: {hazard: 0.25}, growth: 3%, volatility: 15%}}",
    )

    assert mean_agrees(expected_value(scenario), values(scenario, paths), "value with win-back")
