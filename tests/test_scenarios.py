"""Every scenario of the repository is valid, runs, and says its question and where its numbers come from."""

import dataclasses
import importlib.util
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from crcsim import Scenario, load_scenario, simulate
from crcsim.compile.ledger import compiled_ledger
from crcsim.compile.ledger_costs import with_ledger
from crcsim.costing.journal import journal
from crcsim.costing.ledger import Ledger
from crcsim.costing.statements import company_result, customer_contribution
from crcsim.report.costing import costing_tables
from crcsim.scenario.ledger import load_ledger
from crcsim.scenario.quantity import Distribution, Quantity
from tests.compile.yearly_costs import ledger_costs, yearly_costs

REPOSITORY = Path(__file__).parents[1]
LEDGERS = sorted((REPOSITORY / "scenarios").rglob("ledger.yaml"))
SCENARIOS = sorted({*(REPOSITORY / "scenarios").rglob("*.yaml")} - {*LEDGERS})
COATINGS = REPOSITORY / "scenarios" / "coatings" / "coatings.yaml"
CRASH = COATINGS.with_name("crash.yaml")


def quantities(part: object) -> Iterator[Quantity]:
    """Yield every quantity of a scenario or of a part of it."""
    if isinstance(part, Quantity):
        yield part
    elif dataclasses.is_dataclass(part):
        for field in dataclasses.fields(part):
            yield from quantities(getattr(part, field.name))
    elif isinstance(part, Mapping):
        for value in part.values():
            yield from quantities(value)
    elif isinstance(part, tuple):
        for value in part:
            yield from quantities(value)


def central(quantity: Quantity | None) -> float:
    """Return a fixed value, or the stated mean."""
    assert quantity is not None
    value = quantity.value
    return value.parameters["mean"] if isinstance(value, Distribution) else value


@pytest.fixture(scope="module")
def coatings() -> Scenario:
    return load_scenario(COATINGS)


@pytest.fixture(scope="module")
def ledger(coatings: Scenario) -> Ledger:
    assert coatings.ledger is not None
    return compiled_ledger(coatings.ledger.document)


