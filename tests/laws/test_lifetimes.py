"""Lifetimes: exponential, Weibull and heterogeneous, and the value of cash that ends with them."""

from statistics import NormalDist

import numpy as np
import pytest
from scipy.special import beta as beta_function

from crcsim.measures import ends, quantiles, tail
from tests.laws.support import (
    agrees,
    continuous_limit,
    equal,
    expected_value,
    mean_agrees,
    run,
    sample,
    share_agrees,
    total_value,
    values,
    write_scenario,
)

pytestmark = pytest.mark.jit


def alive(scenario, paths):
    """Whether the customer sells at the end of each period [period, path]."""
    return sample(scenario, paths, lambda result: result["sales"].values > 0)


# --- wallet and lifetime together ---------------------------------------------------------------------------
def test_lognormal_wallet_until_churn(law, paths):
    """Oracle C01: mean and variance of the NPV of a lognormal flow that ends at a constant hazard."""
    scenario = law(
        f"customers: {{A: {{growth: {np.expm1(0.04)}, volatility: 20%}}}}",
        "customers: {A: {churn: {hazard: 0.08}, lines: {goods: {wallet: 10}}}}",
    )
    value = values(scenario, paths)

    assert equal(51.1804215511, expected_value(scenario), "C01 explained")
    assert mean_agrees(51.1804215511, value, "C01 mean")
    assert mean_agrees(1185.44671315, (value - 51.1804215511) ** 2, "C01 variance")


# --- exponential lifetimes in short periods -----------------------------------------------------------------
# Oracles C03 and C04 live in continuous time: 10 a year at the log rate 0.1 until a hazard of 0.08 strikes.
# Here a year stands for a fifth of theirs, so that a month is a sixtieth, over fifty of their years.
LEVEL_FLOW = f"""
time: {{years: 250, periods_per_year: 12}}
economy: {{real_rate: {np.expm1(0.02)}}}
capital: {{rate: {np.expm1(0.02)}}}
customers: {{A: {{churn: {{hazard: 0.016}}, lines: {{goods: {{wallet: 2}}}}}}}}
"""
STEP = 1 / 60
PERCENTILES = {
    0.05: 6.21043823436,
    0.25: 30.2046355673,
    0.5: 57.9551792373,
    0.75: 82.3223304703,
    0.95: 97.6356459775,
}
PERCENTILE_ERRORS = {
    0.05: 0.268960014273,
    0.25: 0.503704655542,
    0.5: 0.525560259534,
    0.75: 0.38273277231,
    0.95: 0.128824753136,
}


@pytest.fixture(scope="module")
def both_ends(tmp_path_factory):
    """Results with flows at the begin and at the end of the month; their mean is the trapezoidal rule."""
    timings = (f"time: {{flow_timing: {timing}}}" for timing in ("begin", "end"))
    folder = tmp_path_factory.mktemp("level")
    return [run(write_scenario(folder, 1, LEVEL_FLOW, timing), 10_000) for timing in timings]


def between(results, read):
    return sum(read(result) for result in results) / 2


