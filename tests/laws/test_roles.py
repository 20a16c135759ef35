"""Executive roles: growth in closed form, events that add chance and no mean, terms, limits and costs."""

import json

import numpy as np
import pytest
from scipy.special import expit, logit

from crcsim.compile.groups import coupling_groups
from crcsim.compile.program import Program
from crcsim.errors import NumericError
from crcsim.valuation.executives import CAVEAT
from tests.laws.support import agrees, equal, mean_agrees, run, share_agrees

ROLES = ("hands_off", "loose_cannon", "social_visitor", "dealmaker", "growth_champion")
MIX = np.array([0.28, 0.21, 0.19, 0.18, 0.14])
SALES = np.array([1.2, 1.7, 4.7, 4.1, 8.8]) / 100
PROFIT = np.array([-0.3, 2.7, 6.9, 7.7, 9.7]) / 100
#: Nothing happens but what the role itself does, and all of that is caused by it.
CALM = "{causal_share: 1, damage: {rate: 0}, concession: {rate: 0}, deal: {rate: 0}, transitions: {}}"
STAY = (
    "executives: {transitions: {social_visitor: {loose_cannon: 0, growth_champion: 0}, "
    "dealmaker: {growth_champion: 0}}}"
)


def executives(text="{}"):
    return f"executives: {text}"


def every_role(customer="A"):
    """A strategy for each role, and one whose executive is drawn."""
    each = ", ".join(f"{role}: {{roles: {{{customer}: {role}}}}}" for role in (*ROLES, "mix"))
    return f"strategies: {{{each}}}"


def by_role(result, name):
    """A variable [role, ..] of the strategies of all roles."""
    return result[name].sel(strategy=list(ROLES)).values


# --- growth ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("timing", ["begin", "end"])
def test_sales_and_margin_grow_with_the_role_for_five_years(law, timing):
    """A line's sales follow ln(1+g) less its mean, its contribution ln(1+p) less its mean, by the part that
    is caused and to which the customer responds.
    """
    scenario = law(
        f"time: {{years: 7, periods_per_year: 2, flow_timing: {timing}}}",
        "products: {goods: {variable_costs: {material: 40%, distribution: 20%}}}",
        "customers: {A: {receptiveness: 50%}}",
        executives(CALM.replace("share: 1,", "share: 80%,")),
        STAY,
        every_role(),
    )
    result = run(scenario, 8, lanes=8).isel(path=0)
    served = np.minimum(np.arange(14) + (timing == "end"), 10) / 2
    sales, profit = np.log1p(SALES), np.log1p(PROFIT)
    growth = 0.4 * (sales - MIX @ sales)
    both = 0.4 * (profit - MIX @ profit)

    assert equal(50 * np.exp(np.outer(growth, served)), by_role(result, "sales"), "sales")
    assert equal(20 * np.exp(np.outer(both, served)), by_role(result, "cash_flow"), "contribution")


def test_the_effect_fades_after_the_last_term(law):
    """2.5 years of full effect, then half as much every year, until year 5."""
    scenario = law(
        "time: {years: 8, periods_per_year: 4}",
        executives(CALM.replace("}, tr", "}, renewed: false, term: 2.5, fade: 1, cost: {dealmaker: 8}, tr")),
        "strategies: {act: {roles: {A: dealmaker}}}",
    )
    result = run(scenario, 8, lanes=8).sel(strategy="act").isel(path=0)
    years = np.arange(1, 33) / 4
    fading = np.clip(years, 2.5, 5.0) - 2.5
    effect = np.minimum(years, 2.5) + (1 - 0.5**fading) / np.log(2)
    growth = np.log1p(0.041) - MIX @ np.log1p(SALES)

    assert equal(25 * np.exp(growth * effect), result["sales"], "sales")
    assert equal(np.where(years <= 2.5, 2.0, 0.0), result["sales"] - result["cash_flow"], "cost", 1e-7)


def test_a_role_means_nothing_without_a_causal_share_and_never_gains_from_a_loss(law):
    """All revenue goes into variable costs and more: there is no margin that could rise."""
    scenario = law(
        "products: {goods: {variable_costs: {material: 110%}}}",
        executives(CALM),
        STAY,
        "customers: {B: {receptiveness: 0, lines: {goods: {wallet: 50, share: 100%}}}}",
        "strategies: {act: {roles: {A: growth_champion}}, deaf: {roles: {B: growth_champion}}}",
    )
    result = run(scenario, 8, lanes=8).isel(path=0)
    act = result.sel(strategy="act")

    assert equal(-0.1, act["cash_flow"] / act["sales"], "margin")
    assert equal(result["npv"].sel(strategy="baseline"), result["npv"].sel(strategy="deaf"), "no response")


