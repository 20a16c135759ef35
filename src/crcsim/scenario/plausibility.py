"""Plausibility at central values: cost of capital, and whether a horizon value is finite (MODEL 2 and 9)."""

from __future__ import annotations

import math
from collections.abc import Callable

from crcsim.scenario.capital import Capital
from crcsim.scenario.customers import Customer
from crcsim.scenario.economy import Economy, Market
from crcsim.scenario.families import central
from crcsim.scenario.nodes import MapNode
from crcsim.scenario.quantity import Quantity, Risk
from crcsim.scenario.reading import Reading

__all__ = ["central_cost_of_capital", "check_horizon_values"]

SMALLEST_YEARLY_MARGIN = 0.01


def check_horizon_values(
    root: MapNode, economy: Economy, capital: Capital, customers: tuple[Customer, ...], reading: Reading
) -> None:
    """List every customer whose horizon value has no end, or nearly none."""
    if capital.horizon_value is not None:
        for customer in customers:
            _check_horizon(root, economy, capital, customer, reading)


def _central(quantity: Quantity) -> float:
    return central(quantity.value)


def _expected_return(market: Market) -> float:
    """Return the effective annual market return, in regimes weighted by the time spent in each."""
    if market.regimes is None:
        return _central(market.expected_return) if market.expected_return else math.nan
    good, bad = market.regimes.good, market.regimes.bad
    leave_good, leave_bad = _hazard(good.leave), _hazard(bad.leave)
    total = leave_good + leave_bad
    weight = leave_bad / total if total > 0 else 0.5
    return weight * _central(good.expected_return) + (1 - weight) * _central(bad.expected_return)


def _hazard(risk: Risk) -> float:
    """Return -ln(1 - p), or the hazard as stated."""
    rate = _central(risk.rate)
    return -math.log1p(-rate) if risk.kind == "yearly_probability" else rate


def _inflation_and_risk_free(economy: Economy) -> tuple[float, float]:
    real, inflation = _central(economy.real_rate), _central(economy.expected_inflation)
    exact = (1 + real) * (1 + inflation) - 1
    return inflation, exact if economy.fisher == "exact" else real + inflation


def central_cost_of_capital(economy: Economy, capital: Capital, beta: float | None = None) -> float:
    """Return the annual WACC by the CAPM at central values (MODEL 2); `beta` replaces that of the firm."""
    _, risk_free = _inflation_and_risk_free(economy)
    beta = _central(capital.beta) if beta is None else beta
    market = economy.market
    logarithmic = capital.form == "log"
    grow: Callable[[float], float] = math.log1p if logarithmic else lambda rate: rate
    stated = market.premium
    premium = _central(stated) if stated else grow(_expected_return(market)) - grow(risk_free)
    equity = grow(risk_free) + beta * premium
    equity = math.expm1(equity) if logarithmic else equity
    debt = sum(_central(cost) for cost in capital.cost_of_debt) / len(capital.cost_of_debt)
    share, tax = _central(capital.equity_share), _central(capital.tax_rate)
    return share * equity + (1 - share) * debt * (1 - tax)


def _customer_rate(economy: Economy, capital: Capital, customer: Customer) -> float:
    """Return the rate at which a customer is discounted; its own beta is relevered with the firm's debt."""
    if customer.rate == "own":
        share, tax = _central(capital.equity_share), _central(capital.tax_rate)
        loading = _central(customer.coupling) * _central(customer.beta)
        levered = loading * (1 + (1 - tax) * (1 - share) / share)
        return central_cost_of_capital(economy, capital, levered)
    if capital.rate is not None:
        return _central(capital.rate)
    return central_cost_of_capital(economy, capital)


def _horizon_growth(economy: Economy, capital: Capital, customer: Customer) -> float:
    """Return the nominal growth after the horizon, effective annual."""
    inflation, _ = _inflation_and_risk_free(economy)
    if capital.horizon_value is not None and capital.horizon_value.growth is not None:
        return _central(capital.horizon_value.growth)
    growth = _central(customer.growth)
    nominal = (1 + growth) * (1 + inflation) if customer.growth_basis == "real" else 1 + growth
    return float(nominal ** _central(customer.coupling) - 1)


def _loss_hazards(customer: Customer) -> tuple[float, float, float]:
    """Return the hazards of churn, takeover and insolvency; probabilities seen together share their sum."""
    risks = (customer.churn.risk, customer.takeover.risk, customer.insolvency.risk)
    if not customer.observed_with_other_causes:
        churn, takeover, insolvency = (_hazard(risk) for risk in risks)
        return churn, takeover, insolvency
    churn, takeover, insolvency = (_central(risk.rate) for risk in risks)
    total = churn + takeover + insolvency
    scale = -math.log1p(-total) / total if total > 0 else 1.0
    return churn * scale, takeover * scale, insolvency * scale


def _check_horizon(
    root: MapNode, economy: Economy, capital: Capital, customer: Customer, reading: Reading
) -> None:
    """List a customer whose q = [(1+g)/(1+k)] e^-h leaves less than one point of yearly margin (MODEL 9)."""
    growth = _horizon_growth(economy, capital, customer)
    rate = _customer_rate(economy, capital, customer)
    churn, takeover, insolvency = _loss_hazards(customer)
    hazard = churn + (1 - _central(customer.takeover.retained)) * takeover + insolvency
    if rate > -1 and math.log1p(rate) - math.log1p(growth) + hazard >= SMALLEST_YEARLY_MARGIN:
        return
    at = root.entries["capital"]
    at = at.entries["horizon_value"] if isinstance(at, MapNode) else at
    reading.report(
        "horizon_value_without_end",
        at.position,
        ("customers", customer.name),
        value=f"growth {growth:.4g}, cost of capital {rate:.4g}, hazard of loss {hazard:.4g}",
        allowed="growth at least one point a year below cost of capital plus hazard",
        hint="state capital.horizon_value: {perpetuity: {growth: ..}} with a lower growth, or none",
    )
