"""Parts of a value: by pocket calculator without chance, within 4 standard errors with it, and adding up."""

import numpy as np
import pytest

from crcsim import simulate
from crcsim.decisions import decompose
from crcsim.decisions.parts import PARTS
from tests.naive.random_scenarios import load, random_document

LIMIT = 4.0  # standard errors
EXACT = 1e-12  # relative to the sum of the absolute parts
T = np.arange(1, 11)
DISCOUNT = 1.1**-T


def means(found, item="total"):
    """Mean of every part of an item, by name."""
    values = found["part_mean"].sel(item=item).values
    return dict(zip(found["part"].values.tolist(), values.tolist(), strict=True))


def within(expected, found, part, item="total"):
    """Whether a part agrees with its expectation within its standard errors."""
    one = found.sel(part=part, item=item)
    mean, error = float(one["part_mean"]), float(one["part_mean_standard_error"])
    print(f"{part}: expected {expected:.4f}, found {mean:.4f} ± {error:.4f}")
    return error > 0.0 and abs(mean - expected) <= LIMIT * error


#: 73 days of a year are a fifth of it.
EVERYTHING_CERTAIN = """
economy: {real_rate: 4%, expected_inflation: 2%, market: {expected_return: 8%}}
capital: {tax_rate: 25%, horizon_value: perpetuity}
products:
  goods: {premium: 20%, premium_half_life: 2, sales_deductions: 10%, variable_costs: {material: 40%}}
customer_defaults: {growth: 4%, direct_cost: 3, receivable_days: 73, payable_days: 36.5, discount: 5%}
costs: [{name: office, level: company, amount: 7}]
"""


def test_parts_without_chance_by_pocket_calculator(quiet):
    found = means(decompose(quiet(EVERYTHING_CERTAIN), paths=2))
    price, volume, index = 0.95 * 1.2, 100 * 1.04**T, 1.02**T
    eroded = 0.95 * (1 + 0.2 * 2.0 ** (-T / 2))
    net, variable = volume * eroded * 0.9, volume * 0.4
    bound = np.concatenate([[100 * price * 0.9 * 0.2 - 40 * 0.1], net * 0.2 - variable * 0.1])
    contribution = 0.75 * (net - variable - 3 * index)
    q = 1.04 / 1.1
    expected = {
        "today's wallet": 100 * (price * 0.9 - 0.4) * DISCOUNT.sum(),
        "own growth": ((volume - 100) * (price * 0.9 - 0.4) * DISCOUNT).sum(),
        "price erosion": (volume * (eroded - price) * 0.9 * DISCOUNT).sum(),
        "direct costs": -(3 * index * DISCOUNT).sum(),
        "level costs": -(7 * index * DISCOUNT).sum(),
        "working capital": -(np.diff(bound) * DISCOUNT).sum(),
        "tax": -0.25 * ((net - variable - 3 * index - 7 * index) * DISCOUNT).sum(),
        "horizon value": contribution[-1] * q / (1 - q) * DISCOUNT[-1],
    }

    assert set(PARTS) == set(found)
    assert expected == pytest.approx({name: found[name] for name in expected}, rel=1e-12)
    assert {0.0} == {value for name, value in found.items() if name not in expected}


COSTS = """
capital: {tax_rate: 25%}
products: {goods: {order_value: 10, direct_order_cost: 0.3, cash_share: 90%, variable_costs: {material: 40%}}}
processes:
  handling: {level: order, cost_rate: 2, line: indirect_administration, cash_share: 80%}
  visits: {level: customer, cost_rate: 1.5, line: indirect_administration}
customers:
  A:
    growth: 3%
    direct_cost: 3
    prepayment_received_days: 73
    prepayment_made_days: 36.5
    costs:
      manager: {amount: 5, line: other_direct, follows: nothing}
      rooms: {amount: 6, line: depreciation, follows: nothing}
    investments: {tools: {amount: 50, at: 18 months}}
    processes: {handling: {per_order: 1, reserved: 30 per year}, visits: {fixed: 4 per year}}
"""


