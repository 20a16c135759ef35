"""Shocks on a quiet customer, whose values follow by hand."""

import numpy as np
import pytest

from crcsim.decisions import stress
from crcsim.decisions.stress import Sizes
from crcsim.errors import ArgumentError

MARKET = "customers: {A: {beta: 1.5, coupling: 0.8, volatility: 20%}}"
TWO = "customers: {B: {lines: {goods: {wallet: 300, share: 100%}}}}"


@pytest.fixture
def small(quiet, small_chunks):
    """The quiet scenario with changes, stressed on 64 paths."""

    def run(*changes, **options):
        return stress(quiet(*changes), paths=64, worst=0.3, threads=1, **options)

    return run


def change(found, shock, item="total"):
    one = found.sel(shock=shock, item=item)
    return float(one["value_change"]) / float(found["value_mean"].sel(item=item))


def test_a_crash_takes_the_loading_off_every_path(small):
    """Sales follow (1 - fall)^(coupling x beta) on every path, and nothing else is there."""
    found = small(MARKET, shocks=["market crash"], sizes=Sizes(market_fall=0.5))

    assert 0.5 ** (1.5 * 0.8) - 1.0 == pytest.approx(change(found, "market crash"))
    assert float(found["cvar_change"][0]) == pytest.approx((0.5**1.2 - 1.0) * float(found["cvar"]), rel=1e-9)


def test_only_who_is_loaded_on_an_industry_follows_it(small):
    industries = (
        "economy: {industries: {steel: {volatility: 20%}, paper: {volatility: 10%}, gas: {volatility: 1%}}}"
    )
    found = small(
        industries,
        "customers: {A: {industry: {steel: 0.5, paper: 1}}}",
        TWO,
        "customers: {B: {industry: {gas: 1}}}",
        shocks=["industries down"],
        sizes=Sizes(industries=("steel", "paper"), industry_fall=0.2),
    )

    assert 0.8**1.5 - 1.0 == pytest.approx(change(found, "industries down", "A"))
    assert 0.0 == change(found, "industries down", "B")


def test_the_two_largest_industries_are_those_of_most_sales(small):
    industries = (
        "economy: {industries: {steel: {volatility: 20%}, paper: {volatility: 10%}, gas: {volatility: 1%}}}"
    )
    found = small(
        industries,
        "customers: {A: {industry: {steel: 1, paper: 0.5}}}",
        TWO,
        "customers: {B: {industry: {gas: 1}}}",
        shocks=["industries down"],
    )

    assert "gas and steel fall by 30%" in str(found["shock_meaning"][0].values)


def test_the_largest_customer_is_lost_at_once(small):
    found = small(TWO, shocks=["takeover"])

    assert str(found["shock_meaning"][0].values).startswith("B is taken over")
    assert -1.0 == pytest.approx(change(found, "takeover", "B"))
    assert 0.0 == change(found, "takeover", "A")


def test_a_named_customer_is_lost_instead(small):
    found = small(
        TWO,
        "customers: {A: {churn: {hazard: 0.1}, insolvency: {hazard: 0.1}}}",
        shocks=["takeover"],
        sizes=Sizes(customer="A"),
    )

    assert -1.0 == pytest.approx(change(found, "takeover", "A"))


def test_a_premium_that_is_gone(small):
    """Net revenue is volume x (1 + premium); half of a premium of 20 % that never fades is 10 of 120."""
    found = small("products: {goods: {premium: 20%}}", shocks=["premium gone"], sizes=Sizes(premium_lost=0.5))

    assert -10.0 / 120.0 == pytest.approx(change(found, "premium gone"))


def test_all_together_and_nothing_that_is_not_there(small):
    """Without industries and premiums these shocks are left out; the rest adds up by customer."""
    found = small(MARKET, TWO)

    assert ["market crash", "takeover", "all together"] == found["shock"].values.tolist()
    parts = found["value_change"].isel(item=slice(-1)).sum("item")
    assert np.allclose(parts, found["value_change"].sel(item="total"))
    assert -1.0 == pytest.approx(change(found, "all together", "B"))
    assert 0.6**1.2 - 1.0 == pytest.approx(change(found, "all together", "A"))


def test_a_crash_makes_insolvency_more_likely_where_it_follows_success(small):
    plain = small("customers: {A: {beta: 1, insolvency: {hazard: 0.05}}}", shocks=["market crash"])
    following = small(
        "customers: {A: {beta: 1, insolvency: {hazard: 0.05, success_exponent: 2, hazard_cap: 5}}}",
        shocks=["market crash"],
    )

    assert change(plain, "market crash") == pytest.approx(0.6 - 1.0)
    assert change(following, "market crash") < -0.5


def test_unknown_names_are_told_with_the_nearest(small):
    with pytest.raises(ArgumentError, match="no customer is called a; "):
        small(shocks=["takeover"], sizes=Sizes(customer="a"))
    with pytest.raises(ArgumentError, match="no industry is called steel; known: none"):
        small(shocks=["industries down"], sizes=Sizes(industries=("steel",)))
    with pytest.raises(ArgumentError, match="no shock is called flood; known: market crash"):
        small(shocks=["flood"])
    with pytest.raises(ValueError, match="market_fall must lie between"):
        Sizes(market_fall=1.0)


def test_programmes_that_wait_for_the_market_begin_in_the_crash(small):
    """A premium of one half of 100 a year for a spend of 10, from the second year on where it begins.

    Nobody's sales follow the market, which stands still without the crash and at 60 % with it.
    """
    response = "spend: {amount: 10}, response: {decay: 100%, half_effect_spend: 10}"
    plans = {
        name: f"{{levers: {{care: {{start: {{when: {{{when}}}}}}}}}}}"
        for name, when in (
            ("fallen", "market_below: 80%"),
            ("crashed", "market_below: 50%"),
            ("safe", "market_above: 80%"),
        )
    }
    scenario = (
        "economy: {market: {expected_return: 0%, volatility: 0%}}",
        f"levers: {{care: {{target: {{customer: A}}, {response}, effects: {{price_premium: 100%}}}}}}",
        f"strategies: {{{', '.join(f'{name}: {plan}' for name, plan in plans.items())}}}",
    )
    gain = sum(40.0 / 1.1**year for year in range(2, 11))
    for name, expected in (("fallen", gain), ("crashed", 0.0), ("safe", -gain)):
        for shock in ("market crash", "all together"):
            sizes = Sizes(market_fall=0.4, customer="B")
            found = small(TWO, *scenario, strategy=name, shocks=[shock], sizes=sizes)

            assert expected == pytest.approx(
                float(found["value_change"].sel(shock=shock, item="A")), abs=1e-9
            )


def test_a_trigger_in_the_crash_is_a_higher_one_without_it(small):
    """The index falls by 40 %, so that on every path it stands below 90 % where it stood below 150 %."""
    response = "spend: {amount: 10}, response: {decay: 100%, half_effect_spend: 10}"
    start = "{levers: {care: {start: {when: {market_below: %s%%}}}}}"
    scenario = (
        f"levers: {{care: {{target: {{customer: A}}, {response}, effects: {{price_premium: 100%}}}}}}",
        f"strategies: {{low: {start % '90'}, high: {start % '150'}}}",
    )
    low, high = (small(*scenario, strategy=name, shocks=["market crash"]) for name in ("low", "high"))
    crashed = low["value_mean"] + low["value_change"].sel(shock="market crash")

    assert np.allclose(high["value_mean"], crashed, rtol=1e-12)
    assert float(high["value_mean"].sel(item="A")) > 1.1 * float(low["value_mean"].sel(item="A"))
