"""What a scenario means, in tables and facts."""

import json

import pytest
import yaml

from crcsim.report.explain import explain
from crcsim.scenario import load_scenario


@pytest.fixture(scope="module")
def minimal(repository):
    return explain(load_scenario(repository / "scenarios" / "minimal.yaml"))


@pytest.fixture(scope="module")
def coatings(repository):
    return explain(load_scenario(repository / "scenarios" / "coatings" / "coatings.yaml"))


def table(explanation, title):
    (found,) = [table for table in explanation.tables if table.title.startswith(title)]
    return found


def test_the_limit_is_called_a_limit(minimal):
    assert "not a simulation" in table(minimal, "Customers in the deterministic limit").notes[0]


def test_the_discount_rate_is_built_up(minimal):
    rates = {row[0]: row[1] for row in table(minimal, "Discount rate").rows}

    assert "3.00%" == rates["risk-free rate"]
    assert "8.50%" == rates["cost of equity"]
    assert "7.08%" == rates["WACC"]


def test_a_stated_rate_is_not_built_up(tmp_path, repository):
    text = (
        (repository / "scenarios" / "minimal.yaml")
        .read_text("utf-8")
        .replace("capital: {", "capital: {rate: 7%, ")
    )
    (tmp_path / "stated.yaml").write_text(text, "utf-8")
    rates = {
        row[0]: row for row in table(explain(load_scenario(tmp_path / "stated.yaml")), "Discount rate").rows
    }

    assert "stated directly" == rates["WACC"][2]
    assert "cost of equity" not in rates


def test_few_own_assumptions_are_listed_one_by_one(minimal):
    rows = {row[0]: row[1] for row in table(minimal, "Customers' own assumptions").rows}

    assert "normal: mean 3%, sd 1%" == rows["customers.Nordwerk.growth"]
    assert "12.5 M EUR" == rows["customers.Nordwerk.lines.coatings.wallet"]
    assert "60 days" == rows["customers.Nordwerk.receivable_days"]
    assert "0.25" == rows["customers.Nordwerk.lines.coatings.share.volatility"]


def test_many_own_assumptions_become_ranges(coatings):
    found = table(coatings, "Customers' own assumptions")

    assert "range" in found.title
    assert "24" == {row[0]: row for row in found.rows}["beta"][1]


def test_shared_assumptions_have_sources_and_counts(coatings):
    rows = {row[0]: row for row in table(coatings, "Shared assumptions").rows}

    assert "24 x" == rows["customer_defaults.volatility"][2]
    assert rows["customer_defaults.volatility"][3]


def test_draws_say_what_they_share(coatings):
    rows = {row[0]: row for row in table(coatings, "Uncertain numbers").rows}

    assert "one draw, shared 24 x" == rows["customer_defaults.takeover.retained"][-1]
    assert "own draw" == rows["customers.Nordwerk.growth"][-1]


def test_links_name_correlations_mergers_and_groups(coatings):
    kinds = [row[1] for row in table(coatings, "Links").rows]

    assert "listed merger" in kinds
    assert any(kind.startswith("rank correlation") for kind in kinds)
    assert "coupling group of 2" in kinds


def test_one_customer_has_no_links(minimal):
    assert [] == [table for table in minimal.tables if table.title == "Links"]


@pytest.mark.parametrize("which", ["minimal", "coatings"])
def test_facts_are_json_and_hold_every_assumption(which, request):
    facts = json.loads(json.dumps(request.getfixturevalue(which).facts, allow_nan=False))

    customers = facts["deterministic_limit"]["customers"]
    total = sum(customer["value"] for customer in customers) + facts["deterministic_limit"]["levels"]
    assert total == pytest.approx(facts["deterministic_limit"]["total"])
    assert len(facts["assumptions"]) >= len(facts["draws"])
    assert all(draw["p5"] < draw["mean"] < draw["p95"] for draw in facts["draws"])


@pytest.fixture(scope="module")
def linked(repository):
    return explain(load_scenario(repository / "scenarios" / "costing-example" / "linked.yaml"))


def test_what_was_taken_from_the_ledger(linked):
    found = table(linked, "Ledger: One customer over three periods, period 2026 (1 year)")

    # 24 x 50 + 150 x 11.70 + 2 x 375 of processes; 9000 + 300 + 4000 of direct costs
    assert (("processes", "3", "3.705"), ("customers that use them", "1", "")) == found.rows[:2]
    assert ("direct costs of customers", "3", "13.300") == found.rows[2]
    taken = {row["what"]: row for row in linked.facts["ledger"]["taken"]}
    assert {"what": "costs of segments", "number": 1, "per_year": 1000.0} == taken["costs of segments"]


def test_processes_with_their_rates_parts_and_use(linked):
    rows = {row[0]: row for row in table(linked, "Processes").rows}
    storage = {item["name"]: item for item in linked.facts["processes"]}["material purchase and storage"]

    assert ("order", "375 EUR", "100", "20", "1", "2", "8") == rows["order handling"][1:8]
    assert "personnel 80%, administration 20%" == rows["order handling"][8]
    assert (11.7, 150.0, 640.0) == pytest.approx(
        [storage[key] for key in ("cost_rate", "quantity", "reserved")]
    )
    assert 1.0 == pytest.approx(sum(part["share"] for part in storage["parts"]))


