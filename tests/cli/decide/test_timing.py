"""`crcsim decide timing`: starts on the command line."""

import pytest

from crcsim.results.decided import load_decision
from tests.cli.decide.levers import SCENARIO

pytestmark = pytest.mark.jit


@pytest.fixture
def scenario(crcsim, tmp_path):
    (tmp_path / "firm.yaml").write_text(SCENARIO, encoding="utf-8")
    return "firm.yaml"


def test_answer_is_told_and_kept(crcsim, scenario, tmp_path):
    outcome = crcsim("decide", "timing", scenario, "--paths", "300", "--latest", "2")

    assert 0 == outcome.code, outcome.err
    assert "care is best started now" in outcome.out
    assert "Cost of delay" in outcome.out
    assert "<svg" in (tmp_path / "firm.timing.html").read_text("utf-8")
    found = load_decision(tmp_path / "firm.timing.nc")
    assert ["now", "after 1 year", "after 2 years"] == found["start"].values.tolist()


def test_starts_end_before_the_horizon(crcsim, scenario):
    asked = ("decide", "timing", scenario, "--paths", "300", "--latest", "9", "--levers", "care", "--json")
    facts = crcsim(*asked).json

    told = {"levers": ["care"], "latest": 9, "strategy": "baseline", "discounting": "wacc"}
    assert told == facts["options"]
    assert 5 == len(facts["numbers"]["value"]["care"])
    assert 2 == crcsim("decide", "timing", scenario, "--latest", "0").code


def test_another_discounting_is_another_answer(crcsim, scenario):
    asked = ("decide", "timing", scenario, "--paths", "300", "--latest", "1", "--levers", "care")
    headline = crcsim(*asked, "--json").json
    priced = crcsim(*asked, "--discounting", "deflator", "--force", "--json").json

    assert "deflator" == priced["discounting"]
    assert priced["numbers"]["value"]["care"]["now"] > headline["numbers"]["value"]["care"]["now"]
    assert 4 == crcsim(*asked).code
