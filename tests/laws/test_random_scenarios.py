"""Many scenarios put together at random: the simulated mean is the deterministic limit, found by recursion.

Left out is what the limit leaves out: mergers, an effect of success on insolvency, losses that load on the
factor of the wallet, the tenure of those who come back, and share targets that differ between phases.
"""

import random

import pytest
import yaml

from tests.laws.support import agrees, expected_value, values

pytestmark = pytest.mark.jit

PHASES = ("build_up", "growth", "maturity")


def economy(r):
    market = {"expected_return": 0.08, "volatility": 0.2}
    if r.random() < 0.3:
        regime = {"good": (0.12, 0.13, 0.15), "bad": (-0.05, 0.28, 0.45)}
        keys = ("expected_return", "volatility", "leave")
        regimes = {
            name: dict(zip(keys, (e, v, {"hazard": h}), strict=True)) for name, (e, v, h) in regime.items()
        }
        market = {"expected_return": None, "volatility": None, "regimes": regimes}
    if r.random() < 0.3:
        market["jumps"] = {"rate": r.uniform(0.1, 0.5), "log_mean": -0.15, "log_sd": 0.1}
    rates = {
        "real_rate": r.uniform(0, 0.02),
        "expected_inflation": r.uniform(0, 0.03),
        "fisher": r.choice(["additive", "exact"]),
    }
    return {**rates, "market": market, "industries": {"shipping": {"volatility": r.uniform(0.05, 0.2)}}}


def capital(r):
    horizon = r.choice(["none", {"perpetuity": {"growth": 0.0}}])
    found = {
        "rate": None,
        "beta": r.uniform(0.5, 1.5),
        "equity_share": r.uniform(0.4, 1),
        "cost_of_debt": 0.05,
    }
    return {
        **found,
        "tax_rate": r.uniform(0, 0.3),
        "form": r.choice(["effective", "log"]),
        "horizon_value": horizon,
    }


def product(r):
    costs = {"material": r.uniform(0, 0.4), "distribution": r.uniform(0, 0.1)}
    premium = {"premium": r.uniform(0, 0.3), "premium_half_life": r.choice(["inf", "2 years"])}
    return {**premium, "sales_deductions": r.uniform(0, 0.05), "variable_costs": costs}


def line(r):
    share = r.uniform(0.2, 1)
    if r.random() < 0.6:
        share = {
            "now": r.uniform(0.1, 0.6),
            "target": r.uniform(0.1, 0.6),
            "stated_as": r.choice(["mean", "median"]),
        }
        share |= {
            "reversion": r.uniform(0.2, 2),
            "volatility": r.uniform(0, 0.6),
            "value_advantage": r.uniform(-0.3, 0.3),
        }
    found = {
        "wallet": None,
        r.choice(["wallet", "sales"]): r.uniform(50, 150),
        "share": share,
        "trend": r.uniform(-0.03, 0.03),
    }
    if r.random() < 0.4:
        found["wallet_creation"] = {
            "rate": r.uniform(0.1, 0.5),
            "median": r.uniform(1, 1.4),
            "log_sd": r.uniform(0, 0.2),
        }
    return found


def business(r):
    growth = {"value": r.uniform(-0.03, 0.06), "basis": r.choice(["real", "nominal"])}
    moves = {
        "beta": r.uniform(0, 1.2),
        "volatility": r.uniform(0, 0.25),
        "coupling": r.uniform(0.3, 1.6),
        "growth": growth,
    }
    terms = {
        "direct_cost": r.uniform(0, 20),
        "discount": r.uniform(0, 0.1),
        "rate": r.choice(["firm", "own"]),
    }
    days = {"receivable_days": r.choice([0, 30, 90]), "payable_days": r.choice([0, 20])}
    return {**moves, **terms, **days, "industry": {"shipping": r.uniform(-1, 1)}}


def lifecycle(r):
    found = {"phase": r.choice([*PHASES, "prospect"]), "churn": {"hazard": r.uniform(0.02, 0.3)}}
    if found["phase"] == "prospect":
        found["acquisition"] = {
            "spend": r.uniform(0, 50),
            "conversion": {"yearly_probability": r.uniform(0.1, 0.6)},
        }
    elif r.random() < 0.3:
        found["tenure"] = r.choice([0, 1, 5])
        found["churn"] |= {"tenure_shape": r.uniform(0.5, 1.5), "tenure_reference": "2 years"}
        return found
    if r.random() < 0.3:
        found["win_back"] = {"hazard": r.uniform(0.1, 0.5)}
    if r.random() < 0.7:
        factors = ("growth", -0.1, 0.1), ("direct_cost_factor", 0.5, 2), ("churn_factor", 0.3, 2)
        found["phases"] = {
            p: {k: r.uniform(*ends) for k, *ends in factors} | {"duration": r.choice([1, 2, 3])}
            for p in PHASES
        }
    return found


def causes(r):
    found = {}
    if r.random() < 0.5:
        multiplier = {"median": r.uniform(0.5, 1.2), "log_sd": r.uniform(0, 0.3)}
        found["takeover"] = {
            "hazard": r.uniform(0.02, 0.3),
            "retained": r.random(),
            "wallet_multiplier": multiplier,
        }
        found["takeover"]["price_concession"] = r.uniform(0, 0.1)
    if r.random() < 0.5:
        found["insolvency"] = {"yearly_probability": r.uniform(0.01, 0.2), "loss_given_default": r.random()}
    return found


def random_scenario(r):
    names = ["goods", "spares"][: r.choice([1, 2])]
    money = capital(r)
    timing = r.choice(["end", "mid", "begin"] if money["horizon_value"] == "none" else ["end", "mid"])
    time = {"years": r.choice([2, 4, 6]), "periods_per_year": r.choice([1, 2, 4]), "flow_timing": timing}
    customer = {**business(r), **lifecycle(r), **causes(r), "lines": {name: line(r) for name in names}}
    return {
        "time": time,
        "economy": economy(r),
        "capital": money,
        "products": {name: product(r) for name in names},
        "customers": {"A": customer},
        "costs": [{"name": "office", "amount": r.uniform(0, 10)}],
    }


NIGHTLY = pytest.param(40, 300, marks=pytest.mark.heavy)


@pytest.mark.parametrize(("first", "last"), [(0, 40), NIGHTLY], ids=["usual", "heavy"])
def test_random_scenarios_are_worth_their_limit(law, first, last):
    for number in range(first, last):
        scenario = law(yaml.safe_dump(random_scenario(random.Random(number))))
        value = values(scenario, 20_000)

        assert agrees(
            expected_value(scenario), value.mean(), value.std() / 20_000**0.5, f"random scenario {number}"
        )
