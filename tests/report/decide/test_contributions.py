"""The sentence of `decide contributions` never says more than the intervals support."""

import re

import numpy as np

from crcsim.decisions import contributions
from crcsim.report.decide.contributions import answer
from tests.decisions.results import result_of


def told(paths, first, second):
    draws = np.random.default_rng(5).normal(10.0, 1.0, (2, paths))
    made = result_of({"A": first * draws[0], "B": second * draws[1]}, title="made")
    return answer(contributions(made))


def test_the_riskiest_is_named_when_it_is_sure():
    finding = told(5_000, 3.0, 1.0).finding

    assert finding.startswith("A bears 9")
    assert "of the value" in finding


def test_equal_risks_are_not_distinguished():
    assert "is not distinguishable" in told(5_000, 1.0, 1.0).finding


def test_too_few_paths_are_said():
    assert told(100, 3.0, 1.0).finding.startswith("Too few paths in the worst 5%")


def test_shares_and_the_number_of_customers_have_errors():
    finding = told(5_000, 3.0, 1.0).finding

    assert re.search(r"brings [\d.]+% ± [\d.]+% of the value", finding)
    assert re.search(r"as over [\d.]+ ± [\d.]+ equal customers", finding)


def test_nothing_left_is_zero():
    loss = told(5_000, 3.0, 1.0).parts[0].tables[1]

    assert ("2", "0", "0") == loss.rows[-1][:3]
    assert "100" == loss.rows[-1][-1]


def test_tables_say_at_which_rate():
    customers, loss = told(5_000, 3.0, 1.0).parts[0].tables

    assert "at the risk-free rate" in customers.title
    assert "share of the total, as above" in loss.notes[0]
    assert customers.rows[0][5] == loss.rows[0][-1].split(" ± ")[0]
