# ruff: noqa: E501 (a part of the scenario is one line)
"""A scenario that builds on the ledger of a past period: its files, its names, and what does not fit."""

import json
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from crcsim.errors import ScenarioError
from crcsim.scenario import Scenario, difference, expand_sweep, load_scenario
from crcsim.scenario.ledger import load_ledger

Write = Callable[..., Path]

LEDGER = {
    "ledger": "ledger: 1",  # line 1
    "currency": "currency: EUR",
    "periods": "periods: [{name: 2024, years: 0}, {name: 2025, years: 1}]",
    "customers": "customers: [{name: Nordwerk}, {name: Fjordline}]",
    "orders": "orders: {file: orders.csv}",  # line 5
    "main": "main_processes: [{name: order handling, level: order, driver: orders, quantity: 2}]",
}
ORDERS = "order,customer,product,period,units,sales\no1,Nordwerk,coatings,2025,10,1000\n"
LINK = "ledger: {file: ledger.yaml, period: 2025}"  # line 12 of the scenario


def write_ledger(folder: str = ".", orders: str = ORDERS, **changes: str) -> None:
    """Write the ledger, with lines replaced, and its orders to a folder."""
    Path(folder).mkdir(exist_ok=True)
    text = "".join(f"{line}\n" for line in {**LEDGER, **changes}.values())
    (Path(folder) / "ledger.yaml").write_text(text, encoding="utf-8")
    (Path(folder) / "orders.csv").write_text(orders, encoding="utf-8")


def texts(action: Callable[[], object]) -> list[str]:
    """What an action complains about."""
    with pytest.raises(ScenarioError) as raised:
        action()
    return [problem.text() for problem in raised.value.problems]


def test_a_scenario_holds_its_ledger_and_its_files(write: Write) -> None:
    write_ledger()

    scenario = load_scenario(write(end="ledger: {file: ledger.yaml, period: 2025, length: 6 months}"))

    assert scenario.ledger is not None
    assert ("2025", 0.5) == (scenario.ledger.period, scenario.ledger.length)
    assert load_ledger("ledger.yaml") == scenario.ledger.document
    assert ["case.yaml", "ledger.yaml", "orders.csv"] == [file.path for file in scenario.files]
    assert ORDERS.encode() == scenario.files[2].content
    assert () == scenario.warnings


def test_a_period_is_a_year_unless_stated(write: Write) -> None:
    write_ledger()

    assert {"file": "ledger.yaml", "period": "2025", "length": 1.0} == load_scenario(
        write(end=LINK)
    ).resolved()["ledger"]


def test_a_customer_may_use_the_processes_of_the_ledger(write: Write) -> None:
    write_ledger()
    row = (
        "  Nordwerk: {beta: 1, lines: {coatings: {sales: 1 M EUR per year, share: 9%}},"
        " processes: {order handling: {fixed: 9}, visits: {fixed: 3}}}"
    )
    own = "processes: {visits: {level: customer, cost_rate: 400, line: indirect_personnel}}"

    scenario = load_scenario(write(Nordwerk=row, own=own, end=LINK))

    assert ["order handling", "visits"] == [use.process for use in scenario.customers[1].processes]
    assert ["visits"] == list(scenario.processes)
    wrong = row.replace("order handling", "order handing")
    assert texts(lambda: load_scenario(write(Nordwerk=wrong, own=own, end=LINK))) == [
        "case.yaml:10:92: customers.Nordwerk.processes.order handing: unknown process: order handing\n"
        "    did you mean: order handling"
    ]


def test_the_resolved_document_reads_back_as_the_same_scenario(write: Write) -> None:
    write_ledger("books")
    scenario = load_scenario(write(end="ledger: {file: ./books/ledger.yaml, period: 2025}"))
    Path("resolved.yaml").write_text(json.dumps(scenario.resolved(), allow_nan=False), encoding="utf-8")

    again = load_scenario("resolved.yaml")

    assert "./books/ledger.yaml" == again.resolved()["ledger"]["file"]  # type: ignore[index,call-overload]
    assert scenario == again
    assert scenario.resolved() == again.resolved()


def test_the_ledger_of_a_base_is_found_beside_the_base(write: Write, tmp_path: Path) -> None:
    write_ledger("base")
    write("base/base.yaml", end=LINK)
    Path("over.yaml").write_text(
        "extends: base/base.yaml\nledger: {period: 2024, length: 1 quarter}\n", encoding="utf-8"
    )

    scenario = load_scenario(tmp_path / "over.yaml")

    assert scenario.ledger is not None
    assert ("2024", 0.25) == (scenario.ledger.period, scenario.ledger.length)
    assert ["over.yaml", "base/base.yaml", "base/ledger.yaml", "base/orders.csv"] == [
        file.path for file in scenario.files
    ]
    Path("resolved.yaml").write_text(json.dumps(scenario.resolved()), encoding="utf-8")
    assert scenario.resolved() == load_scenario("resolved.yaml").resolved()


