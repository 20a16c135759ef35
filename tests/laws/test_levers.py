"""Levers: stock and response in closed form, and what each effect does to wallet, price and relation."""

import numpy as np
import pytest
from scipy.special import expit, logit

from crcsim import simulate
from tests.laws.support import equal, mean_agrees, run, total_value

#: A lever whose response is one half from the period on in which it starts, on every grid: nothing of the
#: stock is left after a period, and the spend is that of half the effect.
HALF = "spend: {amount: 10}, response: {decay: 100%, half_effect_spend: 10}"
START = "{care: {start: now}}"


def lever(effects, text=HALF, target="{customer: A}"):
    """Changes that bring a lever, and a strategy that starts it at once."""
    return f"levers: {{care: {{target: {target}, {text}, effects: {effects}}}}}"


def strategy(levers=START, rest=""):
    return f"strategies: {{act: {{levers: {levers}{rest}}}}}"


def certain(scenario, name, strategy="act"):
    """A variable [..] of a strategy where nothing is random."""
    return run(scenario, 8, lanes=8)[name].sel(strategy=strategy).isel(path=0).values


def costs(result, discounting="wacc"):
    """Present value [strategy, path] of the spend on levers."""
    items = [item for item in result["item"].values if item.startswith(("relationship_spend", "programme"))]
    return result["item_npv"].sel(item=items).sum("item").values


# --- stock and response ---------------------------------------------------------------------------
def test_one_unit_of_goodwill_is_worth_its_perpetuity(law):
    """Nerlove and Arrow: G_t = (1 - delta) G_{t-1} + A_t with profit b G is worth b (1 + d) / (d + delta)
    a unit.

    Where half of the effect is far away, the response is a straight line.
    """
    delta, b, d, far = 0.25, 0.8, 0.1, 1e9
    response = f"spend: {{once: 1}}, response: {{decay: {delta}, half_effect_spend: {far * delta}}}"
    scenario = law("time: {years: 80}", lever(f"{{price_premium: {b * far / 100}}}", response), strategy())
    value = total_value(run(scenario, 8, lanes=8).sel(strategy="act")) - certain_baseline(scenario)

    assert equal((b * (1 + d) / (d + delta) - 1) / (1 + d), value, "value of a unit less its cost", 1e-7)


def certain_baseline(scenario):
    return total_value(run(scenario, 8, lanes=8).sel(strategy="baseline"))


@pytest.mark.parametrize("periods_per_year", [1, 4])
@pytest.mark.parametrize(("plan", "share"), [(2.0, 0.405853844086), (0.5, 0.235262460433), (0.0, 0.2)])
def test_judgements_are_met_in_the_long_run(law, plan, share, periods_per_year):
    """Little's ADBUDG: 20 % without spend, 30 % with that of today, 36 % with half as much again, at most
    55 %.
    """
    judgements = "{floor: 20%, maintenance: 30%, plus_half: 36%, saturation: 55%}"
    text = f"spend: {{amount: 7}}, maintenance: 7, response: {{decay: 100%, judgements: {judgements}}}"
    more = strategy(f"{{care: {{start: now, spend: {plan - 1}}}}}")
    less = strategy("{}", f", cost_programmes: {{cut: {{lever: care, maintenance: {plan}, start: now}}}}")
    grid = f"time: {{periods_per_year: {periods_per_year}}}"
    scenario = law(grid, lever("{price_premium: 25%}", text), more if plan > 1 else less)
    expected = 100 / periods_per_year * (1 + share - 0.3)

    assert equal(expected, certain(scenario, "sales"), "sales with the effect as price")
    assert equal(100 / periods_per_year, certain(scenario, "sales", "baseline"), "sales of the baseline")


@pytest.mark.parametrize("uncertain", ["1", "{uniform: {low: 0.999999999, high: 1.000000001}}"])
def test_a_stock_that_grows_with_a_lag_and_amplified(law, uncertain):
    """K_t = 0.75 K_{t-1} + 2^(r of the amplifier one period before) x spend 1.5 years before, a table or
    path by path.
    """
    team = (
        "target: {customer: A}, spend: {amount: 10}, effects: {price_premium: 1}, "
        f"response: {{decay: 25%, lag: 18 months, half_effect_spend: 5, effectiveness: {uncertain}}}"
    )
    trust = f"target: {{customer: A}}, {HALF}, effects: {{effectiveness: {{ratio: 2, levers: all}}}}"
    both = strategy("{team: {start: now}, trust: {start: 3 years}}")
    scenario = law(f"levers: {{team: {{{team}}}, trust: {{{trust}}}}}", both)
    stock, expected = 0.0, []
    for t in range(10):
        arriving = 10 * np.clip(t - 0.5, 0.0, 1.0) if t < 2 else 10.0
        stock = 0.75 * stock + arriving * (2**0.5 if t > 3 else 1.0)
        expected.append(100 * (1 + stock / (stock + 20)))

    assert equal(expected, certain(scenario, "sales"), "sales with the response as price", 1e-8)


