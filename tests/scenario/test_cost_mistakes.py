# ruff: noqa: E501 (messages and one-line scenarios are as long as they are)
"""Mistakes in processes, costs, investments and terms of payment, and the full message that each gets."""

import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from crcsim.errors import ScenarioError
from crcsim.scenario import load_scenario

PROCESS = "level: order, cost_rate: 120 EUR, line: indirect_administration"


class Mistake(NamedTuple):
    """Parts of the sound scenario that are replaced, and what is then said."""

    name: str
    changes: Mapping[str, str]
    expected: str


def mistake(name: str, changes: Mapping[str, str], expected: str) -> Mistake:
    """A mistake with its message, indented as the source."""
    return Mistake(name, changes, textwrap.dedent(expected).strip())


def process(entries: str) -> dict[str, str]:
    """A process in line 12."""
    return {"end": f"processes: {{handling: {{{entries}}}}}"}


def nordwerk(entries: str, own_line: str = "") -> dict[str, str]:
    """More entries of the customer in line 10, and the sound process in line 12."""
    sound = f"beta: 1, lines: {{coatings: {{sales: 1 M EUR per year, share: 9%{own_line}}}}}"
    return {"Nordwerk": f"  Nordwerk: {{{sound}, {entries}}}", **process(PROCESS)}


def cost(entries: str) -> dict[str, str]:
    """A cost of the customer in line 10."""
    return nordwerk(f"costs: {{van: {{{entries}}}}}")


def products(entries: str) -> dict[str, str]:
    """The products in line 6."""
    return {"products": f"products: {{coatings: {{{entries}}}, service: {{}}}}"}


