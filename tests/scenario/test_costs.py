# ruff: noqa: E501 (a part of the scenario is one line)
"""What customers cost: processes, direct costs, investments, terms of payment; in layers, overlays and sweeps."""

import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from crcsim.errors import ScenarioError
from crcsim.scenario import Scenario, difference, expand_sweep, json_schema, load_scenario
from crcsim.scenario.costs import LevelCost
from crcsim.scenario.customer_costs import CustomerCost, Investment
from crcsim.scenario.customers import Customer
from crcsim.scenario.processes import Process, ProcessPart, ProcessUse
from crcsim.scenario.quantity import Quantity
from crcsim.scenario.shareholder import Shareholder

Write = Callable[..., Path]

PRODUCTS = "products: {coatings: {premium: 12%, order_value: 20 k EUR, direct_order_cost: 250 EUR, cash_share: 90%}, service: {}}"
PROCESSES = (
    "processes: {order handling: {level: order, cost_rate: 120 EUR, line: indirect_administration, cash_share: 95%, notice: 6 months},"
    " visits: {level: customer, cost_rate: 400, line: indirect_personnel},"
    " storage: {level: product, cost_rate: 11.70 EUR, parts: [{line: indirect_material, share: 60%},"
    " {line: indirect_administration, share: 40%, cash_share: 80%, notice: inf}]}}"
)
NORDWERK = (
    "  Nordwerk: {beta: 1.1, segment: north, lines: {coatings: {wallet: 12.5 M EUR per year, share: {now: 28%}, order_value: 5 k EUR}},"
    " processes: {order handling: {per_order: 1, reserved: 40 per year}, visits: {fixed: 12 per year}, storage: {per_volume: 3 per k EUR}},"
    " costs: {key account manager: {amount: 90 k EUR per year, line: other_direct, notice: 6 months, follows: phase},"
    " tools: {amount: 30 k EUR per year, line: depreciation, follows: volume, level: order}},"
    " investments: {tools: {amount: 120 k EUR, at: 18 months}, entry: {amount: 2000}},"
    " prepayment_received_days: 10, prepayment_made_days: 5 days}"
)
COSTS = {
    "products": PRODUCTS,
    "segments": PROCESSES + "\nsegments: {north: {}}",
    "Nordwerk": NORDWERK,
    "end": "shareholder_value: {securities: 5 M EUR, debt: 20 M EUR}",
}


def customer(scenario: Scenario, name: str = "Nordwerk") -> Customer:
    """One customer of a scenario."""
    return next(each for each in scenario.customers if each.name == name)


def use(scenario: Scenario, process: str, name: str = "Nordwerk") -> ProcessUse:
    """The use that a customer makes of a process."""
    return next(each for each in customer(scenario, name).processes if each.process == process)


def texts(action: Callable[[], object]) -> list[str]:
    """What an action complains about."""
    with pytest.raises(ScenarioError) as raised:
        action()
    return [problem.text() for problem in raised.value.problems]


def test_processes_have_canonical_units(write: Write) -> None:
    processes = load_scenario(write(**COSTS)).processes

    assert ["order handling", "storage", "visits"] == list(processes)
    assert processes["order handling"] == Process(
        "order handling",
        "order",
        Quantity(120.0, "processes.order handling.cost_rate"),
        (ProcessPart("indirect_administration", 1.0, 0.95, 0.5),),
    )
    assert processes["visits"].parts == (ProcessPart("indirect_personnel", 1.0, 1.0, 0.0),)
    assert processes["storage"].parts == (
        ProcessPart("indirect_material", 0.6, 1.0, 0.0),
        ProcessPart("indirect_administration", 0.4, 0.8, math.inf),
    )


