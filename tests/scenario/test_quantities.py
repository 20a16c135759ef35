# ruff: noqa: E501 (a part of the scenario is one line)
"""Quantities: fixed, drawn from every family, elicited, with evidence, shared or each."""

import math
from collections.abc import Callable
from pathlib import Path
from statistics import NormalDist

import pytest

from crcsim.scenario import Scenario, load_scenario
from crcsim.scenario.families import central, inconsistency
from crcsim.scenario.quantity import Distribution, Quantity

Write = Callable[..., Path]


def premium(write: Write, text: str) -> Quantity:
    """The premium that a scenario states."""
    scenario = load_scenario(write(products=f"products: {{coatings: {{premium: {text}}}, service: {{}}}}"))
    return scenario.products["coatings"].premium


@pytest.mark.parametrize(
    ("text", "family", "parameters", "quantiles"),
    [
        ("{normal: {mean: 10%, sd: 2%}}", "normal", {"mean": 0.1, "sd": 0.02}, ()),
        (
            "{truncated_normal: {mean: 10%, sd: 2%, low: 5%, high: 20%}}",
            "truncated_normal",
            {"high": 0.2, "low": 0.05, "mean": 0.1, "sd": 0.02},
            (),
        ),
        ("{lognormal: {median: 10%, log_sd: 0.3}}", "lognormal", {"log_sd": 0.3, "median": 0.1}, ()),
        ("{lognormal: {mean: 10%, sd: 2%}}", "lognormal", {"mean": 0.1, "sd": 0.02}, ()),
        ("{beta: {mean: 10%, sd: 2%}}", "beta", {"mean": 0.1, "sd": 0.02}, ()),
        (
            "{beta: {alpha: 2, beta: 5, low: -10%, high: 30%}}",
            "beta",
            {"alpha": 2.0, "beta": 5.0, "high": 0.3, "low": -0.1},
            (),
        ),
        ("{pert: {low: 5%, mode: 10%, high: 20%}}", "pert", {"high": 0.2, "low": 0.05, "mode": 0.1}, ()),
        (
            "{triangular: {low: 5%, mode: 5%, high: 20%}}",
            "triangular",
            {"high": 0.2, "low": 0.05, "mode": 0.05},
            (),
        ),
        ("{uniform: {low: 5%, high: 20%}}", "uniform", {"high": 0.2, "low": 0.05}, ()),
        ("{normal: {quantiles: {95%: 20%, 5%: 5%}}}", "normal", {}, ((0.05, 0.05), (0.95, 0.2))),
        (
            "{quantiles: {5%: 2%, 0.5: 5%, 95%: 11%}}",
            "quantiles",
            {},
            ((0.05, 0.02), (0.5, 0.05), (0.95, 0.11)),
        ),
    ],
)
def test_every_family_is_read(
    write: Write,
    text: str,
    family: str,
    parameters: dict[str, float],
    quantiles: tuple[tuple[float, float], ...],
) -> None:
    expected = Distribution(family, parameters, quantiles, support=(-1.0, math.inf))

    assert expected == premium(write, text).value


def test_a_value_may_stand_beside_its_source(write: Write) -> None:
    stated = premium(write, "{value: 150 bp, source: 'judgement: plan'}")

    assert stated == Quantity(0.015, "products.coatings.premium", "judgement: plan")
    assert str(stated.position) == "case.yaml:6:32"


def test_a_source_holds_for_everything_below_it(write: Write) -> None:
    economy = "economy: {real_rate: 1%, expected_inflation: 2%, market: {expected_return: 8%, volatility: {value: 17%, source: own}, source: both}}"
    scenario = load_scenario(write(economy=economy))

    market = scenario.economy.market
    assert market.expected_return is not None
    assert ("both", "own") == (market.expected_return.source, market.volatility.source)
    assert scenario.economy.real_rate.source is None


def places(scenario: Scenario, name: str) -> list[str]:
    """The place of one quantity for all customers."""
    return [getattr(customer, name).place for customer in scenario.customers]


