"""`crcsim decide marginal`, and with it what all verbs of `decide` share that simulate a scenario."""

import pytest

from crcsim.results.decided import load_decision
from tests.cli.decide.levers import SCENARIO

pytestmark = pytest.mark.jit


@pytest.fixture
def scenario(crcsim, tmp_path):
    (tmp_path / "firm.yaml").write_text(SCENARIO, encoding="utf-8")
    return "firm.yaml"


def test_answer_is_told_and_kept(crcsim, scenario, tmp_path):
    outcome = crcsim("decide", "marginal", scenario, "--paths", "300")

    assert 0 == outcome.code, outcome.err
    assert "The next EUR goes first to care" in outcome.out
    assert "customer before product" in outcome.out
    page = (tmp_path / "firm.marginal.html").read_text("utf-8")
    assert "<svg" in page
    assert "crcsim decide marginal" in page
    assert ["care", "premium"] == load_decision(tmp_path / "firm.marginal.nc")["lever"].values.tolist()
    assert "intact" in crcsim("verify", "firm.marginal.nc").out


def test_as_json_and_repeated(crcsim, scenario):
    asked = ("decide", "marginal", scenario, "--paths", "300", "--strategy", "act", "--levers", "care")
    facts = crcsim(*asked, "--json").json

    assert {"strategy": "act", "levers": ["care"]} == facts["options"]
    assert 0.5 == facts["numbers"]["spend_factor"]["care"]
    assert 0 == crcsim(*asked).code
    assert 0 == crcsim("decide", "marginal", scenario, "--paths", "300").code  # beside it: another strategy
    other = crcsim(*asked[:-2])
    assert 4 == other.code
    assert "not the same: options" in other.err


def test_bad_input_is_named(crcsim, scenario, repository):
    near = crcsim("decide", "marginal", scenario, "--levers", "car")

    assert 2 == near.code
    assert "did you mean care?" in near.err
    assert 2 == crcsim("decide", "marginal", scenario, "--strategy", "later").code
    assert 2 == crcsim("decide", "marginal", "firm.nc").code
    assert 2 == crcsim("decide", "marginal", str(repository / "scenarios" / "minimal.yaml")).code