def test_costs_and_investments_by_pocket_calculator(quiet):
    found = means(decompose(quiet(COSTS), paths=2))
    volume = 100 * 1.03**T
    orders = volume / 10
    cost = 3 + 5 + 6 + 4 * 1.5 + orders * 2.3 + (30 - orders) * 2
    paid = 3 + 5 + 4 * 1.5 + orders * (0.3 + 2 * 0.8) + (30 - orders) * 2 * 0.8
    advance = np.concatenate([[100], volume]) * (0.2 - 0.4 * 0.1)
    expected = {
        "today's wallet": (100 - 40 * 0.9) * DISCOUNT.sum(),
        "own growth": ((volume - 100) * (1 - 0.4 * 0.9) * DISCOUNT).sum(),
        "direct costs": -((3 + 5) * DISCOUNT).sum(),
        "fixed process costs": -(4 * 1.5 * DISCOUNT).sum(),
        "volume-driven costs": -(orders * (0.3 + 2 * 0.8) * DISCOUNT).sum(),
        "idle capacity": -((30 - orders) * 2 * 0.8 * DISCOUNT).sum(),
        "working capital": (np.diff(advance) * DISCOUNT).sum(),
        "tax": -0.25 * ((volume * 0.6 - cost) * DISCOUNT).sum(),
        "investments": -50 * DISCOUNT[1],
    }

    assert expected == pytest.approx({name: found[name] for name in expected}, rel=1e-11)
    assert {0.0} == {value for name, value in found.items() if name not in expected}
    assert sum(expected.values()) == pytest.approx(
        ((volume * 0.64 - paid) * DISCOUNT).sum()
        + expected["working capital"]
        + expected["tax"]
        + expected["investments"]
    )


def test_share_moves_to_its_target_without_chance(quiet):
    share = "{now: 20%, target: 50%, stated_as: median, reversion: 0.5, volatility: 0}"
    found = means(decompose(quiet(f"customers: {{A: {{lines: {{goods: {{share: {share}}}}}}}}}"), paths=2))
    logit = np.log(0.2 / 0.8) * np.exp(-0.5 * T)

    assert 20 * DISCOUNT.sum() == pytest.approx(found["today's wallet"], rel=1e-12)
    assert (100 * (1 / (1 + np.exp(-logit)) - 0.2) * DISCOUNT).sum() == pytest.approx(found["share change"])


@pytest.mark.jit
def test_losses_are_told_apart_by_cause(quiet):
    losses = "churn: {hazard: 0.08}, takeover: {hazard: 0.05, retained: 0%}, insolvency: {hazard: 0.03}"
    found = decompose(quiet(f"customer_defaults: {{{losses}}}"), paths=4000)
    alive = [np.exp(-hazard * T) for hazard in (0.0, 0.08, 0.13, 0.16)]

    for place, cause in enumerate(("churn", "takeover", "insolvency")):
        assert within(100 * ((alive[place + 1] - alive[place]) * DISCOUNT).sum(), found, cause)


@pytest.mark.jit
def test_wallet_created_is_worth_its_expected_jumps(quiet):
    creation = "{rate: 0.2, median: 1.3, log_sd: 0.2}"
    scenario = quiet(f"customers: {{A: {{lines: {{goods: {{wallet_creation: {creation}}}}}}}}}")
    jump = 1.3 * np.exp(0.2**2 / 2) - 1

    assert within(
        100 * ((np.exp(0.2 * T * jump) - 1) * DISCOUNT).sum(),
        decompose(scenario, paths=4000),
        "wallet created",
    )


@pytest.mark.jit
def test_a_won_prospect_and_what_was_spent_on_it(quiet):
    text = "acquisition: {spend: 4, conversion: {hazard: 0.3}}, phase: prospect"
    found = decompose(quiet(f"customers: {{A: {{{text}}}}}"), paths=4000)
    waiting = np.exp(-0.3 * T)

    assert 0.0 == means(found)["today's wallet"]
    assert within(100 * ((1 - waiting) * DISCOUNT).sum(), found, "prospects won")
    assert within(-4 * (waiting * DISCOUNT).sum(), found, "acquisition")


@pytest.mark.jit
def test_write_offs_are_the_loss_on_receivables(quiet):
    text = "insolvency: {hazard: 0.1, loss_given_default: 60%}, receivable_days: 73"
    found = decompose(quiet(f"customer_defaults: {{{text}}}"), paths=4000)
    failing = np.exp(-0.1 * (T - 1)) - np.exp(-0.1 * T)

    assert within(-0.6 * 20 * (failing * DISCOUNT).sum(), found, "write-offs")


MARKETS = {
    "plain": "{expected_return: 5%, volatility: 20%}",
    "jumps": "{expected_return: 5%, volatility: 15%, jumps: {rate: 0.5, log_mean: -0.1, log_sd: 0.1}}",
}


@pytest.mark.jit
@pytest.mark.parametrize("market", MARKETS.values(), ids=MARKETS)
def test_market_and_industry_shocks_have_no_mean_of_their_own(quiet, market):
    text = f"economy: {{market: {market}, industries: {{steel: {{volatility: 20%}}}}}}"
    found = decompose(
        quiet(text, "customers: {A: {beta: 1.2, growth: 2%, industry: {steel: 1}}}"), paths=4000
    )

    assert within(0.0, found, "market growth")
    assert within(0.0, found, "industry growth")
    assert within(((1.02**T - 1) * 100 * DISCOUNT).sum(), found, "own growth")


