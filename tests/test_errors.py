"""Problems and errors: their text, their JSON, their exit codes."""

import json
import pickle

from crcsim.errors import (
    ArgumentError,
    ComparisonError,
    CrcsimError,
    NumericError,
    Position,
    Problem,
    ScenarioError,
    StorageError,
    no_such,
)

PROBLEM = Problem(
    "unknown_key", "case.yaml", 3, 7, "capital.bta", "bta", allowed="beta", nearest="beta", hint="look again"
)


def test_problem_is_one_block_of_text() -> None:
    text = PROBLEM.text()

    assert text == (
        "case.yaml:3:7: capital.bta: unknown key: bta\n"
        "    allowed: beta\n"
        "    did you mean: beta\n"
        "    hint: look again"
    )


def test_problem_without_details_is_one_line() -> None:
    assert Problem("not_yaml", "case.yaml", 1, 1, "").text() == "case.yaml:1:1: not yaml"


def test_value_is_shown_on_one_short_line() -> None:
    padded = Problem("wrong_type", "a", 1, 1, "p", " 5\n")
    endless = Problem("wrong_type", "a", 1, 1, "p", "x" * 500)

    assert r"' 5\n'" in padded.text()
    assert len(endless.text()) < 120


def test_scenario_error_lists_all_problems_and_counts_them() -> None:
    assert str(ScenarioError([PROBLEM])).endswith("\n1 problem found")
    assert str(ScenarioError([PROBLEM, PROBLEM])).endswith("\n2 problems found")


def test_problems_are_json() -> None:
    error = ScenarioError([Problem("not_finite", "case.yaml", 1, 2, "p", float("inf"))])

    assert json.loads(json.dumps(error.to_dict(), allow_nan=False)) == {
        "problems": [
            {
                "code": "not_finite",
                "file": "case.yaml",
                "line": 1,
                "column": 2,
                "path": "p",
                "value": "inf",
                "allowed": None,
                "nearest": None,
                "hint": None,
            }
        ]
    }


def test_every_error_has_its_exit_code() -> None:
    errors = (ScenarioError, ComparisonError, NumericError, StorageError)

    assert [error.exit_code for error in errors] == [2, 2, 3, 4]
    assert all(issubclass(error, CrcsimError) for error in errors)


def test_error_survives_another_process() -> None:
    assert pickle.loads(pickle.dumps(ScenarioError([PROBLEM]))).problems == (PROBLEM,)


def test_position_reads_as_editors_expect() -> None:
    assert str(Position("case.yaml", 3, 7)) == "case.yaml:3:7"


def test_a_name_that_nothing_has_is_told_with_the_nearest_and_the_known() -> None:
    near, far = no_such("lever", "cares", ["care", "price"]), no_such("lever", "x", [])

    assert str(near) == "no lever is called cares; did you mean care? Known: care, price"
    assert str(far) == "no lever is called x; known: none"
    assert isinstance(near, ArgumentError)
    assert isinstance(near, ValueError)
    assert near.exit_code == 2


def test_many_known_names_are_cut_short() -> None:
    known = [f"customer {number:02d}" for number in range(25)]

    assert str(no_such("customer", "qqq", known)).endswith("customer 18, customer 19 and 5 more")