@pytest.fixture(scope="module")
def market_tool() -> ModuleType:
    path = REPOSITORY / "tools" / "estimate_market.py"
    spec = importlib.util.spec_from_file_location("estimate_market", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["estimate_market"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("path", [*SCENARIOS, *LEDGERS], ids=lambda path: path.parent.name + path.stem)
def test_first_line_is_the_question(path: Path) -> None:
    first = path.read_text("utf-8").splitlines()[0]

    assert re.fullmatch(r"# Question: .+\?", first)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_scenario_is_valid_without_a_warning(path: Path) -> None:
    assert () == load_scenario(path).warnings


@pytest.mark.jit
@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_scenario_runs(path: Path) -> None:
    result = simulate(load_scenario(path), paths=64, threads=1)

    assert np.isfinite(result["npv"]).all()
    assert np.isfinite(result["level_npv"]).all()


@pytest.mark.parametrize("path", LEDGERS, ids=lambda path: path.parent.name)
def test_ledger_is_costed_without_a_warning(path: Path) -> None:
    document = load_ledger(path)

    assert () == document.warnings
    assert costing_tables(document).portfolio


def test_minimal_scenario_fits_on_a_page() -> None:
    lines = (REPOSITORY / "scenarios" / "minimal.yaml").read_text("utf-8").splitlines()

    assert len(lines) <= 24


def test_crcsim_new_writes_the_minimal_scenario() -> None:
    written = resources.files("crcsim.cli").joinpath("minimal.yaml").read_bytes()

    assert (REPOSITORY / "scenarios" / "minimal.yaml").read_bytes() == written


@pytest.mark.parametrize("path", [COATINGS, CRASH], ids=lambda path: path.stem)
def test_every_stated_parameter_says_where_it_comes_from(path: Path) -> None:
    stated = {q.place: q.source for q in quantities(load_scenario(path)) if q.position is not None}
    unsaid = [
        place
        for place, source in stated.items()
        if not re.match(r"(data|benchmark|judgement): \S", source or "")
    ]

    assert len(stated) > 300
    assert [] == unsaid


def test_coatings_has_the_size_of_a_real_supplier(coatings: Scenario) -> None:
    active = [customer for customer in coatings.customers if customer.phase != "prospect"]
    lines = [line for customer in active for line in customer.lines]
    sales = sum(central(line.wallet) * central(line.share.now) for line in lines)

    assert 24 == len(coatings.customers)
    assert 200e6 < sales < 300e6


def test_coatings_shows_the_cases_that_matter(coatings: Scenario) -> None:
    by_name = {customer.name: customer for customer in coatings.customers}

    assert {"automotive", "construction", "machinery", "marine"} == set(coatings.economy.industries)
    assert {"coatings", "equipment", "service"} == set(coatings.products)
    assert {"global", "project", "regional"} == {customer.segment for customer in coatings.customers}
    assert {"prospect", "build_up", "growth", "maturity", "decline"} == {c.phase for c in coatings.customers}
    assert by_name["Quintauro"].acquisition is not None
    assert [("Gerustal", "Betolund")] == [(merger.target, merger.buyer) for merger in coatings.mergers]
    assert {"company", "segment"} == {cost.level for cost in coatings.costs}


@pytest.mark.jit
def test_elbtief_loses_money_and_the_other_active_accounts_do_not(coatings: Scenario) -> None:
    result = simulate(coatings, paths=2_000, threads=1)
    first_year = result["customer_cash_flow_mean"].sel(strategy="baseline", period=slice(1, 4)).sum("period")
    losing = first_year["customer"].values[first_year.values < 0]

    assert {"Elbtief", "Quintauro"} == set(losing)  # the second is a prospect: money is spent on winning it


def volumes(scenario: Scenario) -> dict[tuple[str, str], float]:
    """Volume of today at base prices by customer and product."""
    return {
        (customer.name, line.product): central(line.wallet) * central(line.share.now)
        for customer in scenario.customers
        for line in customer.lines
    }


def test_ledger_of_coatings_sells_what_the_accounts_buy(coatings: Scenario, ledger: Ledger) -> None:
    sold = {(line.customer, line.product): float(line.sales) for line in ledger.orders}
    bought = volumes(coatings)

    assert {name for name, _ in bought} - {name for name, _ in sold} == {"Quintauro"}
    for (customer, product), sales in sold.items():
        price = 1 + central(coatings.products[product].premium)
        assert bought[customer, product] * price == pytest.approx(sales, abs=1.0)


def test_nothing_of_the_ledger_of_coatings_is_lost(coatings: Scenario, ledger: Ledger) -> None:
    silent = [dataclasses.replace(each, costs=(), processes=()) for each in coatings.customers]
    filled = with_ledger(dataclasses.replace(coatings, customers=tuple(silent), costs=()), volumes(coatings))
    booked, stated = yearly_costs(filled, volumes(coatings)), ledger_costs(ledger, "2025")

    for key in {*booked, *stated}:
        np.testing.assert_allclose(booked[key], stated[key], atol=0.005)


def test_costs_of_coatings_are_of_a_plausible_size(ledger: Ledger) -> None:
    bookings = journal(ledger)
    names = ledger.customers
    by_customer = customer_contribution(bookings, names, lambda booking: booking.customer)
    sales = float(by_customer.total["sales"])
    levels = sum(
        item.amount
        for item in ledger.costs
        if item.level in ("segment", "company") or (item.level == "product" and item.customer is None)
    )
    indirect = float(levels + sum(sub.cost for sub in ledger.sub_processes))

    assert 0.08 < indirect / sales < 0.14
    assert company_result(bookings, ledger.periods).total["result"] > 0.1 * sales
    losing = {name for name in names if by_customer.column(name)["customer_contribution_2"] < 0}
    assert {"Elbtief", "Pellerid"} == losing  # the second is being built up


def test_market_figures_are_those_of_the_tool(coatings: Scenario, market_tool: ModuleType) -> None:
    figures = {estimate.name: estimate.value for estimate in market_tool.estimates()}
    crash = load_scenario(CRASH).economy.market
    jumps = crash.jumps
    assert jumps is not None
    industries = {name: central(part.volatility) for name, part in coatings.economy.industries.items()}
    narrow, broad = round(figures["basket_volatility"] / 2, 3), round(figures["composite_volatility"] / 2, 3)

    assert round(figures["market_volatility"], 3) == central(coatings.economy.market.volatility)
    assert {"automotive": narrow, "marine": narrow, "construction": broad, "machinery": broad} == industries
    assert round(figures["composite_beta"], 2) == central(coatings.capital.beta)
    assert round(figures["calm_volatility"], 3) == central(crash.volatility)
    assert round(figures["crash_rate"], 2) == central(jumps.rate)
    assert round(figures["crash_log_mean"], 3) == central(jumps.log_mean)
    assert round(figures["crash_log_sd"], 3) == central(jumps.log_sd)


def test_account_betas_are_half_of_those_of_the_tool(coatings: Scenario, market_tool: ModuleType) -> None:
    figures = {estimate.name: estimate.value for estimate in market_tool.estimates()}
    narrow, broad = round(figures["basket_beta"] / 2, 2), round(figures["composite_beta"] / 2, 2)
    expected = {
        customer.name: narrow if {"automotive", "marine"} & set(customer.industry) else broad
        for customer in coatings.customers
    }

    assert expected == {customer.name: central(customer.beta) for customer in coatings.customers}


def test_sources_cite_figures_as_the_tool_prints_them() -> None:
    done = subprocess.run(
        [sys.executable, "tools/estimate_market.py"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    rows = [line.split()[:3] for line in done.stdout.splitlines()[1:]]
    printed = {name: (value, error) for name, value, error in rows}
    text = COATINGS.read_text("utf-8") + CRASH.read_text("utf-8")
    cited = set(re.findall(r"(\w+_\w+) (-?[\d.]+%?) \(s\.e\. ([\d.]+%?)\)", text))

    assert len(cited) >= 8
    assert {(name, *printed[name]) for name, _, _ in cited} == cited
