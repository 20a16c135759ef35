# ruff: noqa: E501 (a part of the scenario is one line)
"""Overlays, sweeps and replacements: one scenario made from another."""

import datetime
import json
import pickle
from collections.abc import Callable
from pathlib import Path

import numpy
import pytest

from crcsim.errors import ScenarioError
from crcsim.scenario import Scenario, difference, expand_sweep, load_scenario

Write = Callable[..., Path]


def overlay(text: str) -> Scenario:
    """A scenario laid over case.yaml."""
    Path("over.yaml").write_text("extends: case.yaml\n" + text, encoding="utf-8")
    return load_scenario("over.yaml")


def texts(action: Callable[[], object]) -> list[str]:
    """What an action complains about."""
    with pytest.raises(ScenarioError) as raised:
        action()
    return [problem.text() for problem in raised.value.problems]


def test_an_overlay_merges_maps_and_customers_by_name(write: Write) -> None:
    write()

    scenario = overlay("capital: {tax_rate: 30%}\ncustomers: {Nordwerk: {beta: 1.3}}\n")

    assert (0.3, 1.1) == (scenario.capital.tax_rate.value, scenario.capital.beta.value)
    assert [0.8, 1.3] == [customer.beta.value for customer in scenario.customers]
    assert ("over", ["over.yaml", "case.yaml"]) == (scenario.name, [file.path for file in scenario.files])


def test_an_overlay_replaces_lists_and_alternatives(write: Write) -> None:
    costs = "costs: [{name: office, amount: 1 M EUR per year}, {name: fleet, amount: 2 M EUR per year}]"
    write(costs=costs)

    scenario = overlay(
        "costs: [{name: office, amount: 3 M EUR per year}]\n"
        "economy: {market: {premium: 5%}}\n"
        "customer_defaults: {churn: {hazard: 2%}}\n"
    )

    assert [3_000_000.0] == [cost.amount.value for cost in scenario.costs]
    assert scenario.economy.market.expected_return is None
    assert scenario.economy.market.premium is not None
    assert "hazard" == scenario.customers[0].churn.risk.kind


def test_a_file_of_the_base_is_found_beside_the_base(write: Write, tmp_path: Path) -> None:
    Path("base").mkdir()
    Path("base/accounts.csv").write_text("name,beta\nNordwerk,1.7\n", encoding="utf-8")
    row = "  Nordwerk: {lines: {coatings: {wallet: 1 M EUR per year, share: 9%}}}"
    write("base/base.yaml", tables="customer_tables: [{file: accounts.csv}]", Nordwerk=row)
    Path("over.yaml").write_text("extends: base/base.yaml\n", encoding="utf-8")

    scenario = load_scenario(tmp_path / "over.yaml")

    assert 1.7 == scenario.customers[1].beta.value
    assert ["over.yaml", "base/base.yaml", "base/accounts.csv"] == [file.path for file in scenario.files]


def test_a_circle_of_overlays_is_a_problem(write: Write) -> None:
    Path("over.yaml").write_text("extends: case.yaml\n", encoding="utf-8")

    assert texts(lambda: load_scenario(write(end="extends: over.yaml"))) == [
        "over.yaml:1:10: extends: extends itself: case.yaml -> over.yaml -> case.yaml\n"
        "    hint: remove one `extends:` of this circle"
    ]


def test_a_mistake_in_the_base_is_found_in_the_base(write: Write) -> None:
    write(capital="capital: {bta: 1.1}")

    assert texts(lambda: overlay("capital: {beta: 1}\n")) == [
        "case.yaml:5:11: capital.bta: unknown key: bta\n    did you mean: beta"
    ]


def test_a_missing_file_names_the_nearest_one(write: Write) -> None:
    write()

    assert texts(lambda: load_scenario("cas.yaml")) == [
        "cas.yaml:1:1: missing file: cas.yaml\n    did you mean: case.yaml"
    ]
    assert texts(lambda: load_scenario(".")) == [".:1:1: unreadable file: .\n    hint: Is a directory"]


SWEEP = "sweep: {capital.beta: [0.8, 1.2], customers.Nordwerk.growth: [1%, 2%, {normal: {mean: 3%, sd: 1%}}]}"


