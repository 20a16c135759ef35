"""The sentence of `decide information` names a question only when it is surely worth one."""

import json

import numpy as np
import xarray as xr

from crcsim.report.decide.information import answer, worth_asking


def made(evppi, errors, second="wait", shares=None, behind=None, evpi=3.0, left_out=()):
    """`behind`: errors of the differences to the first; by themselves unless given."""
    count = len(evppi)
    one, two = ("parameter",), ("alternative",)
    alternatives = ["act", second] if second else ["act"]
    numbers = {
        "evppi": (one, np.array(evppi, dtype=float)),
        "first_order": (one, np.array(shares or [0.1] * count)),
        "at_low": (one, np.full(count, np.nan)),
        "at_high": (one, np.full(count, np.nan)),
        "value_mean": (two, np.array([100.0, 95.0])[: len(alternatives)]),
        "difference": (two, np.array([0.0, -5.0])[: len(alternatives)]),
        "evppi_behind": (one, np.max(evppi, initial=0.0) - np.array(evppi, dtype=float)),
        "changes_choice": (one, np.full(count, 0.25)),
        "evpi": ((), evpi),
        "evpi_with_chance": ((), 9.0),
        "total_order": (("factor",), np.array([0.2])),
    }
    sizes = {"parameter": np.array(errors, dtype=float)}
    variables = dict(numbers)
    for name, (dims, values) in numbers.items():
        error = sizes[dims[0]] if name == "evppi" else np.full(np.shape(values), 0.01)
        if name == "evppi_behind":
            error = np.array(errors if behind is None else behind, dtype=float)
        variables[f"{name}_standard_error"] = (dims, error)
    for name in ("low_quantile", "high_quantile"):
        variables[name] = (one, np.full(count, 0.25))
    attributes = {"best": "act", "second": second, "currency": "EUR", "discounting": "wacc", "paths": 20_000}
    attributes["left_out"] = json.dumps(list(left_out))
    coords = {"parameter": list("pqrst")[:count], "alternative": alternatives, "factor": ["(chance)"]}
    return xr.Dataset(variables, coords, attributes)


def test_the_question_that_is_worth_most_is_named():
    finding = answer(made([2.0, 0.5], [0.1, 0.1])).finding

    assert finding.startswith("Before choosing act (act is 5.000 ± 0.010 EUR ahead of wait), ask for p")
    assert "a study less, and would change the choice on 25.0% ± 1.0% of the paths." in finding


def test_equal_questions_are_not_distinguished():
    assert "not distinguishable from it: q" in answer(made([2.0, 1.9], [0.1, 0.1])).finding


def test_a_question_that_is_not_surely_worth_anything_may_be_as_good():
    """q is not surely above 0 (1.9 of 2.2), and by its large error not surely behind p either."""
    found = made([2.0, 1.9], [0.1, 1.6])

    assert [0] == worth_asking(found)
    assert "not distinguishable from it: q." in answer(found).finding


def test_errors_of_differences_are_those_of_pairs():
    """Both on the same paths: 2.0 and 1.9 differ by 10 errors of the difference."""
    assert "not distinguishable" not in answer(made([2.0, 1.9], [0.1, 0.1], behind=[0.0, 0.01])).finding


def test_shares_have_errors_and_what_is_left_out_is_counted():
    table = answer(made([2.0, 0.5], [0.1, 0.1], left_out=["r", "s"])).parts[0].tables[1]

    assert ("Changes choice %", "±", "First order %", "±", "Worth asking") == table.columns[3:]
    assert ("25.0", "1.0", "10.0", "1.0", "yes") == table.rows[0][3:]
    assert any(note.startswith("Left out: 2 of levers or roles") for note in table.notes)


def test_knowing_all_may_be_worth_nothing():
    notes = [
        answer(made([2.0], [0.1], evpi=value)).parts[0].tables[0].notes[0] for value in (3.0, 0.015, -0.1)
    ]

    assert "Knowing all parameters before the choice is worth 3.000 ± 0.010 EUR at least" in notes[0]
    assert "is not distinguishable from worth nothing (0.015 ± 0.010 EUR)" in notes[1]
    assert "is not distinguishable from worth nothing" in notes[2]


def test_no_question_may_be_worth_it():
    found = made([0.15, -0.1], [0.1, 0.1])

    assert [] == worth_asking(found)
    assert answer(found).finding.startswith("No single question is surely worth anything before choosing act")


def test_without_a_choice_the_driver_is_named():
    found = made([0.0, 0.0], [0.0, 0.0], second="", shares=[0.3, 0.1])

    assert answer(found).finding.startswith("p explains more of the variance of the value than any")


def test_without_uncertainty_there_is_no_question():
    assert "no question to ask" in answer(made([], [])).finding
