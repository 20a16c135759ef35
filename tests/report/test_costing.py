"""Tables of a ledger for people and for other programs."""

import csv
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from crcsim.errors import StorageError
from crcsim.report.costing import CostingTables, Sheet, as_json, as_table, costing_tables, write_costing
from crcsim.scenario.ledger import load_ledger

LEDGER = """ledger: 1
currency: EUR
periods: [{name: 2026, years: 1}, {name: 2027, years: 2}]
customers:
  - {name: Aldmark, period: 2026, phase: build_up, beta: 0.9}
  - {name: Aldmark, period: 2027, phase: growth}
  - {name: Brenngau, beta: 0.7}
orders:
  - {order: o1, customer: Aldmark, product: plain, period: 2026, units: 10, sales: 100}
  - {order: o2, customer: Brenngau, product: plain, period: 2027, units: 10, sales: 300, material: 50}
sub_processes:
  - {cost_centre: works, name: lead, behaviour: neutral, line: indirect_administration, cost: 7}
valuation: {real_rate: 1%, expected_inflation: 2%, expected_market_return: 8%, beta: 1}
"""


@pytest.fixture(scope="module")
def example(repository: Path) -> CostingTables:
    return costing_tables(load_ledger(repository / "scenarios" / "costing-example" / "ledger.yaml"))


@pytest.fixture
def two(tmp_path: Path) -> CostingTables:
    path = tmp_path / "ledger.yaml"
    path.write_text(LEDGER, encoding="utf-8")
    return costing_tables(load_ledger(path))


def sheet(tables: CostingTables, name: str) -> Sheet:
    return next(each for each in (*tables.portfolio, *tables.each) if each.name == name)


def column(found: Sheet, name: str) -> list[object]:
    return [row[found.columns.index(name)] for row in found.rows]


def test_cells_are_shown_as_people_read_them() -> None:
    rows = (
        ("a", Decimal("1234.5"), Fraction(1, 3)),
        ("b", Decimal("-0.00"), Fraction(-1, 10**9)),
        ("c", None, None),
    )
    table = as_table(Sheet("name", "Title", ("", "Money", "Rate"), rows))

    assert "lrr" == table.align
    assert (("a", "1,234.50", "0.333333"), ("b", "0.00", "0"), ("c", "", "")) == table.rows


def test_json_holds_numbers() -> None:
    found = as_json(Sheet("name", "Title", ("", "Money"), (("a", Decimal("0.10")), ("b", None))))

    assert [["a", 0.1], ["b", None]] == found["rows"]


def test_names_of_files_are_unique(example: CostingTables) -> None:
    names = [each.name for each in (*example.portfolio, *example.each)]

    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z-]+", name) for name in names)


def test_process_costs_add_up(example: CostingTables) -> None:
    rows = sheet(example, "process-costs").rows
    for row in rows:
        *parts, whole = (cell for cell in row if isinstance(cell, Decimal))
        assert whole == sum(parts)
    assert Decimal("37965.00") == rows[-1][-1]


def test_statements_of_customers_are_stacked(two: CostingTables) -> None:
    found = sheet(two, "each-customer-cash-flow-by-phase")

    assert ("Customer", "", "Line", "build_up", "growth", "Total") == found.columns
    assert {"Aldmark"} == set(column(found, "Customer"))  # the other one states no phase
    assert {"Aldmark", "Brenngau"} == set(column(sheet(two, "each-customer-cash-flow-by-period"), "Customer"))
    assert ("build_up", "growth", "(no phase)") == sheet(two, "customer-costing-by-phase").columns[2:5]


def test_customers_with_betas_are_reconciled_with_the_firm(two: CostingTables) -> None:
    found = sheet(two, "customer-value")

    assert [Fraction(75, 10), Fraction(65, 10)] == [round(rate, 9) for rate in column(found, "Rate %")[:2]]
    assert "Value-weighted business beta of the customers 0.7" in found.notes[1]


def test_neutral_cost_of_no_process_is_shown(two: CostingTables) -> None:
    assert "(no main process)" in column(sheet(two, "process-costs"), "Process")
    assert () == sheet(two, "cost-centres").rows


def test_files_hold_all_tables_in_full(example: CostingTables, tmp_path: Path) -> None:
    page, *tables = write_costing(example, tmp_path / "out")
    with (tmp_path / "out" / "main-processes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert len(tables) == len(example.portfolio) + len(example.each)
    assert ("7605.00", "11.7", "50.7") == tuple(
        rows[0][name] for name in ("Cost", "Rate on capacity", "Rate on quantity")
    )
    text = page.read_text("utf-8")
    assert "One customer over three periods" in text
    assert "payment-effective customer contribution II" in text
    assert "http" not in re.sub(r'xmlns="[^"]*"', "", text)


def test_a_folder_that_cannot_be_made_is_an_error(example: CostingTables, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file", encoding="utf-8")

    with pytest.raises(StorageError, match="could not be written"):
        write_costing(example, tmp_path / "out")
