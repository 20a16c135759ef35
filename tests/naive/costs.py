"""Prices, costs and terms of customers on some paths, read from the Scenario itself (MODEL 8).

Nothing here looks at the tables of the kernel: quantities are drawn, turned into amounts per period and put
together as the equations say.
"""

from dataclasses import dataclass, field

import numpy as np

from crcsim.costing.items import item_key
from crcsim.costing.lines import DIRECT_LINES, VARIABLE_LINES
from crcsim.kernels.rows import PHASES

DAYS_PER_YEAR = 365.0


@dataclass
class Reader:
    """Quantities of a scenario as arrays [path]; amounts per year become amounts per period."""

    scenario: object
    values: object
    central: object
    paths: int

    @property
    def step(self):
        """Length of a period in years."""
        return 1.0 / self.scenario.time.periods_per_year

    def of(self, quantity):
        """A quantity on the paths."""
        return np.broadcast_to(self.values.of(quantity), self.paths).astype(float)

    def mean(self, quantity):
        """A quantity at its mean."""
        return float(self.central.of(quantity)[0])

    def by_phase(self, customer, name):
        """A factor of every phase of a customer, [phase, path]."""
        return np.stack([self.of(getattr(customer.phases[phase], name)) for phase in PHASES])


@dataclass
class LineTerms:
    """Prices and variable costs of one line; arrays [path]."""

    product: str
    premium: np.ndarray
    half_life: np.ndarray  # years
    net: np.ndarray  # 1 - sales deductions
    ratios: dict  # variable costs per unit of volume
    central: dict  # the same at the mean of every quantity
    cash_share: float  # of the variable costs
    order_value: float  # currency per order at base prices; none is nan


@dataclass
class Notice:
    """An amount at base prices that goes on after its cause has ended: first whole, then what is left."""

    periods: float
    base: np.ndarray
    left: np.ndarray = None  # periods

    def follow(self, running, amount):
        """The base of a period that runs, and what is paid at base prices in one that does not, [path]."""
        left = self.left if self.left is not None else np.full(amount.shape, self.periods)
        paid = np.where(running, 0.0, self.base * np.minimum(1.0, left))
        self.base = np.where(running, amount, self.base)
        self.left = np.where(running, self.periods, np.maximum(0.0, left - 1.0))
        return paid


@dataclass
class Charge:
    """A cost of a customer: fixed while its own relation lives, and per unit of volume while lines sell."""

    item: str
    cash_share: float
    notice: float  # periods
    fixed: np.ndarray  # [phase, path] currency per period at base prices
    rates: list  # [path] per unit of volume, by line
    of_process: bool = False
    central: list = None  # the same at the mean of every quantity, of processes
    after_fixed: Notice = field(init=False)
    after_usage: Notice = field(init=False)

    def __post_init__(self):
        nothing = np.zeros(self.fixed.shape[1])
        self.after_fixed, self.after_usage = Notice(self.notice, nothing), Notice(self.notice, nothing)

    @property
    def add_back(self):
        """The item that takes the payment-ineffective part out again."""
        return "direct_add_back" if self.item.split(":")[0] in DIRECT_LINES else "indirect_add_back"


@dataclass
class Reserve:
    """Capacity of a process that a customer has reserved, in processes per period."""

    reserved: float
    fixed: np.ndarray  # [phase, path] processes
    quantities: list  # [path] processes per unit of volume at today's prices, by line
    parts: list  # (charge of the idle capacity, currency per idle process [path])


@dataclass
class Costs:
    """All terms of one customer."""

    lines: list
    charges: list
    reserves: list
    acquisition: np.ndarray  # spend per period
    receivable: np.ndarray  # per unit of net revenue of a period
    prepayment_received: np.ndarray
    prepayment_made: np.ndarray  # per unit of variable cost of a period
    payable: np.ndarray
    investments: list  # (period, amount [path])

    @property
    def all_charges(self):
        """Charges of use and of idle capacity."""
        return [*self.charges, *(charge for reserve in self.reserves for charge, _ in reserve.parts)]


def read_costs(program, first_path, paths):
    """The costs of all customers in canonical order."""
    sampler = program.sampler
    reader = Reader(program.scenario, sampler.draw(first_path, paths), sampler.central(), paths)
    return reader, [customer_costs(reader, customer) for customer in program.scenario.customers]