def test_a_sweep_is_a_grid_of_scenarios(write: Write) -> None:
    grid = expand_sweep(write(end=SWEEP))

    assert [
        {"capital.beta": "0.8", "customers.Nordwerk.growth": "1%"},
        {"capital.beta": "0.8", "customers.Nordwerk.growth": "2%"},
    ] == [labels for labels, _ in grid[:2]]
    assert [0.8, 0.8, 0.8, 1.2, 1.2, 1.2] == [scenario.capital.beta.value for _, scenario in grid]
    assert [0.01, 0.02] == [scenario.customers[1].growth.value for _, scenario in grid[:2]]
    assert "customers.Nordwerk.growth" == grid[2][1].customers[1].growth.place


def test_the_base_of_a_sweep_loads_with_a_warning(write: Write) -> None:
    scenario = load_scenario(write(end=SWEEP))

    assert 1.1 == scenario.capital.beta.value
    assert scenario.warnings == ("case.yaml:12:8: sweep: this is the scenario before the sweep",)


def test_without_a_sweep_there_is_one_scenario(write: Write) -> None:
    assert [({}, load_scenario(write()))] == expand_sweep("case.yaml")


def test_mistakes_in_a_sweep_are_problems(write: Write) -> None:
    path = write(
        end="sweep: {customers.Nordwork.beta: [1], products.coating.premium: [1%], capital.beta: []}"
    )

    assert texts(lambda: expand_sweep(path)) == [
        "case.yaml:12:34: customers.Nordwork.beta: unknown customer: Nordwork\n    did you mean: Nordwerk",
        "case.yaml:12:65: products.coating.premium: unknown product: coating\n    did you mean: coatings",
        'case.yaml:12:85: sweep."capital.beta": empty\n    allowed: at least one value',
    ]
    assert texts(lambda: expand_sweep(write(end="sweep: {capital.bta: [1]}"))) == [
        "case.yaml:12:23: capital.bta: unknown key: bta\n    did you mean: beta"
    ]


@pytest.mark.parametrize("value", [0.25, "25%", "2500 bp", {"value": "25%"}])
def test_replace_takes_numbers_text_and_maps(write: Write, value: object) -> None:
    scenario = load_scenario(write())

    assert 0.25 == scenario.replace("capital.tax_rate", value).capital.tax_rate.value


def test_replace_leaves_the_original_alone(write: Write) -> None:
    scenario = load_scenario(write())

    changed = scenario.replace("customers.Nordwerk.growth", "2%").replace("time.years", 7)

    assert ("customer_defaults.growth", 5.0) == (scenario.customers[1].growth.place, scenario.time.years)
    assert (0.02, 7.0) == (changed.customers[1].growth.value, changed.time.years)
    assert difference(scenario, changed) == [
        ("customers.Nordwerk.growth.basis", None, "nominal"),
        ("customers.Nordwerk.growth.value", None, 0.02),
        ("time.years", 5.0, 7.0),
    ]


def test_replace_by_the_same_value_changes_nothing(write: Write) -> None:
    scenario = load_scenario(write())

    changed = scenario.replace("capital.beta", 1.1)

    assert (scenario, scenario.resolved()) == (changed, changed.resolved())


def test_replace_drops_the_alternative(write: Write) -> None:
    scenario = load_scenario(write())

    changed = scenario.replace("customer_defaults.churn.hazard", 0.1)
    changed = changed.replace("customers.Nordwerk.lines.coatings.sales", "2 M EUR per year")
    changed = changed.replace("customers.Fjordline.lines.coatings.share", {"now": 0.2})

    assert [("hazard", 0.1)] * 2 == [(c.churn.risk.kind, c.churn.risk.rate.value) for c in changed.customers]
    assert changed.customers[1].lines[0].wallet is None
    assert "moving" == changed.customers[0].lines[0].share.kind


def test_replace_reaches_into_distributions_and_lists(write: Write) -> None:
    scenario = load_scenario(write(costs="costs: [{name: office, amount: 1 M EUR per year}]"))

    changed = scenario.replace("customer_defaults.growth.normal.sd", 0.02).replace("costs.0.amount", 5.0)

    distribution = changed.customers[0].growth.value
    assert not isinstance(distribution, float)
    assert {"mean": 0.03, "sd": 0.02} == distribution.parameters
    assert 5.0 == changed.costs[0].amount.value


