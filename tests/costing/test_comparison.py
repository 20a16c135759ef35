"""Activity-based costing against overhead surcharges."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given

from crcsim.costing.comparison import (
    REST,
    allocation_effect,
    break_even_size,
    complexity_effect,
    degression_effect,
)
from crcsim.costing.ledger import Ledger
from crcsim.costing.surcharges import surcharges
from tests.costing.ledgers import example, ledgers


@given(ledgers())
def test_both_methods_spread_the_same_cost(ledger: Ledger) -> None:
    effects = allocation_effect(ledger)
    whole = sum(sub.cost for sub in ledger.sub_processes)

    assert whole == sum(each.by_surcharge for each in effects)
    assert whole == sum(each.by_process for each in effects)
    assert 0 == sum(each.difference for each in effects)


def test_surcharge_of_purchasing_is_a_percentage_of_material(repository: Path) -> None:
    found = surcharges(example(repository))[0]

    assert ("purchasing", "material", Decimal("23000.00")) == (found.cost_centre, found.base_name, found.base)
    assert Fraction("4062.50") / 23_000 == found.rate
    assert Decimal("4062.50") == sum(found.amounts)


def test_idle_capacity_that_no_customer_causes_is_not_charged_to_one(repository: Path) -> None:
    customer, rest = allocation_effect(example(repository))

    assert ("Halvorsund", Decimal("-2901.00")) == (customer.customer, customer.difference)
    assert (REST, Decimal("2901.00")) == (rest.customer, rest.by_process)


def test_the_complex_product_costs_more_than_its_surcharge(repository: Path) -> None:
    standard, special = complexity_effect(example(repository))

    assert standard.difference < 0 < special.difference
    assert Fraction(50 + 100 + 200, 700) == special.processes_per_unit
    assert Fraction(375 * 3 * 4, 7) == special.per_order  # of 7 orders made, 12 are kept ready
    assert Fraction("11.70") * 3 * 220 / 700 == special.per_unit


def test_cost_per_unit_falls_with_the_order_only_by_processes(repository: Path) -> None:
    ledger = example(repository)
    found = [each for each in degression_effect(ledger) if each.product == "standard"]

    assert 1 == len({each.by_surcharge for each in found})
    falling = [each.by_process for each in found]
    assert sorted(falling, reverse=True) == falling
    assert pytest.approx(4500 / 7 * (1 / 10 - 1 / 20)) == float(falling[0] - falling[1])


def test_both_methods_meet_at_the_break_even_size(repository: Path) -> None:
    standard, special = complexity_effect(example(repository))
    size = break_even_size(standard)

    assert size is not None
    assert standard.by_surcharge == standard.per_unit + standard.per_order / size
    assert break_even_size(special) is None
