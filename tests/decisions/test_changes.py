"""What differs between the scenarios of two results."""

import numpy as np

from crcsim.decisions import Change, scenario_changes
from tests.decisions.results import result_of

BEFORE = {
    "name": "before",
    "customers": {"Nordwerk": {"churn": 0.05, "growth": {"value": 0.02, "source": "judgement: sales"}}},
    "weights": [1.0, 2.0],
}


def changes(after):
    values = {"Nordwerk": np.zeros(3)}
    return scenario_changes(result_of(values, scenario=BEFORE), result_of(values, scenario=after))


def test_changed_added_and_removed_entries():
    after = {
        "name": "after",
        "customers": {"Nordwerk": {"churn": 0.03}, "Südgrat": {"churn": 0.1, "lines": {"a": 1}}},
        "weights": [1.0, 3.0],
    }

    assert (
        Change("customers.Nordwerk.churn", 0.05, 0.03),
        Change("customers.Nordwerk.growth", 0.02, None),
        Change("customers.Südgrat", None, {"churn": 0.1, "lines": {"a": 1}}),
        Change("weights.1", 2.0, 3.0),
    ) == changes(after)


def test_a_list_of_another_length_is_one_change():
    assert (Change("weights", [1.0, 2.0], [1.0]),) == changes(BEFORE | {"weights": [1.0]})


def test_names_and_sources_are_no_changes():
    after = BEFORE | {"name": "other", "customers": {"Nordwerk": {"churn": 0.05, "growth": 0.02}}}

    assert () == changes(after)


def test_a_customer_named_source_is_not_lost():
    assert (Change("customers.source", None, {"churn": 0.1}),) == changes(
        BEFORE | {"customers": BEFORE["customers"] | {"source": {"churn": 0.1}}}
    )


def test_without_a_scenario_nothing_is_claimed():
    result = result_of({"Nordwerk": np.zeros(3)})

    assert scenario_changes(result, result) is None
