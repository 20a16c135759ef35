"""Levers and strategies (MODEL 5): what is spent, what of it has built up, and what that shifts.

All of it is read from the Scenario itself; arrays are [path], periods count from 1, and what happened
before the valuation date has numbers up to 0.
"""

from dataclasses import dataclass, field

import numpy as np

from crcsim.kernels.rng import entity_words
from tests.naive.costs import payment_period

#: Sizes as shifts, on the scale on which several levers add up (eq. 5.3), for a period of `step` years.
SCALES = {
    "share_logit": lambda size, step: size,
    "churn_hazard_ratio": lambda size, step: np.log(size),
    "takeover_retention": lambda size, step: size,
    "wallet_growth": lambda size, step: np.log(1.0 + size) * step,
    "wallet_creation": lambda size, step: size * step,
    "coupling": lambda size, step: size,
    "effectiveness": lambda size, step: np.log(size),
    "variable_cost_ratio": lambda size, step: np.log(size),
    "price_premium": lambda size, step: size,
    "capacity": lambda size, step: size * step,
    "process_cost_ratio": lambda size, step: np.log(size),
}
#: What each kind of effect shifts of a customer or of a line.
OF_CUSTOMER = {
    "churn_hazard_ratio": "churn",
    "takeover_retention": "retention",
    "coupling": "coupling",
    "process_cost_ratio": "process",
}
OF_LINE = {
    "share_logit": "share",
    "share_points": "share",
    "wallet_growth": "growth",
    "price_premium": "price",
    "variable_cost_ratio": "variable",
}


@dataclass
class Programme:
    """One lever under one strategy: its spend, its stock and its response."""

    lever: object
    plan: object  # None where only its maintenance goes on
    step: float
    start: np.ndarray  # period in which the plan begins, infinite while nothing has started it
    decay: np.ndarray
    effectiveness: np.ndarray
    half: np.ndarray  # stock of half the effect
    steepness: np.ndarray
    causal: np.ndarray
    stock: np.ndarray
    response: np.ndarray = field(init=False)
    year: np.ndarray = field(init=False)  # volume of the judged customer in the present year
    last_year: np.ndarray = None
    in_a_row: np.ndarray = field(init=False)  # bad or good years
    damaged: bool = False  # an executive may set its stock back

    def __post_init__(self):
        zero = np.zeros(self.stock.shape)
        self.before = self.saturation(self.stock)  # g(K_0)
        self.response, self.year, self.in_a_row = zero, zero, zero

    def saturation(self, stock):
        """g(K) = K^n / (K^n + K_half^n)."""
        return stock**self.steepness / (stock**self.steepness + self.half**self.steepness)

    def maintained(self):
        """Spend of a period that keeps K_0."""
        return self.lever.maintenance * self.step

    def planned(self, after):
        """Spend of the plan so many periods after its start, at base prices."""
        stated, year = self.lever.spend, int((after + 1e-9) * self.step)
        left = stated.duration / self.step - after
        amount = stated.amount * self.step * np.clip(left, 0.0, 1.0)
        if stated.payments:
            amount = stated.payments[year] * self.step if year < len(stated.payments) else 0.0
        if stated.once:
            amount = stated.once if after == 0 else 0.0
        return self.plan.spend * amount + self.plan.maintenance * self.maintained()

    def lasting(self):
        """Spend of the plan in every period for ever: maintenance, and an amount without end."""
        stated = self.lever.spend
        without_end = not stated.payments and not stated.once and np.isinf(stated.duration)
        own = self.plan.spend * stated.amount * self.step if without_end else 0.0
        return own + self.plan.maintenance * self.maintained()

    def ending(self, t):
        """Spend of period t that is not paid for ever."""
        if self.plan is None:
            return np.zeros(self.start.shape)
        return np.where(self.start <= t, self.spend(t) - self.lasting(), 0.0)

    def spend(self, t):
        """Spend of period t at base prices."""
        found = np.full(self.start.shape, self.maintained())
        for path in np.flatnonzero(self.start <= t):
            found[path] = self.planned(t - int(self.start[path]))
        return found

    def arriving(self, t):
        """Spend that takes effect in period t: that of the lag ago, split over two periods (eq. 5.4)."""
        lag = self.lever.response.lag / self.step
        whole = int(np.floor(lag + 1e-9))
        part = max(0.0, lag - whole)
        return (1.0 - part) * self.spend(t - whole) + part * self.spend(t - whole - 1)

    def build(self, t, boost):
        """K_t = K_{t-1} (1-d)^dt + effectiveness x boost x spend [1-(1-d)^dt]/(d dt), then the response r."""
        kept = (1.0 - self.decay) ** self.step
        gain = self.effectiveness * boost * (1.0 - kept) / (self.decay * self.step)
        self.stock = self.stock * kept + gain * self.arriving(t)
        self.response = (self.saturation(self.stock) - self.before) / (1.0 - self.before)

    def shift(self, effect, reader):
        """Shift of one effect in the present period."""
        return SCALES[effect.kind](reader.of(effect.size), self.step) * self.causal * self.response


def start_programmes(reader, strategy):
    """All levers of a scenario under a strategy (None: the baseline) at the valuation date."""
    plans = {plan.lever: plan for plan in strategy.plans} if strategy else {}
    return [start_programme(reader, lever, plans.get(lever.name)) for lever in reader.scenario.levers]


