"""Customers that change hands: kept after a takeover on other terms, or merged into another customer."""

import numpy as np
import pytest

from crcsim.measures import ends
from tests.laws.support import (
    agrees,
    equal,
    expected_value,
    mean_agrees,
    run,
    sales,
    sample,
    share_agrees,
    values,
)

pytestmark = pytest.mark.jit

YEARS = np.arange(1, 11)


# --- takeover -----------------------------------------------------------------------------------------------
def taken_over(retained, **terms):
    inside = "".join(f", {key}: {value}" for key, value in terms.items())
    return f"customers: {{A: {{takeover: {{hazard: 0.25, retained: {retained}{inside}}}}}}}"


EVENT = -np.expm1(-0.25)  # probability of a takeover in a year


def test_mean_wallet_after_retained_takeovers(law, paths):
    """Each takeover multiplies the wallet by a lognormal of mean median e^(log_sd^2 / 2)."""
    scenario = law(taken_over(1, wallet_multiplier="{median: 0.8, log_sd: 0.3}"))
    factor = 1 + EVENT * (0.8 * np.exp(0.045) - 1)

    assert mean_agrees(100 * factor**YEARS, sales(scenario, paths), "wallet after takeovers")


def test_variance_of_the_wallet_multiplier(law, paths):
    """Second moment in the first year: nothing happened, or one multiplier."""
    scenario = law(taken_over(1, wallet_multiplier="{median: 0.8, log_sd: 0.3}"), "time: {years: 1}")
    second = 1 + EVENT * (0.64 * np.exp(2 * 0.09) - 1)

    assert mean_agrees(1e4 * second, sales(scenario, paths) ** 2, "squared wallet")


def test_lost_and_retained(law, paths):
    """A takeover ends the relation with probability 1 - retained; who stays may be taken over again."""
    scenario = law(taken_over("55%"))
    stay = (1 - EVENT * 0.45) ** YEARS
    found = ends(run(scenario, paths)).sel(customer="A", cause="takeover")["cumulative_incidence"]

    assert agrees(1 - stay, found, np.sqrt(stay * (1 - stay) / paths), "lost by takeover")


def test_price_concession(law, paths):
    """Each retained takeover cuts prices once more: mean price (1 - p c)^t."""
    scenario = law(taken_over(1, price_concession="10%"))
    price = sales(scenario, paths)

    assert mean_agrees(100 * (1 - EVENT * 0.1) ** YEARS, price, "price after takeovers")
    assert equal(
        np.rint(np.log(price / 100) / np.log(0.9)), np.log(price / 100) / np.log(0.9), "whole cuts", 1e-9
    )


def test_share_reset(law, paths):
    """A retained takeover sets the share back, which then recovers: mean over the time since the last."""
    scenario = law(
        taken_over(1, share_reset="20%"),
        "customers: {A: {lines: {goods: {share: {now: 40%, stated_as: median, reversion: 0.5}}}}}",
    )
    since = np.arange(10)
    score = np.log(0.4 / 0.6) + (np.log(0.2 / 0.8) - np.log(0.4 / 0.6)) * np.exp(-0.5 * since)
    share = 1 / (1 + np.exp(-score))
    expected = [share[:t] @ (EVENT * (1 - EVENT) ** since[:t]) + 0.4 * (1 - EVENT) ** t for t in YEARS]

    assert mean_agrees(100 * np.array(expected), sales(scenario, paths), "share after takeovers")


def test_explained_value_with_takeovers(law, paths):
    terms = taken_over("70%", wallet_multiplier="{median: 0.8, log_sd: 0.3}", price_concession="5%")
    scenario = law(terms, "products: {goods: {variable_costs: {material: 40%}}}")

    assert mean_agrees(expected_value(scenario), values(scenario, paths), "value with takeovers")


# --- mergers ------------------------------------------------------------------------------------------------
MERGER = """
customers:
  A: {volatility: 20%, discount: 5%}
  Buyer: {volatility: 25%, discount: 20%, lines: {goods: {wallet: 50, share: 100%}}}
"""
MERGED = "mergers: [{target: A, buyer: Buyer, hazard: 0.3}]"


def merging(law, *changes):
    """The same paths with and without the merger."""
    return [run(law(MERGER, *changes, text), 2_000).isel(strategy=0) for text in (MERGED, "{}")]


def merged_by(result):
    """Whether A has merged into the buyer at the end of each period [period, path]."""
    target = result.sel(customer="A")
    return (target["end_cause"].values == 4) & (target["end_period"].values <= YEARS[:, None])


@pytest.mark.parametrize(("target", "buyer"), [(0.05, 0.20), (0.20, 0.05)])
def test_price_terms_after_a_merger(law, target, buyer):
    """Path by path: both customers get the terms that are better for the buyer."""
    terms = f"customers: {{A: {{discount: {target}}}, Buyer: {{discount: {buyer}}}}}"
    with_merger, without = merging(law, terms)
    alone = [
        run(law(MERGER, terms, f"customers: {{{other}: null}}"), 2_000)["sales"].values[0]
        for other in ("Buyer", "A")
    ]
    wallets = alone[0] / (1 - target) + alone[1] / (1 - buyer)
    expected = np.where(merged_by(with_merger), 0.8 * wallets, sum(alone))

    assert equal(sum(alone), without["sales"], "sales without a merger")
    assert equal(expected, with_merger["sales"], "sales with a merger")


