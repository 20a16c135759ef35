"""Scenario -> arrays: the program that the kernel runs, and its parameters on any chunk of paths."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from crcsim.compile.costs.customer import customer_costs
from crcsim.compile.costs.parts import Part, Rate
from crcsim.compile.costs.rows import cost_rows, stacked
from crcsim.compile.customers import CustomerValues, customer_rows
from crcsim.compile.economy import CostOfCapital, EconomyValues, economy_rows, evaluate_economy, hazard
from crcsim.compile.executives import executive_rows, level_costs, role_places
from crcsim.compile.groups import ordered_mergers, simulation_groups
from crcsim.compile.ledger_costs import with_ledger
from crcsim.compile.lever_structure import limited_products
from crcsim.compile.levers import effect_rows, lever_rows, plan_levers
from crcsim.compile.lines import line_owners, line_rows
from crcsim.compile.strategies import build_strategies, chosen_strategies
from crcsim.compile.structure.flows import Savings
from crcsim.compile.structure.levels import level_names
from crcsim.compile.structure.plan import build_structure
from crcsim.compile.tables import pack
from crcsim.compile.values import Floats, Sampler, Values
from crcsim.compile.warnings import input_warnings, ledger_name_warnings
from crcsim.errors import NumericError
from crcsim.kernels import rows
from crcsim.kernels.arrays import Parameters
from crcsim.kernels.rng import seed_key
from crcsim.kernels.rows import CHUNK_PATHS
from crcsim.scenario.scenario import Scenario
from crcsim.valuation.capital import cost_of_equity, unlever_beta


@dataclass(frozen=True)
class Rates:
    """Rates on some paths, effective annual; [1] or [path]."""

    cost_of_capital: Floats
    risk_free: Floats
    log_premium: Floats
    equity: Floats
    beta: Floats
    asset_beta: Floats  # the firm's beta without its debt
    capm_gap: Floats  # WACC by the effective CAPM less WACC by the log CAPM
    inputs: Floats  # CAPITAL_INPUTS [input, 1 or path]


#: Tables by name: (row names, values by row [member, 1 or path], number of members).
Tables = dict[str, tuple[tuple[str, ...], dict[str, Floats], int]]
#: Changes rows of the tables before they are packed; the same rows on every chunk.
Adjust = Callable[[Tables], None]


class Program:
    """A scenario ready to run: structure, identities of the draws, parameters by chunk of paths.

    `adjust` changes compiled rows and no draw: what a decomposition switches off. `strategies` are the names
    of those that are simulated beside the baseline, None for all; they share structure, parameters and draws.
    `sampler`: where uncertain parameters come from, the scenario's own unless given.
    """

    def __init__(
        self,
        scenario: Scenario,
        seed: int,
        adjust: Adjust | None = None,
        strategies: Sequence[str] | None = (),
        sampler: Sampler | None = None,
    ) -> None:
        self.scenario, self._stated, self._adjust = scenario, scenario, adjust
        self.key = seed_key(seed)
        self.sampler = Sampler(scenario, seed) if sampler is None else sampler
        self._central = self.sampler.central()
        self._central_economy = evaluate_economy(scenario, self._central)
        self._central_capital = CostOfCapital(scenario, self._central, self._central_economy)
        _refuse_too_many_lines(scenario)
        volumes = self._volumes()
        self.scenario = scenario = with_ledger(scenario, volumes)
        self._costs = [customer_costs(scenario, customer, volumes) for customer in scenario.customers]
        self.levels = level_names(scenario, self._costs)
        groups = simulation_groups(scenario)
        self._levers = plan_levers(scenario, groups)
        first, _ = self.parameters(0)
        plan = build_structure(scenario, self._costs, first, self.levels, self._levers, self._savings())
        self.structure, self.cascade = plan.structure, plan.cascade
        self.items, self.products = plan.items, plan.products
        self.chosen = chosen_strategies(scenario, strategies)
        self.decisions = build_strategies(scenario, self.chosen, self._levers, groups, self._central)

    @property
    def strategies(self) -> list[str]:
        """Names of the strategies, the baseline first."""
        return [strategy.name for strategy in self.chosen]

    @property
    def customers(self) -> list[str]:
        """Names of the customers in canonical order."""
        return [customer.name for customer in self.scenario.customers]

    def parameters(self, first_path: int, paths: int = CHUNK_PATHS) -> tuple[Parameters, Rates]:
        """Tables and rates of the paths first_path..first_path+paths-1."""
        return self._evaluate(self.sampler.draw(first_path, paths))

    def central(self) -> tuple[Parameters, Rates]:
        """Tables and rates at the mean of every quantity, on one path."""
        return self._evaluate(self._central)

    def business_betas(self) -> Floats:
        """Loading of every customer's sales on the market at central inputs, [customer]."""
        customers = CustomerValues(self.scenario, self._central, self._central_economy)
        return np.asarray(customers.market_loading()[:, 0])

    def warnings(self) -> list[str]:
        """What a reader of the result should know about the inputs (MODEL 2)."""
        drawn = evaluate_economy(self.scenario, self.sampler.draw(0, CHUNK_PATHS))
        found = input_warnings(
            self.scenario, self._central_economy, self._central_capital, self.sampler, drawn
        )
        return [*found, *ledger_name_warnings(self._stated, self.scenario)]

    def _volumes(self) -> dict[tuple[str, str], float]:
        """Volume at base prices per year of every (customer, product), at central values."""
        step = self._central_economy.step
        rows = line_rows(self.scenario, self._central, step)
        volumes = np.broadcast_to(rows["wallet"] * rows["share"] / step, (len(line_owners(self.scenario)), 1))
        owners = line_owners(self.scenario)
        return {
            (customer.name, line.product): float(volumes[place, 0])
            for place, (customer, line) in enumerate(owners)
        }

    def _savings(self) -> Savings:
        """By customer and line, parts of the variable costs and of the processes with their central
        shares.
        """
        return [
            [
                (_shares(line.variable, self._central), _shares(line.processes, self._central))
                for line in costs.lines
            ]
            for costs in self._costs
        ]

    def _evaluate(self, values: Values) -> tuple[Parameters, Rates]:
        scenario = self.scenario
        economy = evaluate_economy(scenario, values)
        capital = CostOfCapital(scenario, values, economy)
        log_rate = capital.firm(self._central_capital)
        customers = CustomerValues(scenario, values, economy)
        rates = self._customer_rates(customers, capital, log_rate)
        pairs = customers.loading_pairs()
        industries = [scenario.economy.industries[name] for name in sorted(scenario.economy.industries)]
        root = np.sqrt(economy.step)
        costs = {
            name: stacked(rows)
            for name, rows in cost_rows(scenario, self._costs, values, self._central).items()
        }
        lines = line_rows(scenario, values, economy.step)
        lines |= {
            name.removeprefix("lines."): row for name, row in costs.items() if name.startswith("lines.")
        }
        notices = {name: costs[f"notices.{name}"] for name in rows.NOTICE_ROWS}
        tables: Tables = {
            "economy": (rows.ECONOMY_ROWS, economy_rows(scenario, economy, log_rate, capital.tax), 1),
            "industries": _single(
                "shock_scale", values.matrix([item.volatility for item in industries]) * root
            ),
            "customers": (rows.CUSTOMER_ROWS, customer_rows(customers, rates), len(scenario.customers)),
            "loadings": _single("loading", values.matrix([loading for _, _, loading in pairs])),
            "lines": (rows.LINE_ROWS, lines, len(line_owners(scenario))),
            "mergers": _single("hazard", _merger_hazards(scenario, customers) * economy.step),
            "levels": _single(
                "amount", values.matrix([cost.amount for cost in level_costs(scenario)]) * economy.step
            ),
            "charges": _single("amount", costs["charges.amount"]),
            "reserves": _single("rate", costs["reserves.rate"]),
            "ratios": _single("ratio", costs["ratios.ratio"]),
            "notices": (rows.NOTICE_ROWS, notices, notices["full"].shape[0]),
            "investments": _single("amount", costs["investments.amount"]),
            "levers": (
                rows.LEVER_ROWS,
                lever_rows(scenario, values, self._central, economy.step),
                len(scenario.levers),
            ),
            "effects": (
                rows.EFFECT_ROWS,
                effect_rows(scenario, self._levers, values, economy.step),
                len(self._levers.all_shifts),
            ),
            "products": _single("capacity", _capacities(scenario, values) * economy.step),
            "full_service": (
                rows.FULL_SERVICE_ROWS,
                {
                    "churn": np.log(customers.column(lambda c: c.full_service.churn_hazard_ratio)),
                    "share": customers.column(lambda c: c.full_service.share_logit),
                },
                len(scenario.customers),
            ),
            "executives": (
                rows.EXECUTIVE_ROWS,
                executive_rows(scenario, values, economy.step),
                len(role_places(scenario)),
            ),
        }
        if self._adjust is not None:
            self._adjust(tables)
        return pack(tables, values.paths), _rates(economy, capital, log_rate)

    def _customer_rates(self, customers: CustomerValues, capital: CostOfCapital, firm: Floats) -> Floats:
        """ln(1 + k) of every customer, [customer, 1 or path]: the firm's, or its own with `rate: own`."""
        own = np.array([[customer.rate == "own"] for customer in self.scenario.customers])
        if not own.any():
            return np.broadcast_to(firm, (len(self.scenario.customers), firm.shape[0]))
        central = CustomerValues(self.scenario, self._central, self._central_economy)
        betas = customers.market_loading(), central.market_loading()
        return np.where(own, capital.own(*betas, self._central_capital), firm)