def customer_costs(r, customer):
    """The costs of one customer."""
    lines = [line_terms(r, line) for line in customer.lines]
    charges = [direct_cost(r, customer), order_cost(r, customer, lines)]
    charges += [stated_cost(r, customer, cost) for cost in customer.costs]
    reserves = []
    for use in customer.processes:
        used, idle = process_costs(r, customer, lines, use)
        charges += used
        reserves += [idle] if use.reserved > 0.0 else []
    spend = r.of(customer.acquisition.spend) if customer.acquisition else np.zeros(r.paths)
    return Costs(
        lines=lines,
        charges=charges,
        reserves=reserves,
        acquisition=spend * r.step,
        receivable=days(r, customer.receivable_days),
        prepayment_received=days(r, customer.prepayment_received_days),
        prepayment_made=days(r, customer.prepayment_made_days),
        payable=days(r, customer.payable_days),
        investments=[(payment_period(i.at, r.step), r.of(i.amount)) for i in customer.investments],
    )


def days(r, quantity):
    """Days as a part of a period's amount (eq. 8.4)."""
    return r.of(quantity) / (DAYS_PER_YEAR * r.step)


def payment_period(at, step):
    """The period in which a date lies; what falls on its first day belongs to it."""
    return int(np.floor(at / step + 1e-9)) + 1


def line_terms(r, line):
    """Prices and variable costs of one line, out of its product."""
    product = r.scenario.products[line.product]
    order_value = product.order_value if line.order_value is None else line.order_value
    return LineTerms(
        product=line.product,
        premium=r.of(product.premium),
        half_life=r.of(product.premium_half_life),
        net=1.0 - r.of(product.sales_deductions),
        ratios={name: r.of(getattr(product, name)) for name in VARIABLE_LINES},
        central={name: r.mean(getattr(product, name)) for name in VARIABLE_LINES},
        cash_share=product.cash_share,
        order_value=np.nan if order_value is None else order_value,
    )


def nothing(r):
    """No fixed cost in any phase, [phase, path]."""
    return np.zeros((len(PHASES), r.paths))


def direct_cost(r, customer):
    """`direct_cost`: cash, ends at once, moves with the phase."""
    fixed = r.by_phase(customer, "direct_cost_factor") * r.of(customer.direct_cost) * r.step
    return Charge("other_direct", 1.0, 0.0, fixed, [np.zeros(r.paths) for _ in customer.lines])


def order_cost(r, customer, lines):
    """Direct cost per order: an order for every order value of volume."""
    rates = []
    for line in lines:
        cost = r.scenario.products[line.product].direct_order_cost
        rates.append(np.full(r.paths, cost / line.order_value if cost > 0.0 else 0.0))
    return Charge(item_key("other_direct", "order"), 1.0, 0.0, nothing(r), rates)


def stated_cost(r, customer, cost):
    """A cost that the customer states: it follows nothing, the phase, or the volume."""
    amount, zero = r.of(cost.amount), np.zeros(r.paths)
    fixed, rates = nothing(r), [zero for _ in customer.lines]
    if cost.follows == "volume":
        rates = [amount / volume_today(r, customer) for _ in customer.lines]
    elif cost.follows == "phase":
        fixed = r.by_phase(customer, "direct_cost_factor") * amount * r.step
    else:
        fixed = fixed + amount * r.step
    return Charge(item_key(cost.line, cost.level), cost.cash_share, cost.notice / r.step, fixed, rates)


def volume_today(r, customer):
    """Volume per year at base prices at the valuation date, every quantity at its mean."""
    total = 0.0
    for line in customer.lines:
        if line.wallet is None:
            premium = r.mean(r.scenario.products[line.product].premium)
            total += r.mean(line.sales) / ((1.0 + premium) * (1.0 - r.mean(customer.discount)))
        else:
            total += r.mean(line.wallet) * r.mean(line.share.now)
    return total


def process_costs(r, customer, lines, use):
    """(charges of the processes used, reserve with the charges of those kept ready) of one process."""
    process = r.scenario.processes[use.process]
    rate = r.of(process.cost_rate)
    fixed = r.by_phase(customer, "process_factor") * use.fixed * r.step
    quantities = [processes_per_volume(r, use, line) for line in lines]
    charges, idle = [], []
    for part in process.parts:
        price, ends = rate * part.share, part.notice / r.step
        rates = [price * quantity for quantity in quantities]
        central = [r.mean(process.cost_rate) * part.share * quantity[0] for quantity in quantities]
        key = item_key(part.line, process.level)
        charges.append(Charge(key, part.cash_share, ends, price * fixed, rates, True, central))
        none = [np.zeros(r.paths) for _ in lines]
        kept = Charge(item_key(part.line, "idle"), part.cash_share, ends, nothing(r), none)
        idle.append((kept, price))
    return charges, Reserve(use.reserved * r.step, fixed, quantities, idle)


def processes_per_volume(r, use, line):
    """Processes per unit of volume at today's prices: by volume, and by order."""
    by_order = use.per_order / line.order_value if use.per_order > 0.0 else 0.0
    return np.full(r.paths, use.per_volume + by_order)
