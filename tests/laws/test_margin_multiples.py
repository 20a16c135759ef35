"""Margin multiples: a margin, a chance to stay, a rate of interest (Gupta and Lehmann 2003); timing."""

import numpy as np
import pytest

from tests.laws.support import (
    certain_value,
    continuous_limit,
    equal,
    expected_value,
    mean_agrees,
    sample,
    share_agrees,
    values,
)

pytestmark = pytest.mark.jit

FOR_EVER = "capital: {horizon_value: {perpetuity: {growth: 0%}}}"


def multiple(retention, interest):
    return retention / (1.0 + interest - retention)


@pytest.mark.parametrize("interest", [0.10, 0.12, 0.14, 0.16])
@pytest.mark.parametrize("retention", [0.6, 0.7, 0.8, 0.9])
def test_the_table_of_margin_multiples(law, retention, interest):
    """Oracle A01: m r / (1 + i - r), infinite horizon."""
    scenario = law(
        FOR_EVER,
        f"capital: {{rate: {interest}}}",
        f"customers: {{A: {{churn: {{yearly_probability: {1 - retention}}}}}}}",
    )

    assert equal(100 * multiple(retention, interest), expected_value(scenario), "multiple")


def test_margin_multiple(law, paths):
    """Oracle A02: margin 100, 90 % retained, 10 % interest are worth 450."""
    scenario = law(FOR_EVER, "customers: {A: {churn: {yearly_probability: 10%}}}")

    assert equal(450.0, expected_value(scenario), "A02 explained", 1e-11)
    assert mean_agrees(450.0, values(scenario, paths), "A02")


def test_growing_margin(law, paths):
    """Oracle A03: margins m (1+g)^t are worth m r (1+g) / (1 + i - r (1+g))."""
    scenario = law(
        "capital: {rate: 12%, horizon_value: perpetuity}",
        "customers: {A: {growth: 3%, churn: {yearly_probability: 10%}}}",
    )

    assert equal(480.310880829, expected_value(scenario), "A03 explained")
    assert mean_agrees(480.310880829, values(scenario, paths), "A03")


def test_finite_margin_multiple(law, paths):
    """Oracle A04: the same within five years."""
    scenario = law("time: {years: 5}", "customers: {A: {churn: {yearly_probability: 10%}}}")

    assert equal(285.008475576, expected_value(scenario), "A04 explained")
    assert mean_agrees(285.008475576, values(scenario, paths), "A04")


def test_geometric_lifetime(law, paths):
    """Oracle C05: mean and variance of an annuity that ends with a geometric lifetime."""
    change = "{capital: {rate: 12%}, time: {years: 80}}"
    scenario = law(change, "customers: {A: {churn: {yearly_probability: 10%}}}")
    value = values(scenario, paths // 2) / 10

    assert mean_agrees(40.9090909091, value, "C05 mean")
    assert mean_agrees(658.172117232, (value - 40.9090909091) ** 2, "C05 variance")


def test_customers_that_switch_and_come_back(law, paths):
    """Oracle A19: a brand-switching chain (Rust, Lemon, Zeithaml 2004) of two states is churn and win-back.

    The source counts seven flows, the first at time 0 after one step of the chain: those at the ends of our
    periods, half a year earlier.
    """
    scenario = law(
        "time: {years: 3.5, periods_per_year: 2}",
        f"""customers: {{A: {{
            churn: {{hazard: {-2 * np.log(0.75)}}}, win_back: {{hazard: {-2 * np.log(0.8)}}},
            lines: {{goods: {{wallet: 60}}}}}}}}""",
    )
    active, value = np.split(
        sample(scenario, paths, lambda r: np.vstack([r["sales"] > 0, r["npv"].sel(discounting="wacc")])), [7]
    )

    assert share_agrees([0.75, 0.6125, 0.536875], active[:3], "A19 path")
    assert mean_agrees(100.331667845, value[0] * np.sqrt(1.1), "A19")
    assert equal(100.331667845, expected_value(scenario) * np.sqrt(1.1), "A19 explained")


def test_profit_of_a_cohort(law, paths):
    """Oracle A18: a margin of 40 from the first day, half kept each year, at 15 %, less 30 for each."""
    grid = "{time: {years: 50, flow_timing: begin}, capital: {rate: 15%}}"
    scenario = law(grid, "customers: {A: {churn: {yearly_probability: 50%}, lines: {goods: {wallet: 40}}}}")

    assert equal(40.7692307692, expected_value(scenario) - 30, "A18 explained")
    assert mean_agrees(40.7692307692, values(scenario, paths // 2) - 30, "A18")


@pytest.mark.parametrize(
    ("timing", "expected"), [("end", 61.445671057), ("mid", 64.4447634864), ("begin", 67.5902381628)]
)
def test_timing_of_an_annuity(law, timing, expected):
    """Oracle C33: ten years of 10 at 10 %."""
    scenario = law(f"time: {{flow_timing: {timing}}}", "customers: {A: {lines: {goods: {wallet: 10}}}}")

    assert equal(expected, certain_value(scenario), f"C33 {timing}")
    assert equal(expected, expected_value(scenario), f"C33 {timing} explained")


def test_annuity_in_the_limit_of_short_periods(law):
    """Oracle C33: the continuous annuity."""
    assert equal(
        64.4691586808, continuous_limit(law, "customers: {A: {lines: {goods: {wallet: 10}}}}"), "C33"
    )


@pytest.mark.parametrize("periods_per_year", [1, 4])
def test_ratios_between_timings(law, periods_per_year):
    """Flows at mid-period are worth (1+k)^(step/2) of those at the end; at the begin they have not grown."""
    step = 1.0 / periods_per_year
    grid = f"{{time: {{periods_per_year: {periods_per_year}}}, customers: {{A: {{growth: 3%}}}}}}"
    end, mid, begin = (
        certain_value(law(grid, f"time: {{flow_timing: {timing}}}")) for timing in ("end", "mid", "begin")
    )

    assert equal(1.1 ** (step / 2), mid / end, "mid over end")
    assert equal((1.1 / 1.03) ** step, begin / end, "begin over end")


def test_begin_comes_before_the_exit(law, paths):
    """Under `begin` the flow of a period is earned before its exits: worth (1+k) e^h of what `end` gives."""
    change = "customers: {A: {churn: {yearly_probability: 10%}}}"
    scenario = law(change, "time: {flow_timing: begin}")
    expected = 100 * (1 - (0.9 / 1.1) ** 10) / (1 - 0.9 / 1.1)

    assert equal(expected, expected_value(scenario), "begin explained")
    assert mean_agrees(expected, values(scenario, paths), "begin")