def test_costs_of_a_customer_have_canonical_units_and_are_sorted(write: Write) -> None:
    found = customer(load_scenario(write(**COSTS)))

    assert found.processes == (
        ProcessUse("order handling", 0.0, 1.0, 0.0, 40.0),
        ProcessUse("storage", 0.0, 0.0, 0.003, 0.0),
        ProcessUse("visits", 12.0, 0.0, 0.0, 0.0),
    )
    place = "customers.Nordwerk.{}.amount"
    assert found.costs == (
        CustomerCost(
            "key account manager",
            Quantity(90_000.0, place.format("costs.key account manager")),
            "other_direct",
            1.0,
            0.5,
            "phase",
            "customer",
        ),
        CustomerCost(
            "tools",
            Quantity(30_000.0, place.format("costs.tools")),
            "depreciation",
            0.0,
            0.0,
            "volume",
            "order",
        ),
    )
    assert found.investments == (
        Investment("entry", Quantity(2000.0, place.format("investments.entry")), 0.0),
        Investment("tools", Quantity(120_000.0, place.format("investments.tools")), 1.5),
    )
    assert (10.0, 5.0) == (found.prepayment_received_days.value, found.prepayment_made_days.value)


def test_products_and_lines_have_a_value_of_an_order(write: Write) -> None:
    scenario = load_scenario(write(**COSTS))
    coatings, service = scenario.products["coatings"], scenario.products["service"]

    assert (20_000.0, 250.0, 0.9) == (coatings.order_value, coatings.direct_order_cost, coatings.cash_share)
    assert (None, 0.0, 1.0) == (service.order_value, service.direct_order_cost, service.cash_share)
    assert [5000.0, None] == [
        customer(scenario, name).lines[0].order_value for name in ("Nordwerk", "Fjordline")
    ]


def test_an_order_value_on_every_line_is_enough_for_a_direct_cost(write: Write) -> None:
    products = "products: {coatings: {premium: 12%}, service: {direct_order_cost: 90 EUR}}"
    row = (
        "  Nordwerk: {beta: 1, lines: {service: {sales: 1 M EUR per year, share: 50%, order_value: 900 EUR}}}"
    )

    assert 90.0 == load_scenario(write(products=products, Nordwerk=row)).products["service"].direct_order_cost


def test_a_scenario_that_says_nothing_of_costs_has_none(write: Write) -> None:
    scenario = load_scenario(write())
    found = customer(scenario)

    assert ({}, None, None, ()) == (
        scenario.processes,
        scenario.shareholder,
        scenario.ledger,
        scenario.record,
    )
    assert ((), (), ()) == (found.costs, found.investments, found.processes)
    assert (0.0, 0.0) == (found.prepayment_received_days.value, found.prepayment_made_days.value)
    assert {1.0} == {phase.process_factor.value for phase in found.phases.values()}


def test_what_shareholders_own_and_owe(write: Write) -> None:
    assert Shareholder(5_000_000.0, 20_000_000.0) == load_scenario(write(**COSTS)).shareholder
    only_debt = {**COSTS, "end": "shareholder_value: {debt: 1000}"}
    assert Shareholder(0.0, 1000.0) == load_scenario(write(**only_debt)).shareholder


def test_costs_of_levels_stand_in_a_line(write: Write) -> None:
    stated = (
        "costs: [{name: office, amount: 1 M EUR per year}, {name: plant, amount: 2 M EUR per year, line: depreciation, notice: inf},"
        " {name: fair, amount: 3 M EUR per year, line: marketing, cash_share: 70%, notice: 3 months}]"
    )

    found = load_scenario(write(costs=stated)).costs

    amounts = [Quantity(float(number), f"costs.{name}.amount") for number, name in
               ((1_000_000, "office"), (2_000_000, "plant"), (3_000_000, "fair"))]  # fmt: skip
    assert found == (
        LevelCost("office", "company", None, amounts[0], "indirect_administration", 1.0, 0.0),
        LevelCost("plant", "company", None, amounts[1], "depreciation", 0.0, math.inf),
        LevelCost("fair", "company", None, amounts[2], "marketing", 0.7, 0.25),
    )


