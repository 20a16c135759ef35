"""A linked ledger fills in the costs of a scenario: nothing is lost, and what the scenario states wins."""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crcsim import Scenario, load_scenario
from crcsim.compile.ledger_costs import with_ledger, with_ledger_period
from crcsim.costing.ledger import CostItem, Ledger
from crcsim.scenario.customers import Customer
from crcsim.scenario.ledger import load_ledger
from crcsim.scenario.ledger_link import LedgerLink
from crcsim.scenario.quantity import Quantity
from tests.costing.ledgers import CUSTOMERS, PRODUCTS, example, ledgers

Volumes = Mapping[tuple[str, str], float]

SCENARIO = """crcsim: 1
time: {valuation_date: 2026-01-01, years: 3, periods_per_year: 1}
money: {currency: EUR}
economy: {real_rate: 1%, expected_inflation: 2%, market: {expected_return: 8%, volatility: 15%}}
capital: {beta: 1}
products: {plain: {}, special: {}, standard: {}}
customer_defaults:
  beta: 1
  growth: 0%
  volatility: 10%
  churn: {hazard: 5%}
  phases: {build_up: {process_factor: {pert: {low: 1.1, mode: 1.5, high: 2.5}}}}
  lines: {plain: {wallet: 1 M EUR per year, share: 50%}, special: {wallet: 1 M EUR per year, share: 50%}}
customers: {Aldmark: {phase: build_up}, Brenngau: {}, Carlsfeld: {}}
"""


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    path = tmp_path_factory.mktemp("linked") / "scenario.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    return load_scenario(path)


def fixed(quantity: Quantity) -> float:
    assert isinstance(quantity.value, float)
    return quantity.value


def factor_now(customer: Customer) -> float:
    """Mean of the process factor in today's phase."""
    return (1.1 + 4 * 1.5 + 2.5) / 6 if customer.phase == "build_up" else 1.0


Sums = dict[tuple[str, float], list[float]]  # by line and notice: amount, and what of it is paid


def yearly_costs(scenario: Scenario, volumes: Volumes) -> Sums:
    """Costs of the first year at today's volumes, by what a path books."""
    sums: Sums = defaultdict(lambda: [0.0, 0.0])

    def add(line: str, notice: float, amount: float, cash_share: float) -> None:
        sums[line, notice][0] += amount
        sums[line, notice][1] += amount * cash_share

    for customer in scenario.customers:
        volume = sum(amount for (name, _), amount in volumes.items() if name == customer.name)
        for use in customer.processes:
            process = scenario.processes[use.process]
            used = use.fixed * factor_now(customer) + use.per_volume * volume
            cost = fixed(process.cost_rate) * max(used, use.reserved)
            for part in process.parts:
                add(part.line, part.notice, cost * part.share, part.cash_share)
        for item in customer.costs:
            add(item.line, item.notice, fixed(item.amount), item.cash_share)
    for level in scenario.costs:
        add(level.line, level.notice, fixed(level.amount), level.cash_share)
    return sums


def ledger_costs(ledger: Ledger, period: str) -> Sums:
    """Costs of a period as stated, but for the variable ones of orders."""
    sums: Sums = defaultdict(lambda: [0.0, 0.0])
    items = [(item.line, item.notice, item.amount, item.cash_share)
             for item in ledger.costs if item.period == period]  # fmt: skip
    items += [(sub.line, sub.notice, sub.cost, sub.cash_share)
              for sub in ledger.sub_processes if sub.period == period]  # fmt: skip
    for line, notice, amount, cash_share in items:
        sums[line, notice][0] += float(amount)
        sums[line, notice][1] += float(amount * cash_share)
    return sums


sold = st.fixed_dictionaries(
    {
        (customer, product): st.one_of(st.just(0.0), st.floats(1.0, 1e9))
        for customer in CUSTOMERS
        for product in PRODUCTS
    }
)


@given(ledgers(), sold, st.sampled_from([0.25, 0.5, 1.0, 2.0]))
def test_todays_cost_is_that_of_the_ledger_to_the_cent(
    scenario: Scenario, ledger: Ledger, volumes: dict[tuple[str, str], float], length: float
) -> None:
    found = with_ledger_period(scenario, ledger, "first", length, volumes)
    booked, stated = yearly_costs(found, volumes), ledger_costs(ledger, "first")

    for key in {*booked, *stated}:
        for got, wanted in zip(booked[key], stated[key], strict=True):
            assert wanted == pytest.approx(got * length, abs=0.005, rel=1e-14)


