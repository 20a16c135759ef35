"""The journal: every cost once, at the level that causes it."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given

from crcsim.costing.hierarchy import hierarchy
from crcsim.costing.journal import COST_KINDS, journal
from crcsim.costing.ledger import Ledger
from crcsim.errors import NumericError
from tests.costing.ledgers import example, ledgers


@given(ledgers())
def test_every_cost_is_booked_once(ledger: Ledger) -> None:
    booked = sum(each.amount for each in journal(ledger) if each.kind in COST_KINDS)
    stated = sum(line.variable_costs for line in ledger.orders) + sum(item.amount for item in ledger.costs)

    assert stated + sum(sub.cost for sub in ledger.sub_processes) == booked


@given(ledgers())
def test_cash_is_a_part_of_the_amount(ledger: Ledger) -> None:
    assert all(abs(each.cash) <= abs(each.amount) for each in journal(ledger))


@given(ledgers())
def test_increases_of_balances_lead_from_the_first_to_the_last(ledger: Ledger) -> None:
    found = [each for each in journal(ledger) if each.kind == "timing" and each.line == "receivables"]
    stated = {(row.customer, row.period): row.receivables for row in ledger.balances}

    for name in ledger.customers:
        change = stated.get((name, ledger.periods[-1]), 0) - stated.get((name, None), 0)
        assert change == sum(each.amount for each in found if each.customer == name)


@given(ledgers())
def test_hierarchy_holds_all_costs_and_what_can_be_reduced(ledger: Ledger) -> None:
    levels = hierarchy(journal(ledger))

    assert sum(level.amount for level in levels) == sum(
        each.amount for each in journal(ledger) if each.kind in COST_KINDS
    )
    for level in levels:
        later = sum(amount for _, amount in level.after_notice)
        assert level.amount == level.in_period + later + level.not_reducible


def test_costs_of_segment_and_company_stay_there(repository: Path) -> None:
    found = journal(example(repository))
    segment = [each for each in found if each.level == "segment"]

    assert {"industry"} == {each.object for each in segment}
    assert {None} == {each.customer for each in found if each.level in ("segment", "company")}
    assert Decimal("3000.00") == sum(each.amount for each in segment)


def test_a_lost_cost_is_an_error(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crcsim.costing.charges.apportion", lambda amount, weights: [amount] * len(weights))

    with pytest.raises(NumericError, match="were booked, but"):
        journal(example(repository))
