"""Shorter views of large tables lose no money, and say what they leave out."""

from decimal import Decimal
from fractions import Fraction

import pytest

from crcsim.report.costing import Sheet, excerpt

NAMES = [f"c{number}" for number in range(10)]
SIZES = [Decimal(number) for number in (5, -90, 1, 70, 2, 3, 80, 4, 6, 7)]


def by_row(**changes: object) -> Sheet:
    rows = (*((name, size, Fraction(1, 3)) for name, size in zip(NAMES, SIZES, strict=True)),
            ("Total", sum(SIZES), None))  # fmt: skip
    return Sheet("effect", "Effect", ("Customer", "Difference", "Rate"), rows, (), 1, **changes)  # type: ignore[arg-type]


def statement() -> Sheet:
    rows = (
        ("+", "net revenue", *map(abs, SIZES), sum(map(abs, SIZES))),
        ("-", "costs", *[Decimal(1)] * 10, Decimal(10)),
    )
    return Sheet("costing", "Costing", ("", "Line", *NAMES, "Total"), rows, parts="customers")


def test_what_fits_is_left_as_it_is() -> None:
    sheet = by_row(rank=1)

    assert sheet is excerpt(sheet, 10, 3, "all below")
    assert statement() == excerpt(statement(), 2, 10, "all below")


def test_the_largest_rows_stay_in_order_and_the_others_are_summed_up() -> None:
    found = excerpt(by_row(rank=1), 3, 3, "all below")

    assert ["c1", "c3", "c6", "7 others", "Total"] == [row[0] for row in found.rows]
    assert (Decimal(28), None) == found.rows[3][1:]
    assert ("The 3 of 10 rows with the largest difference; all below.",) == found.notes
    assert sum(SIZES) == sum(row[1] for row in found.rows[:-1] if isinstance(row[1], Decimal))


def test_rows_that_do_not_add_up_are_cut() -> None:
    found = excerpt(by_row(), 3, 3, "-o DIR writes all")

    assert ["c0", "c1", "c2", "Total"] == [row[0] for row in found.rows]
    assert ("The first 3 of 10 rows; -o DIR writes all.",) == found.notes


def test_rows_that_must_stay_are_not_chosen_from() -> None:
    found = excerpt(by_row(rank=1, kept=3), 2, 3, "all below")

    assert ["c1", "c6", "6 others", "c8", "c9", "Total"] == [row[0] for row in found.rows]


@pytest.mark.parametrize("most", [1, 4])
def test_columns_of_a_statement_still_add_up(most: int) -> None:
    found = excerpt(statement(), 9, most, "all below")
    for row in found.rows:
        *parts, total = (cell for cell in row if isinstance(cell, Decimal))
        assert total == sum(parts)
    assert most + 1 == len(found.columns) - 3
    assert f"{10 - most} others" == found.columns[-2]
    assert "c1" in found.columns
    assert (f"The {most} of 10 customers with the largest net revenue; all below.",) == found.notes
