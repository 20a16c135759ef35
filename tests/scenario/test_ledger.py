# ruff: noqa: E501 (a part of the ledger is one line)
"""Ledgers as people write them: YAML, CSV and XLSX, and every mistake with file, row and column."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from crcsim.errors import Problem, ScenarioError
from crcsim.scenario.ledger import LedgerDocument, load_ledger

SOUND = {
    "ledger": "ledger: 1",  # line 1
    "currency": "currency: EUR",
    "periods": "periods: [{name: 2026, years: 0}, {name: 2027, years: 1}]",
    "customers": "customers: [{name: Aldmark, segment: north}, {name: Brenngau}]",
    "orders": "orders: [{order: o1, customer: Aldmark, product: plain, period: 2026, units: 10, sales: 1000}]",
    "costs": "costs: [{name: fair, level: customer, object: Aldmark, line: marketing, amount: 50, notice: 0}]",
    "sub_processes": "sub_processes: [{cost_centre: office, name: enter, behaviour: induced, line: indirect_personnel, "
    "cost: 100, driver: orders, quantity: 4}]",  # line 7
    "process_shares": "process_shares: [{cost_centre: office, sub_process: enter, process: handling}]",
    "main_processes": "main_processes: [{name: handling, level: order, driver: orders, quantity: 2, "
    "maximum_quantity: 4}]",
    "consumption": "consumption: [{process: handling, object: o1, quantity: 1}]",  # line 10
}

Write = Callable[..., LedgerDocument]


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Load the sound ledger with some of its lines replaced; other files are written beside it."""
    monkeypatch.chdir(tmp_path)

    def load_changed(files: dict[str, str] | None = None, /, **changes: str) -> LedgerDocument:
        for name, text in (files or {}).items():
            Path(name).write_text(text, encoding="utf-8")
        text = "".join(f"{line}\n" for line in {**SOUND, **changes}.values() if line)
        Path("ledger.yaml").write_text(text, encoding="utf-8")
        return load_ledger("ledger.yaml")

    return load_changed


@pytest.fixture
def problems(load: Write) -> Callable[..., list[Problem]]:
    """The problems of a changed ledger."""

    def found(files: dict[str, str] | None = None, /, **changes: str) -> list[Problem]:
        with pytest.raises(ScenarioError) as raised:
            load(files, **changes)
        return list(raised.value.problems)

    return found


Problems = Callable[..., list[Problem]]


def test_a_sound_ledger_keeps_its_digits(load: Write) -> None:
    document = load(costs=SOUND["costs"].replace("amount: 50", "amount: 0.1 k EUR"))

    assert ("ledger", "EUR", "capacity") == (document.name, document.currency, document.process_rates)
    assert Decimal("100.00") == document.tables["costs"][0]["amount"]
    assert Decimal("10") == document.tables["orders"][0]["units"]
    assert () == document.warnings


def test_a_fraction_of_a_cent_is_rounded_with_a_warning(load: Write) -> None:
    document = load(costs=SOUND["costs"].replace("amount: 50", "amount: 50.006"))

    assert Decimal("50.01") == document.tables["costs"][0]["amount"]
    assert ["50.006 is rounded to the cent: 50.01"] == [text.split(": ", 2)[2] for text in document.warnings]


def test_a_table_may_be_a_csv_file_with_columns_of_its_own(load: Write) -> None:
    table = {"o.csv": "No,account,article,year,pieces,revenue,remark\no1,Aldmark,plain,2026,10,1000.50,x\n"}
    columns = "{order: No, customer: account, product: article, period: year, units: pieces, sales: revenue}"
    document = load(table, orders=f"orders: {{file: o.csv, columns: {columns}}}")

    assert Decimal("1000.50") == document.tables["orders"][0]["sales"]
    assert ["ledger.yaml", "o.csv"] == [file.path for file in document.files]


def test_a_table_may_be_a_sheet_of_a_workbook(load: Write) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    workbook = openpyxl.Workbook()
    sheet = workbook.create_sheet("orders")
    sheet.append(["order", "customer", "product", "period", "units", "sales"])
    sheet.append(["o1", "Aldmark", "plain", 2026.0, 10, 1000.1 + 0.2])
    workbook.save("book.xlsx")
    document = load(orders="orders: {file: book.xlsx, sheet: orders}")

    assert ("2026", Decimal("1000.30")) == tuple(
        document.tables["orders"][0][key] for key in ("period", "sales")
    )
    assert () == document.warnings


