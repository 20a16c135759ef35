"""One coupling group in the kernel's lane arrays, set to the state in which the twin stands."""

import importlib
import pkgutil
from dataclasses import dataclass

import numpy as np

from crcsim import kernels
from crcsim.kernels import lanes as tables
from crcsim.kernels import levers, lifecycle, products
from crcsim.kernels.arrays import Block, Draws, Executives, Group, Levers, Parameters, Strategy, Structure
from crcsim.kernels.block import strategies, workspace
from crcsim.kernels.costs import places
from crcsim.kernels.rows import ECONOMY_ROWS, ECONOMY_TABLE, FLOW, GROUP, LINE_STATE, MARK, PROSPECT, STATE
from tests.engine.runs import PATHS, TOLERANCE, compiled, difference
from tests.naive.block import Simulation
from tests.naive.cash import selling
from tests.naive.lifecycle import chance_to_move
from tests.naive.random_scenarios import load, random_document
from tests.naive.tables import by_phase

#: Balances by the kernel's name and by the twin's.
BALANCES = {
    "receivable": "receivables",
    "prepayment_received": "prepayments_received",
    "prepayment_made": "prepayments_made",
    "payable": "payables",
}


#: Modules of the kernel that stay compiled; the functions of all others run as Python in these tests.
FORMULAS = {f"crcsim.kernels.{name}" for name in ("accelerate", "maths", "percentiles", "rng")}
STAGES = [
    importlib.import_module(name)
    for _, name, _ in pkgutil.walk_packages(kernels.__path__, "crcsim.kernels.")
    if name not in FORMULAS
]


def plain(function):
    """The Python function behind a compiled one."""
    return getattr(function, "py_func", function)


def interpret(monkeypatch):
    """Let all stages run as Python, as it cannot call compiled ones that take tuples of arrays."""
    for module in STAGES:
        for name, value in list(vars(module).items()):
            if hasattr(value, "py_func") and plain(value).__module__ not in FORMULAS:
                monkeypatch.setattr(module, name, plain(value))


@dataclass
class Lanes:
    """A group of the kernel beside the customers of the twin; the twin stands at the end of period t - 1
    of the baseline.
    """

    s: Structure
    baseline: Strategy
    parameters: Parameters
    g: Group
    v: Levers
    executives: Executives
    group: int
    economy: np.ndarray  # [economy row, lane]
    draws: Draws
    twin: Simulation
    members: list  # customers of the twin
    t: int

    def state(self, member, name):
        """A row of a member's state, [lane]."""
        return self.g.state[member, getattr(STATE, name)]

    def mark(self, member, name):
        """A whole-number row of a member's state, [lane]."""
        return self.g.marks[member, getattr(MARK, name)]

    def flow(self, customer, name):
        """A flow of the period of a customer, [lane]."""
        row = places.other_row(self.s.customers, customer.place) + getattr(FLOW, name)
        return self.g.books.flows[row]

    def concessions(self, customer):
        """Price concessions of the period on all lines of a customer, [lane]."""
        row = places.other_row(self.s.customers, customer.place) + len(FLOW)
        return self.g.books.flows[row : row + len(customer.lines)].sum(axis=0)

    def block(self):
        """What all groups share, for the stages of cash; every item is booked."""
        series = self.twin.economy
        market, totals = np.zeros((5, self.s.periods, PATHS)), np.zeros((2, self.s.periods, PATHS))
        market[3], market[4] = series.deflator, series.price_index
        scratch, nothing = np.zeros((3, PATHS)), np.zeros((0, self.s.periods, PATHS))
        switches = {"first": 0, "path": 0, "valid": PATHS, "detail": 0, "batch": 0, "booked": 1, "keep": 0}
        rest = {"flows": np.zeros((3, 0, self.s.periods, PATHS)), "scratch": np.zeros((10, PATHS))}
        return Block(self.economy, market, nothing, nothing, totals, *scratch, **switches, **rest)

    def fill_orders(self):
        """Fill rates of the products of the group in period t."""
        index = self.twin.economy.price_index[self.t - 1]
        plain(products.fill_orders)(self.s, self.g, self.v, self.group, index, np.zeros(PATHS))

    def lines(self):
        """(lane arrays of the line, customer of the twin, line of the twin) of all lines."""
        pairs = [(customer, line) for customer in self.members for line in customer.lines]
        return [(self.g.lines[number], *pair) for number, pair in enumerate(pairs)]


def same(expected, actual):
    """Equal to 1e-12 of the largest absolute value."""
    return difference(expected, actual, np.max(np.abs(expected), initial=0.0)) <= TOLERANCE


def members(groups):
    """(group, place in the group, customer of the twin) of all customers."""
    return [(lanes, member, customer) for lanes in groups for member, customer in enumerate(lanes.members)]


