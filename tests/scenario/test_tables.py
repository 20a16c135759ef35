# ruff: noqa: E501 (a part of the scenario is one line)
"""Tables of accounts: CSV, Parquet and XLSX, one row per account, mistakes with row and column."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from crcsim.errors import ScenarioError
from crcsim.scenario import Scenario, load_scenario

Write = Callable[..., Path]

COLUMNS = "columns: {name: account, beta: beta, growth: cagr, lines.coatings.wallet: wallet, lines.coatings.share.now: share}"
NO_ROWS = {"customers": "", "Nordwerk": "", "Fjordline": ""}
HEADER = "account,beta,cagr,wallet,share\n"


def load_table(write: Write, text: str, table: str = COLUMNS, **changes: str) -> Scenario:
    """A scenario whose customers stand in a table only."""
    Path("accounts.csv").write_text(text, encoding="utf-8")
    return load_scenario(
        write(tables=f"customer_tables: [{{file: accounts.csv, {table}}}]", **{**NO_ROWS, **changes})
    )


def messages(write: Write, text: str, table: str = COLUMNS, **changes: str) -> str:
    """What is said about a table."""
    with pytest.raises(ScenarioError) as raised:
        load_table(write, text, table, **changes)
    return "\n".join(problem.text() for problem in raised.value.problems)


def test_a_row_is_a_customer(write: Write) -> None:
    scenario = load_table(
        write, HEADER + "Aldmark,0.9,3%,1.5 M EUR per year,20%\nBrenngau,1.2,,2000000,0.3\n"
    )

    assert ["Aldmark", "Brenngau"] == [customer.name for customer in scenario.customers]
    first, second = scenario.customers
    assert (0.9, 0.03, "customers.Aldmark.growth") == (
        first.beta.value,
        first.growth.value,
        first.growth.place,
    )
    assert second.growth.place == "customer_defaults.growth"
    assert second.lines[0].wallet is not None
    assert (2_000_000.0, 0.3) == (second.lines[0].wallet.value, second.lines[0].share.now.value)


def test_without_columns_the_headers_are_the_keys(write: Write) -> None:
    text = "name,beta,lines.coatings.wallet,lines.coatings.share\nAldmark,0.9,1500000,20%\n"

    scenario = load_table(write, text, "source: ledger")

    assert scenario.customers[0].lines[0].share.kind == "fixed"
    assert scenario.customers[0].beta.source == "ledger"


def test_semicolons_quotes_and_a_byte_order_mark_are_fine(write: Write) -> None:
    text = '\ufeffaccount;beta;cagr;wallet;share\n"Aldmark; Sons";0.9;3%;1500000;20%\n\n'

    assert ["Aldmark; Sons"] == [customer.name for customer in load_table(write, text).customers]


def test_evidence_holds_for_the_columns_below_its_key(write: Write) -> None:
    table = COLUMNS + ", source: ledger, sources: {lines: survey, lines.coatings.share: audit}"

    customer = load_table(write, HEADER + "Aldmark,0.9,3%,1500000,20%\n", table).customers[0]

    assert customer.lines[0].wallet is not None
    assert ("ledger", "survey", "audit") == (
        customer.beta.source,
        customer.lines[0].wallet.source,
        customer.lines[0].share.now.source,
    )


def test_text_where_a_number_belongs_is_found_by_row_and_column(write: Write) -> None:
    text = HEADER + "Aldmark,0.9,3%,1500000,20%\nBrenngau,high,3%,1500000,120%\n"

    assert messages(write, text) == (
        "accounts.csv:3:2: customers.Brenngau.beta: not a number: high\n"
        "    hint: row 3, column 'beta': write for example 0.5\n"
        "accounts.csv:3:5: customers.Brenngau.lines.coatings.share.now: out of range: 120%\n"
        "    allowed: above 0% and below 100%\n"
        "    hint: row 3, column 'share'"
    )


def test_what_a_row_leaves_out_is_found_at_the_row(write: Write) -> None:
    assert messages(write, HEADER + "Aldmark,,3%,1500000,20%\n") == (
        "accounts.csv:2:1: customers.Aldmark.beta: missing key\n"
        "    hint: row 2, column 'account': state beta: Loading of the customer's business on the market."
    )


def test_an_unknown_column_is_said_once_and_hides_what_follows_from_it(write: Write) -> None:
    table = COLUMNS.replace("growth: cagr", "growth: cgr")
    found = messages(
        write,
        HEADER + "Aldmark,0.9,3%,1500000,20%\n",
        table,
        mergers="mergers: [{target: Aldmark, buyer: Aldmark2, hazard: 1%}]",
    )

    assert found == (
        "case.yaml:9:85: customer_tables.0.columns.growth: unknown column: cgr\n    did you mean: cagr"
    )


def test_a_column_that_is_no_key_of_a_customer_is_said_once(write: Write) -> None:
    table = COLUMNS.replace("growth: cagr", "grwth: cagr")
    rows = "".join(f"Account {number},0.9,3%,1500000,20%\n" for number in range(5))

    assert messages(write, HEADER + rows, table) == (
        "case.yaml:9:77: customer_tables.0.columns.grwth: unknown key: grwth\n    did you mean: growth"
    )


def test_a_column_without_a_mapping_must_be_a_key(write: Write) -> None:
    assert messages(write, "name,beta,region\nAldmark,0.9,EU\n", "sources: {beta: survey}") == (
        "accounts.csv:1:3: unknown key: region\n"
        "    hint: map a key of a customer, such as growth or lines.coatings.wallet"
    )


@pytest.mark.parametrize(
    ("text", "table", "expected"),
    [
        (HEADER + "A,1,1%,1,1%\nA,1,1%,1,1%\n", COLUMNS, "accounts.csv:3:1: customers.A: duplicate customer: A\n    hint: row 3, column 'account': first stated in row 2"),
        (HEADER + ",1,1%,1,1%\n", COLUMNS, "accounts.csv:2:1: customers: nothing stated\n    allowed: the name of the account\n    hint: row 2, column 'account'"),
        (HEADER + "A,1,1%,1,1%,7\n", COLUMNS, "accounts.csv:2:6: too many cells: 6\n    allowed: 5 cells, as in the header"),
        ("account,beta,beta\nA,1,1\n", "columns: {name: account, beta: beta}", "accounts.csv:1:3: duplicate column: beta"),
        ("", COLUMNS, "case.yaml:9:26: customer_tables.0.file: empty table: accounts.csv\n    allowed: a header and rows"),
        (HEADER, "columns: {beta: beta}", "case.yaml:9:49: customer_tables.0.columns.name: missing key\n    hint: map `name` to the column with the account's name"),
        (HEADER + 'A,"1\n', COLUMNS, "case.yaml:9:26: customer_tables.0.file: unreadable table: accounts.csv\n    hint: unexpected end of data"),
        (HEADER, COLUMNS + ", sources: {bta: x}", "case.yaml:9:166: customer_tables.0.sources.bta: unknown key: bta\n    did you mean: beta"),
    ],
)  # fmt: skip
def test_a_broken_table_is_one_problem(write: Write, text: str, table: str, expected: str) -> None:
    found = messages(write, text, table)

    assert expected == found


def test_an_account_in_two_tables_is_a_problem(write: Write) -> None:
    Path("a.csv").write_text("name,beta\nAldmark,1\n", encoding="utf-8")
    Path("b.csv").write_text("name,beta\nAldmark,1\n", encoding="utf-8")

    with pytest.raises(ScenarioError) as raised:
        load_scenario(write(tables="customer_tables: [{file: a.csv}, {file: b.csv}]", **NO_ROWS))

    assert [problem.text() for problem in raised.value.problems] == [
        "b.csv:2:1: customers.Aldmark: duplicate customer: Aldmark\n"
        "    hint: row 2, column 'name': first stated at a.csv:2:1"
    ]


def test_tables_are_among_the_files_of_the_scenario(write: Write) -> None:
    text = HEADER + "Aldmark,0.9,3%,1500000,20%\n"

    files = load_table(write, text).files

    assert ["case.yaml", "accounts.csv"] == [file.path for file in files]
    assert text.encode() == files[1].content
    assert 64 == len(files[1].sha256)


ROWS = [["account", "beta", "share"], ["Aldmark", 0.9, 0.2], ["Brenngau", 1, None]]
MAPPED = "columns: {name: account, beta: beta, lines.coatings.share.now: share}"
WALLET = "customer_defaults: {growth: 3%, volatility: 15%, churn: {hazard: 5%}, lines: {coatings: {wallet: 1 M EUR per year, share: {now: 10%}}}}"


def write_parquet(path: Path) -> None:
    """The rows as a Parquet file."""
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    columns = list(zip(*ROWS[1:], strict=True))
    parquet.write_table(pyarrow.table(dict(zip(map(str, ROWS[0]), map(list, columns), strict=True))), path)


def write_xlsx(path: Path) -> None:
    """The rows as a workbook."""
    workbook = pytest.importorskip("openpyxl").Workbook()
    for row in ROWS:
        workbook.active.append(row)
    workbook.save(path)


@pytest.mark.parametrize(("file", "writer"), [("a.parquet", write_parquet), ("a.xlsx", write_xlsx)])
def test_other_formats_read_alike(write: Write, file: str, writer: Callable[[Path], None]) -> None:
    writer(Path(file))

    tables = f"customer_tables: [{{file: {file}, {MAPPED}}}]"
    scenario = load_scenario(write(tables=tables, **NO_ROWS, customer_defaults=WALLET))

    assert [0.9, 1.0] == [customer.beta.value for customer in scenario.customers]
    assert [0.2, 0.1] == [customer.lines[0].share.now.value for customer in scenario.customers]


@pytest.mark.parametrize("file", ["a.parquet", "a.xlsx"])
def test_a_broken_file_of_another_format_is_a_problem(write: Write, file: str) -> None:
    Path(file).write_bytes(b"nonsense")

    with pytest.raises(ScenarioError) as raised:
        load_scenario(write(tables=f"customer_tables: [{{file: {file}}}]", **NO_ROWS))

    assert ["unreadable_table"] == [problem.code for problem in raised.value.problems]


def test_a_missing_package_is_named_with_its_cure(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("a.xlsx").write_bytes(b"")
    monkeypatch.setitem(sys.modules, "openpyxl", None)

    with pytest.raises(ScenarioError) as raised:
        load_scenario(write(tables="customer_tables: [{file: a.xlsx}]", **NO_ROWS))

    assert (
        raised.value.problems[0].hint
        == "openpyxl is not installed; install it with: pip install 'crcsim[arrow]'"
    )


def test_an_unknown_sheet_names_the_known_ones(write: Write) -> None:
    write_xlsx(Path("a.xlsx"))

    with pytest.raises(ScenarioError) as raised:
        load_scenario(write(tables="customer_tables: [{file: a.xlsx, sheet: Accounts}]", **NO_ROWS))

    assert raised.value.problems[0].hint == "no sheet 'Accounts'; there are Sheet"


def test_three_hundred_accounts_load_in_a_moment(write: Write) -> None:
    rows = "".join(
        f"Account {number:03},1.{number % 10},3%,{number + 1} M EUR per year,20%\n" for number in range(300)
    )
    started = time.perf_counter()

    scenario = load_table(write, HEADER + rows)

    assert 300 == len(scenario.customers)
    assert time.perf_counter() - started < 5.0  # 0.2 s on an idle core