ORDERS = "order,customer,product,period,units,sales\n"
COSTS = "name,level,object,line,amount,notice\n"
SUBS = "cost_centre,name,behaviour,line,cost,driver,quantity\n"


@pytest.mark.parametrize(
    ("table", "header", "row", "code", "column"),
    [
        ("orders", ORDERS, "o1,Aldmark,plain,2026,-10,1000", "out_of_range", 5),
        ("orders", ORDERS, "o1,Aldmark,plain,2026,ten,1000", "not_a_number", 5),
        ("orders", ORDERS, "o1,Aldmark,plain,2026,10,much", "not_an_amount", 6),
        ("orders", ORDERS, "o1,Aldmark,plain,2026,10,5 USD", "wrong_currency", 6),
        ("orders", ORDERS, "o1,Aldmark,plain,2026,10,5 EUR per year", "unexpected_unit", 6),
        ("orders", ORDERS, "o1,Aldmark,plain,2026,10,1e14", "out_of_range", 6),
        ("orders", ORDERS, "o1,Aldmarc,plain,2026,10,1000", "unknown_customer", 2),
        ("orders", ORDERS, "o1,Aldmark,plain,2062,10,1000", "unknown_period", 4),
        ("orders", ORDERS, "o1,,plain,2026,10,1000", "nothing_stated", 2),
        ("orders", ORDERS, "o1,Aldmark,plain,2026,10,1000,7", "too_many_cells", 7),
        ("costs", COSTS, "fair,,Aldmark,marketing,50,0", "nothing_stated", 2),
        ("costs", COSTS, "fair,client,Aldmark,marketing,50,0", "unknown_word", 2),
        ("costs", COSTS, "fair,customer,,marketing,50,0", "missing_key", 1),
        ("costs", COSTS, "fair,segment,south,marketing,50,0", "unknown_segment", 3),
        ("costs", COSTS, "fair,company,Aldmark,marketing,50,0", "inconsistent", 3),
        ("costs", COSTS, "fair,customer,Aldmark,material,50,0", "inconsistent", 4),
        ("costs", COSTS, "fair,customer,Aldmark,marketing,50,soon", "not_a_duration", 6),
        (
            "sub_processes",
            SUBS,
            "office,enter,induced,indirect_personnel,100,orders,0",
            "zero_quantity_with_cost",
            7,
        ),
        ("sub_processes", SUBS, "office,enter,induced,indirect_personnel,100,,4", "missing_key", 1),
        ("sub_processes", SUBS, "office,enter,neutral,indirect_personnel,100,orders,", "inconsistent", 6),
    ],
)
def test_a_mistake_in_a_table_has_file_row_and_column(
    problems: Problems, table: str, header: str, row: str, code: str, column: int
) -> None:
    found = problems({"t.csv": header + row + "\n"}, **{table: f"{table}: {{file: t.csv}}"})

    assert (code, "t.csv", 2, column) in [(each.code, each.file, each.line, each.column) for each in found]


