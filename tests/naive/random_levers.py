"""Random levers, capacities and strategies for a random scenario, strong enough to be felt within few
years.
"""

import itertools

NAMES = ("alliance", "branding", "care", "design")
STRATEGIES = ("act", "follow", "wait")


def add_levers(r, document):
    """Levers of every kind with strategies that use them, by the choices of `r`."""
    bought = sorted({name for customer in document["customers"].values() for name in customer["lines"]})
    for name in bought:
        document["products"][name].update(r.maybe(0.35, capacity=lambda: r.quantity(10.0, 200.0)))
    for customer in document["customers"].values():
        customer.update(r.maybe(0.5, full_service=lambda: full_service(r)))
    names = r.some(NAMES, least=1)
    document["levers"] = {
        name: lever(r, document, bought, [other for other in names if other != name]) for name in names
    }
    strategies = r.some(STRATEGIES, least=1)
    document["strategies"] = {name: strategy(r, document, bought) for name in strategies}
    extend(r, document["strategies"])


def add_roles(r, document):
    """Executives of every role with all that is known of them, in some strategies."""
    if not r.chance(0.6):
        return
    document["executives"] = executives(r, document["time"])
    for customer in document["customers"].values():
        customer.update(r.maybe(0.4, receptiveness=lambda: r.quantity(0.2, 1.5)))
    for strategy in document["strategies"].values():
        named = r.some(list(document["customers"]), least=1)
        roles = {name: r.one(*ROLES, "loose_cannon", "dealmaker", "mix", "mix") for name in named}
        if r.chance(0.7):
            strategy["roles"] = within_limits(roles, document["executives"]["limit"])
            strategy["sponsor_programme"] = r.chance(0.5)


def within_limits(roles, limit):
    """Roles with those drawn that would be too many."""
    found, taken = {}, dict.fromkeys(limit, 0)
    for name, role in roles.items():
        full = role in limit and taken[role] >= limit[role]
        found[name] = "mix" if full else role
        if role in limit:
            taken[role] += 1
    return found


ROLES = ("hands_off", "loose_cannon", "social_visitor", "dealmaker", "growth_champion")


def executives(r, time):
    """Strong effects and many events."""
    per_year = time["periods_per_year"]
    mix = [r.number(0.0, 1.0) for _ in ROLES]
    shares = dict(zip(ROLES, (share / (sum(mix) + 1.0) for share in mix), strict=True))
    shares["growth_champion"] += 1.0 / (sum(mix) + 1.0)
    moves = {role: dict.fromkeys(r.some([o for o in ROLES if o != role], most=3), 0.3) for role in ROLES}
    return {
        **r.maybe(0.7, causal_share=lambda: r.quantity(0.5, 1.0)),
        "reference_mix": shares,
        "term": r.one(r.whole(1, 4) / per_year, r.number(1.0, 3.5) / per_year),
        "renewed": r.chance(0.7),
        "fade": r.number(0.2, 2.0),
        "transitions": moves,
        "cost": {role: r.number(0.0, 5.0) for role in r.some(ROLES)},
        "limit": {role: r.whole(1, 2) for role in r.some(ROLES, most=2)} if r.chance(0.6) else {},
        "damage": {
            "rate": r.quantity(0.5, 3.0),
            "setback": r.number(0.2, 2.0),
            "share": {"logit": r.quantity(-0.8, -0.1)},
        },
        "concession": {
            "rate": r.quantity(0.5, 3.0),
            "price": r.quantity(0.02, 0.2),
            "duration": r.one(r.whole(1, 3) / per_year, r.number(0.3, 4.0) / per_year),
        },
        "deal": {"rate": r.quantity(0.5, 3.0), "share": {"logit": r.quantity(0.1, 0.8)}},
        "sponsor_programme": {"cost": r.number(0.0, 10.0), "champions": 0.5, "without": r.number(0.0, 0.5)},
    }


def full_service(r):
    """What it would cost the relation if everything else were dropped."""
    return {"churn_hazard_ratio": r.quantity(1.0, 3.0), "share_target": {"logit": r.quantity(-1.0, 0.0)}}


