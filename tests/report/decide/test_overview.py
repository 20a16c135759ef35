"""The table of all levers says what the answers say, each with how surely."""

from dataclasses import replace

import pytest

from crcsim.report.decide.overview import overview
from tests.report.decide import test_allocate, test_marginal, test_timing


def named(answer, verb, levers, strategy="baseline"):
    """An answer as it is read from a file, its levers renamed in their order."""
    found = answer.found.assign_coords(lever=list(levers))
    return replace(answer, found=found.assign_attrs(decision=verb, strategy=strategy, first=levers[0]))


@pytest.fixture(scope="module")
def marginal():
    levers = ("care", "customer", 3.0, 9.0), ("premium", "product", 3.0, 9.0), ("plant", "product", -1.0, 0.1)
    return named(test_marginal.told(*levers), "marginal", ["care", "premium", "plant"])


def test_a_row_for_every_lever_the_best_first(marginal):
    allocate = named(test_allocate.told(), "allocate", ["premium", "care"])
    timing = named(test_timing.told([5.0, 4.9, 1.0]), "timing", ["care"])
    found = overview([marginal, allocate, timing])

    assert ("Lever", "Side", "Next EUR brings", "Surely", "Of 2.00 M EUR") == found.columns[:5]
    assert ("Best start", "Worth then (EUR)") == found.columns[5:]
    rows = {row[0]: row[1:] for row in found.rows}
    assert "plant" == found.rows[2][0]
    assert ("loses money", "", "", "") == rows["plant"][2:]
    assert "not distinguishable" == rows["care"][2] == rows["premium"][2]
    assert ("0.50 (0.45 to 0.55)", "now, not surely", "5.00 ± 0.10") == rows["care"][3:]
    assert ("1.50 (1.35 to 1.65)", "", "") == rows["premium"][3:]


def test_what_does_not_pay_has_no_start(marginal):
    unpaid = named(test_timing.told([-5.0, -4.0, -6.0], paying=False), "timing", ["care"])
    found = overview([marginal, unpaid])

    assert "does not surely pay" == {row[0]: row for row in found.rows}["care"][4]


def test_one_answer_or_another_strategy_makes_no_table(marginal):
    other = named(test_timing.told([5.0, 4.9, 1.0]), "timing", ["care"], strategy="late")

    assert overview([marginal]) is None
    assert overview([marginal, other]) is None


def test_a_sentence_under_another_strategy_says_so(marginal):
    other = named(test_timing.told([5.0, 4.0, 1.0]), "timing", ["care"], strategy="late")

    assert other.headline.startswith("With strategy late: care is best started now")
    assert marginal.headline == marginal.finding
