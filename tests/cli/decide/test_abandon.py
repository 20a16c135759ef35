"""`crcsim decide abandon`: an answer from a scenario, and bad input."""

import shutil

import pytest

from crcsim.results.decided import load_decision


@pytest.fixture
def scenario(saved_result, tmp_path):
    shutil.copy(saved_result.with_suffix(".yaml"), tmp_path / "acme.yaml")
    return "acme.yaml"


def test_an_answer(crcsim, scenario, tmp_path):
    outcome = crcsim("decide", "abandon", scenario, "--paths", 50)

    assert 0 == outcome.code, outcome.err
    assert "The option to end is not distinguishable from worthless" in outcome.out
    found = load_decision(tmp_path / "acme.abandon.nc")
    assert {"customer", "choice", "date"} <= set(found.dims)
    assert "<svg" in (tmp_path / "acme.abandon.html").read_text("utf-8")


@pytest.mark.jit
def test_as_json(crcsim, scenario):
    options = ("--paths", 100, "--customers", "Nordwerk", "--discounting", "deflator", "--json")
    facts = crcsim("decide", "abandon", scenario, *options).json

    assert "deflator" == facts["discounting"]
    assert facts["numbers"]["gain"]["Nordwerk"]["ending today"] < 0.0
    assert 0.0 == facts["numbers"]["gain"]["Nordwerk"]["going on"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--customers", "Nordwrk"], "did you mean Nordwerk?"),
        (["--strategy", "later"], "no strategy is called later"),
        (["--discounting", "none"], "'none' is not one of"),
        (["--paths", "1"], "1 is not in the range"),
    ],
)
def test_bad_input_is_named(crcsim, scenario, options, words):
    outcome = crcsim("decide", "abandon", scenario, *options)

    assert 2 == outcome.code
    assert words in outcome.err
