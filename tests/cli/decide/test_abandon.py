"""`crcsim decide abandon`: an answer from a scenario, and bad input."""

import shutil

import pytest

from crcsim.report.decide.beside import answers_beside, told
from crcsim.results import load
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


@pytest.mark.jit
def test_an_answer_about_product_lines_stands_beside_the_other(crcsim, result, scenario, tmp_path):
    outcome = crcsim("decide", "abandon", scenario, "--paths", 200, "--products", "all", "--json")
    crcsim("decide", "abandon", scenario, "--paths", 50)

    assert 0 == outcome.code, outcome.err
    assert "drop" in outcome.json["finding"]
    assert outcome.json["numbers"]["gain"]["coatings"]["ending today"] < 0.0
    found = load_decision(tmp_path / "acme.lines.abandon.nc")
    assert {"product", "choice", "date"} <= set(found.dims)
    beside = answers_beside(tmp_path / result, load(tmp_path / result))
    assert ["customer", "product"] == [answer.found["gain"].dims[0] for answer in beside]
    assert "(crcsim decide abandon --products all, 200 paths.)" in told(beside)[1]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--products", "coating"], "did you mean coatings?"),
        (["--products", "coatings", "--customers", "Nordwrk"], "did you mean Nordwerk?"),
        (["--every", "period"], "give --products too"),
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
