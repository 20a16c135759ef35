"""`crcsim decide stress` of a scenario and of a result."""

import shutil

import pytest

from crcsim.results.decided import load_decision


@pytest.fixture
def scenario(saved_result, tmp_path):
    shutil.copy(saved_result.with_suffix(".yaml"), tmp_path / "acme.yaml")
    return "acme.yaml"


@pytest.mark.jit
def test_of_a_scenario(crcsim, scenario, tmp_path):
    outcome = crcsim("decide", "stress", scenario, "--paths", 400, "--worst", "10%", "--market-fall", "20%")

    assert 0 == outcome.code, outcome.err
    assert "the market falls by 20% at the valuation date" in outcome.out
    assert "The worst of the shocks is “takeover”" in outcome.out
    found = load_decision(tmp_path / "acme.stress.nc")
    assert {"shock", "driver", "item"} <= set(found.dims)
    page = (tmp_path / "acme.stress.html").read_text("utf-8")
    assert 2 == page.count("<figure>")


def test_of_a_result_only_the_worst_paths(crcsim, result):
    facts = crcsim("decide", "stress", result, "--worst", "10%", "--json").json

    assert "value_change" not in facts["numbers"]
    assert "Nordwerk gone" in facts["numbers"]["difference"]
    assert "Worst 10%, Nordwerk gone: on" in facts["statements"][0]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--customer", "Nordwrk", "--shocks", "takeover"], "did you mean Nordwerk?"),
        (["--shocks", "flood"], "no shock is called flood; known: market crash"),
        (["--worst", "0.1%"], "with at least 10 of them"),
        (["--strategy", "later"], "no strategy is called later"),
    ],
)
def test_bad_input_is_named(crcsim, scenario, options, words):
    outcome = crcsim("decide", "stress", scenario, "--paths", 100, *options)

    assert 2 == outcome.code
    assert words in outcome.err


@pytest.mark.jit
def test_another_question_is_refused_before_the_work(crcsim, scenario):
    assert 0 == crcsim("decide", "stress", scenario, "--paths", 100, "--worst", "10%").code
    outcome = crcsim("decide", "stress", scenario, "--paths", 100, "--worst", "20%")

    assert 4 == outcome.code
    assert "not the same: options" in outcome.err


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (["--market-fall", "90%", "--customer", "Nobody"], "--market-fall, --customer"),
        (["--market-fall", "40%"], "--market-fall"),  # also where it is the default
        (["--paths", 100, "--seed", 2], "--paths, --seed"),
    ],
)
def test_options_of_shocks_are_refused_for_a_result(crcsim, result, given, named):
    outcome = crcsim("decide", "stress", result, "--worst", "10%", *given)

    assert 2 == outcome.code
    assert f"{named}: only for a simulation with shocks" in " ".join(outcome.err.split())
