"""`crcsim decide information`, before a choice and without one."""

import pytest

from crcsim.results.decided import load_decision

LEVER = """
levers:
  care:
    target: {customer: Nordwerk}
    spend: {amount: 100 k EUR per year}
    response: {decay: 100%, half_effect_spend: 100 k EUR per year}
    effects: {price_premium: {normal: {mean: 3%, sd: 2%}}}
strategies:
  act: {levers: {care: {start: now}}}
"""


@pytest.fixture
def scenario(saved_result, tmp_path):
    text = saved_result.with_suffix(".yaml").read_text("utf-8")
    (tmp_path / "acme.yaml").write_text(text + LEVER, encoding="utf-8")
    return "acme.yaml"


@pytest.mark.jit
def test_before_a_choice(crcsim, scenario, tmp_path):
    outcome = crcsim(
        "decide", "information", scenario, "--paths", 1000, "--paired-paths", 200, "--examine", 1
    )

    assert 0 == outcome.code, outcome.err
    assert "levers.care.effects.price_premium" in outcome.out
    assert "What it is worth to know" in outcome.out
    found = load_decision(tmp_path / "acme.information.nc")
    assert {"baseline", "act"} == set(found["alternative"].values.tolist())
    assert 2 == (tmp_path / "acme.information.html").read_text("utf-8").count("<figure>")


@pytest.mark.jit
def test_without_a_choice(crcsim, scenario):
    arguments = ("--strategies", "act", "--paths", 200, "--paired-paths", 100, "--examine", 0, "--json")
    facts = crcsim("decide", "information", scenario, *arguments).json

    assert "value" in facts["finding"]
    assert 0.0 == facts["numbers"]["evpi"]


def test_an_unknown_strategy_is_named(crcsim, scenario):
    outcome = crcsim("decide", "information", scenario, "--strategies", "later", "--paths", 100)

    assert 2 == outcome.code
    assert "no strategy is called later; known: baseline, act" in outcome.err
