"""What a scenario means, and how two differ."""

import pytest


def test_tables_estimate_and_limit(crcsim, scenario):
    outcome = crcsim("explain", scenario)

    assert 0 == outcome.code
    for text in (
        "deterministic limit",
        "Discount rate",
        "Uncertain numbers",
        "A run of 200 paths takes about",
    ):
        assert text in outcome.out


def test_json(crcsim, scenario):
    answer = crcsim("explain", scenario, "--json", "--paths", "1000").json

    assert answer["ok"]
    assert 1000 == answer["estimate"]["paths"]
    assert answer["estimate"]["memory_bytes"] > 0
    assert answer["deterministic_limit"]["total"] > 0


@pytest.mark.jit
def test_costs_from_a_ledger(crcsim, repository):
    linked = repository / "scenarios" / "costing-example" / "linked.yaml"
    outcome, answer = crcsim("explain", linked), crcsim("explain", linked, "--json").json

    assert 0 == outcome.code
    for title in ("Ledger: ", "Processes", "Process use", "Costs of the customers today", "Investments"):
        assert f"\n{title}" in outcome.out
    assert ["2026", 3] == [answer["ledger"]["period"], len(answer["processes"])]
    assert "2026-01" == answer["investments"][0]["date"]


def test_diff(crcsim, scenario, tmp_path):
    other = tmp_path / "other.yaml"
    other.write_text(
        scenario.read_text("utf-8").replace("volatility: 15%", "volatility: 25%", 1), encoding="utf-8"
    )
    outcome = crcsim("explain", "--diff", scenario, other)

    assert 0 == outcome.code
    assert "economy.market.volatility" in outcome.out
    assert "0.25" in outcome.out
    answer = crcsim("explain", "--diff", scenario, other, "--json").json
    assert {"path": "economy.market.volatility", "first": 0.15, "second": 0.25} in answer["differences"]


def test_a_scenario_does_not_differ_from_itself(crcsim, scenario):
    assert "The two scenarios mean the same.\n" == crcsim("explain", "--diff", scenario, scenario).out


@pytest.mark.parametrize("arguments", [(), ("a.yaml", "--diff", "b.yaml", "c.yaml")])
def test_either_a_file_or_a_difference(crcsim, arguments):
    assert 2 == crcsim("explain", *arguments).code


def test_a_scenario_with_problems_is_not_explained(crcsim, scenario):
    scenario.write_text("crcsim: 1\n", encoding="utf-8")
    outcome = crcsim("explain", scenario)

    assert 2 == outcome.code
    assert "" == outcome.out
