"""From the expected relation and its costs to expected cash and value (MODEL 8, 9)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from crcsim.compile.costs.customer import customer_costs
from crcsim.compile.customers import CustomerValues
from crcsim.compile.economy import evaluate_economy
from crcsim.compile.program import Program
from crcsim.report.expectation.costs import Borne, Costs, Notices
from crcsim.report.expectation.relation import PROSPECT, SELLING, Ends, Relation
from crcsim.report.expectation.rows import Floats, Rows, central_rows
from crcsim.report.expectation.shifts import acting, shifts_of, spent_at_levels
from crcsim.scenario.scenario import Scenario
from crcsim.scenario.strategies import Strategy

__all__ = ["CostsNow", "Expectation", "Levels", "expectations", "level_value", "levels"]


@dataclass(frozen=True)
class CostsNow:
    """Costs of a customer at the valuation date, currency per year; 0 for a prospect."""

    variable: float  # material, production and distribution
    of_volume: float  # orders, processes and all else that follows the volume
    fixed: float
    idle: float  # capacity that is reserved and not used
    notices: tuple[tuple[float, float], ...]  # (years, what goes on for so long after the end), ascending

    @property
    def total(self) -> float:
        """All of them."""
        return self.variable + self.of_volume + self.fixed + self.idle

    @property
    def in_notice(self) -> float:
        """What goes on for a while after the end."""
        return sum(cost for years, cost in self.notices if np.isfinite(years))

    @property
    def never_ends(self) -> float:
        """What stays with the company after the end."""
        return sum(cost for years, cost in self.notices if np.isinf(years))


@dataclass(frozen=True)
class Expectation:
    """One customer in the deterministic limit. Money in units of currency, times in years."""

    name: str
    sales_now: float  # per year; 0 for a prospect
    volume_now: Floats  # [line] per year at base prices; 0 for a prospect
    margin_now: Floats  # [line] per year: net revenue less all costs that follow the volume, before tax
    costs_now: CostsNow
    share_now: float  # of all lines together
    share_in_long_run: float  # stationary, of all lines together, in today's phase
    expected_life: float  # of an active customer at today's hazards, infinite without any
    active_at_end: float  # probability
    cash: Floats  # [period] expected cash flow per period
    left_to_company: Floats  # [period] expected cash flow of costs that never end, after the end
    lever_expense: Floats  # [period] expected spend on its levers that lowers profit
    lever_investment: Floats  # [period] and that is out of cash alone
    discount_factors: Floats  # [period] of its flows, at its central rate
    value: float  # present value at the customer's central rate, with horizon value
    horizon_value: float


def expectations(
    program: Program, strategy: Strategy | None = None, names: Collection[str] | None = None
) -> Iterator[Expectation]:
    """The deterministic limit of every customer, or of those with these names, in canonical order; by default
    of the baseline.
    """
    tables, _ = program.central()
    values, scenario = program.sampler.central(), program.scenario
    economy = evaluate_economy(scenario, values)
    growth = np.log1p(CustomerValues(scenario, values, economy).growth()[:, 0])
    customers, lines = central_rows(tables, "customers"), central_rows(tables, "lines")
    shared = {name: row[0] for name, row in central_rows(tables, "economy").items()}
    volumes = _volumes(scenario, lines)
    payments = _payments(program, central_rows(tables, "investments")["amount"])
    active = acting(scenario, strategy, values)
    first = 0
    for place, customer in enumerate(scenario.customers):
        own = slice(first, first + len(customer.lines))
        first = own.stop
        if names is not None and customer.name not in names:
            continue
        parameters = {name: row[place] for name, row in customers.items()} | {"growth": growth[place]}
        shifts = shifts_of(scenario, customer, strategy, active, values, float(growth[place]))
        own_lines = {name: row[own] for name, row in lines.items()}
        relation = Relation(scenario, customer, parameters, own_lines, shifts)
        costs = Costs(scenario, customer_costs(scenario, customer, volumes), values)
        yield _Limit(scenario, relation, costs, payments[place], shared).expect(customer.name)


@dataclass(frozen=True)
class Levels:
    """Segments and company in the deterministic limit, [period], currency per period."""

    cash: Floats  # what the customers leave to the company included
    lever_expense: Floats  # spend on levers of several customers that lowers profit
    lever_investment: Floats
    discount_factors: Floats

    @property
    def value(self) -> float:
        """Present value, negative where there are costs."""
        return 0.0 + float(self.cash @ self.discount_factors)


def levels(program: Program, expected: Iterable[Expectation], strategy: Strategy | None = None) -> Levels:
    """The costs of segments and company: their own (eq. 1.2, 2.7, 8.13), their levers' (MODEL 5), and what
    the customers leave to the company (eq. 8.9).
    """
    tables, _ = program.central()
    economy, amounts = central_rows(tables, "economy"), central_rows(tables, "levels")["amount"]
    scenario, keep = program.scenario, economy["keep"][0]
    t = np.arange(scenario.time.periods)
    index = economy["inflation_first"] * economy["inflation_step"] ** t
    noncash = np.array([1.0 - cost.cash_share for cost in scenario.costs])
    own = float((amounts[: noncash.size] * (noncash - keep)).sum())  # a sponsor programme is left out
    active = acting(scenario, strategy, program.sampler.central())
    expense, investment = (part * index for part in spent_at_levels(scenario, active))
    left = sum((each.left_to_company for each in expected), np.zeros(len(t)))
    cash = own * index + left - expense * keep - investment
    return Levels(cash, expense, investment, economy["wacc_first"] * economy["wacc_step"] ** t)


def level_value(program: Program, expected: Iterable[Expectation], strategy: Strategy | None = None) -> float:
    """Present value of the costs of segments and company, negative."""
    return levels(program, expected, strategy).value


def _volumes(scenario: Scenario, lines: Rows) -> dict[tuple[str, str], float]:
    """Volume per year of every (customer, product), which the costs that follow it are stated for."""
    names = [(customer.name, line.product) for customer in scenario.customers for line in customer.lines]
    per_year = lines["wallet"] * lines["share"] * scenario.time.periods_per_year
    return dict(zip(names, per_year.tolist(), strict=True))


def _payments(program: Program, amounts: Floats) -> list[Floats]:
    """Investments of every customer, [period], at base prices (eq. 8.12)."""
    found, first = [], 0
    for customer in program.scenario.customers:
        own = slice(first, first + len(customer.investments))
        first = own.stop
        periods = program.structure.investment_period[own]
        inside = periods < program.scenario.time.periods
        found.append(np.zeros(program.scenario.time.periods))
        np.add.at(found[-1], periods[inside], amounts[own][inside])
    return found


@dataclass(frozen=True)
class _Flow:
    """Expected sales and costs of a period, [phase], at the prices of the period; `borne` at base prices."""

    net: Floats
    variable: Floats
    of_volume: Floats
    noncash: Floats  # what of both is no payment
    borne: Borne


class _Limit:
    """Cash and value of one customer."""

    def __init__(
        self, scenario: Scenario, relation: Relation, costs: Costs, payments: Floats, economy: Rows
    ) -> None:
        self.scenario, self.relation, self.costs, self.economy = scenario, relation, costs, economy
        self.payments = payments
        self.p, self.lines = relation.p, relation.lines
        self.begins = scenario.time.flow_timing == "begin"

    def expect(self, name: str) -> Expectation:
        """Run all periods and value the cash."""
        relation, wallets = self.relation, self.lines["wallet"]
        share_now = np.array([relation.share(line, 0)[relation.today] for line in range(len(wallets))])
        volumes, sales = (each.sum(axis=1) / relation.step_length for each in relation.volumes(0, -1))
        of_volume = self.lines["variable_cost"] + self.lines["volume_cost"]
        margins = self.lines["net"] * sales - of_volume * volumes
        now = self.flow(0, -1, 1.0)
        life, share_later = relation.life(), relation.long_run_shares()
        cash, left, alive, value, horizon_value = self.run(now)
        spent = alive * self.index
        return Expectation(
            name=name,
            sales_now=float(sales.sum()),
            volume_now=volumes,
            margin_now=margins,
            costs_now=self.costs_now(now),
            share_now=float((wallets * share_now).sum() / wallets.sum()),
            share_in_long_run=float((wallets * share_later).sum() / wallets.sum()),
            expected_life=life,
            active_at_end=float(relation.here[0][SELLING].sum()),
            cash=cash,
            left_to_company=left,
            lever_expense=spent * relation.shifts.expense,
            lever_investment=spent * relation.shifts.investment,
            discount_factors=self.factors,
            value=value + horizon_value,
            horizon_value=horizon_value,
        )

    def costs_now(self, now: _Flow) -> CostsNow:
        """Costs of today as yearly ones."""
        step, notices = self.relation.step_length, defaultdict[float, float](float)
        for periods, part in zip(self.costs.periods, now.borne.parts[:, 0], strict=True):
            notices[float(periods * step)] += float(part.sum() / step)
        parts = (now.variable, now.of_volume, now.borne.fixed, now.borne.idle)
        variable, of_volume, fixed, idle = (float(part.sum() / step) for part in parts)
        return CostsNow(variable, of_volume, fixed, idle, tuple(sorted(notices.items())))

    @property
    def index(self) -> Floats:
        """Prices of every period over those of the valuation date, [period] (eq. 1.2)."""
        t = np.arange(self.scenario.time.periods)
        return np.asarray(self.economy["inflation_first"] * self.economy["inflation_step"] ** t)

    @property
    def factors(self) -> Floats:
        """Discount factors of the flows, [period]."""
        t = np.arange(self.scenario.time.periods)
        return np.asarray(self.p["discount_first"] * self.p["discount_step"] ** t)

    def run(self, now: _Flow) -> tuple[Floats, Floats, Floats, float, float]:
        """Cash, what is left to the company and how many are active, each [period]; present value, and value
        after the horizon.
        """
        relation, periods, notices = (
            self.relation,
            self.scenario.time.periods,
            Notices(self.costs, self.relation),
        )
        cash, left, alive = np.zeros(periods), np.zeros(periods), np.zeros(periods)
        indices, factors = self.index, self.factors
        ends, lasting, before = Ends.none(), np.zeros(len(SELLING)), now
        for t in range(periods):
            index = float(indices[t])
            if self.begins:
                relation.drop_lines(t)
            else:
                ends = relation.step(t)
                notices.give(before.borne, ends)
            flow = self.flow(t, t - 1, index) if self.begins else self.flow(t + 1, t, index)
            alive[t] = relation.here[0][SELLING].sum()
            served = alive[t] + relation.courted(t)
            contribution = self.contribute(t, flow, index)
            ending = relation.here[0] * SELLING * relation.shifts.ending[t] * index
            lasting = contribution + ending * self.economy["keep"]
            cash[t] = contribution.sum() + self.change_working_capital(flow, before, ends)
            cash[t] -= (self.payments[t] * alive[t] + relation.shifts.investment[t] * served) * index
            paid, left_over = (self.after_tax(*part) * index for part in notices.pay())
            cash[t], left[t] = cash[t] + paid, left_over
            if self.begins:
                ends = relation.step(t)
                notices.give(flow.borne, ends)
            before = flow
        after = self.after_horizon(lasting, float(factors[-1]))
        return cash, left, alive, float(cash @ factors), after

    # --- cash (eq. 8.1 to 8.12, 9.1) -------------------------------------------------------------------
    def flow(self, period: int, t: int, index: float) -> _Flow:
        """Expected flow after `period` steps, at a price index, with the shifts of period t (-1: today)."""
        lines, shifts = self.lines, self.relation.shifts
        volumes, sales = self.relation.volumes(period, t)
        variable, process = (
            (1.0, 1.0) if t < 0 else (np.exp(shifts.variable[:, t]), np.exp(shifts.process[t]))
        )
        of_process, unpaid_process = self.costs.of_processes
        unpaid = lines["noncash"] + self.costs.unpaid_variable * (variable - 1.0)
        return _Flow(
            net=lines["net"] @ sales,
            variable=(lines["variable_cost"] * variable) @ volumes,
            of_volume=(lines["volume_cost"] + of_process * (process - 1.0)) @ volumes,
            noncash=(unpaid + unpaid_process * (process - 1.0)) @ volumes,
            borne=self.costs.bear(self.relation, volumes / index, float(process)),
        )

    def contribute(self, t: int, flow: _Flow, index: float) -> Floats:
        """Contribution after tax of period t, [phase] (eq. 8.3)."""
        spend, courted = self.relation.shifts.expense[t], self.relation.courted(t)
        fixed = flow.borne.fixed + flow.borne.idle
        fixed[PROSPECT] += courted * (self.p["acquisition_spend"] + spend)
        fixed += self.relation.here[0] * SELLING * spend
        profit = flow.net - flow.variable - flow.of_volume - fixed * index
        return np.asarray(profit * self.economy["keep"] + flow.noncash + flow.borne.noncash * index)

    def change_working_capital(self, flow: _Flow, before: _Flow, ends: Ends) -> float:
        """What is released less what is tied up, less receivables of those who fail (eq. 8.4, 8.5)."""
        of_sales = self.p["receivable"] - self.p["prepayment_received"]
        of_costs = self.p["prepayment_made"] - self.p["payable"]
        change = (before.net - flow.net) * of_sales + (before.variable - flow.variable) * of_costs
        lost = (ends.failed * before.net).sum() * self.p["receivable"] * self.p["loss_given_default"]
        return float(change.sum() - lost * self.economy["keep"])

    def after_tax(self, cost: float, noncash: float) -> float:
        """Cash flow of a cost of which a part is no payment."""
        return float(noncash - cost * self.economy["keep"])

    def after_horizon(self, lasting: Floats, factor: float) -> float:
        """What of the last contribution goes on x q / (1 - q) by phase, discounted with the last flow; 0
        where none is wanted.
        """
        if self.scenario.capital.horizon_value is None:
            return 0.0
        following = self.scenario.time.periods - (1 if self.begins else 0)  # the period after the last flow
        q = np.exp(self.p["horizon_ratio"] - self.relation.losses(following))
        return float((lasting * SELLING * q / (1.0 - q)).sum() * factor)