def test_what_stands_in_the_defaults_is_one_shared_draw(write: Write) -> None:
    scenario = load_scenario(write())

    assert places(scenario, "growth") == ["customer_defaults.growth"] * 2


def test_each_draws_it_for_every_customer(write: Write) -> None:
    defaults = "customer_defaults: {growth: {normal: {mean: 3%, sd: 1%}, each: true}, volatility: 15%, churn: {hazard: 5%}}"
    scenario = load_scenario(write(customer_defaults=defaults))

    assert places(scenario, "growth") == ["customers.Fjordline.growth", "customers.Nordwerk.growth"]


def test_what_stands_in_the_segment_is_shared_in_the_segment(write: Write) -> None:
    scenario = load_scenario(write(segments="segments: {north: {growth: {normal: {mean: 1%, sd: 1%}}}}"))

    assert places(scenario, "growth") == ["customer_defaults.growth", "segments.north.growth"]


def test_the_draws_of_a_customer_belong_to_its_id(write: Write) -> None:
    row = "  Fjordline: {id: A-17, beta: {normal: {mean: 0.8, sd: 0.1}}, lines: {coatings: {wallet: 1 M EUR per year, share: 40%}}}"
    scenario = load_scenario(write(Fjordline=row))

    assert ("Fjordline", "A-17") == (scenario.customers[0].name, scenario.customers[0].id)
    assert places(scenario, "beta")[0] == "customers.A-17.beta"


def test_a_bare_number_above_one_gets_a_warning_where_percent_is_usual(write: Write) -> None:
    scenario = load_scenario(write(products="products: {coatings: {premium: 12}, service: {}}"))

    assert scenario.warnings == (
        "case.yaml:6:32: products.coatings.premium: 12 means 1200%; write 12% if percent is meant",
    )


@pytest.mark.parametrize(
    ("family", "parameters", "quantiles", "expected"),
    [
        ("normal", {"mean": 2.0, "sd": 1.0}, (), 2.0),
        ("lognormal", {"median": 1.0, "log_sd": 1.0}, (), math.exp(0.5)),
        ("beta", {"alpha": 1.0, "beta": 3.0}, (), 0.25),
        ("pert", {"low": 0.0, "mode": 1.0, "high": 8.0}, (), 2.0),
        ("triangular", {"low": 0.0, "mode": 1.0, "high": 8.0}, (), 3.0),
        ("uniform", {"low": 0.0, "high": 8.0}, (), 4.0),
        ("truncated_normal", {"mean": 1.0, "sd": 1.0, "low": 0.0, "high": 2.0}, (), 1.0),
        ("quantiles", {}, ((0.1, 1.0), (0.5, 2.0), (0.9, 9.0)), 2.0),
        ("normal", {}, ((0.1, 1.0), (0.9, 9.0)), 5.0),
        ("lognormal", {}, ((0.1, 1.0), (0.9, 9.0)), 3.0),
    ],
)
def test_central_value(
    family: str, parameters: dict[str, float], quantiles: tuple[tuple[float, float], ...], expected: float
) -> None:
    distribution = Distribution(family, parameters, quantiles, (-math.inf, math.inf))

    assert central(distribution) == pytest.approx(expected, rel=1e-12)


def test_central_value_of_a_one_sided_truncation() -> None:
    half_normal = Distribution(
        "truncated_normal", {"mean": 0.0, "sd": 1.0, "low": -1e-9, "high": 40.0}, (), (0, 1)
    )

    assert central(half_normal) == pytest.approx(2 * NormalDist().pdf(0), rel=1e-6)


@pytest.mark.parametrize("family", ["truncated_normal", "beta"])
def test_a_family_with_two_ends_needs_spread(family: str) -> None:
    found = inconsistency(family, {"mean": 0.5, "sd": 0.0, "low": 0.0, "high": 1.0}, (), str)

    assert ("sd", "above 0.0") == found