MISTAKES = [
    mistake(
        "negative rate",
        process("level: order, cost_rate: -120 EUR, line: indirect_personnel"),
        """
        case.yaml:12:49: processes.handling.cost_rate: out of range: -120 EUR
            allowed: at least 0 EUR
        """,
    ),
    mistake(
        "rate per year",
        process("level: order, cost_rate: 120 EUR per year, line: indirect_personnel"),
        """
        case.yaml:12:49: processes.handling.cost_rate: unexpected unit: 120 EUR per year
            hint: leave out `per year`: it is the cost of one process
        """,
    ),
    mistake(
        "rate in another currency",
        process("level: order, cost_rate: 120 USD, line: indirect_personnel"),
        """
        case.yaml:12:49: processes.handling.cost_rate: wrong currency: 120 USD
            allowed: EUR
            hint: a file has one currency; convert it
        """,
    ),
    mistake(
        "rate in words",
        process("level: order, cost_rate: cheap, line: indirect_personnel"),
        """
        case.yaml:12:49: processes.handling.cost_rate: not an amount: cheap
            hint: write for example 120 EUR
        """,
    ),
    mistake(
        "rate that draws below nothing",
        process("level: order, cost_rate: {normal: {mean: 10, sd: 9}}, line: indirect_personnel"),
        """
        case.yaml:12:58: processes.handling.cost_rate.normal: distribution leaves range: normal
            allowed: at least 0
            hint: 0.13 of its draws would fall outside; use truncated_normal, beta, pert or quantiles
        """,
    ),
    mistake(
        "process without anything",
        process(""),
        """
        case.yaml:12:23: processes.handling.line: missing key
            allowed: line or parts
        case.yaml:12:23: processes.handling.level: missing key
            hint: state level: What the process is done for.
        case.yaml:12:23: processes.handling.cost_rate: missing key
            hint: state cost_rate: Cost of one process at prices of the valuation date.
        """,
    ),
    mistake(
        "cash share without a line",
        process("level: order, cost_rate: 1, cash_share: 50%"),
        """
        case.yaml:12:23: processes.handling.line: missing key
            hint: state the line of the cost, or parts with a line each
        """,
    ),
    mistake(
        "line and parts",
        process(
            "level: order, cost_rate: 1, line: indirect_personnel, notice: 0, parts: [{line: indirect_material, share: 100%}]"
        ),
        """
        case.yaml:12:23: processes.handling: conflicting keys: line and notice and parts
            allowed: only line or parts
        """,
    ),
    mistake(
        "parts that are not the whole",
        process(
            "level: order, cost_rate: 1, parts: [{line: indirect_material, share: 60%}, {line: indirect_personnel, share: 39%}]"
        ),
        """
        case.yaml:12:59: processes.handling.parts: wrong shares: 99%
            allowed: 100% together
            hint: the shares of the parts add up to this
        """,
    ),
    mistake(
        "no parts",
        process("level: order, cost_rate: 1, parts: []"),
        """
        case.yaml:12:59: processes.handling.parts: wrong shares: 0%
            allowed: 100% together
            hint: the shares of the parts add up to this
        """,
    ),
    mistake(
        "entries of a part",
        process(
            "level: order, cost_rate: 1, parts: [{line: indirect_materials, share: 120%, cash_share: 2, notice: soon}]"
        ),
        """
        case.yaml:12:67: processes.handling.parts.0.line: unknown word: indirect_materials
            allowed: one of indirect_material, indirect_production, indirect_personnel, indirect_administration, indirect_distribution, product_advertising
            did you mean: indirect_material
        case.yaml:12:94: processes.handling.parts.0.share: out of range: 120%
            allowed: at least 0% and at most 100%
        case.yaml:12:112: processes.handling.parts.0.cash_share: out of range: 2
            allowed: at least 0% and at most 100%
        case.yaml:12:123: processes.handling.parts.0.notice: not a duration: soon
            hint: write for example 18 months or 6 years
        """,
    ),
    mistake(
        "level of a process",
        process("level: orders, cost_rate: 1, line: marketing"),
        """
        case.yaml:12:31: processes.handling.level: unknown word: orders
            allowed: one of product, order, customer
            did you mean: order
        case.yaml:12:59: processes.handling.line: unknown word: marketing
            allowed: one of indirect_material, indirect_production, indirect_personnel, indirect_administration, indirect_distribution, product_advertising
        """,
    ),
    mistake(
        "unknown process",
        nordwerk("processes: {handlings: {fixed: 1}}"),
        """
        case.yaml:10:92: customers.Nordwerk.processes.handlings: unknown process: handlings
            did you mean: handling
        """,
    ),
    mistake(
        "process of a scenario without any",
        {**nordwerk("processes: {handling: {fixed: 1}}"), "end": ""},
        """
        case.yaml:10:92: customers.Nordwerk.processes.handling: unknown process: handling
            hint: no process is defined
        """,
    ),
    mistake(
        "unknown process in the defaults",
        {
            "customer_defaults": "customer_defaults: {growth: 3%, volatility: 15%, churn: {hazard: 5%}, processes: {visits: {fixed: 1}}}",
            **process(PROCESS),
        },
        """
        case.yaml:7:83: customer_defaults.processes.visits: unknown process: visits
            hint: known: handling
        """,
    ),
    mistake(
        "negative quantities",
        nordwerk(
            "processes: {handling: {fixed: -1, per_order: -2, per_volume: -3 per k EUR, reserved: -4}}",
            ", order_value: 9",
        ),
        """
        case.yaml:10:126: customers.Nordwerk.processes.handling.fixed: out of range: -1
            allowed: at least 0 per year
        case.yaml:10:141: customers.Nordwerk.processes.handling.per_order: out of range: -2
            allowed: at least 0
        case.yaml:10:157: customers.Nordwerk.processes.handling.per_volume: out of range: -3 per k EUR
            allowed: at least 0 per EUR
        case.yaml:10:181: customers.Nordwerk.processes.handling.reserved: out of range: -4
            allowed: at least 0 per year
        """,
    ),
    mistake(
        "quantities in other units",
        nordwerk(
            "processes: {handling: {fixed: 1 per month, per_order: 2 per year, per_volume: 3 per k USD, reserved: 5%}}",
            ", order_value: 9",
        ),
        """
        case.yaml:10:126: customers.Nordwerk.processes.handling.fixed: wrong period: 1 per month
            allowed: per year
            hint: write for example 12 per year
        case.yaml:10:150: customers.Nordwerk.processes.handling.per_order: unexpected unit: 2 per year
            hint: leave out `per year`; write for example 0.5
        case.yaml:10:174: customers.Nordwerk.processes.handling.per_volume: wrong currency: 3 per k USD
            allowed: EUR
            hint: a scenario has one currency; convert the amount
        case.yaml:10:197: customers.Nordwerk.processes.handling.reserved: not a number: 5%
            hint: write for example 12 per year
        """,
    ),
    mistake(
        "uncertain quantity",
        nordwerk("processes: {handling: {fixed: {normal: {mean: 12, sd: 1}}}}"),
        """
        case.yaml:10:110: customers.Nordwerk.processes.handling.fixed: wrong type: a map of 1 key
            allowed: a number such as 12 per year
        """,
    ),
    mistake(
        "unknown key of a use",
        nordwerk("processes: {handling: {per_orders: 1}}"),
        """
        case.yaml:10:103: customers.Nordwerk.processes.handling.per_orders: unknown key: per_orders
            did you mean: per_order
        """,
    ),
    mistake(
        "use per order without its value",
        nordwerk("processes: {handling: {per_order: 1}}"),
        """
        case.yaml:10:41: customers.Nordwerk.lines.coatings.order_value: missing key
            hint: processes.handling.per_order needs it; state it here or for the product coatings
        """,
    ),
    mistake(
        "cost per order without its value",
        products("direct_order_cost: 250 EUR"),
        """
        case.yaml:6:22: products.coatings.order_value: missing key
            hint: direct_order_cost is a cost per order: state the volume of one order
        """,
    ),
    mistake(
        "entries of a product",
        products("order_value: 0, direct_order_cost: -1, cash_share: 110%"),
        """
        case.yaml:6:36: products.coatings.order_value: out of range: 0
            allowed: above 0 EUR
        case.yaml:6:58: products.coatings.direct_order_cost: out of range: -1
            allowed: at least 0 EUR
        case.yaml:6:74: products.coatings.cash_share: out of range: 110%
            allowed: at least 0% and at most 100%
        """,
    ),
    mistake(
        "cost of a customer without its amount",
        cost("line: marketing"),
        """
        case.yaml:10:93: customers.Nordwerk.costs.van.amount: missing key
            hint: state amount: The cost per year.
        """,
    ),
    mistake(
        "entries of a cost of a customer",
        cost(
            "amount: -5 k EUR per year, line: indirect_personnel, follows: volumes, level: product, notice: -1"
        ),
        """
        case.yaml:10:102: customers.Nordwerk.costs.van.amount: out of range: -5 k EUR per year
            allowed: at least 0 EUR per year
        case.yaml:10:127: customers.Nordwerk.costs.van.line: unknown word: indirect_personnel
            allowed: one of depreciation, marketing, other_direct
        case.yaml:10:156: customers.Nordwerk.costs.van.follows: unknown word: volumes
            allowed: one of nothing, phase, volume
            did you mean: volume
        case.yaml:10:172: customers.Nordwerk.costs.van.level: unknown word: product
            allowed: one of order, customer
        case.yaml:10:189: customers.Nordwerk.costs.van.notice: out of range: -1
            allowed: at least 0 years
        """,
    ),
    mistake(
        "depreciation that is paid",
        cost("amount: 5 k EUR per year, line: depreciation, cash_share: 20%"),
        """
        case.yaml:10:152: customers.Nordwerk.costs.van.cash_share: inconsistent: 20%
            hint: depreciation is no payment; leave it out
        """,
    ),
    mistake(
        "depreciation of the company that is paid",
        {"end": "costs: [{name: plant, amount: 1, line: depreciation, cash_share: 100%}]"},
        """
        case.yaml:12:66: costs.0.cash_share: inconsistent: 100%
            hint: depreciation is no payment; leave it out
        """,
    ),
    mistake(
        "line of a cost of the company",
        {"end": "costs: [{name: plant, amount: 1, line: materials, notice: inf years}]"},
        """
        case.yaml:12:40: costs.0.line: unknown word: materials
            allowed: one of depreciation, marketing, other_direct, indirect_material, indirect_production, indirect_personnel, indirect_administration, indirect_distribution, product_advertising
            did you mean: indirect_material
        case.yaml:12:59: costs.0.notice: not a duration: inf years
            hint: write for example 18 months or 6 years
        """,
    ),
    mistake(
        "investment per year, at a date in words",
        nordwerk("investments: {mould: {amount: 5 k EUR per year, at: later}}"),
        """
        case.yaml:10:110: customers.Nordwerk.investments.mould.amount: unexpected unit: 5 k EUR per year
            hint: leave out `per year`: it is paid once
        case.yaml:10:132: customers.Nordwerk.investments.mould.at: not a duration: later
            hint: write for example 18 months or 6 years
        """,
    ),
    mistake(
        "investment before the valuation",
        nordwerk("investments: {mould: {amount: -5, at: -1}}"),
        """
        case.yaml:10:110: customers.Nordwerk.investments.mould.amount: out of range: -5
            allowed: at least 0 EUR
        case.yaml:10:118: customers.Nordwerk.investments.mould.at: out of range: -1
            allowed: at least 0 years
        """,
    ),
    mistake(
        "investment at the horizon",
        nordwerk("investments: {mould: {amount: 5, at: 60 months}, press: {amount: 5, at: 59 months}}"),
        """
        case.yaml:10:117: customers.Nordwerk.investments.mould.at: out of range: 60 months
            allowed: before the horizon, which is at 5 years
        """,
    ),
    mistake(
        "prepayments",
        nordwerk("prepayment_received_days: -10, prepayment_made_days: 2 months"),
        """
        case.yaml:10:106: customers.Nordwerk.prepayment_received_days: out of range: -10
            allowed: at least 0 days
        case.yaml:10:133: customers.Nordwerk.prepayment_made_days: not a number: 2 months
            hint: write for example 60 or 60 days
        """,
    ),
    mistake(
        "factor of a phase",
        nordwerk("phases: {decline: {process_factor: -1}}"),
        """
        case.yaml:10:115: customers.Nordwerk.phases.decline.process_factor: out of range: -1
            allowed: at least 0
        """,
    ),
    mistake(
        "shareholder value",
        {"end": "shareholder_value: {securities: -5, debts: 3}"},
        """
        case.yaml:12:33: shareholder_value.securities: out of range: -5
            allowed: at least 0 EUR
        case.yaml:12:37: shareholder_value.debts: unknown key: debts
            did you mean: debt
        """,
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda each: each.name)
def test_mistake_gets_its_message(mistake: Mistake, write: Callable[..., Path]) -> None:
    path = write(**mistake.changes)

    with pytest.raises(ScenarioError) as raised:
        load_scenario(path)

    assert mistake.expected == "\n".join(problem.text() for problem in raised.value.problems)


def test_a_broken_table_makes_no_false_alarm_of_order_values(write: Callable[..., Path]) -> None:
    Path("accounts.csv").write_text("name,value,days\nNordwerk,5 k EUR,soon,1\n", encoding="utf-8")
    table = (
        "customer_tables: [{file: accounts.csv, columns: {name: name, lines.coatings.order_value: value}}]"
    )
    changes = nordwerk("processes: {handling: {per_order: 1}}")

    with pytest.raises(ScenarioError) as raised:
        load_scenario(write(tables=table, **changes))

    assert ["too_many_cells"] == [problem.code for problem in raised.value.problems]
