"""`crcsim statement` and `crcsim tree`: a finished result in accounting terms."""

import re

import pytest
import xarray as xr

from crcsim import load, load_scenario, save, simulate

PHASES = ("prospect", "build_up", "growth", "maturity", "decline")


@pytest.fixture(scope="module")
def result(repository, tmp_path_factory):
    """A saved result of the minimal scenario, cut to two yearly periods."""
    text = (repository / "scenarios" / "minimal.yaml").read_text("utf-8")
    path = tmp_path_factory.mktemp("result") / "acme.yaml"
    path.write_text(text.replace("years: 10, periods_per_year: 4", "years: 2, periods_per_year: 1"), "utf-8")
    save(simulate(load_scenario(path), paths=200, seed=5), path.with_suffix(".nc"))
    return path.with_suffix(".nc")


def test_a_statement_goes_on_to_the_company(crcsim, result):
    outcome = crcsim("statement", result)

    assert (0, "") == (outcome.code, outcome.err)
    assert "Customer cash flow (" in outcome.out
    assert outcome.out.index("customer cash flow") < outcome.out.index("From the customers to the company")


def test_a_statement_as_json_ends_with_the_value(crcsim, result):
    answer = crcsim("statement", result, "--json").json
    customers, company = answer["statements"]
    dataset = load(result)
    value = float(dataset["npv"].sel(discounting="wacc").sum("customer").mean())
    value += float(dataset["level_npv"].sel(discounting="wacc").sum("level").mean())

    assert ("cash-flow", "company") == (customers["form"], company["form"])
    last = next(line for line in company["lines"] if line["line"] == "portfolio_value")
    assert last["amounts"]["total"] == pytest.approx(value, rel=1e-9)


@pytest.mark.parametrize("by", ["customer", "period", "year", "product", "segment", "geography"])
@pytest.mark.parametrize("form", ["cash-flow", "contribution", "costing"])
def test_every_form_and_split(crcsim, result, form, by):
    outcome = crcsim("statement", result, "--form", form, "--by", by)

    assert 0 == outcome.code, outcome.err
    assert f" by {by} (" in outcome.out


def test_one_customer(crcsim, result):
    name = str(load(result)["customer"].values[0])

    assert f"of {name} by year" in crcsim("statement", result, "--customer", name, "--by", "year").out
    assert 2 == crcsim("statement", result, "--customer", "Nobody").code
    assert "cannot be split" in crcsim("statement", result, "--customer", name, "--by", "segment").err


@pytest.fixture
def phased(result, tmp_path):
    """The result with items that lose a quarter in growth and gain the rest in maturity."""
    dataset = load(result)
    shares = xr.DataArray([0.0, 0.0, -0.25, 1.25, 0.0], {"relation_phase": list(PHASES)}, "relation_phase")
    items = dataset["customer_item_npv_mean"].where(dataset["item"] != "horizon_value", 0.0)
    values = (items * shares).transpose("strategy", "customer", "relation_phase", "item")
    dataset = dataset.drop_vars(["customer_phase_item_npv_mean", "relation_phase"], errors="ignore")
    save(dataset.assign(customer_phase_item_npv_mean=values), tmp_path / "phased.nc")
    return tmp_path / "phased.nc"


@pytest.mark.parametrize("form", ["cash-flow", "contribution", "costing"])
def test_every_form_by_phase(crcsim, phased, form, tmp_path):
    outcome = crcsim("statement", phased, "--form", form, "--by", "phase", "-o", tmp_path / "books")

    assert 0 == outcome.code, outcome.err
    assert " by phase (" in outcome.out
    assert "From the customers to the company" not in outcome.out
    assert [f"{form}-by-phase.csv"] == [path.name for path in (tmp_path / "books").iterdir()]


def test_one_customer_by_phase(crcsim, phased):
    name = str(load(phased)["customer"].values[0])
    (answer,) = crcsim("statement", phased, "--customer", name, "--by", "phase", "--json").json["statements"]

    assert ["growth", "maturity", "total"] == answer["columns"]
    amounts = next(line["amounts"] for line in answer["lines"] if line["line"] == "cash_flow")
    assert amounts["growth"] == pytest.approx(-0.25 * amounts["total"])
    assert 0.0 != amounts["total"]


def test_a_result_without_phases_says_how_to_get_them(crcsim, phased):
    save(load(phased).drop_dims("relation_phase"), "old.nc")
    outcome = crcsim("statement", "old.nc", "--by", "phase")

    assert 2 == outcome.code
    assert "does not say in which phase" in outcome.err
    assert "crcsim run" in outcome.err


def test_files_are_written_beside_what_is_printed(crcsim, result, tmp_path):
    outcome = crcsim("statement", result, "--by", "year", "-o", tmp_path / "books")
    crcsim("tree", result, "-o", tmp_path / "books")
    crcsim("tree", result, "--by", "customer", "-o", tmp_path / "books")

    assert "cash-flow-by-year.csv" in outcome.out
    assert {
        "cash-flow-by-year.csv",
        "company-result-by-year.csv",
        "value-tree.csv",
        "value-tree-by-customer.csv",
        "value_tree.svg",
        "value_tree.png",
    } == {path.name for path in (tmp_path / "books").iterdir()}


def test_a_tree_at_chosen_percentiles(crcsim, result):
    outcome = crcsim("tree", result, "--percentiles", "90,10")

    assert 0 == outcome.code
    assert outcome.out.index("near P10") < outcome.out.index("near P90")
    nodes = crcsim("tree", result, "--percentiles", "10", "--json").json["nodes"]
    assert {"P10"} == set(nodes[0]["near"])


@pytest.mark.parametrize("by", ["customer", "product", "segment", "geography"])
def test_a_tree_drilled_down(crcsim, result, by):
    outcome = crcsim("tree", result, "--by", by)

    assert 0 == outcome.code
    assert f"Mean of every line by {by}" in outcome.out


@pytest.mark.parametrize("percentiles", ["", "5,5", "0,50", "100", "five"])
def test_percentiles_that_are_none_are_refused(crcsim, result, percentiles):
    outcome = crcsim("tree", result, "--percentiles", percentiles)

    assert 2 == outcome.code
    assert "different numbers between 0 and 100" in outcome.err


def test_another_strategy_must_be_in_the_result(crcsim, result):
    assert 0 == crcsim("tree", result, "--strategy", "baseline").code
    outcome = crcsim("statement", result, "--strategy", "more visits")

    assert 2 == outcome.code
    assert "No strategy more visits in the result; known: baseline" in outcome.err


def test_the_statements_of_the_documentation_are_printed(crcsim, repository):
    example = repository / "scenarios" / "costing-example" / "scenario.yaml"
    save(simulate(load_scenario(example), paths=8), "example.nc")
    shown = crcsim("statement", "example.nc", "--form", "contribution", "--by", "year").out
    tables = re.findall(
        r"```text\n(.+?)```", (repository / "docs" / "statements.md").read_text("utf-8"), re.S
    )

    assert 2 == len(tables)
    assert [] == [table for table in tables if table not in shown]


@pytest.mark.parametrize("verb", ["statement", "tree"])
def test_a_result_without_items_says_how_to_get_them(crcsim, result, verb):
    dataset = load(result)
    save(dataset.drop_vars([name for name in dataset if "item" in name]), "old.nc")
    outcome = crcsim(verb, "old.nc")

    assert 2 == outcome.code
    assert "holds no items of the cash flow" in outcome.err
    assert "crcsim run" in outcome.err
