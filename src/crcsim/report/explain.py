"""What a scenario means before it is simulated: deterministic limit, rates, draws, links, assumptions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from crcsim.compile.groups import coupling_groups
from crcsim.compile.program import Program
from crcsim.report.assumptions import (
    Assumption,
    Draw,
    assumption_tables,
    assumptions,
    draw_table,
    draws,
    number_text,
    value_text,
)
from crcsim.report.expectation import Expectation, expectations, level_value
from crcsim.report.explained_costs import cost_facts, cost_tables
from crcsim.report.explained_strategies import KnownStrategies, strategy_facts, strategy_tables
from crcsim.report.numbers import MoneyScale, money_scale
from crcsim.report.table import Table
from crcsim.scenario.quantity import Distribution, Quantity

if TYPE_CHECKING:
    from crcsim.scenario.scenario import Scenario

__all__ = ["Explanation", "explain"]


@dataclass(frozen=True)
class Explanation:
    """Tables for people and the same facts for machines."""

    tables: tuple[Table, ...]
    facts: dict[str, Any]


def explain(scenario: Scenario) -> Explanation:
    """All that can be said about a scenario without simulating it. Raises NumericError as a run would."""
    program = Program(scenario, scenario.simulation.seed)
    expected = tuple(expectations(program))
    levels = level_value(program, expected)
    total = sum(item.value for item in expected) + levels
    strategies = KnownStrategies(program, expected)
    tables = (
        _customer_table(scenario, expected, levels),
        _parameter_table(program),
        *cost_tables(program, expected, total),
        *strategy_tables(strategies),
        _rate_table(program),
        draw_table(program),
        _link_table(scenario),
        *assumption_tables(program),
    )
    facts = {
        "scenario": scenario.name,
        "deterministic_limit": {
            "currency": scenario.money.currency,
            "customers": [_customer_facts(item) for item in expected],
            "levels": levels,
            "total": total,
        },
        **cost_facts(program, expected, total),
        "strategies": strategy_facts(strategies),
        "rates": {name: value for name, value, _ in _rates(program)},
        "draws": [_draw_facts(draw) for draw in draws(program)],
        "correlations": [{"between": [a, b], "rank": value} for a, b, value in _correlations(scenario)],
        "coupling_groups": [list(group) for group in coupling_groups(scenario)],
        "assumptions": [_assumption_facts(item, scenario.money.currency) for item in assumptions(program)],
        "warnings": [*scenario.warnings, *program.warnings()],
    }
    return Explanation(tuple(table for table in tables if table.rows), facts)


def _customer_facts(item: Expectation) -> dict[str, Any]:
    return {
        "name": item.name,
        "sales_now": item.sales_now,
        "share_now": item.share_now,
        "share_in_long_run": item.share_in_long_run,
        "expected_life": item.expected_life if np.isfinite(item.expected_life) else None,
        "active_at_end": item.active_at_end,
        "value": item.value,
        "horizon_value": item.horizon_value,
    }


def _draw_facts(draw: Draw) -> dict[str, Any]:
    low, high = draw.range()
    fitted = draw.fitted
    numbers = {"mean": fitted.mean, "sd": fitted.sd, "p5": low, "p95": high}
    return {"place": draw.place, "family": draw.family, **numbers, "used": draw.used}


def _assumption_facts(item: Assumption, currency: str) -> dict[str, Any]:
    text = value_text(item.place, item.value, currency)
    mean = item.mean if np.isfinite(item.mean) else None
    return {
        "place": item.place,
        "stated": text,
        "mean": mean,
        "source": item.source or None,
        "used": item.used,
    }


def _customer_table(scenario: Scenario, expected: tuple[Expectation, ...], levels: float) -> Table:
    total = sum(item.value for item in expected) + levels
    scale = money_scale(max(abs(total), *(abs(item.value) for item in expected)), scenario.money.currency)
    by_name = {customer.name: customer for customer in scenario.customers}
    rows = [_customer_row(by_name[item.name].phase, item, scale) for item in expected]
    if levels:
        rows.append(("segments and company", *[""] * 6, _short(levels, scale)))
    rows.append(
        (
            "total",
            "",
            _short(sum(item.sales_now for item in expected), scale),
            *[""] * 4,
            _short(total, scale),
        )
    )
    shares = ("Share now %", "long run %")
    return Table(
        f"Customers in the deterministic limit ({scale.unit}; sales per year)",
        ("Customer", "Phase", "Sales now", *shares, "Life, years", "Active at end %", "Value"),
        "llrrrrrr",
        tuple(rows),
        (
            "Deterministic limit: every uncertain number at its mean, no shocks, losses at their expected "
            "rate; not a simulation. Life: expected years at the hazards of today's phase, without an end.",
        ),
        totals=2 if levels else 1,
    )


def _customer_row(phase: str, item: Expectation, scale: MoneyScale) -> tuple[str, ...]:
    return (
        item.name,
        phase.replace("_", " "),
        _short(item.sales_now, scale),
        f"{100 * item.share_now:.1f}",
        f"{100 * item.share_in_long_run:.1f}",
        f"{item.expected_life:.1f}" if np.isfinite(item.expected_life) else "endless",
        f"{100 * item.active_at_end:.0f}",
        _short(item.value, scale),
    )


def _short(value: float, scale: MoneyScale) -> str:
    """Four significant digits: the limit is exact, but nobody needs more of it."""
    return scale.text(value, abs(value) / 5000)


def _parameter_table(program: Program) -> Table:
    """The main parameters that hold for each customer, at their means."""
    scenario, values = program.scenario, program.sampler.central()
    stated = any(values.of(customer.direct_cost)[0] for customer in scenario.customers)
    rows = []
    for customer in scenario.customers:
        shown: dict[str, Quantity] = {
            "beta": customer.beta,
            "growth": customer.growth,
            "volatility": customer.volatility,
            **{risk: getattr(customer, risk).risk.rate for risk in ("churn", "takeover", "insolvency")},
            "retained": customer.takeover.retained,
            **({"direct_cost": customer.direct_cost} if stated else {}),
        }
        texts = [
            ("~" if isinstance(quantity.value, Distribution) else "")
            + number_text(name, float(values.of(quantity)[0]), scenario.money.currency, 3)
            for name, quantity in shown.items()
        ]
        rows.append((customer.name, *texts))
    risks = ("Churn", "Takeover", "Insolvency", "Retained")
    columns = ("Customer", "Beta", "Growth", "Volatility", *risks, *(("Direct cost",) if stated else ()))
    note = (
        "Per year, before phase and tenure; churn, takeover and insolvency as stated, as probability or "
        "hazard. ~: mean of an uncertain number."
    )
    return Table(
        "Main parameters of the customers", columns, "lrrrrrrrr"[: len(columns)], tuple(rows), (note,)
    )


def _rates(program: Program) -> Iterator[tuple[str, float, str]]:
    """The build-up of the discount rate at central values: name, number, how it comes about."""
    scenario, values = program.scenario, program.sampler.central()
    economy, capital = scenario.economy, scenario.capital
    _, rates = program.central()
    risk_free, log_premium = float(rates.risk_free[0]), float(rates.log_premium[0])
    market = float(np.expm1(log_premium + np.log1p(risk_free)))
    debt = [float(values.of(item)[0]) for item in capital.cost_of_debt]
    yield "real rate", float(values.of(economy.real_rate)[0]), "stated"
    yield "expected inflation", float(values.of(economy.expected_inflation)[0]), "stated"
    how = "real + inflation" if economy.fisher == "additive" else "(1 + real)(1 + inflation) - 1"
    yield "risk-free rate", risk_free, how
    how = "implied by the regimes" if economy.market.regimes else "stated, or risk-free + premium"
    yield "expected market return", market, how
    yield "market premium", market - risk_free, "market return - risk-free"
    if capital.rate is None:
        yield "beta", float(rates.beta[0]), "stated, of the firm's equity"
        yield "cost of equity", float(rates.equity[0]), "risk-free + beta x premium"
        how = f"average of {len(debt)}, before tax" if len(debt) > 1 else "stated, before tax"
        yield "cost of debt", float(np.mean(debt)), how
        yield "equity share", float(values.of(capital.equity_share)[0]), "stated, equity / (equity + debt)"
    yield "tax rate", float(values.of(capital.tax_rate)[0]), "stated, on the shield of debt and on cash"
    how = "E/V cost of equity + D/V cost of debt (1 - tax)"
    how += ", in logarithms" if capital.form == "log" else ""
    yield "WACC", float(rates.cost_of_capital[0]), how if capital.rate is None else "stated directly"
    yield (
        "gap of the CAPM",
        float(rates.capm_gap[0]),
        "WACC by effective rates less WACC by logarithms (deflator)",
    )


def _rate_table(program: Program) -> Table:
    rows = [
        (name, f"{value:.3f}" if name == "beta" else f"{100 * value:.2f}%", how)
        for name, value, how in _rates(program)
    ]
    headline = program.scenario.capital.discounting
    note = f"At the means of uncertain inputs, effective per year. Headline discounting: {headline}."
    return Table("Discount rate", ("", "Rate", "How"), "lrl", tuple(rows), (note,))


def _correlations(scenario: Scenario) -> Iterator[tuple[str, str, float]]:
    for correlation in scenario.correlations:
        names = correlation.names
        for row, first in enumerate(names):
            for column in range(row + 1, len(names)):
                yield first, names[column], correlation.matrix[row][column]


def _link_table(scenario: Scenario) -> Table:
    rows = [
        (f"{first}, {second}", f"rank correlation {value:.2f}")
        for first, second, value in _correlations(scenario)
    ]
    rows += [(f"{merger.target} into {merger.buyer}", "listed merger") for merger in scenario.mergers]
    groups = [group for group in coupling_groups(scenario) if len(group) > 1]
    rows += [(", ".join(group), f"coupling group of {len(group)}") for group in groups]
    alone = len(scenario.customers) - sum(len(group) for group in groups)
    note = f"{alone} customers depend on the others through the shared economy and shared parameters only."
    return Table("Links", ("Between", "Kind"), "ll", tuple(rows), (note,) if alone else ())
