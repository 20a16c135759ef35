"""A ledger as stated becomes one that costing calculates with."""

import math
from decimal import Decimal
from pathlib import Path

import pytest

from crcsim.compile.ledger import compiled_ledger
from crcsim.costing import lines
from crcsim.costing.ledger import Ledger
from crcsim.scenario import ledger as stated
from crcsim.scenario.ledger import load_ledger


@pytest.fixture
def example(repository: Path) -> Ledger:
    return compiled_ledger(load_ledger(repository / "scenarios" / "costing-example" / "ledger.yaml"))


def test_both_sides_know_the_same_lines() -> None:
    assert stated.VARIABLE_LINES == lines.VARIABLE_LINES
    assert stated.DIRECT_LINES == lines.DIRECT_LINES
    assert stated.INDIRECT_LINES == lines.INDIRECT_LINES


def test_a_row_without_a_period_holds_in_every_period(example: Ledger) -> None:
    managers = [item for item in example.costs if item.name == "key-account manager"]

    assert ["2026", "2027", "2028"] == [item.period for item in managers]
    assert {0.5} == {item.notice for item in managers}


def test_what_belongs_to_an_order_is_in_the_period_of_the_order(example: Ledger) -> None:
    assert ["2026", "2027", "2027"] == [item.period for item in example.costs if item.level == "order"][:3]
    assert ["2026", "2026", "2027"] == [
        row.period for row in example.consumption if row.process == "order handling"
    ][:3]


def test_defaults_depend_on_what_is_stated(example: Ledger) -> None:
    tools = next(item for item in example.costs if item.line == "depreciation")
    leading = next(sub for sub in example.sub_processes if not sub.induced)
    handled = next(row for row in example.consumption if row.object == "C1")

    assert Decimal(0) == tools.cash_share
    assert (math.inf, None) == (leading.notice, leading.maximum_quantity)
    assert handled.quantity == handled.reserved
