"""Rows of the economy and the cost of capital, from the values of a scenario (MODEL 2). All arrays [1] or
[path].
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crcsim.compile.values import Floats, Values
from crcsim.errors import NumericError
from crcsim.kernels.rows import ECONOMY_ROWS
from crcsim.scenario.economy import Market
from crcsim.scenario.economy import Regime as MarketRegime
from crcsim.scenario.quantity import Risk
from crcsim.scenario.scenario import Scenario
from crcsim.valuation.capital import (
    cost_of_equity,
    log_cost_of_equity,
    log_rate_around,
    log_wacc,
    relever_beta,
    wacc,
)
from crcsim.valuation.deflator import (
    Regime,
    implied_market_return,
    jump_cumulant,
    normal_cumulant,
    price_of_risk,
    regime_log_mean,
    stationary_regime_probabilities,
)
from crcsim.valuation.discounting import discount_exponent_shift
from crcsim.valuation.rates import risk_free_rate
from crcsim.valuation.risks import event_probability, hazard_from_yearly_probability


def hazard(values: Values, risk: Risk) -> Floats:
    """Hazard per year of a risk stated as hazard or as yearly probability."""
    stated = values.of(risk.rate)
    if risk.kind == "yearly_probability" and np.any(stated >= 1.0):
        raise NumericError(f"{risk.rate.place} is drawn as 100%: a certain event has no hazard")
    return stated if risk.kind == "hazard" else hazard_from_yearly_probability(stated)


@dataclass(frozen=True)
class Jumps:
    """Market jumps per year; rate 0 without any."""

    rate: Floats
    log_mean: Floats
    log_sd: Floats

    def cumulant(self, u: Floats) -> Floats:
        """ln E[exp(u x jumps of a year)]."""
        return jump_cumulant(u, self.rate, self.log_mean, self.log_sd)


@dataclass(frozen=True)
class State:
    """One market state (the only one without regimes): drift of the shock and volatility, per year."""

    shock_drift: Floats
    volatility: Floats
    risk_price: Floats
    leave: Floats  # hazard per year


@dataclass(frozen=True)
class EconomyValues:
    """What customers need of the economy on the same paths. Rates effective annual unless they say log."""

    risk_free: Floats
    inflation: Floats
    log_market_return: Floats
    states: tuple[State, State]
    jumps: Jumps
    regimes: bool
    step: float

    @property
    def log_premium(self) -> Floats:
        """ln(1 + E[r_m]) - ln(1 + r_f)."""
        return np.asarray(self.log_market_return - np.log1p(self.risk_free))

    def shock_log_mean(self, u: Floats, state: State) -> Floats:
        """ln E[exp(u zeta_t) | state] per period."""
        moving = normal_cumulant(u, state.volatility) + self.jumps.cumulant(u)
        return np.asarray((u * state.shock_drift + moving) * self.step)


def evaluate_economy(scenario: Scenario, values: Values) -> EconomyValues:
    """Rates, market states and the expected market return on the paths of `values`.

    Raises NumericError where the market has no price of risk or its regimes no stationary start.
    """
    try:
        return _evaluate_economy(scenario, values)
    except ValueError as problem:
        raise NumericError(f"economy.market: {problem}") from problem


def _evaluate_economy(scenario: Scenario, values: Values) -> EconomyValues:
    economy, step = scenario.economy, 1.0 / scenario.time.periods_per_year
    inflation = values.of(economy.expected_inflation)
    risk_free = np.asarray(risk_free_rate(values.of(economy.real_rate), inflation, economy.fisher))
    jumps = _jumps(values, economy.market)
    if economy.market.regimes is None:
        log_return = _log_market_return(scenario, values, risk_free)
        state = _plain_state(values, economy.market, risk_free, log_return, jumps)
        states = (state, state)
    else:
        good, bad = _both(economy.market)
        states = _regime_state(values, good, risk_free, jumps), _regime_state(values, bad, risk_free, jumps)
        log_return = _implied_log_return(scenario, values)
    regimes = economy.market.regimes is not None
    return EconomyValues(risk_free, inflation, log_return, states, jumps, regimes, step)


def _both(market: Market) -> tuple[MarketRegime, MarketRegime]:
    assert market.regimes is not None
    return market.regimes.good, market.regimes.bad


def _jumps(values: Values, market: Market) -> Jumps:
    if market.jumps is None:
        none = np.zeros(1)
        return Jumps(none, none, none)
    jumps = market.jumps
    return Jumps(values.of(jumps.rate), values.of(jumps.log_mean), values.of(jumps.log_sd))


def _log_market_return(scenario: Scenario, values: Values, risk_free: Floats) -> Floats:
    """ln(1 + E[r_m]); a stated premium is a difference of rates, or of logs in the log form."""
    market = scenario.economy.market
    if market.expected_return is not None:
        return np.asarray(np.log1p(values.of(market.expected_return)))
    assert market.premium is not None
    premium = values.of(market.premium)
    if scenario.capital.form == "log":
        return np.asarray(np.log1p(risk_free) + premium)
    return np.asarray(np.log1p(risk_free + premium))


def _plain_state(
    values: Values, market: Market, risk_free: Floats, log_return: Floats, jumps: Jumps
) -> State:
    volatility = values.of(market.volatility)
    numbers = (jumps.rate, jumps.log_mean, jumps.log_sd)
    price = np.asarray(price_of_risk(np.log1p(risk_free), log_return, volatility, *numbers))
    return State(np.zeros(1), volatility, price, np.zeros(1))


def _regime_state(values: Values, regime: MarketRegime, risk_free: Floats, jumps: Jumps) -> State:
    """Own mean and volatility; jumps are compensated inside the regime, so that its stated return is its
    mean.
    """
    stated, volatility = values.of(regime.expected_return), values.of(regime.volatility)
    drift = np.asarray(regime_log_mean(stated, volatility) - jumps.cumulant(np.ones(1)))
    numbers = (jumps.rate, jumps.log_mean, jumps.log_sd)
    price = np.asarray(price_of_risk(np.log1p(risk_free), np.log1p(stated), volatility, *numbers))
    return State(drift, volatility, price, hazard(values, regime.leave))


def _implied_log_return(scenario: Scenario, values: Values) -> Floats:
    """ln(1 + E[r_m]) that the regimes imply over the horizon."""
    regimes = []
    for regime in _both(scenario.economy.market):
        stated, volatility = values.of(regime.expected_return), values.of(regime.volatility)
        regimes.append(Regime(regime_log_mean(stated, volatility), volatility, hazard(values, regime.leave)))
    step = 1.0 / scenario.time.periods_per_year
    return np.atleast_1d(np.log1p(implied_market_return(scenario.time.periods, regimes[0], regimes[1], step)))


#: What the cost of capital is made of: effective annual rates, the firm's equity beta, and shares.
CAPITAL_INPUTS = (
    "real_rate",
    "expected_inflation",
    "expected_market_return",
    "beta",
    "cost_of_debt",
    "equity_share",
    "tax_rate",
)


class CostOfCapital:
    """ln(1 + WACC) of the firm, or of a business with another beta, on the paths of `values` (C11).

    In the effective form an uncertain rate is taken linearly in ln(1 + k) around its value at central
    inputs, so that 1 + k cannot reach zero; at fixed inputs this is the textbook WACC.
    """

    def __init__(self, scenario: Scenario, values: Values, economy: EconomyValues) -> None:
        capital = scenario.capital
        self._form, self._values, self._economy = capital.form, values, economy
        self.equity_share, self.tax = values.of(capital.equity_share), values.of(capital.tax_rate)
        self.cost_of_debt = np.asarray(
            sum(values.of(item) for item in capital.cost_of_debt) / len(capital.cost_of_debt)
        )
        self.beta = values.of(capital.beta)
        self.stated = None if capital.rate is None else values.of(capital.rate)
        self._real_rate = values.of(scenario.economy.real_rate)

    def inputs(self) -> Floats:
        """CAPITAL_INPUTS on the paths, [input, 1 or path]."""
        market_return = np.expm1(self._economy.log_market_return)
        rates = self._real_rate, self._economy.inflation, market_return
        return np.stack(
            np.broadcast_arrays(*rates, self.beta, self.cost_of_debt, self.equity_share, self.tax)
        )

    def rate(self, beta: Floats) -> Floats:
        """WACC by the effective CAPM for an equity beta."""
        market_return = np.expm1(self._economy.log_market_return)
        equity = cost_of_equity(self._economy.risk_free, beta, market_return)
        return np.asarray(wacc(equity, self.cost_of_debt, self.equity_share, self.tax))

    def log_rate(self, beta: Floats) -> Floats:
        """ln(1 + WACC) by the log CAPM for an equity beta."""
        equity = log_cost_of_equity(self._economy.risk_free, beta, self._economy.log_premium)
        return np.asarray(log_wacc(equity, self.cost_of_debt, self.equity_share, self.tax))

    def firm(self, central: CostOfCapital | None) -> Floats:
        """ln(1 + k) of the firm; `central` is the cost of capital at central inputs (None: this is it)."""
        if self.stated is not None:
            centre = self.stated if central is None or central.stated is None else central.stated
            return np.asarray(log_rate_around(self.stated, centre))
        return self._around(self.beta, None if central is None else central.beta, central)

    def own(self, asset_beta: Floats, central_beta: Floats | None, central: CostOfCapital | None) -> Floats:
        """ln(1 + k) of a customer: its business beta relevered with the firm's debt. Betas [customer, 1 or
        path].
        """
        beta = np.asarray(relever_beta(asset_beta, self.equity_share, self.tax))
        centre = None
        if central is not None and central_beta is not None:
            centre = np.asarray(relever_beta(central_beta, central.equity_share, central.tax))
        return self._around(beta, centre, central)

    def _around(self, beta: Floats, central_beta: Floats | None, central: CostOfCapital | None) -> Floats:
        if self._form == "log":
            return self.log_rate(beta)
        rate = self.rate(beta)
        centre = rate if central is None or central_beta is None else central.rate(central_beta)
        return np.asarray(log_rate_around(rate, centre))


def economy_rows(
    scenario: Scenario, economy: EconomyValues, log_rate: Floats, tax: Floats
) -> dict[str, Floats]:
    """Rows of the economy table, each (1, 1) or (1, path)."""
    step, shift = economy.step, discount_exponent_shift(scenario.time.flow_timing)
    good, bad = economy.states
    log_risk_free, log_inflation = np.log1p(economy.risk_free), np.log1p(economy.inflation)
    root = np.sqrt(step)
    leave = event_probability(good.leave, step), event_probability(bad.leave, step)
    start = stationary_regime_probabilities(*leave)[0] if economy.regimes else np.ones(1)
    index_drift = np.zeros(1)
    if not economy.regimes:
        index_drift = economy.log_market_return * step - economy.shock_log_mean(np.ones(1), good)
    first_index = 0.0 if scenario.time.flow_timing == "begin" else 1.0
    rows = {
        "shock_scale_good": good.volatility * root,
        "shock_scale_bad": bad.volatility * root,
        "shock_drift_good": good.shock_drift * step,
        "shock_drift_bad": bad.shock_drift * step,
        "index_start": np.zeros(1),
        "index_drift": index_drift,
        "leave_good": leave[0],
        "leave_bad": leave[1],
        "start_good": start,
        "jump_mean": economy.jumps.rate * step,
        "jump_log_mean": economy.jumps.log_mean,
        "jump_log_sd": economy.jumps.log_sd,
        "risk_price_good": good.risk_price,
        "risk_price_bad": bad.risk_price,
        "deflator_drift_good": -log_risk_free * step - economy.shock_log_mean(-good.risk_price, good),
        "deflator_drift_bad": -log_risk_free * step - economy.shock_log_mean(-bad.risk_price, bad),
        "deflator_first": np.exp(log_risk_free * step * (0.5 if scenario.time.flow_timing == "mid" else 0.0)),
        "risk_free_first": np.exp(-log_risk_free * step * shift),
        "risk_free_step": np.exp(-log_risk_free * step),
        "inflation_first": np.exp(log_inflation * step * first_index),
        "inflation_step": np.exp(log_inflation * step),
        "keep": 1.0 - tax,
        "wacc_first": np.exp(-log_rate * step * shift),
        "wacc_step": np.exp(-log_rate * step),
    }
    return {name: np.atleast_2d(rows[name]) for name in ECONOMY_ROWS}