def _rates(economy: EconomyValues, capital: CostOfCapital, log_rate: Floats) -> Rates:
    market_return = np.expm1(economy.log_market_return)
    return Rates(
        cost_of_capital=np.expm1(log_rate),
        risk_free=economy.risk_free,
        log_premium=economy.log_premium,
        equity=np.asarray(cost_of_equity(economy.risk_free, capital.beta, market_return)),
        beta=capital.beta,
        asset_beta=np.asarray(unlever_beta(capital.beta, capital.equity_share, capital.tax)),
        capm_gap=np.asarray(capital.rate(capital.beta) - np.expm1(capital.log_rate(capital.beta))),
        inputs=capital.inputs(),
    )


def _shares(rates: Sequence[Rate], values: Values) -> list[tuple[Part, float]]:
    """Parts of some rates with their shares of the sum."""
    amounts = [float(rate.on(values)[0]) for rate in rates]
    total = sum(amounts)
    return [(rate.part, amount / total) for rate, amount in zip(rates, amounts, strict=True) if amount]


def _capacities(scenario: Scenario, values: Values) -> Floats:
    """Capacity per year of the products that have one, by name."""
    found = [scenario.products[name].capacity for name in limited_products(scenario)]
    return values.matrix([capacity for capacity in found if capacity is not None])


def _single(row: str, matrix: Floats) -> tuple[tuple[str, ...], dict[str, Floats], int]:
    """A table of one row."""
    return (row,), {row: matrix}, matrix.shape[0]


def _merger_hazards(scenario: Scenario, customers: CustomerValues) -> Floats:
    """Hazards per year of the listed mergers, in the order of the groups."""
    if not scenario.mergers:
        return np.zeros((0, 1))
    columns = [hazard(customers.values, merger.risk) for merger in ordered_mergers(scenario)]
    paths = max(column.shape[0] for column in columns)
    return np.stack([np.broadcast_to(column, (paths,)) for column in columns])


#: More lines of one customer would run out of slots for their draws.
MOST_LINES = 1000


def _refuse_too_many_lines(scenario: Scenario) -> None:
    for customer in scenario.customers:
        if len(customer.lines) > MOST_LINES:
            raise NumericError(f"customers.{customer.name} has more than {MOST_LINES} lines")