def test_level_flow_until_churn(law, paths):
    """Oracle C03: mean and variance, from `begin` and `end` averaged: errors fall with the squared step."""
    timings = (law(LEVEL_FLOW, f"time: {{flow_timing: {timing}}}") for timing in ("begin", "end"))
    value = sum(sample(scenario, paths // 10, total_value, at_once=20_000) for scenario in timings) / 2

    assert mean_agrees(55.5555555556, value, "C03 mean")
    assert mean_agrees(881.834215168, (value - 55.5555555556) ** 2, "C03 variance")
    assert share_agrees(
        list(PERCENTILES), value <= np.array(list(PERCENTILES.values()))[:, None], "C03 distribution"
    )


def test_limit_of_short_periods(law):
    """Oracles C02 and C03: means c / (rho + lambda) and c / (rho + lambda - mu) as periods shrink."""
    horizon = f"{{time: {{years: 120}}, capital: {{rate: {np.expm1(0.1)}}}, "
    churn = horizon + "customers: {A: {churn: {hazard: 0.08}, "
    level = churn + "lines: {goods: {wallet: 10}}}}}"
    growing = churn + f"growth: {np.expm1(0.04)}, lines: {{goods: {{wallet: 10}}}}}}}}}}"

    assert equal(55.5555555556, continuous_limit(law, level), "C03 mean in the limit", 1e-8)
    assert equal(71.4285714286, continuous_limit(law, growing), "C02 in the limit", 1e-7)


def test_percentiles_and_tail_of_a_level_flow(both_ends):
    """Oracle C03: percentiles and CVaR, additive over `begin` and `end`, which rise with one lifetime."""
    probabilities = list(PERCENTILES)
    found = between(
        both_ends, lambda r: quantiles(r, probabilities)["percentile"].sel(item="total").values[0]
    )
    below = tail(both_ends[1]).sel(item="total")
    cvar = between(both_ends, lambda r: tail(r)["conditional_value_at_risk"].sel(item="total").item())
    grain = 10 * STEP  # a percentile of lifetimes in whole months is off by up to one flow
    expected, error = np.array(list(PERCENTILES.values())), np.array(list(PERCENTILE_ERRORS.values()))

    assert agrees(expected, found, error + grain / 4, "C03 percentiles")
    assert agrees(3.11185490982, cvar, below["conditional_value_at_risk_standard_error"].item(), "C03 CVaR")


def test_standard_errors_of_percentiles(both_ends):
    """Oracle C04: order statistics of 10,000 paths give the asymptotic errors as far as whole months allow.

    The width of the interval between two order statistics scatters by about 10 %, the grain of a month at the
    5th percentile adds 15 %.
    """
    found = quantiles(both_ends[1], list(PERCENTILE_ERRORS))["percentile_standard_error"].sel(item="total")

    assert equal(list(PERCENTILE_ERRORS.values()), found, "C04", 0.25)


def test_lifetimes_do_not_depend_on_the_grid(law, paths):
    """Survival e^(-h tau) at the ends of years on yearly, quarterly and monthly grids."""
    for number in (1, 4, 12):
        scenario = law(
            f"time: {{years: 3, periods_per_year: {number}}}", "customers: {A: {churn: {hazard: 0.2}}}"
        )

        assert share_agrees(
            np.exp(-0.2 * np.arange(1, 4)),
            alive(scenario, paths)[number - 1 :: number],
            f"survival, {number} a year",
        )


# --- tenure -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("shape", "tenure"), [(0.6, 0), (0.6, 5), (1.7, 0), (1.7, 5)])
@pytest.mark.parametrize("periods_per_year", [1, 4])
def test_weibull_tenure(law, paths, shape, tenure, periods_per_year):
    """Survival exp(-h a0^(1-shape) [(a+tau)^shape - a^shape] / shape) on every grid (eq. 4.4)."""
    scenario = law(
        f"time: {{years: 8, periods_per_year: {periods_per_year}}}",
        f"customers: {{A: {{tenure: {tenure} years, churn: {{hazard: 0.1, tenure_shape: {shape}}}}}}}",
        "customers: {A: {churn: {tenure_reference: 3 years}}}",
    )
    years = np.arange(1, 9)
    grown = (tenure + years) ** shape - tenure**shape
    expected = np.exp(-0.1 * 3 ** (1 - shape) * grown / shape)

    assert share_agrees(
        expected, alive(scenario, paths)[periods_per_year - 1 :: periods_per_year], "Weibull survival"
    )


# --- heterogeneity ------------------------------------------------------------------------------------------
#: Shape parameters of the shifted beta-geometric and survival after 8 to 12 years (Fader and Hardie 2007).
COHORTS = {
    "high end": (
        0.668088350545,
        3.80609499296,
        [0.460439673776, 0.435779591932, 0.414172399767, 0.39505534502, 0.377999073424],
    ),
    "regular": (
        0.704077282375,
        1.18204296988,
        [0.220084966042, 0.204410786401, 0.191190191034, 0.179864992629, 0.170037453174],
    ),
}


def mixed_churn(alpha, beta, each="true"):
    risk = f"{{yearly_probability: {{beta: {{alpha: {alpha}, beta: {beta}}}, each: {each}}}}}"
    second = "customers: {B: {lines: {goods: {wallet: 100, share: 100%}}}}"
    return f"{{time: {{years: 12}}, customer_defaults: {{churn: {risk}}}, {second}}}"


@pytest.mark.parametrize("cohort", COHORTS)
def test_survival_of_a_beta_mixture(law, paths, cohort):
    """Oracle A22: S(t) = B(a, b+t) / B(a, b), against the published digits of years 8 to 12."""
    a, b, published = COHORTS[cohort]
    years = np.arange(1, 13)
    expected = beta_function(a, b + years) / beta_function(a, b)
    scenario = law("customer_defaults: {churn: null}", mixed_churn(a, b))
    survivors = sample(scenario, paths, lambda r: r["end_period"].sel(customer="A").values)

    assert equal(published, expected[7:], "A22 closed form", 1e-9)
    assert share_agrees(expected, (survivors == 0) | (survivors > years[:, None]), f"A22 {cohort}")


def test_even_mixture(law, paths):
    """Oracle A25: with a = b = 1 a quarter of the customers survives three years."""
    survival = ends(run(law("customer_defaults: {churn: null}", mixed_churn(1, 1)), paths))["survival"]

    assert agrees(0.25, survival.sel(customer="A", period=3), np.sqrt(0.25 * 0.75 / paths), "A25")


@pytest.mark.parametrize("each", ["true", "false"])
def test_shared_and_separate_mixtures(law, paths, each):
    """Drawn for each customer, two survive independently; drawn once, together with E[(1-p)^(2t)]."""
    a, b = 0.668088350545, 3.80609499296
    scenario = law("customer_defaults: {churn: null}", mixed_churn(a, b, each))
    ended = sample(scenario, paths, lambda result: result["end_period"].values)
    alone = beta_function(a, b + 5) / beta_function(a, b)
    together = beta_function(a, b + 10) / beta_function(a, b) if each == "false" else alone**2

    assert share_agrees(together, ((ended == 0) | (ended > 5)).all(axis=0), f"both survive, each {each}")


def test_a_mean_rate_understates_value(law, paths):
    """Heterogeneous customers are worth more than customers at the mean churn rate."""
    a, b = 0.668088350545, 3.80609499296
    years = np.arange(1, 13)
    mixed = (200 * beta_function(a, b + years) / beta_function(a, b) * 1.1**-years).sum()
    scenario = law("customer_defaults: {churn: null}", mixed_churn(a, b))

    assert mean_agrees(mixed, values(scenario, paths), "value of the mixture")
    assert expected_value(scenario) < mixed  # at the mean rate


def test_percentile_errors_of_a_lognormal_value(law, paths):
    """Percentiles of a lognormal NPV and their standard errors sqrt(p (1-p) / n) / density."""
    scenario = law("{time: {years: 1}, customers: {A: {volatility: 50%}}}")
    found = quantiles(run(scenario, paths)).sel(item="total")
    probabilities = found["quantile"].values
    score = np.array([NormalDist().inv_cdf(p) for p in probabilities])
    expected = 100 * np.exp(0.5 * score - 0.125)
    density = np.exp(-(score**2) / 2) / np.sqrt(2 * np.pi) / (0.5 * expected)
    error = np.sqrt(probabilities * (1 - probabilities) / paths) / density

    assert agrees(expected, found["percentile"], error, "percentiles")
    assert equal(error, found["percentile_standard_error"], "their errors", 0.15)