def test_replace_needs_no_table_again(write: Write) -> None:
    Path("accounts.csv").write_text("name,beta\nNordwerk,1.7\n", encoding="utf-8")
    row = "  Nordwerk: {lines: {coatings: {wallet: 1 M EUR per year, share: 9%}}}"
    scenario = load_scenario(write(tables="customer_tables: [{file: accounts.csv}]", Nordwerk=row))
    Path("accounts.csv").unlink()

    assert 1.7 == scenario.replace("simulation.seed", 5).customers[1].beta.value
    assert 2.0 == scenario.replace("customers.Nordwerk.beta", 2).customers[1].beta.value


def test_a_name_with_dots_may_be_quoted_or_not(write: Write) -> None:
    row = "  A. Halvorsen Ltd.: {beta: 0.8, growth: {normal: {mean: 1%, sd: 1%}}, lines: {coatings: {wallet: 1 M EUR per year, share: 40%}}}"
    scenario = load_scenario(write(Fjordline=row))

    assert 'customers."A. Halvorsen Ltd.".growth' == scenario.customers[0].growth.place
    for path in ("customers.A. Halvorsen Ltd..beta", 'customers."A. Halvorsen Ltd.".beta'):
        assert 2.0 == scenario.replace(path, 2.0).customers[0].beta.value


def test_mistakes_in_a_replacement_are_problems(write: Write) -> None:
    scenario = load_scenario(write())

    assert texts(lambda: scenario.replace("capital.tax_rate", 1.5)) == [
        "<replace>:1:1: capital.tax_rate: out of range: 1.5\n    allowed: at least 0% and below 100%"
    ]
    assert texts(lambda: scenario.replace("customers.Nordwork.beta", 1.5)) == [
        "<replace>:1:1: customers.Nordwork.beta: unknown customer: Nordwork\n    did you mean: Nordwerk"
    ]
    assert texts(lambda: scenario.replace('customers."Nordwerk.beta', 1.5)) == [
        '<replace>:1:1: customers."Nordwerk.beta: not a path\n    hint: write for example customers."Nordwerk Inc.".beta'
    ]
    assert texts(lambda: scenario.replace("extends", "other.yaml")) == [
        "<replace>:1:1: extends: not a path\n    hint: `extends` is read from files only"
    ]
    assert texts(lambda: scenario.replace("capital.beta", object))[0].startswith(
        "<replace>:1:1: capital.beta: wrong type: type"
    )


def test_replace_takes_dates_and_numbers_of_other_libraries(write: Write) -> None:
    scenario = load_scenario(write())

    changed = scenario.replace("time.valuation_date", datetime.date(2027, 1, 1))
    changed = changed.replace("simulation.seed", numpy.int64(9)).replace("capital.beta", numpy.float64(0.5))

    assert ("2027-01-01", 9, 0.5) == (
        changed.time.valuation_date.isoformat(),
        changed.simulation.seed,
        changed.capital.beta.value,
    )


def test_the_resolved_document_reads_back_as_the_same_scenario(write: Write) -> None:
    scenario = load_scenario(
        write(
            segments="segments: {north: {takeover: {hazard: {lognormal: {median: 1%, log_sd: 0.2}}}}}",
            mergers="mergers: [{target: Nordwerk, buyer: Fjordline, yearly_probability: {beta: {mean: 2%, sd: 1%}}}]",
            costs="costs: [{name: office, level: segment, segment: north, amount: 1 M EUR per year}]",
            correlations="correlations: [{rank: 0.4, between: [customer_defaults.growth, mergers.Nordwerk.Fjordline.yearly_probability]}]",
            record="record: [economy]",
        )
    )
    document = json.dumps(scenario.resolved(), allow_nan=False)
    Path("resolved.yaml").write_text(document, encoding="utf-8")

    again = load_scenario("resolved.yaml")

    assert scenario == again
    assert scenario.resolved() == again.resolved()
    assert [] == difference(scenario, again)
    assert document == json.dumps(json.loads(document), sort_keys=True)


def test_a_scenario_survives_another_process(write: Write) -> None:
    scenario = load_scenario(write())

    again = pickle.loads(pickle.dumps(scenario))

    assert scenario == again
    assert 0.1 == again.replace("capital.tax_rate", 0.1).capital.tax_rate.value


def test_a_copy_of_the_resolved_document_cannot_change_the_scenario(write: Write) -> None:
    scenario = load_scenario(write())
    scenario.resolved().clear()

    assert "capital" in scenario.resolved()