def test_a_chain_of_amplifiers_reaches_customers_apart(law):
    """`a` makes `b` more effective and `b` makes `c`: what c does to B depends on a, which is spent on A."""
    names = {"c": ("A", "{ratio: 4, levers: [b]}"), "b": ("A", "{ratio: 3, levers: [a]}")}
    uncertain = "causal_share: {uniform: {low: 99.9999999%, high: 100%}}"
    chain = [
        f"{name}: {{target: {{customer: {target}}}, {HALF}, {uncertain}, "
        f"effects: {{effectiveness: {effect}}}}}"
        for name, (target, effect) in names.items()
    ]
    last = f"a: {{target: {{customer: B}}, {HALF}, effects: {{price_premium: 1}}}}"
    customers = "customers: {B: {lines: {goods: {wallet: 100, share: 100%}}}}"
    plans = ", ".join(f"{name}: {{start: now}}" for name in "abc")
    scenario = law(customers, f"levers: {{{', '.join(chain)}, {last}}}", strategy(f"{{{plans}}}"))
    amplified = 4**0.5  # of b, from the second period on
    of_last = 3.0 ** (amplified / (1 + amplified))  # of a, from the third

    assert equal(100 + 100 * (1 + of_last / (1 + of_last)), certain(scenario, "sales")[3], "sales", 1e-8)


@pytest.mark.jit
def test_uncertain_effectiveness_builds_more_or_less_than_was_judged(law, paths):
    """Half of the effect stays at the stock that was judged at the mean: r / (1 - r) = e x spend / half."""
    text = (
        "spend: {amount: 10}, response: {decay: 100%, half_effect_spend: 10, "
        "effectiveness: {uniform: {low: 50%, high: 150%}}}"
    )
    scenario = law("time: {years: 1}", lever("{price_premium: 100%}", text), strategy())
    response = run(scenario, paths)["sales"].sel(strategy="act").values[0] / 100 - 1
    drawn = response / (1 - response)

    assert mean_agrees(1.0, drawn, "mean effectiveness")
    assert mean_agrees(1 / 12, (drawn - 1) ** 2, "variance of the effectiveness")


@pytest.mark.jit
def test_spend_on_a_customer_is_paid_while_it_stays(law):
    scenario = law("customer_defaults: {churn: {hazard: 0.2}}", lever("{price_premium: 0%}"), strategy())
    result = run(scenario, 2000, cascade=True).sel(strategy="act")
    paid = np.where(result["end_cause"] == 0, 10, result["end_period"] - 1).ravel()
    expected = -10 * (1 - 1.1 ** -paid.astype(float)) / 0.1

    assert equal(expected, result["item_npv"].sel(item="relationship_spend"), "spend until the end")


@pytest.mark.jit
def test_spend_on_a_prospect_is_paid_while_it_is_courted(law):
    """And goes on where it is won: what builds the stock of a lever is never free."""
    acquisition = "acquisition: {spend: 40, duration: 3 years, conversion: {hazard: 0.3}}"
    prospect = f"customers: {{A: {{phase: prospect, {acquisition}}}}}"
    scenario = law("time: {years: 6}", prospect, lever("{price_premium: 0%}"), strategy())
    result = run(scenario, 2000, cascade=True).sel(strategy="act")
    year = np.arange(1, 7)[:, np.newaxis]
    served = (year <= 3) | (result["sales"].values > 0)

    assert 0 < served[-1].mean() < 1
    assert equal(
        -(10 * served * 1.1**-year).sum(axis=0), result["item_npv"].sel(item="relationship_spend"), "spend"
    )


@pytest.mark.parametrize(("booked", "after_tax"), [("expense", 0.7), ("investment", 1.0)])
def test_an_investment_lowers_no_tax(law, booked, after_tax):
    text = f"{HALF}, booked_as: {booked}"
    scenario = law("capital: {tax_rate: 30%}", lever("{price_premium: 0%}", text, "all"), strategy())
    gap = certain(scenario, "cash_flow") - certain(scenario, "cash_flow", "baseline")

    assert equal(-10 * after_tax, gap, "cash for the lever")


def test_maintenance_cut_is_money_now_and_a_relation_lost_later(law):
    """A year passes until the customer feels it; then the stock decays."""
    text = (
        "spend: {amount: 1}, maintenance: 10, response: {decay: 30%, lag: 12 months, half_effect_spend: 10}"
    )
    cut = strategy("{}", ", cost_programmes: {cut: {lever: care, maintenance: 0%, start: now}}")
    scenario = law(lever("{price_premium: 20%}", text), cut)
    cash, before = certain(scenario, "cash_flow"), certain(scenario, "cash_flow", "baseline")
    left = 0.7 ** np.arange(10)
    response = (left - 1) / (left + 1)

    assert equal(100 - 10, before, "cash of the baseline")
    assert equal(100 * (1 + 0.2 * response), cash, "cash after the cut")
    assert cash[0] > before[0]
    assert cash[-1] - 100 < 0.0