def lever(r, document, bought, others):
    """A lever with a target of any kind and one to many effects."""
    target = chosen_target(r, document, bought)
    maintenance = r.maybe(0.6, maintenance=lambda: r.number(1.0, 5.0))
    return {
        "target": target,
        "spend": spend(r, document["time"]["periods_per_year"]),
        "response": response(r, bool(maintenance), document["time"]["periods_per_year"]),
        "effects": effects(r, document, target, others),
        **maintenance,
        **r.maybe(0.4, booked_as=lambda: "investment"),
        **r.maybe(0.5, causal_share=lambda: r.quantity(0.2, 1.0)),
    }


def chosen_target(r, document, bought):
    """One customer, several, a segment that has some, a product that some buy, or all."""
    names = list(document["customers"])
    segments = segment_members(document)
    several = {"customers": r.some(names, least=min(2, len(names)))}
    segment = {"segment": r.one(*segments)} if segments else {"customer": r.one(*names)}
    product = {"product": r.one(*bought)}
    return r.one({"customer": r.one(*names)}, several, segment, product, product, "all")


def segment_members(document):
    """Names of the customers of every segment that has some."""
    found = {}
    for name, customer in document["customers"].items():
        if "segment" in customer:
            found.setdefault(customer["segment"], []).append(name)
    return found


def members(document, target):
    """Names of the customers on which a lever acts."""
    customers = document["customers"]
    if target == "all":
        return sorted(customers)
    ((kind, name),) = target.items()
    if kind == "segment":
        return sorted(segment_members(document)[name])
    if kind == "product":
        return sorted(each for each, customer in customers.items() if name in customer["lines"])
    return sorted(name) if kind == "customers" else [name]


def moving_lines(document, customer):
    """Products of a customer's lines whose share moves."""
    lines = document["customers"][customer]["lines"]
    return {
        name for name, line in lines.items() if isinstance(line["share"], dict) and "now" in line["share"]
    }


def spend(r, per_year):
    """Spend in one of its three forms."""
    amount = {"amount": r.number(1.0, 20.0)}
    limited = {**amount, "duration": r.one(r.whole(1, 6) / per_year, r.number(0.3, 4.0) / per_year)}
    payments = {"payments": [r.number(0.0, 20.0), r.number(1.0, 20.0)]}
    return r.one(amount, limited, payments, {"once": r.number(1.0, 20.0)})


def response(r, maintained, per_year):
    """Lag and decay; half-effect spend and steepness, or judgements."""
    curve = {
        "half_effect_spend": r.quantity(1.0, 15.0),
        **r.maybe(0.5, steepness=lambda: r.quantity(0.6, 2.5)),
    }
    judgements = {"floor": 0.2, "maintenance": 0.3, "plus_half": r.number(0.31, 0.45), "saturation": 0.55}
    lag = r.one(r.whole(0, 3) / per_year, r.number(0.1, 2.5) / per_year)
    return {
        "decay": r.quantity(0.1, 0.9),
        **r.maybe(0.6, lag=lambda: lag),
        **r.maybe(0.4, effectiveness=lambda: r.quantity(0.3, 2.0)),
        **(r.one({"judgements": judgements}, curve) if maintained else curve),
    }


