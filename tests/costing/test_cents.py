"""Money in cents: splitting loses nothing."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crcsim.costing.cents import apportion, cash_part, in_cents
from tests.costing.ledgers import cents, quantities


@given(cents, st.lists(quantities, min_size=1).filter(any))
def test_parts_add_up_to_the_cent_and_lie_next_to_the_exact_ones(
    amount: Decimal, weights: list[Decimal]
) -> None:
    parts = apportion(amount, weights)
    whole = Fraction(sum(weights))

    assert amount == sum(parts)
    assert all(
        abs(Fraction(part) - Fraction(amount) * Fraction(weight) / whole) < Fraction(1, 100)
        for part, weight in zip(parts, weights, strict=True)
    )


def test_the_odd_cent_goes_to_the_largest_remainder_and_then_to_the_first() -> None:
    assert (Decimal("0.34"), Decimal("0.33"), Decimal("0.33")) == apportion(Decimal("1.00"), [Decimal(1)] * 3)
    assert (Decimal("0.33"), Decimal("0.67")) == apportion(Decimal("1.00"), [Decimal(1), Decimal(2)])


def test_nothing_is_split_by_nothing() -> None:
    assert (Decimal("0.00"),) * 2 == apportion(Decimal("0.00"), [Decimal(0), Decimal(0)])


@pytest.mark.parametrize(
    ("amount", "weights", "reason"),
    [
        ("-1.00", [1], "not a positive amount"),
        ("1.005", [1], "whole cents"),
        ("1.00", [2, -1], "a weight is negative"),
        ("1.00", [0, 0], "all weights are 0"),
    ],
)
def test_what_cannot_be_split_is_refused(amount: str, weights: list[int], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        apportion(Decimal(amount), [Decimal(weight) for weight in weights])


def test_cents_are_rounded_half_to_even() -> None:
    assert [Decimal("0.12"), Decimal("0.14")] == [in_cents(Fraction(n, 1000)) for n in (125, 135)]
    assert Decimal("1962.00") == cash_part(Decimal("2616.00"), Decimal("0.75"))