# --- effects --------------------------------------------------------------------------------------
RATE, MEDIAN, LOG_SD = 0.4, 1.3, 0.2
YEARS = np.array([1, 3, 5])


@pytest.mark.jit
@pytest.mark.parametrize("periods_per_year", [1, 4])
def test_mean_and_variance_of_wallet_that_a_lever_creates(law, paths, periods_per_year):
    """E[J] = exp(nu tau (E[e^Y] - 1)) and Merton's variance, nu half of the rate at saturation."""
    creation = f"{{wallet_creation: {{rate: {2 * RATE}, median: {MEDIAN}, log_sd: {LOG_SD}}}}}"
    grid = f"time: {{years: 5, periods_per_year: {periods_per_year}}}"
    wallet = f"customers: {{A: {{lines: {{goods: {{wallet: {periods_per_year}}}}}}}}}"
    result = run(law(grid, wallet, lever(creation), strategy()), paths)["sales"].sel(strategy="act").values
    jumps = result[YEARS * periods_per_year - 1]
    first, second = (np.exp(RATE * YEARS * (moment(order) - 1)) for order in (1, 2))

    assert mean_agrees(first, jumps, "mean of J")
    assert mean_agrees(second - first**2, (jumps - first[:, None]) ** 2, "variance of J")


def moment(order):
    """E[e^(order Y)]."""
    return MEDIAN**order * np.exp((order * LOG_SD) ** 2 / 2)


MARKETS = {
    "plain": "{expected_return: 5%, volatility: 20%}",
    "jumps": "{expected_return: 5%, volatility: 15%, jumps: {rate: 0.5, log_mean: -0.1, log_sd: 0.1}}",
    "regimes": (
        "{expected_return: null, volatility: null, "
        "regimes: {good: {expected_return: 9%, volatility: 12%, leave: {hazard: 0.3}}, "
        "bad: {expected_return: -5%, volatility: 25%, leave: {hazard: 0.6}}}}"
    ),
}


@pytest.mark.jit
@pytest.mark.parametrize("market", MARKETS.values(), ids=MARKETS)
@pytest.mark.parametrize("start", [0, 2])
def test_coupling_changes_no_mean_but_that_of_growth(law, paths, market, start):
    """E[W_t] = (1 + g)^(sum of chi): a lever on coupling adds risk, and growth only where there is some."""
    grown = "{beta: 0.8, growth: 4%, volatility: 15%, coupling: 0.9, industry: {steel: 0.5}}"
    economy = f"economy: {{market: {market}, industries: {{steel: {{volatility: 10%}}}}}}"
    act = strategy(f"{{care: {{start: {start}}}}}")
    scenario = law(economy, f"customers: {{A: {grown}}}", lever("{coupling: 1.2}"), act)
    sales = run(scenario, paths)["sales"]
    tau = np.arange(1, 11)
    chi = 0.9 * tau + 0.6 * np.maximum(0, tau - start)

    assert mean_agrees(100 * 1.04**chi, sales.sel(strategy="act").values, "mean of the wallet")
    assert sales.sel(strategy="act")[-1].std() > 1.2 * sales.sel(strategy="baseline")[-1].std()


@pytest.mark.jit
def test_churn_and_retention_by_their_hazards(law, paths):
    """Churn hazard x ratio^(1/2) and odds of staying after a takeover x e^(logit/2) give the incidences."""
    risks = "customer_defaults: {churn: {hazard: 0.2}, takeover: {hazard: 0.1, retained: 30%}}"
    effects = "{churn_hazard_ratio: 0.36, takeover_retention: {logit: 1.2}}"
    ends = run(law(risks, lever(effects), strategy()), paths)["end_cause"].sel(strategy="act").values.ravel()
    churn, lost = 0.2 * 0.6, 0.1 * (1 - expit(logit(0.3) + 0.6))
    total = 1 - np.exp(-10 * (churn + lost))

    assert mean_agrees(churn / (churn + lost) * total, ends == 1, "churned")
    assert mean_agrees(lost / (churn + lost) * total, ends == 2, "taken over")


