"""Random scenarios that reach every option of the format with decent probability, small and full of events.

A scenario is a document: the map that a scenario file holds. Numbers are in canonical units, hazards are
high, so that twelve periods and 64 paths see every kind of event.
"""

import json

from crcsim import load_scenario
from tests.naive.choices import Choices
from tests.naive.random_costs import add_costs
from tests.naive.random_levers import add_levers, add_roles

NAMES = ("Almgren", "Brightwater", "Corvid", "Dünenmoor", "Eastfold", "Fernleigh", "Grauberg", "Hollins")
PRODUCTS = ("coatings", "equipment", "service", "training")
INDUSTRIES = ("automotive", "marine")
#: Added to the seed of a scenario for the choices of its costs, which so change nothing else of it.
COSTS_OF_SEED = 1_000_000
#: Likewise for levers, capacities and strategies.
LEVERS_OF_SEED = 2_000_000
#: Likewise for executives.
ROLES_OF_SEED = 3_000_000
PHASES = ("prospect", "build_up", "growth", "maturity", "decline")


def load(document, folder):
    """The scenario of a document, by way of a file in `folder`."""
    file = folder / "scenario.yaml"
    file.write_text(json.dumps(document), encoding="utf-8")
    return load_scenario(file)


def random_document(seed, paths=64, *, customers=6, lines=4, periods=12, costs=True, levers=True):
    """A scenario of at most so many customers, lines each and periods; costs and levers have choices of their
    own.
    """
    r = Choices(seed)
    regimes = r.chance(0.35)
    names = r.some(NAMES, least=1, most=customers)
    industries = r.some(INDUSTRIES)
    segments = ["key", "small"] if r.chance(0.5) else []
    per_year = r.one(1, 2, 4, 12)
    document = {
        "crcsim": 1,
        "time": {
            "valuation_date": "2026-01-01",
            "years": r.whole(2, periods) / per_year,
            "periods_per_year": per_year,
            "flow_timing": r.one("end", "mid", "begin"),
        },
        "money": {"currency": "EUR", "basis": r.one("nominal", "real")},
        "simulation": {"paths": paths, "seed": r.whole(0, 2**53)},
        "economy": economy(r, regimes, industries),
        "capital": capital(r),
        "products": {name: product(r) for name in PRODUCTS},
        "customer_defaults": defaults(r),
        "customers": {name: customer(r, industries, segments, per_year, lines) for name in names},
        "costs": [level_cost(r, number, segments) for number in range(r.whole(0, 3))],
        "mergers": mergers(r, names),
        "record": ["economy"],
    }
    if costs:
        add_costs(Choices(COSTS_OF_SEED + seed), document)
    if segments:
        document["segments"] = {"key": {"coupling": r.quantity(0.5, 1.5, 0.5)}, "small": {}}
    if levers:
        add_levers(Choices(LEVERS_OF_SEED + seed), document)
        add_roles(Choices(ROLES_OF_SEED + seed), document)
    correlations = correlated(r, document)
    return {**document, **({"correlations": correlations} if correlations else {})}


def economy(r, regimes, industries):
    """Rates, a market with or without jumps and regimes, industries."""
    if regimes:
        market = {"regimes": {"good": regime(r, 0.08, 0.14), "bad": regime(r, 0.0, 0.05)}}
    else:
        stated = r.one(("expected_return", 0.05, 0.1), ("premium", 0.02, 0.06))
        market = {stated[0]: r.quantity(*stated[1:], 0.4), "volatility": r.quantity(0.1, 0.3)}
    jumps = {"rate": r.quantity(0.1, 2.0), "log_mean": r.quantity(-0.3, 0.05), "log_sd": r.quantity(0.0, 0.2)}
    return {
        "real_rate": r.quantity(0.0, 0.02),
        "expected_inflation": r.quantity(0.0, 0.03),
        "fisher": r.one("additive", "exact"),
        "market": {**market, **r.maybe(0.4, jumps=lambda: jumps)},
        "industries": {name: {"volatility": r.quantity(0.05, 0.2)} for name in industries},
    }


def regime(r, low, high):
    """One state of the market."""
    return {
        "expected_return": r.quantity(low, high),
        "volatility": r.quantity(0.1, 0.3),
        "leave": r.risk(0.1, 0.6),
    }