@pytest.mark.parametrize(
    ("changes", "code", "line"),
    [
        ({"periods": ""}, "missing_key", 1),
        ({"periods": "periods: [{name: opening, years: 0}]"}, "reserved_name", 3),
        ({"currency": "currency: Euro"}, "wrong_type", 2),
        ({"ledger": "ledger: 2"}, "out_of_range", 1),
        ({"more": "extra: 1"}, "unknown_key", 11),
        ({"customers": "customers: [{name: Aldmark}, {name: Aldmark, period: 2026}]"}, "duplicate_row", 4),
        (
            {"process_shares": SOUND["process_shares"].replace("}]", ", share: 60%}, {cost_centre: office, "
             "sub_process: enter, process: care, share: 50%}]"),
             "more": "# ", "main_processes": SOUND["main_processes"].replace("}]", "}, {name: care, level: customer, "
             "driver: visits, quantity: 1}]")},
            "shares_above_100%",
            8,
        ),
        ({"process_shares": SOUND["process_shares"].replace("enter", "leave")}, "unknown_sub_process", 8),
        ({"process_shares": SOUND["process_shares"].replace("handling", "handeling")}, "unknown_process", 8),
        ({"main_processes": SOUND["main_processes"].replace("maximum_quantity: 4", "maximum_quantity: 1")},
         "out_of_range", 9),
        ({"main_processes": SOUND["main_processes"].replace("quantity: 2", "period: 2027, quantity: 2")},
         "process_not_done", 10),
        ({"main_processes": "main_processes: [{name: handling, level: order, driver: orders, quantity: 0}]"},
         "zero_quantity_with_cost", 9),
        ({"consumption": SOUND["consumption"].replace("quantity: 1", "quantity: 3")}, "more_than_was_done", 10),
        ({"consumption": SOUND["consumption"].replace("quantity: 1", "quantity: 1, reserved: 4")},
         "more_than_the_capacity", 10),
        ({"consumption": SOUND["consumption"].replace("quantity: 1", "quantity: 1, reserved: 0")}, "out_of_range", 10),
        ({"consumption": SOUND["consumption"].replace("o1", "o2")}, "unknown_order", 10),
        ({"consumption": SOUND["consumption"].replace("quantity", "period: 2027, quantity")}, "inconsistent", 10),
        ({"consumption": SOUND["consumption"].replace("quantity", "customer: Aldmark, quantity")}, "inconsistent", 10),
        ({"more": "valuation: {beta: 1}"}, "missing_key", 11),
        ({"more": "valuation: {rate: 8%, beta: 1}"}, "conflicting_keys", 11),
        ({"more": "valuation: {real_rate: 1%, expected_market_return: 8%, beta: 1, equity_share: 50%}"},
         "missing_key", 11),
        ({"orders": "orders: {file: nowhere.csv}"}, "missing_file", 5),
    ],
)  # fmt: skip
def test_a_mistake_in_the_file_has_its_line(
    problems: Problems, changes: dict[str, str], code: str, line: int
) -> None:
    assert (code, line) in [(each.code, each.line) for each in problems(**changes)]


def test_an_unknown_column_and_a_missing_one_are_listed_once(problems: Problems) -> None:
    text = "order,custommer,product,period,units,sales\n" + "o1,Aldmark,plain,2026,1,1\n" * 3
    found = problems({"t.csv": text}, orders="orders: {file: t.csv}")

    assert [("missing_column", "customer"), ("unknown_key", "custommer")] == [
        (each.code, each.value) for each in found
    ]
    assert ["customer"] == [each.nearest for each in found if each.nearest]


def test_a_rate_on_actual_quantity_needs_one(problems: Problems) -> None:
    processes = SOUND["main_processes"].replace("quantity: 2", "quantity: 0")
    found = problems(rates="process_rates: actual", main_processes=processes, consumption="")

    assert ["zero_quantity_with_cost"] == [each.code for each in found]


def test_all_mistakes_come_at_once(problems: Problems) -> None:
    table = {"t.csv": ORDERS + "o1,Aldmark,plain,2026,-1,x\no2,Nobody,plain,2026,1,1\n"}
    found = problems(
        table, orders="orders: {file: t.csv}", costs=SOUND["costs"].replace("level: customer, ", "")
    )

    assert [("ledger.yaml", 6), ("t.csv", 2), ("t.csv", 2), ("t.csv", 3)] == [
        (each.file, each.line) for each in found
    ]


def test_orders_have_one_customer_and_one_period(problems: Problems) -> None:
    text = ORDERS + "o1,Aldmark,plain,2026,1,1\no1,Brenngau,special,2027,1,1\n"
    found = problems({"t.csv": text}, orders="orders: {file: t.csv}")

    assert [("inconsistent", 3, 2), ("inconsistent", 3, 4)] == [
        (each.code, each.line, each.column) for each in found
    ]


@pytest.mark.parametrize("text", ["", "- 1\n", "ledger: [1\n"])
def test_what_is_no_ledger_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "ledger.yaml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ScenarioError):
        load_ledger(path)
    with pytest.raises(ScenarioError, match="missing file"):
        load_ledger(tmp_path / "other.yaml")