def at_period(seed, t, paths, folder):
    """All groups of a random scenario at the start of period t, kernel and twin in the same state."""
    scenario = load(random_document(seed, paths), folder)
    program = compiled(scenario, paths)
    twin = Simulation(program, paths)
    for period in range(1, min(t, twin.s.periods)):
        twin.grow(period)
        twin.exit(period)
        twin.flow(period, period)
    parameters, _ = program.parameters(0, paths)
    groups = range(program.structure.groups.shape[1])
    return [group_lanes(program, parameters, twin, group, min(t, twin.s.periods)) for group in groups]


def group_lanes(program, parameters, twin, group, t):
    """One group in the state of the twin at the start of period t."""
    s = program.structure
    economy = np.zeros((len(ECONOMY_ROWS), twin.paths))
    tables.read_member(parameters, ECONOMY_TABLE, 0, 0, economy)
    numbers = s.group_customer[
        s.groups[GROUP.member_start, group] : s.groups[GROUP.member_end, group]
    ].tolist()
    g = workspace.allocate_group(s, twin.paths)
    by_member = {name: getattr(g, name)[: len(numbers)] for name in ("parameters", "state", "marks")}
    g = g._replace(**by_member)
    lifecycle.start_group(s, parameters, group, 0, economy, g)
    baseline, v = strategies.one_strategy(program.decisions, 0), workspace.allocate_levers(s, twin.paths)
    plain(levers.start_levers)(s, baseline, parameters, v, group, 0)
    plain(products.start_products)(s, parameters, g, v, group, 0)
    draws = Draws(*program.key, 0, np.uint64(0))
    members = [twin.customers[place] for place in numbers]
    executives = workspace.allocate_executives(s, program.decisions, twin.paths)
    lanes = Lanes(s, baseline, parameters, g, v, executives, group, economy, draws, twin, members, t)
    if t > 1:
        for member, customer in enumerate(members):
            take_customer(lanes, member, customer)
        for row, customer, line in lanes.lines():
            take_line(row, customer, line, t)
    return lanes


def take_customer(lanes, member, customer):
    """Copy the state of a customer into its lanes."""
    p, t = customer.parameters, lanes.t
    places = [other.place for other in lanes.members]
    log_mean = (t - 1) * p["success_drift"] + customer.success_compensator[: t - 1].sum(axis=0)
    rows = {
        "phase_growth": by_phase(p, "phase_growth", customer.line_phase),
        "churn_now": by_phase(p, "churn", customer.phase),
        "event": np.where(customer.active, by_phase(p, "event", customer.phase), 0.0),
        "move": chance_to_move(customer, t),
        "alive_before": customer.active,
        "alive": customer.active,
        "selling": selling(lanes.twin.customers, customer),
        "cost_factor": np.where(customer.active, by_phase(p, "cost_factor", customer.phase), 0.0),
        "process_factor": np.where(customer.active, by_phase(p, "process_factor", customer.phase), 0.0),
        "acquisition": np.where(customer.status == PROSPECT, p["acquisition_spend"], 0.0)
        * (t <= customer.acquisition_periods),
        "success": customer.success,
        "success_log_mean": log_mean,
        **{name: getattr(customer, name) for name in ("price", "age", "write_off")},
        **{row: customer.balances[name] for row, name in BALANCES.items()},
    }
    marks = {
        "owner": [places.index(place) for place in customer.owner],
        "period": customer.end_period,
        **{name: getattr(customer, name) for name in ("status", "phase", "cause")},
    }
    for name, values in rows.items():
        lanes.state(member, name)[:] = values
    for name, values in marks.items():
        lanes.mark(member, name)[:] = values
    take_notices(lanes, member, customer)


def take_notices(lanes, member, customer):
    """Copy what is in notice: the twin has a base and what is left of it, the kernel what is to come."""
    books, twin = lanes.g.books, lanes.twin
    for kind, running in enumerate((customer.active, selling(twin.customers, customer))):
        books.was[member, kind] = running
        for charge in customer.costs.all_charges:
            notice = charge.after_usage if kind == 1 else charge.after_fixed
            base = np.where(running, 0.0, notice.base)
            for row, amount in enumerate((base, (1.0 - charge.cash_share) * base)):
                if np.isinf(charge.notice):
                    books.endless[member, kind, row] += amount
                    continue
                for later in range(int(np.ceil(charge.notice))):
                    place = (lanes.t - 1 + later) % lanes.s.notice_ring
                    part = np.clip(notice.left - later, 0.0, 1.0)
                    books.ahead[member, kind, row, place] += amount * part


def take_line(row, customer, line, t):
    """Copy the state of a line into its lanes; its premium has eroded once per period."""
    p = line.parameters
    row[LINE_STATE.wallet], row[LINE_STATE.logit], row[LINE_STATE.share] = line.wallet, line.logit, line.share
    row[LINE_STATE.target] = by_phase(p, "logit_target", customer.line_phase)
    row[LINE_STATE.premium] = p["premium"] * p["premium_step"] ** (t - 1)
