"""The whole block: the order of the stages, path by path what `crcsim.kernels.block` computes for one
strategy.

Slow and plain: arrays over paths, loops over periods and customers, masks for what happens here or there.
Growth and exits read the compiled tables of a program, prices and costs the scenario itself; everything after
them is written anew from the model's formulas.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from crcsim.costing.items import ITEMS
from crcsim.kernels.rows import BEGIN, DISCOUNTINGS, MERGER_ROWS, MERGER_TABLE
from tests.naive import cash, levers, market, roles, triggers
from tests.naive.costs import read_costs
from tests.naive.exits import Merger, step_exits
from tests.naive.lifecycle import start_customers
from tests.naive.products import drop_lines, fill_orders
from tests.naive.rng import PATH_STREAM, Generator
from tests.naive.share import step_shares
from tests.naive.tables import layout, table
from tests.naive.wallet import business_shock, step_wallets

#: Place of every item in the arrays of a result.
ITEM = {key: place for place, key in enumerate(ITEMS)}


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
    customer_items: np.ndarray  # [customer, item, period, path] signed, not discounted
    level_items: np.ndarray  # [level, item, period, path]
    customer_item_npv: np.ndarray  # [customer, item, path] at the headline, with the value after the horizon
    level_item_npv: np.ndarray  # [level, item, path]
    product_item_npv: np.ndarray  # [product, item, path] of what a product causes with all customers
    end_cause: np.ndarray = None  # [customer, path]
    end_period: np.ndarray = None  # [customer, path]


class Simulation:
    """The twin of one program on some paths under one strategy, period by period; periods count from 1."""

    def __init__(self, program, paths, stream=PATH_STREAM, first_path=0, strategy="baseline"):
        tables, _ = program.parameters(first_path, paths)
        self.program, self.paths = program, paths
        by_name = {stated.name: stated for stated in program.scenario.strategies}
        self.strategy, self.place = by_name.get(strategy), program.strategies.index(strategy)
        self.s, self.scenario = layout(program.structure), program.scenario
        self.generator = Generator(program.key, paths, stream, first_path)
        self.economy = market.start_economy(self.s, tables, self.generator, paths)
        self.customers = start_customers(self.s, tables, self.economy.parameters, paths)
        hazards = [p["hazard"] for p in table(tables, MERGER_TABLE, MERGER_ROWS, paths)]
        pairs = zip(self.s.mergers, hazards, strict=True)
        self.mergers = [Merger(*pair, hazard) for pair, hazard in pairs]
        self.reader, costs = read_costs(program, first_path, paths)
        self.programmes = levers.start_programmes(self.reader, self.strategy)
        for customer, terms, stated in zip(self.customers, costs, self.scenario.customers, strict=True):
            customer.costs, customer.products = terms, [line.product for line in stated.lines]
            customer.programmes = [
                programme
                for programme in self.programmes
                if levers.level_of(programme.lever) is None and stated.name in programme.lever.target.names
            ]
            levers.shift_customer(customer, stated, self.programmes, self.reader)
        self.executives = roles.start_executives(self)
        self.products = sorted(self.scenario.products)
        self.levels = level_names(self.scenario, costs)
        self.headline = DISCOUNTINGS.index(self.scenario.capital.discounting)
        self.result = empty_result(self.s, len(self.levels), len(self.products), paths)
        self.events = Counter()
        triggers.start_years(self)
        fill_orders(self, 1.0)
        for customer in self.customers:
            sells = cash.selling(self.customers, customer)
            cash.start(customer, cash.sell(customer, sells, 0, self.s.step))

    def run(self):
        """All periods. Under `begin` the flow stands before a period's growth and exits, else after them."""
        for t in range(1, self.s.periods + 1):
            self.act(t)
            if self.s.timing == BEGIN:
                self.flow(t, t - 1)
            self.grow(t)
            self.exit(t)
            if self.s.timing != BEGIN:
                self.flow(t, t)
        self.result.end_cause = np.stack([customer.cause for customer in self.customers])
        self.result.end_period = np.stack([customer.end_period for customer in self.customers])
        return self.result

    def act(self, t):
        """What the strategy does at the start of a period, by the state at the end of the last one."""
        roles.change_roles(self, t)
        if t > 1:
            triggers.judge(self, t)
        drop_lines(self, t)

    def grow(self, t):
        """Responses of levers, executives; then business shock, wallets and shares of all customers."""
        levers.build_stocks(self.programmes, self.reader, t)
        for customer, stated in zip(self.customers, self.scenario.customers, strict=True):
            levers.shift_customer(customer, stated, self.programmes, self.reader)
        roles.step_executives(self, t)
        for customer in self.customers:
            normal, share_normal, customer.uniform = self.generator.at(customer.words, t, 0)
            customer.shock = business_shock(customer, self.economy, normal, t)
            step_wallets(customer, self.reader, self.generator, t)
            step_shares(customer, share_normal, self.generator, t)

    def exit(self, t):
        """Exits of all customers; then the index of the period counts for the next one."""
        self.events += step_exits(self.s, self.customers, self.mergers, self.economy, self.generator, t)
        for customer in self.customers:
            customer.success = customer.success + customer.shock

    def flow(self, t, erosions):
        """Flows of one period, earned by every customer's lines and booked to who owns them (A11)."""
        fill_orders(self, self.economy.price_index[t - 1])
        for customer in self.customers:
            customer.executive_cost = roles.cost(self, customer)
        earned = [
            cash.earn(self.customers, customer, self.economy, t, erosions, self.s.step)
            for customer in self.customers
        ]
        for customer in self.customers:
            factors = cash.discount_factors(self.s, self.economy, customer, t)
            owned = [other.owner == customer.place for other in self.customers]
            booked = list(zip(earned, owned, strict=True))
            self.book(customer, booked, factors, t)
        for flow in earned:
            self.book_level("company", flow.company, t)
        self.charge_levels(t)
        if self.s.horizon and t == self.s.periods:
            self.add_horizon_values()

    def book(self, customer, booked, factors, t):
        """Discount and add up what a customer earned with all that it owns: (flow, where it owns it)."""
        place, result = customer.place, self.result
        items = result.customer_items[place, :, t - 1]
        for flow, owned in booked:
            for item, amount in flow.customer.by_item.items():
                items[ITEM[item]] += np.where(owned, amount, 0.0)
            for (product, item), amount in flow.customer.by_product.items():
                value = np.where(owned, amount, 0.0) * factors[self.headline]
                result.product_item_npv[self.products.index(product), ITEM[item]] += value
        self.discount(result.npv[:, place], result.npv_scale[:, place], items, factors, t)
        result.customer_item_npv[place] += items * factors[self.headline]
        sales, wallet, volume, customer.normal_cash = (
            sum(np.where(owned, getattr(flow, name), 0.0) for flow, owned in booked)
            for name in ("sales", "wallet", "volume", "normal_cash")
        )
        share = np.divide(volume, wallet, out=np.zeros_like(wallet), where=wallet > 0.0)
        result.sales[t - 1] += sales
        result.by_customer[:, place, t - 1] = items.sum(axis=0), sales, wallet, share, customer.active

    def discount(self, npv, scale, items, factors, t):
        """Add the items [item, path] of a period to values [discounting, path] and to the cash flow."""
        npv += items.sum(axis=0) * factors
        scale += np.abs(items).sum(axis=0) * factors
        self.result.cash_flow[t - 1] += items.sum(axis=0)
        self.result.cash_flow_scale[t - 1] += np.abs(items).sum(axis=0)

    def charge_levels(self, t):
        """Segment and company costs, and the spend on levers that is theirs."""
        for cost in self.scenario.costs:
            amount = self.reader.of(cost.amount) * self.s.step * self.economy.price_index[t - 1]
            entries = cash.level_entries(cost, amount, self.economy.parameters["keep"])
            self.book_level(level_name(cost), entries, t)
        for programme in self.programmes:
            level = levers.level_of(programme.lever)
            if level is not None:
                entries = cash.Entries()
                spent = programme.spend(t) * self.economy.price_index[t - 1]
                entries.add(levers.spend_item(programme.lever), -spent)
                entries.add("tax", -(1.0 - self.economy.parameters["keep"]) * entries.profit)
                self.book_level(level, entries, t)

        if self.strategy and self.strategy.sponsor_programme:
            entries, yearly = cash.Entries(), self.scenario.executives.sponsor_cost
            entries.add("executive_cost:company", -yearly * self.s.step * self.economy.price_index[t - 1])
            entries.add("tax", -(1.0 - self.economy.parameters["keep"]) * entries.profit)
            self.book_level("company", entries, t)

    def book_level(self, level, entries, t):
        """Discount and add up what a segment or the company bears, at the firm's rate."""
        if level not in self.levels:
            return
        place, result = self.levels.index(level), self.result
        items = np.zeros((len(ITEM), self.paths))
        for item, amount in entries.by_item.items():
            items[ITEM[item]] += amount
        factors = cash.company_factors(self.economy, t)
        result.level_items[place, :, t - 1] += items
        self.discount(result.level_npv[:, place], result.level_npv_scale[:, place], items, factors, t)
        result.level_item_npv[place] += items * factors[self.headline]

    def add_horizon_values(self):
        """What the customers that are active at the last flow are worth after it."""
        for customer in self.customers:
            values, place = cash.horizon_values(self.s, self.economy, customer), customer.place
            self.result.horizon_value[:, place] = values
            self.result.npv[:, place] += values
            self.result.npv_scale[:, place] += np.abs(values)
            self.result.customer_item_npv[place, ITEM["horizon_value"]] += values[self.headline]


def level_name(cost):
    """'company' or 'segment:<name>'."""
    return cost.level if cost.segment is None else f"segment:{cost.segment}"


def level_names(scenario, costs):
    """Segments with costs or levers, and the company where it has some, may keep costs that never end, or has
    a sponsor programme.
    """
    endless = any(np.isinf(charge.notice) for terms in costs for charge in terms.all_charges)
    spending = {levers.level_of(lever) for lever in scenario.levers} - {None}
    stated = {level_name(cost) for cost in scenario.costs}
    sponsored = any(strategy.sponsor_programme for strategy in scenario.strategies)
    return sorted(stated | spending | ({"company"} if endless or sponsored else set()))


def empty_result(s, levels, products, paths):
    """A result before any flow."""
    customers, items = len(s.facts), len(ITEM)
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
        customer_items=np.zeros((customers, items, s.periods, paths)),
        level_items=np.zeros((levels, items, s.periods, paths)),
        customer_item_npv=np.zeros((customers, items, paths)),
        level_item_npv=np.zeros((levels, items, paths)),
        product_item_npv=np.zeros((products, items, paths)),
    )