# --- mix and programme (B6, B07) ------------------------------------------------------------------
@pytest.mark.jit
def test_the_growth_of_the_mix_is_that_of_the_survey(law, paths):
    """B07: roles drawn as in the survey grow by 3.556 % in sales and by 4.538 % in profit on average."""
    scenario = law(
        "time: {years: 1}",
        "products: {goods: {variable_costs: {material: 40%}}}",
        executives(CALM.replace("transitions: {}", "sponsor_programme: {without: 14%, champions: 14%}")),
        "strategies: {mix: {roles: {A: mix}}}",
    )
    result = run(scenario, paths).sel(strategy="mix")
    sales = np.exp(MIX @ np.log1p(SALES)) * result["sales"].values[0] / 100
    profit = np.exp(MIX @ np.log1p(PROFIT)) * result["cash_flow"].values[0] / 60

    assert mean_agrees(1.03556, sales, "sales")
    assert mean_agrees(1.04538, profit, "profit")


@pytest.fixture
def visible(law):
    """Roles that can be told from the cost of the executive: role r costs r a year."""
    cost = ", ".join(f"{role}: {place}" for place, role in enumerate(ROLES))

    def scenario(strategies, text="", *changes):
        calm = CALM.replace("transitions: {}", f"cost: {{{cost}}}, term: 1{text}").replace(
            "share: 1", "share: 0"
        )
        return law("time: {years: 3}", executives(calm), f"strategies: {{{strategies}}}", *changes)

    return scenario


def roles_of(result):
    """Role [period, path] of the only executive."""
    return np.rint(100 - result["cash_flow"].values).astype(int)


@pytest.mark.jit
def test_the_sponsor_programme_shifts_the_mix(visible, paths):
    both = "alone: {roles: {A: mix}}, with: {roles: {A: mix}, sponsor_programme: true}"
    result = run(visible(both), paths)
    for name, champions in (("alone", 0.04), ("with", 0.26)):
        drawn = roles_of(result.sel(strategy=name))[0]
        expected = np.append(MIX[:4] / 0.86 * (1 - champions), champions)

        assert share_agrees(expected, np.arange(5)[:, None] == drawn, f"roles drawn {name}")


@pytest.mark.jit
def test_roles_change_by_the_matrix_at_the_end_of_a_term(visible, paths):
    """After n terms the roles are distributed as the n-th power of the matrix says."""
    moves = {"hands_off": {"dealmaker": 0.4}, "dealmaker": {"growth_champion": 0.5, "hands_off": 0.2}}
    matrix = np.eye(5)
    for role, row in moves.items():
        for to, probability in row.items():
            matrix[ROLES.index(role), ROLES.index(to)] = probability
            matrix[ROLES.index(role), ROLES.index(role)] -= probability
    text = ", ".join(
        f"{role}: {{{', '.join(f'{to}: {p}' for to, p in row.items())}}}" for role, row in moves.items()
    )
    scenario = visible("act: {roles: {A: hands_off}}", f", transitions: {{{text}}}")
    served = roles_of(run(scenario, paths).sel(strategy="act"))
    for term in range(3):
        expected = np.linalg.matrix_power(matrix, term)[0]

        assert share_agrees(expected, np.arange(5)[:, None] == served[term], f"roles after {term} terms")


def test_a_limit_holds_and_links_the_customers(visible):
    """Both visitors would become champions; there is room for the first one."""
    two = """
    customers: {B: {lines: {goods: {wallet: 100, share: 100%}}}, C: {lines: {goods: {wallet: 1, share: 1}}}}
    """
    act, moves = (
        "act: {roles: {A: social_visitor, B: social_visitor}}",
        "{social_visitor: {growth_champion: 1}}",
    )
    moves = moves.replace("{growth", "{loose_cannon: 0, growth")
    free = visible(act, f", transitions: {moves}", two)
    scenario = visible(act, f", transitions: {moves}, limit: {{growth_champion: 1}}", two)
    discount = 1.1 ** -np.arange(1.0, 4.0)
    visitor, champion = discount @ np.full(3, 98.0), discount @ np.array([98.0, 96.0, 96.0])
    found, without = (
        run(each, 8, lanes=8)["npv"].sel(strategy="act", discounting="wacc").isel(path=0, customer=[0, 1])
        for each in (scenario, free)
    )

    assert (("A", "B"), ("C",)) == coupling_groups(scenario)
    assert (("A",), ("B",), ("C",)) == coupling_groups(free)
    assert equal([champion, visitor], found, "limited to one champion")
    assert equal([champion, champion], without, "without limit")


