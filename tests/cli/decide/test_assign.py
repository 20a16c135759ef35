"""`crcsim decide assign`: an answer from a scenario, and bad input."""

import pytest

from crcsim.results.decided import load_decision

CASE = """
executives: {limit: {growth_champion: 1}, cost: {growth_champion: 10 k EUR per year}}
"""


@pytest.fixture
def scenario(saved_result, tmp_path):
    text = saved_result.with_suffix(".yaml").read_text("utf-8")
    (tmp_path / "acme.yaml").write_text(text + CASE, encoding="utf-8")
    return "acme.yaml"


@pytest.mark.jit
def test_an_answer(crcsim, scenario, tmp_path):
    outcome = crcsim("decide", "assign", scenario, "--paths", 200)

    assert 0 == outcome.code, outcome.err
    assert "correlation" in outcome.out  # the caveat of the survey
    assert "growth champion" in outcome.out
    found = load_decision(tmp_path / "acme.assign.nc")
    assert {"customer", "role", "choice"} <= set(found.dims)
    assert "<svg" in (tmp_path / "acme.assign.html").read_text("utf-8")


@pytest.mark.jit
def test_as_json(crcsim, scenario):
    options = ("--paths", 100, "--limit", "growth_champion=0", "--json")
    facts = crcsim("decide", "assign", scenario, *options).json

    assert {"growth_champion": 0} == facts["options"]["limits"]
    assert "" == facts["numbers"]["role_assigned"]["Nordwerk"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--customers", "Nordwrk"], "did you mean Nordwerk?"),
        (["--roles", "dealmakr"], "did you mean dealmaker?"),
        (["--roles", "dealmaker"], "no role is limited"),
        (["--limit", "growth_champion"], "not a role and a whole number"),
        (["--strategy", "later"], "no strategy is called later"),
        (["--risk-aversion", "-1"], "-1"),
    ],
)
def test_bad_input_is_named(crcsim, scenario, options, words):
    outcome = crcsim("decide", "assign", scenario, *options)

    assert 2 == outcome.code
    assert words in outcome.err
