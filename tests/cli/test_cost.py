"""`crcsim cost`: the statements of a ledger."""

import re

import pytest


@pytest.fixture
def ledger(repository):
    return repository / "scenarios" / "costing-example" / "ledger.yaml"


def test_statements_are_printed(crcsim, ledger):
    outcome = crcsim("cost", ledger)

    assert (0, "") == (outcome.code, outcome.err)
    assert re.search(
        r"^=  customer cash flow +-4,490\.40 +27,839\.60 +73,369\.60 +96,718\.80$", outcome.out, re.M
    )


def test_every_table_of_the_documentation_is_printed(crcsim, ledger, repository):
    page = (repository / "docs" / "costing.md").read_text("utf-8")
    shown = crcsim("cost", ledger).out
    tables = re.findall(r"```text\n(.+?)```", page, re.S)

    assert len(tables) >= 12
    assert [] == [table for table in tables if table not in shown]


def test_one_customer_may_be_shown(crcsim, ledger):
    outcome = crcsim("cost", ledger, "--customer", "Halvorsund")

    assert "Customer cash flow of Halvorsund by phase (EUR)" in outcome.out
    assert "Cost centres" not in outcome.out
    assert 2 == crcsim("cost", ledger, "--customer", "Nobody").code


def test_tables_as_json(crcsim, ledger):
    answer = crcsim("cost", ledger, "--json").json
    table = answer["tables"]["customer-cash-flow-by-period"]

    assert ["=", "customer cash flow", -4490.4, 27839.6, 73369.6, 96718.8] == table["rows"][-1]
    assert [] == answer["files"]


def test_files_are_written(crcsim, ledger, tmp_path):
    outcome = crcsim("cost", ledger, "-o", "out")

    assert "Page: out/costing.html" in outcome.out.replace("\\", "/")
    assert (tmp_path / "out" / "customer-cash-flow-by-period.csv").exists()


def test_mistakes_are_listed_and_nothing_is_printed(crcsim, ledger, tmp_path):
    for file in ledger.parent.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    table = tmp_path / "sub_processes.csv"
    table.write_text(table.read_text("utf-8").replace("deliveries,650", "deliveries,0"), encoding="utf-8")
    outcome = crcsim("cost", "ledger.yaml", "-o", "out")

    assert (2, "") == (outcome.code, outcome.out)
    assert "sub_processes.csv:2:9: zero quantity with cost" in outcome.err
    assert "row 2, column 'quantity'" in outcome.err
    assert not (tmp_path / "out").exists()


def test_a_growth_above_the_rate_is_a_numeric_error(crcsim, ledger, tmp_path):
    for file in ledger.parent.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    path = tmp_path / "ledger.yaml"
    path.write_text(path.read_text("utf-8").replace("growth: 1%", "growth: 9%"), encoding="utf-8")
    outcome = crcsim("cost", path)

    assert 3 == outcome.code
    assert "shareholder_value.residual.growth" in outcome.err


def test_warnings_go_to_the_error_stream(crcsim, ledger, tmp_path):
    for file in ledger.parent.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    path = tmp_path / "ledger.yaml"
    path.write_text(path.read_text("utf-8").replace("amount: 1000,", "amount: 1000.004,"), encoding="utf-8")

    assert "1000.004 is rounded to the cent: 1000.00" in crcsim("cost", path).err