def test_effects_on_share_growth_price_and_cost(law):
    """Each on its own scale, half of it: logit, log growth, price points, log of cost."""
    line = "share: {now: 40%, target: 40%, reversion: 60, volatility: 0}"
    goods = "products: {goods: {premium: 10%, variable_costs: {material: 50%}}}"
    effects = "{share_target: {logit: 1}, wallet_growth: 21%, price_premium: 8%, variable_cost_ratio: 0.81}"
    scenario = law(goods, f"customers: {{A: {{lines: {{goods: {{{line}}}}}}}}}", lever(effects), strategy())
    volume = 100 * expit(logit(0.4) + 0.5) * 1.1 ** np.arange(1, 11)

    assert equal(volume * (1 + 0.1 + 0.04), certain(scenario, "sales"), "sales")
    assert equal(volume * (1.14 - 0.5 * 0.9) - 10, certain(scenario, "cash_flow"), "cash")


def test_percentage_points_are_those_of_todays_share(law):
    """10 points at 40 % are logit(50 %) - logit(40 %), of which half is reached."""
    line = "share: {now: 40%, target: 40%, reversion: 60, volatility: 0}"
    act = lever("{share_target: {points: 10%}}"), strategy()
    scenario = law(f"customers: {{A: {{lines: {{goods: {{{line}}}}}}}}}", *act)

    assert equal(100 * expit((logit(0.4) + logit(0.5)) / 2), certain(scenario, "sales"), "sales")


def test_processes_become_cheaper_whatever_they_follow(law):
    """Fixed, by volume and idle: 50 processes and 20 by volume used, 30 idle, at 0.2 x 0.81^(1/2)."""
    process = "processes: {visits: {level: customer, cost_rate: 0.2, line: indirect_administration}}"
    use = "customers: {A: {processes: {visits: {fixed: 50, per_volume: 0.2, reserved: 100}}}}"
    scenario = law(process, use, lever("{process_cost_ratio: 0.81}"), strategy())

    assert equal(100 - 100 * 0.2 * 0.9 - 10, certain(scenario, "cash_flow"), "cash")
    assert equal(100 - 100 * 0.2, certain(scenario, "cash_flow", "baseline"), "cash of the baseline")


# --- nothing from nothing -------------------------------------------------------------------------
LIVELY = """
customer_defaults:
  {beta: 1, volatility: 20%, growth: 3%, coupling: 0.8, churn: {hazard: 0.1, tenure_shape: 0.8},
  takeover: {hazard: 0.1, retained: 50%}, insolvency: {hazard: 0.03, success_exponent: 1},
  receivable_days: 40}
products: {goods: {premium: 20%, premium_half_life: 4, variable_costs: {material: 40%}, capacity: 250}}
processes: {visits: {level: customer, cost_rate: 0.1, line: indirect_administration}}
customers:
  A: {processes: {visits: {fixed: 5, per_volume: 0.1, reserved: 20}}}
  B: {lines: {goods: {wallet: 200, share: {now: 30%, target: 40%, reversion: 0.5, volatility: 0.5}}}}
"""
NOTHING = {
    "no size": (
        "{share_target: {logit: 0}, churn_hazard_ratio: 1, takeover_retention: {logit: 0}, "
        "wallet_growth: 0%, wallet_creation: {rate: 0, median: 2, log_sd: 1}, coupling: 0, "
        "variable_cost_ratio: 1, "
        "price_premium: 0%, process_cost_ratio: 1}",
        "",
    ),
    "no cause": (
        "{share_target: {logit: 2}, churn_hazard_ratio: 0.1, takeover_retention: {logit: 3}, "
        "wallet_growth: 9%, wallet_creation: {rate: 1, median: 2, log_sd: 1}, coupling: 1, "
        "variable_cost_ratio: 0.1, price_premium: 50%, process_cost_ratio: 0.2}",
        ", causal_share: 0%",
    ),
}


@pytest.mark.jit
@pytest.mark.parametrize("timing", ["begin", "end"])
@pytest.mark.parametrize(("effects", "rest"), NOTHING.values(), ids=NOTHING)
def test_a_lever_without_effect_costs_its_spend_and_changes_no_bit_else(law, effects, rest, timing):
    grid = f"time: {{periods_per_year: 4, flow_timing: {timing}}}"
    changes = lever(effects, HALF + rest, "all"), strategy()
    result = simulate(law(grid, LIVELY, *changes), paths=5000, record=["cascade"])
    base, act = result.sel(strategy="baseline"), result.sel(strategy="act")
    cash = {"cash_flow", "customer_cash_flow_mean", "customer_cash_flow_band", "total_cash_flow_band"}
    spend = {name for name in result if "level" in str(name)} | cash | {"item_npv", "item_cash_flow"}
    moved = {
        name
        for name in set(result.data_vars) - spend
        if "strategy" in result[name].dims and not np.array_equal(base[name], act[name], equal_nan=True)
    }
    items = [item for item in result["item"].values if not item.startswith("relationship_spend")]

    assert set() == moved
    assert np.array_equal(base["item_npv"].sel(item=items), act["item_npv"].sel(item=items))
    assert equal(total_value(base), total_value(act) - costs(result)[1], "value before the spend")
