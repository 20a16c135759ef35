"""Champions where they bring most: alone, as a whole, against sales, and what another one is worth."""

from dataclasses import replace

import numpy as np
import pytest

from crcsim import simulate
from crcsim.decisions import assign
from crcsim.scenario.strategies import Strategy
from tests.laws.support import write_scenario

#: Three customers without chance. The largest does not respond to executives, the smallest is not worth one.
THREE = """
time: {years: 5}
customers:
  A: {receptiveness: 0%}
  B: {lines: {goods: {wallet: 60, share: 100%}}}
  C: {lines: {goods: {wallet: 30, share: 100%}}}
  D: {lines: {goods: {wallet: 1, share: 100%}}}
executives:
  causal_share: 50%
  damage: {rate: 0}
  concession: {rate: 0}
  deal: {rate: 0}
  transitions: {dealmaker: {growth_champion: 0%}}
  cost: {growth_champion: 1, dealmaker: 0.1}
  limit: {growth_champion: 1}
  sponsor_programme: {cost: 5}
"""
PATHS = 8


@pytest.fixture
def scenario(tmp_path):
    return lambda *changes: write_scenario(tmp_path, 5, THREE, *changes)


def told(scenario, **options):
    return assign(scenario, **{"paths": PATHS, "threads": 1, **options})


def alone(scenario, **roles):
    """NPV of all customers with these roles less that without, from an ordinary run."""
    stated = Strategy("tried", (), (), tuple(sorted(roles.items())), False, None)
    npv = simulate(replace(scenario, strategies=(stated,)), paths=PATHS, threads=1, bands=False)["npv"]
    values = npv.sel(discounting="wacc").mean("path").sum("customer").values
    return values[1] - values[0]


def test_a_champion_goes_where_it_brings_most_and_not_to_the_largest(scenario):
    found = told(scenario())

    assert ["", "growth_champion", "", ""] == list(found["role_assigned"].values)
    assert ["growth_champion", "", "", ""] == list(found["role_by_sales"].values)
    for name in "ABCD":
        value = float(found["value"].sel(customer=name, role="growth_champion"))
        assert value == pytest.approx(alone(scenario(), **{name: "growth_champion"}))
    gain = float(found["gain"].sel(choice="assigned"))
    assert gain == pytest.approx(alone(scenario(), B="growth_champion"))
    assert float(found["in_sample"]) == pytest.approx(gain)
    assert float(found["difference"]) == pytest.approx(gain - alone(scenario(), A="growth_champion"))
    assert 1.0 == float(found["better"])


@pytest.mark.jit
def test_one_more_is_worth_what_the_next_customer_gains(scenario):
    expected = alone(scenario(), C="growth_champion")

    assert float(told(scenario())["one_more"].item()) == pytest.approx(expected)
    assert 0.0 == float(told(scenario(), limits={"growth_champion": 3})["one_more"].item())


@pytest.mark.jit
def test_a_post_that_costs_more_than_it_brings_stays_empty(scenario):
    found = told(scenario("executives: {cost: {growth_champion: 100}}"))

    assert [""] * 4 == list(found["role_assigned"].values)
    assert 0.0 == float(found["gain"].sel(choice="assigned"))
    assert float(found["difference"]) > 0.0


@pytest.mark.jit
def test_roles_compete_for_customers(scenario):
    found = told(scenario(), roles=["growth_champion", "dealmaker"], limits={"dealmaker": 1})
    champion, dealer = (
        {name: alone(scenario(), **{name: role}) for name in "BC"}
        for role in ("growth_champion", "dealmaker")
    )
    best = max((champion["B"] + dealer["C"], "B"), (champion["C"] + dealer["B"], "C"))

    assert float(found["in_sample"]) == pytest.approx(best[0])
    assert best[1] == found["customer"].values[found["role_assigned"].values == "growth_champion"].item()


@pytest.mark.jit
def test_only_named_customers_are_assigned(scenario):
    found = told(scenario(), customers=["C", "D"])

    assert ["growth_champion", ""] == list(found["role_assigned"].values)


@pytest.mark.jit
def test_risk_aversion_values_the_worst_paths(scenario):
    """B loads on the market and C does not: on the worst paths B's champion has less to multiply."""
    risky = scenario("customers: {B: {beta: 3, lines: {goods: {wallet: 34, share: 100%}}}}")

    calm, averse = (told(risky, paths=4000, risk_aversion=weight) for weight in (0.0, 20.0))

    assert ["", "growth_champion", "", ""] == list(calm["role_assigned"].values)
    assert ["", "", "growth_champion", ""] == list(averse["role_assigned"].values)
    assert "risk_free" == averse.attrs["discounting"]
    # all numbers are by what chose, the mean beside; the judging draws prefer the same customer
    champion = averse.sel(role="growth_champion")
    assert float(champion["value"].sel(customer="C")) > float(champion["value"].sel(customer="B"))
    assert float(champion["value_mean"].sel(customer="C")) < float(champion["value_mean"].sel(customer="B"))
    gain = averse.sel(choice="assigned")["gain"]
    assert float(gain) == pytest.approx(float(champion["value"].sel(customer="C")))
    assert float(gain) > 10 * float(averse.sel(choice="assigned")["gain_mean"]) > 0.0
    assert float(champion["value_standard_error"].sel(customer="B")) > 2 * float(
        champion["value_mean_standard_error"].sel(customer="B")
    )
    assert "value_mean" not in calm


@pytest.mark.jit
def test_sales_are_those_of_twelve_months(scenario):
    """Quarters of one wallet: today's sales are those of four, as `select` has them."""
    yearly, quarterly = (
        told(scenario(f"time: {{years: 5, periods_per_year: {number}}}"))["sales_today"] for number in (1, 4)
    )

    assert np.allclose(yearly, quarterly, rtol=0.1)
    assert 60.0 == pytest.approx(float(quarterly.sel(customer="B")), rel=0.1)


@pytest.mark.jit
def test_the_sponsor_programme_is_judged_by_its_cost_and_its_champions(scenario):
    free, dear = (
        told(
            scenario(f"executives: {{sponsor_programme: {{cost: {cost}}}, limit: {{growth_champion: 4}}}}"),
            paths=2000,
        )
        for cost in (0, 50)
    )
    value, error = (float(free[name]) for name in ("sponsor", "sponsor_standard_error"))
    cost = 50 * sum(1.1**-year for year in range(1, 6))

    assert value > 3.0 * error > 0.0
    assert float(dear["sponsor"]) == pytest.approx(value - cost)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"roles": ["growth_champions"]}, "did you mean growth_champion?"),
        ({"roles": ["dealmaker"]}, "no role is limited"),
        ({"customers": ["Z"]}, "no customer is called Z; known: A, B, C, D"),
        ({"limits": {"growth_champion": -1}}, "at least 0"),
        ({"risk_aversion": np.nan}, "risk_aversion must be at least 0"),
        ({"strategy": "later"}, "no strategy is called later"),
    ],
)
def test_bad_input_is_named(scenario, options, words):
    with pytest.raises(ValueError, match=words.replace("?", r"\?")):
        told(scenario(), **options)