@given(ledgers(), sold)
def test_customers_that_the_scenario_does_not_have_leave_their_costs_to_the_company(
    scenario: Scenario, ledger: Ledger, volumes: dict[tuple[str, str], float]
) -> None:
    fewer = replace(scenario, customers=scenario.customers[:1])
    found = with_ledger_period(fewer, ledger, "second", 1.0, volumes)
    booked, stated = yearly_costs(found, volumes), ledger_costs(ledger, "second")

    assert sum(amount for amount, _ in stated.values()) == pytest.approx(
        sum(amount for amount, _ in booked.values()), abs=0.005, rel=1e-14
    )


@given(ledgers(), sold)
def test_names_are_unique_and_every_use_has_its_process(
    scenario: Scenario, ledger: Ledger, volumes: dict[tuple[str, str], float]
) -> None:
    found = with_ledger_period(scenario, ledger, "first", 1.0, volumes)

    assert len(found.costs) == len({cost.name for cost in found.costs})
    assert all(1.0 == pytest.approx(sum(p.share for p in each.parts)) for each in found.processes.values())
    for customer in found.customers:
        assert sorted({cost.name for cost in customer.costs}) == [cost.name for cost in customer.costs]
        assert sorted({use.process for use in customer.processes}) == [u.process for u in customer.processes]
        assert {use.process for use in customer.processes} <= set(found.processes)


# The worked example: Halvorsund in 2026

VOLUMES = {("Halvorsund", "standard"): 50_000.0, ("Halvorsund", "special"): 10_000.0}


@pytest.fixture
def halvorsund(scenario: Scenario) -> Scenario:
    plain = replace(scenario.customers[1], name="Halvorsund", segment="industry")
    return replace(scenario, customers=(plain,))


@pytest.fixture
def filled(halvorsund: Scenario, repository: Path) -> Scenario:
    return with_ledger_period(halvorsund, example(repository), "2026", 1.0, VOLUMES)


def test_main_processes_keep_their_rate_and_its_parts(filled: Scenario) -> None:
    storage = filled.processes["material purchase and storage"]
    shares = {(part.line, part.cash_share, part.notice): part.share for part in storage.parts}

    assert ("product", 11.70) == (storage.level, fixed(storage.cost_rate))
    assert pytest.approx(
        {
            ("indirect_personnel", 1.0, 0.25): 5.00 / 11.70,
            ("indirect_material", 0.75, 0.0): 4.36 / 11.70,
            ("indirect_administration", 1.0, math.inf): 2.34 / 11.70,
        }
    ) == shares  # fmt: skip


def test_consumption_becomes_use_of_processes(filled: Scenario) -> None:
    uses = {use.process: use for use in filled.customers[0].processes}
    care, orders = uses["customer care"], uses["order handling"]
    storage = uses["material purchase and storage"]

    assert (24.0, 0.0, 0.0) == (care.fixed, care.per_volume, care.reserved)  # nothing is kept ready for it
    assert (0.0, 2 / 60_000, 8.0) == (orders.fixed, orders.per_volume, orders.reserved)
    assert (0.0, 150 / 60_000, 640.0) == (storage.fixed, storage.per_volume, storage.reserved)


def test_cost_items_find_their_customer_or_their_level(filled: Scenario) -> None:
    costs = {cost.name: cost for cost in filled.customers[0].costs}
    freight, manager, tools = (costs[name] for name in ("special freight", "key-account manager", "tools"))
    levels = {cost.name: cost for cost in filled.costs}

    assert ("volume", "order", 300.0) == (freight.follows, freight.level, fixed(freight.amount))
    assert ("nothing", "customer", 0.5) == (manager.follows, manager.level, manager.notice)
    assert ("depreciation", 0.0, math.inf) == (tools.line, tools.cash_share, tools.notice)
    assert ("segment", "industry") == (levels["industry campaign"].level, levels["industry campaign"].segment)
    assert ("company", "product_advertising") == (levels["brochure"].level, levels["brochure"].line)
    assert 0.9 == levels["management"].cash_share


