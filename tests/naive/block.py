"""The whole block: the order of the stages, path by path what `crcsim.kernels.block` computes.

Slow and plain: arrays over paths, loops over periods and customers, masks for what happens here or there.
Reads the compiled tables of a program; everything after them is written anew from the model's formulas.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from crcsim.kernels.arrays import BEGIN, LEVEL_ROWS, LEVEL_TABLE, MERGER_ROWS, MERGER_TABLE
from tests.naive import cash, market
from tests.naive.exits import Merger, step_exits
from tests.naive.lifecycle import start_customers
from tests.naive.rng import PATH_STREAM, Generator
from tests.naive.share import step_shares
from tests.naive.tables import layout, table
from tests.naive.wallet import business_shock, step_wallets


@dataclass
class Result:
    """Results of the twin; those named `scale` add up absolute values, to judge differences by."""

    npv: np.ndarray  # [discounting, customer, path]
    npv_scale: np.ndarray
    horizon_value: np.ndarray  # [discounting, customer, path]
    level_npv: np.ndarray  # [discounting, level, path]
    level_npv_scale: np.ndarray
    cash_flow: np.ndarray  # [period, path]
    cash_flow_scale: np.ndarray
    sales: np.ndarray  # [period, path]
    by_customer: np.ndarray  # [quantity, customer, period, path]
    end_cause: np.ndarray = None  # [customer, path]
    end_period: np.ndarray = None  # [customer, path]


def simulate(program, paths, *, stream=PATH_STREAM, first_path=0):
    """All paths first_path..first_path+paths-1 of a compiled program."""
    return Simulation(program, paths, stream, first_path).run()


class Simulation:
    """The twin of one program on some paths, period by period; periods count from 1."""

    def __init__(self, program, paths, stream=PATH_STREAM, first_path=0):
        tables, _ = program.parameters(first_path, paths)
        self.s, self.paths, self.tables = layout(program.structure), paths, tables
        self.generator = Generator(program.key, paths, stream, first_path)
        self.economy = market.start_economy(self.s, tables, self.generator, paths)
        self.customers = start_customers(self.s, tables, self.economy.parameters, paths)
        hazards = [p["hazard"] for p in table(tables, MERGER_TABLE, MERGER_ROWS, paths)]
        pairs = zip(self.s.mergers, hazards, strict=True)
        self.mergers = [Merger(*pair, hazard) for pair, hazard in pairs]
        self.result = empty_result(self.s, len(program.levels), paths)
        self.events = Counter()
        for customer in self.customers:
            today = cash.sell(customer, cash.selling(self.customers, customer), 0)
            cash.set_working_capital(customer, today)

    def run(self):
        """All periods. Under `begin` the flow stands before a period's growth and exits, else after them."""
        self.charge_levels()
        for t in range(1, self.s.periods + 1):
            if self.s.timing == BEGIN:
                self.flow(t, t - 1)
            self.grow(t)
            self.exit(t)
            if self.s.timing != BEGIN:
                self.flow(t, t)
        self.result.end_cause = np.stack([customer.cause for customer in self.customers])
        self.result.end_period = np.stack([customer.end_period for customer in self.customers])
        return self.result

    def charge_levels(self):
        """Segment and company costs."""
        for item, p in enumerate(table(self.tables, LEVEL_TABLE, LEVEL_ROWS, self.paths)):
            flow, values = cash.level_flows(self.s, self.economy, p["amount"])
            self.result.cash_flow += flow
            self.result.cash_flow_scale += np.abs(flow)
            self.result.level_npv[:, self.s.level[item]] += values
            self.result.level_npv_scale[:, self.s.level[item]] += np.abs(values)

    def grow(self, t):
        """Business shock, wallets and shares of all customers."""
        for customer in self.customers:
            normal, share_normal, customer.uniform = self.generator.at(customer.words, t, 0)
            customer.shock = business_shock(customer, self.economy, normal, t)
            step_wallets(customer, self.generator, t)
            step_shares(customer, share_normal, self.generator, t)

    def exit(self, t):
        """Exits of all customers; then the index of the period counts for the next one."""
        self.events += step_exits(self.s, self.customers, self.mergers, self.economy, self.generator, t)
        for customer in self.customers:
            customer.success = customer.success + customer.shock

    def flow(self, t, erosions):
        """Flows of one period, earned by every customer's lines and booked to who owns them (A11)."""
        earned = [earn(self.customers, customer, self.economy, t, erosions) for customer in self.customers]
        for customer in self.customers:
            booked = np.zeros(earned[0].shape)
            for other, flows in zip(self.customers, earned, strict=True):
                booked += np.where(other.owner == customer.place, flows, 0.0)
            self.book(customer, booked, t)
        if self.s.horizon and t == self.s.periods:
            self.add_horizon_values()

    def book(self, customer, booked, t):
        """Discount and add up what a customer earned with all that it owns."""
        net_cash, sales, wallet, volume, customer.contribution = booked
        factors = cash.discount_factors(self.s, self.economy, customer, t)
        share = np.divide(volume, wallet, out=np.zeros_like(wallet), where=wallet > 0.0)
        result, place = self.result, customer.place
        result.npv[:, place] += net_cash * factors
        result.npv_scale[:, place] += np.abs(net_cash) * factors
        result.cash_flow[t - 1] += net_cash
        result.cash_flow_scale[t - 1] += np.abs(net_cash)
        result.sales[t - 1] += sales
        result.by_customer[:, place, t - 1] = net_cash, sales, wallet, share, customer.active

    def add_horizon_values(self):
        """What the customers that are active at the last flow are worth after it."""
        for customer in self.customers:
            values = cash.horizon_values(self.s, self.economy, customer)
            self.result.horizon_value[:, customer.place] = values
            self.result.npv[:, customer.place] += values
            self.result.npv_scale[:, customer.place] += np.abs(values)


def earn(customers, customer, economy, t, erosions):
    """Cash, sales, wallet, volume and contribution of one customer's lines, [5, path]."""
    period, contribution, net_cash = cash.earn(customers, customer, economy, t, erosions)
    return np.stack([net_cash, period.sales, period.wallet, period.volume, contribution])


def empty_result(s, levels, paths):
    """A result before any flow."""
    customers = len(s.facts)
    return Result(
        npv=np.zeros((3, customers, paths)),
        npv_scale=np.zeros((3, customers, paths)),
        horizon_value=np.zeros((3, customers, paths)),
        level_npv=np.zeros((3, levels, paths)),
        level_npv_scale=np.zeros((3, levels, paths)),
        cash_flow=np.zeros((s.periods, paths)),
        cash_flow_scale=np.zeros((s.periods, paths)),
        sales=np.zeros((s.periods, paths)),
        by_customer=np.zeros((5, customers, s.periods, paths)),
    )
