"""Executive roles (MODEL 7): who serves a customer, the growth that comes with the role, and its events.

All of it is read from the Scenario itself; arrays are [path], periods count from 1.
"""

from dataclasses import dataclass, field

import numpy as np

from crcsim.kernels.roles.draws import CONCESSION_SLOT, DAMAGE_SLOT, DEAL_SLOT, ROLE_SLOT
from crcsim.kernels.rows import ENDED, MERGED
from crcsim.scenario.executives import MIX, ROLES
from tests.naive.levers import level_of

#: Growth a year of sales and of profit by role (Capon and Senn), in the order of ROLES.
SALES = np.log([1.012, 1.017, 1.047, 1.041, 1.088])
PROFIT = np.log([0.997, 1.027, 1.069, 1.077, 1.097])
MOST_YEARS = 5.0


@dataclass
class Executive:
    """The executive of one customer on all paths."""

    customer: object  # of the twin
    role: np.ndarray  # place in ROLES
    influence: np.ndarray  # causal share x receptiveness
    rates: dict  # events per year
    served: np.ndarray = field(init=False)  # periods before this one in which the relation was active
    on: np.ndarray = field(init=False)
    concessions: list = field(default_factory=list)  # (number, its mean) of every period so far

    def __post_init__(self):
        self.served, self.on = np.zeros(self.role.shape, int), np.zeros(self.role.shape, bool)

    @property
    def lasting(self):
        """True where the relation is active or may become so."""
        return ~np.isin(self.customer.status, (ENDED, MERGED))


def start_executives(simulation):
    """Executives at the valuation date: named ones, then those that are drawn, customer by customer."""
    stated, strategy, reader = simulation.scenario.executives, simulation.strategy, simulation.reader
    roles = dict(strategy.roles) if strategy else {}
    for programme in simulation.programmes:
        lever = programme.lever
        programme.damaged = (
            level_of(lever) is None and lever.target.names[0] in roles and lever.maintenance > 0
        )
    found = []
    for customer, terms in zip(simulation.customers, simulation.scenario.customers, strict=True):
        customer.margin = customer.concession = np.zeros(simulation.paths)
        if terms.name in roles:
            receptive = reader.of(terms.receptiveness)
            rates = {name: receptive * reader.of(getattr(stated, f"{name}_rate")) for name in EVENTS}
            number = ROLES.index(roles[terms.name]) if roles[terms.name] != MIX else -1
            role = np.full(simulation.paths, number)
            found.append(Executive(customer, role, receptive * reader.of(stated.causal_share), rates))
    for executive in found:
        if np.any(executive.role < 0):
            _, _, uniform = simulation.generator.at(executive.customer.words, 0, ROLE_SLOT)
            mix = drawn_mix(stated, strategy.sponsor_programme)
            for path in range(simulation.paths):
                room = rooms(found, stated, path)
                weights = np.where(room > 0, mix, 0.0)
                executive.role[path] = pick(weights / weights.sum(), uniform[path])
    return found


EVENTS = ("damage", "concession", "deal")


def drawn_mix(stated, programme):
    """The reference mix with the champions of the sponsor programme, or with those without it (eq. 7.5)."""
    champions = stated.sponsor_champions if programme else stated.sponsor_without
    others = np.array(stated.reference_mix[:-1])
    return np.append(others / others.sum() * (1.0 - champions), champions)


def pick(probabilities, uniform):
    """The role at a point of the cumulative distribution."""
    possible = np.flatnonzero(probabilities)
    place = np.searchsorted(np.cumsum(probabilities[possible]), uniform, side="right")
    return possible[min(place, possible.size - 1)]


def rooms(executives, stated, path):
    """How many more customers each role can serve on a path."""
    taken = np.zeros(len(ROLES))
    for executive in executives:
        if executive.role[path] >= 0 and executive.lasting[path]:
            taken[executive.role[path]] += 1
    return np.array([np.inf if limit is None else limit for limit in stated.limit]) - taken


def change_roles(simulation, t):
    """Roles at the start of a period: where a term has ended in the last one, another may follow."""
    stated, step, executives = simulation.scenario.executives, simulation.s.step, simulation.executives
    before = [executive.served.copy() for executive in executives]
    for executive in executives:
        executive.served = executive.served + executive.on
        executive.on = executive.customer.active.copy()
    for executive, served in zip(executives, before, strict=True):
        ended = np.floor(executive.served * step / stated.term + 1e-9) > np.floor(
            served * step / stated.term + 1e-9
        )
        _, _, uniform = simulation.generator.at(executive.customer.words, t, ROLE_SLOT)
        for path in np.flatnonzero(ended & executive.lasting & stated.renewed):
            now = executive.role[path]
            wanted = pick(np.array(stated.transitions[now]), uniform[path])
            full = wanted != now and rooms(executives, stated, path)[wanted] <= 0
            simulation.events["role changed"] += int(wanted != now and not full)
            simulation.events["role full"] += int(full)
            executive.role[path] = now if full else wanted


