"""Value after the horizon: a perpetuity of the customers still active, or an error that names why not."""

import numpy as np
import pytest

from crcsim import ScenarioError, simulate
from crcsim.errors import NumericError
from crcsim.measures import horizon_share
from crcsim.valuation.discounting import horizon_multiple, horizon_ratio
from tests.laws.support import agrees, continuous_limit, equal, expected_value, mean_agrees, run, values

pytestmark = pytest.mark.jit

PERPETUITY = "capital: {horizon_value: perpetuity}"
CUSTOMER = "customers: {A: {growth: 3%, volatility: 20%, churn: {hazard: 0.08}}}"


@pytest.mark.parametrize("timing", ["end", "mid", "begin"])
@pytest.mark.parametrize("years", [1, 5, 20])
def test_the_horizon_does_not_matter(law, paths, timing, years):
    """E[NPV] of a customer in a steady state is the perpetuity, wherever the simulation stops (eq. 9.1)."""
    scenario = law(PERPETUITY, CUSTOMER, f"time: {{years: {years}, flow_timing: {timing}}}")
    q = float(horizon_ratio(0.03, 0.10, 0.08))
    first = {"end": 1.0, "mid": 1.1**0.5, "begin": 1 / q}[timing]
    expected = 100 * horizon_multiple(q) * first

    assert equal(expected, expected_value(scenario), f"perpetuity, {years} years, {timing}, explained")
    assert mean_agrees(expected, values(scenario, paths), f"perpetuity, {years} years, {timing}")


def test_value_after_the_horizon_path_by_path(law):
    """Contribution of the last period x q / (1 - q), discounted with it, of customers still active."""
    result = run(law(PERPETUITY, CUSTOMER), 1_000).sel(strategy="baseline", customer="A", discounting="wacc")
    multiple = horizon_multiple(horizon_ratio(0.03, 0.10, 0.08))
    alive = result["end_cause"].values == 0

    assert equal(
        np.where(alive, result["cash_flow"].values[-1] * 1.1**-10 * multiple, 0),
        result["horizon_value"],
        "path",
    )


def test_losses_of_all_causes_shorten_it(law, paths):
    """h = churn + (1 - retained) takeover + insolvency; growth after the horizon may differ from before."""
    scenario = law(
        "capital: {horizon_value: {perpetuity: {growth: 1%}}}",
        """customers: {A: {growth: 4%, churn: {hazard: 0.05}, takeover: {hazard: 0.06, retained: 50%},
            insolvency: {hazard: 0.02}}}""",
    )
    stay = 1 - -np.expm1(-0.13) * (1 - 0.5 * 0.06 / 0.13)
    q = stay * 1.04 / 1.1
    later = float(horizon_multiple(horizon_ratio(0.01, 0.10, 0.05 + 0.03 + 0.02)))
    expected = 100 * (q * (1 - q**10) / (1 - q) + q**10 * later)

    assert equal(expected, expected_value(scenario), "value explained")
    assert mean_agrees(expected, values(scenario, paths), "value")


def test_share_of_value_after_the_horizon(law, paths):
    """q^T of a steady customer's value lies after T years."""
    found = horizon_share(run(law(PERPETUITY, CUSTOMER), paths)).sel(item="A")
    q = float(horizon_ratio(0.03, 0.10, 0.08))

    assert agrees(
        q**10, found["horizon_share"], found["horizon_share_standard_error"], "share after the horizon"
    )
    assert agrees(
        100 * q**10 * q / (1 - q),
        found["horizon_mean"],
        found["horizon_mean_standard_error"],
        "value after it",
    )


def test_the_deflator_after_the_horizon(law, paths):
    """By the deflator the customer's own risk-adjusted rate holds: ln(1+r_f) + chi beta pi."""
    scenario = law(
        PERPETUITY,
        f"economy: {{real_rate: {np.expm1(0.03)}, market: {{expected_return: {np.expm1(0.08)}}}}}",
        f"customers: {{A: {{beta: 0.8, coupling: 1.25, growth: {np.expm1(0.02)}, churn: {{hazard: 0.05}}}}}}",
    )
    q = np.exp(1.25 * 0.02 - 0.03 - 1.25 * 0.8 * 0.05 - 0.05)

    assert mean_agrees(100 * q / (1 - q), values(scenario, paths, "deflator"), "perpetuity by the deflator")


def test_tenure_holds_in_a_new_phase(law, paths):
    """Of two phases that differ by name only, the hazard after the horizon is the same."""
    scenario = law(
        PERPETUITY,
        "time: {years: 2}",
        """customers: {A: {phase: build_up, phases: {build_up: {duration: 4 years}},
            churn: {hazard: 0.05, tenure_shape: 0.3, tenure_reference: 10 years}}}""",
    )
    assert mean_agrees(expected_value(scenario), values(scenario, paths), "tenure and phases")


def test_churn_counted_twice(law):
    """Oracle C32: a hazard in the rate beside the hazard itself understates a perpetuity by 31 %."""

    def worth(rate):
        change = f"""{{time: {{years: 120}}, capital: {{rate: {np.expm1(rate)}}},
            customers: {{A: {{churn: {{hazard: 0.08}}, lines: {{goods: {{wallet: 10}}}}}}}}}}"""
        return continuous_limit(law, change)

    once, twice = worth(0.1), worth(0.18)

    assert equal(55.5555555556, once, "C32 hazard only", 1e-8)
    assert equal(38.4615384615, twice, "C32 double", 1e-8)
    assert equal(0.307692307692, 1 - twice / once, "C32 understatement", 1e-7)


def test_churn_counted_twice_is_warned_of(law):
    capm = "economy: {real_rate: 3%, market: {expected_return: 8%}}"
    change = "{capital: {rate: 16%}, customers: {A: {churn: {hazard: 0.08}}}}"
    result = simulate(law(capm, change), paths=10)

    assert "churn may be counted twice" in result.attrs["warnings"]


def test_a_perpetuity_without_end_is_refused(law):
    """Growth above rate and hazard together: refused when the file is read, with the names of all three."""
    with pytest.raises(ScenarioError) as caught:
        law(PERPETUITY, "customers: {A: {growth: 12%}}")

    (problem,) = caught.value.problems
    assert "horizon_value_without_end" == problem.code
    assert all(word in str(problem.value) for word in ("growth", "cost of capital", "hazard"))


def test_a_path_without_end_is_refused(law):
    """An uncertain growth that outruns discounting on some path stops the run, naming the parameters."""
    scenario = law(PERPETUITY, "customers: {A: {growth: {normal: {mean: 3%, sd: 3%}}}}")

    with pytest.raises(
        NumericError, match=r"A: on some path the yearly margin.*horizon_value growth.*capital.beta.*churn"
    ):
        simulate(scenario, paths=20_000)