def test_lines_are_booked_to_the_buyer(law):
    """From the merger on the target earns nothing and the buyer earns both."""
    same_terms = """{capital: {rate: 0%}, customer_defaults: {receivable_days: 60},
        customers: {A: {discount: 10%}, Buyer: {discount: 10%}}}"""
    with_merger, without = merging(law, same_terms)
    alone = run(law(MERGER, same_terms, "customers: {Buyer: null}"), 2_000)["cash_flow"].values[0]
    kept = np.where(merged_by(with_merger), 0.0, alone).sum(axis=0)
    npv, unmerged = (result["npv"].sel(discounting="wacc") for result in (with_merger, without))

    assert equal(kept, npv.sel(customer="A"), "value of the target")
    assert equal(
        unmerged.sel(customer="Buyer") + (alone.sum(axis=0) - kept),
        npv.sel(customer="Buyer"),
        "value of the buyer",
    )
    assert equal(unmerged.sum("customer"), npv.sum("customer"), "value of both")


def test_merged_lines_live_and_die_with_the_buyer(law, paths):
    """After a merger only the buyer's churn ends the target's lines."""
    scenario = law(
        "customers: {Buyer: {lines: {goods: {wallet: 1, share: 100%}}}}",
        "customers: {A: {churn: {hazard: 0.4}}, Buyer: {churn: {hazard: 0.1}}}",
        MERGED,
    )
    sold = sales(scenario, paths)
    step = one_year_of_two(0.4, 0.3, 0.1)
    state = np.array([1.0, 0, 0, 0, 0])
    expected = []
    for _ in YEARS:
        state = state @ step
        expected.append([state[0] + state[1], state[2], state[3]])

    assert share_agrees(np.array(expected)[:, 0], sold == 101, "both sell")
    assert share_agrees(np.array(expected)[:, 1], sold == 100, "target alone")
    assert share_agrees(np.array(expected)[:, 2], sold == 1, "buyer alone")


def one_year_of_two(churn, merger, buyer):
    """Transitions between: both active, merged, only the target, only the buyer, none.

    The target's event in a period is a merger in proportion to the hazards, if the buyer was active at its
    begin; should the buyer leave in that same period, the merged lines leave with it.
    """
    event, lone, gone = -np.expm1([-(churn + merger), -churn, -buyer])
    merge, leave = event * merger / (churn + merger), event * churn / (churn + merger)
    return np.array(
        [
            [
                (1 - event) * (1 - gone),
                merge * (1 - gone),
                (1 - event) * gone,
                leave * (1 - gone),
                (merge + leave) * gone,
            ],
            [0, 1 - gone, 0, 0, gone],
            [0, 0, 1 - lone, 0, lone],
            [0, 0, 0, 1 - gone, gone],
            [0, 0, 0, 0, 1],
        ]
    )


def test_no_merger_with_an_inactive_buyer(law, paths):
    """Incidence of the merger: only while target and buyer are both active."""
    scenario = law(
        "customers: {Buyer: {lines: {goods: {wallet: 1, share: 100%}}}}",
        "customers: {A: {churn: {hazard: 0.4}}, Buyer: {churn: {hazard: 0.1}}}",
        MERGED,
    )
    event = -np.expm1(-0.7)
    both_active = (np.exp(-0.7) * np.exp(-0.1)) ** (YEARS - 1)
    expected = np.cumsum(both_active * event * 0.3 / 0.7)

    assert share_agrees(expected, sample(scenario, paths, merged_by), "incidence of the merger")


def test_a_prospect_buys_nobody(law):
    prospect = "phase: prospect, acquisition: {spend: 1, conversion: {hazard: 0}}"
    scenario = law(
        f"customers: {{Buyer: {{{prospect}, lines: {{goods: {{wallet: 1, share: 100%}}}}}}}}", MERGED
    )

    assert not run(scenario, 5_000)["end_cause"].any()


def test_a_merged_customer_is_not_active(law, paths):
    """The share of paths with an active target falls with the mergers; its lines count for the buyer."""
    found = run(law(MERGER, MERGED), paths, bands=True).sel(strategy="baseline")
    expected = np.exp(-0.3 * YEARS)
    error = np.sqrt(expected * (1 - expected) / paths)

    assert agrees(expected, found["customer_active_mean"].sel(customer="A"), error, "target active")
    assert equal(1.0, found["customer_active_mean"].sel(customer="Buyer"), "buyer active")


def test_wallet_of_the_target_while_active(law, paths):
    """Mean wallet over active paths is the stated growth, whoever has merged."""
    found = run(law(MERGER, MERGED), paths, bands=True).sel(strategy="baseline", customer="A")[
        "customer_wallet_mean"
    ]
    error = 100 * np.sqrt(np.expm1(0.04 * YEARS) / (paths * np.exp(-0.3 * YEARS)))

    assert agrees(100, found, error, "wallet of an active target")


def test_mutual_mergers_lose_nobody(law, paths):
    """If each may merge into the other, one of the two goes on with the lines of both."""
    mutual = "mergers: [{target: A, buyer: Buyer, hazard: 0.5}, {target: Buyer, buyer: A, hazard: 0.5}]"
    scenario = law("customers: {Buyer: {lines: {goods: {wallet: 50, share: 100%}}}}", mutual)

    assert equal(150, sales(scenario, paths // 10), "sales of both")


def test_a_chain_of_mergers(law):
    """A into B, B into C: the lines end up with C, and nothing is lost on the way."""
    customer = "{lines: {goods: {wallet: 50, share: 100%}}}"
    chain = "mergers: [{target: A, buyer: B, hazard: 0.7}, {target: B, buyer: C, hazard: 0.7}]"
    result = run(law(f"{{capital: {{rate: 0%}}, customers: {{B: {customer}, C: {customer}}}}}", chain), 5_000)

    assert equal(200, result["sales"], "sales of all")
    assert equal(2000, result["npv"].sel(discounting="wacc").sum("customer"), "value of all")
