"""`crcsim decide allocate`: a budget on the command line."""

import pytest

from crcsim.cli.decide.amounts import Amount
from tests.cli.decide.levers import SCENARIO

pytestmark = pytest.mark.jit
FAST = ("--paths", "300", "--search-paths", "200")


@pytest.fixture
def scenario(crcsim, tmp_path):
    (tmp_path / "firm.yaml").write_text(SCENARIO, encoding="utf-8")
    return "firm.yaml"


def test_answer_is_told_and_kept(crcsim, scenario, tmp_path):
    outcome = crcsim("decide", "allocate", scenario, "--budget", "6", *FAST)

    assert 0 == outcome.code, outcome.err
    assert "EUR to care" in outcome.out
    assert "the next EUR of budget would add" in outcome.out
    assert "Efficient frontier" in (tmp_path / "firm.allocate.html").read_text("utf-8")
    assert "intact" in crcsim("verify", "firm.allocate.nc").out


def test_as_json_with_limits(crcsim, scenario):
    limits = ("--at-most", "care=2", "--together", "care,premium=3", "--maximise", "cvar", "--floor", "1")
    facts = crcsim("decide", "allocate", scenario, "--budget", "0.006 k EUR", *limits, *FAST, "--json").json

    assert 6.0 == facts["options"]["budget"]["amount"]
    assert ["cvar", 0.0, 1.0] == facts["options"]["objective"]
    assert 2.0 == pytest.approx(facts["numbers"]["spend"]["care"], abs=1e-6)
    assert 1.0 == pytest.approx(facts["numbers"]["spend"]["premium"], abs=1e-6)


@pytest.mark.parametrize("option", ["--budget", "--floor", "--at-most", "--at-least", "--together"])
@pytest.mark.parametrize(
    ("amount", "told"),
    [
        ("1,5 M EUR", "'1,5 M EUR' is no amount, such as '2 M EUR', '1.5 M', '800 k' or 1,500,000 (a comma"),
        ("1,50", "groups of three digits only"),
        ("much", "'much' is no amount"),
        ("1.5 M USD", "wrong currency: 1.5 M USD; allowed: EUR"),
    ],
)
def test_amounts_are_read_as_they_are_written_or_refused(crcsim, scenario, option, amount, told):
    budget = () if option == "--budget" else ("--budget", "6")
    lever = "" if option in ("--budget", "--floor") else "care="
    floor = ("--maximise", "cvar", *(() if option == "--floor" else ("--floor", "1")))
    outcome = crcsim("decide", "allocate", scenario, *budget, *floor, option, f"{lever}{amount}")

    assert 2 == outcome.code
    assert told in " ".join(outcome.err.split())
    assert option in outcome.err


def test_commas_between_groups_of_three_digits():
    read = Amount().convert

    assert 1_500_000.0 == read("1,500,000 EUR", None, None).of("EUR", "--budget")
    assert 1_500_500.0 == read("1,500.5 k", None, None).of("EUR", "--budget")
    assert -2e9 == read("-2 bn USD", None, None).of("USD", "--floor")


def test_a_strategy_and_what_is_maximised_are_named(crcsim, scenario):
    risk = ("--maximise", "mean-cvar", "--risk-weight", "0.5", "--at-most", "care=2")
    told = crcsim("decide", "allocate", scenario, "--budget", "6", "--strategy", "act", *risk, *FAST)

    assert 0 == told.code, told.err
    words = " ".join(told.out.split())
    assert "With strategy act: To maximise the mean NPV less 0.5 times CVaR, of 6 EUR go" in words
    assert "; care is at its upper bound;" in words
    for title in (
        "Spend over the horizon (EUR)",
        "Plans on fresh draws",
        "Efficient frontier on fresh draws",
    ):
        assert f"{title}: beside strategy act" in told.out


def test_bad_input_is_named(crcsim, scenario):
    asked = ("decide", "allocate", scenario)

    assert "no lever is called car" in crcsim(*asked, "--budget", "6", "--at-most", "car=2").err
    assert "LEVER=AMOUNT" in crcsim(*asked, "--budget", "6", "--at-most", "care").err
    twice = ("--at-most", "care=2", "--at-most", "care=3")
    assert "care is stated twice" in crcsim(*asked, "--budget", "6", *twice).err
    assert "needs a --floor" in crcsim(*asked, "--budget", "6", "--maximise", "cvar").err
    assert 2 == crcsim(*asked, "--budget", "6", "--at-least", "care=7").code


def test_a_programme_that_the_budget_does_not_buy_is_refused_before_any_run(crcsim, scenario):
    whole = ("--budget", "3", "--whole", "care", "--at-least", "care=1")
    outcome = crcsim("decide", "allocate", scenario, *whole)

    assert 2 == outcome.code
    assert (
        "care is bought as whole programmes of 4 EUR: none is at least 1 EUR and at most 3 EUR" in outcome.err
    )


def test_a_floor_out_of_reach_is_told_with_the_highest_mean(crcsim, scenario):
    floor = ("--maximise", "cvar", "--floor", "2 k EUR")
    outcome = crcsim("decide", "allocate", scenario, "--budget", "6", *floor, *FAST)

    assert outcome.code
    assert "has a mean NPV of 2 k EUR: the highest found on the paths of the search is 400." in outcome.err
    assert "HiGHS" not in outcome.err