def effect(years, end, fade):
    """Integral of the effect from the start on (eq. 7.4), by its two parts."""
    years = np.minimum(years, MOST_YEARS)
    after = np.maximum(0.0, years - end)
    return np.minimum(years, end) + fade / np.log(2.0) * (1.0 - 0.5 ** (after / fade))


def serving(executive, stated, step):
    """Part of the period that the executive serves, while the relation is active."""
    end = np.inf if stated.renewed else stated.term
    return np.clip((end - executive.served * step) / step, 0.0, 1.0)


def step_executives(simulation, t):
    """Growth, margin and events of a period, after the shifts of levers."""
    stated = simulation.scenario.executives
    for executive in simulation.executives:
        grow(executive, stated, simulation.s.step)
        happened = {}
        for name, slot, first, last in EVENTS_OF_ROLES:
            _, _, uniform = simulation.generator.at(executive.customer.words, t, slot)
            holding = executive.on & (first <= executive.role) & (executive.role <= last)
            mean = executive.rates[name] * serving(executive, stated, simulation.s.step) * holding
            happened[name] = poisson(uniform, mean * simulation.s.step), mean * simulation.s.step
            simulation.events[name] += int(happened[name][0].sum())
        set_back(simulation, executive, *happened["damage"])
        jump_shares(simulation, executive, happened)
        executive.concessions.append(happened["concession"])
        concede(simulation, executive, t)


#: Events with the slot of their draws, and the first and last role with which they come.
EVENTS_OF_ROLES = (
    ("damage", DAMAGE_SLOT, 1, 1),
    ("concession", CONCESSION_SLOT, 3, 3),
    ("deal", DEAL_SLOT, 3, 4),
)


def poisson(uniform, mean):
    """Poisson number by inversion."""
    found, probability = np.zeros(uniform.shape), np.exp(-mean)
    cumulative, number = probability.copy(), 0
    while np.any(more := uniform >= cumulative) and number < 1000:
        number += 1
        found = np.where(more, number, found)
        probability = probability * mean / number
        cumulative = cumulative + probability
    return found


def grow(executive, stated, step):
    """Log growth of the wallets and of the margin in a period (eq. 7.1, 7.2, 7.4)."""
    end = np.inf if stated.renewed else stated.term
    begin, mix = executive.served * step, np.array(stated.reference_mix)
    years = effect(begin + step, end, stated.fade) - effect(begin, end, stated.fade)
    caused = executive.influence * years * executive.on
    sales, profit = SALES - mix @ SALES, PROFIT - mix @ PROFIT
    customer = executive.customer
    customer.margin = customer.margin + caused * (profit - sales)[executive.role]
    for line in customer.lines:
        line.shifts["growth"] = line.shifts["growth"] + caused * sales[executive.role]


def set_back(simulation, executive, count, mean):
    """Stocks of the levers on this customer alone, set back without change of their mean."""
    stated = simulation.scenario.executives
    name = simulation.scenario.customers[executive.customer.place].name
    for programme in simulation.programmes:
        if level_of(programme.lever) is None and programme.lever.target.names[0] == name:
            left = (1.0 - programme.decay) ** stated.damage_setback
            programme.stock = programme.stock * left**count / np.exp(mean * (left - 1.0))


def jump_shares(simulation, executive, happened):
    """Logit points of damages and deals, without their mean."""
    stated, reader, total = simulation.scenario.executives, simulation.reader, 0.0
    for name in ("damage", "deal"):
        count, mean = happened[name]
        total = total + (count - mean) * reader.of(getattr(stated, f"{name}_share"))
    for line in executive.customer.lines:
        if line.moves:
            line.logit = line.logit + total


def concede(simulation, executive, t):
    """Log price factor of the concessions that hold in the period, with the mean 1."""
    stated, step = simulation.scenario.executives, simulation.s.step
    price, total = simulation.reader.of(stated.concession_price), np.zeros(simulation.paths)
    for age, (count, mean) in enumerate(reversed(executive.concessions)):
        part = np.clip(stated.concession_duration / step - age, 0.0, 1.0)
        total = total + count * np.log(1.0 - price * part) + mean * price * part
    executive.customer.concession = total


def cost(simulation, customer):
    """What the executive of a customer costs in the present period at base prices."""
    stated, found = simulation.scenario.executives, np.zeros(simulation.paths)
    for executive in simulation.executives:
        if executive.customer is customer:
            by_role = np.array(stated.cost)[executive.role] * simulation.s.step
            found = np.where(customer.active, by_role * serving(executive, stated, simulation.s.step), 0.0)
    return found
