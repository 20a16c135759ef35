"""The strategies of a result: which, one of them, what each does; never one in silence."""

import json

import pytest

from crcsim.errors import CrcsimError
from crcsim.results import load, save, verify
from crcsim.results.strategies import alone, caveats, deeds, narrowed, of_strategy, strategy_names
from tests.results.example import make_result

SAID = [
    {
        "name": "act_now",
        "extends": None,
        "levers": ["embedded_team: start now"],
        "roles": {"Nordwerk": "mix"},
    },
    {"name": "gone", "levers": ["nothing"]},
]


@pytest.fixture
def result():
    return make_result().assign_attrs(strategies=json.dumps(SAID), caveats=json.dumps(["No cause.", "Few."]))


def test_the_baseline_is_first_and_what_is_shown_unless_another_is_named(result):
    assert ("baseline", "act_now") == strategy_names(result)
    assert ("baseline",) == strategy_names(of_strategy(result))
    assert ("act_now",) == strategy_names(of_strategy(result, "act_now"))


def test_a_narrowed_result_keeps_the_baseline(result):
    assert ("baseline", "act_now") == strategy_names(narrowed(result, None))
    assert ("baseline", "act_now") == strategy_names(narrowed(result, ["act_now"]))
    assert ("baseline",) == strategy_names(narrowed(result, []))


def test_one_of_several_is_never_picked_in_silence(result):
    with pytest.raises(CrcsimError, match=r"several strategies \(baseline, act_now\): say of which one"):
        alone(result)

    assert "strategy" not in alone(of_strategy(result)).dims


def test_an_unknown_strategy_is_named_with_those_that_are_there(result):
    for choose in (of_strategy, lambda dataset, name: narrowed(dataset, [name])):
        with pytest.raises(CrcsimError, match="No strategy later in the result; known: baseline, act_now"):
            choose(result, "later")


def test_what_a_strategy_does_is_told_in_words(result):
    assert {"act_now": ("embedded_team: start now", "roles Nordwerk: mix")} == deeds(result)
    assert {} == deeds(make_result())


def test_caveats_of_several_results_are_told_once(result):
    other = make_result().assign_attrs(caveats=json.dumps(["Few.", "Other."]))

    assert ("No cause.", "Few.", "Other.") == caveats(result, other)
    assert () == caveats(make_result())


def test_what_is_said_of_strategies_survives_the_file(result, tmp_path):
    path = save(result, tmp_path / "r.nc")
    again = load(path)

    assert verify(path).intact
    assert (deeds(result), caveats(result)) == (deeds(again), caveats(again))
    assert strategy_names(result) == strategy_names(again)
