"""Competing risks (MODEL 4): one event uniform, causes in proportion to their hazards."""

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.special import expit, ndtr

from crcsim.kernels.exits.stages import FACTOR_SLOT, TAKEOVER_SLOT
from crcsim.kernels.rows import CHURN_CAUSE, INSOLVENCY_CAUSE, MERGER_CAUSE, TAKEOVER_CAUSE
from tests.naive.lifecycle import chance_to_move, end, move
from tests.naive.tables import by_phase


@dataclass
class Merger:
    """A listed merger: positions of both customers and the hazard per period [path]."""

    target: int
    buyer: int
    hazard: np.ndarray


def churn_hazard(customer, step):
    """Churn hazard of the next period at the present phase, tenure and shifts (eq. 4.4, 5.3, 6.3), [path]."""
    p = customer.parameters
    base = by_phase(p, "churn", customer.phase) * np.exp(customer.shifts["churn"])
    if not customer.tenure:
        return base
    k = p["tenure_shape"]
    return base * p["tenure_scale"] * ((customer.age + step) ** k - customer.age**k)


def chance_to_stay(customer):
    """Probability that a taken-over customer stays: levers multiply its odds (eq. 5.3), [path]."""
    stated, odds = customer.parameters["retained"], np.exp(customer.shifts["retention"])
    return stated * odds / (1.0 - stated + stated * odds)


def insolvency_hazard(customer, t):
    """Base x (B_{t-1}/(1+g)^(tau-dt))^-omega / its mean, capped (eq. 4.6)."""
    p = customer.parameters
    if not customer.success_matters:
        return p["insolvency"]
    log_mean = (t - 1) * p["success_drift"] + customer.success_compensator[: t - 1].sum(axis=0)
    power = np.exp(-p["success_exponent"] * customer.success - log_mean)
    return np.minimum(p["insolvency_cap"], p["insolvency"] * power)


def event_draws(customer, economy, generator, t):
    """(event uniform, uniform of cause and phase or None); with event correlation one-factor (eq. 4.5)."""
    if customer.event_factor < 0:
        return customer.uniform, None
    industry = customer.event_factor - 1
    factor = economy.normal[t - 1] if industry < 0 else economy.industry_normal[industry, t - 1]
    own, _, second = generator.at(customer.words, t, FACTOR_SLOT)
    p = customer.parameters
    return ndtr(p["factor_loading"] * factor + p["factor_own"] * own), second


@dataclass
class Plan:
    """What the draws of a period have in store for one customer, each [path]."""

    moved: np.ndarray
    churned: np.ndarray
    retained: np.ndarray
    lost: np.ndarray
    insolvent: np.ndarray
    merged: list  # (merger, where it is chosen)


def step_exits(s, customers, mergers, economy, generator, t):
    """All that can happen to all customers in period t; returns how often what happened.

    Hazards are those of the last period's end. Listed mergers come first, so that what else happens to a
    buyer in the same period happens to all that it has bought.
    """
    plans = [plan(s, customers, customer, mergers, economy, generator, t) for customer in customers]
    happened = Counter()
    for place in s.order:
        for merger, chosen in plans[place].merged:
            happened.update(count(merge(customers, customers[place], merger.buyer, chosen, t)))
    for place in s.order:
        happened.update(count(resolve(customers, customers[place], plans[place], generator, t)))
    for customer in customers:
        customer.line_phase = of_owner(customers, customer, "phase")
    return happened


def plan(s, customers, customer, mergers, economy, generator, t):
    """What happens to one customer by its hazards at the end of the last period, its tenure then grows."""
    p, own = customer.parameters, [merger for merger in mergers if merger.target == customer.place]
    stays = chance_to_stay(customer)
    hazards = [
        churn_hazard(customer, s.step),
        stays * p["takeover"],
        (1.0 - stays) * p["takeover"],
        insolvency_hazard(customer, t),
        *(merger.hazard * customers[merger.buyer].active for merger in own),
    ]
    total = sum(hazards)
    probability = np.where(customer.active, 1.0 - np.exp(-total), 0.0)
    first, second = event_draws(customer, economy, generator, t)
    event, moved, part = what_happens(first, second, probability, chance_to_move(customer, t))
    customer.age = customer.age + s.step
    churned, retained, lost, insolvent, *merged = causes(event, part * total, hazards)
    return Plan(moved, churned, retained, lost, insolvent, list(zip(own, merged, strict=True)))


