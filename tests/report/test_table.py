"""One table, shown in several ways."""

from crcsim.report.table import Table, plain_text, point_aligned

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