def test_replace_and_sweep_need_no_ledger_again(write: Write) -> None:
    write_ledger()
    scenario = load_scenario(write(end=LINK))
    for file in ("ledger.yaml", "orders.csv"):
        Path(file).unlink()

    changed = scenario.replace("ledger.period", 2024)

    assert difference(scenario, changed) == [("ledger.period", "2025", "2024")]
    assert changed.ledger is not None
    assert scenario.ledger is not None
    assert changed.ledger.document == scenario.ledger.document
    assert changed.files == scenario.files

    write_ledger()
    grid = expand_sweep(write(end=f"{LINK}\nsweep: {{ledger.period: [2024, 2025]}}"))
    assert ["2024", "2025"] == [each.ledger.period for _, each in grid if each.ledger is not None]


def test_a_scenario_with_a_ledger_survives_another_process(write: Write) -> None:
    write_ledger()
    scenario = load_scenario(write(end=LINK))

    again: Scenario = pickle.loads(pickle.dumps(scenario))

    assert scenario == again
    assert again.ledger == again.replace("simulation.seed", 7).ledger


def test_customers_that_the_scenario_lacks_are_a_warning(write: Write) -> None:
    write_ledger(customers="customers: [{name: Nordwerk}, {name: Aldmark}, {name: Brenngau}]")

    scenario = load_scenario(write(end=LINK))

    assert scenario.warnings == (
        "case.yaml:12:16: ledger.file: the scenario does not have these customers of the ledger: Aldmark, Brenngau",
    )


def test_warnings_of_the_ledger_are_kept_after_a_change_too(write: Write) -> None:
    write_ledger(orders=ORDERS.replace("1000", "1000.005"))

    scenario = load_scenario(write(end=LINK))

    assert scenario.warnings == ("orders.csv:2:6: orders.0.sales: 1000.005 is rounded to the cent: 1000.00",)
    assert scenario.warnings == scenario.replace("capital.beta", 1).warnings


def test_mistakes_of_a_link_are_problems(write: Write) -> None:
    write_ledger()

    assert texts(lambda: load_scenario(write(end="ledger: {file: ledgers.yaml, period: 2025}"))) == [
        "case.yaml:12:16: ledger.file: missing file: ledgers.yaml\n    did you mean: ledger.yaml"
    ]
    assert texts(lambda: load_scenario(write(end="ledger: {file: ., period: 2025}"))) == [
        "case.yaml:12:16: ledger.file: unreadable file: .\n    hint: Is a directory"
    ]
    assert texts(lambda: load_scenario(write(end="ledger: {file: ledger.yaml, period: 2052}"))) == [
        "case.yaml:12:37: ledger.period: unknown period: 2052\n    did you mean: 2025"
    ]
    assert texts(lambda: load_scenario(write(end="ledger: {file: ledger.yaml, period: Q1}"))) == [
        "case.yaml:12:37: ledger.period: unknown period: Q1\n    hint: periods of the ledger: 2024, 2025"
    ]
    assert texts(lambda: load_scenario(write(end="ledger: {file: ledger.yaml, length: 0, perod: 2025}"))) == [
        "case.yaml:12:9: ledger.period: missing key\n"
        "    hint: state period: The period of the ledger that the scenario starts from.",
        "case.yaml:12:37: ledger.length: out of range: 0\n    allowed: above 0 years",
        "case.yaml:12:40: ledger.perod: unknown key: perod\n    did you mean: period",
    ]


def test_mistakes_in_the_ledger_are_problems_of_the_scenario(write: Write) -> None:
    write_ledger(orders=ORDERS.replace(",10,", ",ten,"))

    assert texts(lambda: load_scenario(write(end=LINK, capital="capital: {bta: 1.1}"))) == [
        "case.yaml:5:11: capital.bta: unknown key: bta\n    did you mean: beta",
        "orders.csv:2:5: orders.0.units: not a number: ten\n"
        "    hint: row 2, column 'units': write for example 0.5",
    ]


def test_one_currency_for_both(write: Write) -> None:
    write_ledger(currency="currency: USD")

    assert texts(lambda: load_scenario(write(end=LINK))) == [
        "case.yaml:12:16: ledger.file: wrong currency: USD\n"
        "    allowed: EUR\n"
        "    hint: ledger.yaml is in USD, the scenario in EUR; convert one of them"
    ]
