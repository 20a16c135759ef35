"""Ratios of activity-based costing against the source and the standard."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crcsim.costing.rates import allocation_ratio, idle_capacity_cost, process_cost_rate, productivity

numbers = st.integers(1, 10**9)


def test_purchasing_and_storing_material_costs_11_70_per_process() -> None:
    assert Fraction("11.70") == process_cost_rate(7_605_000, 650_000)


def test_capacity_of_700_000_leaves_50_000_at_11_70() -> None:
    assert 585_000 == idle_capacity_cost(process_cost_rate(7_605_000, 650_000), 700_000, 650_000)


def test_only_the_standard_ratio_recovers_all_costs() -> None:
    induced, neutral = [80_000, 40_000], 30_000
    standard = allocation_ratio(neutral, sum(induced))
    printed = Fraction(sum(induced), neutral)

    assert (Fraction(1, 4), 4) == (standard, printed)
    assert [100_000, 50_000] == [cost * (1 + standard) for cost in induced]
    assert sum(induced) + neutral == sum(cost * (1 + standard) for cost in induced)
    assert 600_000 == sum(cost * (1 + printed) for cost in induced)


@given(st.lists(numbers, min_size=1), numbers)
def test_standard_ratio_recovers_any_costs(induced: list[int], neutral: int) -> None:
    ratio = allocation_ratio(neutral, sum(induced))

    assert sum(induced) + neutral == sum(cost * (1 + ratio) for cost in induced)


@given(numbers, numbers)
def test_productivity_is_the_reciprocal_of_the_rate(cost: int, quantity: int) -> None:
    assert 1 == productivity(cost, quantity) * process_cost_rate(cost, quantity)


@given(numbers, numbers, numbers)
def test_used_and_idle_capacity_are_the_cost_only_at_the_rate_on_capacity(
    cost: int, quantity: int, more: int
) -> None:
    maximum = quantity + more
    on_capacity, on_quantity = process_cost_rate(cost, maximum), process_cost_rate(cost, quantity)

    assert cost == on_capacity * quantity + idle_capacity_cost(on_capacity, maximum, quantity)
    assert cost < on_quantity * quantity + idle_capacity_cost(on_quantity, maximum, quantity)


def test_what_has_no_ratio_is_refused() -> None:
    with pytest.raises(ValueError, match="where there is none"):
        allocation_ratio(1, 0)
    with pytest.raises(ValueError, match="quantity above 0"):
        process_cost_rate(1, 0)
    with pytest.raises(ValueError, match="cost above 0"):
        productivity(0, 1)