def test_the_cascade_may_be_recorded(write: Write) -> None:
    assert ("cascade", "economy") == load_scenario(write(record="record: [cascade, economy]")).record


DEFAULTS = (
    "customer_defaults: {growth: 3%, volatility: 15%, churn: {yearly_probability: 5%},"
    " processes: {visits: {fixed: 6 per year, reserved: 9}, order handling: {per_order: 1}},"
    " costs: {support: {amount: {normal: {mean: 40 k EUR per year, sd: 4 k EUR per year}}, line: marketing, follows: volume}}}"
)


def test_process_uses_and_costs_merge_key_by_key(write: Write) -> None:
    Path("accounts.csv").write_text("name,volume\nNordwerk,2 per M EUR\n", encoding="utf-8")
    table = (
        "customer_tables: [{file: accounts.csv, columns: {name: name, processes.storage.per_volume: volume}}]"
    )
    segments = PROCESSES + (
        "\nsegments: {north: {processes: {visits: {fixed: 24}}, costs: {support: {follows: phase}},"
        " phases: {decline: {process_factor: 50%}}}}"
    )
    row = (
        "  Nordwerk: {beta: 1.1, segment: north, lines: {coatings: {wallet: 1 M EUR per year, share: 9%}},"
        " processes: {visits: {reserved: 30}}, costs: {support: {notice: 3 months}}}"
    )
    changes = {"products": PRODUCTS, "customer_defaults": DEFAULTS, "segments": segments, "Nordwerk": row}

    scenario = load_scenario(write(tables=table, **changes))

    assert customer(scenario).processes == (
        ProcessUse("order handling", 0.0, 1.0, 0.0, 0.0),
        ProcessUse("storage", 0.0, 0.0, 2e-6, 0.0),
        ProcessUse("visits", 24.0, 0.0, 0.0, 30.0),
    )
    (support,) = customer(scenario).costs
    assert ("marketing", "phase", 0.25) == (support.line, support.follows, support.notice)
    assert "customer_defaults.costs.support.amount" == support.amount.place
    assert 0.5 == customer(scenario).phases["decline"].process_factor.value
    assert ProcessUse("visits", 6.0, 0.0, 0.0, 9.0) == use(scenario, "visits", "Fjordline")


def test_what_is_inherited_may_be_set_to_nothing(write: Write) -> None:
    """Without a single order, the line needs no order value either."""
    row = (
        "  Nordwerk: {beta: 1.1, lines: {service: {wallet: 1 M EUR per year, share: 9%}},"
        " processes: {visits: {fixed: 0, reserved: 0}, order handling: {per_order: 0}}, costs: {support: {amount: 0}}}"
    )
    segments = PROCESSES + "\nsegments: {}"

    scenario = load_scenario(
        write(products=PRODUCTS, customer_defaults=DEFAULTS, segments=segments, Nordwerk=row)
    )

    assert {(0.0, 0.0, 0.0, 0.0)} == {
        (each.fixed, each.per_order, each.per_volume, each.reserved) for each in customer(scenario).processes
    }
    assert [0.0] == [cost.amount.value for cost in customer(scenario).costs]
    assert 1.0 == use(scenario, "order handling", "Fjordline").per_order


def test_a_shared_cost_is_one_draw_unless_each_customer_has_its_own(write: Write) -> None:
    own = DEFAULTS.replace("sd: 4 k EUR per year}}", "sd: 4 k EUR per year}, each: true}")
    assert own != DEFAULTS
    segments = PROCESSES + "\nsegments: {north: {}}"
    places = []
    for defaults in (DEFAULTS, own):
        scenario = load_scenario(write(products=PRODUCTS, customer_defaults=defaults, segments=segments))
        places.append([each.costs[0].amount.place for each in scenario.customers])

    assert places == [
        ["customer_defaults.costs.support.amount"] * 2,
        ["customers.Fjordline.costs.support.amount", "customers.Nordwerk.costs.support.amount"],
    ]