def capital(r):
    """Discounting by a stated rate or by the CAPM; at times a value after the horizon."""
    growth = {"perpetuity": {"growth": r.quantity(-0.05, -0.02)}}
    rate = r.maybe(0.25, rate=lambda: r.quantity(0.05, 0.12))
    beta = {} if rate else {"beta": r.quantity(0.7, 1.4, 0.6)}
    return {
        **rate,
        **beta,
        "form": r.one("effective", "log"),
        "equity_share": r.quantity(0.5, 1.0, 0.1),
        "cost_of_debt": r.one(r.quantity(0.02, 0.06), [0.03, r.quantity(0.02, 0.06)]),
        **r.maybe(0.5, tax_rate=lambda: r.quantity(0.1, 0.4)),
        **r.maybe(0.5, horizon_value=lambda: r.one("perpetuity", growth)),
    }


def product(r):
    """A product, with or without a premium that may erode."""
    costs = ("material", "production", "distribution")
    return {
        **r.maybe(0.6, premium=lambda: r.quantity(-0.1, 0.4)),
        **r.maybe(0.6, premium_half_life=lambda: r.quantity(0.5, 5.0)),
        **r.maybe(0.5, sales_deductions=lambda: r.quantity(0.0, 0.1)),
        "variable_costs": {name: r.quantity(0.0, 0.2) for name in r.some(costs)},
    }


def defaults(r):
    """What all customers share; a distribution is one draw for all unless it says `each`."""
    growth = {"normal": {"mean": r.number(-0.02, 0.03), "sd": 0.01}, **r.maybe(0.7, each=lambda: True)}
    return {
        "beta": r.quantity(0.3, 1.5, 0.3),
        "growth": r.one(growth, r.number(-0.05, 0.03)),
        "volatility": r.quantity(0.0, 0.3),
        "churn": r.risk(0.05, 0.4),
    }


def customer(r, industries, segments, per_year, lines):
    """A customer with a random choice of everything that a customer can have."""
    prospect, quiet = r.chance(0.2), r.chance(0.1)
    durations = [k / per_year for k in range(1, 7)]
    phase = "prospect" if prospect else r.one(*PHASES[1:])
    return {
        "phase": phase,
        "lines": {name: line(r) for name in r.some(PRODUCTS, least=1, most=lines)},
        **({"churn": {"hazard": 0.0}} if quiet else causes(r)),
        **({} if quiet else {"phases": {name: phase_entries(r) for name in r.some(PHASES)}}),
        **r.maybe(0.3, tenure=lambda: r.number(0.0, 8.0)),
        **r.maybe(0.4, win_back=lambda: r.risk(0.1, 0.9)),
        **r.maybe(0.3, coupling=lambda: r.quantity(0.0, 1.8, 0.4)),
        **r.maybe(0.3, growth=lambda: {"value": r.number(-0.04, 0.02), "basis": r.one("nominal", "real")}),
        **r.maybe(0.3, rate=lambda: "own"),
        **r.maybe(0.6, direct_cost=lambda: r.quantity(0.0, 10.0)),
        **r.maybe(0.3, discount=lambda: r.quantity(-0.1, 0.3)),
        **r.maybe(0.5, receivable_days=lambda: r.quantity(10.0, 90.0)),
        **r.maybe(0.4, payable_days=lambda: r.quantity(10.0, 60.0)),
        **({"segment": r.one(*segments)} if segments and r.chance(0.6) else {}),
        **({"industry": {name: r.quantity(-0.5, 1.5) for name in r.some(industries)}} if industries else {}),
        **r.maybe(0.3, event_correlation=lambda: event_correlation(r, industries)),
        **({"acquisition": acquisition(r, durations)} if prospect else {}),
    }


def line(r):
    """A line: wallet or sales, a fixed or a moving share, at times jumps of the wallet."""
    fixed = r.one(1.0, {"fixed": r.quantity(0.2, 1.0)})
    moving = {
        "now": r.quantity(0.1, 0.5),
        "target": r.quantity(0.1, 0.45),
        "stated_as": r.one("mean", "median"),
        "reversion": r.quantity(0.1, 2.0),
        "volatility": r.quantity(0.0, 0.8),
        **r.maybe(0.3, value_advantage=lambda: r.quantity(-0.5, 0.5)),
    }
    creation = {"rate": r.quantity(0.1, 2.0), "median": r.quantity(0.7, 1.6), "log_sd": r.quantity(0.0, 0.4)}
    return {
        r.one("wallet", "sales"): r.quantity(20.0, 200.0),
        "share": r.one(fixed, moving, moving),
        **r.maybe(0.4, trend=lambda: r.quantity(-0.03, 0.05)),
        **r.maybe(0.3, wallet_creation=lambda: creation),
    }