def start_programme(r, lever, plan):
    """One lever: maintenance has kept its stock since long ago."""
    response = lever.response
    decay, effectiveness = r.of(response.decay), r.of(response.effectiveness)
    if response.judgements is None:
        steepness, half_spend = r.of(response.steepness), r.of(response.half_effect_spend)
    else:
        steepness, half_spend = calibrated(response.judgements, lever.maintenance, r.paths)
    waits = plan is None or plan.trigger is not None
    start = np.inf if waits else payment_period(plan.start, r.step)
    return Programme(
        lever=lever,
        plan=plan,
        step=r.step,
        start=np.full(r.paths, float(start)),
        decay=decay,
        effectiveness=effectiveness,
        half=r.mean(response.effectiveness) * half_spend / decay,
        steepness=steepness,
        causal=r.of(lever.causal_share),
        stock=effectiveness * lever.maintenance / decay,
    )


def calibrated(j, maintenance, paths):
    """Steepness and half-effect spend of four judgements (ADBUDG, Little 1970)."""
    scale = (j.saturation - j.maintenance) / (j.maintenance - j.floor)
    y = (j.plus_half - j.floor) / (j.saturation - j.floor)
    steepness = np.log(scale * y / (1.0 - y)) / np.log(1.5)
    return np.full(paths, steepness), np.full(paths, maintenance * scale ** (1.0 / steepness))


def build_stocks(programmes, reader, t):
    """Responses of period t of all levers that the strategy uses; amplifiers act by their last response
    (A7).
    """
    boosts = [boost(programmes, programme.lever.name, reader) for programme in programmes]
    for programme, factor in zip(programmes, boosts, strict=True):
        if programme.plan is not None or programme.damaged:
            programme.build(t, factor)


def boost(programmes, name, reader):
    """Product of ratio^(causal share x response) over all effects on the effectiveness of a lever (eq.
    5.7).
    """
    found = np.ones(reader.paths)
    for programme in programmes:
        for effect in programme.lever.effects:
            if effect.kind == "effectiveness" and name in effect.levers:
                found = found * np.exp(programme.shift(effect, reader))
    return found


def targeted(lever, customer):
    """Whether a lever acts on a customer of the scenario."""
    names = lever.target.names
    return {
        "customers": customer.name in names,
        "segment": customer.segment in names,
        "product": any(line.product in names for line in customer.lines),
        "all": True,
    }[lever.target.kind]


def shift_customer(customer, stated, programmes, reader):
    """What all levers shift of one customer and of its lines in the present period; `stated` is the
    scenario's.
    """
    customer.shifts = dict.fromkeys(("retention", "coupling", "process"), np.zeros(reader.paths))
    customer.shifts["churn"] = customer.penalty["churn"]
    for line in customer.lines:
        line.shifts = dict.fromkeys(("growth", "price", "variable"), np.zeros(reader.paths))
        line.shifts["share"], line.creations = customer.penalty["share"], []
    for programme in programmes:
        for effect in programme.lever.effects if targeted(programme.lever, stated) else ():
            if effect.kind in OF_CUSTOMER:
                shift = programme.shift(effect, reader)
                customer.shifts[OF_CUSTOMER[effect.kind]] = customer.shifts[OF_CUSTOMER[effect.kind]] + shift
            shift_lines(customer, stated, programme, effect, reader)


def shift_lines(customer, stated, programme, effect, reader):
    """What one effect shifts of a customer's lines."""
    for line, terms in zip(customer.lines, stated.lines, strict=True):
        if not reaches(programme.lever, effect, terms.product):
            continue
        if effect.kind == "wallet_creation":
            address = creation_address(programme.lever, effect, stated, terms.product)
            line.creations.append((address, effect, programme.shift(effect, reader)))
        elif effect.kind == "share_points":
            line.shifts["share"] = line.shifts["share"] + points(programme, effect, terms, reader)
        elif effect.kind in OF_LINE:
            shift = programme.shift(effect, reader)
            line.shifts[OF_LINE[effect.kind]] = line.shifts[OF_LINE[effect.kind]] + shift


def reaches(lever, effect, product):
    """Whether an effect of a lever on a customer reaches its line of a product."""
    if effect.line is not None:
        return effect.line == product
    return lever.target.kind != "product" or product in lever.target.names


def points(programme, effect, line, reader):
    """Percentage points at today's share, as logit points; a fixed share does not move."""
    if line.share.kind != "moving":
        return np.zeros(reader.paths)
    now = reader.of(line.share.now)
    after = now + reader.of(effect.size)
    size = np.log(after / (1.0 - after)) - np.log(now / (1.0 - now))
    return size * programme.causal * programme.response


def creation_address(lever, effect, customer, product):
    """Address of the draws of the wallet that a lever creates on one line: an entity of its own."""
    return entity_words(f"lever:{lever.name}:creation:{customer.id}:{product}:{effect.kind}:{effect.line}")


def expansion(programmes, product, reader):
    """Volume per period that levers add to the capacity of a product."""
    found = np.zeros(reader.paths)
    for programme in programmes:
        for effect in programme.lever.effects:
            if effect.kind == "capacity" and product in programme.lever.target.names:
                found = found + programme.shift(effect, reader)
    return found


def level_of(lever):
    """Level whose cost the spend on a lever is; None: that of its one customer."""
    if lever.target.kind == "customers" and len(lever.target.names) == 1:
        return None
    return f"segment:{lever.target.names[0]}" if lever.target.kind == "segment" else "company"


def spend_item(lever):
    """Item of the spend on a lever."""
    item = "programme_investment" if lever.booked_as == "investment" else "relationship_spend"
    level = level_of(lever)
    return item if level is None else f"{item}:{level.split(':')[0]}"
