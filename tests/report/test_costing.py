"""Tables of a ledger for people and for other programs."""

import csv
import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from crcsim.errors import StorageError
from crcsim.report.costing import CostingTables, Sheet, as_json, as_table, costing_tables, write_costing
from crcsim.scenario.ledger import load_ledger
from tests.report.random_ledger import write_ledger

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
    page, *files = write_costing(example, tmp_path / "out")
    tables = [file for file in files if file.suffix == ".csv"]
    with (tmp_path / "out" / "main-processes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert len(tables) == len(example.portfolio) + len(example.each)
    assert ("7605.00", "11.7", "50.7") == tuple(
        rows[0][name] for name in ("Cost", "Rate on capacity", "Rate on quantity")
    )
    text = page.read_text("utf-8")
    assert "One customer over three periods" in text
    assert "payment-effective customer contribution II" in text
    assert "http" not in re.sub(r'xmlns(:xlink)?="[^"]*"', "", text)


STATEMENTS = ("product-costing", "customer-costing", "customer-contribution", "customer-cash-flow")


@pytest.mark.parametrize("by", ["customer", "period", "phase"])
@pytest.mark.parametrize("name", STATEMENTS)
def test_every_statement_is_cut_in_every_way(two: CostingTables, name: str, by: str) -> None:
    found = sheet(two, f"{name}-by-{by}")
    columns = {"customer": two.ledger.customers, "period": two.ledger.periods,
               "phase": ("build_up", "growth", "(no phase)")}  # fmt: skip

    assert ("", "Line", *columns[by], "Total") == found.columns
    if by != "customer":
        assert f"{name}-by-{by}" in [each.name for each in two.customers["Aldmark"]]
        assert f"each-{name}-by-{by}" in [each.name for each in two.each]


def test_every_sheet_is_on_the_page_and_in_a_file(two: CostingTables, tmp_path: Path) -> None:
    page, *_ = write_costing(two, tmp_path / "out")
    text = page.read_text("utf-8")
    for found in (*two.portfolio, *(each for own in two.customers.values() for each in own)):
        assert f"<caption>{found.title}</caption>" in text
    for found in (*two.portfolio, *two.each):
        with (tmp_path / "out" / f"{found.name}.csv").open(encoding="utf-8", newline="") as file:
            assert len(found.rows) == sum(1 for _ in csv.reader(file)) - 1


def test_variable_costs_of_no_customer_have_a_column_of_their_own(tmp_path: Path) -> None:
    scrap = "{name: scrap, period: 2026, level: product, object: plain, line: material, amount: 7, notice: 0}"
    (tmp_path / "ledger.yaml").write_text(f"{LEDGER}costs: [{scrap}]\n", encoding="utf-8")
    tables = costing_tables(load_ledger(tmp_path / "ledger.yaml"))
    by_period, whole = sheet(tables, "product-costing-by-period"), sheet(tables, "product-costing")

    assert ("2026", "2027", "(no customer)", "Total") == by_period.columns[2:]
    assert ("=", "product contribution I", *map(Decimal, (100, 250, -7, 343))) == by_period.rows[-1]
    assert Decimal(343) == whole.rows[-1][-1]


def test_costs_of_customers_are_split_by_when_they_can_be_reduced(example: CostingTables) -> None:
    found = sheet(example, "reducible-costs")
    (_, cost, paid, unpaid, *when), total = found.rows
    contribution = sheet(example, "customer-contribution-by-customer").rows
    lines = {row[1]: row[-1] for row in contribution}

    assert lines["net revenue"] - lines["customer contribution II"] == cost  # type: ignore[operator]
    assert cost == paid + unpaid == sum(when)  # type: ignore[operator, arg-type]
    assert "Total" == total[0]


def test_pictures_are_on_the_page_and_beside_it(example: CostingTables, tmp_path: Path) -> None:
    files = write_costing(example, tmp_path)
    names = {file.stem for file in files if file.suffix == ".png"}
    text = files[0].read_text("utf-8")

    assert {"customer-contributions", "cost-by-level"} < names
    assert {"allocation-effect", "complexity-effect", "degression-effect"} < names
    assert names == {file.stem for file in files if file.suffix == ".svg"}
    assert len(names) == text.count("<figure>")
    assert all(file.read_bytes() for file in files)


def test_pictures_of_another_ledger_do_not_stay(
    example: CostingTables, tmp_path: Path, two: CostingTables
) -> None:
    write_costing(example, tmp_path / "out")
    for name in ("complexity-effect", "degression-effect"):
        assert (tmp_path / "out" / f"{name}.png").exists()
    write_costing(replace(two, effects=None), tmp_path / "out")

    assert [] == sorted(path.name for path in (tmp_path / "out").glob("*-effect.*g"))


def test_many_customers_are_folded_up_on_the_page_and_all_there(tmp_path: Path) -> None:
    tables = costing_tables(load_ledger(write_ledger(tmp_path, 35, 2)))
    text = write_costing(tables, tmp_path / "out")[0].read_text("utf-8")

    assert 35 == text.count('<details class="customer">')
    assert "The 4 of 35 customers with the largest net revenue; all below." in text
    assert "<summary>All 35 customers</summary>" in text
    assert "The 20 of 35 rows with the largest difference; all below." in text
    assert "<summary>All 35 rows</summary>" in text


def test_a_folder_that_cannot_be_made_is_an_error(example: CostingTables, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file", encoding="utf-8")

    with pytest.raises(StorageError, match="could not be written"):
        write_costing(example, tmp_path / "out")
