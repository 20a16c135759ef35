"""`crcsim decide allocate`: a budget on the command line."""

import pytest

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


def test_bad_input_is_named(crcsim, scenario):
    asked = ("decide", "allocate", scenario)

    assert "no amount" in crcsim(*asked, "--budget", "much").err
    assert "no lever is called car" in crcsim(*asked, "--budget", "6", "--at-most", "car=2").err
    assert "LEVER=AMOUNT" in crcsim(*asked, "--budget", "6", "--at-most", "care").err
    assert "needs a --floor" in crcsim(*asked, "--budget", "6", "--maximise", "cvar").err
    assert 2 == crcsim(*asked, "--budget", "6", "--at-least", "care=7").code
