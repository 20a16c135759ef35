"""Insolvency: more likely when the customer does badly, at the stated mean, and a loss of receivables."""

import numpy as np
import pytest

from tests.laws.support import equal, gaussian, mean_agrees, run, sample, share_agrees

pytestmark = pytest.mark.jit

HAZARD, OMEGA = 0.2, 1.5
FOLLOWING = """
economy: {industries: {shipping: {volatility: 25%}}}
customers:
  A:
    beta: 1.1
    volatility: 20%
    industry: {shipping: 0.8}
    growth: 4%
    insolvency: {hazard: 0.2, success_exponent: 1.5, hazard_cap: 1000% per year}
"""
VARIANCE = 1.1**2 * 0.2**2 + 0.2**2 + 0.8**2 * 0.25**2  # of the yearly shock
REGIMES = """economy: {market: {expected_return: null, volatility: null, regimes: {
    good: {expected_return: 12%, volatility: 13%, leave: {yearly_probability: 15%}},
    bad: {expected_return: -20%, volatility: 28%, leave: {yearly_probability: 45%}}}}}"""


def insolvent(scenario, paths):
    """Whether the customer becomes insolvent in each of the first three years [year, path]."""
    return sample(
        scenario, paths, lambda r: r["end_period"].sel(customer="A").values == np.arange(1, 4)[:, None]
    )


def incidence(cap=np.inf, omega=OMEGA, variance=VARIANCE):
    """P(insolvency in years 1, 2 and 3) by quadrature over the shocks of years 1 and 2 (eq. 4.6)."""
    z, weight = gaussian(120)
    first, second = z[:, None] * np.sqrt(variance), z[None, :] * np.sqrt(variance)
    weights = weight[:, None] * weight[None, :]

    def hazard(shock, years):
        return np.minimum(cap, HAZARD * np.exp(-omega * shock - years * omega**2 * variance / 2))

    start = min(cap, HAZARD)
    one, two = hazard(first, 1), hazard(first + second, 2)
    parts = (-np.expm1(-start), np.exp(-start) * -np.expm1(-one), np.exp(-start - one) * -np.expm1(-two))
    return [float((weights * np.broadcast_to(part, weights.shape)).sum()) for part in parts]


def test_insolvency_follows_success(law, paths):
    """Incidence in the first three years: hazards at the stated mean, spread by the customer's fortune."""
    found = insolvent(law(FOLLOWING), paths)

    assert share_agrees(incidence(), found, "incidence")


@pytest.mark.parametrize("coupling", [0.0, 2.0])
def test_coupling_does_not_move_insolvency(law, paths, coupling):
    """The hazard follows the customer's own business, however our wallet is coupled to it."""
    found = insolvent(law(FOLLOWING, f"customers: {{A: {{coupling: {coupling}}}}}"), paths)

    assert share_agrees(incidence(), found, f"incidence at coupling {coupling}")


@pytest.mark.parametrize("cap", [0.15, 0.3])
def test_the_hazard_is_capped(law, paths, cap):
    scenario = law(FOLLOWING, f"customers: {{A: {{insolvency: {{hazard_cap: {cap}}}}}}}")

    assert share_agrees(incidence(cap), insolvent(scenario, paths), f"incidence capped at {cap}")


def test_without_exponent_the_hazard_is_constant(law, paths):
    scenario = law(FOLLOWING, "customers: {A: {insolvency: {success_exponent: 0}}}")

    assert share_agrees(incidence(omega=0.0), insolvent(scenario, paths), "incidence without exponent")


def test_mean_hazard_in_regimes(law, paths):
    """The mean of B^-omega comes from the matrix recursion: incidence of the second year."""
    scenario = law(FOLLOWING, REGIMES, "economy: {industries: null}", "customers: {A: {industry: null}}")
    leave = np.array([0.15, 0.45])
    weight_of = leave[::-1] / leave.sum()
    mean = 1.1 * (np.log([1.12, 0.80]) - np.array([0.13, 0.28]) ** 2 / 2)
    sd = np.sqrt(1.1**2 * np.array([0.13, 0.28]) ** 2 + 0.2**2)
    z, weight = gaussian()
    power = np.exp(-OMEGA * (mean[:, None] + sd[:, None] * z))  # [regime, node]
    hazard = HAZARD * power / (weight_of @ (power @ weight))
    second = np.exp(-HAZARD) * (weight_of @ (-np.expm1(-hazard) @ weight))

    assert share_agrees([-np.expm1(-HAZARD), second], insolvent(scenario, paths)[:2], "incidence in regimes")


# --- write-off ----------------------------------------------------------------------------------------------
OWING = """
capital: {rate: 0%, tax_rate: 25%}
products: {goods: {sales_deductions: 5%}}
customers:
  A:
    growth: 4%
    volatility: 20%
    churn: {hazard: 0.1}
    insolvency: {hazard: 0.15, loss_given_default: 40%}
    receivable_days: 60
"""


def write_off(law, paths):
    """Cash that insolvency costs [path]: all else is the same at a loss of nothing."""
    with_loss, without = law(OWING), law(OWING, "customers: {A: {insolvency: {loss_given_default: 0%}}}")
    lost, kept = (sample(s, paths, lambda r: r["cash_flow"].values.sum(axis=0)) for s in (with_loss, without))
    return kept - lost


def test_write_off_path_by_path(law):
    """Loss given default x receivables of the period before, less the tax that the loss saves."""
    result = run(law(OWING), 2_000).sel(strategy="baseline", customer="A")
    before = np.vstack([np.full(2_000, 100.0), result["sales"].values])
    period = result["end_period"].values
    owed = before[np.maximum(period - 1, 0), np.arange(2_000)] * 0.95 * 60 / 365
    expected = np.where(result["end_cause"].values == 3, 0.75 * 0.4 * owed, 0.0)

    assert equal(expected, np.where(np.abs(w := write_off(law, 2_000)) < 1e-9, 0.0, w), "write-off of a path")


def test_mean_write_off(law, paths):
    """Incidence of insolvency year by year x loss x mean receivables at the begin of the year."""
    years = np.arange(1, 11)
    incidence_of_year = np.exp(-0.25 * (years - 1)) * -np.expm1(-0.25) * 0.15 / 0.25
    owed = 100 * 1.04 ** (years - 1) * 0.95 * 60 / 365

    assert mean_agrees(0.75 * 0.4 * (incidence_of_year * owed).sum(), write_off(law, paths), "mean write-off")