def effects(r, document, target, others):
    """One to many effects."""
    products = sorted({p for name in members(document, target) for p in document["customers"][name]["lines"]})
    limited, of_product = r.maybe(0.4, line=lambda: r.one(*products)), target != "all" and "product" in target
    if of_product:
        limited = {}
    reached = (target["product"],) if of_product else limited.values() or products
    moving = any(moving_lines(document, name) & set(reached) for name in members(document, target))
    share = r.one({"logit": r.quantity(-0.3, 2.0)}, {"points": r.quantity(-0.05, 0.4)})
    creation = {"rate": r.quantity(0.2, 2.0), "median": r.quantity(0.8, 1.5), "log_sd": r.quantity(0.0, 0.4)}
    amplified = {
        "ratio": r.quantity(0.7, 2.5),
        "levers": r.one("all", r.some(others, least=1)) if others else (),
    }
    found = {
        **(r.maybe(0.7, share_target=lambda: {**share, **limited}) if moving else {}),
        **r.maybe(0.4, churn_hazard_ratio=lambda: r.quantity(0.3, 1.5)),
        **r.maybe(0.4, takeover_retention=lambda: {"logit": r.quantity(-1.0, 2.0)}),
        **r.maybe(0.4, wallet_growth=lambda: {"rate": r.quantity(-0.05, 0.2), **limited}),
        **r.maybe(0.4, wallet_creation=lambda: {**creation, **limited}),
        **r.maybe(0.4, coupling=lambda: r.quantity(-0.3, 0.8)),
        **(r.maybe(0.6, effectiveness=lambda: amplified) if others else {}),
        **r.maybe(0.4, variable_cost_ratio=lambda: r.quantity(0.5, 1.2)),
        **r.maybe(0.4, process_cost_ratio=lambda: r.quantity(0.5, 1.2)),
        **r.maybe(0.4, price_premium=lambda: r.quantity(-0.05, 0.2)),
    }
    if of_product:
        found.pop("process_cost_ratio", None)  # processes are those of customers
        limited_product = "capacity" in document["products"][target["product"]]
        found.update({"capacity": r.quantity(5.0, 100.0)} if limited_product else {})
    return found or {"price_premium": r.quantity(-0.05, 0.2)}


def strategy(r, document, bought):
    """Plans for some levers, cuts of maintenance, products dropped."""
    levers, time = document["levers"], document["time"]
    used = r.some(list(levers), least=1)
    cut = [name for name in used if "maintenance" in levers[name] and r.chance(0.3)]
    plans = {
        name: {"start": start(r, document, levers[name]), **r.maybe(0.3, spend=lambda: r.number(0.2, 2.0))}
        for name in used
        if name not in cut
    }
    programmes = {
        f"cut of {name}": {
            "lever": name,
            "maintenance": r.number(0.0, 0.9),
            "start": start(r, document, levers[name]),
        }
        for name in cut
    }
    dropped = r.some(bought, least=1, most=3) if r.chance(0.5) else []
    mix = {name: drop(r, document, name, time) for name in dropped}
    return {"levers": plans, "cost_programmes": programmes, "product_mix": mix}


def drop(r, document, product, time):
    """When a product is dropped, and with whom."""
    buyers = sorted(name for name, each in document["customers"].items() if product in each["lines"])
    segments = [name for name, each in segment_members(document).items() if set(buyers) & set(each)]
    some = {"customers": r.some(buyers, least=1)}
    segment = {"segment": r.one(*segments)} if segments else {}
    return {"drop": moment(r, time), **r.one({}, some, segment)}


def moment(r, time):
    """Now, at the start of a period, or within one."""
    whole = r.whole(0, round(time["years"] * time["periods_per_year"]) - 1) / time["periods_per_year"]
    return r.one("now", whole, r.number(0.0, 0.7 * time["years"]))


def start(r, document, lever):
    """A date, or what the lever waits for."""
    names = members(document, lever["target"])
    judged = r.one(*names)
    moving, customer = sorted(moving_lines(document, judged)), {"customer": judged}
    when = r.one(
        *({"share_below": r.number(0.15, 0.45), "line": line, **customer} for line in moving),
        *({"share_above": r.number(0.25, 0.6), "line": line, **customer} for line in moving),
        {"churn_hazard_above": r.number(0.05, 0.4), **customer},
        {"bad_years": r.whole(1, 2), **customer},
        {"good_years": r.whole(1, 2), **customer},
        {"market_below": r.number(0.7, 1.3)},
        {"market_above": r.number(0.8, 1.5)},
    )
    return r.one(moment(r, document["time"]), {"when": when})


def extend(r, strategies):
    """Let some strategies be laid over another one, with another start or without one of its levers."""
    names = list(strategies)
    for lower, name in itertools.pairwise(names):
        below = {lever: plan for lever, plan in strategies[lower]["levers"].items() if plan}
        own = strategies[name]
        if below and r.chance(0.5):
            changed = r.one(*below)
            removed = r.chance(0.5)
            strategies[name] = {
                "extends": lower,
                "levers": {changed: None if removed else {**below[changed], "start": "now"}},
                "product_mix": own["product_mix"],
            }