@pytest.mark.untraced
@pytest.mark.jit
@pytest.mark.parametrize("shapley", [False, True], ids=["stated order", "shapley"])
@pytest.mark.parametrize("number", range(3))
@pytest.mark.usefixtures("small_chunks")
def test_parts_add_up_to_the_simulated_value_on_every_path(tmp_path, number, shapley):
    scenario = load(random_document(number, paths=64), tmp_path)
    found = decompose(scenario, paths=64, shapley=shapley, orders=4)
    result = simulate(scenario, paths=64, bands=False).isel(strategy=0)
    npv, levels = (
        result[name].sel(discounting=scenario.capital.discounting).values for name in ("npv", "level_npv")
    )
    each = np.concatenate([npv, levels, (npv.sum(axis=0) + levels.sum(axis=0))[np.newaxis]])
    parts = found["item_part_value"].values
    total = found["part_value"].values

    assert len(found["item"]) == each.shape[0]
    assert np.all(np.abs(parts.sum(axis=0) - each) <= EXACT * np.abs(parts).sum(axis=0))
    assert np.all(np.abs(total.sum(axis=0) - each[-1]) <= EXACT * np.abs(total).sum(axis=0))
    assert found["npv_mean"].values == pytest.approx(each.mean(axis=1), rel=1e-12, abs=1e-9)


def absent(document):
    """Parts of which a random scenario holds nothing, as its text says."""
    customers = document["customers"].values()
    lines = [line for customer in customers for line in customer["lines"].values()]
    holds = {
        "wallet created": any("wallet_creation" in line for line in lines),
        "prospects won": any(customer["phase"] == "prospect" for customer in customers),
        "acquisition": any("acquisition" in customer for customer in customers),
        "takeover": any("takeover" in customer for customer in customers),
        "insolvency": any("insolvency" in customer for customer in customers),
        "listed mergers": bool(document["mergers"]),
        "level costs": bool(document["costs"]),
        "direct costs": any({"direct_cost", "costs"} & set(customer) for customer in customers),
        "fixed process costs": any("processes" in customer for customer in customers),
        "idle capacity": any("processes" in customer for customer in customers),
        "investments": any("investments" in customer for customer in customers),
        "industry growth": any(customer.get("industry") for customer in customers),
        "tax": "tax_rate" in document["capital"],
        "horizon value": "horizon_value" in document["capital"],
    }
    return [name for name, held in holds.items() if not held]


@pytest.mark.jit
@pytest.mark.usefixtures("small_chunks")
def test_what_a_scenario_lacks_adds_exactly_nothing(tmp_path):
    seen = set()
    for number in range(7):
        document = random_document(number, paths=64, customers=1)
        found = decompose(load(document, tmp_path), paths=64)
        for name in absent(document):
            assert not np.any(found["item_part_value"].sel(part=name).values), name
            seen.add(name)

    assert {"takeover", "insolvency", "listed mergers", "tax", "horizon value"} <= seen


@pytest.mark.jit
def test_errors_are_those_of_paired_differences(quiet):
    scenario = quiet("customer_defaults: {volatility: 20%, churn: {hazard: 0.1}}")
    found = decompose(scenario, paths=1000)
    churn = found["part_value"].sel(part="churn").values

    assert churn.std(ddof=1) / 1000**0.5 == pytest.approx(
        float(found["part_mean_standard_error"].sel(part="churn", item="total"))
    )
    assert churn.mean() == pytest.approx(means(found)["churn"])


@pytest.mark.jit
def test_threads_change_nothing(quiet):
    scenario = quiet("customer_defaults: {beta: 1, churn: {hazard: 0.1}}")
    one, two = (decompose(scenario, paths=5000, threads=threads) for threads in (1, 2))

    assert np.array_equal(one["part_value"].values, two["part_value"].values)


def test_arguments_out_of_range_are_refused(quiet):
    with pytest.raises(ValueError, match="orders must be even"):
        decompose(quiet(), paths=10, orders=5)
    with pytest.raises(ValueError, match="paths must be at least 2"):
        decompose(quiet(), paths=1)


def test_progress_ends_with_all_runs(quiet):
    seen = []
    found = decompose(
        quiet(EVERYTHING_CERTAIN), paths=50, progress=lambda done, total: seen.append((done, total))
    )

    assert seen[-1] == (50 * found.attrs["runs"], 50 * found.attrs["runs"])
