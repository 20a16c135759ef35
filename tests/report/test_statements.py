"""Statements as tables, CSV text and facts."""

import csv
import io

import numpy as np
import pytest

from crcsim.measures.company_statement import company_statement
from crcsim.measures.statements import statement
from crcsim.report.statements import statement_csv, statement_facts, statement_table
from tests.measures.cascade_results import normal_cascade, with_items


@pytest.fixture(scope="module")
def books(result):
    return with_items(result)


def first(found):
    return found.isel(strategy=0)


def test_a_single_column_stands_with_its_error(books):
    table = statement_table(first(statement(books)))

    assert ("", "Line", "Present value", "±") == table.columns
    assert "Customer cash flow (M EUR)" == table.title
    assert ("=", "customer cash flow") == table.rows[-1][:2]
    assert "present value at the WACC" in table.notes[0]


def test_lines_without_amounts_are_left_out_but_no_subtotal(books):
    labels = [row[1] for row in statement_table(first(statement(books))).rows]

    assert "ongoing marketing" not in labels
    assert "payment-effective customer contribution II" in labels


def test_rounding_that_is_left_where_sums_cancel_is_shown_as_nothing(books):
    table = statement_table(first(statement(books, by="product")))
    rest = dict(zip([row[1] for row in table.rows], [row[4] for row in table.rows], strict=True))

    assert ("", "Line", "coating", "service", "(no product)", "total") == table.columns
    assert ("0", "0") == (rest["sales"], rest["net revenue"])


def test_errors_that_are_not_known_stay_unknown():
    table = statement_table(first(statement(normal_cascade(np.random.default_rng(1), 1))))

    assert {""} == {row[3] for row in table.rows}


def test_of_many_customers_the_largest_are_shown(books):
    few = statement_table(first(statement(books, by="customer")))
    assert 2 + 6 + 1 == len(few.columns)

    many = first(statement(normal_cascade(np.random.default_rng(1), 50), by="customer"))
    names = [f"customer {place}" for place in range(12)]
    many = many.isel(column=[0] * 12 + [3]).assign_coords(
        column=[*names, "total"], kind=("column", ["customer"] * 12 + ["total"])
    )
    many["amount"][-1] = np.array([*range(12), 66])
    table = statement_table(many)

    assert [f"customer {place}" for place in range(11, 3, -1)] == list(table.columns[2:-1])
    assert "4 more columns in the CSV file" in table.notes[0]


def test_of_many_periods_the_first_and_the_last_are_shown(books):
    table = statement_table(first(statement(books, by="period")))

    assert [
        "period 1",
        "period 2",
        "period 3",
        "period 5",
        "period 10",
        "period 20",
        "period 40",
        "total",
    ] == list(table.columns[2:])
    assert "not discounted" in table.notes[0]


def test_one_customer_is_named_in_the_title(books):
    table = statement_table(first(statement(books, "contribution", "year", "Nordwerk")))

    assert "Customer contribution of Nordwerk by year (M EUR)" == table.title


def test_phases_stand_in_the_order_of_a_relation(books):
    table = statement_table(first(statement(books, "contribution", "phase")))

    assert "Customer contribution by phase (M EUR)" == table.title
    assert ("", "Line", "build_up", "growth", "maturity", "total") == table.columns
    assert table.rows[-1][2].startswith("-")
    for words in ("Mean present value at the WACC.", "Without the value after the last", "Rounded to 2"):
        assert words in table.notes[0]
    facts = statement_facts(first(statement(books, "contribution", "phase", "Nordwerk")))
    basis = "mean present value over the recorded paths"
    assert ("phase", basis, "wacc") == (facts["by"], facts["basis"], facts["discounting"])
    assert "standard_errors" not in facts["lines"][-1]


def test_csv_holds_every_number_in_full(books):
    found = first(statement(books, by="customer"))
    head, *rows = csv.reader(io.StringIO(statement_csv(found)))

    assert ["line", "label", "sign", "Nordwerk"] == head[:4]
    assert "total (standard error)" == head[-1]
    assert len(rows) == found.sizes["line"]
    numbers = np.array([[float(cell) for cell in row[3:10]] for row in rows])
    np.testing.assert_array_equal(found["amount"].values, numbers)


def test_csv_of_flows_has_no_errors(books):
    assert "standard error" not in statement_csv(first(company_statement(books, "year")))


def test_facts_hold_the_same_numbers(books):
    found = first(company_statement(books))
    facts = statement_facts(found)
    last = facts["lines"][-1]

    assert ("company", "total", "wacc", ["total"]) == tuple(
        facts[name] for name in ("form", "by", "discounting", "columns")
    )
    assert ("portfolio_value", 0) == (last["line"], last["sign"])
    assert float(found["amount"].values[-1, 0]) == last["amounts"]["total"]
    assert float(found["amount_standard_error"].values[-1, 0]) == last["standard_errors"]["total"]