def test_a_cost_rate_may_be_uncertain_and_correlated(write: Write) -> None:
    uncertain = PROCESSES.replace("cost_rate: 400", "cost_rate: {normal: {mean: 400 EUR, sd: 20 EUR}}")
    assert uncertain != PROCESSES
    correlations = "correlations: [{rank: 0.3, between: [processes.visits.cost_rate, customer_defaults.costs.support.amount]}]"

    scenario = load_scenario(
        write(
            products=PRODUCTS,
            customer_defaults=DEFAULTS,
            segments=uncertain + "\nsegments: {north: {}}",
            end=correlations,
        )
    )

    assert ("processes.visits.cost_rate", "customer_defaults.costs.support.amount") == scenario.correlations[
        0
    ].names


def overlay(text: str) -> Scenario:
    """A scenario laid over case.yaml."""
    Path("over.yaml").write_text("extends: case.yaml\n" + text, encoding="utf-8")
    return load_scenario("over.yaml")


def test_an_overlay_replaces_a_line_by_parts_and_parts_by_a_line(write: Write) -> None:
    write(**COSTS)

    scenario = overlay(
        "processes:\n"
        "  order handling: {parts: [{line: indirect_material, share: 25%}, {line: indirect_personnel, share: 75%}]}\n"
        "  storage: {line: indirect_distribution, notice: 1 year}\n"
        "customers: {Nordwerk: {processes: {visits: {fixed: 3}}, investments: {entry: {at: 1 year}}}}\n"
    )

    assert [("indirect_material", 0.25, 1.0, 0.0), ("indirect_personnel", 0.75, 1.0, 0.0)] == [
        (part.line, part.share, part.cash_share, part.notice)
        for part in scenario.processes["order handling"].parts
    ]
    assert (ProcessPart("indirect_distribution", 1.0, 1.0, 1.0),) == scenario.processes["storage"].parts
    assert (120.0, 3.0) == (
        scenario.processes["order handling"].cost_rate.value,
        use(scenario, "visits").fixed,
    )
    assert 1.0 == customer(scenario).investments[0].at


def test_replace_reaches_costs(write: Write) -> None:
    scenario = load_scenario(write(**COSTS))

    changed = (
        scenario.replace("processes.order handling.cost_rate", "150 EUR")
        .replace("processes.storage.line", "indirect_material")
        .replace("customers.Nordwerk.processes.visits.fixed", 3)
        .replace("customers.Nordwerk.costs.key account manager.amount", "1 k EUR per year")
        .replace("customers.Nordwerk.costs.fair", {"amount": 7.0, "line": "marketing"})
        .replace("shareholder_value.debt", 0)
    )

    assert difference(scenario, changed) == [
        ("customers.Nordwerk.costs.fair.amount", None, 7.0),
        ("customers.Nordwerk.costs.fair.cash_share", None, 1.0),
        ("customers.Nordwerk.costs.fair.follows", None, "nothing"),
        ("customers.Nordwerk.costs.fair.level", None, "customer"),
        ("customers.Nordwerk.costs.fair.line", None, "marketing"),
        ("customers.Nordwerk.costs.fair.notice", None, 0.0),
        ("customers.Nordwerk.costs.key account manager.amount", 90_000.0, 1000.0),
        ("customers.Nordwerk.processes.visits.fixed", 12.0, 3.0),
        ("processes.order handling.cost_rate", 120.0, 150.0),
        ("processes.storage.cash_share", None, 1.0),
        ("processes.storage.line", None, "indirect_material"),
        ("processes.storage.notice", None, 0.0),
        ("processes.storage.parts.0.cash_share", 1.0, None),
        ("processes.storage.parts.0.line", "indirect_material", None),
        ("processes.storage.parts.0.notice", 0.0, None),
        ("processes.storage.parts.0.share", 0.6, None),
        ("processes.storage.parts.1.cash_share", 0.8, None),
        ("processes.storage.parts.1.line", "indirect_administration", None),
        ("processes.storage.parts.1.notice", "inf", None),
        ("processes.storage.parts.1.share", 0.4, None),
        ("shareholder_value.debt", 20_000_000.0, 0.0),
    ]