def resolve(customers, customer, what, generator, t):
    """Carry out what happens to one customer beside listed mergers; returns where what happened."""
    happened = move(customer, what.moved)
    end(customer, what.churned, CHURN_CAUSE, t, may_return=customer.parameters["win_back"] > 0.0)
    keep_after_takeover(customers, customer, what.retained, generator, t)
    end(customer, what.lost, TAKEOVER_CAUSE, t)
    write_off(customers, customer, what.insolvent)
    end(customer, what.insolvent, INSOLVENCY_CAUSE, t)
    events = {"churned": what.churned, "retained": what.retained, "taken over": what.lost}
    return {**happened, **events, "insolvent": what.insolvent}


def of_owner(customers, customer, name):
    """A value of whoever owns the lines of a customer, [path]."""
    values = np.stack([getattr(other, name) for other in customers])
    return values[customer.owner, np.arange(len(customer.owner))]


def count(happened):
    """On how many paths each event happened."""
    return {event: int(np.sum(where)) for event, where in happened.items()}


def what_happens(first, second, probability, chance):
    """(event, change of state without event, uniform that selects the cause), each [path]."""
    event = first < probability
    if second is not None:
        return event, ~event & (second < chance), second
    part = np.divide(first, probability, out=np.zeros_like(first), where=event)
    return event, ~event & (first < probability + (1.0 - probability) * chance), part


def causes(event, place, hazards):
    """Where each cause happens: `place` lies in its interval, the hazards laid end to end."""
    edges = np.cumsum([np.zeros_like(place), *hazards], axis=0)
    return [event & (place >= low) & (place < high) for low, high in pairwise(edges)]


def owned(customers, owner):
    """(customer, where its lines stand under `owner`) of every customer, the owner itself included."""
    return [(customer, customer.owner == owner) for customer in customers]


def keep_after_takeover(customers, customer, retained, generator, t):
    """A taken-over customer that stays: its terms change all lines, also those that it has bought."""
    p = customer.parameters
    normal, _, _ = generator.at(customer.words, t, TAKEOVER_SLOT)
    multiplier = np.exp(p["multiplier_log_median"] + p["multiplier_log_sd"] * normal)
    reset = customer.lines[0].parameters["logit_reset"]
    for other, under in owned(customers, customer.place):
        other.price = np.where(retained & under, other.price * (1.0 - p["price_concession"]), other.price)
        for line in other.lines:
            line.wallet = np.where(retained & under, line.wallet * multiplier, line.wallet)
            resets = retained & under & line.moves & ~np.isnan(reset)
            line.logit = np.where(resets, reset, line.logit)
            line.share = np.where(resets, expit(reset), line.share)


def write_off(customers, customer, insolvent):
    """Insolvency: its loss given default x receivables, its own and those of what it has bought."""
    for other, under in owned(customers, customer.place):
        loss = customer.parameters["loss_given_default"] * other.balances["receivables"]
        other.write_off = np.where(insolvent & under, loss, other.write_off)


def merge(customers, target, buyer, chosen, t):
    """The target's lines go on under whoever owns the buyer; all get the better price terms (A11).

    Impossible where the buyer has become a part of the target earlier in the same period.
    """
    owner = customers[buyer].owner
    happens = chosen & (owner != target.place)
    had_bought = sum(under for _, under in owned(customers, target.place)) > 1
    end(target, happens, MERGER_CAUSE, t)
    best = np.minimum(target.price, of_owner(customers, customers[buyer], "price"))
    for other, under in owned(customers, target.place):
        other.owner = np.where(happens & under, owner, other.owner)
    for other in customers:
        joined = happens & (other.owner == owner)
        other.price = np.where(joined, np.minimum(best, other.price), other.price)
    return {
        "merged": happens,
        "merged with what it had bought": happens & had_bought,
        "merged with what the buyer is part of": happens & (owner != buyer),
        "merger with its own part": chosen & ~happens,
    }
