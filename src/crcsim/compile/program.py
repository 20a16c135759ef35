"""Scenario -> arrays: the program that the kernel runs, and its parameters on any chunk of paths."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from crcsim.compile.customers import CustomerValues, customer_rows
from crcsim.compile.economy import CostOfCapital, EconomyValues, economy_rows, evaluate_economy, hazard
from crcsim.compile.groups import simulation_groups
from crcsim.compile.lines import line_owners, line_rows
from crcsim.compile.tables import cells, pack
from crcsim.compile.values import Floats, Sampler, Values
from crcsim.compile.warnings import input_warnings
from crcsim.errors import NumericError
from crcsim.kernels import arrays
from crcsim.kernels.arrays import CHUNK_PATHS, Parameters, Structure
from crcsim.kernels.rng import entity_words, seed_key
from crcsim.scenario.costs import LevelCost
from crcsim.scenario.customers import Customer
from crcsim.scenario.mergers import Merger
from crcsim.scenario.scenario import Scenario
from crcsim.valuation.capital import cost_of_equity, unlever_beta

TIMINGS = {"end": arrays.END, "mid": arrays.MID, "begin": arrays.BEGIN}


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

    `adjust` changes compiled rows and no draw: what a decomposition switches off.
    """

    def __init__(self, scenario: Scenario, seed: int, adjust: Adjust | None = None) -> None:
        self.scenario, self._adjust = scenario, adjust
        self.key = seed_key(seed)
        self.sampler = Sampler(scenario, seed)
        self._central = self.sampler.central()
        self._central_economy = evaluate_economy(scenario, self._central)
        self._central_capital = CostOfCapital(scenario, self._central, self._central_economy)
        self.levels = _levels(scenario)
        _refuse_too_many_lines(scenario)
        first, _ = self.parameters(0)
        self.structure = build_structure(scenario, first, self.levels)

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
        return input_warnings(
            self.scenario, self._central_economy, self._central_capital, self.sampler, drawn
        )

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
        lines = line_rows(scenario, values, economy.step)
        tables: Tables = {
            "economy": (arrays.ECONOMY_ROWS, economy_rows(scenario, economy, log_rate, capital.tax), 1),
            "industries": _single(
                "shock_scale", values.matrix([item.volatility for item in industries]) * root
            ),
            "customers": (arrays.CUSTOMER_ROWS, customer_rows(customers, rates), len(scenario.customers)),
            "loadings": _single("loading", values.matrix([loading for _, _, loading in pairs])),
            "lines": (arrays.LINE_ROWS, lines, len(line_owners(scenario))),
            "mergers": _single("hazard", _merger_hazards(scenario, customers) * economy.step),
            "levels": _single(
                "amount", values.matrix([cost.amount for cost in scenario.costs]) * economy.step
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


def ordered_mergers(scenario: Scenario) -> list[Merger]:
    """Mergers sorted by group, target and buyer."""
    group = {name: place for place, names in enumerate(simulation_groups(scenario)) for name in names}
    return sorted(scenario.mergers, key=lambda merger: (group[merger.target], merger.target, merger.buyer))


#: More lines of one customer would run out of slots for their draws.
MOST_LINES = 1000


def _refuse_too_many_lines(scenario: Scenario) -> None:
    for customer in scenario.customers:
        if len(customer.lines) > MOST_LINES:
            raise NumericError(f"customers.{customer.name} has more than {MOST_LINES} lines")


def _level(cost: LevelCost) -> str:
    """'company' or 'segment:<name>'."""
    return cost.level if cost.segment is None else f"segment:{cost.segment}"


def _levels(scenario: Scenario) -> list[str]:
    """Names of the levels that carry costs."""
    return sorted({_level(cost) for cost in scenario.costs})


def _words(names: list[str]) -> np.ndarray[tuple[int, int], np.dtype[np.uint64]]:
    """Stream words of the named entities; equal words would share draws and are refused."""
    words = np.array([entity_words(name) for name in names], dtype=np.uint64).reshape(-1, 2)
    if len({tuple(pair) for pair in words.tolist()}) != len(names):
        raise NumericError("two entities share one random stream; give one of the customers another `id`")
    return words


def _starts(counts: list[int]) -> arrays.Integers:
    return np.concatenate([[0], np.cumsum(counts, dtype=np.int64)]).astype(np.int64)


def _bounds(counts: list[int]) -> list[arrays.Integers]:
    """First and last + 1 of consecutive ranges."""
    edges = _starts(counts)
    return [edges[:-1], edges[1:]]


def _flags(conditions: list[bool]) -> arrays.Integers:
    return np.array(conditions, dtype=np.int64)


def _used(
    parameters: Parameters, table: int, rows: tuple[str, ...], names: list[str], unused: float = 0.0
) -> arrays.Integers:
    """1 for members in which any of the named rows differs from `unused` on any path."""
    used = np.zeros(int(parameters.members[table]), dtype=np.int64)
    for name in names:
        used |= np.any(cells(parameters, table, rows.index(name)) != unused, axis=1).astype(np.int64)
    return used


def build_structure(scenario: Scenario, parameters: Parameters, levels: list[str]) -> Structure:
    """Everything that is the same on every path; a feature that no path uses is switched off."""
    industries = sorted(scenario.economy.industries)
    names = [
        "economy",
        *(f"industry:{name}" for name in industries),
        *(f"customer:{c.id}" for c in scenario.customers),
    ]
    groups = simulation_groups(scenario)
    member = {name: position for names in groups for position, name in enumerate(names)}
    place = {customer.name: position for position, customer in enumerate(scenario.customers)}
    mergers = ordered_mergers(scenario)
    merger_counts = [sum(merger.target in names for merger in mergers) for names in groups]
    loadings = [industry for customer in scenario.customers for industry in sorted(customer.industry)]
    return Structure(
        periods=scenario.time.periods,
        step=1.0 / scenario.time.periods_per_year,
        timing=TIMINGS[scenario.time.flow_timing],
        regimes=int(scenario.economy.market.regimes is not None),
        market_jumps=int(scenario.economy.market.jumps is not None),
        horizon=int(scenario.capital.horizon_value is not None),
        industry_count=len(industries),
        words=_words(names),
        customers=_customer_facts(scenario, parameters),
        lines=_line_facts(scenario, parameters),
        loading_industry=np.array([industries.index(name) for name in loadings], dtype=np.int64),
        groups=np.stack([*_bounds([len(names) for names in groups]), *_bounds(merger_counts)]),
        group_customer=np.array([place[name] for names in groups for name in names], dtype=np.int64),
        mergers=np.array([[member[m.target], member[m.buyer]] for m in mergers], dtype=np.int64)
        .reshape(-1, 2)
        .T.copy(),
        level=np.array([levels.index(_level(cost)) for cost in scenario.costs], dtype=np.int64),
    )


def _customer_facts(scenario: Scenario, parameters: Parameters) -> arrays.Integers:
    """Rows FACT_ROWS of all customers."""
    customers, rows = scenario.customers, arrays.CUSTOMER_ROWS
    industries = sorted(scenario.economy.industries)
    factors = {"market": 0, **{name: 1 + j for j, name in enumerate(industries)}}
    targets = {merger.target for merger in scenario.mergers}

    def used(*names: str, unused: float = 0.0) -> arrays.Integers:
        return _used(parameters, arrays.CUSTOMER_TABLE, rows, list(names), unused)

    def row(name: str) -> Floats:
        return cells(parameters, arrays.CUSTOMER_TABLE, rows.index(name))

    tenure, target = (
        used("tenure_shape", unused=1.0),
        _flags([customer.name in targets for customer in customers]),
    )
    capped = np.any(row("insolvency") > row("insolvency_cap"), axis=1).astype(np.int64)
    success = (used("success_exponent") & used("insolvency")) | capped
    happening = used(*(f"churn_{phase}" for phase in arrays.PHASES), "takeover", "insolvency", "conversion")
    happening |= used("advance_build_up", "advance_growth", "advance_maturity")
    factor = [factors[c.event_correlation.factor] if c.event_correlation else -1 for c in customers]
    facts = {
        **dict(zip(("line_start", "line_end"), _bounds([len(c.lines) for c in customers]), strict=True)),
        **dict(
            zip(("loading_start", "loading_end"), _bounds([len(c.industry) for c in customers]), strict=True)
        ),
        "prospect": _flags([customer.phase == "prospect" for customer in customers]),
        "phase": np.array([arrays.PHASES.index(customer.phase) for customer in customers], dtype=np.int64),
        "acquisition_periods": np.array(
            [_acquisition_periods(scenario, c) for c in customers], dtype=np.int64
        ),
        "hazards_move": tenure | success | target,
        "event_factor": np.array(factor, dtype=np.int64),
        "tenure": tenure,
        "success": success,
        "events": happening | target,
        "working_capital": used("receivable", "payable"),
    }
    return np.stack([facts[name] for name in arrays.FACT_ROWS])


def _line_facts(scenario: Scenario, parameters: Parameters) -> arrays.Integers:
    """Rows LINE_FACT_ROWS of all lines."""
    rows = arrays.LINE_ROWS
    facts = {
        "share_moves": _flags([line.share.kind == "moving" for _, line in line_owners(scenario)]),
        "wallet_jumps": _used(parameters, arrays.LINE_TABLE, rows, ["jump_mean"]),
        "premium": _used(parameters, arrays.LINE_TABLE, rows, ["premium"]),
    }
    return np.stack([facts[name] for name in arrays.LINE_FACT_ROWS])


def _acquisition_periods(scenario: Scenario, customer: Customer) -> int:
    """Periods of acquisition spending, at least one; beyond the horizon where it has no end."""
    if customer.acquisition is None or not np.isfinite(customer.acquisition.duration):
        return scenario.time.periods + 1
    return max(1, round(customer.acquisition.duration * scenario.time.periods_per_year))