def test_idle_capacity_stays_with_the_company_by_line(filled: Scenario) -> None:
    idle = {c.name: fixed(c.amount) for c in filled.costs if "idle" in c.name and "storage" in c.name}

    assert (
        pytest.approx(
            {
                "material purchase and storage (idle, caused by none), indirect material": 43.60,
                "material purchase and storage (idle, caused by none), indirect personnel": 50.00,
                "material purchase and storage (idle, caused by none), indirect administration": 23.40,
            }
        )
        == idle
    )


def test_fixed_use_is_that_of_todays_phase(halvorsund: Scenario, repository: Path) -> None:
    built_up = replace(halvorsund, customers=(replace(halvorsund.customers[0], phase="build_up"),))
    (customer,) = with_ledger_period(built_up, example(repository), "2026", 1.0, VOLUMES).customers
    care = next(use for use in customer.processes if use.process == "customer care")

    assert pytest.approx(24 / 1.6) == care.fixed


def test_what_the_scenario_states_under_the_same_name_wins(
    halvorsund: Scenario, filled: Scenario, repository: Path
) -> None:
    (customer,) = filled.customers
    manager = replace(next(c for c in customer.costs if c.name == "key-account manager"), notice=2.0)
    care = replace(customer.processes[0], fixed=5.0)
    dearer = replace(filled.processes["order handling"], cost_rate=Quantity(1000.0, "stated"))
    management = replace(next(c for c in filled.costs if c.name == "management"), cash_share=0.25)
    stated = replace(
        halvorsund,
        processes={"order handling": dearer},
        customers=(replace(halvorsund.customers[0], costs=(manager,), processes=(care,)),),
        costs=(management,),
    )
    found = with_ledger_period(stated, example(repository), "2026", 1.0, VOLUMES)

    assert [2.0] == [c.notice for c in found.customers[0].costs if c.name == "key-account manager"]
    assert [5.0] == [u.fixed for u in found.customers[0].processes if u.process == "customer care"]
    assert dearer == found.processes["order handling"]
    assert [0.25] == [cost.cash_share for cost in found.costs if cost.name == "management"]
    assert len(filled.costs) == len(found.costs)


def audit(name: str, customer: str, amount: int, notice: float = 0.0) -> CostItem:
    at = ("2026", "customer", "indirect_administration", Decimal(amount), Decimal(1), notice)
    return CostItem(name, *at, object=customer)


def test_indirect_items_of_customers_become_processes_that_count_currency(
    scenario: Scenario,
) -> None:
    items = (
        audit("audit", "Aldmark", 700),
        audit("audit", "Brenngau", 300),
        audit("audit", "Carlsfeld", 9, 1.0),
    )
    ledger = Ledger("items", "EUR", ("2026",), costs=items)
    found = with_ledger_period(scenario, ledger, "2026", 1.0, {})
    uses = {customer.name: customer.processes[0] for customer in found.customers}

    assert {"audit": 1.0, "audit (2)": 1.0} == {n: fixed(p.cost_rate) for n, p in found.processes.items()}
    assert "audit" == uses["Aldmark"].process
    assert pytest.approx(700 / 1.6) == uses["Aldmark"].fixed
    assert ("audit", 300.0) == (uses["Brenngau"].process, uses["Brenngau"].fixed)
    assert ("audit (2)", 9.0) == (uses["Carlsfeld"].process, uses["Carlsfeld"].fixed)

    stated = replace(
        scenario, processes={"audit": replace(found.processes["audit"], cost_rate=Quantity(50.0, "s"))}
    )
    assert () == with_ledger_period(stated, ledger, "2026", 1.0, {}).customers[0].processes


def test_a_link_names_the_period(halvorsund: Scenario, filled: Scenario, repository: Path) -> None:
    document = load_ledger(repository / "scenarios" / "costing-example" / "ledger.yaml")
    linked = replace(halvorsund, ledger=LedgerLink(document, "2026", 0.5))
    (customer,) = with_ledger(linked, VOLUMES).customers

    assert halvorsund is with_ledger(halvorsund, VOLUMES)
    assert 2 * 9000.0 == next(fixed(c.amount) for c in customer.costs if c.name == "key-account manager")
    assert filled.processes == with_ledger(linked, VOLUMES).processes
