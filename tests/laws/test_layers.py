"""Parameter and path uncertainty: the covariance of two runs is the variance that parameters cause."""

import numpy as np
import pytest

from crcsim.measures import layers
from tests.laws.support import agrees, equal, run

pytestmark = pytest.mark.jit

MU, SD, SIGMA = 0.1, 0.15, 0.3
RATE = f"capital: {{rate: {{normal: {{mean: {np.expm1(MU)}, sd: {SD * np.exp(MU)}}}}}}}"
ONE_YEAR = "time: {years: 1}"


def split(law, paths, *changes):
    return layers(run(law(*changes), paths, layers=True)).sel(item="total")


def test_a_normal_rate_and_a_lognormal_flow(law, paths):
    """NPV = W e^-R: Var(E[NPV | R]) = E[W]^2 Var(e^-R) and E[Var(NPV | R)] = Var(W) E[e^-2R]."""
    found = split(law, paths, RATE, ONE_YEAR, f"customers: {{A: {{volatility: {SIGMA}}}}}")
    second = np.exp(-2 * MU + 2 * SD**2)
    parameters = 1e4 * (second - np.exp(-2 * MU + SD**2))
    path = 1e4 * np.expm1(SIGMA**2) * second

    assert agrees(
        parameters,
        found["parameter_variance"],
        found["parameter_variance_standard_error"],
        "parameter variance",
    )
    assert agrees(path, found["path_variance"], found["path_variance_standard_error"], "path variance")
    share = parameters / (parameters + path)
    assert agrees(share, found["parameter_share"], found["parameter_share_standard_error"], "parameter share")


def test_several_years_at_one_uncertain_rate(law, paths):
    """Over T years the parameter variance is the double sum of covariances of the discount factors."""
    found = split(law, paths, RATE, "customers: {A: {volatility: 20%}}", "time: {years: 5}")
    s, t = np.meshgrid(np.arange(1, 6), np.arange(1, 6))
    expected = 1e4 * (np.exp(-MU * (s + t) + SD**2 * (s**2 + t**2) / 2) * np.expm1(SD**2 * s * t)).sum()

    assert agrees(
        expected, found["parameter_variance"], found["parameter_variance_standard_error"], "five years"
    )


def test_parameters_alone(law):
    """Without path uncertainty both runs are the same."""
    result = run(law(RATE), 2_000, layers=True)

    assert equal(
        result["npv"].sel(discounting="wacc"), result["npv_fresh"].sel(discounting="wacc"), "second run"
    )
    assert equal(0.0, layers(result)["path_variance"], "path variance", 1e-6)


def test_paths_alone(law, paths):
    """Without uncertain parameters the two runs are independent."""
    found = split(law, paths, "customers: {A: {volatility: 30%, churn: {hazard: 0.1}}}")

    assert agrees(
        0.0, found["parameter_variance"], found["parameter_variance_standard_error"], "parameter variance"
    )


def test_uncertain_churn(law, paths):
    """One year, hazard uniform: the parameter variance is that of e^-h."""
    found = split(
        law,
        paths,
        ONE_YEAR,
        "{capital: {rate: 0%}, customers: {A: {churn: {hazard: {uniform: {low: 0, high: 1}}}}}}",
    )
    mean, second = 1 - np.exp(-1), (1 - np.exp(-2)) / 2
    parameters, path = 1e4 * (second - mean**2), 1e4 * (mean - second)

    assert agrees(
        parameters,
        found["parameter_variance"],
        found["parameter_variance_standard_error"],
        "parameter variance",
    )
    assert agrees(path, found["path_variance"], found["path_variance_standard_error"], "path variance")


def test_levels_have_their_second_run_too(law, paths):
    """Costs of the company do not depend on paths; by the deflator they do, and their layers follow."""
    result = run(
        law("costs: [{name: office, amount: 10}]", "economy: {market: {expected_return: 8%}}"),
        paths,
        layers=True,
    )
    found = layers(result, "deflator").sel(item="company")
    years = np.arange(1, 11)
    a = np.log(1.08) / 0.04
    variance = 100 * np.expm1((a * 0.2) ** 2 * np.minimum.outer(years, years)).sum()

    assert agrees(
        variance, found["path_variance"], found["path_variance_standard_error"], "level by the deflator"
    )
    assert equal(0.0, layers(result, "wacc").sel(item="company")["path_variance"], "level at the rate", 1e-6)
