"""Verbs that read a result say what to do when they are given a scenario."""

import pytest

VERBS = {
    "select": ("decide", "select"),
    "contributions": ("decide", "contributions"),
    "report": ("report",),
    "verify": ("verify",),
    "export": ("export", "-o", "tables"),
    "statement": ("statement",),
    "tree": ("tree",),
    "compare": ("compare",),
}


@pytest.mark.parametrize("verb", VERBS)
def test_a_scenario_is_no_result(crcsim, scenario, verb):
    outcome = crcsim(*VERBS[verb], "acme.yaml")

    assert 2 == outcome.code
    said = "acme.yaml is a scenario; this verb reads a result: run `crcsim run acme.yaml` first."
    assert said in " ".join(outcome.err.split())


def test_also_for_machines(crcsim, scenario):
    told = crcsim("report", "acme.yaml", "--json").json

    assert 2 == told["exit_code"]
    assert told["error"].startswith("acme.yaml is a scenario")


def test_a_file_that_is_missing_is_called_missing(crcsim):
    outcome = crcsim("report", "nothing.yaml")

    assert 4 == outcome.code
    assert "does not exist" in outcome.err
