"""What a scenario means, in tables and facts."""

import json

import pytest

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