def phase_entries(r):
    """What one phase means."""
    return {
        **r.maybe(0.7, duration=lambda: r.quantity(0.3, 4.0)),
        **r.maybe(0.5, growth=lambda: r.quantity(-0.05, 0.08)),
        **r.maybe(0.5, share_factor=lambda: r.quantity(0.5, 1.8)),
        **r.maybe(0.5, direct_cost_factor=lambda: r.quantity(0.5, 2.0)),
        **r.maybe(0.5, churn_factor=lambda: r.quantity(0.3, 2.0)),
    }


def causes(r):
    """The risks of one customer; yearly probabilities observed beside each other leave survivors."""
    if r.chance(0.2):
        together = "yearly_probability"
        risks = {
            "churn": {together: r.quantity(0.02, 0.3), **tenure_shape(r)},
            "takeover": {together: r.quantity(0.02, 0.3), **takeover(r)},
            "insolvency": {together: r.quantity(0.02, 0.3), **insolvency(r)},
        }
        return {"observed_with_other_causes": True, **risks}
    return {
        **r.maybe(0.3, churn=lambda: {**r.risk(0.0, 0.5), **tenure_shape(r)}),
        **r.maybe(0.5, takeover=lambda: {**r.risk(0.1, 0.6), **takeover(r)}),
        **r.maybe(0.5, insolvency=lambda: {**r.risk(0.03, 0.4), **insolvency(r)}),
    }


def tenure_shape(r):
    """A churn hazard that falls or rises with tenure."""
    return r.maybe(
        0.7, tenure_shape=lambda: r.quantity(0.4, 1.6), tenure_reference=lambda: r.number(0.5, 5.0)
    )


def takeover(r):
    """Everything that a takeover may change where the customer is retained."""
    multiplier = {"median": r.quantity(0.5, 1.5), "log_sd": r.quantity(0.0, 0.5)}
    return {
        "retained": r.quantity(0.0, 1.0),
        **r.maybe(0.6, wallet_multiplier=lambda: multiplier),
        **r.maybe(0.5, price_concession=lambda: r.quantity(0.0, 0.3)),
        **r.maybe(0.5, share_reset=lambda: r.quantity(0.1, 0.6)),
    }


def insolvency(r):
    """Insolvency, at times the rarer the better the customer does."""
    return {
        "loss_given_default": r.quantity(0.2, 1.0),
        **r.maybe(0.6, success_exponent=lambda: r.quantity(0.5, 3.0)),
        **r.maybe(0.4, hazard_cap=lambda: r.quantity(0.45, 1.2)),
    }


def event_correlation(r, industries):
    """Losses that cluster with the market or with an industry."""
    return {"rho": r.quantity(0.05, 0.6), "factor": r.one("market", *industries)}


def acquisition(r, durations):
    """How a prospect is won."""
    limited = {"duration": r.one(*durations)} if r.chance(0.6) else {}
    return {"spend": r.quantity(0.0, 10.0), "conversion": r.risk(0.2, 0.9), **limited}


def level_cost(r, number, segments):
    """A cost of a segment or of the company."""
    where = {"level": "segment", "segment": r.one(*segments)} if segments and r.chance(0.5) else {}
    return {"name": f"cost {number}", "amount": r.quantity(0.0, 20.0), **where}


def mergers(r, names):
    """Mergers between some pairs of customers, in both directions at times, so that chains occur."""
    pairs = [(target, buyer) for target in names for buyer in names if target != buyer]
    listed = r.some(pairs, most=min(len(pairs), 5)) if pairs and r.chance(0.6) else []
    return [{"target": target, "buyer": buyer, **r.risk(0.2, 0.8)} for target, buyer in listed]


def correlated(r, document):
    """A rank correlation of uncertain quantities of the economy, the firm and customers' own rows."""
    places = [
        (".".join(path))
        for path, value in entries(document)
        if isinstance(value, dict)
        and {"uniform", "pert", "triangular", "truncated_normal"} & set(value)
        and path[0] in ("economy", "capital", "customers")
        and all("." not in part and part for part in path)
    ]
    chosen = r.some(places, least=2, most=3) if len(places) >= 3 and r.chance(0.6) else []
    return [{"rank": r.number(-0.3, 0.6), "between": chosen}] if len(chosen) >= 2 else []


def entries(node, path=()):
    """(keys, value) of everything below a map."""
    for key, value in node.items() if isinstance(node, dict) else ():
        yield (*path, key), value
        yield from entries(value, (*path, key))