@pytest.mark.jit
def test_roles_drawn_stay_within_their_limits(visible, paths):
    """One of two executives can be a dealmaker: the second takes another role where the first is one."""
    two = "customers: {B: {lines: {goods: {wallet: 100, share: 100%}}}}"
    reference = "reference_mix: {hands_off: 50%, dealmaker: 50%}, sponsor_programme: {without: 0%}"
    limit = f", limit: {{dealmaker: 1}}, transitions: {{dealmaker: {{growth_champion: 0}}}}, {reference}"
    scenario = visible("act: {roles: {A: mix, B: mix}}", limit, two)
    npv = run(scenario, paths)["npv"].sel(strategy="act", discounting="wacc").values
    first, second = (np.rint(100 - value / (1.1 ** -np.arange(1.0, 4.0)).sum()) == 3 for value in npv)

    assert not np.any(first & second)
    assert share_agrees(0.5, first, "first customer with a dealmaker")
    assert share_agrees(0.25, second, "second customer with a dealmaker")


def test_the_programme_costs_the_company(law):
    scenario = law(
        "capital: {tax_rate: 30%}",
        executives("{sponsor_programme: {cost: 10}}"),
        "strategies: {programme: {sponsor_programme: true}}",
    )
    result = run(scenario, 8, lanes=8, cascade=True)
    perpetuity = (1 - 1.1**-10) / 0.1
    cost = result["item_npv"].sel(item="executive_cost:company").isel(path=0)
    npv = result["level_npv"].sel(level="company", discounting="wacc").isel(path=0)

    assert equal([0.0, -10 * perpetuity], cost, "cost of the programme")
    assert equal([0.0, -7 * perpetuity], npv, "after tax")


# --- events ---------------------------------------------------------------------------------------
EVENTFUL = (
    "executives: {causal_share: 0, damage: {rate: 0.6, share: {logit: -0.5}}, deal: {rate: 0.4}, "
    "concession: {rate: 0.5, price: 10%, duration: 18 months}}"
)


@pytest.mark.jit
def test_concessions_are_poisson_and_leave_the_mean_price(law, paths):
    """ln price factor = sum over the concessions that hold of ln(1 - cut), with the mean 1."""
    scenario = law("time: {years: 3}", EVENTFUL, STAY, "strategies: {act: {roles: {A: dealmaker}}}")
    factor = run(scenario, paths)["sales"].sel(strategy="act").values / 100

    assert mean_agrees(np.ones(3), factor, "price factor")
    assert share_agrees(np.exp(-0.5), np.isclose(factor[0], np.exp(0.05)), "none in the first year")
    assert share_agrees(0.5 * np.exp(-0.5), np.isclose(factor[0], 0.9 * np.exp(0.05)), "one in it")
    half = np.isclose(factor[1], np.exp(0.05 + 0.025) * 0.95)
    assert share_agrees(0.5 * np.exp(-1), half, "one in it, whose half year is left in the second")


@pytest.mark.jit
@pytest.mark.parametrize(
    ("role", "rate", "size"), [("loose_cannon", 0.6, -0.5), ("growth_champion", 0.4, 0.3)]
)
def test_damage_and_deals_move_the_share_without_its_mean(law, paths, role, rate, size):
    """The logit share returns by e^-1 a year; each event adds its points, less what is expected of it."""
    share = "{now: 40%, target: 40%, stated_as: median, reversion: 1, volatility: 0}"
    scenario = law(
        "time: {years: 4}",
        f"customers: {{A: {{lines: {{goods: {{share: {share}}}}}}}}}",
        EVENTFUL,
        STAY,
        f"strategies: {{act: {{roles: {{A: {role}}}}}}}",
    )
    result = run(scenario, paths)
    wallet = result["sales"].sel(strategy="baseline").values / 0.4
    score = logit(result["sales"].sel(strategy="act").values / wallet)
    left = np.exp(-1.0)
    calm = logit(0.4) - size * rate * left
    variance = size**2 * rate * (left ** (2 * np.arange(1, 5))).cumsum()

    assert mean_agrees(np.full(4, logit(0.4)), score, "logit share")
    assert share_agrees(np.exp(-rate), np.isclose(score[0], calm), "no event in the first year")
    assert mean_agrees(variance, (score - logit(0.4)) ** 2, "variance of the logit share")
    assert expit(score.min()) > 0.0


