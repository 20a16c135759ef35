"""The sentence of `decide information` names a question only when it is surely worth one."""

import numpy as np
import xarray as xr

from crcsim.report.decide.information import answer, worth_asking


def made(evppi, errors, second="wait", shares=None):
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
        "evpi": ((), 3.0),
        "evpi_with_chance": ((), 9.0),
        "total_order": (("factor",), np.array([0.2])),
    }
    sizes = {"parameter": np.array(errors, dtype=float)}
    variables = dict(numbers)
    for name, (dims, values) in numbers.items():
        error = sizes[dims[0]] if name == "evppi" else np.full(np.shape(values), 0.01)
        variables[f"{name}_standard_error"] = (dims, error)
    for name in ("changes_choice", "low_quantile", "high_quantile"):
        variables[name] = (one, np.full(count, 0.25))
    attributes = {"best": "act", "second": second, "currency": "EUR", "discounting": "wacc", "paths": 20_000}
    coords = {"parameter": list("pqr")[:count], "alternative": alternatives, "factor": ["(chance)"]}
    return xr.Dataset(variables, coords, attributes)


def test_the_question_that_is_worth_most_is_named():
    finding = answer(made([2.0, 0.5], [0.1, 0.1])).finding

    assert finding.startswith("Before choosing act (act is 5.000 ± 0.010 EUR ahead of wait), ask for p")
    assert "would change the choice on 25" in finding


def test_equal_questions_are_not_distinguished():
    assert "not distinguishable from it: q" in answer(made([2.0, 1.9], [0.1, 0.1])).finding


def test_no_question_may_be_worth_it():
    found = made([0.15, -0.1], [0.1, 0.1])

    assert [] == worth_asking(found)
    assert answer(found).finding.startswith("No single question is surely worth anything before choosing act")


def test_without_a_choice_the_driver_is_named():
    found = made([0.0, 0.0], [0.0, 0.0], second="", shares=[0.3, 0.1])

    assert answer(found).finding.startswith("p explains more of the variance of the value than any")


def test_without_uncertainty_there_is_no_question():
    assert "no question to ask" in answer(made([], [])).finding
