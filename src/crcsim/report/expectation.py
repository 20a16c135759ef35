"""A scenario without chance: what each customer is expected to do, by recursion instead of simulation.

The *deterministic limit*: every uncertain quantity at its mean, every shock at its expectation, every risk as
the share of customers that it takes in a period (MODEL 3, 4, 8, 9). Wallet, share and price are carried as
expectations by phase. Left out: listed mergers, the effect of success on insolvency, event correlation with
a factor that the customer's business is loaded on, and the tenure of those who come later or come back; a
share that a phase or a takeover moves is exact in its logit only. With fixed parameters and none of these,
the mean of a simulation differs from the limit by its standard error alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crcsim.compile.customers import CustomerValues
from crcsim.compile.economy import evaluate_economy
from crcsim.compile.program import Program
from crcsim.compile.tables import cells
from crcsim.kernels.arrays import (
    CUSTOMER_ROWS,
    ECONOMY_ROWS,
    LEVEL_ROWS,
    LINE_ROWS,
    PHASES,
    TABLES,
    Parameters,
)
from crcsim.scenario.customers import Customer
from crcsim.scenario.scenario import Scenario
from crcsim.valuation.share import mean_share

__all__ = ["Expectation", "expectations", "level_value"]

Floats = NDArray[np.float64]
Rows = dict[str, Floats]
_PROSPECT = PHASES.index("prospect")
_SELLING = np.arange(len(PHASES)) != _PROSPECT


@dataclass(frozen=True)
class Expectation:
    """One customer in the deterministic limit. Money in units of currency, times in years."""

    name: str
    sales_now: float  # per year; 0 for a prospect
    share_now: float  # of all lines together
    share_in_long_run: float  # stationary, of all lines together, in today's phase
    expected_life: float  # of an active customer at today's hazards, infinite without any
    active_at_end: float  # probability
    cash: Floats  # [period] expected cash flow per period
    value: float  # present value at the customer's central rate, with horizon value
    horizon_value: float


def expectations(program: Program) -> Iterator[Expectation]:
    """The deterministic limit of every customer, in canonical order."""
    tables, _ = program.central()
    values, scenario = program.sampler.central(), program.scenario
    economy = evaluate_economy(scenario, values)
    growth = np.log1p(CustomerValues(scenario, values, economy).growth()[:, 0])
    customers, lines = _rows(tables, "customers", CUSTOMER_ROWS), _rows(tables, "lines", LINE_ROWS)
    first = 0
    for place, customer in enumerate(scenario.customers):
        own = slice(first, first + len(customer.lines))
        first = own.stop
        parameters = {name: row[place] for name, row in customers.items()} | {"growth": growth[place]}
        relation = _Relation(
            scenario,
            customer,
            parameters,
            {name: row[own] for name, row in lines.items()},
            {name: row[0] for name, row in _rows(tables, "economy", ECONOMY_ROWS).items()},
        )
        yield relation.expect()


def level_value(program: Program) -> float:
    """Present value of the costs of segments and company, negative (eq. 1.2, 2.7)."""
    tables, _ = program.central()
    economy, amounts = _rows(tables, "economy", ECONOMY_ROWS), _rows(tables, "levels", LEVEL_ROWS)["amount"]
    t = np.arange(program.scenario.time.periods)
    index = economy["inflation_first"] * economy["inflation_step"] ** t
    factors = economy["wacc_first"] * economy["wacc_step"] ** t
    return 0.0 - float(amounts.sum() * (index * factors).sum() * economy["keep"][0])


def _rows(tables: Parameters, table: str, names: tuple[str, ...]) -> Rows:
    """Central values of a table by row, [member]."""
    return {name: cells(tables, TABLES.index(table), row)[:, 0] for row, name in enumerate(names)}


@dataclass
class _Flow:
    """Expected net revenue, variable cost and number of customers of a period, [phase]."""

    net: Floats
    variable: Floats
    count: Floats


class _Relation:
    """One customer carried from period to period.

    `here` and `away` [weight, phase]: the share of paths on which the customer stands in a phase (prospect:
    not yet won) or has churned out of it and may return; weighted with 1, with its wallet, and with wallet
    times price.
    """

    def __init__(self, scenario: Scenario, customer: Customer, p: Rows, lines: Rows, economy: Rows) -> None:
        self.scenario, self.customer, self.p, self.lines, self.economy = scenario, customer, p, lines, economy
        self.step_length = 1.0 / scenario.time.periods_per_year
        self.begins = scenario.time.flow_timing == "begin"
        self.today = PHASES.index(customer.phase)
        duration = customer.acquisition.duration if customer.acquisition else np.inf
        self.acquisition_periods = max(1.0, np.rint(duration * scenario.time.periods_per_year))
        self.here, self.away = np.zeros((3, len(PHASES))), np.zeros((3, len(PHASES)))
        self.here[:, self.today] = 1.0
        self.moving = [place for place, line in enumerate(customer.lines) if line.share.kind == "moving"]
        self.targets = np.stack([lines[f"logit_target_{phase}"] for phase in PHASES], axis=1)  # [line, phase]
        self.logit = np.outer(lines["logit_share"], self.here[0])  # E[logit of share; phase], [line, phase]
        self.logit_away = np.zeros_like(self.logit)

    def by_phase(self, row: str) -> Floats:
        """A parameter that is held for each phase."""
        return np.array([self.p[f"{row}_{phase}"] for phase in PHASES])

    def expect(self) -> Expectation:
        """Run all periods and value the cash."""
        wallets, lines = self.lines["wallet"], self.lines
        share_now = np.array([self.share(line, 0)[self.today] for line in range(len(wallets))])
        sales = (
            (wallets * lines["share"] * (1.0 + lines["premium"])).sum() * self.p["price"] / self.step_length
        )
        life, share_later = self.life(), self.long_run_shares()
        cash, value, horizon_value = self.run()
        return Expectation(
            name=self.customer.name,
            sales_now=float(sales) if _SELLING[self.today] else 0.0,
            share_now=float((wallets * share_now).sum() / wallets.sum()),
            share_in_long_run=float((wallets * share_later).sum() / wallets.sum()),
            expected_life=life,
            active_at_end=float(self.here[0][_SELLING].sum()),
            cash=cash,
            value=value + horizon_value,
            horizon_value=horizon_value,
        )

    def run(self) -> tuple[Floats, float, float]:
        """Cash [period], its present value, and the value after the horizon."""
        periods = self.scenario.time.periods
        cash, lost, contribution = np.zeros(periods), np.zeros(len(PHASES)), np.zeros(len(PHASES))
        before = self.sell(0)
        for t in range(periods):
            if not self.begins:
                lost = self.step(t)
            flow = self.sell(t if self.begins else t + 1)
            cash[t], contribution = self.earn(t, flow, before, lost)
            if self.begins:
                lost = self.step(t)
            before = flow
        factors = self.p["discount_first"] * self.p["discount_step"] ** np.arange(periods)
        return cash, float(cash @ factors), self.after_horizon(contribution, float(factors[-1]))

    # --- share of wallet (eq. 3.5) ---------------------------------------------------------------------
    def share(self, line: int, period: int) -> Floats:
        """Expected share of wallet [phase] of a line after `period` steps."""
        if line not in self.moving:
            return np.full(len(PHASES), self.lines["share"][line])
        kept = (1.0 - self.lines["pull"][line]) ** 2
        spread = period if kept == 1.0 else (1.0 - kept**period) / (1.0 - kept)
        count = self.here[0]
        mean = np.divide(self.logit[line], count, out=np.zeros_like(count), where=count > 0)
        return np.asarray(mean_share(mean, self.lines["noise"][line] * np.sqrt(spread)))

    def long_run_shares(self) -> Floats:
        """Stationary mean share of every line in today's phase; today's share where it does not move."""
        shares = self.lines["share"].copy()
        for line in self.moving:
            kept = (1.0 - self.lines["pull"][line]) ** 2
            if kept < 1.0:
                shares[line] = mean_share(
                    self.targets[line, self.today], self.lines["noise"][line] / np.sqrt(1.0 - kept)
                )
        return shares

    def drift_shares(self) -> None:
        """One step of the logits towards the targets of the phases, on average."""
        pull = self.lines["pull"][:, None]
        self.logit += pull * (self.targets * self.here[0] - self.logit)
        self.logit_away += pull * (self.targets * self.away[0] - self.logit_away)

    def move_shares(
        self, event: Floats, advance: Floats, retained: Floats, churned: Floats, back: float
    ) -> None:
        """The logits go where their customers go; a retained takeover may reset them."""
        reset = self.lines["logit_reset"][:, None]
        stayed = retained * np.where(np.isnan(reset), self.logit, reset * self.here[0])
        gone = self.logit * churned * (back > 0)
        self.logit = _advanced(self.logit, event, advance) + stayed + self.logit_away * back
        self.logit_away = self.logit_away * (1.0 - back) + gone

    # --- risks (eq. 4.1 to 4.4) ------------------------------------------------------------------------
    def hazards(self, t: int) -> tuple[Floats, float, float]:
        """Churn [phase], takeover and insolvency of period t (from 0): hazards times its length."""
        shape, age = self.p["tenure_shape"], self.p["tenure_years"] + t * self.step_length
        tenure = self.p["tenure_scale"] * ((age + self.step_length) ** shape - age**shape)
        return self.by_phase("churn") * tenure, float(self.p["takeover"]), float(self.p["insolvency"])

    def losses(self, t: int) -> Floats:
        """Hazard of losing the customer in period t, [phase]."""
        churn, takeover, insolvency = self.hazards(t)
        return np.asarray(churn + (1.0 - self.p["retained"]) * takeover + insolvency)

    def events(self, t: int) -> tuple[Floats, Floats]:
        """Probability [phase] that anything happens in period t, and per unit of hazard."""
        churn, takeover, insolvency = self.hazards(t)
        hazard = np.where(_SELLING, churn + takeover + insolvency, 0.0)
        event = -np.expm1(-hazard)
        return event, np.divide(event, hazard, out=np.zeros_like(event), where=hazard > 0)

    def life(self) -> float:
        """Years until a loss at the hazards of today's phase; of a prospect, once it is won."""
        loss = float(self.losses(0)[self.today])
        return self.step_length / loss if loss > 0 else np.inf

    def step(self, t: int) -> Floats:
        """Growth, share and exits of period t; returns the part [phase] of the customers that fail."""
        grow = np.exp(self.by_phase("phase_growth"))
        self.here[1:] *= grow
        self.away[1:] *= grow
        self.drift_shares()
        churn, takeover, insolvency = self.hazards(t)
        event, part = self.events(t)
        advance = self.by_phase("advance")
        advance[_PROSPECT] = self.p["conversion"] if t < self.acquisition_periods else 0.0
        self.move(event, advance, part * takeover * self.p["retained"], part * churn)
        return np.asarray(part * insolvency)

    def move(self, event: Floats, advance: Floats, retained: Floats, churned: Floats) -> None:
        """Everyone to the next state: parts [phase] of those here; of those away a part returns."""
        back = float(self.p["win_back"])
        self.move_shares(event, advance, retained, churned, back)
        multiplier = np.exp(self.p["multiplier_log_median"] + self.p["multiplier_log_sd"] ** 2 / 2)
        kept = np.array([1.0, multiplier, multiplier * (1.0 - self.p["price_concession"])])[:, None]
        gone = self.here * churned * (back > 0)
        self.here = _advanced(self.here, event, advance) + self.here * retained * kept + self.away * back
        self.away = self.away * (1.0 - back) + gone

    # --- cash (eq. 8.1 to 8.5, 9.1) --------------------------------------------------------------------
    def sell(self, period: int) -> _Flow:
        """Expected net revenue and variable cost after `period` steps."""
        net, variable, lines = np.zeros(len(PHASES)), np.zeros(len(PHASES)), self.lines
        selling = self.here * _SELLING
        growth = self.p["coupling"] * self.p["growth"] * self.step_length
        jumps = lines["jump_mean"] * np.expm1(lines["jump_log_mean"] + lines["jump_log_sd"] ** 2 / 2)
        wallets = lines["wallet"] * lines["trend"] ** period * np.exp((growth + jumps) * period)
        prices = self.p["price"] * (1.0 + lines["premium"] * lines["premium_step"] ** period)
        for line, wallet in enumerate(wallets):
            volume = wallet * self.share(line, period)
            net += volume * selling[2] * prices[line] * lines["net"][line]
            variable += volume * selling[1] * lines["variable_cost"][line]
        return _Flow(net, variable, self.here[0].copy())

    def earn(self, t: int, flow: _Flow, before: _Flow, lost: Floats) -> tuple[float, Floats]:
        """Cash of period t, and the contribution after tax [phase] behind it."""
        index = self.economy["inflation_first"] * self.economy["inflation_step"] ** t
        keep, cost = self.economy["keep"], self.by_phase("direct_cost")
        cost[_PROSPECT] = self.p["acquisition_spend"] if t < self.acquisition_periods else 0.0
        contribution = (flow.net - flow.variable - flow.count * cost * index) * keep
        owed = before.net * self.p["receivable"]
        released = (owed - before.variable * self.p["payable"]).sum()
        tied = (flow.net * self.p["receivable"] - flow.variable * self.p["payable"]).sum()
        written_off = (lost * owed).sum() * self.p["loss_given_default"] * keep
        return float(contribution.sum() + released - tied - written_off), contribution

    def after_horizon(self, contribution: Floats, factor: float) -> float:
        """Last contribution x q / (1 - q) by phase, discounted with the last flow; 0 where none is wanted."""
        if self.scenario.capital.horizon_value is None:
            return 0.0
        following = self.scenario.time.periods - (1 if self.begins else 0)  # the period after the last flow
        q = np.exp(self.p["horizon_ratio"] - self.losses(following))
        return float((contribution * _SELLING * q / (1.0 - q)).sum() * factor)


def _advanced(weights: Floats, event: Floats, advance: Floats) -> Floats:
    """Those without an event: some go on to the next phase, the others stay. `weights` [..., phase]."""
    untouched = weights * (1.0 - event)
    moved = untouched * advance
    following = np.zeros_like(moved)
    following[..., 1:] = moved[..., :-1]
    return np.asarray(untouched - moved + following)