def test_process_use_says_what_is_reserved(linked):
    found = table(linked, "Process use of the customers")

    assert ("Halvorsund", "150 / 640", "24 / 24", "2 / 8", "3.705") == found.rows[0]
    assert "12 / 20: 12 are used of 20 that are reserved." in found.notes


def test_costs_in_notice(linked):
    """Idle: 490 x 11.70 and 6 x 375. Never ends: tools, and 20 % of the processes and of what is idle."""
    found = table(linked, "Costs of the customers today (k EUR a year)")
    (costs,) = linked.facts["customer_costs"]

    assert ("Idle capacity", "In notice", "years", "Never ends") == found.columns[4:]
    assert 490 * 11.7 + 6 * 375 == pytest.approx(costs["idle"])
    notices = {notice["years"]: notice["per_year"] for notice in costs["notices"]}
    assert 9000 == pytest.approx(notices[0.5])
    assert 4000 + 0.2 * (3705 + costs["idle"]) == pytest.approx(notices[None])


def test_investments_have_dates(coatings):
    rows = table(coatings, "Investments").rows

    assert ("2027-07", "Nordwerk", "second mixing station", "1.1 M EUR") == rows[0]
    assert ["2027-07", "2028-07"] == [each["date"] for each in coatings.facts["investments"]]


def test_shareholder_value_in_the_limit(coatings):
    facts = coatings.facts["shareholder_value"]
    total = coatings.facts["deterministic_limit"]["total"]

    assert total + 14e6 - 85e6 == pytest.approx(facts["deterministic_limit"])
    assert "shareholder value" == table(coatings, "Shareholder value").rows[-1][0]


def test_without_such_costs_there_are_no_such_tables(minimal):
    titles = [table.title for table in minimal.tables]

    assert not any(
        title.startswith(("Ledger", "Process", "Costs", "Investments", "Shareholder")) for title in titles
    )
    assert "Direct cost" == table(minimal, "Main parameters").columns[-1]
    assert minimal.facts["ledger"] is None
    assert minimal.facts["shareholder_value"] is None


def test_direct_costs_that_nobody_states_are_no_column(coatings):
    assert "Retained" == table(coatings, "Main parameters").columns[-1]


@pytest.mark.jit
def test_many_customers_and_processes_show_the_largest(tmp_path, repository):
    text = (repository / "scenarios" / "minimal.yaml").read_text("utf-8")
    document = yaml.safe_load(text)
    first = document["customers"]["Nordwerk"]
    names = [f"visit {place:02d}" for place in range(10)]
    document["processes"] = {
        name: {"level": "customer", "cost_rate": 100 + place, "line": "indirect_personnel"}
        for place, name in enumerate(names)
    }
    document["customers"] = {
        f"Account {place:02d}": {
            **first,
            "processes": {name: {"fixed": 10 + place} for name in names},
            "investments": {"tools": {"amount": 1000 + place, "at": f"{place % 10} years"}},
        }
        for place in range(40)
    }
    (tmp_path / "many.yaml").write_text(json.dumps(document, default=str), "utf-8")
    explained = explain(load_scenario(tmp_path / "many.yaml"))
    use, invested = table(explained, "Process use of the customers"), table(explained, "Investments")

    assert [f"Account {place:02d}" for place in range(10, 40)] == [row[0] for row in use.rows]
    assert ("visit 09", "visit 02") == (use.columns[1], use.columns[-2])
    assert [*use.notes] == [
        "Customers with the highest process costs: 30 of 40; all: --json.",
        "The 8 processes of the highest cost; all: --json.",
    ]
    assert 30 == len(table(explained, "Costs of the customers today").rows) == len(invested.rows)
    assert ["2026-01", "2035-01"] == [invested.rows[0][0], invested.rows[-1][0]]
    assert 400 == len(explained.facts["process_use"])
    assert 40 == len(explained.facts["investments"]) == len(explained.facts["customer_costs"])


def test_units_of_uncertain_costs(tmp_path, repository):
    text = (repository / "scenarios" / "minimal.yaml").read_text("utf-8")
    document = yaml.safe_load(text)
    uncertain = {"pert": {"low": 100, "mode": 120, "high": 170}}
    document["processes"] = {
        "visit": {"level": "customer", "cost_rate": uncertain, "line": "indirect_personnel"}
    }
    document["customers"]["Nordwerk"] |= {
        "processes": {"visit": {"fixed": 12}},
        "costs": {"manager": {"amount": uncertain}},
        "investments": {"tools": {"amount": uncertain}},
        "prepayment_received_days": {"pert": {"low": 5, "mode": 10, "high": 15}},
        "phases": {"maturity": {"process_factor": {"pert": {"low": 0.5, "mode": 1, "high": 1.5}}}},
    }
    (tmp_path / "uncertain.yaml").write_text(json.dumps(document, default=str), "utf-8")
    explained = explain(load_scenario(tmp_path / "uncertain.yaml"))
    means = {row[0]: row[2] for row in table(explained, "Uncertain numbers").rows}

    assert "125 EUR" == means["processes.visit.cost_rate"]
    assert "125 EUR" == means["customers.Nordwerk.costs.manager.amount"]
    assert "125 EUR" == means["customers.Nordwerk.investments.tools.amount"]
    assert "10 days" == means["customers.Nordwerk.prepayment_received_days"]
    assert "1" == means["customers.Nordwerk.phases.maturity.process_factor"]
    assert (
        "~125 EUR" == table(explained, "Processes").rows[0][2] == table(explained, "Investments").rows[0][3]
    )
