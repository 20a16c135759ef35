"""One table, shown in several ways."""

from crcsim.report.table import Table, columns_fitting, plain_text, point_aligned

TABLE = Table(
    "Value (M EUR)",
    ("Customer", "Value"),
    "lr",
    (("Nordwerk", "12.50"), ("Ost", "-3"), ("total", "9.5")),
    ("A note.",),
    totals=1,
)


def test_decimal_points_stand_below_each_other():
    assert ["12.50", "-3   ", "9.5 "] == point_aligned(["12.50", "-3", "9.5"])


def test_cells_that_are_no_numbers_are_left_alone():
    assert ["5.25%", "2 years"] == point_aligned(["5.25%", "2 years"])


def test_plain_text():
    expected = "\n".join(
        ["Value (M EUR)", "Customer  Value", "Nordwerk  12.50", "Ost       -3", "total      9.5", "A note."]
    )

    assert expected == plain_text(TABLE)


def test_long_notes_are_wrapped():
    lines = plain_text(Table("", ("A",), "l", (("x",),), ("word " * 60,))).splitlines()

    assert 4 < len(lines) + 1
    assert all(len(line) <= 100 for line in lines)


def test_a_table_without_rows_shows_its_headings():
    assert "Empty\nA  B" == plain_text(Table("Empty", ("A", "B"), "lr", ()))


WIDE = Table(
    "Sales",
    ("", "Line", "first quarter of 2026", "second", "third", "Total"),
    "llrrrr",
    (("+", "sales", "1.00", "2.00", "3.00", "6.00"),),
    ("A note.",),
)


def test_a_table_that_fits_is_one_part():
    assert (WIDE,) == columns_fitting(WIDE, 100)


def test_a_wide_table_comes_in_parts_that_begin_alike():
    first, second = columns_fitting(WIDE, 48)

    assert ("", "Line", "first quarter of 2026", "second") == first.columns
    assert ("", "Line", "third", "Total") == second.columns
    assert ("Sales, part 1 of 2", "Sales, part 2 of 2") == (first.title, second.title)
    assert ((), ("A note.",)) == (first.notes, second.notes)
    assert (("+", "sales", "3.00", "6.00"),) == second.rows


def test_a_part_has_a_column_however_narrow():
    assert 4 == len(columns_fitting(WIDE, 1))


def test_headings_may_be_folded():
    (only,) = columns_fitting(WIDE, 48, fold_headings=True)

    assert "first\nquarter\nof 2026" == only.columns[2]
    assert "Sales" == only.title