def test_replace_does_not_invent_names(write: Write) -> None:
    scenario = load_scenario(write(**COSTS))

    assert texts(lambda: scenario.replace("processes.visit.cost_rate", 5)) == [
        "<replace>:1:1: processes.visit.cost_rate: unknown process: visit\n    did you mean: visits"
    ]
    assert texts(lambda: scenario.replace("customers.Nordwerk.costs.tool.amount", 5)) == [
        "<replace>:1:1: customers.Nordwerk.costs.tool.amount: unknown cost: tool\n    did you mean: tools"
    ]
    assert texts(lambda: scenario.replace("customers.Fjordline.investments.tools.amount", 5)) == [
        "<replace>:1:1: customers.Fjordline.investments.tools.amount: unknown investment: tools\n    hint: known: none"
    ]
    assert texts(lambda: scenario.replace("customers.Nordwerk.processes.visit.fixed", 5)) == [
        "<replace>:1:1: customers.Nordwerk.processes.visit: unknown process: visit\n    did you mean: visits"
    ]


def test_a_cost_with_dots_in_its_name_may_be_quoted_or_not(write: Write) -> None:
    row = (
        "  N. Halvorsen Ltd.: {beta: 1.1, lines: {coatings: {wallet: 1 M EUR per year, share: 9%}},"
        " costs: {vers. 2: {amount: 1 k EUR per year}}}"
    )
    scenario = load_scenario(write(Nordwerk=row))

    for path in (
        "customers.N. Halvorsen Ltd..costs.vers. 2.amount",
        'customers."N. Halvorsen Ltd.".costs."vers. 2".amount',
    ):
        changed = customer(scenario.replace(path, 5.0), "N. Halvorsen Ltd.")
        assert 5.0 == changed.costs[0].amount.value


def test_a_sweep_reaches_costs(write: Write) -> None:
    sweep = "sweep: {processes.visits.cost_rate: [400 EUR, 500 EUR], customers.Nordwerk.processes.visits.fixed: [6, 12 per year]}"

    grid = expand_sweep(write(**{**COSTS, "end": sweep}))

    assert [(400.0, 6.0), (400.0, 12.0), (500.0, 6.0), (500.0, 12.0)] == [
        (scenario.processes["visits"].cost_rate.value, use(scenario, "visits").fixed) for _, scenario in grid
    ]


def test_the_resolved_document_reads_back_as_the_same_scenario(write: Write) -> None:
    costs = "costs: [{name: office, amount: 1 M EUR per year, line: depreciation, notice: inf}]"
    scenario = load_scenario(
        write(**COSTS, customer_defaults=DEFAULTS, costs=costs, record="record: [cascade]")
    )
    Path("resolved.yaml").write_text(json.dumps(scenario.resolved(), allow_nan=False), encoding="utf-8")

    again = load_scenario("resolved.yaml")

    assert scenario == again
    assert scenario.resolved() == again.resolved()


def test_costs_fit_the_schema(write: Write) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(json_schema())
    scenario = load_scenario(write(**COSTS, customer_defaults=DEFAULTS))
    written = yaml.safe_load(Path("case.yaml").read_text(encoding="utf-8"))
    written["time"]["valuation_date"] = "2026-01-01"

    assert [] == list(validator.iter_errors(written))
    assert [] == list(validator.iter_errors(scenario.resolved()))
    written["processes"]["visits"]["leval"] = "order"
    assert 1 == len(list(validator.iter_errors(written)))
