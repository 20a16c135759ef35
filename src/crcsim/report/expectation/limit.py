"""From the expected relation and its costs to expected cash and value (MODEL 8, 9)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from crcsim.compile.costs import customer_costs
from crcsim.compile.customers import CustomerValues
from crcsim.compile.economy import evaluate_economy
from crcsim.compile.program import Program
from crcsim.compile.tables import cells
from crcsim.kernels.arrays import Parameters
from crcsim.kernels.rows import CUSTOMER_ROWS, ECONOMY_ROWS, INVESTMENT_ROWS, LEVEL_ROWS, LINE_ROWS, TABLES
from crcsim.report.expectation.costs import Borne, Costs, Notices
from crcsim.report.expectation.relation import PROSPECT, SELLING, Ends, Floats, Relation, Rows
from crcsim.scenario.scenario import Scenario

__all__ = ["CostsNow", "Expectation", "expectations", "level_value"]


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
    costs_now: CostsNow
    share_now: float  # of all lines together
    share_in_long_run: float  # stationary, of all lines together, in today's phase
    expected_life: float  # of an active customer at today's hazards, infinite without any
    active_at_end: float  # probability
    cash: Floats  # [period] expected cash flow per period
    left_to_company: Floats  # [period] expected cash flow of costs that never end, after the end
    value: float  # present value at the customer's central rate, with horizon value
    horizon_value: float


def expectations(program: Program) -> Iterator[Expectation]:
    """The deterministic limit of every customer, in canonical order."""
    tables, _ = program.central()
    values, scenario = program.sampler.central(), program.scenario
    economy = evaluate_economy(scenario, values)
    growth = np.log1p(CustomerValues(scenario, values, economy).growth()[:, 0])
    customers, lines = _rows(tables, "customers", CUSTOMER_ROWS), _rows(tables, "lines", LINE_ROWS)
    shared = {name: row[0] for name, row in _rows(tables, "economy", ECONOMY_ROWS).items()}
    volumes = _volumes(scenario, lines)
    payments = _payments(program, _rows(tables, "investments", INVESTMENT_ROWS)["amount"])
    first = 0
    for place, customer in enumerate(scenario.customers):
        own = slice(first, first + len(customer.lines))
        first = own.stop
        parameters = {name: row[place] for name, row in customers.items()} | {"growth": growth[place]}
        relation = Relation(scenario, customer, parameters, {name: row[own] for name, row in lines.items()})
        costs = Costs(customer_costs(scenario, customer, volumes), values, relation.step_length)
        yield _Limit(scenario, relation, costs, payments[place], shared).expect(customer.name)


def level_value(program: Program, expected: Iterable[Expectation]) -> float:
    """Present value of the costs of segments and company, negative: their own (eq. 1.2, 2.7, 8.13), and what
    the customers leave to the company (eq. 8.9).
    """
    tables, _ = program.central()
    economy, amounts = _rows(tables, "economy", ECONOMY_ROWS), _rows(tables, "levels", LEVEL_ROWS)["amount"]
    t = np.arange(program.scenario.time.periods)
    index = economy["inflation_first"] * economy["inflation_step"] ** t
    factors = economy["wacc_first"] * economy["wacc_step"] ** t
    noncash = np.array([1.0 - cost.cash_share for cost in program.scenario.costs])
    own = float((amounts * (noncash - economy["keep"][0])).sum())
    left = sum((each.left_to_company for each in expected), np.zeros(len(t)))
    return 0.0 + float((own * index + left) @ factors)


def _rows(tables: Parameters, table: str, names: tuple[str, ...]) -> Rows:
    """Central values of a table by row, [member]."""
    return {name: cells(tables, TABLES.index(table), row)[:, 0] for row, name in enumerate(names)}


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
        volumes, sales = (each.sum(axis=1) / relation.step_length for each in relation.volumes(0))
        now = self.flow(0, 1.0)
        life, share_later = relation.life(), relation.long_run_shares()
        cash, left, value, horizon_value = self.run(now)
        return Expectation(
            name=name,
            sales_now=float(sales.sum()),
            volume_now=volumes,
            costs_now=self.costs_now(now),
            share_now=float((wallets * share_now).sum() / wallets.sum()),
            share_in_long_run=float((wallets * share_later).sum() / wallets.sum()),
            expected_life=life,
            active_at_end=float(relation.here[0][SELLING].sum()),
            cash=cash,
            left_to_company=left,
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

    def run(self, now: _Flow) -> tuple[Floats, Floats, float, float]:
        """Cash [period], what is left to the company [period], present value, and value after the horizon."""
        relation, periods, notices = (
            self.relation,
            self.scenario.time.periods,
            Notices(self.costs, self.relation),
        )
        cash, left = np.zeros(periods), np.zeros(periods)
        ends, contribution, before = Ends.none(), np.zeros(len(SELLING)), now
        for t in range(periods):
            index = float(self.economy["inflation_first"] * self.economy["inflation_step"] ** t)
            if not self.begins:
                ends = relation.step(t)
                notices.give(before.borne, ends)
            flow = self.flow(t if self.begins else t + 1, index)
            contribution = self.contribute(t, flow, index)
            cash[t] = contribution.sum() + self.change_working_capital(flow, before, ends)
            cash[t] -= self.payments[t] * relation.here[0][SELLING].sum() * index
            paid, left_over = (self.after_tax(*part) * index for part in notices.pay())
            cash[t], left[t] = cash[t] + paid, left_over
            if self.begins:
                ends = relation.step(t)
                notices.give(flow.borne, ends)
            before = flow
        factors = self.p["discount_first"] * self.p["discount_step"] ** np.arange(periods)
        return cash, left, float(cash @ factors), self.after_horizon(contribution, float(factors[-1]))

    # --- cash (eq. 8.1 to 8.12, 9.1) -------------------------------------------------------------------
    def flow(self, period: int, index: float) -> _Flow:
        """Expected flow after `period` steps, at a price index."""
        lines = self.lines
        volumes, sales = self.relation.volumes(period)
        return _Flow(
            net=lines["net"] @ sales,
            variable=lines["variable_cost"] @ volumes,
            of_volume=lines["volume_cost"] @ volumes,
            noncash=lines["noncash"] @ volumes,
            borne=self.costs.bear(self.relation, volumes / index),
        )

    def contribute(self, t: int, flow: _Flow, index: float) -> Floats:
        """Contribution after tax of period t, [phase] (eq. 8.3)."""
        acquiring = t < self.relation.acquisition_periods
        fixed = flow.borne.fixed + flow.borne.idle
        fixed[PROSPECT] += self.relation.here[0][PROSPECT] * self.p["acquisition_spend"] * acquiring
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

    def after_horizon(self, contribution: Floats, factor: float) -> float:
        """Last contribution x q / (1 - q) by phase, discounted with the last flow; 0 where none is wanted."""
        if self.scenario.capital.horizon_value is None:
            return 0.0
        following = self.scenario.time.periods - (1 if self.begins else 0)  # the period after the last flow
        q = np.exp(self.p["horizon_ratio"] - self.relation.losses(following))
        return float((contribution * SELLING * q / (1.0 - q)).sum() * factor)
