"""`crcsim decompose`: the value part by part, and the split of growth."""

import re

import pytest

pytestmark = pytest.mark.jit


def test_parts_and_growth_are_printed(crcsim, scenario):
    outcome = crcsim("decompose", scenario)

    assert 0 == outcome.code
    assert "acme: 1 customer, seed 5" in outcome.out
    assert re.search(r"^today's wallet +[\d.]+ ", outcome.out, re.M)
    assert "Growth of sales (% a year)" in outcome.out


def test_every_table_of_the_documentation_is_printed(crcsim, repository):
    page = (repository / "docs" / "decomposition.md").read_text("utf-8")
    shown = crcsim("decompose", repository / "scenarios" / "minimal.yaml", "--paths", 2000).out
    tables = re.findall(r"```text\n(.+?)\n```", page, re.S)

    assert 3 == len(tables)
    assert [] == [table for table in tables if table not in shown]


def test_one_customer_may_be_shown(crcsim, scenario):
    outcome = crcsim("decompose", scenario, "--customer", "Nordwerk")

    assert "Value of Nordwerk, part by part" in outcome.out
    assert "Growth of sales to Nordwerk" in outcome.out
    assert "Parts of the value by customer" not in outcome.out


def test_an_unknown_customer_is_refused_before_the_runs(crcsim, scenario, tmp_path):
    outcome = crcsim("decompose", scenario, "--customer", "Nobody", "-o", "out")

    assert (2, "") == (outcome.code, outcome.out)
    assert "No customer Nobody in the scenario; known: Nordwerk" in outcome.err
    assert not (tmp_path / "out").exists()


def test_parts_as_json(crcsim, scenario):
    answer = crcsim("decompose", scenario, "--json", "--paths", 50, "--seed", 3).json
    total = answer["items"]["total"]

    assert (True, "3", 50, []) == (answer["ok"], answer["seed"], answer["paths"], answer["files"])
    assert abs(sum(part["mean"] for part in total["parts"].values()) - total["value"]["mean"]) < 1e-6
    assert {"sales", "market", "industry", "own", "hidden_decline", "paths"} == set(answer["growth"]["total"])


def test_orders_may_be_averaged(crcsim, scenario):
    answer = crcsim("decompose", scenario, "--json", "--paths", 20, "--shapley").json

    assert "Shapley value, 16 sampled orders" == answer["method"]


def test_files_are_written(crcsim, scenario, tmp_path):
    outcome = crcsim("decompose", scenario, "-o", "out")

    assert "Page: out/decomposition.html (4 files beside it)" in outcome.out.replace("\\", "/")
    assert (tmp_path / "out" / "waterfall.png").exists()


def test_a_single_period_has_no_growth(crcsim, scenario):
    scenario.write_text(scenario.read_text("utf-8").replace("years: 2", "years: 1"), encoding="utf-8")
    outcome = crcsim("decompose", scenario)

    assert 2 == outcome.code
    assert "Growth needs at least two periods" in outcome.err