@pytest.mark.jit
@pytest.mark.parametrize("plan", ["levers: {care: {start: now}}, ", ""], ids=["of a plan", "of maintenance"])
def test_damage_sets_stocks_back_by_a_year_without_their_mean(law, paths, plan):
    """Far below the half effect the response is a straight line of the stock: K after a damage is 0.7 K."""
    far = 1e6
    care = (
        f"target: {{customer: A}}, spend: {{amount: 5}}, maintenance: 10, "
        f"response: {{decay: 30%, half_effect_spend: {far}}}, effects: {{price_premium: {far / 10}}}"
    )
    acting = plan + "roles: {A: loose_cannon}"
    calm = f"calm: {{{plan.rstrip(', ')}}}, act: {{{acting}}}"
    scenario = law("time: {years: 4}", f"levers: {{care: {{{care}}}}}", EVENTFUL, f"strategies: {{{calm}}}")
    sales = run(scenario, paths)["sales"]
    act, expected = sales.sel(strategy="act").values, sales.sel(strategy="calm").values[:, 0]
    stock = 10 / 0.3
    undamaged = np.exp(0.6 * 0.3)

    assert mean_agrees(expected[1:], act[1:], "sales with a stock that visits set back")
    first = 0.7 * (0.7 * stock + 10 + (5 if plan else 0)) * undamaged
    gained = 1 + (first + 10 + (5 if plan else 0) - stock) * 0.3 / 10
    assert share_agrees(np.exp(-0.6), np.abs(act[1] / 100 - gained) < 0.05, "no damage in the first year")


# --- who is left alone ----------------------------------------------------------------------------
LIVELY = """
customers:
  A: {churn: {hazard: 0.1}, lines: {goods: {share: {now: 40%, target: 50%, reversion: 1, volatility: 0.3}}}}
  B: {churn: {hazard: 0.1}, win_back: {hazard: 0.3}, lines: {goods: {wallet: 70, share: 60%}}}
customer_defaults: {beta: 1, volatility: 20%, direct_cost: 5}
products: {goods: {variable_costs: {material: 30%}, premium: 5%}}
levers:
  care:
    target: {customer: A}
    spend: {amount: 5}
    maintenance: 2
    response: {decay: 30%, half_effect_spend: 5}
    effects: {churn_hazard_ratio: 0.5, variable_cost_ratio: 0.9}
strategies: {care: {levers: {care: {start: 1}}}}
"""
WITH_ROLES = "strategies: {champion: {roles: {A: growth_champion}}, cannon: {roles: {A: loose_cannon}}}"


@pytest.mark.jit
@pytest.mark.parametrize("cascade", [False, True])
def test_a_role_leaves_other_customers_and_strategies_untouched_to_the_bit(law, cascade):
    served = run(law(LIVELY, executives("{cost: {growth_champion: 3}}"), WITH_ROLES), 3000, cascade=cascade)
    plain = run(law(LIVELY), 3000, cascade=cascade)
    same = served.sel(strategy=["baseline", "care"])
    if cascade:
        same = same.sel(item=plain["item"])

    assert [] == [name for name in plain if not np.array_equal(plain[name], same[name], equal_nan=True)]
    for name in ("npv", "end_cause", "end_period"):
        of_other = served[name].sel(customer="B")
        assert np.array_equal(of_other.sel(strategy="champion"), of_other.sel(strategy="baseline"))
        assert np.array_equal(of_other.sel(strategy="cannon"), of_other.sel(strategy="baseline"))
    assert not np.array_equal(served["npv"].sel(strategy="champion"), served["npv"].sel(strategy="baseline"))
    assert [CAVEAT] == json.loads(served.attrs["caveats"])
    assert [] == json.loads(plain.attrs["caveats"])


@pytest.mark.jit
def test_an_uncertain_causal_share_is_drawn_once_a_path(law, paths):
    """The log of the growth divided by that of full causality is the causal share, the same in all years."""
    share = "{pert: {low: 0, mode: 10%, high: 30%}}"
    scenario = law(
        "time: {years: 2}",
        executives(CALM.replace("causal_share: 1", f"causal_share: {share}")),
        "strategies: {act: {roles: {A: growth_champion}}}",
    )
    sales = run(scenario, paths)["sales"].sel(strategy="act").values / 100
    drawn = np.log(sales[0]) / (np.log1p(0.088) - MIX @ np.log1p(SALES))

    assert np.allclose(sales[1], sales[0] ** 2)
    assert mean_agrees(0.7 / 6, drawn, "mean of the causal share")
    assert agrees(0.0, min(drawn.min(), 0.0), 1e-12, "below none")


# --- mistakes -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("executives: {term: 1 month}", "shorter than a period"),
        (
            "executives: {limit: {hands_off: 0, loose_cannon: 0, social_visitor: 0, dealmaker: 0}}",
            "1 of the 2",
        ),
    ],
)
def test_what_cannot_be_served_is_refused(law, change, message):
    two = "customers: {B: {lines: {goods: {wallet: 100, share: 100%}}}}"
    if "limit" in change:
        change = change.replace("dealmaker: 0", "dealmaker: 0, growth_champion: 1")
    scenario = law(two, change, "strategies: {act: {roles: {A: mix, B: mix}}}")
    with pytest.raises(NumericError, match=message):
        Program(scenario, 1, strategies=None)
